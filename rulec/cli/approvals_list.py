"""`rulec approvals list`: the decisions that wait for a person, the oldest first."""

import json
from functools import partial

import click

from rulec.cli.command import Command, Texts, format_option, option
from rulec.cli.logged import log_option, opened, span_of, span_options
from rulec.cli.output import say
from rulec.cli.refusals import FINE
from rulec.cli.table import aligned
from rulec.cli.tongue import Tongue

HELP: Texts = {
    "fr": """
Montre les décisions qui attendent une personne, la plus ancienne d'abord.

  rulec approvals list
  rulec approvals list --all --since 2026-03-01        avec celles qui ont une réponse
""",
    "en": """
Shows the decisions that wait for a person, the oldest first.

  rulec approvals list
  rulec approvals list --all --since 2026-03-01        with those that have an answer
""",
}
_ALL: Texts = {"fr": "Aussi celles qui ont une réponse.", "en": "Those that have an answer too."}
_NONE: Texts = {"fr": "Rien n'attend.", "en": "Nothing waits."}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        option("--all", _ALL[own], is_flag=True),
        log_option(own),
        *span_options(own),
        format_option(own),
    ]
    return Command("list", own, HELP[own], partial(list_, tongue), params)


def list_(tongue: Tongue, all: bool, log: str | None, since: str | None, until: str | None, form: str) -> int:
    """Print the proposals; the exit status."""
    span = span_of(since, until)
    with opened(log, tongue.own) as held:
        from rulec.log.approvals import expire, proposals
        from rulec.log.telling import proposal_row

        expire(held)
        found = list(proposals(held, all, *span))
    if form == "json":
        for each in found:
            say(json.dumps(each.to_json(), ensure_ascii=False))
    else:
        say("\n".join(aligned([proposal_row(each, tongue.own) for each in found])) if found else _NONE[tongue.own])
    return FINE
