"""`rulec approvals approve`: what the rules propose is to be done."""

from functools import partial

from rulec.cli.approving import answered, answering
from rulec.cli.command import Command, Texts
from rulec.cli.tongue import Tongue

HELP: Texts = {
    "fr": """
Approuve une décision qui attend : ce que les règles proposent est à faire.

  rulec approvals approve 8f14e45f --by Léa
""",
    "en": """
Approves a decision that waits: what the rules propose is to be done.

  rulec approvals approve 8f14e45f --by Lea
""",
}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    return answering("approve", HELP, tongue, partial(approve, tongue))


def approve(tongue: Tongue, id: str, log: str | None, by: str, reason: str, form: str) -> int:
    """Approve; the exit status."""
    return answered(tongue.own, "approve", id, log, by, reason, form)
