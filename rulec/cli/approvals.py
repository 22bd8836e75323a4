"""`rulec approvals`: decisions that wait for a person: shown, approved, changed, refused."""

from collections.abc import Mapping

from rulec.cli.command import Texts
from rulec.cli.tongue import Tongue
from rulec.cli.verbs import Verbs

HELP: Texts = {
    "fr": """
Les décisions que les règles ne laissent que proposer, et qui attendent une personne.

  rulec approvals list                      celles qui attendent
  rulec approvals show 8f14e45f             l'une d'elles, en entier
  rulec approvals approve 8f14e45f --by Léa
  rulec approvals edit 8f14e45f --by Léa --rules remises.regles
      --set "remise=5 %" --reason "client en litige"
  rulec approvals refuse 8f14e45f --by Léa --reason "plafond atteint"

Chacune a une seule réponse, écrite dans le journal avec la personne, l'heure et le motif. Si
les règles demandent l'accord de quelqu'un, c'est lui qui répond (--by gérant), ou ceux que
rulec.toml déclare sous [approvers].
Il faut pip install 'rulec[log]'.
""",
    "en": """
The decisions that the rules only let an agent propose, and that wait for a person.

  rulec approvals list                      those that wait
  rulec approvals show 8f14e45f             one of them, in full
  rulec approvals approve 8f14e45f --by Lea
  rulec approvals edit 8f14e45f --by Lea --rules discounts.rules
      --set "discount=5 %" --reason "disputed account"
  rulec approvals refuse 8f14e45f --by Lea --reason "limit reached"

Each has one answer, written to the log with the person, the time and the reason. Where the
rules ask for somebody's approval, that person answers (--by manager), or those whom rulec.toml
declares under [approvers].
It needs pip install 'rulec[log]'.
""",
}
VERBS: Mapping[str, Texts] = {
    "list": {"fr": "Montrer les décisions qui attendent.", "en": "Show the decisions that wait."},
    "show": {"fr": "En montrer une, en entier.", "en": "Show one of them, in full."},
    "approve": {"fr": "L'approuver.", "en": "Approve it."},
    "edit": {"fr": "L'approuver, autrement que les règles.", "en": "Approve it, otherwise than the rules."},
    "refuse": {"fr": "La refuser.", "en": "Refuse it."},
}


def command(tongue: Tongue) -> Verbs:
    """The command, in the language of the command line."""
    return Verbs("approvals", tongue, HELP, VERBS)
