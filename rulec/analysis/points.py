"""Rules as lines in, facts for which one applies and others do not out: tried, which costs less than a proof."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from rulec.plan.tree import Plan
from rulec.runtime.index import Column, Lines, numbers_in
from rulec.runtime.tables import NONE, Cell, OneOf, Within
from rulec.runtime.types import (
    Amount,
    Choice,
    Date,
    Duration,
    Number,
    Percentage,
    Quantity,
    Rate,
    Slot,
    Type,
    YesNo,
)
from rulec.runtime.units import decimals_of

MOST = 60  # values of one fact that are tried for one rule
_FEW = 5  # lines of which it is looked at whether one holds wherever another does
Test = OneOf | tuple[Within, ...]
_SMALL = Decimal("0.0001")


class Points:
    """Tries facts out, each of values at which the rules stop or start to apply."""

    def __init__(self, plan: Plan, lines: Lines) -> None:
        self._lines, self._slots = lines, {slot.path: slot for slot in plan.facts}
        self._assumed = any(each.assumed for each in plan.promises)
        excepted = {rule.id for rule in plan.rules if rule.exceptions}
        self._plain = [each.settled and each.sole and each.rule not in excepted for each in lines.lines]
        self._fitting = dict[tuple[int, int], list[int]]()

    def alone(self, line: int, others: int) -> int | None:
        """All lines that hold for some facts for which a line does, and none of the others, as sets.

        None where no such facts are found, which proves nothing.
        """
        if not self._plain[line] or self._assumed:
            return None
        held, left = (1 << len(self._lines.lines)) - 1, others
        for number, column in enumerate(self._lines.columns):
            fitting = self._held(number, column.given.cells[line])
            if not fitting:
                return None
            best = min(fitting, key=partial(_in_common, left))
            held, left = held & best, left & best
        return held if not left else None

    def is_within(self, line: int, others: int) -> bool:
        """Whether one of the others surely holds wherever a line does; False proves nothing."""
        if not self._plain[line]:
            return False
        for number, column in enumerate(self._lines.columns):
            for rows in self._held(number, column.given.cells[line]):
                others &= rows
        return any(self._plain[other] and self._holds_more(line, other) for other in numbers_in(others)[:_FEW])

    def _holds_more(self, line: int, other: int) -> bool:
        """Whether each test of another holds wherever that of a line does."""
        for column in self._lines.columns:
            one, two = column.given.cells[line], column.given.cells[other]
            if two not in (one, NONE):
                slot, tests = self._slots.get(column.given.path), column.given.tests
                if one == NONE or slot is None or slot.optional or not _includes(tests[two], tests[one]):
                    return False
        return True

    def _held(self, number: int, cell: int) -> list[int]:
        """The lines that hold for each value of a fact for which a test does."""
        key = number, cell
        if key not in self._fitting:
            rows = self._lines.columns[number].index.rows_of[cell] if cell != NONE else 0
            found = [each for each in self._classes[number] if each & rows == rows]
            self._fitting[key] = found[:: len(found) // MOST + 1]
        return self._fitting[key]

    @cached_property
    def _classes(self) -> list[list[int]]:
        """For each column the lines that hold for a value, for all values that make a difference."""
        return [
            list(dict.fromkeys(column.index.found(value) for value in self._values(column)))
            for column in self._lines.columns
        ]

    def _values(self, column: Column) -> Iterator[object]:
        slot = self._slots.get(column.given.path)
        match slot.type if slot is not None else None:
            case YesNo():
                yield from (True, False)
            case Choice(options):
                yield from (option.key for option in options)
            case None:
                return
            case kind:
                assert slot is not None
                step = _step(kind)
                if step is not None:
                    near = (value for end in _ends(column) for value in _around(end, step))
                    yield from (value for value in near if _may_be(slot, value, step))


def _in_common(some: int, others: int) -> int:
    """How many lines two sets share."""
    return (some & others).bit_count()


def _includes(more: Test, less: Test) -> bool:
    """Whether a test holds for all values for which another does."""
    if isinstance(more, OneOf) or isinstance(less, OneOf):
        values = less.values if isinstance(less, OneOf) and not less.negated else None
        return values is not None and isinstance(more, OneOf) and all(map(more.holds, values))
    return all(any(_lies(each, other) for other in more) for each in less)


def _lies(one: Within, other: Within) -> bool:
    """Whether a range lies within another."""
    low: Any = one.low
    high: Any = one.high
    after = low is not None and (other.low, not other.low_included) <= (low, not one.low_included)
    before = high is not None and (high, one.high_included) <= (other.high, other.high_included)
    return (other.low is None or after) and (other.high is None or before)


def _ends(column: Column) -> Iterator[Any]:
    """The values that the tests of a column name."""
    for test in column.given.tests:
        cells: tuple[Cell, ...] = test if isinstance(test, tuple) else (test,)
        for each in cells:
            match each:
                case OneOf(values):
                    yield from values
                case Within(low, high):
                    yield from (end for end in (low, high) if end is not None)


def _around(end: Any, step: Any) -> Iterator[Any]:
    yield end
    for move in (step, -step):
        try:
            yield end + move
        except OverflowError:  # beyond the ends of the calendar
            continue


def _step(kind: Type) -> Any:
    """The least between two values, or little; None for what is not tried."""
    match kind:
        case Amount(currency):
            return Decimal(1).scaleb(-decimals_of(currency))
        case Number(True) | Duration():
            return Decimal(1)
        case Number() | Percentage() | Quantity() | Rate():
            return _SMALL
        case Date():
            return timedelta(days=1)
        case _:
            return None


def _may_be(slot: Slot, value: Any, step: Any) -> bool:
    """Whether a fact may have a value."""
    if isinstance(value, date):
        return not isinstance(value, datetime)
    if not isinstance(value, Decimal) or (step != _SMALL and value % step):
        return False
    low, high = (slot.bounds.low, slot.bounds.high) if slot.bounds is not None else (None, None)
    return (low is None or low <= value) and (high is None or value <= high)
