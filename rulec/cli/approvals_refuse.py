"""`rulec approvals refuse`: nothing of what the rules propose is to be done."""

from functools import partial

from rulec.cli.approving import answered, answering
from rulec.cli.command import Command, Texts
from rulec.cli.tongue import Tongue

HELP: Texts = {
    "fr": """
Refuse une décision qui attend : rien de ce que les règles proposent n'est à faire.

  rulec approvals refuse 8f14e45f --by Léa --reason "plafond atteint"
""",
    "en": """
Refuses a decision that waits: nothing of what the rules propose is to be done.

  rulec approvals refuse 8f14e45f --by Lea --reason "limit reached"
""",
}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    return answering("refuse", HELP, tongue, partial(refuse, tongue))


def refuse(tongue: Tongue, id: str, log: str | None, by: str, reason: str, form: str) -> int:
    """Refuse; the exit status."""
    return answered(tongue.own, "refuse", id, log, by, reason, form)
