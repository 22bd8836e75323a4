"""Rows that clash: what the index finds is what looking at every pair finds, and a case proves each."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulec.plan.overlaps import clashes
from rulec.plan.tree import Arithmetic, Column, Compare, Const, Decides, Expr, Fact, Table
from rulec.runtime.tables import NONE, Cell, OneOf, Within
from rulec.runtime.types import Bounds, Date, Number, OutcomeSlot, Slot, Text, Time, Type, YesNo

CELLS = st.one_of(
    st.builds(
        Within,
        st.none() | st.integers(0, 6).map(Decimal), st.integers(0, 6).map(Decimal), st.booleans(), st.booleans(),
    ),
    st.builds(OneOf, st.lists(st.integers(0, 6).map(Decimal), max_size=3).map(tuple), st.booleans()),
)  # fmt: skip
HALVES = [Decimal(each) / 4 for each in range(-8, 40)]


@given(
    one=st.lists(CELLS, min_size=1, max_size=6), other=st.lists(CELLS, min_size=1, max_size=6), draw=st.data()
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_clashes_are_those_that_a_case_proves(one: list[Any], other: list[Any], draw: st.DataObject) -> None:
    size = 6
    columns = tuple(
        Column(
            Fact(path), tuple(tests),
            tuple(draw.draw(st.lists(st.integers(-1, len(tests) - 1), min_size=size, max_size=size))),
        )
        for path, tests in (("x", one), ("y", other))
    )  # fmt: skip
    decides = (Decides("o", (Const(Decimal(1)),), (0,) * size),)
    table = Table("t", "t", "f", 1, columns, decides, "f", tuple(range(size)), "unique")
    low, high = draw.draw(st.none() | st.integers(0, 3).map(Decimal)), draw.draw(st.integers(3, 6).map(Decimal))
    bounds = {"x": Bounds(low, high), "y": None}
    slots = {path: Slot(path, Number(), (path,), bounds=bounds[path]) for path in ("x", "y")}
    within = {0: [each for each in HALVES if each <= high and (low is None or low <= each)], 1: HALVES}

    def holds(row: int, value: Decimal, at: int) -> bool:
        cell = columns[at].cells[row]
        test = columns[at].tests[cell]
        return cell < 0 or (isinstance(test, OneOf | Within) and test.holds(value))

    def meet(row: int, second: int) -> bool:
        return all(any(holds(row, v, at) and holds(second, v, at) for v in within[at]) for at in (0, 1))

    expected = {(a, b) for b in range(size) for a in range(b) if meet(a, b)}
    assert {(clash.one, clash.other) for clash in clashes(table, slots)} == expected
    assert OutcomeSlot("o", Number(), "o").combine == "any"


def table_of(columns: tuple[Column, ...], given: tuple[Expr, ...] = (), combine: str = "unique") -> Table:
    """A table of two rows. `given`: what each gives, 1 in both where nothing is said."""
    decides = Decides("o", given or (Const(Decimal(1)),), (0, 1) if given else (0, 0))
    return Table("t", "t", "f", 1, columns, (decides,), "f", (1, 2), combine)


def cases_of(table: Table, kind: Type) -> list[tuple[tuple[int, object], ...]]:
    """The cases in which its rows clash, where its facts are of a type."""
    return [clash.case for clash in clashes(table, {path: Slot(path, kind, (path,)) for path in ("x", "y")})]


NEW_YEAR, NINE = date(2026, 1, 1), time(9)
MET: list[tuple[Type, Cell, Cell, object]] = [
    (Number(), Within(Decimal(5), None, False), OneOf((Decimal(6),), True), Decimal(7)),
    (Number(), Within(None, Decimal(5), True, False), OneOf((Decimal(4),), True), Decimal(3)),
    (Number(), Within(Decimal(5), Decimal(6), False, False), OneOf((Decimal(7),), True), Decimal(16) / 3),
    (Number(whole=True), Within(Decimal("2.5"), None), Within(None, Decimal("3.2")), Decimal(3)),
    (Number(whole=True), Within(None, Decimal("2.5")), OneOf((Decimal(2),), True), Decimal(1)),
    (Text(), OneOf(("…",), True), OneOf(("……",), True), "………"),
    (Date(), OneOf((NEW_YEAR,), True), OneOf((date(2026, 1, 3),), True), date(2026, 1, 2)),
    (Date(), Within(NEW_YEAR), OneOf((NEW_YEAR,), True), date(2026, 1, 2)),
    (YesNo(), OneOf((True,), True), OneOf((False,)), False),
    (Time(), OneOf((NINE,)), Within(NINE), NINE),
]


@pytest.mark.parametrize(("kind", "one", "other", "value"), MET)
def test_rows_that_meet_are_shown_by_a_value(kind: Type, one: Cell, other: Cell, value: object) -> None:
    assert cases_of(table_of((Column(Fact("x"), (one, other), (0, 1)),)), kind) == [((0, value),)]


WHOLE = Number(whole=True)
TOLD = Compare("gt", Fact("x"), Fact("y")), Compare("lt", Fact("x"), Fact("y"))
APART = [
    (WHOLE, (Column(Fact("x"), (Within(Decimal("2.1")), Within(None, Decimal("2.9"))), (0, 1)),)),
    (WHOLE, (Column(Fact("x"), (Within(None, Decimal(5)), Within(Decimal(6))), (0, 1)),)),
    (Time(), (Column(Fact("x"), (OneOf((NINE,), True), OneOf((time(8),), True)), (0, 1)),)),
    (YesNo(), (Column(Fact("x"), (OneOf((True,), True), OneOf((False,), True)), (0, 1)),)),
    (Number(), (Column(Const(True), TOLD, (0, 1)),)),  # two tests that are no cells: do both hold of anything?
    (
        Number(),
        (  # two columns that speak of the same fact
            Column(Fact("x"), (Within(Decimal(1)),), (0, 0)),
            Column(Arithmetic("mul", Fact("x"), Const(Decimal(2))), (Within(None, Decimal(1)),), (0, 0)),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "columns"), APART)
def test_rows_are_said_to_meet_only_where_a_case_proves_it(kind: Type, columns: tuple[Column, ...]) -> None:
    assert cases_of(table_of(columns), kind) == []


def test_the_same_test_of_two_rows_that_is_no_cell_parts_them_by_nothing() -> None:
    told = Column(Const(True), TOLD[:1], (0, 0))
    named = Column(Fact("y"), (OneOf((Decimal(3),)),), (0, NONE))
    assert cases_of(table_of((told,)), Number()) == [()]
    assert cases_of(table_of((Column(Const(True), TOLD[:1], (0, NONE)), named)), Number()) == [((1, Decimal(3)),)]


def test_rows_that_must_agree_clash_only_where_their_values_surely_differ() -> None:
    anything = (Column(Fact("x"), (Within(Decimal(1)),), (0, 0)),)
    one, two, unsure = Const(Decimal(1)), Const(Decimal(2)), Fact("y")
    assert cases_of(table_of(anything, (one, two), "any"), Number()) == [((0, Decimal(1)),)]
    assert cases_of(table_of(anything, (one, unsure), "any"), Number()) == []
    assert cases_of(table_of(anything, combine="any"), Number()) == []
    silent = replace(table_of(anything, combine="any"), decides=(Decides("o", (one,), (0, NONE)),))
    assert cases_of(silent, Number()) == []


def test_so_many_pairs_of_rows_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    table = table_of((Column(Fact("x"), (Within(Decimal(1)),), (0, 0)),))
    monkeypatch.setattr("rulec.plan.overlaps.MOST", 0)
    assert cases_of(table, Number()) == []
