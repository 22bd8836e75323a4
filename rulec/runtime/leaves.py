"""The lines of a plan in, small indexes of those left for the values of the facts that are one of a few out.

A leaf holds the lines that these values leave, for each other fact the sets of lines by value, and the decisions found
so far by the set of lines that hold. Where the first rule wins, a line after one that certainly holds is left out.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from functools import cache, lru_cache
from itertools import accumulate
from operator import xor
from typing import Any

from rulec.runtime.decision import Decision
from rulec.runtime.index import Column, Lines, numbers_in
from rulec.runtime.tables import NONE, OneOf, Within
from rulec.runtime.types import Amount, Choice, Duration, Number, Percentage, Slot, YesNo
from rulec.runtime.units import decimals_of

_MOST_LEAVES = 64
_ROOM = 1 << 28  # bits that all leaves may take, about
_MOST_DIGITS = Context(prec=34, Emax=MAX_EMAX, Emin=MIN_EMIN)
_ONE = Decimal(1)
_ENTRY = 1 << 13  # bits that a decision kept counts for
_MOST_NAMED = 1000  # whole numbers that have a set each
Memo = dict[Any, Any]
Leaf = tuple[Any, ...]  # memo, lines, then for each fact tested: cuts and sets; or sets by value
# A memo holds decisions by the set of lines, and under the path of a fact the whole cuts, or the set for all other
# values. The lines are told by their numbers, after NONE: that of bit n of a set stands at n + 1.


class Leaves:
    """The leaves, made when they are first needed. `branching`: the facts that lead to one; `tested`: the others."""

    def __init__(self, lines: Lines, slots: Mapping[str, Slot]) -> None:
        self.lines, self.slots, self.root, self._room = lines, slots, dict[Any, Any](), _ROOM
        names = {path: names_of(slots[path]) for path in (column.given.path for column in lines.columns)}
        self.branching, self.tested, leaves = list[Column](), list[Column](), 1
        self._next = {column.given.path: cache(next_of(slots[column.given.path])) for column in lines.columns}
        self._ends = {column.given.path: len(_named(column)) for column in lines.columns}
        bits = sum(self._bits(column, len(lines.lines)) for column in lines.columns)
        most = _MOST_LEAVES if all(map(lines.is_passed, lines.lines)) else min(_MOST_LEAVES, (_ROOM >> 2) // (bits + 1))
        for column in sorted(lines.columns, key=lambda column: len(names[column.given.path])):
            many = len(set(names[column.given.path].values()))
            if many and leaves * many <= most:
                leaves *= many
                self.branching.append(column)
            else:
                self.tested.append(column)
        self.names = names

    def found(self, facts: Mapping[str, object]) -> tuple[Memo, Sequence[int], int] | None:
        """Of the leaf its memo and its lines, as it holds them, and the set of those that hold.

        None where a fact that the lines ask for is not given or out of bounds, or where there is no room for a leaf.
        """
        if any(_value(column, facts) is None for column in self.lines.columns):
            return None
        leaf = self._leaf(facts)
        held = None if leaf is None else self._held(leaf, facts)
        if leaf is None or held is None:
            return None
        return leaf[0], leaf[1], held & (1 << len(leaf[1]) - 1) - 1

    def keep(self, memo: Memo, held: int, decision: Decision) -> None:
        """Keep a decision that depends on nothing but the lines that hold, if there is room."""
        if self._room > 0:
            self._room -= _ENTRY
            memo[held] = decision

    def _held(self, leaf: Leaf, facts: Mapping[str, object]) -> int | None:
        """The set of lines that hold; None where a value is out of bounds."""
        held, at, found = -1, 2, 0
        for column in self.tested:
            value: Any = _value(column, facts)
            if not column.given.ordered:
                found = leaf[at].get(value, leaf[0][column.given.path])
            elif self.is_named(column):
                found = leaf[at].get(value)
            else:
                found = leaf[at + 1][bisect_right(leaf[at], value)]
                at += 1
            if found is None:
                return None
            held &= found
            at += 1
        return held

    def is_named(self, column: Column) -> bool:
        """Whether the sets for a fact are found by each value: it is no range, or one of a few whole numbers."""
        low, high = bounds_of(slot := self.slots[column.given.path])
        return not column.given.ordered or (
            is_whole(slot) and low is not None and high is not None and high - low < _MOST_NAMED
        )

    def _leaf(self, facts: Mapping[str, object]) -> Leaf | None:
        if not self.branching:
            if not self.root:
                self.root[""] = self._tables(range(len(self.lines.lines)))
            return self.root[""]  # type: ignore[no-any-return]  # what a leaf is
        node: Any = self.root
        held = ~0
        for number, column in enumerate(self.branching, 1):
            value = _value(column, facts)
            held &= column.index.found(value)
            if value not in node:
                is_last = number == len(self.branching)
                below: Any = self._tables(numbers_in(held)) if is_last else {}
                same = [name for name, meant in self.names[column.given.path].items() if meant == value]
                node.update(dict.fromkeys(same, below))
            node = node.get(value)
            if node is None:
                return None
        return node  # type: ignore[no-any-return]  # what the last level holds

    def _tables(self, numbers: Sequence[int]) -> Leaf | None:
        kept = self._kept(numbers)
        size = sum(self._bits(column, len(kept)) for column in self.tested)
        if size > _ROOM >> 3 or self._room < size:
            return None
        self._room -= size
        memo: Memo = {}
        leaf: Leaf = (memo, [NONE, *kept])
        for column in self.tested:
            cells, slot = [column.given.cells[number] for number in kept], self.slots[column.given.path]
            if not column.given.ordered:
                sets, memo[slot.path] = values_of(column, cells, self.names[slot.path])
                leaf += (sets,)
                continue
            cuts, found = ranges_of(column, cells, slot, self._next[slot.path])
            if self.is_named(column):
                leaf += (_each(cuts, found, slot),)
            else:
                leaf += (cuts, found)
                memo[slot.path] = list(map(_whole, cuts))
        return leaf

    def _bits(self, column: Column, lines: int) -> int:
        """How many bits the sets of that many lines take, about."""
        return lines * min(2 * lines, self._ends[column.given.path]) + lines

    def _kept(self, numbers: Sequence[int]) -> list[int]:
        """The lines, but those that come after one that certainly holds and gives the same, where the first wins."""
        lines, kept, given = self.lines.lines, list[int](), set[str]()
        for number in sorted(numbers, key=lambda number: lines[number].rank):
            own = {key for key, _ in lines[number].gives}
            passed = self.lines.is_passed(lines[number])
            if passed and own <= given:
                continue
            kept.append(number)
            if passed and all(column.given.cells[number] == NONE for column in self.tested):
                given |= own
        return sorted(kept)


def names_of(slot: Slot) -> dict[object, object]:
    """What the values of a fact are called, keys and labels, if they are a few: what is said → the value."""
    match slot.type:
        case YesNo():
            return {True: True, False: False}
        case Choice(options):
            said = {text for option in options for text in (option.key, option.label)}
            meant = {text: [option.key for option in options if text in (option.key, option.label)] for text in said}
            return {text: keys[0] for text, keys in meant.items() if len(keys) == 1}
        case _:
            return {}


def _named(column: Column) -> set[object]:
    """The values that the tests of a fact name."""
    return {
        value
        for test in column.given.tests
        for part in (test if isinstance(test, tuple) else (test,))
        for value in (part.values if isinstance(part, OneOf) else (part.low, part.high))
    }


def _value(column: Column, facts: Mapping[str, object]) -> object:
    return facts.get(column.given.path, column.given.default)


def values_of(
    column: Column, cells: Sequence[int], names: Mapping[object, object]
) -> tuple[dict[object, int], int]:  # fmt: skip
    """The sets of lines by value, and the set for all other values."""
    named = {value for test in column.given.tests if isinstance(test, OneOf) for value in test.values}
    by_test = _by_test(cells)
    other = _set(by_test, column, _Other())
    sets = {value: _set(by_test, column, value) for value in {*named, *names.values()}}
    return {**sets, **{name: sets[value] for name, value in names.items()}}, other


class _Other:
    """A value that no test names."""


def _by_test(cells: Sequence[int]) -> dict[int, int]:
    by_test = dict[int, int]()
    for line, cell in enumerate(cells):
        by_test[cell] = by_test.get(cell, 0) | 1 << line
    return by_test


def _set(by_test: Mapping[int, int], column: Column, value: object) -> int:
    held = 0
    for number, lines in by_test.items():
        test = column.given.tests[number]
        held |= lines if number == NONE or (isinstance(test, OneOf) and test.holds(value)) else 0
    return held


def ranges_of(
    column: Column, cells: Sequence[int], slot: Slot, next_: Callable[[Any], Any]
) -> tuple[list[Any], list[int | None]]:
    """The values from which on a set of lines holds, and the sets, one more; None out of bounds."""
    stretches = [(line, *ends) for line, cell in enumerate(cells) if cell != NONE
                 for ends in _ends(column.given.tests[cell], next_)]  # fmt: skip
    low, most = bounds_of(slot)
    high = None if most is None else next_(most)
    met: set[Any] = {low, high, *(end for _, *both in stretches for end in both)} - {None}
    cuts = sorted(met)
    places = {cut: place for place, cut in enumerate(cuts, 1)}
    turned = [0] * (len(cuts) + 2)
    for line, first, after in stretches:
        turned[0 if first is None else places[first]] ^= 1 << line
        turned[len(cuts) + 1 if after is None else places[after]] ^= 1 << line
    turned[0] ^= sum(1 << line for line, cell in enumerate(cells) if cell == NONE)
    sets: list[int | None] = list(accumulate(turned[:-1], xor))
    sets[: 0 if low is None else places[low]] = [None] * (0 if low is None else places[low])
    if high is not None:
        sets[places[high] :] = [None] * (len(sets) - places[high])
    return cuts, sets


def _each(cuts: Sequence[Any], sets: Sequence[int | None], slot: Slot) -> dict[int, int | None]:
    """The sets for each whole number within bounds."""
    low, high = bounds_of(slot)
    assert low is not None
    assert high is not None
    whole = [_whole(cut) for cut in cuts]
    return {value: sets[bisect_right(whole, value)] for value in range(_whole(low), int(high) + 1)}


def _ends(test: OneOf | tuple[Within, ...], next_: Callable[[Any], Any]) -> Iterator[tuple[Any, Any]]:
    """The least value of each range, and the least after it; None leaves it open."""
    assert isinstance(test, tuple)
    for within in test:
        low, high = within.low, within.high
        first = low if low is None or within.low_included else next_(low)
        assert first is not None or low is None  # no range starts after the last day there is
        yield first, next_(high) if high is not None and within.high_included else high


def bounds_of(slot: Slot) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest value that a fact may have, given as a number alone."""
    low, high = (slot.bounds.low, slot.bounds.high) if slot.bounds else (None, None)
    if isinstance(slot.type, Percentage):
        return max(-_ONE, -_ONE if low is None else low), min(_ONE, _ONE if high is None else high)
    return low, high


