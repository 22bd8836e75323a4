"""Two plans in, what is asked of both out: formulas of one outcome or action, and the facts of a model."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rulec.analysis.logic import Term, both, opposite
from rulec.analysis.prover import Clock, Prover
from rulec.analysis.reads import TODAY
from rulec.difference.asked import asked_of
from rulec.difference.both import Both
from rulec.difference.compared import Two, touched
from rulec.difference.cone import Test
from rulec.difference.side import Shared, Side
from rulec.moment import Moment
from rulec.runtime.types import ListOf, OutcomeSlot


class Pair:
    """Two plans as formulas. `at`: the date of the decision, None for any."""

    def __init__(self, both_: Both, budget: float, clock: Clock, at: Moment | None) -> None:
        self.both, self.at = both_, at
        self.shared = Shared(both_.new, both_.facts, both_.numbers)
        one, other = both_.substances
        self.sides = Side(both_.old, self.shared, one), Side(both_.new, self.shared, other)
        self.prover = Prover(both_.new, budget, clock)
        self.prover.statements = self.sides[1]
        for side in self.sides:
            for promise in side.plan.promises:
                if promise.assumed:
                    self.prover.assume(opposite(side.truth(promise.condition).no))
        day = self.shared.variables.today
        self.usual = [] if at is None else [day == at.toordinal()]

    def paths(self, key: str) -> list[str]:
        """What the rules of either plan read for it."""
        found = set[str]()
        for side in self.sides:
            found |= set(side.reads.of(self.both.stated(key, side.plan, side.reads)))
        return sorted(found)

    def differ(self, key: str) -> Term | None:
        """Where the decisions differ; None where that has no formula."""
        slots = self.both.outcomes.get(key)
        if slots is not None:
            two = Two(self.sides[0].kept(slots.old), self.sides[1].kept(slots.new))
            return both([two.differ(), touched(slots.new, two) if _alike(*slots) else True])
        one, other = (asked_of(side, key) for side in self.sides)
        return Two(one, other).differ() if one is not None and other is not None else None

    def truth(self, test: Test, new: bool) -> Any:
        """A test, as a formula."""
        side = self.sides[new]
        around, side.each = side.each, test.each
        found = side.truth(test.expr)
        side.each = around
        return found

    def name(self, paths: Sequence[str]) -> None:
        """Make the variables of facts, which a case has values for even where they stand in no formula."""
        for path in paths:
            if path != TODAY:
                self.shared.variables.of(path)

    def given(self, model: Any, paths: list[str]) -> tuple[dict[str, object], date]:
        """The facts of a model, and the date of the decision."""
        lists = {slot.path for slot in self.both.facts.slots if isinstance(slot.type, ListOf)}
        known = [path for path in paths if path != TODAY]
        read = self.shared.variables.facts(model, [path for path in known if path not in lists])
        day = self.at or self.shared.variables.day(model)
        return {path: () for path in known if path in lists} | read, day


def _alike(old: OutcomeSlot, new: OutcomeSlot) -> bool:
    """Whether an outcome combines alike."""
    fields = ("type", "combine", "default", "order", "distinct", "bounds", "each")
    return all(getattr(old, name) == getattr(new, name) for name in fields)
