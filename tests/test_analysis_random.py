"""Random rule sets: what is found is what trying all facts finds, no more and no less, and every case shows it.

The facts lie around the few thresholds of the rules, so that all ways in which they may stand are among those tried.
RULEC_PLANS: how many plans each property is tried on (10 in CI).
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from random import Random
from time import monotonic
from typing import Any, NamedTuple

import pytest

from rulec.analysis.analyse import analyse
from rulec.analysis.findings import Finding
from rulec.backends.interpreter import Tester as Asking
from rulec.backends.interpreter import interpret
from rulec.backends.outline import outline_of
from rulec.plan.tree import (
    All,
    AnyOf,
    Arithmetic,
    Branch,
    Column,
    Compare,
    Const,
    Count,
    Decides,
    Do,
    Expr,
    Fact,
    Give,
    In,
    Not,
    Plan,
    Rule,
    Table,
)
from rulec.runtime.calculate import COMPARISONS
from rulec.runtime.decision import Decision
from rulec.runtime.kleene import Truth
from rulec.runtime.tables import NONE, OneOf, Within
from rulec.runtime.types import ActionSlot, Amount, Bounds, Choice, ListOf, Option, OutcomeSlot, Percentage, Slot, YesNo
from rulec.tree import Span, walk

PLANS = int(os.environ.get("RULEC_PLANS", "10"))
Facts = dict[str, object]
Holds = Callable[[Facts], bool]
AT = date(2026, 1, 1)
EURO, CENT = Amount("EUR"), Decimal("0.01")
FACTS = (
    Slot("x", EURO, ("x",)), Slot("y", EURO, ("y",)), Slot("loyal", YesNo(), ("loyal",)),
    Slot("kind", Choice(tuple(Option(key, key) for key in "abc")), ("kind",)),
)  # fmt: skip
THRESHOLDS = [Decimal(100), Decimal(200)]
AROUND = [threshold + step * CENT for threshold in THRESHOLDS for step in (-2, -1, 0, 1, 2)]
EVERY: list[Facts] = [
    {"x": x, "y": y, "loyal": loyal, "kind": kind}
    for x, y, loyal, kind in product(AROUND, AROUND, (True, False), "abc")
]


class Asked(NamedTuple):
    expr: Expr
    holds: Holds


class Made(NamedTuple):
    """A plan of rules of one branch each, and where each rule applies."""

    plan: Plan
    applies: list[Holds]


class Maker:
    """Makes one rule set."""

    def __init__(self, random: Random) -> None:
        self.random, self.places = random, 0

    def place(self) -> Span:
        self.places += 1
        return Span(0, self.places, self.places + 1)

    def atom(self) -> Asked:
        kind, span = self.random.randrange(5), self.place()
        if kind < 2:
            path, end = self.random.choice("xy"), self.random.choice(THRESHOLDS)
            operator = self.random.choice([*COMPARISONS])
            compare = COMPARISONS[operator]
            return Asked(Compare(operator, Fact(path), Const(end), span=span), lambda facts: compare(facts[path], end))
        if kind == 2:
            operator = self.random.choice(["lt", "ge", "gt"])
            crossing = COMPARISONS[operator]
            expr = Compare(operator, Fact("x"), Fact("y"), span=span)
            return Asked(expr, lambda facts: crossing(facts["x"], facts["y"]))
        if kind == 3:
            return Asked(Fact("loyal", span=span), lambda facts: facts["loyal"] is True)
        keys = tuple(self.random.sample("abc", self.random.randint(1, 2)))
        return Asked(In(Fact("kind"), keys, span=span), lambda facts: facts["kind"] in keys)

    def condition(self, depth: int) -> Asked:
        kind = self.random.randrange(6) if depth else 5
        items = [self.condition(depth - 1) for _ in range(self.random.randint(2, 3))] if kind < 5 else []
        exprs, holds, span = tuple(each.expr for each in items), [each.holds for each in items], self.place()
        match kind:
            case 0 | 1 | 2:
                return Asked(All(exprs, span=span), lambda facts: all(each(facts) for each in holds))
            case 3:
                return Asked(AnyOf(exprs, span=span), lambda facts: any(each(facts) for each in holds))
            case 4 if self.random.random() < 0.5:
                return Asked(Not(exprs[0], span=span), lambda facts: not holds[0](facts))
            case 4:
                return Asked(Count(1, 1, exprs, span=span), lambda facts: sum(each(facts) for each in holds) == 1)
            case _:
                return self.atom()

    def rules(self, combine: str, default: Decimal | None) -> Made:
        asked = [self.condition(2) for _ in range(self.random.randint(2, 5))]
        values = [self.random.choice([Decimal("0.1"), Decimal("0.2")]) for _ in asked]
        rules = tuple(
            Rule(f"r{at}", f"R{at}", "a.regles", at, (Branch(1, each.expr, (Give("o", Const(value)),), self.does()),))
            for at, (each, value) in enumerate(zip(asked, values, strict=True))
        )
        actions = (ActionSlot("yes", "yes", group="g"), ActionSlot("no", "no", group="g"))
        slot = OutcomeSlot("o", Percentage(), "o", combine, default)
        plan = Plan(FACTS, (slot,), actions, rules, tuple(rule.id for rule in rules))
        return Made(plan, [each.holds for each in asked])

    def does(self) -> tuple[Do, ...]:
        return (Do(self.random.choice(["yes", "no"])),) if self.random.random() < 0.4 else ()


def value_of(plan: Plan, rule: int) -> object:
    give = plan.rules[rule].branches[0].gives[0].value
    assert isinstance(give, Const)
    return give.value


def together(made: Made) -> set[tuple[int, int]]:
    """The pairs of rules that apply to the same facts."""
    met = set[tuple[int, int]]()
    for facts in EVERY:
        met |= set(combinations([at for at, holds in enumerate(made.applies) if holds(facts)], 2))
    return met


def numbers(found: Sequence[Finding], code: str) -> set[int]:
    return {each.at.statement.line for each in found if each.code == code}


def pairs(found: Sequence[Finding], code: str) -> set[tuple[int, int]]:
    both = [(each.at.statement.line, each.other.statement.line) for each in found if each.code == code and each.other]
    return {(min(one, other), max(one, other)) for one, other in both}


def shown(plan: Plan, finding: Finding) -> Decision:
    assert finding.case is not None
    return interpret(plan, dict(finding.case.facts), finding.case.at or AT)


def decisions(plan: Plan) -> list[tuple[object, object]]:
    found = [interpret(plan, facts, AT) for facts in EVERY]
    return [(each.outcomes["o"].status, each.outcomes["o"].value) for each in found]


@pytest.mark.parametrize("seed", range(PLANS))
def test_what_is_found_is_what_there_is(seed: int) -> None:
    random = Random(seed)
    combine = random.choice(["any", "any", "unique", "first", "max"])
    made = Maker(random).rules(combine, random.choice([None, Decimal(0)]))
    plan, met = made.plan, together(made)
    found = analyse(plan, True, 60, monotonic)
    assert not {each.code for each in found} & {"W608", "N609"}
    clash = {pair for pair in met if combine == "unique" or value_of(plan, pair[0]) != value_of(plan, pair[1])}
    assert pairs(found, "E601") == (clash if combine in ("any", "unique") else set())
    dead = {at for at, holds in enumerate(made.applies) if not any(map(holds, EVERY))}
    assert numbers(found, "W604") == dead
    gap = any(not any(holds(facts) for holds in made.applies) for facts in EVERY)
    assert ("W603" in {each.code for each in found}) is (gap and plan.outcomes[0].default is None)
    check_actions(plan, met, found)
    check_masked(made, found, dead)
    for each in found:
        if each.code == "E601":
            assert shown(plan, each).outcomes["o"].status == "conflict"
        if each.code == "W603":
            assert shown(plan, each).outcomes["o"].status == "not_applicable"


def check_actions(plan: Plan, met: set[tuple[int, int]], found: Sequence[Finding]) -> None:
    asked = [{do.action for do in rule.branches[0].does} for rule in plan.rules]
    assert pairs(found, "E602") == {(one, other) for one, other in met if len(asked[one] | asked[other]) == 2}
    for each in found:
        if each.code == "E602":
            assert {action.status for action in shown(plan, each).actions} == {"conflict"}


def check_masked(made: Made, found: Sequence[Finding], dead: set[int]) -> None:
    """Rules that ask for no action, and never come first."""
    if made.plan.outcomes[0].combine == "first":
        wins = {next((at for at, holds in enumerate(made.applies) if holds(facts)), -1) for facts in EVERY}
        silent = {at for at, rule in enumerate(made.plan.rules) if not rule.branches[0].does}
        assert numbers(found, "W605") == (silent - wins) - dead


@pytest.mark.parametrize("seed", range(100, 100 + PLANS))
def test_what_is_redundant_changes_nothing(seed: int) -> None:
    """Without the rules that are told, all is decided alike; without another, it is not."""
    random = Random(seed)
    made = Maker(random).rules(random.choice(["any", "max", "min", "first", "sum"]), Decimal(0))
    rules = tuple(replace(rule, branches=(replace(rule.branches[0], does=()),)) for rule in made.plan.rules)
    if made.plan.outcomes[0].combine == "sum":
        rules = (*rules[:-1], replace(rules[-1], branches=(replace(rules[-1].branches[0], gives=NOTHING),)))
    plan = replace(made.plan, rules=rules)
    found = analyse(plan, True, 60, monotonic)
    gone = numbers(found, "W606") | numbers(found, "W604") | numbers(found, "W605")
    left = without(plan, gone)
    before = decisions(left)
    assert decisions(plan) == before
    for rule in left.rules if "E601" not in {each.code for each in found} else ():
        if value_of(plan, rule.line) != Decimal(0):
            assert decisions(without(left, {rule.line})) != before


NOTHING = (Give("o", Const(Decimal(0))),)


@pytest.mark.parametrize("seed", range(500, 500 + PLANS))
def test_rows_that_are_redundant_change_nothing(seed: int) -> None:
    """As for rules, of a table whose rows read an amount and a choice."""
    random = Random(seed)
    plan = table_of(random, random.choice(["any", "max", "min", "first"]), random.random() < 0.5)
    found = analyse(plan, True, 60, monotonic)
    gone = {each.at.number for each in found if each.code in ("W604", "W605", "W606")}
    left = without_rows(plan, gone)
    before = decisions(left)
    assert decisions(plan) == before
    if "conflict" not in {status for status, _ in before}:
        for number in range(1, len(left.tables[0].lines) + 1 - left.tables[0].has_default):
            assert decisions(without_rows(left, {number})) != before


@pytest.mark.parametrize("seed", range(600, 600 + PLANS))
def test_rows_that_contradict_each_other_are_all_those_there_are(seed: int) -> None:
    """Whatever becomes of the table: the highest of its value and of another rule's wins, or the first."""
    random = Random(seed)
    plan = table_of(random, random.choice(["any", "unique"]), random.random() < 0.5)
    rule = Rule("r", "R", "a.regles", 90, (Branch(1, Fact("loyal"), (Give("o", Const(Decimal("0.15"))),)),))
    slot = replace(plan.outcomes[0], combine=random.choice(["max", "first"]))
    plan = replace(plan, outcomes=(slot,), rules=(rule,), order=("r", "t"), tables=(replace(plan.tables[0], before=1),))
    found = [each for each in analyse(plan, True, 60, monotonic) if each.code in ("E601", "E629", "W608")]
    told = {(each.other.number, each.at.number) for each in found if each.code == "E629" and each.other}
    assert told == clashing(plan.tables[0])
    assert len(told) == len(found)
    assert all(shown(plan, each).outcomes["o"].status == "conflict" for each in found)


