"""A plan in, what each fact apart settles out: which rules never meet, and whether nothing is left to prove."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import accumulate
from operator import or_
from typing import Any

from rulec.analysis.reads import Reads
from rulec.backends.lines import lines_of
from rulec.plan.tree import All, Expr, Given, Plan
from rulec.runtime.index import Input, Line, Lines
from rulec.runtime.tables import NONE, OneOf, Within
from rulec.tree import walk

_FEW = 500  # tests of several ranges that are compared one with another


def is_clear(plan: Plan, declared: bool) -> bool:
    """Whether nothing can be found: all rules are tests of single facts, and those of one outcome never meet."""
    if plan.tables or plan.definitions or plan.promises or any(rule.exceptions or rule.each for rule in plan.rules):
        return False
    given = {give.outcome for rule in plan.rules for branch in rule.branches for give in branch.gives}
    if declared and any(slot.key in given and slot.default is None and not slot.optional for slot in plan.outcomes):
        return False
    reads, bounded = Reads(plan), {slot.path for slot in plan.facts if slot.bounds is not None}
    if not all(_is_plain(reads, bounded, branch.condition) for rule in plan.rules for branch in rule.branches):
        return False
    meetings = Meetings(plan)
    lines = meetings.lines
    return all(line.settled and line.sole for line in lines.lines) and len(lines.lines) == len(plan.rules) and not (
        _empty(lines) or any(meetings.among(same) for same in _together(plan, lines))
    )  # fmt: skip


def _is_plain(reads: Reads, bounded: set[str], condition: Expr) -> bool:
    """Whether its parts test a fact each, all without bounds, so that none follows from another."""
    parts = condition.items if isinstance(condition, All) else (condition,)
    read = [path for part in parts for path in reads.of([part])]
    nested = any(isinstance(node, All | Given) for part in parts for node in walk(part))
    return len(read) == len(set(read)) == len(parts) and not nested and not bounded & set(read)


def _empty(lines: Lines) -> bool:
    """Whether a test of a fact holds for no value."""
    return any(
        not test.values and not test.negated if isinstance(test, OneOf) else not test
        for given in lines.inputs
        for test in given.tests
    )


def _together(plan: Plan, lines: Lines) -> Iterator[list[int]]:
    """The lines of each outcome, and of each group of actions, by their numbers."""
    groups = {slot.key: f"!{slot.group}" for slot in plan.actions if slot.group}
    found = dict[str, list[int]]()
    for number, line in enumerate(lines.lines):
        for key in dict.fromkeys(_keys(line, groups)):
            found.setdefault(key, []).append(number)
    yield from found.values()


def _keys(line: Line, groups: dict[str, str]) -> Iterator[str]:
    yield from (outcome for outcome, _ in line.gives)
    yield from (groups[action] for action, _ in line.does if action in groups)


class Meetings:
    """Which branches of the rules of a plan may apply to the same facts, by what they ask of each fact apart."""

    def __init__(self, plan: Plan) -> None:
        self.lines = lines_of(plan)
        self._numbers = {(line.rule, line.number): number for number, line in enumerate(self.lines.lines)}
        self._columns = [(given.cells, _Meeting(given)) for given in self.lines.inputs]

    def line(self, rule: str, branch: int) -> int | None:
        """The line of a branch, by its number; None for what is none."""
        return self._numbers.get((rule, branch))

    def among(self, same: Sequence[int]) -> int:
        """Of some lines, as a set, those that may apply together with another of them."""
        members = sum(1 << number for number in same) if len(same) > 1 else 0
        return sum(1 << number for number in same if self.of(number) & members & ~(1 << number))

    def of(self, number: int) -> int:
        """The lines that may apply together with one, as a set."""
        met = -1
        for cells, meeting in self._columns:
            met &= meeting.rows(cells[number])
        return met


class _Meeting:
    """For each test of a fact, the lines whose test may hold with it."""

    def __init__(self, given: Input) -> None:
        self._tests, self._absent, self._known = given.tests, given.absent, dict[int, int]()
        self._rows = [0] * (len(given.tests) + 1)  # the last: those that ask nothing
        for line, cell in enumerate(given.cells):
            self._rows[cell] |= 1 << line
        self._missing = reduce(or_, (self._rows[cell] for cell, held in enumerate(given.absent) if held is True), 0)
        ranges = [test for test in given.tests if isinstance(test, tuple) and test]
        plain = all(len(test) == 1 for test in ranges)
        hulls = len(ranges) == len(given.tests) and (plain or len(ranges) > _FEW)
        self._hulls = _Hulls(ranges, self._rows) if hulls else None

    def rows(self, cell: int) -> int:
        """Those of a test, by its number."""
        if cell == NONE:
            return -1
        if cell not in self._known:
            found = self._hulls.rows(cell) if self._hulls else self._exactly(cell)
            found |= self._missing if self._absent[cell] is True else 0  # both hold where the fact is not given
            self._known[cell] = self._rows[NONE] | found
        return self._known[cell]

    def _exactly(self, cell: int) -> int:
        found = 0
        for number, other in enumerate(self._tests):
            found |= self._rows[number] if _alike(self._tests[cell], other) else 0
        return found


class _Hulls:
    """Tests that are ranges, each as if it held from its least value to its greatest.

    What ends before another starts does not hold with it: sets of lines by where they end, and by where they start. An
    end is a value, and a number by which it comes before a start there unless both are included.
    """

    def __init__(self, tests: Sequence[tuple[Within, ...]], rows: Sequence[int]) -> None:
        self._ends: list[tuple[Any, Any]] = [(_start(test[0]), _end(test[-1])) for test in tests]
        self._all = reduce(or_, rows[: len(tests)], 0)
        lows = sorted((low, number) for number, (low, _) in enumerate(self._ends) if low is not None)
        highs = sorted((high, number) for number, (_, high) in enumerate(self._ends) if high is not None)
        self._lows, self._highs = [low for low, _ in lows], [high for high, _ in highs]
        self._ended = list(accumulate((rows[number] for _, number in highs), or_, initial=0))
        self._starting = list(accumulate((rows[number] for _, number in reversed(lows)), or_, initial=0))

    def rows(self, number: int) -> int:
        """The lines of tests that may hold with one."""
        low, high = self._ends[number]
        before = 0 if low is None else self._ended[bisect_left(self._highs, low)]
        after = 0 if high is None else self._starting[len(self._lows) - bisect_right(self._lows, high)]
        return self._all & ~before & ~after


def _start(test: Within) -> Any:
    return None if test.low is None else (test.low, 1 if test.low_included else 2)


def _end(test: Within) -> Any:
    return None if test.high is None else (test.high, 1 if test.high_included else 0)


def _alike(one: OneOf | tuple[Within, ...], other: OneOf | tuple[Within, ...]) -> bool:
    """Whether some value passes both tests."""
    if isinstance(one, OneOf) and isinstance(other, OneOf):
        named, tested = (other, one) if one.negated else (one, other)
        return named.negated or any(tested.holds(value) for value in named.values)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return any(not (_below(a, b) or _below(b, a)) for a in one for b in other)
    return True


def _below(one: Within, other: Within) -> bool:
    """Whether a range ends before another starts."""
    high: Any = one.high
    low: Any = other.low
    if high is None or low is None:
        return False
    return bool(high < low or (high == low and not (one.high_included and other.low_included)))
