"""`rulec review right`: a decision that was executed without a person was right."""

from functools import partial

from rulec.cli.approving import answering
from rulec.cli.command import Command, Texts
from rulec.cli.reviewing import reviewed
from rulec.cli.tongue import Tongue

HELP: Texts = {
    "fr": """
Dit qu'une décision exécutée sans personne était juste.

  rulec review right 8f14e45f --by Léa
""",
    "en": """
Says that a decision that was executed without a person was right.

  rulec review right 8f14e45f --by Lea
""",
}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    return answering("right", HELP, tongue, partial(reviewed, tongue, "right"))