def clashing(table: Table) -> set[tuple[int, int]]:
    """The pairs of rows, from 1, that apply to the same facts, and give two values unless one alone may apply."""
    columns = [(column, column.input.path) for column in table.columns if isinstance(column.input, Fact)]
    values, size = table.decides[0].cells, len(table.lines) - table.has_default

    def holds(row: int, facts: Facts) -> bool:
        tests = [(column.tests[column.cells[row]], path) for column, path in columns if column.cells[row] != NONE]
        return all(test.holds(facts[path]) for test, path in tests if isinstance(test, OneOf | Within))

    met = set[tuple[int, int]]()
    for facts in EVERY:
        met |= set(combinations([row for row in range(size) if holds(row, facts)], 2))
    return {(one + 1, other + 1) for one, other in met if table.combine == "unique" or values[one] != values[other]}


def table_of(random: Random, combine: str, has_default: bool) -> Plan:
    """A plan of one table, of a few rows."""
    amounts = [Within(low, high, random.random() < 0.5, random.random() < 0.5) for low, high in ENDS]
    kinds = [OneOf(tuple(random.sample("abc", random.randint(1, 2)))) for _ in range(3)]
    count = random.randint(2, 6)
    rows = tuple(tuple(random.choice([NONE, 0, 1, 2]) for _ in range(count)) for _ in "xk")
    columns = (Column(Fact("x"), tuple(amounts), rows[0]), Column(Fact("kind"), tuple(kinds), rows[1]))
    values = (Const(Decimal("0.1")), Const(Decimal("0.2")))
    decides = Decides("o", values, tuple(random.choice([0, 1]) for _ in range(count)), 0 if has_default else NONE)
    lines = tuple(range(1, count + 1 + has_default))
    table = Table("t", "T", "a.regles", 0, columns, (decides,), "a.regles", lines, combine, has_default=has_default)
    return Plan(FACTS, (OutcomeSlot("o", Percentage(), "o"),), (), (), ("t",), tables=(table,))


