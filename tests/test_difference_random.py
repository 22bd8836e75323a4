"""Random pairs of rule sets: what is said to be equal is, every case is real, every region changes as it says.

RULEC_PAIRS and RULEC_FACTS: how many pairs of each sort, and how many random facts each is tried on.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from time import monotonic

import pytest
import strategies
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from test_analysis_random import Maker
from test_analysis_translation import tame

from rulec.backends.python import compile_plan
from rulec.difference.both import kind_of
from rulec.difference.compare import compare
from rulec.difference.conditions import tests_of as said_by
from rulec.difference.facts import common, holds, known_to
from rulec.difference.result import Became, Change, Compared, Says
from rulec.plan.tree import All, AnyOf, Branch, Compare, Const, Decided, Expr, Fact, Give, Not, Plan, Promise, Rule
from rulec.runtime.decision import Decision
from rulec.runtime.facts import FactsError
from rulec.runtime.types import DateTime, ListOf, OutcomeSlot, Percentage, Record, Slot, YesNo
from rulec.tree import Node, rewrite
from rulec.trial.candidates import ABSENT, TODAY, candidates_of
from rulec.trial.changes import changes_of

PAIRS, FACTS = int(os.environ.get("RULEC_PAIRS", "4")), int(os.environ.get("RULEC_FACTS", "200"))
KINDS = int(os.environ.get("RULEC_KINDS", "1"))  # plans of every kind of node
Facts = dict[str, object]
DAYS = strategies.DAYS[:4]
counts = dict.fromkeys(["equal", "changed", "unproven", "regions", "in regions"], 0)


def other_of(plan: Plan, random: Random) -> Plan:
    """The plan said otherwise, or changed a little once or twice, or both."""
    made = rewrite(plan, lambda node: otherwise(node, random)) if random.random() < 0.7 else plan
    for _ in range(random.choice([0, 1, 1, 2])):
        ways = list(changes_of(made))
        made = random.choice(ways).plan if ways else made
    return made


def otherwise(node: Node, random: Random) -> Node:
    """Other words for the same."""
    swapped = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
    denied = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}
    if random.random() < 0.6:
        return node
    match node:
        case Compare(operator, left, right) if random.random() < 0.5:
            return Compare(swapped[operator], right, left, span=node.span)
        case Compare(operator, left, right):
            return Not(Compare(denied[operator], left, right, span=node.span))
        case All(items):
            return Not(AnyOf(tuple(Not(item) for item in reversed(items)), span=node.span))
        case AnyOf(items):
            return AnyOf(tuple(reversed(items)), span=node.span)
        case _:
            return node


# ---- random facts


def pools(old: Plan, new: Plan) -> dict[str, list[object]]:
    """The values to draw from: those that either plan looks at, and their neighbours."""
    found = dict[str, dict[object, None]]()
    for plan in (old, new):
        for path, values in candidates_of(plan).items():
            found.setdefault(path, {}).update(dict.fromkeys(values))
    return {path: [*values] for path, values in found.items()}


def drawn(slots: Sequence[Slot], pool: Mapping[str, Sequence[object]], random: Random) -> Facts:
    """Facts that both plans accept: all that are not optional."""
    found = Facts()
    for slot in slots:
        value = listed(slot, random) if isinstance(slot.type, ListOf) else random.choice(pool[slot.path])
        while value is not ABSENT and not holds(slot, value):
            value = random.choice(pool[slot.path])
        if value is not ABSENT:
            found[slot.path] = value
    return found


def listed(slot: Slot, random: Random) -> object:
    assert isinstance(slot.type, ListOf)
    if not isinstance(slot.type.item, Record):
        return strategies.value(strategies.COUNTS, random)
    full = [each for each in slot.type.item.attributes if not each.optional]
    lines = [strategies.line(random) for _ in range(random.randint(0, 3))]
    return tuple(line for line in lines if all(each.path in line for each in full))


# ---- what is tried


class Tried:
    """A pair compared, and what is executed of it."""

    def __init__(self, old: Plan, new: Plan, budget: float = 1) -> None:
        self.old, self.new, self.facts = old, new, common(old.facts, new.facts)
        self.difference = compare(old, new, budget, monotonic)
        self.decide = compile_plan(old), compile_plan(new)
        self.regions = {each.key: [self.inside(change) for change in each.changes] for each in self.difference.compared}

    def became(self, key: str, facts: Facts, at: date) -> tuple[Became, Became]:
        one, other = (
            decide(known_to(plan.facts, facts), at)
            for plan, decide in zip((self.old, self.new), self.decide, strict=True)
        )
        return result_of(one, key), result_of(other, key)

    def inside(self, change: Change) -> Callable[[Facts, date], bool]:
        """Whether facts lie in the region of a change."""
        if change.region is None:
            return lambda facts, at: facts == dict(change.case.facts)
        asked = [
            (asking(self.new if new else self.old, exprs), new)
            for new in (True, False)
            if (exprs := [
                (test.expr, test.each)
                for each in change.region if new is (not isinstance(each, Says) or each.new)
                for test in said_by(each)
            ])
        ]  # fmt: skip
        decides = [(compile_plan(plan), plan) for plan, _ in asked]

        def holds_of(facts: Facts, at: date) -> bool:
            return all(
                decide(known_to(plan.facts, facts), at).outcomes["asked"].value in (True, (True,))
                for decide, plan in decides
            )

        return holds_of


def asking(plan: Plan, exprs: Sequence[tuple[Expr, str]]) -> Plan:
    """The plan with an outcome that tells whether conditions hold."""
    each = next((each for _, each in exprs if each), "")
    slot = OutcomeSlot("asked", YesNo(), "asked", default=False, each=each)
    branch = Branch(1, All(tuple(expr for expr, _ in exprs)), (Give("asked", Const(True)),))
    rule = Rule("asked", "", "", 0, (branch,), each=each)
    order = (*plan.order, "asked")
    return replace(plan, outcomes=(*plan.outcomes, slot), rules=(*plan.rules, rule), order=order)


def result_of(decision: Decision, key: str) -> Became:
    found = decision.outcomes.get(key)
    return found if found is not None else tuple(each for each in decision.actions if each.key == key)


def check(old: Plan, new: Plan, random: Random, many: int = FACTS, *, within: bool = True) -> None:
    """Compare two plans, and decide facts by both. `within`: facts inside a region are to change as it tells."""
    tried = Tried(old, new)
    for each in tried.difference.compared:
        counts["changed" if each.changes else "unproven" if each.unproven else "equal"] += 1
        counts["regions"] += len(each.changes)
        for change in each.changes:
            check_case(tried, each.key, change)
    pool = pools(old, new)
    days = [day for day in [*pool.get(TODAY, ()), *DAYS] if isinstance(day, date)]
    for _ in range(many):
        facts, at = drawn(tried.facts.slots, pool, random), random.choice(days)
        try:
            decisions = [
                decide(known_to(plan.facts, facts), at) for plan, decide in zip((old, new), tried.decide, strict=True)
            ]
        except FactsError:  # one of them assumes otherwise
            continue
        for each in tried.difference.compared:
            became = result_of(decisions[0], each.key), result_of(decisions[1], each.key)
            if within or not each.changes:
                check_facts(tried, each, became, facts, at)


def check_case(tried: Tried, key: str, change: Change) -> None:
    """A case changes as it is told, and lies in its region."""
    facts, at = dict(change.case.facts), change.case.at
    before, after = tried.became(key, facts, at)
    assert (kind_of(before), kind_of(after)) == (kind_of(change.before), kind_of(change.after))
    assert kind_of(before) != kind_of(after)


def check_facts(tried: Tried, each: Compared, became: tuple[Became, Became], facts: Facts, at: date) -> None:
    changes = kind_of(became[0]) != kind_of(became[1])
    if not each.changes:
        assert not changes or each.unproven, (each, facts, at)
        return
    if elements(tried, each.key, facts) != 1:
        return
    inside = [holds_of(facts, at) for holds_of in tried.regions[each.key]]
    assert not changes or any(inside) or each.more or each.unproven, (each, facts, at)
    for change, there in zip(each.changes, inside, strict=True):
        if there:
            counts["in regions"] += 1
            assert changes, (change, facts, at)
            for same, told, found in zip(change.same, (change.before, change.after), became, strict=True):
                assert not same or kind_of(told) == kind_of(found), (change, facts, at, found)


def elements(tried: Tried, key: str, facts: Facts) -> int:
    """How many elements an outcome is decided for, one where it is for no list: its regions tell of one."""
    slot = next((slot for slot in tried.new.outcomes if slot.key == key), None)
    if slot is None or not slot.each:
        return 1
    lines = facts.get(slot.each)
    return len(lines) if isinstance(lines, tuple) else 0


# ---- the pairs


@pytest.mark.parametrize("number", range(PAIRS))
def test_rules_of_comparisons(number: int) -> None:
    """Few facts, all policies that rules of percentages bear."""
    random = Random(number)
    combine = random.choice(["any", "unique", "first", "max", "min", "sum", "compound"])
    old = Maker(random).rules(combine, random.choice([None, Decimal(0)])).plan
    if random.random() < 0.2:
        check(old, Maker(Random(number + 1)).rules(combine, None).plan, random)
    check(old, other_of(old, random), random)


@pytest.mark.parametrize("number", range(PAIRS))
def test_rules_with_promises(number: int) -> None:
    """What is promised of the outcome, and assumed of the facts, on one side or on both."""
    random = Random(10_000 + number)
    old = with_promises(Maker(random).rules(random.choice(["any", "first", "max"]), Decimal(0)).plan, random)
    new = other_of(old, random)
    check(old, new if random.random() < 0.5 else with_promises(new, random), random)


def with_promises(plan: Plan, random: Random) -> Plan:
    """The plan with a promise, an assumption, both or none."""
    asked = Compare(random.choice(["le", "lt", "ne"]), Decided("o"), Const(random.choice([Decimal(0), Decimal("0.1")])))
    ways: list[Expr] = [asked, AnyOf((asked, Maker(random).condition(1).expr))]
    spoken = random.choice(ways)
    promise = Promise("p", "p", "a.regles", 90, spoken, ("o",))
    assumed = Promise("s", "s", "a.regles", 91, Maker(random).condition(1).expr, assumed=True)
    return replace(plan, promises=tuple(each for each in (promise, assumed) if random.random() < 0.6))


def test_moments_of_all_years_are_compared() -> None:
    """The first and the last one, and none that no clock shows."""
    day = datetime(1, 6, 1, tzinfo=UTC)
    changes = [compare(before_(day), before_(there), 5, monotonic).changed for there in (day + timedelta(days=1), day)]
    assert changes == [True, False]
    slot = Slot("m", DateTime(), ("m",))
    assert [holds(slot, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=each)))) for each in (2, -2)] == [False, True]


def before_(moment: datetime) -> Plan:
    """A rule about a moment that comes before another."""
    branch = Branch(1, Compare("lt", Fact("m"), Const(moment)), (Give("o", Const(Decimal("0.1"))),))
    slot = OutcomeSlot("o", Percentage(), "o", default=Decimal(0))
    facts = (Slot("m", DateTime(), ("m",)),)
    return Plan(facts, (slot,), (), (Rule("r", "R", "a.regles", 1, (branch,)),), ("r",))


def test_rules_of_all_kinds() -> None:
    """Every node of a plan: nothing is called equal that differs, and every case told is real."""

    @seed(0)
    @settings(
        max_examples=KINDS, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategies.cases(), st.integers(0, 2**32))  # what Random itself draws is much more than an example holds
    def each(case: strategies.Case, number: int) -> None:
        plan, random = rewrite(case.plan, tame), Random(number)
        check(plan, other_of(plan, random), random, within=False)

    each()
    assert counts["equal"]
