"""Facts and a goal in, a change of one element of a list that meets it out: the nearest of those that are tried.

Of each element one value changes, or it is left out, or there is another one like it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from rulec.difference.facts import holds
from rulec.runtime.types import Choice, ListOf, Record, Slot
from rulec.trial.steps import beside, halved

Facts = dict[str, object]
Met = Callable[[object], bool]
MOST = 40  # times that what is added to a number doubles
WHOLE = 1.0  # how far something else is than it was


class Found(NamedTuple):
    """A value that meets the goal, and how far it is, in parts of what it was."""

    size: float
    value: object


def nearest(
    slots: Sequence[Slot], facts: Mapping[str, object], fixed: Collection[str], met: Callable[[Facts], bool],
    in_time: Callable[[], bool],
) -> Facts | None:  # fmt: skip
    """The facts with the nearest change that is found; None where none is. `fixed`: the paths that may not change."""
    best: tuple[float, Facts] | None = None
    for slot in slots:
        held = facts.get(slot.path)
        if isinstance(slot.type, ListOf) and isinstance(held, tuple) and slot.path not in fixed:
            tried = partial(_tried, facts, slot.path, met)
            for each in _changed(slot, held, tried):
                if best is None or each.size < best[0]:
                    best = each.size, {**facts, slot.path: each.value}
                if not in_time():
                    break
    return best[1] if best is not None else None


def _tried(facts: Mapping[str, object], path: str, met: Callable[[Facts], bool], value: object) -> bool:
    return met({**facts, path: value})


def _changed(slot: Slot, held: tuple[object, ...], met: Met) -> Iterator[Found]:
    """The lists that meet the goal, each with one element changed."""
    for at, element in enumerate(held):
        before, after = held[:at], held[at + 1 :]
        for each in _elements(slot, element, partial(_among, met, before, after)):
            yield Found(each.size, (*before, each.value, *after))
        for others in ((*before, *after), (*held, element)):
            if met(others):
                yield Found(WHOLE, others)


def _elements(slot: Slot, element: object, met: Met) -> Iterator[Found]:
    assert isinstance(slot.type, ListOf)
    kind = slot.type.item
    if not isinstance(kind, Record):
        yield from _values(Slot(slot.path, kind, slot.names), element, met)
        return
    assert isinstance(element, dict)
    for each in kind.attributes:
        if each.path in element:
            for found in _values(each, element[each.path], partial(_with, met, element, each.path)):
                yield Found(found.size, {**element, each.path: found.value})


def _among(met: Met, before: tuple[object, ...], after: tuple[object, ...], value: object) -> bool:
    return met((*before, value, *after))


def _with(met: Met, element: Facts, key: str, value: object) -> bool:
    return met({**element, key: value})


def _values(slot: Slot, value: object, met: Met) -> Iterator[Found]:
    """The other values of one thing that meet the goal: of what has an order, the first up and the first down."""
    match value, slot.type:
        case bool(), _:
            yield from (Found(WHOLE, other) for other in [not value] if met(other))
        case str(), Choice(options):
            others = [option.key for option in options if option.key != value]
            yield from (Found(WHOLE, other) for other in others if met(other))
        case (Decimal() | date()), _ if not isinstance(value, datetime):
            for direction in (1, -1):
                yield from _towards(slot, value, direction, met)


def _towards(slot: Slot, value: Any, direction: int, met: Met) -> Iterator[Found]:
    """The first value in a direction that meets the goal."""
    next_: Any = beside(slot.type, value, direction)
    for times in range(MOST if next_ is not None else 0):
        try:
            far = value + (next_ - value) * 2**times
        except OverflowError:  # beyond the ends of the calendar
            return
        if not holds(slot, far):
            return
        if met(far):
            ends = halved(slot.type, far, value, met)
            near: Any = ends[0] if ends is not None and met(ends[0]) else far
            yield Found(_size(value, near), near)
            return


def _size(before: Any, after: Any) -> float:
    if isinstance(before, date):
        return float(abs((after - before).days) / 30)
    return float(abs(after - before) / max(abs(before), Decimal(1)))
