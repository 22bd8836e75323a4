"""`rulec log replay`: the decisions of the log made again by the rules given, and which differ."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from rulec.cli.command import Command, Texts, format_option, option, paths_argument
from rulec.cli.decided import plain_spaces
from rulec.cli.logged import log_option, opened, span_of, span_options
from rulec.cli.output import say
from rulec.cli.refusals import ERRORS, FINE
from rulec.cli.rules import compiled, language_of, plan_of
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import harmless

HELP: Texts = {
    "fr": """
Décide à nouveau, avec ces règles, ce qui est dans le journal : mêmes faits, même date, mêmes
réponses aux appréciations. Dit quelles décisions diffèrent, et comment.

  rulec log replay remises.regles
  rulec log replay nouvelles.regles --since 2026-03-01

Code de sortie : 0 aucune ne diffère, 1 certaines diffèrent, ou ne peuvent pas être redécidées.
""",
    "en": """
Decides again, by these rules, what is in the log: the same facts, the same date, the same
answers to judgements. Tells which decisions differ, and how.

  rulec log replay discounts.rules
  rulec log replay new.rules --since 2026-03-01

Exit status: 0 none differs, 1 some differ, or cannot be decided again.
""",
}
_NAME: Texts = {
    "fr": "Seulement les décisions des règles servies sous ce nom.",
    "en": "Only the decisions of the rules served under this name.",
}
_TOLD: Texts = {
    "fr": "Décisions identiques : {same} ; différentes : {differ} ; faits effacés : {erased} ; faits "
    "refusés : {refused} (prises par d'autres règles : {others}).",
    "en": "Decisions that are the same: {same}; different: {differ}; facts erased: {erased}; facts refused: {refused} "
    "(made by other rules: {others}).",
}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        paths_argument(own),
        log_option(own),
        *span_options(own),
        option("--name", _NAME[own], metavar="NAME"),
        format_option(own),
    ]
    return Command("replay", own, HELP[own], partial(replay, tongue), params)


def replay(
    tongue: Tongue, paths: Sequence[Path], log: str | None, since: str | None, until: str | None, name: str | None,
    form: str,
) -> int:  # fmt: skip
    """Print what differs; the exit status."""
    span, ready = span_of(since, until), compiled(paths, tongue)
    plan, language = plan_of(ready, tongue), language_of(ready, tongue)
    with opened(log, tongue.own) as held:
        from rulec.log.replay import replayed
        from rulec.log.telling import SHORT, difference_said
        from rulec.ruleset import from_compiled

        counts = {"same": 0, "differ": 0, "erased": 0, "refused": 0, "others": 0}
        for each in replayed(from_compiled(ready), held.entries("decision", *span), name):
            counts[each.became] += 1
            counts["others"] += each.entry.rules != plan.digest
            if each.became == "same":
                continue
            if form == "json":
                say(json.dumps(each.to_json(language), ensure_ascii=False))
                continue
            told = [difference_said(difference, plan, language) for difference in each.differences]
            for line in (*told, *each.problems(language)):
                say(plain_spaces(harmless(f"{each.entry.number}  {each.entry.id[:SHORT]}  {line}")))
    say(json.dumps(counts) if form == "json" else _TOLD[language].format(**counts))
    return FINE if counts["differ"] == counts["refused"] == 0 else ERRORS
