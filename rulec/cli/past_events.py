"""A file given to `rulec diff --on` in, its events out, where it holds any; and what two versions fire in them."""

import json
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from rulec.cli.given import BOM, opened
from rulec.cli.past import TABLES
from rulec.difference.history import compare_on
from rulec.difference.history_told import HistoryTold, share_of
from rulec.difference.past_told import PastTold
from rulec.difference.telling import Telling
from rulec.events.times import end_after, micros
from rulec.moment import Moment
from rulec.plan.tree import Plan


def events_in(path: Path) -> list[str] | None:
    """The lines of a file of events; None for any other, which tells facts."""
    if path.suffix.lower() in TABLES or not path.is_file():
        return None
    with opened(path) as stream:
        lines = [line.removeprefix(BOM).decode("utf-8", "backslashreplace") for line in stream]
    return lines if _is_event(next((line for line in lines if line.strip()), "")) else None


def _is_event(line: str) -> bool:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and {"id", "time", "key"} <= said.keys() and not {"event", "entity"}.isdisjoint(said)


def on_events(
    plans: tuple[Plan, Plan], lines: list[str], path: Path, at: Moment | None, telling: Telling
) -> tuple[PastTold, Fraction]:  # fmt: skip
    """What changes in a history, up to a moment or the end of a day, and the part of the firings that does."""
    new = plans[1]
    history = compare_on(plans, lines, None if at is None else _end(at, new.zone), telling.became)
    names = {slot.key: slot.name for plan in plans for slot in plan.outcomes}
    names |= {slot.key: slot.name for plan in plans for slot in plan.actions}
    return HistoryTold(new, names, telling.language).told(history, str(path)), share_of(history)


def _end(at: Moment, zone: str) -> int:
    return micros(at.astimezone(UTC)) if isinstance(at, datetime) else end_after(at, 0, "day", zone)