ENDS: list[tuple[Decimal | None, Decimal | None]] = [
    (None, THRESHOLDS[1]), (THRESHOLDS[0], THRESHOLDS[1]), (THRESHOLDS[0], None),
]  # fmt: skip


def without_rows(plan: Plan, gone: set[int]) -> Plan:
    """The plan without the rows of these numbers, from 1."""
    table = plan.tables[0]
    kept = [at for at in range(len(table.lines)) if at + 1 not in gone]
    rows = [at for at in kept if at < len(table.lines) - table.has_default]
    columns = tuple(replace(each, cells=tuple(each.cells[at] for at in rows)) for each in table.columns)
    default = table.has_default and len(table.lines) not in gone
    decides = tuple(
        replace(each, cells=tuple(each.cells[at] for at in rows), default=each.default if default else NONE)
        for each in table.decides
    )
    lines = tuple(range(1, len(kept) + 1))
    left = replace(table, columns=columns, decides=decides, lines=lines, has_default=default)
    return replace(plan, tables=(left,))


def without(plan: Plan, lines: set[int]) -> Plan:
    kept = tuple(rule for rule in plan.rules if rule.line not in lines)
    return replace(plan, rules=kept, order=tuple(rule.id for rule in kept))


NEUTRAL = {All: Const(True), AnyOf: Const(False)}  # what stands for a part that is taken away, by what joins it


