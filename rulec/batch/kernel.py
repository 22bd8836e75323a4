"""Batches of facts in, the decision for each row out: each different combination is decided once.

Rows that the rules cannot tell apart share a decision, or all of it but what is calculated. Where the first rule wins
and rules ask for nothing but tests of single facts, which rule that is is found for all rows at once; the decision
itself always comes from the same code as that of one row.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from rulec.backends.lines import lines_of
from rulec.batch.arrays import Array, Entries, at_places, either, with_numbers
from rulec.batch.classes import Classes, Coded
from rulec.batch.columns import Facts, Path, is_measured, leaf
from rulec.batch.computed import Computed, Values
from rulec.batch.firsts import Codes, Firsts
from rulec.batch.formulas import formulas_of
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
_MOST_NEAR = 1 << 17  # those for which that is quicker than to find the first line
_LAST_KEY = 1 << 62
_MOST_DECISIONS = 1 << 16  # kept from one batch to the next


@dataclass
class _Memo:
    """What was decided so far; -1 for what was not met yet.

    `by_line`: where the first rule wins, by the number of the line that holds, last where none does; `table`: by the
    number of the combination. `same`: those of `columns` whose values are all the same, as long as the longest batch.
    """

    decisions: list[Decision] = field(default_factory=list)
    by_key: dict[int, int] = field(default_factory=dict)
    by_line: Array = None
    table: Array = None
    columns: list[Entries] = field(default_factory=list)
    same: dict[int, Any] = field(default_factory=dict)


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
        many = [each.missing + 1 for each in self.classes if each.asked]
        self.combinations = _LAST_KEY if self.is_exact else min(_LAST_KEY, prod(many))  # those last for one batch
        self.firsts = Firsts(lines, self.classes) if columns else None
        self.memo = self._nothing()
        self.computed, self.tests = self._calculated() if self.is_exact else (None, self)
        self.is_exact &= self.computed is None

    def _calculated(self) -> "tuple[Computed | None, Kernel]":
        """What calculates for many rows at once, if anything does, and what decides on their tests."""
        numbers = frozenset(slot.path for slot in self.facts.values() if is_measured(slot))
        scales = {each.name: each.type.scale for each in self.results.schema if pa.types.is_decimal(each.type)}
        outcomes = frozenset(slot.key for slot in self.rules.plan.outcomes if slot.key in scales and not slot.each)
        formulas = formulas_of(self.rules.plan, numbers, outcomes)
        if formulas is not None:
            tests = Kernel(replace(self.rules, plan=formulas.plan), self.facts, self.at)
            if not tests.is_exact:
                return Computed(formulas, scales), tests
        return None, self

    def _nothing(self) -> _Memo:
        return _Memo(by_line=None if self.firsts is None else np.full(len(self.firsts.order) + 1, -1, np.int32))

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
        self._tidy()
        facts, values = [leaf(batch, path) for path in self.facts], Values()
        if self.computed is not None:
            numbers, values = self._by_formulas(self.computed, facts, len(batch))
        else:
            numbers = np.full(len(batch), -1, np.int32) if self.by_rows else self._by_columns(facts, len(batch))
        rejected: dict[int, Sequence[str]] = {}
        if len(batch) and numbers.min() < 0:
            left = np.flatnonzero(numbers < 0)
            numbers[left] = list(self._each(facts, left.tolist(), rejected))
        return Decided(self, numbers, rejected, values)

    def _tidy(self) -> bool:
        """Forget what was decided if it is too much, or of no use for another batch; whether it was."""
        forgets = len(self.memo.decisions) > _MOST_DECISIONS or self.is_exact
        if forgets:
            self.memo = self._nothing()
        return forgets

    def _by_formulas(self, computed: Computed, facts: Columns, size: int) -> tuple[Array, Values]:
        """The number of a decision like that of each row, -1 where that is to be found by itself; the numbers of it."""
        if self.tests._tidy() or not self.memo.decisions:
            computed.forget()
        coded, known, columns = list[Coded](), np.ones(size, bool), dict[str, tuple[Array, int]]()
        for array, classes, tests in zip(facts, self.classes, self.tests.classes, strict=True):
            if classes.slot.path in computed.formulas.facts:
                exact = classes.of(array)
                columns[classes.slot.path] = exact.numbers, classes.scale
                for out in (exact.odd, exact.missing):
                    known &= True if out is None else ~out
                coded.append(tests.of_exact(exact))
            else:
                coded.append(tests.of(array))
        tested = self.tests._by_coded(facts, coded, size)

        def decide(row: int) -> int:
            return next(self._each(facts, [row], {}))

        return computed.of(tested, self.tests.memo.decisions, columns, known, decide)

    def _by_columns(self, facts: Columns, size: int) -> Array:
        """The number of the decision for each row; -1 where that is to be found row by row."""
        return self._by_coded(facts, [own.of(array) for array, own in zip(facts, self.classes, strict=True)], size)

    def _by_coded(self, facts: Columns, coded: Sequence[Coded], size: int) -> Array:
        """As `_by_columns`, the values having their numbers."""
        odd = reduce(either, (each.odd for each in coded), None)
        missing = reduce(either, (each.missing for each in coded if each.numbers is not None), None)
        codes = [each.numbers for each in coded]
        if odd is None:
            return self._by_codes(facts, codes, missing, np.arange(size))
        numbers, fine = np.full(size, -1, np.int32), np.flatnonzero(~odd)
        if missing is not None:
            missing = missing[fine]
        numbers[fine] = self._by_codes(facts, _of(fine, codes), missing, fine)
        return numbers

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

    def _by_codes(self, facts: Columns, codes: Codes, missing: Array | None, rows: Array) -> Array:
        """The number of the decision for each of the rows; -1 where the facts are refused after all."""
        if self.firsts is not None and missing is None and self.combinations > _MOST_NEAR:
            return self._by_line(facts, codes, rows)
        keys, count = self._keys(codes, len(rows))
        by_keys = self._by_table if count <= _MOST_KEYS else self._by_search
        return by_keys(facts, codes, missing, rows, keys)

    def _by_table(
        self, facts: Columns, codes: Codes, missing: Array | None, rows: Array, keys: Array
    ) -> Array:  # fmt: skip
        memo = self.memo
        if memo.table is None:
            memo.table = np.full(int(self.combinations), -1, np.int32)
        numbers = at_places(memo.table, keys)
        if len(rows) and numbers.min() < 0:
            new = np.flatnonzero(numbers < 0)
            distinct, first = np.unique(keys[new], return_index=True)
            memo.table[distinct] = self._new(facts, codes, missing, rows, new[first])
            numbers = at_places(memo.table, keys)
        return numbers

    def _by_search(
        self, facts: Columns, codes: Codes, missing: Array | None, rows: Array, keys: Array
    ) -> Array:  # fmt: skip
        distinct, first, places = np.unique(keys, return_index=True, return_inverse=True)
        known = np.array([self.memo.by_key.get(key, -1) for key in distinct.tolist()], np.int32)
        if (new := np.flatnonzero(known < 0)).size:
            known[new] = self._new(facts, codes, missing, rows, first[new])
            if self.combinations < _LAST_KEY:
                self.memo.by_key.update(zip(distinct[new].tolist(), known[new].tolist(), strict=True))
        return known[places]

    def _keys(self, codes: Codes, size: int) -> tuple[Array, int]:
        """One number for each combination, and how many there may be; _LAST_KEY where they hold for the batch only."""
        keys, count = np.zeros(size, np.min_scalar_type(self.combinations)), 1
        for own, classes in zip(codes, self.classes, strict=True):
            if own is None:
                continue
            if classes.exact:
                distinct, own = np.unique(own, return_inverse=True)
                many = max(len(distinct), 1)
            else:
                many = classes.missing + 1
            if count * many >= _LAST_KEY:
                distinct, keys = np.unique(keys, return_inverse=True)
                count = max(len(distinct), 1)
            keys *= many
            np.add(keys, own, out=keys, casting="unsafe")  # each is less than the number of combinations
            count *= many
        return keys, max(count, self.combinations)

    def _new(self, facts: Columns, codes: Codes, missing: Array | None, rows: Array, places: Array) -> Array:
        """The numbers of decisions on combinations not met before, of each of which a row is given."""
        numbers, settled = np.full(len(places), -1, np.int32), np.zeros(len(places), bool)
        if self.firsts is not None:
            settled = np.ones(len(places), bool) if missing is None else ~missing[places]
            some = places[settled]
            numbers[settled] = self._by_line(facts, _of(some, codes), rows[some])
        numbers[~settled] = list(self._each(facts, rows[places[~settled]].tolist(), {}))
        return numbers

    def _by_line(self, facts: Columns, codes: Codes, rows: Array) -> Array:
        """The numbers of the decisions on rows in which no fact that is asked for is missing."""
        assert self.firsts is not None
        lines, known = self.firsts.of(codes, len(rows)), self.memo.by_line
        numbers = known[lines]
        if len(rows) and numbers.min() < 0:
            for line in np.unique(lines[numbers < 0]).tolist():
                known[line] = next(self._each(facts, [int(rows[(lines == line).argmax()])], {}))
            numbers = known[lines]
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


def _of(rows: Array, codes: Codes) -> Codes:
    return [None if each is None else each[rows] for each in codes]


class Decided:
    """The decisions on a batch. `rejected`: row → what is wrong with its facts. `values`: what is calculated."""

    def __init__(
        self, kernel: Kernel, numbers: Array, rejected: Mapping[int, Sequence[str]], values: Values
    ) -> None:  # fmt: skip
        self.kernel, self.numbers, self.rejected = kernel, numbers, dict(sorted(rejected.items()))
        self.values = values

    def columns(self) -> list[Any]:
        """The columns of `Results`, rejected rows with what is wrong with them."""
        columns, names = self._columns(), self.kernel.results.schema.names
        for key, (values, given) in self.values.items():
            place = names.index(key)
            columns[place] = with_numbers(columns[place], values, given)
        return columns

    def _columns(self) -> list[Any]:
        """The columns, of rows that share a decision all alike."""
        results, memo = self.kernel.results, self.kernel.memo
        known = len(memo.columns[0].column) if memo.columns else 0
        if known < len(memo.decisions) or not memo.columns:
            new = results.arrays(memo.decisions[known:])
            new = [_joined(each.column, own) for each, own in zip(memo.columns, new, strict=True)] if known else new
            memo.columns = list(map(Entries, new))
            memo.same = {at: column for at, column in enumerate(new) if _is_same(column)}
        if self.rejected:
            whole = [each.column for each in memo.columns]
            return self._with_rejected(whole, results.refused(list(self.rejected.values())))
        return [
            self._repeated(at) if at in memo.same else each.at(self.numbers) for at, each in enumerate(memo.columns)
        ]

    def _repeated(self, at: int) -> Any:
        same, size = self.kernel.memo.same, len(self.numbers)
        if len(same[at]) < size:
            same[at] = _first_of(same[at], size)
        return same[at].slice(0, size)

    def _with_rejected(self, columns: Sequence[Any], refused: Sequence[Any]) -> list[Any]:
        numbers, wrong = self.numbers.copy(), list(self.rejected)
        numbers[wrong] = np.arange(len(columns[0]), len(columns[0]) + len(wrong))
        return [_joined(column, own).take(pa.array(numbers)) for column, own in zip(columns, refused, strict=True)]


def _is_same(column: Any) -> bool:
    """Whether all values, at least one, are the same."""
    return len(column) > 0 and column.equals(_first_of(column, len(column)))


def _first_of(column: Any, size: int) -> Any:
    return column.take(pa.array(np.zeros(size, np.int32)))


def _joined(one: Any, other: Any) -> Any:
    return pa.concat_arrays([one, other])
