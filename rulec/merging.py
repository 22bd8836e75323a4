"""Rows in, those beside each other for which one is enough out: alike but for one cell, and of theirs one is made."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from rulec.runtime.plain import Plain, plain
from rulec.runtime.tables import Cell, OneOf, Within
from rulec.runtime.types import Amount, Choice, Date, Duration, Number, Slot, Text, YesNo
from rulec.trial.steps import beside

ANYTHING = Within()


@plain
class Run(Plain):
    """The rows from `first` to `last`, from 0. `column`: the one in which they differ; `cell`: what says all theirs."""

    first: int
    last: int
    column: int
    cell: Cell


def runs(rows: Sequence[Sequence[object]], gives: Sequence[object], slots: Sequence[Slot | None]) -> Iterator[Run]:
    """The runs of such rows. `gives`: what each row gives; `slots`: the fact of each column, None for anything else."""
    first = 0
    while first < len(rows):
        found = _from(first, rows, gives, slots)
        if found is not None:
            yield found
        first = found.last + 1 if found is not None else first + 1


def _from(
    first: int, rows: Sequence[Sequence[object]], gives: Sequence[object], slots: Sequence[Slot | None]
) -> Run | None:  # fmt: skip
    """The run that starts at a row."""
    found: Run | None = None
    for row in range(first + 1, len(rows)):
        differ = [at for at, cell in enumerate(rows[row]) if cell != rows[first][at]]
        if gives[row] != gives[first] or len(differ) != 1 or (found is not None and differ != [found.column]):
            break
        slot, (column,) = slots[differ[0]], differ
        cell = united(found.cell if found is not None else rows[first][column], rows[row][column], slot)
        if cell is None:
            break
        found = Run(first, row, column, cell)
    return found


def united(one: object, other: object, slot: Slot | None) -> Cell | None:
    """What says two cells of a fact, neither of which holds wherever the other does; None where nothing does."""
    if slot is None:
        return None
    match one, other:
        case OneOf(some, False), OneOf(others, False) if isinstance(slot.type, Choice | Text | YesNo):
            values = tuple(dict.fromkeys((*some, *others)))
            made = ANYTHING if _is_all(values, slot) else OneOf(values)
            nested = len(values) in (len(set(some)), len(set(others)))
        case Within(), Within():
            low, high = (one, other) if _starts(one) <= _starts(other) else (other, one)
            if not _touch(low, high, slot):
                return None
            made = replace(low, high=high.high, high_included=high.high_included)
            nested = ANYTHING in (one, other) or not _ends(low) < _ends(high) or not _starts(low) < _starts(high)
        case _:
            return None
    held = made != ANYTHING or not slot.optional or slot.default is not None
    return made if held and not nested else None


def _is_all(values: Sequence[object], slot: Slot) -> bool:
    """Whether there are no others."""
    if isinstance(slot.type, YesNo):
        return len(values) == 2
    return isinstance(slot.type, Choice) and {option.key for option in slot.type.options} == {*values}


def _starts(cell: Within) -> tuple[Any, ...]:
    return (0,) if cell.low is None else (1, cell.low, not cell.low_included)


def _ends(cell: Within) -> tuple[Any, ...]:
    return (1,) if cell.high is None else (0, cell.high, cell.high_included)


def _touch(low: Within, high: Within, slot: Slot) -> bool:
    """Whether nothing lies between the end of one and the start of the other."""
    end: Any = low.high
    start: Any = high.low
    if end is None or start is None or end > start:
        return True
    if end == start:
        return low.high_included or high.low_included
    counted = isinstance(slot.type, Amount | Date | Duration) or (isinstance(slot.type, Number) and slot.type.whole)
    return counted and low.high_included and high.low_included and beside(slot.type, end, 1) == start