def without_parts(expr: Expr, gone: set[Span], neutral: Expr = NEUTRAL[All]) -> Expr:
    """The condition without those parts."""
    if expr.span in gone:
        return neutral
    match expr:
        case All(items) | AnyOf(items) | Count(_, _, items):
            below = NEUTRAL.get(type(expr), neutral)
            return replace(expr, items=tuple(without_parts(each, gone, below) for each in items))
        case Not(item):
            return replace(expr, item=without_parts(item, gone, neutral))
        case _:
            return expr


def joined(expr: Expr) -> Iterator[Expr]:
    """The parts of a condition that « et » or « ou » joins to others."""
    for each in walk(expr):
        if isinstance(each, All | AnyOf):
            yield from each.items


@pytest.mark.parametrize("seed", range(200, 200 + PLANS))
def test_parts_that_change_nothing_are_all_those_there_are(seed: int) -> None:
    """Without them, the rules apply to the same facts; without another, to others."""
    plan = Maker(Random(seed)).rules("max", Decimal(0)).plan
    found = analyse(plan, True, 60, monotonic)
    tester = Asking(outline_of(plan))

    def truths(condition: Any) -> list[Truth]:
        return [tester.holds(condition, facts) for facts in EVERY]

    for rule in plan.rules:
        told = {each.part.span: each.code for each in found if each.at.statement == rule and each.part}
        condition = rule.branches[0].condition
        for part in walk(condition):
            if told.get(part.span) in CONSTANT:
                assert set(truths(part)) == {CONSTANT[told[part.span]]}
        spare = {span for span, code in told.items() if code == "W614"}
        left, always = without_parts(condition, spare), truths(condition)
        assert truths(left) == always
        if len(set(always)) == 2 and not told.keys() - spare:
            for part in joined(left):
                if not isinstance(part, Const):
                    assert len(set(truths(part))) == 2
                    assert truths(without_parts(left, {part.span})) != always


