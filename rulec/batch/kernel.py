"""Batches of facts in, the decision for each row out: each different combination is decided once.

Rows that the rules cannot tell apart share a decision. Where the first rule wins and rules ask for nothing but tests of
single facts, which rule that is comes from sets of rules by value, for all rows at once (T. V. Lakshman, D. Stiliadis,
SIGCOMM 1998); the decision itself always comes from the same code as that of one row.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from rulec.backends.lines import lines_of
from rulec.batch.classes import Array, Classes
from rulec.batch.columns import Facts, Path, leaf
from rulec.batch.results import Results
from rulec.batch.uses import uses_of
from rulec.moment import Moment
from rulec.runtime.decision import Decision
from rulec.runtime.facts import FactsError
from rulec.runtime.facts_json import parse_facts
from rulec.runtime.index import Lines
from rulec.runtime.types import ListOf, Record

if TYPE_CHECKING:
    from rulec.ruleset import RuleSet

Columns = Sequence[Any]  # an Arrow array for each fact
_MOST_KEYS = 1 << 23  # combinations that are looked up in a table
_LAST_KEY = 1 << 62
_MOST_GROUPED = 1 << 12  # sets of combinations
_MOST_DECISIONS = 1 << 16  # kept from one batch to the next


@dataclass
class _Memo:
    """What was decided so far. `by_line`: where the first rule wins, by the number of the line that holds."""

    decisions: list[Decision] = field(default_factory=list)
    by_key: dict[int, int] = field(default_factory=dict)
    by_line: dict[int, int] = field(default_factory=dict)
    table: Array = None
    columns: list[Any] = field(default_factory=list)


class Kernel:
    """Decides on batches whose columns hold these facts, at one date. `json`: the places that hold JSON texts."""

    def __init__(self, rules: "RuleSet", facts: Facts, at: Moment, json: Container[Path] = ()) -> None:
        self.rules, self.at, self.facts, self.results = rules, at, facts, Results(rules.plan)
        self.json = [path in json for path in facts]
        twice = len({slot.path for slot in facts.values()}) < len(facts)
        self.by_rows = twice or any(self.json) or any(isinstance(slot.type, ListOf | Record) for slot in facts.values())
        uses, lines = uses_of(rules.plan, at), lines_of(rules.plan)
        columns = {column.given.path: column for column in lines.columns} if self._has_firsts(lines) else {}
        language = rules.plan.language
        self.classes = [] if self.by_rows else [
            Classes(slot, uses[slot.path], language, columns.get(slot.path)) for slot in facts.values()
        ]  # fmt: skip
        self.is_exact = any(each.exact for each in self.classes)
        self.firsts = _Firsts(lines, self.classes) if columns else None
        self.memo = _Memo()

    def _has_firsts(self, lines: Lines) -> bool:
        """Whether the first line that holds settles each decision, all facts that are tested being given."""
        outcomes, given = self.rules.plan.outcomes, {slot.path for slot in self.facts.values()}
        return (
            not self.by_rows and lines.is_plain and len(outcomes) == 1 and lines.firsts == {outcomes[0].key}
            and all(line.settled and line.sole and not line.does for line in lines.lines)
            and all(column.given.path in given for column in lines.columns)
        )  # fmt: skip

    def decide(self, batch: Any) -> "Decided":
        """The decisions on an Arrow record batch."""
        if len(self.memo.decisions) > _MOST_DECISIONS or self.is_exact:
            self.memo = _Memo()
        facts = [leaf(batch, path) for path in self.facts]
        numbers = np.full(len(batch), -1, np.int64)
        if not self.by_rows:
            codes, odd = self._codes(facts, len(batch))
            fine = np.flatnonzero(~odd)
            numbers[fine] = self._by_codes(facts, [each[fine] for each in codes], fine)
        rejected: dict[int, Sequence[str]] = {}
        left = np.flatnonzero(numbers < 0)
        numbers[left] = list(self._each(facts, left.tolist(), rejected))
        return Decided(self, numbers, rejected)

    def given(self, batch: Any) -> list[dict[str, object]]:
        """What each row of a batch gives."""
        return self._given([leaf(batch, path) for path in self.facts], range(len(batch)))

    def _given(self, facts: Columns, rows: Sequence[int]) -> list[dict[str, object]]:
        columns = [_values(array.take(pa.array(rows, pa.int64()))) for array in facts]
        for at, is_json in enumerate(self.json):
            if is_json:
                columns[at] = [None if text is None else self._parsed(str(text)) for text in columns[at]]
        return [
            _nested(
                (path, column[at]) for path, column in zip(self.facts, columns, strict=True) if column[at] is not None
            )
            for at in range(len(rows))
        ]

    def _parsed(self, text: str) -> object:
        return parse_facts(text, self.rules.language)

    def _codes(self, facts: Columns, size: int) -> tuple[list[Array], Array]:
        codes, odd = list[Array](), np.zeros(size, bool)
        for array, classes in zip(facts, self.classes, strict=True):
            own, own_odd = classes.of(array)
            codes.append(own)
            odd |= own_odd
        return codes, odd

    def _by_codes(self, facts: Columns, codes: Sequence[Array], rows: Array) -> Array:
        """The number of the decision for each of the rows; -1 where the facts are refused after all."""
        keys, count = self._keys(codes, len(rows))
        if count <= _MOST_KEYS:
            return self._by_table(facts, codes, rows, keys, count)
        if self.firsts is not None:
            return self._new(facts, codes, rows, np.arange(len(rows)))
        return self._by_search(facts, codes, rows, keys, count)

    def _by_table(self, facts: Columns, codes: Sequence[Array], rows: Array, keys: Array, count: int) -> Array:
        memo = self.memo
        if memo.table is None:
            memo.table = np.full(count, -1, np.int32)
        numbers = memo.table[keys]
        if (new := np.flatnonzero(numbers < 0)).size:
            distinct, first = np.unique(keys[new], return_index=True)
            memo.table[distinct] = self._new(facts, codes, rows, new[first])
            numbers = memo.table[keys]
        return numbers

    def _by_search(self, facts: Columns, codes: Sequence[Array], rows: Array, keys: Array, count: int) -> Array:
        distinct, first, places = np.unique(keys, return_index=True, return_inverse=True)
        known = np.array([self.memo.by_key.get(key, -1) for key in distinct.tolist()], np.int64)
        if (new := np.flatnonzero(known < 0)).size:
            known[new] = self._new(facts, codes, rows, first[new])
            if count < _LAST_KEY:
                self.memo.by_key.update(zip(distinct[new].tolist(), known[new].tolist(), strict=True))
        return known[places]

    def _keys(self, codes: Sequence[Array], size: int) -> tuple[Array, int]:
        """One number for each combination, and how many there may be; _LAST_KEY where they hold for the batch only."""
        keys, count, of_batch = np.zeros(size, np.int64), 1, self.is_exact
        for own, classes in zip(codes, self.classes, strict=True):
            if not classes.asked:
                continue
            if classes.exact:
                distinct, own = np.unique(own, return_inverse=True)
                many = max(len(distinct), 1)
            else:
                many = classes.missing + 1
            if count * many >= _LAST_KEY:
                distinct, keys = np.unique(keys, return_inverse=True)
                count, of_batch = max(len(distinct), 1), True
            keys = keys * many + own
            count *= many
        return keys, _LAST_KEY if of_batch else count

    def _new(self, facts: Columns, codes: Sequence[Array], rows: Array, places: Array) -> Array:
        """The numbers of decisions on combinations not met before, of each of which a row is given."""
        if self.firsts is None:
            return np.array(list(self._each(facts, rows[places].tolist(), {})), np.int64)
        lines, known = self.firsts.of([each[places] for each in codes]), self.memo.by_line
        met = np.flatnonzero(np.bincount(lines - _Firsts.UNKNOWN)) + _Firsts.UNKNOWN
        for line in met.tolist():
            if line != _Firsts.UNKNOWN and line not in known:
                known[line] = next(self._each(facts, [int(rows[places[(lines == line).argmax()]])], {}))
        by_line = np.full(len(self.firsts.order) - _Firsts.UNKNOWN, -1, np.int64)
        by_line[np.array(list(known), np.int64) - _Firsts.UNKNOWN] = list(known.values())
        numbers = by_line[lines - _Firsts.UNKNOWN]
        left = np.flatnonzero(lines == _Firsts.UNKNOWN)
        numbers[left] = list(self._each(facts, rows[places[left]].tolist(), {}))
        return numbers

    def _each(self, facts: Columns, rows: Sequence[int], rejected: dict[int, Sequence[str]]) -> Iterator[int]:
        """The numbers of the decisions on some rows, each as one decision; -1 and what is wrong for one refused."""
        decisions = self.memo.decisions
        for row, given in zip(rows, self._given(facts, rows), strict=True):
            try:
                decision = self.rules.decide(given, self.at)
            except FactsError as error:
                rejected[row] = [f"{one.code} {one.message(error.language)}" for one in error.problems]
                yield -1
                continue
            decisions.append(decision)
            yield len(decisions) - 1


def _nested(members: Iterable[tuple[Path, object]]) -> dict[str, object]:
    """The values at their places in objects."""
    found: dict[str, Any] = {}
    for path, value in members:
        place = found
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = value
    return found


def _values(column: Any) -> list[object]:
    """The values of a column; as text those that Python does not have, such as moments in nanoseconds."""
    try:
        found: list[object] = column.to_pylist()
    except (ValueError, OverflowError):
        return [_value(scalar) for scalar in column]
    return found


def _value(scalar: Any) -> object:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return str(scalar.cast(pa.string()).as_py())


class _Firsts:
    """The lines in sets by value: which is the first that holds, for many rows at once. `order`: the lines in order."""

    NONE, UNKNOWN = -1, -2

    def __init__(self, lines: Lines, classes: Sequence[Classes]) -> None:
        self.order = sorted(range(len(lines.lines)), key=lambda number: (lines.lines[number].rank, number))
        self.width = max(1, -(-len(self.order) // 64))
        self.missing = [(at, each.missing) for at, each in enumerate(classes) if each.asked]
        self.groups = list[tuple[list[tuple[int, int]], Array]]()  # facts with how many numbers, and the sets of all
        for at, each in sorted(enumerate(classes), key=lambda each: each[1].missing):
            if each.sets != [-1]:
                self._group(at, self._words(each.sets))

    def _group(self, at: int, words: Array) -> None:
        """One more fact: with those before it, if the sets of their combinations are few."""
        if self.groups and len(self.groups[-1][1]) * len(words) <= _MOST_GROUPED:
            facts, sets = self.groups.pop()
            both = (sets[:, None, :] & words[None, :, :]).reshape(-1, self.width)
            self.groups.append(([*facts, (at, len(words))], both))
        else:
            self.groups.append(([(at, len(words))], words))

    def _words(self, sets: Sequence[int]) -> Array:
        """Each set as words of 64 lines, those that come first in the lowest bits."""
        if self.order != sorted(self.order):
            sets = [sum(1 << place for place, number in enumerate(self.order) if held >> number & 1) for held in sets]
        whole = (1 << 64 * self.width) - 1
        packed = b"".join((held & whole).to_bytes(8 * self.width, "little") for held in sets)
        return np.frombuffer(packed, np.uint64).reshape(len(sets), self.width)

    def of(self, codes: Sequence[Array]) -> Array:
        """The number of the first line that holds; NONE; UNKNOWN where a fact that is asked for is missing."""
        size = len(codes[0]) if codes else 0
        missing = reduce(np.logical_or, (codes[at] == last for at, last in self.missing), np.zeros(size, bool))
        known = np.flatnonzero(~missing)
        found = np.full(size, self.UNKNOWN, np.int64)
        for start in range(0, len(known), step := max(1, (1 << 17) // self.width)):
            rows = known[start : start + step]
            found[rows] = self._first([each[rows] for each in codes])
        return found

    def _first(self, codes: Sequence[Array]) -> Array:
        if not self.groups:
            return np.full(len(codes[0]), 0 if self.order else self.NONE, np.int64)
        held = reduce(np.bitwise_and, (sets[_combined(facts, codes)] for facts, sets in self.groups))
        word = (held != 0).argmax(axis=1)
        bits = held[np.arange(len(held)), word]
        low = bits & (~bits + np.uint64(1))
        place = np.frexp(low.astype(np.float64))[1] - 1  # a power of two: exact
        return np.where(bits == 0, self.NONE, word * 64 + place)


def _combined(facts: Sequence[tuple[int, int]], codes: Sequence[Array]) -> Array:
    """One number for each combination of those of several facts."""
    number = codes[facts[0][0]]
    for at, many in facts[1:]:
        number = number * many + codes[at]
    return number


class Decided:
    """The decisions on a batch. `rejected`: row → what is wrong with its facts."""

    def __init__(self, kernel: Kernel, numbers: Array, rejected: Mapping[int, Sequence[str]]) -> None:
        self.kernel, self.numbers, self.rejected = kernel, numbers, dict(sorted(rejected.items()))

    def decisions(self) -> list[Decision | None]:
        """The decision for each row, None for one rejected."""
        told = self.kernel.memo.decisions
        return [told[number] if number >= 0 else None for number in self.numbers.tolist()]

    def columns(self) -> list[Any]:
        """The columns of `Results`, rejected rows with what is wrong with them."""
        results, memo = self.kernel.results, self.kernel.memo
        known = len(memo.columns[0]) if memo.columns else 0
        if known < len(memo.decisions) or not memo.columns:
            new = results.arrays(memo.decisions[known:])
            memo.columns = list(map(_joined, memo.columns, new)) if memo.columns else new
        columns, numbers, wrong = memo.columns, self.numbers, list(self.rejected)
        if wrong:
            columns = list(map(_joined, columns, results.refused(list(self.rejected.values()))))
            numbers = numbers.copy()
            numbers[wrong] = np.arange(len(memo.decisions), len(memo.decisions) + len(wrong))
        return [column.take(pa.array(numbers)) for column in columns]


def _joined(one: Any, other: Any) -> Any:
    return pa.concat_arrays([one, other])
