"""The columns of a table in, the rows that hold out, found by index: what walking through the rows gives.

For each column, a set of rows for every value that its cells name, and one for every stretch between the bounds of its
ranges; a set is a number whose bits are the rows (T. V. Lakshman, D. Stiliadis, SIGCOMM 1998).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rulec.runtime.kleene import NOTHING, Truth, Unknown, all_of
from rulec.runtime.plain import Plain, plain
from rulec.runtime.tables import NONE, Cell, OneOf, Within

_STRIDE = 32  # stretches between two sets that are kept whole
Other = Callable[[int, int], Truth]  # whether a test holds that is no cell: its column, its number


@plain
class Tests(Plain):
    """A column: its distinct tests (None: one that is no cell), and for each row the number of its test.

    A test that is several ranges, apart from each other, holds in each of them.
    """

    tests: tuple[Cell | tuple[Within, ...] | None, ...]
    cells: tuple[int, ...]


class Sheet:
    """The columns of a table, and for each decided one its values (None: one that is calculated)."""

    def __init__(self, size: int, columns: Sequence[Tests], values: Sequence[Sequence[object]]) -> None:
        self.size, self.columns, self.values = size, columns, values

    @cached_property
    def _indexes(self) -> list["Index"]:
        return [Index(column) for column in self.columns]

    def surely(self, inputs: Sequence[object], other: Other) -> list[int]:
        """The rows that hold, all inputs being known."""
        held = (1 << self.size) - 1
        for number, (index, value) in enumerate(zip(self._indexes, inputs, strict=True)):
            held &= index.found(value) | _others(index, number, other)
            if not held:
                return []
        return list(rows_in(held))

    def perhaps(self, inputs: Sequence[object], other: Other) -> list[tuple[int, Truth]]:
        """The rows that may hold, and whether they do."""
        sure = maybe = (1 << self.size) - 1
        doubts = list[_Doubt]()
        for number, (index, value) in enumerate(zip(self._indexes, inputs, strict=True)):
            own = {test: other(number, test) for test in index.others}
            reason = value if isinstance(value, Unknown) else None
            held = index.anything if reason else index.found(value)
            open_ = index.celled if reason else 0
            for test, truth in own.items():
                held |= index.rows_of[test] if truth is True else 0
                open_ |= index.rows_of[test] if isinstance(truth, Unknown) else 0
            sure &= held
            maybe &= held | open_
            doubts.append(_Doubt(self.columns[number].cells, own, reason))
        return [(row, True if sure >> row & 1 else all_of(each.of(row) for each in doubts)) for row in rows_in(maybe)]


def _others(index: "Index", number: int, other: Other) -> int:
    held = 0
    for test in index.others:
        held |= index.rows_of[test] if other(number, test) else 0
    return held


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A column: its cells, the truths of its tests that are no cells, and why its value is unknown, if it is."""

    cells: Sequence[int]
    others: dict[int, Truth]
    reason: Unknown | None

    def of(self, row: int) -> Truth:
        """Whether a row holds as far as this column goes; what is not unknown holds."""
        cell = self.cells[row]
        return self.others.get(cell, True if cell == NONE else self.reason or True)


def rows_in(held: int) -> Iterator[int]:
    """The rows of a set."""
    while held:
        low = held & -held
        yield low.bit_length() - 1
        held ^= low


