"""The shell of a stand-alone module: facts as JSON in, the decision as JSON out."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rulec.runtime.decision import Decision
from rulec.runtime.facts import FactsReader
from rulec.runtime.facts_json import parse_facts
from rulec.runtime.outline import Outline

_NO_DATE = {
    "fr": "« {} » n'est pas une date. Écrivez par exemple 2026-03-01, ou 2026-03-01T09:30+01:00.",
    "en": '"{}" is not a date. Write for example 2026-03-01, or 2026-03-01T09:30+01:00.',
}
_UNREADABLE = {
    "fr": "Le fichier de faits ne se lit pas : {}.",
    "en": "The file of facts cannot be read: {}.",
}
_HELP = {
    "fr": (
        "Décide d'après des faits en JSON.",
        "fichier JSON des faits, - pour l'entrée standard",
        "date de la décision",
    ),
    "en": ("Decides from facts in JSON.", "JSON file of the facts, - for the standard input", "date of the decision"),
}


def decide_raw(
    outline: Outline, decide: Callable[[Mapping[str, object], date], Decision], facts: object, at: object
) -> dict[str, object]:
    """The decision as JSON data, for facts as given. FactsError, ValueError: they, or the date, cannot be read."""
    moment = _moment(outline, at)
    return decide(_reader(outline).read(facts), moment).to_json()


def _reader(outline: Outline) -> FactsReader:
    return FactsReader(tuple(outline.facts.values()), outline.language, tuple(outline.definitions.values()))


def run(decide: Callable[[object, object], dict[str, object]], language: str) -> int:
    """The command line: the exit code is 1 where the facts or the date cannot be read."""
    description, facts_help, at_help = _HELP[language]
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("facts", nargs="?", default="-", help=facts_help)
    parser.add_argument("--at", help=at_help)
    options = parser.parse_args()
    try:
        raw = sys.stdin.buffer.read() if options.facts == "-" else Path(options.facts).read_bytes()
        decision = decide(parse_facts(raw.decode("utf-8-sig"), language), options.at)
    except (OSError, UnicodeDecodeError) as error:
        print(_UNREADABLE[language].format(error), file=sys.stderr)
        return 1
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # the standard output is a text file
    print(json.dumps(decision, ensure_ascii=False, indent=2))
    return 0


def _moment(outline: Outline, at: object) -> date:
    """A date or an aware datetime, from either or its ISO text; None is today in the zone of the rules."""
    if at is None:
        return datetime.now(ZoneInfo(outline.zone)).date()
    moment = at
    if isinstance(at, str):
        try:
            moment = date.fromisoformat(at) if len(at) <= len("2026-03-01") else datetime.fromisoformat(at)
        except ValueError:
            moment = None
    if not isinstance(moment, date) or (isinstance(moment, datetime) and moment.utcoffset() is None):
        raise ValueError(_NO_DATE[outline.language].format(at))
    return moment
