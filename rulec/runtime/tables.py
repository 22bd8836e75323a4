"""The rows of a table that may apply in, what it gives each outcome out: its own policy, then its default row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from rulec.runtime.combine import Places, combine, conclude
from rulec.runtime.decision import FiredRule, OutcomeResult
from rulec.runtime.errors import Problem
from rulec.runtime.kleene import NOTHING, Truth, Unknown, Way, all_of, any_of, join, negate
from rulec.runtime.plain import Plain, plain
from rulec.runtime.types import OutcomeSlot

NONE = -1  # in a cell: no test (anything), or no value (nothing given)
Rows = Sequence[tuple[int, Truth]]  # from 0, in order: those that may apply, and whether they do
Fired = tuple[FiredRule, ...]
ValueOf = Callable[[int], object]  # the value of that number, as `Output.cells` counts them


@plain
class OneOf(Plain):
    """A cell that holds for these values; `negated`: for all others."""

    values: tuple[object, ...]
    negated: bool = False

    def holds(self, value: object) -> bool:
        """Whether it holds for a value; of nothing, it does not."""
        return value is not NOTHING and (value in self.values) is not self.negated


@plain
class Within(Plain):
    """A cell that holds from `low` to `high`, each included or not; None leaves an end open."""

    low: object = None
    high: object = None
    low_included: bool = True
    high_included: bool = True

    def holds(self, value: object) -> bool:
        """Whether it holds for a value; of nothing, it does not."""
        if value is NOTHING:
            return False
        above = self.low is None or self.low < value or (self.low_included and self.low == value)  # type: ignore[operator]  # both are held alike
        below = self.high is None or value < self.high or (self.high_included and self.high == value)  # type: ignore[operator]
        return above and below


Cell = OneOf | Within


@plain
class Output(Plain):
    """A decided column. `slot`: the outcome under the table's policy; `cells`: for each row the number of its value."""

    slot: OutcomeSlot
    cells: tuple[int, ...]
    default: int = NONE


@plain
class TableSlot(Plain):
    """What a decision needs to know of a table besides its tests and values.

    `file`, `lines`: where each row stands, the default row last if there is one.
    """

    id: str
    title: str
    file: str
    lines: tuple[int, ...]
    outputs: tuple[Output, ...]

    def row(self, number: int) -> FiredRule:
        """The row of that number, from 0, as a decision names it."""
        return FiredRule(self.id, self.title, self.file, self.lines[number], number + 1)


class FromTable(NamedTuple):
    """What a table gives an outcome. `applies`: whether it gives a value; `rows`: those that certainly give it."""

    applies: Truth
    value: object
    rows: Fired = ()


def given_by(
    table: TableSlot, rows: Rows, values: Mapping[str, ValueOf], places: Places, language: str
) -> dict[str, FromTable]:  # fmt: skip
    """For each outcome, what the table gives it."""
    return {
        output.slot.key: _given(table, output, rows, values[output.slot.key], places, language)
        for output in table.outputs
    }


def surely_given(
    table: TableSlot, rows: Sequence[int], values: Mapping[str, ValueOf], language: str
) -> dict[str, OutcomeResult]:  # fmt: skip
    """For each outcome, what the table gives it where exactly these rows apply."""
    given = dict[str, OutcomeResult]()
    for output in table.outputs:
        value_of, last = values[output.slot.key], len(table.lines) - 1
        numbers = [(row, output.cells[row]) for row in rows] or [(last, output.default)]
        told = [(table.row(row), value_of(number)) for row, number in numbers if number != NONE]
        given[output.slot.key] = conclude(output.slot, told, language)
    return given


def _given(
    table: TableSlot, output: Output, rows: Rows, value_of: ValueOf, places: Places, language: str
) -> FromTable:  # fmt: skip
    some, slot, last = any_of(truth for _, truth in rows), output.slot, len(table.lines) - 1
    default = NOTHING if output.default == NONE or some is True else value_of(output.default)
    giving = [row for row in rows if output.cells[row[0]] != NONE]
    applies = any_of(truth for _, truth in giving)
    if some is False and default is not NOTHING:
        rows, giving, applies = [(last, True)], [(last, True)], True
    elif default is not NOTHING and len(giving) < len(rows):  # a row that gives nothing leaves none to the default
        return FromTable(some, some)
    elif isinstance(default, Unknown):
        return FromTable(True, join([default, *(truth for _, truth in rows if isinstance(truth, Unknown))]))
    elif default is not NOTHING:
        slot, applies = replace(slot, default=default), True
    numbers = (*output.cells, output.default)
    told = [(table.row(row), _ways(row + 1, truth, value_of(numbers[row]))) for row, truth in giving]
    result = combine(slot, told, places, language)
    return FromTable(applies, _held(table, slot, result), result.fired)


def _ways(number: int, truth: Truth, value: object) -> Sequence[Way]:
    return (Way(number, value, truth), Way(0, NOTHING)) if isinstance(truth, Unknown) else (Way(number, value),)


def _held(table: TableSlot, slot: OutcomeSlot, result: OutcomeResult) -> object:
    """A result as a value that may be nothing, or unknown."""
    if result.status == "decided":
        return result.value
    if result.status == "not_applicable":
        return NOTHING
    problems = frozenset(result.problems)
    if result.status == "conflict":
        lines = ", ".join(str(fired.line) for fired in result.fired)
        details = (("outcome", slot.name), ("table", table.title), ("file", table.file), ("lines", lines))
        problems = frozenset((Problem("E560", details),))
    return Unknown(frozenset(result.missing), problems, result.status)


def table_ways(silenced: Truth, given: FromTable) -> Sequence[Way]:
    """The ways that a table may go for one outcome, as a rule of one branch has them."""
    open_ = all_of((negate(silenced), given.applies))
    if isinstance(open_, Unknown):
        return (Way(1, given.value, open_), Way(0, NOTHING))
    return (Way(1, given.value),) if open_ else (Way(0, NOTHING),)


def with_rows(result: OutcomeResult) -> OutcomeResult:
    """A result in which each table that fired is told by its rows."""
    if not any(rule.rows for rule in result.fired):
        return result
    rows = dict.fromkeys(each for rule in result.fired for each in rule.rows or (rule,))
    return replace(result, fired=tuple(rows))
