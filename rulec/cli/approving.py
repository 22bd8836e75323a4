"""What is given to answer a proposal in, the answer written and told; shared by the verbs that answer."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from rulec.cli.command import Command, Texts, format_option, option
from rulec.cli.logged import log_option, opened
from rulec.cli.output import say
from rulec.cli.refusals import FINE
from rulec.cli.tongue import Tongue
from rulec.source import Language

if TYPE_CHECKING:  # slow to import
    from rulec.log.entry import Entry, Json

Given = Callable[["Entry"], "Json"]
_BY: Texts = {"fr": "Qui répond.", "en": "Who answers."}
_REASON: Texts = {"fr": "Pourquoi.", "en": "Why."}
TOLD: Texts = {"fr": "{id} : {verdict} par {by}.", "en": "{id}: {verdict} by {by}."}


def answering(verb: str, help: Texts, tongue: Tongue, run: Callable[..., int], *more: click.Parameter) -> Command:
    """A verb that answers: which proposal, who, why."""
    own = tongue.own
    params: list[click.Parameter] = [
        click.Argument(["id"], required=True, metavar="ID"),
        log_option(own),
        option("--by", _BY[own], required=True, metavar="NAME"),
        option("--reason", _REASON[own], default="", metavar="TEXT"),
        *more,
        format_option(own),
    ]
    return Command(verb, own, help[own], run, params)


def answered(
    language: Language, verdict: str, id: str, log: str | None, by: str, reason: str, form: str,
    given: Given | None = None,
) -> int:  # fmt: skip
    """Write the answer, and say so; the exit status."""
    with opened(log, language) as held:
        from rulec.log.approvals import answer, proposal
        from rulec.log.telling import SHORT, verdict_said

        asked = proposal(held, id).decision
        written = answer(held, asked.id, verdict, by, reason, given(asked) if given else None)
    if form == "json":
        say(json.dumps(written.to_json(), ensure_ascii=False))
    else:
        verdict = verdict_said(verdict, language)
        say(TOLD[language].format(id=asked.id[:SHORT], verdict=verdict, by=written.by))
    return FINE
