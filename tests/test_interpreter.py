"""What plans mean: unknown and absent facts, exceptions, defaults, outcomes that read others, actions."""

import pickle
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from rulec.backends.interpreter import Tester as Asking
from rulec.backends.interpreter import interpret
from rulec.backends.outline import outline_of
from rulec.backends.python import compile_plan
from rulec.plan import tree as t
from rulec.plan.verify import verify
from rulec.runtime.decision import ActionResult, Decision, Judged, JudgedDecision, OutcomeResult
from rulec.runtime.errors import OutcomeError
from rulec.runtime.kleene import NOTHING, Unknown, chosen
from rulec.runtime.types import (
    ActionSlot,
    Date,
    DateTime,
    ListOf,
    Number,
    OutcomeSlot,
    Percentage,
    Slot,
    Text,
    Time,
    Type,
    YesNo,
)
from rulec.tree import Node

AT = date(2026, 3, 1)
TEN, FIVE, ZERO = Decimal(10), Decimal(5), Decimal(0)
FACTS = (
    Slot("n", Number(), ("n",)),
    Slot("y", YesNo(), ("y",)),
    Slot("z", YesNo(), ("z",)),
    Slot("maybe", Number(), ("maybe",), optional=True),
    Slot("usual", Number(), ("usual",), default=Decimal(3)),
    Slot("day", Date(), ("day",)),
    Slot("moment", DateTime(), ("moment",)),
    Slot("hour", Time(), ("hour",)),
    Slot("text", Text(), ("text",)),
)
NUMBER = Number()
ALWAYS = t.Const(True)
Y, Z, N = t.Fact("y"), t.Fact("z"), t.Fact("n")
ABOVE = t.Compare("gt", N, t.Const(FIVE))


def rule(number: int, condition: t.Expr = ALWAYS, *gives: tuple[str, object], **more: Any) -> t.Rule:
    does = more.pop("does", ())
    branch = t.Branch(1, condition, tuple(t.Give(key, as_expr(value)) for key, value in gives), does)
    return t.Rule(f"r{number}", f"Rule {number}", "a.regles", number, more.pop("branches", (branch,)), **more)


def as_expr(value: Any) -> t.Expr:
    return value if isinstance(value, Node) else t.Const(value)  # type: ignore[return-value]  # nodes are expressions


def plan(*rules: t.Rule, outcomes: tuple[OutcomeSlot, ...] = (), actions: tuple[ActionSlot, ...] = ()) -> t.Plan:
    keys = dict.fromkeys(give.outcome for each in rules for branch in each.branches for give in branch.gives)
    known = {slot.key for slot in outcomes}
    slots = tuple(OutcomeSlot(key, Number(), key) for key in keys if key not in known) + outcomes
    calendars = (("FR", (date(2026, 12, 25).toordinal(),)),)
    order = tuple(each.id for each in rules)
    return t.Plan(FACTS, slots, actions, rules, order, calendars, (2020, 2029), "en", digest="abc")


def decide(*rules: t.Rule, facts: Mapping[str, object] | None = None, at: date = AT, **more: Any) -> Decision:
    """What the interpreter decides; the generated Python must agree."""
    source = plan(*rules, **more)
    decision = interpret(source, facts or {}, at)
    assert compile_plan(source)(facts or {}, at) == decision
    return decision


def outcome(decision: Decision, key: str = "o") -> tuple[str, object, tuple[str, ...]]:
    result = decision.outcomes[key]
    return result.status, result.value, result.missing


def value_of(expr: t.Expr, facts: Mapping[str, object] | None = None, type_: Type = NUMBER, at: date = AT) -> object:
    decision = decide(rule(0, t.Const(True), ("o", expr)), facts=facts, outcomes=(OutcomeSlot("o", type_, "o"),), at=at)
    result = decision.outcomes["o"]
    return result.value if result.status == "decided" else [each.code for each in result.problems] or result.missing


# ---- unknown, absent, default


