"""A plan in, the outcomes that can be calculated for many rows at once out, and a plan that tells what rules give them.

That plan is the same but for what is calculated: in place of each formula it has a constant. What it decides depends on
nothing but the tests of the rules, so rows of many different numbers share its decisions; which rules then give what is
calculated, they say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count

from rulec.plan.order import defined_in
from rulec.plan.tree import (
    Arithmetic,
    Branch,
    Const,
    Decided,
    Defined,
    Expr,
    Extreme,
    Fact,
    Give,
    Plan,
    Round,
    Rule,
)
from rulec.runtime.calculate import EXACT
from rulec.runtime.plain import changed
from rulec.runtime.types import OutcomeSlot
from rulec.tree import walk

_COMBINED = ("any", "unique", "first", "max", "min", "sum")
Giver = tuple[str, int, str]  # the rule, its branch, the outcome


@dataclass(frozen=True)
class Formulas:
    """What can be calculated. `plan`: with constants instead. `outcomes`: each after those that it reads.

    `givers`: what each branch of a rule gives them; `facts`: those that are read, by path.
    """

    plan: Plan
    outcomes: tuple[OutcomeSlot, ...]
    givers: dict[Giver, Expr]
    facts: frozenset[str]


def formulas_of(plan: Plan, numbers: frozenset[str], outcomes: frozenset[str]) -> Formulas | None:
    """What can be calculated; None: nothing. `numbers`: the facts that are; `outcomes`: those that are asked for."""
    finder = _Finder(plan, numbers, outcomes)
    found = finder.outcomes()
    if not found or plan.judgements:
        return None
    givers = {giver: expr for giver, expr in finder.givers.items() if giver[2] in found}
    facts = frozenset(node.path for expr in givers.values() for node in walk(expr) if isinstance(node, Fact))
    slots = {slot.key: slot for slot in plan.outcomes}
    return Formulas(_with_constants(plan, frozenset(found)), tuple(slots[key] for key in found), givers, facts)


class _Finder:
    """Finds the outcomes that can be calculated."""

    def __init__(self, plan: Plan, numbers: frozenset[str], outcomes: frozenset[str]) -> None:
        self.plan, self.numbers, self.possible = plan, numbers, outcomes
        self.definitions = {each.key: each.value for each in plan.definitions}
        self.read = dict[str, Expr | None]()
        self.givers = dict[Giver, Expr]()

    def outcomes(self) -> list[str]:
        """Their keys, each after those that it reads."""
        given, refused = self._given()
        found = {
            slot.key for slot in self.plan.outcomes
            if slot.key in given.keys() & self.possible - refused and slot.combine in _COMBINED
        }  # fmt: skip
        while spoilt := found & self._read_elsewhere(found):
            found -= spoilt
        rules = {rule.id: rule for rule in self.plan.rules}
        ordered = [rules[name] for name in self.plan.order if name in rules]
        given_last = [give.outcome for rule in ordered for branch in rule.branches for give in branch.gives][::-1]
        return [key for key in dict.fromkeys(given_last) if key in found][::-1]

    def _given(self) -> tuple[dict[str, list[Expr]], set[str]]:
        """What rules give each outcome, if it can be calculated; the outcomes of which something cannot."""
        given, refused = dict[str, list[Expr]](), set[str]()
        refused |= {decided.outcome for table in self.plan.tables for decided in table.decides}
        for rule, branch, give in _gives(self.plan):
            expr = self._formula(give.value)
            giver = rule.id, branch.number, give.outcome
            if expr is None or rule.each or giver in self.givers:
                refused.add(give.outcome)
            else:
                self.givers[giver] = expr
                given.setdefault(give.outcome, []).append(expr)
        formulas = {key for key, exprs in given.items() if not all(isinstance(expr, Const) for expr in exprs)}
        return given, refused | (given.keys() - formulas)

    def _read_elsewhere(self, found: set[str]) -> set[str]:
        """The outcomes whose values something reads that is not calculated."""
        rest = _with_constants(self.plan, frozenset(found))
        return {node.outcome for node in walk(rest) if isinstance(node, Decided)}

    def _formula(self, expr: Expr) -> Expr | None:
        """The expression, definitions read in place; None where it cannot be calculated."""
        match expr:
            case Const(Decimal()):
                return expr
            case Fact(path):
                return expr if path in self.numbers else None
            case Decided(_, None):
                return expr
            case Defined(key):
                if key not in self.read:
                    self.read[key] = self._formula(self.definitions[key])
                return self.read[key]
            case Arithmetic("add" | "sub" | "mul" as operator, left, right):
                return self._both(operator, left, right)
            case Arithmetic("div", left, Const(Decimal() as by)) if (inverse := _inverse(by)) is not None:
                return self._both("mul", left, Const(inverse))
            case Round(item, step, mode):
                read = self._formula(item)
                return None if read is None else Round(read, step, mode)
            case Extreme(which, items):
                own = tuple(map(self._formula, items))
                return None if None in own else Extreme(which, tuple(each for each in own if each is not None))
            case _:
                return None

    def _both(self, operator: str, left: Expr, right: Expr) -> Expr | None:
        one, other = self._formula(left), self._formula(right)
        return None if one is None or other is None else Arithmetic(operator, one, other)


def _gives(plan: Plan) -> Iterator[tuple[Rule, Branch, Give]]:
    for rule in plan.rules:
        for branch in rule.branches:
            yield from ((rule, branch, give) for give in branch.gives)


def _inverse(value: Decimal) -> Decimal | None:
    """1 ÷ value, if that has an end."""
    if not value:
        return None
    inverse = EXACT.divide(Decimal(1), value)
    return inverse if EXACT.multiply(inverse, value) == 1 and len(inverse.as_tuple().digits) < 15 else None


def _with_constants(plan: Plan, found: frozenset[str]) -> Plan:
    """The plan with a constant, each another one, for what gives these outcomes; all that give one are then told."""
    numbers = count(1)

    def change(give: Give) -> Give:
        return replace(give, value=Const(Decimal(next(numbers)))) if give.outcome in found else give

    rules = tuple(
        changed(rule, branches=tuple(changed(each, gives=tuple(map(change, each.gives))) for each in rule.branches))
        for rule in plan.rules
    )
    outcomes = tuple(_told(slot) if slot.key in found else slot for slot in plan.outcomes)
    left = replace(plan, rules=rules, outcomes=outcomes, digest="")
    return replace(left, definitions=tuple(each for each in plan.definitions if each.key in _needed(left)))


def _told(slot: OutcomeSlot) -> OutcomeSlot:
    return changed(slot, combine=slot.combine if slot.combine in ("first", "unique") else "sum", bounds=None)


def _needed(plan: Plan) -> set[str]:
    """The definitions that are read."""
    definitions = {each.key: each for each in plan.definitions}
    steps = (*plan.statements, *plan.promises, *plan.oversight)
    found, left = set[str](), [key for step in steps for key in defined_in(step)]
    while left:
        if (key := left.pop()) not in found:
            found.add(key)
            left += defined_in(definitions[key])
    return found
