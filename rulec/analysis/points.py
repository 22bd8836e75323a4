"""Rules as lines in, whether one holds where others do not out: settled by classes of values, without a solver.

Each fact has some classes of values that the tests of the lines tell apart, each a set of the lines that hold for it. A
line is left alone by others where one class of each fact holds for it, and no other line is in all of them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any

from rulec.analysis.stretches import values_of
from rulec.plan.tree import Plan
from rulec.runtime.index import Column, Lines
from rulec.runtime.tables import NONE, Cell, OneOf, Within
from rulec.runtime.types import Slot

MOST = 2_000  # sets of lines that are looked at for one


class _TooManyError(Exception):
    """More sets than are looked at."""


class Points:
    """Looks for facts for which a line holds and others do not. `plain`: the lines of which the tests are all."""

    def __init__(self, plan: Plan, lines: Lines) -> None:
        self._lines, self._slots = lines, {slot.path: slot for slot in plan.facts}
        self._assumed = any(each.assumed for each in plan.promises)
        excepted = {rule.id for rule in plan.rules if rule.exceptions}
        plain = [each.settled and each.sole and each.rule not in excepted for each in lines.lines]
        self.plain = sum(1 << number for number, held in enumerate(plain) if held)

    def alone(self, line: int, others: int) -> int | None:
        """All lines that hold for some facts for which a line does, and none of the others, as a set.

        0 where there surely are no such facts, None where that is not settled.
        """
        if not self.plain >> line & 1:
            return None
        columns = [column.held(column.given.cells[line]) for column in self._columns]
        exact = all(column.exact or column.given.cells[line] == NONE for column in self._columns)
        plain = others & self.plain
        try:
            if exact and not self._assumed:
                found = _outside(columns, others)
                if found or plain == others:
                    return found
            return None if _outside(columns, plain) else 0
        except _TooManyError:
            return None

    def meeting(self, line: int) -> int | None:
        """The lines that hold for some facts for which a line does, as a set, as far as they are plain.

        None where that is not settled.
        """
        if not self.plain >> line & 1 or self._assumed or not all(column.exact for column in self._columns):
            return None
        return reduce(and_, (column.met(column.given.cells[line]) for column in self._columns), -1)

    def holds(self, line: int) -> bool:
        """Whether a line surely holds for some facts."""
        asked = [column for column in self._columns if column.given.cells[line] != NONE]
        plain = bool(self.plain >> line & 1) and not self._assumed
        return plain and all(column.exact and column.held(column.given.cells[line]) for column in asked)

    @cached_property
    def _columns(self) -> list["_Classes"]:
        return [_Classes(column, self._slots.get(column.given.path)) for column in self._lines.columns]


class _Classes:
    """The classes of one fact. `exact`: they are known."""

    def __init__(self, column: Column, slot: Slot | None) -> None:
        self.given, self._index = column.given, column.index
        values = values_of(slot, list(_ends(column))) if slot is not None else None
        self.exact, self._values = values is not None, values or []
        self._sets = [column.index.found(value) for value in self._values]
        self._met = dict[int, int]()
        self._absent = column.sure if slot is None or (slot.optional and slot.default is None) else None

    def met(self, cell: int) -> int:
        """The lines that hold for some class for which a test does."""
        if cell not in self._met:
            self._met[cell] = reduce(or_, self.held(cell), 0)
        return self._met[cell]

    def held(self, cell: int) -> list[int]:
        """For each class for which a test holds, the lines that do."""
        absent = [] if self._absent is None else [self._absent]
        if cell == NONE:
            return [*self._sets, *absent] if self.exact else [self._index.anything]
        if not self.exact:
            return [self._index.anything | self._index.rows_of[cell]]
        test, found = self.given.tests[cell], list[int]()
        if isinstance(test, tuple):
            for each in test:
                found += self._sets[slice(*self._stretch(each))]
        else:
            found = [rows for value, rows in zip(self._values, self._sets, strict=True) if test.holds(value)]
        return [*found, *absent] if self.given.absent[cell] is True else found

    def _stretch(self, test: Within) -> tuple[int, int]:
        """The places of the values of a range."""
        low: Any = test.low
        high: Any = test.high
        first = bisect_left if test.low_included else bisect_right
        last = bisect_right if test.high_included else bisect_left
        start = 0 if low is None else first(self._values, low)
        return start, len(self._values) if high is None else last(self._values, high)


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


def _outside(columns: Sequence[Sequence[int]], others: int) -> int:
    """The lines that are in one set of each column, such that none of the others is; 0 where there are none.

    Columns that leave most of the others wherever one looks come last. Raises _TooManyError.
    """
    kept = [{rows & others: rows for rows in sets} for sets in columns]
    kept.sort(key=len)
    rests = [others]
    for sets in reversed(kept):
        rests.append(reduce(and_, sets, rests[-1]))
    return _Search(kept, rests[::-1]).among(0, -1, others)


class _Search:
    """`rests`: for each column the others that stay, whichever sets of it and of those after it are taken."""

    def __init__(self, columns: Sequence[dict[int, int]], rests: Sequence[int]) -> None:
        self._columns, self._rests, self._left = columns, rests, MOST

    def among(self, at: int, held: int, others: int) -> int:
        """One set of each column from `at` on, in which none of the others is: the lines that are held."""
        if at == len(self._columns):
            return held if not others else 0
        sets, failed = {key & others: rows for key, rows in self._columns[at].items()}, list[int]()
        for key in sorted(sets, key=int.bit_count):
            if key & self._rests[at + 1] or any(less & key == less for less in failed):
                continue
            self._left -= 1
            if self._left < 0:
                raise _TooManyError
            if found := self.among(at + 1, held & sets[key], key):
                return found
            failed.append(key)
        return 0
