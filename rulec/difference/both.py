"""Two plans and facts in, what each decides out: executed, by the specification."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from rulec.analysis.reads import Reads
from rulec.backends.interpreter import interpret
from rulec.difference.facts import common, comparable, known_to
from rulec.difference.result import Became, Case, Change
from rulec.difference.substance import Numbers, Substance, promised
from rulec.plan.lower import exclusive_actions
from rulec.plan.tree import Plan
from rulec.runtime.decision import Decision
from rulec.runtime.facts import FactsError
from rulec.runtime.types import OutcomeSlot
from rulec.tree import Node

Facts = Mapping[str, object]


class Slots(NamedTuple):
    """An outcome as each plan declares it."""

    old: OutcomeSlot
    new: OutcomeSlot


class Both:
    """Two plans that are compared: what both decide."""

    def __init__(self, old: Plan, new: Plan) -> None:
        self.old, self.new, self.facts = old, new, common(old.facts, new.facts)
        before, asked = {slot.key: slot for slot in old.outcomes}, {slot.key for slot in old.actions}
        self.outcomes = {slot.key: Slots(before[slot.key], slot) for slot in new.outcomes if slot.key in before}
        self.actions = [slot.key for slot in new.actions if slot.key in asked]
        self.numbers = Numbers()
        self.substances = Substance(old, self.numbers), Substance(new, self.numbers)

    @property
    def keys(self) -> list[str]:
        """The outcomes and actions of both."""
        return [*self.outcomes, *self.actions]

    def givers(self, key: str, plan: Plan) -> list[str]:
        """The outcome; or the action, with those that it excludes."""
        if key in self.outcomes:
            return [key]
        return sorted({key, *exclusive_actions(plan.actions).get(key, ())})

    def stated(self, key: str, plan: Plan, reads: Reads) -> list[Node]:
        """What decides it: rules, tables, and what is promised of it."""
        givers = [giver for each in self.givers(key, plan) for giver in reads.giving(each)]
        return [*givers, *promised(plan, key)]

    def is_comparable(self, key: str) -> bool:
        """Whether the values of an outcome can be compared."""
        slots = self.outcomes.get(key)
        return slots is None or (slots.old.each == slots.new.each and comparable(slots.old.type, slots.new.type))

    def is_same(self, key: str) -> bool:
        """Whether both plans say the same of an outcome or action."""
        old, new = self.substances
        if key in self.outcomes:
            return old.kept(key) == new.kept(key)
        return old.action(key) == new.action(key)

    def decided(self, key: str, facts: Facts, at: date) -> tuple[Became, Became] | None:
        """What becomes of it under the old rules and under the new ones; None for facts that one does not accept."""
        try:
            one, other = (interpret(plan, known_to(plan.facts, facts), at) for plan in (self.old, self.new))
        except FactsError:
            return None
        return became_of(one, key), became_of(other, key)

    def case(self, key: str, facts: Facts, at: date) -> Case:
        """The facts without those that make no difference to what changes."""
        left, shown = dict(facts), kinds_of(self.decided(key, facts, at) or ())
        for path in reversed(list(facts)):
            fewer = {name: value for name, value in left.items() if name != path}
            if kinds_of(self.decided(key, fewer, at) or ()) == shown:
                left = fewer
        return Case(tuple(known_to(self.facts.slots, left).items()), at)

    def change(self, key: str, facts: Facts, at: date, dated: bool) -> Change:
        """A change of which the case alone is known."""
        case = self.case(key, facts, at)
        became = self.decided(key, dict(case.facts), at)
        assert became is not None  # as it was for all the facts
        return Change(None, case, *became, dated=dated)


def became_of(decision: Decision, key: str) -> Became:
    """What becomes of an outcome or an action."""
    found = decision.outcomes.get(key)
    return found if found is not None else tuple(each for each in decision.actions if each.key == key)


def kind_of(became: Became) -> object:
    """What counts for whether two decisions differ: the value; that no rule applies; that nothing can be decided."""
    if isinstance(became, tuple):
        if not became:
            return "not_applicable"
        if any(each.status != "decided" for each in became):
            return "undecided"
        return frozenset(tuple(sorted(each.parameters.items())) for each in became)
    if became.status == "decided":
        return ("decided", became.value)
    return became.status if became.status == "not_applicable" else "undecided"


def kinds_of(became: Iterable[Became]) -> list[object]:
    """That of each."""
    return [kind_of(each) for each in became]


def differs(became: tuple[Became, Became] | None) -> bool:
    """Whether a decision changes: not for facts that one side does not accept."""
    return became is not None and kind_of(became[0]) != kind_of(became[1])

