"""The guard against malformed plans: it accepts what the strategies make, and refuses each kind of fault."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from strategies import Case, cases

from rulec.plan import tree as t
from rulec.plan.kinds import Kinds, PlanError, kind_of_type, kind_of_value
from rulec.plan.verify import verify
from rulec.runtime.types import ActionSlot, Choice, ListOf, Number, Option, OutcomeSlot, Record, Slot, Text, YesNo

TEN, YES, ABC, DAY = t.Const(Decimal(10)), t.Const(True), t.Const("abc"), t.Const(date(2026, 1, 1))
PLAN = t.Plan(
    facts=(Slot("x", Number(), ("x",)), Slot("r", Record("e"), ("r",))),
    outcomes=(OutcomeSlot("o", Number(), "o"), OutcomeSlot("other", Number(), "other")),
    actions=(ActionSlot("a", "a", (("why", "why", Text()),)),),
    rules=(),
    order=(),
)


@given(case=cases())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
def test_plans_of_the_strategies_are_sound(case: Case) -> None:
    verify(case.plan)


def rule(number: int = 0, condition: t.Expr = YES, value: t.Expr = TEN, **more: Any) -> t.Rule:
    branch = t.Branch(1, condition, (t.Give("o", value),))
    return replace(t.Rule(f"r{number}", "R", "f", 1, (branch,)), **more)


def with_rules(*rules: t.Rule) -> t.Plan:
    return replace(PLAN, rules=rules, order=tuple(each.id for each in rules))


@pytest.mark.parametrize(
    "condition",
    [
        t.Fact("nowhere"),
        t.Fact("x"),
        t.Given("nowhere"),
        t.Decided("nowhere"),
        t.OutcomeGiven("nowhere"),
        t.Applies("nowhere", ("o",)),
        t.Not(TEN),
        t.All((YES, TEN)),
        t.AnyOf((TEN,)),
        t.Count(2, 1, ()),
        t.Count(0, 1, (ABC,)),
        t.Compare("lt", TEN, ABC),
        t.Compare("approx", TEN, TEN),
        t.In(TEN, ("a",)),
        t.TextTest("sounds", ABC, "b"),
        t.TextTest("starts", TEN, "b"),
        t.Holiday("XX", DAY),
        t.Compare("eq", t.TimeOf(DAY), t.Const(time(9))),
        t.Compare("eq", t.Const(None), t.Const(None)),
        t.Compare("eq", t.Const(datetime(2026, 1, 1)), t.Today()),  # without zone on purpose
        t.Compare("eq", t.Const(Decimal("NaN")), TEN),
    ],
)
def test_a_malformed_condition_is_refused(condition: t.Expr) -> None:
    with pytest.raises(PlanError):
        verify(with_rules(rule(condition=condition)))


@pytest.mark.parametrize(
    "value",
    [
        ABC,
        t.Arithmetic("log", TEN, TEN),
        t.Arithmetic("add", TEN, DAY),
        t.Elapsed("week", DAY, DAY),
        t.Elapsed("day", DAY, TEN),
        t.DatePart("century", DAY),
        t.DatePart("day", ABC),
        t.Round(TEN, Decimal(0), "up"),
        t.Round(TEN, Decimal(1), "odd"),
        t.Round(ABC, Decimal(1), "up"),
        t.Extreme("min", ()),
        t.Defined("nowhere"),
        t.Choose(((YES, TEN),)),
        t.Choose(((YES, TEN),), ABC),
        t.Choose(((TEN, TEN),), TEN),
        t.Join((ABC, ABC)),
        t.Round(t.Piece("middle", ABC, TEN), Decimal(1), "up"),
        t.Round(t.Piece("first", ABC, TEN), Decimal(1), "up"),
        t.Extreme("mean", (TEN,)),
        t.Extreme("max", (TEN, ABC)),
        t.Elapsed("day", t.Shift(DAY, TEN, "week"), DAY),
        t.Elapsed("day", t.Shift(ABC, TEN, "day"), DAY),
        t.Elapsed("day", t.Shift(DAY, ABC, "day"), DAY),
        t.Elapsed("day", t.DayOf(TEN), DAY),
        t.Elapsed("day", t.WorkingShift("XX", 5, DAY, TEN), DAY),
        t.WorkingElapsed("XX", 6, DAY, DAY),
    ],
)
def test_a_malformed_value_is_refused(value: t.Expr) -> None:
    with pytest.raises(PlanError):
        verify(with_rules(rule(value=value)))


def defined(key: str, value: t.Expr) -> t.Definition:
    return t.Definition(key, Number(), (key,), "f", 1, value)


BRANCH = t.Branch(1, YES, (t.Give("o", TEN),))


@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, facts=PLAN.facts * 2),
        replace(PLAN, facts=(Slot("x", Number(), ("x",), default="1"),)),
        replace(PLAN, outcomes=(OutcomeSlot("a", Number(), "a"),)),
        replace(PLAN, outcomes=(OutcomeSlot("o", Number(), "o", "vote"),)),
        replace(PLAN, outcomes=(OutcomeSlot("o", Text(), "o", "sum"),)),
        replace(PLAN, outcomes=(OutcomeSlot("o", Record("e"), "o"),)),
        replace(PLAN, outcomes=(OutcomeSlot("o", Number(), "o", "collect", default="a"),)),
        replace(PLAN, outcomes=(OutcomeSlot("o", Number(), "o", default=True),)),
        replace(PLAN, outcomes=(OutcomeSlot("o", Choice((Option("a", "a"),)), "o", "priority", order=("b",)),)),
        replace(PLAN, outcomes=(OutcomeSlot("o", YesNo(), "o", "priority", order=("b",)),)),
        with_rules(rule(), rule()),
        replace(with_rules(rule()), order=()),
        with_rules(rule(exceptions=("r1",)), rule(1)),
        with_rules(rule(condition=t.Applies("r1", ("o",))), rule(1)),
        with_rules(rule(condition=t.OutcomeGiven("o"))),
        with_rules(rule(unless=TEN)),
        with_rules(rule(condition=t.DefinedGiven("nowhere"))),
        replace(PLAN, definitions=(defined("d", ABC),)),
        replace(PLAN, definitions=(defined("x", TEN),)),
        replace(PLAN, definitions=(defined("d", t.Choose(())),)),
        replace(PLAN, definitions=(defined("d", t.Defined("e")), defined("e", TEN))),
        replace(with_rules(rule(value=t.Defined("d"))), definitions=(defined("d", t.Decided("o")),)),
        with_rules(rule(branches=(replace(BRANCH, number=2),))),
        with_rules(rule(branches=(replace(BRANCH, gives=BRANCH.gives * 2),))),
        with_rules(rule(branches=(replace(BRANCH, gives=(t.Give("nowhere", TEN),)),))),
        with_rules(rule(branches=(replace(BRANCH, does=(t.Do("nowhere"),)),))),
        with_rules(rule(branches=(replace(BRANCH, does=(t.Do("a", (("when", ABC),)),)),))),
        with_rules(rule(branches=(replace(BRANCH, does=(t.Do("a", (("why", TEN),)),)),))),
        with_rules(rule(branches=(replace(BRANCH, does=(t.Do("a", (("why", ABC), ("why", ABC))),)),))),
    ],
)
def test_a_malformed_plan_is_refused(plan: t.Plan) -> None:
    with pytest.raises(PlanError):
        verify(plan)


def judged(answer: Any, why: t.Expr = ABC, path: str = "m", text: str = "s") -> t.Plan:
    facts = (*PLAN.facts, Slot("m", YesNo(), ("m",), judged=True), Slot("s", Text(), ("s",)))
    said = t.Judgement(path, text, "it is so", ((answer, ("yes",)),), (t.Do("a", (("why", why),)),), "f", 1)
    return replace(PLAN, facts=facts, judgements=(said,))


def test_what_is_judged_has_answers_of_its_type_from_a_text() -> None:
    verify(judged(True))
    for wrong in (judged("yes"), judged(True, why=t.Fact("s")), judged(True, path="x"), judged(True, text="x")):
        with pytest.raises(PlanError):
            verify(wrong)


def test_what_is_collected_may_be_given_one_by_one_or_as_a_list() -> None:
    for type_ in (ListOf(Number()), Number()):
        plan = replace(PLAN, outcomes=(OutcomeSlot("o", type_, "o", "collect", default=()),))
        for value in (TEN, t.Const((Decimal(1), Decimal(2)))):
            verify(replace(plan, rules=(rule(value=value),), order=("r0",)))


def test_a_table_may_add_up_its_rows_for_an_outcome_that_is_a_list() -> None:
    plan = replace(PLAN, outcomes=(OutcomeSlot("o", ListOf(Number()), "o", "collect"),))
    rows = t.Table("r0", "T", "f", 1, (), (t.Decides("o", (TEN,), (0, 0)),), "f", (2, 3), "sum")
    verify(replace(plan, tables=(rows,), order=("r0",)))


def test_the_kinds_of_values() -> None:
    assert kind_of_value({"a": 1}) == "record" == kind_of_type(Record("e"))
    assert kind_of_value(datetime(2026, 1, 1, tzinfo=UTC)) == "moment"
    kinds, moment = Kinds(PLAN), t.Const(datetime(2026, 1, 1, tzinfo=UTC))
    assert [kinds.of(t.Shift(day, TEN, "day")) for day in (DAY, moment)] == ["date", "moment"]
    assert kinds.of(t.DayOf(moment)) == kinds.of(t.Today()) == "date"


def test_the_kinds_of_what_is_made_of_lists() -> None:
    line = Record("line", (Slot("price", Number(), ("price",)),))
    kinds = Kinds(replace(PLAN, facts=(*PLAN.facts, Slot("lines", ListOf(line), ("lines",)))))
    lines, dear = t.Fact("lines"), t.Compare("gt", t.Member(t.Item("lines"), "price"), TEN)
    assert kinds.of(t.Filter("lines", lines, dear)) == "list"
    assert kinds.of(t.Member(t.Aggregate("first", lines), "price")) == "number"
    with pytest.raises(PlanError):
        kinds.of(t.Member(t.Filter("lines", lines, dear), "price"))  # of a list, not of an element