def is_whole(slot: Slot) -> bool:
    """Whether a fact is a whole number."""
    return isinstance(slot.type, Duration) or (isinstance(slot.type, Number) and slot.type.whole)


def next_of(slot: Slot) -> Callable[[Any], Any]:
    """What gives the least value of a fact that is greater than a value."""
    match slot.type:
        case Amount(currency):
            return _stepping(Decimal(1).scaleb(-decimals_of(currency)))
        case _ if is_whole(slot):
            return _stepping(_ONE)
        case _:
            return _after


def _stepping(step: Decimal) -> Callable[[Decimal], Decimal]:
    wide = Context(prec=100, Emax=MAX_EMAX, Emin=MIN_EMIN)

    def next_(value: Decimal) -> Decimal:
        return wide.multiply(wide.add(wide.divide(value, step).to_integral_value(ROUND_FLOOR), 1), step)

    return next_


def _after(value: Any) -> Any:
    try:
        if isinstance(value, datetime):
            return value + timedelta(microseconds=1)
        return value + timedelta(1) if isinstance(value, date) else _MOST_DIGITS.next_plus(value)
    except OverflowError:
        return None


@lru_cache(maxsize=1 << 16)
def _whole(cut: Any) -> Any:
    """The least whole number from a cut on."""
    return int(cut.to_integral_value(ROUND_CEILING)) if isinstance(cut, Decimal) else cut
