"""A table in, the pairs of its rows that clash out: both apply to some facts, and the policy allows it not.

Found by the index of its columns, row by row, and not pair by pair; a pair is told only where a case proves it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from itertools import chain, combinations
from typing import Any

from rulec.plan.tree import Choose, Column, Const, Decided, Defined, Expr, Fact, Table
from rulec.runtime.plain import Plain, plain
from rulec.runtime.sheet import Index, Tests, rows_in
from rulec.runtime.tables import NONE, Cell, OneOf, Within
from rulec.runtime.types import Choice, Date, DateTime, ListOf, Number, Record, Slot, Text, Time, Type, YesNo
from rulec.tree import walk

MOST = 200_000  # pairs looked at
NOTHING = object()
_DAY = timedelta(days=1)


@plain
class Clash(Plain):
    """Two rows, from 0, and the case that proves it: number of a column → a value of its input."""

    one: int
    other: int
    case: tuple[tuple[int, object], ...]


def clashes(table: Table, slots: Mapping[str, Slot]) -> Iterator[Clash]:
    """The pairs of rows that clash, the first in order."""
    if table.combine not in ("unique", "any"):
        return
    sheet, left = Sheet(table, slots), MOST
    size = len(table.lines) - table.has_default
    values = [decided.cells for decided in table.decides]
    alike: dict[tuple[int, ...], int] = {}
    for row in range(size):
        told = tuple(cells[row] for cells in values)
        met = sheet.meeting(row) & ((1 << row) - 1)
        if table.combine == "any":
            met &= ~alike.get(told, 0)
            alike[told] = alike.get(told, 0) | 1 << row
        for other in rows_in(met):
            left -= 1
            if left < 0:
                return
            if table.combine == "unique" or _differ(table, other, row):
                case = sheet.case(other, row)
                if case is not None:
                    yield Clash(other, row, case)


def _differ(table: Table, one: int, other: int) -> bool:
    """Whether two rows give some outcome two values, surely."""
    for decided in table.decides:
        pair = decided.cells[one], decided.cells[other]
        if NONE not in pair and pair[0] != pair[1]:
            left, right = (decided.values[each] for each in pair)
            if isinstance(left, Const) and isinstance(right, Const) and left.value != right.value:
                return True
    return False


class Sheet:
    """The rows of a table, and which of them may apply together."""

    def __init__(self, table: Table, slots: Mapping[str, Slot]) -> None:
        self.table, self.slots = table, slots
        self.inputs = [_input(column) for column in table.columns]
        self.everything = (1 << (len(table.lines) - table.has_default)) - 1
        self._met: list[dict[int, int]] = [{} for _ in table.columns]
        self._loose = [not all(isinstance(test, Cell) for test in column.tests) for column in table.columns]

    @cached_property
    def indexes(self) -> list[Index]:
        """An index a column."""
        return [
            Index(Tests(tuple(test if isinstance(test, Cell) else None for test in column.tests), column.cells))
            for column in self.table.columns
        ]

    def meeting(self, row: int) -> int:
        """The rows that may apply together with a row, by what each column of cells asks apart, as a set."""
        met = self.everything
        for at, column in enumerate(self.table.columns):
            cell = column.cells[row]
            if cell == NONE or not met or self._loose[at]:
                continue
            if cell not in self._met[at]:
                self._met[at][cell] = self.indexes[at].meeting(cell)
            met &= self._met[at][cell]
        return met

    def case(self, one: int, other: int) -> tuple[tuple[int, object], ...] | None:
        """Values for which both rows apply; None where there are none, or none is proved."""
        tested: dict[Expr, list[int]] = {}
        for at, column in enumerate(self.table.columns):
            if (column.cells[one], column.cells[other]) != (NONE, NONE):
                tested.setdefault(self.inputs[at], []).append(at)
        if not _independent(list(tested)):
            return None
        found = []
        for input_, columns in tested.items():
            numbers = [(at, self.table.columns[at].cells[row]) for at in columns for row in (one, other)]
            tests = [self.table.columns[at].tests[number] for at, number in numbers if number != NONE]
            cells = [test for test in tests if isinstance(test, Cell)]
            if len(cells) < len(tests):
                if len(set(numbers) - {(at, NONE) for at in columns}) > 1:
                    return None
                continue
            slot = self.slots[input_.path] if isinstance(input_, Fact) else None
            value = common([*cells, *_bounds(slot)], slot.type if slot is not None else None)
            if value is NOTHING:
                return None
            found.append((columns[0], value))
        return tuple(found)


def _bounds(slot: Slot | None) -> list[Cell]:
    """What the bounds of a fact let it be."""
    return [Within(slot.bounds.low, slot.bounds.high)] if slot is not None and slot.bounds is not None else []


def _input(column: Column) -> Expr:
    """What a column is about, apart from whether it is given."""
    return column.input.cases[0][1] if isinstance(column.input, Choose) else column.input


def _independent(inputs: Sequence[Expr]) -> bool:
    """Whether each may have any value whatever the others have."""
    facts = [frozenset(each.path for each in walk(expr) if isinstance(each, Fact)) for expr in inputs]
    made = [expr for expr in inputs if any(isinstance(each, Decided | Defined) for each in walk(expr))]
    return not any(one & other for one, other in combinations(facts, 2)) and (not made or len(inputs) == 1)


def common(cells: Sequence[Cell], kind: Type | None) -> object:
    """A value for which all the cells hold, or NOTHING."""
    domain = _domain(kind)
    listed = next((cell.values for cell in cells if isinstance(cell, OneOf) and not cell.negated), domain)
    if listed is not None:
        return next((value for value in listed if all(cell.holds(value) for cell in cells)), NOTHING)
    ranges = [cell for cell in cells if isinstance(cell, Within)]
    within = narrowed(ranges)
    excluded = {value for cell in cells if isinstance(cell, OneOf) for value in cell.values}
    whole = isinstance(kind, Number) and kind.whole
    tried = chain(_inside(within, whole, len(excluded)), _anywhere(kind, len(excluded)))
    return next((value for value in tried if value not in excluded and within.holds(value)), NOTHING)


def _anywhere(kind: Type | None, excluded: int) -> Iterator[object]:
    """Enough values of a type for one that is not excluded."""
    match kind:
        case Text():
            yield from ("…" * count for count in range(1, excluded + 2))
        case Date():
            yield from (date(2026, 1, 1) + count * _DAY for count in range(excluded + 1))
        case DateTime() | Time() | ListOf() | Record():
            return
        case _:
            yield from (Decimal(count) for count in range(excluded + 1))


def _domain(kind: Type | None) -> Sequence[object] | None:
    match kind:
        case YesNo():
            return (True, False)
        case Choice(options):
            return tuple(option.key for option in options)
        case _:
            return None


def narrowed(ranges: Sequence[Within]) -> Within:
    """What lies in all the ranges."""
    lows: list[tuple[Any, bool]] = [(each.low, not each.low_included) for each in ranges if each.low is not None]
    highs: list[tuple[Any, bool]] = [(each.high, each.high_included) for each in ranges if each.high is not None]
    low, open_ = max(lows, default=(None, False))
    high, closed = min(highs, default=(None, True))
    return Within(low, high, not open_, closed)


def _inside(within: Within, whole: bool, excluded: int) -> Iterator[object]:
    """Enough values that may lie in a range for one that is not excluded: its ends, and values between or beyond."""
    low, high = within.low, within.high
    steps = range(1, excluded + 2)
    if whole and isinstance(low, Decimal):
        first = low.to_integral_value(ROUND_CEILING)
        yield from (first + step for step in (0, *steps))
    elif whole and isinstance(high, Decimal):
        last = high.to_integral_value(ROUND_FLOOR)
        yield from (last - step for step in (0, *steps))
    else:
        yield from (end for end in (low, high) if end is not None)
        if isinstance(low, Decimal) and isinstance(high, Decimal):
            yield from (low + (high - low) * step / (excluded + 2) for step in steps)
        elif isinstance(low, Decimal):
            yield from (low + step for step in steps)
        elif isinstance(high, Decimal):
            yield from (high - step for step in steps)
        elif isinstance(low, date):
            yield from (low + step * _DAY for step in steps if low < date.max - step * _DAY)