def test_a_required_fact_not_given_is_missing_only_while_it_matters() -> None:
    both = rule(0, t.All((Y, ABOVE)), ("o", TEN))
    assert outcome(decide(both)) == ("undetermined", None, ("n", "y"))
    assert outcome(decide(both, facts={"y": False})) == ("not_applicable", None, ())
    assert outcome(decide(both, facts={"y": True})) == ("undetermined", None, ("n",))
    assert outcome(decide(both, facts={"y": True, "n": TEN})) == ("decided", TEN, ())


def test_conditions_come_first_among_what_is_missing() -> None:
    assert outcome(decide(rule(0, Y, ("o", N)))) == ("undetermined", None, ("y", "n"))


def test_an_optional_fact_absent_is_not_given_and_reading_it_is_unknown() -> None:
    guarded = rule(0, t.All((t.Given("maybe"), t.Compare("gt", t.Fact("maybe"), t.Const(FIVE)))), ("o", TEN))
    assert outcome(decide(guarded)) == ("not_applicable", None, ())
    assert outcome(decide(guarded, facts={"maybe": TEN})) == ("decided", TEN, ())
    unguarded = rule(0, t.Compare("gt", t.Fact("maybe"), t.Const(FIVE)), ("o", TEN))
    assert outcome(decide(unguarded)) == ("undetermined", None, ("maybe",))


def test_whether_a_required_fact_is_given_is_unknown_until_it_is() -> None:
    given = rule(0, t.Given("n"), ("o", TEN))
    assert outcome(decide(given)) == ("undetermined", None, ("n",))
    assert outcome(decide(given, facts={"n": ZERO})) == ("decided", TEN, ())


def test_a_default_stands_for_a_fact_not_given() -> None:
    assert value_of(t.Fact("usual")) == 3
    assert value_of(t.Fact("usual"), {"usual": TEN}) == 10
    assert outcome(decide(rule(0, t.Given("usual"), ("o", TEN)))) == ("decided", TEN, ())


# ---- rules


def test_a_branch_stands_only_where_those_before_it_do_not() -> None:
    branches = (t.Branch(1, Y, (t.Give("o", t.Const(TEN)),)), t.Branch(2, Z, (t.Give("o", t.Const(FIVE)),)))
    chain = rule(0, branches=branches)
    assert outcome(decide(chain, facts={"y": True, "z": True})) == ("decided", TEN, ())
    decision = decide(chain, facts={"y": False, "z": True})
    assert [(each.title, each.branch) for each in decision.outcomes["o"].fired] == [("Rule 0", 2)]
    assert outcome(decide(chain, facts={"z": True})) == ("undetermined", None, ("y",))
    assert outcome(decide(chain, facts={"y": False})) == ("undetermined", None, ("z",))


def test_unless_silences_the_whole_rule() -> None:
    silenced = rule(0, Y, ("o", TEN), unless=Z)
    assert outcome(decide(silenced, facts={"y": True, "z": True})) == ("not_applicable", None, ())
    assert outcome(decide(silenced, facts={"y": True, "z": False})) == ("decided", TEN, ())
    assert outcome(decide(silenced, facts={"y": True})) == ("undetermined", None, ("z",))
    assert outcome(decide(silenced, facts={"y": False})) == ("not_applicable", None, ())


def test_an_exception_silences_its_base_for_what_it_gives_itself() -> None:
    special = rule(1, Y, ("o", FIVE))
    base = rule(0, t.Const(True), ("o", TEN), ("p", TEN), exceptions=("r1",))
    assert outcome(decide(special, base, facts={"y": True})) == ("decided", FIVE, ())
    assert outcome(decide(special, base, facts={"y": True}), "p") == ("decided", TEN, ())
    assert outcome(decide(special, base, facts={"y": False})) == ("decided", TEN, ())
    assert outcome(decide(special, base)) == ("undetermined", None, ("y",))
    assert outcome(decide(special, base), "p") == ("decided", TEN, ())


