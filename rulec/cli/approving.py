"""What is given to answer a proposal in, the answer written and told; shared by the verbs that answer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulec.cli.command import Command, Texts, format_option, option
from rulec.cli.logged import log_option, opened
from rulec.cli.output import say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.tongue import Tongue
from rulec.settings import SettingsError
from rulec.source import Language

if TYPE_CHECKING:  # slow to import
    from rulec.log.approvers import Approvers
    from rulec.log.entry import Entry, Json

Given = Callable[["Entry"], "Json"]
_BY: Texts = {"fr": "Qui répond.", "en": "Who answers."}
_REASON: Texts = {"fr": "Pourquoi.", "en": "Why."}
TOLD: Texts = {"fr": "{id} : {verdict} par {by}.", "en": "{id}: {verdict} by {by}."}
_LEFT: Texts = {"fr": " Reste l'accord de : {who}.", "en": " Still to approve: {who}."}


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
        from rulec.log.approvers import said
        from rulec.log.telling import SHORT, verdict_said

        asked = proposal(held, id).decision
        changed = given(asked) if given else None
        written = answer(held, asked.id, verdict, by, reason, changed, approvers=declared_approvers())
        left = said(proposal(held, asked.id).awaited)
    if form == "json":
        say(json.dumps(written.to_json(), ensure_ascii=False))
    else:
        verdict = verdict_said(str(written.content["verdict"]), language)
        told = TOLD[language].format(id=asked.id[:SHORT], verdict=verdict, by=written.by)
        say(told + (_LEFT[language].format(who=left) if left else ""))
    return FINE


def declared_approvers() -> "Approvers":
    """Who speaks for whom, by the `rulec.toml` of the current folder. Refuses settings that cannot be used."""
    from rulec.log.approvers import approvers_in

    try:
        return approvers_in(Path.cwd())
    except SettingsError as error:
        raise Refusal("E938", ERRORS, detail=str(error)) from None
