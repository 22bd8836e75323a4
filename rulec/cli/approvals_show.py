"""`rulec approvals show`: a decision that waits, or waited, for a person, in full."""

import json
from functools import partial

import click

from rulec.cli.command import Command, Texts, format_option
from rulec.cli.logged import log_option, opened
from rulec.cli.output import say
from rulec.cli.refusals import FINE
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import harmless

HELP: Texts = {
    "fr": """
Montre une décision qui attend, ou attendait, une personne : les faits, ce que les règles
proposent, la réponse s'il y en a une.

  rulec approvals show 8f14e45f
""",
    "en": """
Shows a decision that waits, or waited, for a person: the facts, what the rules propose, the
answer where there is one.

  rulec approvals show 8f14e45f
""",
}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        click.Argument(["id"], required=True, metavar="ID"), log_option(own), format_option(own),
    ]  # fmt: skip
    return Command("show", own, HELP[own], partial(show, tongue), params)


def show(tongue: Tongue, id: str, log: str | None, form: str) -> int:
    """Print a proposal; the exit status."""
    with opened(log, tongue.own) as held:
        from rulec.log.approvals import proposal
        from rulec.log.telling import lines_of

        found = proposal(held, id)
    if form == "json":
        say(json.dumps(found.to_json(), ensure_ascii=False))
        return FINE
    entries = [found.decision, *found.agreements, *([found.answer] if found.answer else [])]
    say("\n".join(harmless(line) for each in entries for line in lines_of(each, tongue.own)))
    return FINE
