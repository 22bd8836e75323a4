"""A plan in, small changes of the rows of its tables out: where a range ends, what a row gives."""

from collections.abc import Iterator
from dataclasses import replace

from rulec.plan.tree import Column, Const, Decides, Fact, Plan, Table
from rulec.runtime import types as t
from rulec.runtime.tables import NONE, Within
from rulec.tree import walk
from rulec.trial.changes import Change, Told, next_value


def table_changes_of(plan: Plan) -> Iterator[Change]:
    """Every change, row by row."""
    for at, table in enumerate(plan.tables):
        for new, told, row in _of_table(plan, table):
            tables = (*plan.tables[:at], new, *plan.tables[at + 1 :])
            yield Change(table.id, table.span, told, replace(plan, tables=tables), row)


def _of_table(plan: Plan, table: Table) -> Iterator[tuple[Table, Told, int]]:
    kinds = {slot.path: slot.type for slot in plan.facts}
    outcomes = {slot.key: slot.type for slot in plan.outcomes}
    for row in range(len(table.lines)):
        for at, column in enumerate(table.columns):
            if row < len(column.cells):
                for new, told in _ends(column, row, _type_of(column, kinds)):
                    yield replace(table, columns=(*table.columns[:at], new, *table.columns[at + 1 :])), told, row
        for at, decides in enumerate(table.decides):
            for given, told in _given(decides, row, outcomes[decides.outcome]):
                yield replace(table, decides=(*table.decides[:at], given, *table.decides[at + 1 :])), told, row


def _type_of(column: Column, kinds: dict[str, t.Type]) -> t.Type | None:
    """The type of the one fact that a column is about; None for a calculation."""
    facts = {node.path for node in walk(column.input) if isinstance(node, Fact)}
    return kinds.get(facts.pop()) if len(facts) == 1 else None


def _ends(column: Column, row: int, kind: t.Type | None) -> Iterator[tuple[Column, Told]]:
    """The row with an end of its range included where it was not, and the other way round."""
    number = column.cells[row]
    test = column.tests[number] if number != NONE else None
    if not isinstance(test, Within) or test.low == test.high:
        return
    low, high = test.low_included, test.high_included
    flipped = (
        (test.low, low, replace(test, low_included=not low)),
        (test.high, high, replace(test, high_included=not high)),
    )
    for end, included, new in flipped:
        if end is not None:
            cells = (*column.cells[:row], len(column.tests), *column.cells[row + 1 :])
            told = Told("excluded" if included else "included", end, kind=kind)
            yield replace(column, tests=(*column.tests, new), cells=cells), told


def _given(decides: Decides, row: int, kind: t.Type) -> Iterator[tuple[Decides, Told]]:
    """The row with another value."""
    last = row == len(decides.cells)  # the default row
    number = decides.default if last else decides.cells[row]
    value = decides.values[number] if number != NONE else None
    kind = kind.item if isinstance(kind, t.ListOf) else kind
    after = next_value(kind, value.value) if isinstance(value, Const) else None
    if isinstance(value, Const) and after is not None:
        told = Told("instead", value.value, after, kind)
        values, new = (*decides.values, Const(after)), len(decides.values)
        if last:
            yield replace(decides, values=values, default=new), told
        else:
            yield replace(decides, values=values, cells=(*decides.cells[:row], new, *decides.cells[row + 1 :])), told