def test_an_unknown_exception_makes_its_base_unknown_even_where_it_gives_the_same() -> None:
    special, base = rule(1, Y, ("o", TEN)), rule(0, ALWAYS, ("o", TEN), exceptions=("r1",))
    assert outcome(decide(special, base, outcomes=(OutcomeSlot("o", Number(), "o", "sum"),)))[0] == "undetermined"
    asks, accepts = rule(1, Y, does=(t.Do("decline"),)), rule(0, does=(t.Do("accept"),), exceptions=("r1",))
    reads = rule(2, t.Applies("r0", ("accept",)), ("o", TEN))
    decision = decide(asks, accepts, reads, actions=(ACCEPT, DECLINE))
    assert outcome(decision) == ("undetermined", None, ("y",))
    rules = (rule(1, Y, ("o", ZERO)), rule(2, ALWAYS, ("o", FIVE)), rule(0, ALWAYS, ("o", TEN), exceptions=("r1",)))
    highest = decide(*rules, outcomes=(OutcomeSlot("o", Number(), "o", "max"),))
    assert outcome(highest) == ("undetermined", None, ("y",))  # 10, or 5 where the exception applies


def test_exceptions_nest() -> None:
    inner = rule(2, Z, ("o", ZERO))
    special = rule(1, Y, ("o", FIVE), exceptions=("r2",))
    base = rule(0, t.Const(True), ("o", TEN), exceptions=("r1",))
    rules, slots = (inner, special, base), (OutcomeSlot("o", Number(), "o", "collect"),)
    assert outcome(decide(*rules, facts={"y": True, "z": False}, outcomes=slots))[1] == (FIVE,)
    assert outcome(decide(*rules, facts={"y": True, "z": True}, outcomes=slots))[1] == (ZERO, TEN)


def test_the_default_applies_only_when_all_rules_are_certainly_false() -> None:
    slots = (OutcomeSlot("o", Number(), "o", default=ZERO),)
    one = rule(0, Y, ("o", TEN))
    assert outcome(decide(one, outcomes=slots)) == ("undetermined", None, ("y",))
    assert decide(one, outcomes=slots, facts={"y": False}).outcomes["o"] == OutcomeResult("decided", ZERO, default=True)
    assert not decide(one, outcomes=slots, facts={"y": True}).outcomes["o"].default


def test_the_text_gives_the_order_not_the_evaluation() -> None:
    slots = (OutcomeSlot("o", ListOf(Number()), "o", "collect"),)
    rules = (rule(0, t.Const(True), ("o", TEN)), rule(1, t.Const(True), ("o", FIVE)))
    source = plan(*rules, outcomes=slots)
    turned = t.Plan(source.facts, source.outcomes, (), rules, ("r1", "r0"))
    assert interpret(turned, {}, AT)["o"] == (TEN, FIVE)


# ---- outcomes that read others


def test_a_rule_reads_an_outcome() -> None:
    first = rule(0, Y, ("o", TEN))
    then = rule(1, t.Compare("ge", t.Decided("o"), t.Const(TEN)), ("p", FIVE))
    assert outcome(decide(first, then, facts={"y": True}), "p") == ("decided", FIVE, ())
    assert outcome(decide(first, then), "p") == ("undetermined", None, ("y",))
    refused = decide(first, then, facts={"y": False}).outcomes["p"]
    assert (refused.status, [each.code for each in refused.problems]) == ("error", ["E559"])
    guarded = rule(1, t.All((t.OutcomeGiven("o"), then.branches[0].condition)), ("p", FIVE))
    assert outcome(decide(first, guarded, facts={"y": False}), "p") == ("not_applicable", None, ())
    assert outcome(decide(first, guarded, facts={"y": True}), "p") == ("decided", FIVE, ())
    assert outcome(decide(first, guarded), "p") == ("undetermined", None, ("y",))


def test_reading_a_conflict_is_a_conflict() -> None:
    clash = (rule(0, t.Const(True), ("o", TEN)), rule(1, Y, ("o", FIVE)))
    reads = rule(2, t.OutcomeGiven("o"), ("p", TEN))
    decision = decide(*clash, reads, facts={"y": True})
    assert outcome(decision) == ("conflict", None, ())
    assert [each.id for each in decision.outcomes["o"].fired] == ["r0", "r1"]
    assert outcome(decision, "p") == ("conflict", None, ())
    assert decision.problems[0].message("en").startswith('Rule "Rule 2" (a.regles, line 2) reads the outcome "o"')