CONSTANT = {"W607": True, "W615": False}


@pytest.mark.parametrize("seed", range(300, 300 + PLANS))
def test_rules_that_leave_the_bounds_are_all_those_there_are(seed: int) -> None:
    random = Random(seed)
    combine = random.choice(["any", "unique", "first", "max", "min", "sum", "compound", "collect"])
    made = Maker(random).rules(combine, random.choice([None, Decimal("0.1")]))
    bounds = random.choice([Bounds(None, Decimal("0.15")), Bounds(Decimal("0.15")), Bounds(None, Decimal("0.25"))])
    slot = replace(made.plan.outcomes[0], bounds=bounds)
    plan = replace(made.plan, outcomes=(replace(slot, type=ListOf(slot.type)) if combine == "collect" else slot,))
    found = [each for each in analyse(plan, True, 60, monotonic) if each.code in ("W620", "N627")]
    results = [interpret(plan, facts, AT).outcomes["o"] for facts in EVERY]
    fired = [{rule.line for rule in each.fired} for each in results if each.status == "error" and each.fired]
    if combine in ("sum", "compound"):
        assert [each.code for each in found] == ["W620"] * bool(fired)
        assert all(each.at.statement.line in set().union(*fired) for each in found)
    else:
        leaving = set().union(*fired)
        if combine == "collect":
            leaving = {line for line in leaving if not within(bounds, value_of(plan, line))}
        assert numbers(found, "W620") == leaving
    assert all(shown(plan, each).outcomes["o"].status == "error" for each in found)


def within(bounds: Bounds, value: object) -> bool:
    assert isinstance(value, Decimal)
    return (bounds.low is None or bounds.low <= value) and (bounds.high is None or value <= bounds.high)


@pytest.mark.parametrize("seed", range(400, 400 + PLANS))
def test_divisions_by_zero_are_all_those_there_are(seed: int) -> None:
    """Whatever facts make a division fail, one of the rules that are told fails for them."""
    random = Random(seed)
    made = Maker(random).rules("first", Decimal(0))
    ends: list[Expr] = [Const(Decimal(100)), Fact("y"), Const(Decimal(300))]
    divisors = [Arithmetic("sub", Fact("x"), random.choice(ends)) for _ in made.plan.rules]
    rules = tuple(
        replace(rule, branches=(dividing(rule.branches[0], divisor, random.random() < 0.5),))
        for rule, divisor in zip(made.plan.rules, divisors, strict=True)
    )
    plan = replace(made.plan, rules=rules, facts=(replace(FACTS[0], bounds=Bounds(high=Decimal(250))), *FACTS[1:]))
    found = [each for each in analyse(plan, True, 60, monotonic) if each.code in ("W621", "N628")]
    assert {each.code for each in found} <= {"W621"}
    told = [without(plan, {each.line for each in rules} - {line}) for line in numbers(found, "W621")]
    for facts in EVERY:
        if interpret(plan, facts, AT).outcomes["o"].status == "error":
            assert "error" in {interpret(alone, facts, AT).outcomes["o"].status for alone in told}
    for each in found:
        assert "E551" in {problem.code for problem in shown(plan, each).problems}


def dividing(branch: Branch, divisor: Expr, asked: bool) -> Branch:
    """The branch with a division, in its condition or in its value."""
    share = Arithmetic("div", Const(Decimal(1)), divisor)
    if asked:
        return replace(branch, condition=All((branch.condition, Compare("gt", share, Const(Decimal(0))))), does=())
    return replace(branch, gives=(Give("o", share),), does=())