class Index:
    """The sets of rows of one column. `others`: the tests that are no cells; `anything`: the rows without a test;
    `celled`: those with a cell."""

    def __init__(self, column: Tests) -> None:
        rows: dict[int, list[int]] = {}
        for row, cell in enumerate(column.cells):
            rows.setdefault(cell, []).append(row)
        self.anything = _set(rows.pop(NONE, ()))
        self.rows_of = {test: _set(found) for test, found in rows.items()}
        self.others = [test for test in rows if column.tests[test] is None]
        self.celled = 0
        self._tests = column.tests
        self._values: dict[object, int] = {}
        self._excluded: dict[object, int] = {}
        self._negated = 0
        ranges = list[tuple[Within, int]]()
        for test, held in self.rows_of.items():
            self.celled |= held if column.tests[test] is not None else 0
            match column.tests[test]:
                case OneOf(values, True):
                    self._negated |= held
                    for value in values:
                        self._excluded[value] = self._excluded.get(value, 0) | held
                case OneOf(values):
                    for value in values:
                        self._values[value] = self._values.get(value, 0) | held
                case Within() as within:
                    ranges.append((within, held))
                case tuple(several):
                    ranges += [(within, held) for within in several]
                case None:
                    pass
        self._ranges = _Ranges(ranges) if ranges else None

    def found(self, value: object) -> int:
        """The rows whose cell holds for a value."""
        if value is NOTHING:
            return self.anything
        held = self.anything | self._negated & ~self._excluded.get(value, 0) | self._values.get(value, 0)
        return held | self._ranges.found(value) if self._ranges else held

    def meeting(self, test: int) -> int:
        """The rows whose cell may hold for some value for which this test, a cell, does."""
        cell = self._tests[test]
        if isinstance(cell, OneOf):
            if cell.negated:
                return self.anything | self.celled
            held = self.anything
            for value in cell.values:
                held |= self.found(value)
            return held
        assert isinstance(cell, Within)
        held = self.anything | self._negated
        for value, rows in self._values.items():
            held |= rows if cell.holds(value) else 0
        return held | (self._ranges.meeting(cell) if self._ranges else 0)


def _set(rows: Sequence[int]) -> int:
    """A set of rows, given in order."""
    bits = bytearray((rows[-1] >> 3) + 1 if rows else 0)
    for row in rows:
        bits[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(bits, "little")


class _Ranges:
    """Ranges, each with its rows: the bounds cut the values into stretches, and each bound is one of its own."""

    def __init__(self, ranges: Sequence[tuple[Within, int]]) -> None:
        ends = {end for within, _ in ranges for end in (within.low, within.high) if end is not None}
        self._cuts: list[Any] = sorted(ends)
        places = {cut: 2 * at + 1 for at, cut in enumerate(self._cuts)}
        turned = [0] * (2 * len(self._cuts) + 2)
        starts = [0] * len(turned)
        for within, held in ranges:
            first = 0 if within.low is None else places[within.low] + (not within.low_included)
            after = len(turned) - 1 if within.high is None else places[within.high] + within.high_included
            if first < after:
                starts[first] |= held
                turned[first] ^= held
                turned[after] ^= held
        self._turned, self._kept, held = turned, list[int](), 0
        self._starts, self._begun, begun = starts, list[int](), 0
        for place, rows in enumerate(starts):
            if place % _STRIDE == 0:
                self._begun.append(begun)
            begun |= rows
        for place, change in enumerate(turned):
            if place % _STRIDE == 0:
                self._kept.append(held)
            held ^= change

    def found(self, value: object) -> int:
        """The rows whose range the value is in."""
        at = bisect_left(self._cuts, value)
        return self._at(2 * at + (at < len(self._cuts) and self._cuts[at] == value))

    def meeting(self, within: Within) -> int:
        """The rows whose range has a stretch in common with a range that is one of these."""
        first = 0 if within.low is None else self._place(within.low) + (not within.low_included)
        last = 2 * len(self._cuts) if within.high is None else self._place(within.high) - (not within.high_included)
        if first > last:
            return 0
        return self._at(first) | (self._started(last) ^ self._started(first))

    def _place(self, cut: object) -> int:
        return 2 * bisect_left(self._cuts, cut) + 1

    def _started(self, place: int) -> int:
        """The rows whose range starts at a place or before."""
        held = self._begun[place // _STRIDE]
        for each in self._starts[place // _STRIDE * _STRIDE : place + 1]:
            held |= each
        return held

    def _at(self, place: int) -> int:
        start = place // _STRIDE
        held = self._kept[start]
        for change in self._turned[start * _STRIDE : place + 1]:
            held ^= change
        return held
