"""`rulec review wrong`: a decision that was executed without a person was wrong."""

from functools import partial

from rulec.cli.approving import answering
from rulec.cli.command import Command, Texts
from rulec.cli.reviewing import reviewed
from rulec.cli.tongue import Tongue

HELP: Texts = {
    "fr": """
Dit qu'une décision exécutée sans personne était fausse ; il faut dire pourquoi.

  rulec review wrong 8f14e45f --by Léa --reason "client en litige"
""",
    "en": """
Says that a decision that was executed without a person was wrong; it must be said why.

  rulec review wrong 8f14e45f --by Lea --reason "disputed account"
""",
}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    return answering("wrong", HELP, tongue, partial(reviewed, tongue, "wrong"))
