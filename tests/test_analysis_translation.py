"""Formulas of z3 against the interpreter: an expression has, for any facts, the value that is decided."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import strategies
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rulec.analysis.logic import Truth, Value
from rulec.analysis.statements import Statements
from rulec.analysis.translate import Meaning
from rulec.analysis.variables import constant
from rulec.backends.interpreter import interpret
from rulec.plan.kinds import Kinds
from rulec.plan.tree import (
    Arithmetic,
    Branch,
    Compare,
    Const,
    Decided,
    Elapsed,
    Expr,
    Fact,
    Give,
    Plan,
    Round,
    Rule,
    Shift,
    TextTest,
    Today,
)
from rulec.runtime.types import Choice, Date, Number, Option, OutcomeSlot, Slot, Text, Type
from rulec.tree import Node, rewrite

TYPES: dict[str, Type] = {**strategies.KINDS, "choice": Text()}
MOST = Decimal(10) ** 12
EXAMPLES = int(os.environ.get("RULEC_EXAMPLES", "40"))


def tame(node: Node) -> Node:
    """Without numbers so large that they are rounded, and without divisions, which are."""
    match node:
        case Const(Decimal() as value) if abs(value) > MOST:
            return Const(Decimal(3))
        case Arithmetic("div", left, _):
            return Arithmetic("div", left, Const(Decimal(4)))
        case _:
            return node


def expressions(plan: Plan) -> list[Expr]:
    """What the rules about the whole decision ask and give."""
    branches = [branch for rule in plan.rules if not rule.each for branch in rule.branches]
    found = [expr for each in branches for expr in (each.condition, *(give.value for give in each.gives))]
    read = [expr for expr in found if not isinstance(expr, Const)]
    return [*read, *(Decided(slot.key) for slot in plan.outcomes if not slot.each)]


def asking(plan: Plan, exprs: list[Expr]) -> Plan:
    """The plan with an outcome for the value of each expression."""
    kinds = Kinds(plan)
    slots, rules = [], []
    for number, expr in enumerate(exprs):
        kinds.along("")
        kind = kinds.of(expr)
        slots.append(OutcomeSlot(f"asked{number}", TYPES.get("yes" if kind == "yes" else kind, Number()), "asked"))
        rules.append(Rule(f"asked{number}", "", "", 0, (Branch(1, Const(True), (Give(f"asked{number}", expr),)),)))
    return replace(
        plan, outcomes=(*plan.outcomes, *slots), rules=(*plan.rules, *rules),
        order=(*plan.order, *(rule.id for rule in rules)),
    )  # fmt: skip


def given_facts(translator: Statements, facts: Mapping[str, object], at: date) -> list[Any]:
    """That the variables stand for these facts."""
    told: list[Any] = [translator.variables.today == at.toordinal()]
    for path, variable in translator.variables.known.items():
        told += [z3.Not(variable.absent) if path in facts else variable.absent] if variable.absent is not False else []
        held = facts.get(path, variable.slot.default)
        meant = constant(held, translator.variables) if held is not None else None
        read = translator.variables.read(path) if meant is not None else None
        if isinstance(meant, Truth):
            told.append(variable.held == meant.yes)
        elif isinstance(meant, Value) and isinstance(read, Value):
            told.append(read.term == meant.term)
    return told


def same(translator: Statements, meant: Meaning, value: object) -> Any:
    """That a formula has a value; None: that it has none."""
    held = constant(value, translator.variables) if value is not None else None
    if isinstance(meant, Truth):
        if not isinstance(held, Truth):
            return z3.Not(z3.Or(meant.yes, meant.no))
        return z3.And(meant.yes == held.yes, meant.no == held.no)
    return z3.And(meant.known, meant.term == held.term) if isinstance(held, Value) else z3.Not(meant.known)


def differs(plan: Plan, exprs: list[Expr], facts: Mapping[str, object], at: date) -> list[Expr]:
    """The expressions whose formulas cannot have the value that the interpreter gives, or can have another."""
    wrong = []
    decision = interpret(asking(plan, exprs), facts, at)
    for number, expr in enumerate(exprs):
        result = decision.outcomes[f"asked{number}"]
        if isinstance(result.value, tuple):
            continue
        translator = Statements(plan)
        meant = translator.value(expr)
        agrees = same(translator, meant, result.value if result.status == "decided" else None)
        solver = z3.Solver()
        solver.set("timeout", 5000)
        solver.add(*given_facts(translator, facts, at), *translator.variables.told())
        if solver.check(agrees) == z3.unsat or (translator.exact and solver.check(z3.Not(agrees)) == z3.sat):
            wrong.append(expr)
    return wrong


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.cases(), st.randoms(use_true_random=False))
def test_a_formula_has_the_value_that_is_decided(case: strategies.Case, random: Random) -> None:
    plan = rewrite(case.plan, tame)
    facts = {slot.path: fair(slot.path, random) for slot in plan.facts if not slot.optional or random.random() < 0.7}
    assert differs(plan, expressions(plan), facts, random.choice(strategies.DAYS[:4])) == []


def fair(path: str, random: Random) -> object:
    """A value for a fact that a variable stands for: what must be given is taken as given."""
    while strange(value := strategies.value(path, random)):
        pass
    return value


def strange(value: object) -> bool:
    """Whether no variable stands for it: it is too large, too early."""
    return (isinstance(value, Decimal) and abs(value) > MOST) or (isinstance(value, datetime) and value.year < 2)


FACTS = (
    Slot("start", Date(), ("start",)), Slot("end", Date(), ("end",)), Slot("n", Number(), ("n",)),
    Slot("code", Text(), ("code",)), Slot("choice", Choice((Option("a", "a"), Option("b", "b"))), ("choice",)),
)  # fmt: skip
START, END, N = Fact("start"), Fact("end"), Fact("n")
EXPRESSIONS: list[Expr] = [
    *(Elapsed(unit, START, END) for unit in ("day", "month", "year")),
    *(Shift(START, N, unit) for unit in ("day", "month", "month_end")),
    *(Round(N, Decimal("0.05"), mode) for mode in ("nearest", "up", "down")),
    Arithmetic("div", N, Const(Decimal(8))),
    Compare("lt", Elapsed("month", START, Today()), Const(Decimal(24))),
    Compare("ge", Shift(START, Const(Decimal(-18)), "month"), END),
    *(TextTest(test, Fact("code"), "ÉTÉ", True) for test in ("starts", "equals", "contains")),
    *(TextTest(test, Fact("code"), "ÉTÉ") for test in ("starts", "equals", "contains", "matches", "ends")),
    Compare("eq", Fact("choice"), Const("a")), Compare("ne", Fact("code"), Const("été")),
]  # fmt: skip
NUMBERS = [Decimal(text) for text in ("0", "1", "-1", "0.5", "13", "-14", "0.125", "0.075", "-0.025", "5000000", "31")]
TEXTS = ["été", "ÉTÉ", "ete 26", "l'été", "", "VIP"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_dates_rounding_texts(data: st.DataObject) -> None:
    plan = Plan(FACTS, (), (), (), ())
    near = st.sampled_from([date(2024, 2, 29), date(2026, 1, 31), date(1900, 2, 28), date(1, 1, 1), date(9999, 12, 31)])
    days = st.one_of(near, st.dates())
    facts = {
        "start": data.draw(days), "end": data.draw(days), "n": data.draw(st.sampled_from(NUMBERS)),
        "code": data.draw(st.sampled_from(TEXTS)), "choice": data.draw(st.sampled_from(["a", "b"])),
    }  # fmt: skip
    assert differs(plan, [data.draw(st.sampled_from(EXPRESSIONS))], facts, data.draw(days)) == []