def test_whether_a_rule_applies() -> None:
    special, base = rule(1, Z, ("o", FIVE)), rule(0, Y, ("o", TEN), exceptions=("r1",))
    otherwise = rule(2, t.Not(t.Applies("r0", ("o",))), ("p", ZERO))
    rules = (special, base, otherwise)
    assert outcome(decide(*rules, facts={"y": True, "z": False}), "p") == ("not_applicable", None, ())
    assert outcome(decide(*rules, facts={"y": True, "z": True}), "p") == ("decided", ZERO, ())
    assert outcome(decide(*rules, facts={"y": True}), "p") == ("undetermined", None, ("z",))


def test_a_rule_applies_whatever_branch_it_goes() -> None:
    branches = (t.Branch(1, Y, (t.Give("o", t.Const(TEN)),)), t.Branch(2, t.Const(True), (t.Give("q", t.Const(FIVE)),)))
    reads = rule(1, t.Applies("r0", ("o", "q")), ("p", TEN))
    decision = decide(rule(0, branches=branches), reads)
    assert outcome(decision, "p") == ("decided", TEN, ())
    assert outcome(decision, "q") == ("undetermined", None, ("y",))


# ---- calculations


def test_dates_and_times() -> None:
    day, moment = t.Fact("day"), t.Fact("moment")
    evening = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)  # in Paris, Christmas Day
    facts = {"day": date(2026, 1, 31), "moment": evening, "hour": time(0, 30)}
    assert value_of(t.DatePart("day", moment), facts) == 25
    assert value_of(t.DayOf(moment), facts, Date()) == date(2026, 12, 25)
    assert value_of(t.TimeOf(moment), facts, Time()) == time(0, 30)
    assert value_of(t.Compare("eq", t.TimeOf(moment), t.Fact("hour")), facts, YesNo()) is True
    assert value_of(t.Shift(day, t.Const(Decimal(1)), "month"), facts, Date()) == date(2026, 2, 28)
    assert value_of(t.Elapsed("month", day, t.Const(date(2026, 2, 28))), facts) == 1
    assert value_of(t.Holiday("FR", moment), facts, YesNo()) is True
    assert value_of(t.Holiday("FR", day), facts, YesNo()) is False
    assert value_of(t.Holiday("FR", day), {"day": date(1999, 1, 1)}, YesNo()) == ["E554"]
    ends = [value_of(t.Shift(day, t.Const(Decimal(n)), "month_end"), facts, Date()) for n in (0, 1)]
    assert ends == [date(2026, 1, 31), date(2026, 2, 28)]
    assert value_of(t.Today(), type_=Date()) == AT
    late = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-1)))
    assert value_of(t.Today(), type_=Date(), at=late) == date(2026, 3, 2)


def test_working_days() -> None:
    day = t.Fact("day")

    def shift(start: date, amount: str, week: int = 5) -> object:
        return value_of(t.WorkingShift("FR", week, day, t.Const(Decimal(amount))), {"day": start}, Date())

    def count(start: date, end: date, week: int = 5) -> object:
        return value_of(t.WorkingElapsed("FR", week, day, t.Const(end)), {"day": start})

    thursday, friday, sunday, monday = (date(2026, 12, n) for n in (24, 25, 27, 28))  # Friday is Christmas Day
    assert [shift(thursday, n) for n in ("0", "1", "5")] == [thursday, monday, date(2027, 1, 1)]
    assert shift(thursday, "1", 6) == date(2026, 12, 26)
    assert [shift(monday, n) for n in ("-1", "-2")] == [thursday, date(2026, 12, 23)]
    assert shift(sunday, "0") == sunday
    assert shift(thursday, "0.5") == ["E557"]
    assert shift(thursday, "9e6144") == ["E554"]
    assert [shift(date(9999, 12, 31), n) for n in ("0", "1")] == [date(9999, 12, 31), ["E554"]]
    assert [count(thursday, end) for end in (thursday, friday, sunday, monday)] == [0, 0, 0, 1]
    assert count(thursday, sunday, 6) == 1
    assert count(monday, thursday) == -1
    assert count(date(2019, 1, 1), thursday) == count(thursday, date(2031, 1, 1)) == ["E554"]


