"""`rulec events replay`: a whole history in, what fires in it out; nothing is kept."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from rulec.cli.command import Command, Texts, format_option, paths_argument
from rulec.cli.event_options import in_option, moment_of, until_option, waiting_rules
from rulec.cli.event_told import TellingIn
from rulec.cli.events_run import ASIDE, harmful
from rulec.cli.given import BOM, opened
from rulec.cli.output import complain, say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.rules import STDIN
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import harmless
from rulec.events.kernel import Message
from rulec.events.records import Record, RecordError, RecordReader
from rulec.events.replay import replay as replayed

HELP: Texts = {
    "fr": """
Rejoue toute une histoire dans l'ordre du temps, et dit ce que les règles auraient déclenché.
C'est la définition de ce que fait « rulec events run » ; rien n'est gardé, rien n'est trop tard.

  rulec events replay regles/ --in evenements.jsonl --until 2026-03-31
""",
    "en": """
Replays a whole history in the order of time, and tells what the rules would have fired.
It is the definition of what "rulec events run" does; nothing is kept, nothing is too late.

  rulec events replay rules/ --in events.jsonl --until 2026-03-31
""",
}
_NONE: Texts = {"fr": "Rien ne se déclenche.", "en": "Nothing fires."}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [paths_argument(own), in_option(own), until_option(own), format_option(own)]
    return Command("replay", own, HELP[own], partial(replay, tongue), params)


def replay(tongue: Tongue, paths: Sequence[Path], given: Path, until: str | None, form: str) -> int:
    """Print what fires; the exit status."""
    if given == STDIN and STDIN in paths:
        raise Refusal("E914", detail="--in -")
    rules, plan, language = waiting_rules(paths, tongue)
    end, tell, status = moment_of(until, plan, language), TellingIn(plan, rules.sources, language), FINE
    reader, known = RecordReader(plan), dict[str, Record]()
    with opened(given) as stream:
        for number, line in enumerate(stream, 1):
            text = (line.removeprefix(BOM) if number == 1 else line).decode("utf-8", "backslashreplace").strip()
            if not text:
                continue
            try:
                record = reader.parsed(text)
                if known.setdefault(record.id, record) != record:
                    raise RecordError("E710", record.id, name=record.id)
            except RecordError as error:
                said = {"code": error.code, "message": error.message(language), "record": text[:200]}
                complain(harmless(ASIDE[language].format(**said)))
                status = ERRORS
    firings = replayed(plan, known.values(), end)
    for each in firings:
        body = tell(Message("fired", each.id, each.rule, each.entity, each.key, each.trigger, each.at, "", each))
        say(json.dumps(body, ensure_ascii=False) if form == "json" else f"{harmful(body['text'])}\n")
    if not firings and form == "text":
        say(_NONE[language])
    return status
