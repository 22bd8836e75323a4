"""`rulec review`: a part of what was executed without a person, for people to say whether it was right."""

from collections.abc import Mapping

from rulec.cli.command import Texts
from rulec.cli.tongue import Tongue
from rulec.cli.verbs import Verbs

HELP: Texts = {
    "fr": """
Relire une part des décisions exécutées sans demander à personne.

  rulec review list --share 5%              celles de cette part que personne n'a relues
  rulec review right 8f14e45f --by Léa
  rulec review wrong 8f14e45f --by Léa --reason "client en litige"

L'empreinte de chaque décision dit seule si elle est dans la part : personne ne choisit, et
tous trouvent les mêmes. rulec report compte les avis. Il faut pip install 'rulec[log]'.
""",
    "en": """
Review a part of the decisions that were executed without asking anybody.

  rulec review list --share 5%              those of this part that nobody has reviewed
  rulec review right 8f14e45f --by Lea
  rulec review wrong 8f14e45f --by Lea --reason "disputed account"

The hash of each decision alone tells whether it is in the part: nobody chooses, and all find
the same. rulec report counts the reviews. It needs pip install 'rulec[log]'.
""",
}
VERBS: Mapping[str, Texts] = {
    "list": {"fr": "Montrer les décisions à relire.", "en": "Show the decisions to be reviewed."},
    "right": {"fr": "Dire que l'une était juste.", "en": "Say that one was right."},
    "wrong": {"fr": "Dire que l'une était fausse, et pourquoi.", "en": "Say that one was wrong, and why."},
}


def command(tongue: Tongue) -> Verbs:
    """The command, in the language of the command line."""
    return Verbs("review", tongue, HELP, VERBS)