def test_numbers_and_texts() -> None:
    two, three = t.Const(Decimal(2)), t.Const(Decimal("2.5"))
    assert value_of(t.Extreme("min", (three, two))) == 2
    assert value_of(t.Extreme("max", (three, two))) == Decimal("2.5")
    assert value_of(t.Round(three, Decimal(1), "nearest")) == 3
    assert value_of(t.Arithmetic("mul", three, two)) == 5
    assert value_of(t.TextTest("contains", t.Fact("text"), "ÉTÉ"), {"text": "l’été dernier"}, YesNo()) is True
    assert value_of(t.In(t.Fact("text"), ("a", "b")), {"text": "b"}, YesNo()) is True
    assert value_of(t.In(t.Fact("text"), ("a", "b")), {}, YesNo()) == ("text",)
    items = (Y, Z, t.Const(True))
    assert value_of(t.Count(2, 2, items), {"y": True, "z": False}, YesNo()) is True
    assert value_of(t.Count(2, 3, items), {"y": True}, YesNo()) is True
    assert value_of(t.AnyOf(items), {}, YesNo()) is True


def test_a_division_by_zero_is_an_error_only_where_it_matters() -> None:
    half = t.Arithmetic("div", t.Const(TEN), N)
    broken = decide(rule(0, t.Const(True), ("o", half)), rule(1, t.Const(True), ("p", TEN)), facts={"n": ZERO})
    assert (broken.status, broken["p"]) == ("error", TEN)
    assert broken.problems[0].message("en") == 'Rule "Rule 0" (a.regles, line 0) divides 10 by zero.'
    guarded = t.All((t.Compare("ne", N, t.Const(ZERO)), t.Compare("gt", half, t.Const(TEN))))
    assert outcome(decide(rule(0, guarded, ("o", TEN)), facts={"n": ZERO})) == ("not_applicable", None, ())


def test_deep_values_are_calculated() -> None:
    value = as_expr(ZERO)
    for _ in range(200):
        value = t.Arithmetic("add", value, t.Const(Decimal(1)))
    assert value_of(t.Arithmetic("mul", value, N), {"n": TEN}) == Decimal(2000)


def test_deep_conditions_are_read() -> None:
    deep: t.Expr = Y
    for _ in range(100):
        deep = t.Not(t.All((deep, t.Const(True))))
    assert outcome(decide(rule(0, deep, ("o", TEN)), facts={"y": True})) == ("decided", TEN, ())


# ---- actions

ASK = ActionSlot("ask", "ask for approval", (("why", "reason", Text()),))
ACCEPT, DECLINE = ActionSlot("accept", "accept", group="answer"), ActionSlot("decline", "decline", group="answer")


def act(decision: Decision) -> list[tuple[str, str, Mapping[str, object], list[str], tuple[str, ...]]]:
    return [(a.key, a.status, a.parameters, [r.id for r in a.fired], a.missing) for a in decision.actions]


def test_the_same_action_counts_once_and_lists_its_rules() -> None:
    why = t.Do("ask", (("why", t.Const("big")),))
    rules = (rule(0, does=(why,)), rule(1, Y, does=(why,)), rule(2, does=(t.Do("ask", (("why", t.Const("odd")),)),)))
    decision = decide(*rules, facts={"y": True}, actions=(ASK,))
    assert act(decision) == [
        ("ask", "decided", {"why": "big"}, ["r0", "r1"], ()),
        ("ask", "decided", {"why": "odd"}, ["r2"], ()),
    ]
    assert decision.status == "decided"


def test_an_action_that_may_be_asked_for_says_what_is_missing() -> None:
    unsure = rule(0, Y, does=(t.Do("ask", (("why", t.Fact("text")),)),))
    decision = decide(unsure, actions=(ASK,))
    assert act(decision) == [("ask", "undetermined", {}, [], ("y", "text"))]
    assert (decision.status, decision.missing) == ("undetermined", ("y", "text"))
    assert act(decide(unsure, actions=(ASK,), facts={"y": True})) == [("ask", "undetermined", {}, ["r0"], ("text",))]
    assert act(decide(unsure, actions=(ASK,), facts={"y": False})) == []
    assert decide(unsure, actions=(ASK,), facts={"y": False}).status == "not_applicable"


