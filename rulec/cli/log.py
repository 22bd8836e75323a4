"""`rulec log`: what was decided, by which rules, on which facts: shown, verified, decided again, exported, erased."""

from collections.abc import Mapping

from rulec.cli.command import Texts
from rulec.cli.tongue import Tongue
from rulec.cli.verbs import Verbs

HELP: Texts = {
    "fr": """
Le journal des décisions.

  rulec log show                            les dernières décisions
  rulec log show 8f14e45f…                  une décision, en entier
  rulec log verify                          rien n'a été modifié, enlevé, déplacé ?
  rulec log replay remises.regles           ces règles décideraient-elles autrement ?
  rulec log shadow nouvelles.regles         ce que changeraient des règles essayées à blanc
  rulec log export -o decisions.jsonl       tout, pour d'autres outils
  rulec log erase --fact client.nom --where client.numero=12 --by Léa

Chaque entrée est liée à la précédente par une empreinte : ce qui est modifié ensuite se voit.
Il faut pip install 'rulec[log]'.
""",
    "en": """
The log of decisions.

  rulec log show                            the latest decisions
  rulec log show 8f14e45f…                  one decision, in full
  rulec log verify                          was nothing changed, removed, moved?
  rulec log replay discounts.rules          would these rules decide otherwise?
  rulec log shadow new.rules                what rules tried in shadow would change
  rulec log export -o decisions.jsonl       all of it, for other tools
  rulec log erase --fact customer.name --where customer.number=12 --by Lea

Each entry is tied to the one before by a hash: what is changed afterwards shows.
It needs pip install 'rulec[log]'.
""",
}
VERBS: Mapping[str, Texts] = {
    "show": {"fr": "Montrer les entrées, ou une seule en entier.", "en": "Show entries, or one of them in full."},
    "verify": {"fr": "Vérifier que rien n'a été modifié.", "en": "Verify that nothing was changed."},
    "replay": {"fr": "Décider à nouveau, et dire ce qui diffère.", "en": "Decide again, and say what differs."},
    "shadow": {
        "fr": "Dire ce que de nouvelles règles, essayées à blanc, changeraient.",
        "en": "Tell what new rules, tried in shadow, would change.",
    },
    "export": {"fr": "Écrire les entrées : JSON Lines, Parquet.", "en": "Write entries out: JSON Lines, Parquet."},
    "erase": {"fr": "Effacer des faits personnels.", "en": "Erase personal facts."},
}


def command(tongue: Tongue) -> Verbs:
    """The command, in the language of the command line."""
    return Verbs("log", tongue, HELP, VERBS)
