"""One of two plans in, its rules as formulas over the facts that both share out."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import z3

from rulec.analysis.dates import Calendar
from rulec.analysis.logic import Term, Truth, Value, both, either, opposite
from rulec.analysis.reads import Reads
from rulec.analysis.statements import Statements
from rulec.analysis.translate import Meaning
from rulec.analysis.variables import Variables
from rulec.difference.facts import Common
from rulec.difference.fates import Fate, fate_of
from rulec.difference.substance import Numbers, Substance, promised
from rulec.plan.tree import (
    All,
    AnyOf,
    Arithmetic,
    Compare,
    Const,
    Count,
    Decided,
    Expr,
    Fact,
    In,
    Not,
    OutcomeGiven,
    Plan,
    Promise,
)
from rulec.runtime.types import OutcomeSlot
from rulec.tree import walk

# What has a value wherever the outcomes and facts do that it reads.
_SETTLED = (All, AnyOf, Compare, Const, Count, Decided, In, Not, OutcomeGiven)


class Shared:
    """What two plans have in common: the variables of the facts, and those of what has no formula.

    `exact`: what divisions are where nothing is rounded. A proof does without: decisions keep 34 digits.
    """

    def __init__(self, plan: Plan, facts: Common, numbers: Numbers) -> None:
        self.variables = Variables(replace(plan, facts=facts.slots))
        self.calendar = Calendar(self.variables.fresh, self.variables.sides.append)
        self.numbers, self.free = numbers, dict[object, Any]()
        self.exact = list[Term]()
        self._divided = z3.Function("divided", z3.RealSort(), z3.RealSort(), z3.RealSort())
        self._told = set[int]()

    def once(self, key: object, make: Callable[[], Any]) -> Any:
        """What is made for a key, made once."""
        if key not in self.free:
            self.free[key] = make()
        return self.free[key]

    def quotient(self, left: Term, right: Term) -> tuple[Term, Term]:
        """Where there is a result, and the result."""
        found = self._divided(left, right)
        if found.get_id() not in self._told:
            self._told.add(found.get_id())
            self.exact.append(z3.Implies(right != 0, found * right == left))
        return right != 0, found


class Side(Statements):
    """The rules of one plan."""

    def __init__(self, plan: Plan, shared: Shared, substance: Substance) -> None:
        super().__init__(plan)
        self.shared, self.variables, self.calendar = shared, shared.variables, shared.calendar
        self.reads, self.substance = Reads(plan), substance
        self._fates = dict[str, Fate]()

    def fate(self, slot: OutcomeSlot) -> Fate:
        """What becomes of an outcome."""
        if slot.key not in self._fates:
            self._fates[slot.key] = fate_of(self, slot)
        return self._fates[slot.key]

    def kept(self, slot: OutcomeSlot) -> Fate:
        """What becomes of an outcome that may break a promise: it is then not given."""
        found = self.fate(slot)
        for promise in promised(self.plan, slot.key):
            broken = self._broken(promise)
            none = both([found.none, opposite(broken)]) if slot.key in promise.given else found.none
            found = found._replace(decided=both([found.decided, opposite(broken)]), none=none, ways=None)
        return found

    def _broken(self, promise: Promise) -> Term:
        """Where a promise is broken, or where whether it is cannot be told."""
        truth = self.truth(promise.condition)
        if truth.sure:
            return truth.no
        key = "promise", self.substance.promise(promise)
        left: Term = self.shared.once(key, partial(self.variables.fresh, "broken", z3.Bool))
        return either([truth.no, both([opposite(truth.yes), self._open(promise), left])])

    def _open(self, promise: Promise) -> Term:
        """Where a promise that is neither kept nor broken may be so for more than outcomes without a value."""
        given = {slot.path for slot in self.plan.facts if not slot.optional}
        slots = [self.outcomes[key] for key in promise.outcomes]
        plain = all(isinstance(node, _SETTLED) or (isinstance(node, Fact) and node.path in given)
                    for node in walk(promise.condition))  # fmt: skip
        if not plain or any(slot.each for slot in slots):
            return True
        fates = [self.fate(slot) for slot in slots]
        return either(both([opposite(fate.decided), opposite(fate.none)]) for fate in fates)

    def free(self, expr: Expr) -> Meaning:
        """A variable of its own, the same for expressions of both plans that say the same."""
        self._kinds.along(self.each)
        kind = self._kinds.of(expr)
        make = self.free_truth if kind == "yes" else partial(self.free_value, kind)
        found: Meaning = self.shared.once((self.each, self.substance.expr(expr)), make)
        return found

    def free_fate(self, key: str, kind: str) -> Fate:
        """Anything that may become of an outcome, the same for outcomes of both plans that say the same."""
        found: Fate = self.shared.once(("fate", self.substance.outcome(key)), partial(self._any_fate, kind))
        return found

    def _any_fate(self, kind: str) -> Fate:
        truth, value = self.free_truth(), self.free_value("number" if kind == "yes" else kind)
        return Fate(truth.yes, truth.no, Value(kind, value.term > 0 if kind == "yes" else value.term))

    def _combined(self, slot: OutcomeSlot) -> tuple[Meaning, Truth] | None:
        """The value of an outcome that rules read; None for a list."""
        found = self.fate(slot)
        if found.value.kind in ("list", "record"):
            return None
        term, given = found.value.term, Truth(found.decided, found.none)
        if found.value.kind == "yes":
            return Truth(both([found.decided, term]), both([found.decided, opposite(term)])), given
        return found.value._replace(known=found.decided), given

    def _calculated(self, expr: Expr) -> Meaning:
        match expr:
            case Arithmetic("div", left, right) if not (isinstance(right, Const) and _ends(right.value)):
                found = self._lifted(self.shared.quotient, left, right, kind="number")
                return found if found is not None else self.free(expr)
            case _:
                return super()._calculated(expr)


def _ends(value: object) -> bool:
    """Whether what is divided by a number has few more digits: its factors are 2 and 5 alone."""
    if not isinstance(value, Decimal) or not value:
        return False
    left, _ = value.as_integer_ratio()
    left = abs(left)
    for prime in (2, 5):
        while left % prime == 0:
            left //= prime
    return left == 1