def test_actions_that_exclude_each_other_conflict() -> None:
    rules = (rule(0, does=(t.Do("accept"),)), rule(1, Y, does=(t.Do("decline"),)))
    actions = (ACCEPT, DECLINE, ASK)
    conflict = decide(*rules, facts={"y": True}, actions=actions)
    assert [each[:2] for each in act(conflict)] == [("accept", "conflict"), ("decline", "conflict")]
    assert conflict.status == "conflict"
    assert [each[:2] for each in act(decide(*rules, facts={"y": False}, actions=actions))] == [("accept", "decided")]
    open_ = decide(*rules, actions=actions)
    assert [(a.key, a.status, a.missing) for a in open_.actions] == [
        ("accept", "undetermined", ("y",)),
        ("decline", "undetermined", ("y",)),
    ]


def test_an_exception_silences_actions_of_its_group() -> None:
    special = rule(1, Y, does=(t.Do("decline"),))
    base = rule(0, does=(t.Do("accept"), t.Do("ask")), exceptions=("r1",))
    actions = (ACCEPT, DECLINE, ASK)
    decision = decide(special, base, facts={"y": True}, actions=actions)
    assert [each[0] for each in act(decision)] == ["decline", "ask"]


# ---- the decision


def test_the_value_of_an_outcome_or_why_there_is_none() -> None:
    decision = decide(rule(0, Y, ("o", TEN)))
    with pytest.raises(OutcomeError, match=r'"o" has no value: y is missing\.'):
        decision["o"]
    with pytest.raises(OutcomeError, match=r'decide nothing under the key "x"; they decide: o\.'):
        decision["x"]
    assert decide(rule(0, Y, ("o", TEN)), facts={"y": True})["o"] == TEN


def test_the_worst_outcome_gives_the_status() -> None:
    first, second = rule(0, Y, ("o", TEN)), rule(1, Z, ("p", TEN))
    assert decide(first, second, facts={"y": False, "z": False}).status == "not_applicable"
    assert decide(first, second, facts={"y": True, "z": False}).status == "decided"
    assert decide(first, second, facts={"y": True}).status == "undetermined"


def test_a_decision_as_json() -> None:
    slots = (
        OutcomeSlot("o", Percentage(), "o"),
        OutcomeSlot("list", ListOf(Date()), "list", "collect"),
        OutcomeSlot("none", YesNo(), "none"),
        OutcomeSlot("yes", YesNo(), "yes"),
    )
    day = t.Const(date(2026, 5, 4))
    ask = t.Do("ask", (("why", t.Const("x")),))
    source = rule(3, t.Const(True), ("o", Decimal("1E+3")), ("list", day), ("yes", True), does=(ask,))
    data = decide(source, rule(4, t.Const(False), ("none", True)), outcomes=slots, actions=(ASK,)).to_json()
    fired = [{"id": "r3", "title": "Rule 3", "file": "a.regles", "line": 3, "branch": 1}]
    rest = {"default": False, "fired": fired, "missing": [], "problems": []}
    assert data == {
        "status": "decided",
        "outcomes": {
            "o": {"status": "decided", "value": "1000", **rest},
            "list": {"status": "decided", "value": ["2026-05-04"], **rest},
            "none": {"status": "not_applicable", **rest, "fired": []},
            "yes": {"status": "decided", "value": True, **rest},
        },
        "actions": [
            {
                "key": "ask", "name": "ask for approval", "parameters": {"why": "x"}, "status": "decided",
                "fired": fired, "missing": [], "problems": [],
            }
        ],
        "missing": [],
        "problems": [],
        "supervision": {"level": "propose", "approvals": [], "fired": [], "missing": [], "problems": []},
        "at": "2026-03-01",
        "rules": "abc",
    }  # fmt: skip


def test_a_record_in_a_decision_is_plain_data() -> None:
    action = ActionResult("a", "a", {"line": {"price": Decimal("2.50")}}, (), "decided")
    data = Decision({}, (action,), "2026-03-01", "", "fr").to_json()
    assert data["actions"] == [
        {"key": "a", "name": "a", "parameters": {"line": {"price": "2.5"}}, "status": "decided", "fired": [],
         "missing": [], "problems": []}
    ]  # fmt: skip


