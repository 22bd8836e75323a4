"""A condition and whether it is to hold in, facts that make it so out, from the values worth trying."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import islice, product

from rulec.backends.interpreter import Tester, interpret
from rulec.backends.outline import outline_of
from rulec.plan.tree import (
    All,
    AnyOf,
    Applies,
    Branch,
    Const,
    Count,
    Decided,
    Defined,
    DefinedGiven,
    Expr,
    Give,
    Not,
    OutcomeGiven,
    Plan,
    Rule,
    Today,
)
from rulec.runtime.kleene import Truth, Unknown
from rulec.runtime.plain import changing
from rulec.runtime.types import OutcomeSlot, YesNo
from rulec.tree import walk
from rulec.trial.candidates import ABSENT, TODAY, USUAL, Values, facts_in
from rulec.trial.coverage import joined

MOST = 300  # values, or pairs of values, tried for one condition
PATIENCE = 2000  # values tried before a way is given up
Facts = Mapping[str, object]  # with the date of the decision; a fact that is absent is ABSENT
_PROBE = "?"


@changing
class Reaching:
    """Finds facts for conditions of a plan. `left`: how many values may still be tried."""

    plan: Plan
    values: Values
    left: int = PATIENCE

    def facts_for(self, items: Sequence[tuple[Expr, bool]], fixed: Facts, silent: Iterable[Expr]) -> Iterator[Facts]:
        """A few ways to have conditions as wanted, others not holding as far as that can be."""
        self.left = PATIENCE
        for facts in islice(self.all_of(items, fixed), 2):
            self.left = PATIENCE
            quiet = facts
            for condition in silent:
                quiet = next(self.ways(condition, False, quiet), quiet)
            yield quiet

    @cached_property
    def late(self) -> frozenset[str]:
        """The definitions that read outcomes."""
        found = set[str]()
        for definition in self.plan.definitions:  # each after those that it reads
            if _reads_outcomes(definition.value, found):
                found.add(definition.key)
        return frozenset(found)

    def ways(self, expr: Expr, wanted: bool, fixed: Facts) -> Iterator[Facts]:
        """The facts as fixed, with others for which the expression is as wanted; what reads outcomes is hoped for."""
        match expr:
            case Not(item) if joined(item):
                yield from self.ways(item, not wanted, fixed)
            case All(items) if joined(expr):
                yield from (
                    self.all_of([(each, True) for each in items], fixed) if wanted else self.one_of(items, False, fixed)
                )
            case AnyOf(items) if joined(expr):
                yield from (
                    self.one_of(items, True, fixed) if wanted else self.all_of([(each, False) for each in items], fixed)
                )
            case Count(low, high, items) if joined(expr):
                size = low if wanted else low - 1 if low else high + 1
                turns = (items[at:] + items[:at] for at in range(len(items)))
                for turn in turns:
                    yield from self.all_of([(each, at < size) for at, each in enumerate(turn)], fixed)
            case Const(value):
                yield from [fixed] if value is wanted else []
            case _:
                yield from self.tried(expr, wanted, fixed)

    def all_of(self, items: Sequence[tuple[Expr, bool]], fixed: Facts) -> Iterator[Facts]:
        """Every condition as it is wanted."""
        if not items:
            yield fixed
            return
        (first, wanted), *rest = items
        for facts in islice(self.ways(first, wanted, fixed), 3):
            yield from self.all_of(rest, facts)

    def one_of(self, items: Sequence[Expr], wanted: bool, fixed: Facts) -> Iterator[Facts]:
        """One condition as wanted, the others not, where that can be; each in turn."""
        for at, item in enumerate(items):
            others = [(each, not wanted) for each in (*items[:at], *items[at + 1 :])]
            alone = list(islice(self.all_of([(item, wanted), *others], fixed), 1))
            yield from alone or islice(self.ways(item, wanted, fixed), 1)

    def tried(self, expr: Expr, wanted: bool, fixed: Facts) -> Iterator[Facts]:
        """A condition that joins nothing: values are tried in turn."""
        self.left -= 1
        if self.left < 0:
            return
        if _reads_outcomes(expr, self.late):
            yield fixed
            return
        free = [path for path in facts_in(expr, self.plan) if path not in fixed and path in self.values]
        for values in islice(product(*(self.values[path] for path in free)), MOST):
            facts = {**fixed, **dict(zip(free, values, strict=True))}
            self.left -= 1
            if self.left < 0:
                return
            if self.truth(expr, facts) is wanted:
                yield facts

    def truth(self, expr: Expr, facts: Facts) -> Truth:
        """Whether a condition that reads no outcome holds."""
        if not any(isinstance(node, Today | Defined | DefinedGiven) for node in walk(expr)):
            return self.tester.holds(expr, told(facts)[0])
        rule = Rule(_PROBE, _PROBE, "", 0, (Branch(1, Const(True), (Give(_PROBE, expr),)),))
        slot = OutcomeSlot(_PROBE, YesNo(), _PROBE)
        early = tuple(each for each in self.plan.definitions if each.key not in self.late)
        plan = replace(
            self.plan, outcomes=(slot,), actions=(), rules=(rule,), tables=(), order=(_PROBE,), definitions=early,
            promises=(), oversight=(),
        )  # fmt: skip
        result = interpret(plan, *told(facts)).outcomes[_PROBE]
        return bool(result.value) if result.status == "decided" else Unknown()

    @cached_property
    def tester(self) -> Tester:
        """What tells whether a condition on facts alone holds."""
        return Tester(outline_of(self.plan))


def told(facts: Facts) -> tuple[dict[str, object], date]:
    """The facts that are given, and the date of the decision."""
    at = facts.get(TODAY, USUAL)
    assert isinstance(at, date)
    return {path: value for path, value in facts.items() if path != TODAY and value is not ABSENT}, at


def _reads_outcomes(expr: Expr, late: Set[str]) -> bool:
    """Whether an expression reads an outcome, or one of these definitions."""
    return any(
        isinstance(node, Decided | OutcomeGiven | Applies)
        or (isinstance(node, Defined | DefinedGiven) and node.key in late)
        for node in walk(expr)
    )