def test_a_definition_is_read_where_it_has_a_value() -> None:
    price = t.Definition(
        "price", Number(), ("price",), "f.regles", 3, t.Choose(((t.Fact("y"), t.Const(Decimal(4))),), None)
    )
    half = t.Definition(
        "half", Number(), ("half",), "f.regles", 4, t.Arithmetic("div", t.Defined("price"), t.Const(Decimal(2)))
    )
    rules = (
        t.Rule("r", "R", "f.regles", 1, (t.Branch(1, t.Const(True), (t.Give("o", t.Defined("half")),)),)),
        t.Rule("s", "S", "f.regles", 2, (t.Branch(1, t.Const(True), (t.Give("p", t.DefinedGiven("price")),)),)),
    )
    plan = t.Plan(
        (Slot("y", YesNo(), ("y",)),), (OutcomeSlot("o", Number(), "o"), OutcomeSlot("p", YesNo(), "p")), (), rules,
        ("r", "s"), definitions=(price, half), language="en",
    )  # fmt: skip
    verify(plan)
    known, absent, unknown = (interpret(plan, facts, date(2026, 1, 1)) for facts in ({"y": True}, {"y": False}, {}))
    assert (known.outcomes["o"].value, known.outcomes["p"].value) == (2, True)
    assert (absent.outcomes["o"].status, absent.outcomes["p"].value) == ("error", False)
    said = 'The definition of "half" (f.regles, line 4) reads "price", which has no value here.'
    assert [problem.message("en") for problem in absent.outcomes["o"].problems] == [said]
    assert [unknown.outcomes[key].missing for key in ("o", "p")] == [("y",), ("y",)]


def test_a_choice_that_is_open_between_equal_values_is_settled() -> None:
    open_, four, five = Unknown(frozenset({"a"})), Decimal(4), Decimal("4.0")
    assert chosen([(open_, four)], five) == 4
    assert chosen([(False, 1), (open_, four), (True, five), (open_, 9)], 7) == 4
    assert chosen([(open_, four)], Decimal(5)) == open_
    assert chosen([(open_, four)]) == open_
    assert chosen([(open_, Unknown(frozenset({"b"})))], 4) == Unknown(frozenset({"a", "b"}))
    assert chosen([]) is NOTHING


def test_a_decision_is_shown_and_kept_whole() -> None:
    decision = decide(rule(1, ABOVE, ("o", TEN)), facts={"n": TEN})
    for each in (decision, JudgedDecision(decision, (Judged("angry", "angry?", None, "", "slow", "m", False),))):
        again = pickle.loads(pickle.dumps(each))
        assert (type(again), again, again.judgements) == (type(each), each, each.judgements)
    assert repr(decision).startswith("Decision(outcomes={'o': OutcomeResult(status='decided', value=Decimal('10')")


def test_a_judgement_in_a_decision_is_plain_data() -> None:
    bare = Decision({}, (), "2026-03-01", "", "fr")
    told = {"key": "angry", "question": "angry?", "model": "m", "cached": False}
    for answer, reason, said in (
        (True, "", {"status": "decided", "answer": True, "quote": "never again"}),
        (None, "slow", {"status": "in_doubt", "reason": "slow"}),
    ):
        judged = JudgedDecision(bare, (Judged("angry", "angry?", answer, "never again", reason, "m", False),))
        assert judged.to_json()["judgements"] == [told | said]


def test_a_plan_is_kept_whole_and_may_come_in_two_parts() -> None:
    whole = plan(rule(1, ABOVE, ("o", TEN)))
    light, heavy = whole.parts()
    later = t.Plan.later(light, lambda: heavy)
    assert "rules" not in light
    assert pickle.loads(pickle.dumps(later)) == later == whole
    with pytest.raises(AttributeError):
        whole.colour  # noqa: B018 - asking is the test


def test_single_expressions_are_asked_about() -> None:
    tester = Asking(outline_of(plan()))
    assert tester.constant(t.Arithmetic("add", t.Const(TEN), t.Const(FIVE))) == Decimal(15)
    assert (tester.holds(ABOVE, {"n": TEN}), tester.holds(ABOVE, {"n": FIVE})) == (True, False)
