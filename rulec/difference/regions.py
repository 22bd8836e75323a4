"""One outcome or action of two plans in, where its decisions change out: region by region, each with a case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import z3

from rulec.analysis.logic import Term, Value, both, opposite
from rulec.analysis.prover import UnsettledError
from rulec.analysis.reads import TODAY
from rulec.difference.asked import Asked, asked_of
from rulec.difference.axes import axes_of
from rulec.difference.both import differs
from rulec.difference.conditions import tests_of
from rulec.difference.cone import Cone, across
from rulec.difference.fates import Fate
from rulec.difference.pair import Pair
from rulec.difference.result import Axis, Change, Compared, Condition, Given, Says
from rulec.difference.straight import is_constant, straight
from rulec.difference.widening import fewest, pinned, start, widest

Facts = dict[str, object]


class Regions:
    """Looks for the changes of one outcome or action."""

    def __init__(self, pair: Pair, key: str) -> None:
        self.pair, self.key, self.paths = pair, key, pair.paths(key)
        cones = [Cone(side.plan, pair.both.givers(key, side.plan)) for side in pair.sides]
        self._axes = axes_of(pair.both.facts.slots, cones, self.paths)
        self._says = [(test, bool(new)) for new, cone in enumerate(cones) for test in across(cone.tests)]
        self._blocked, self._late = list[Term](), False
        pair.name(self.paths)

    def compared(self, most: int) -> Compared:
        """The first changes, and whether there are others. `most`: how many are told."""
        differ, found = self.pair.differ(self.key), list[Change]()
        if differ is None:
            return Compared(self.key, unproven="lists")
        unproven = ""
        try:
            while (model := self._case(differ)) is not None:
                if len(found) == most:
                    return Compared(self.key, tuple(found), True, unproven)
                change = self._change(model)
                if change is None:
                    unproven = "lists"
                    break
                found.append(change)
                if change.region is None:
                    unproven = "time" if self._late else "lists"
                    break
            else:
                rounds = bool(self.pair.shared.exact) and not self._never(differ, *self._blocked)
                unproven = "digits" if rounds else ""
        except UnsettledError:
            unproven = "time"
        return Compared(self.key, tuple(found), unproven=unproven)

    def _case(self, differ: Term) -> Any:
        exact, usual = self.pair.shared.exact, self.pair.usual
        return self.pair.prover.case(differ, *self._blocked, *exact, *usual, shown=self.paths)

    def _never(self, *terms: Term) -> bool:
        return self.pair.prover.never(*terms, *self.pair.usual)

    # ---- one change

    def _change(self, model: Any) -> Change | None:
        """The change that a model is a case of, its region set aside; None if it shows none."""
        facts, at = self.pair.given(model, self.paths)
        both_ = self.pair.both
        if not differs(both_.decided(self.key, facts, at)):
            return None
        region = self._region(model, facts, at)
        self._blocked.append(opposite(self._holds(region or ())))
        change = both_.change(self.key, facts, at, TODAY in self.paths)
        return replace(change, region=None if region is None else tuple(region), same=self._constant(model))

    def _region(self, model: Any, facts: Facts, at: date) -> list[Condition] | None:
        """The conditions under which the same changes to the same; None where nothing more than the case is known."""
        claim = self._claim(model)
        for conditions in (self._narrow(model, facts, at), self._point(facts, at)):
            terms = [self._holds([each]) for each in conditions]
            try:
                needed = self.pair.prover.needed([*terms, *self.pair.usual], opposite(claim))
            except UnsettledError:
                self._late = True
                return None
            if needed is not None:
                kept = [conditions[place] for place in needed if place < len(conditions)]
                kept = fewest(kept, lambda some: self._proven(claim, some))
                return widest(kept, lambda some: self._proven(claim, some))
        return None

    def _proven(self, claim: Term, conditions: Sequence[Condition]) -> bool:
        try:
            return self._never(opposite(claim), self._holds(conditions))
        except UnsettledError:
            return False

    def _claim(self, model: Any) -> Term:
        """That it changes, and to what it changes in a model, from what it changes there."""
        return both([self.pair.differ(self.key), *(_as_in(each, model) for each in self._sides())])

    def _sides(self) -> list[Fate | Asked]:
        found = list[Fate | Asked]()
        for new, side in enumerate(self.pair.sides):
            if self.key in self.pair.both.outcomes:
                found.append(side.kept(self.pair.both.outcomes[self.key][new]))
            elif (asked := asked_of(side, self.key)) is not None:
                found.append(asked)
        return found

    def _constant(self, model: Any) -> tuple[bool, bool]:
        one, other = (all(map(is_constant, _values(each, model))) for each in self._sides())
        return one, other

    # ---- conditions

    def _holds(self, conditions: Sequence[Condition]) -> Term:
        return both(
            self.pair.truth(test, not isinstance(each, Says) or each.new).yes
            for each in conditions
            for test in tests_of(each)
        )

    def _narrow(self, model: Any, facts: Facts, at: date) -> list[Condition]:
        """Everything that rules tell apart, as it is in a model."""
        found = [each for axis in self._axes for each in self._of(axis, facts, at)]
        for test, new in self._says:
            truth = self.pair.truth(test, new)
            for holds, term in ((True, truth.yes), (False, truth.no)):
                if not isinstance(term, bool) and z3.is_true(model.eval(term, True)):
                    found.append(Says(test, holds, new))
        return found

    def _of(self, axis: Axis, facts: Facts, at: date) -> list[Condition]:
        value = _value(axis, facts, at)
        is_optional = axis.slot.optional and axis.slot.default is None
        said: list[Condition] = [Given(axis, value is not None)] if is_optional else []
        return [*said, *(start(axis, value) if value is not None else ())]

    def _point(self, facts: Facts, at: date) -> list[Condition]:
        """Every fact with the value that it has."""
        found = list[Condition]()
        for axis in self._axes:
            value = _value(axis, facts, at)
            found += pinned(axis, value) if value is not None else [Given(axis, False)]
        return found


def _value(axis: Axis, facts: Facts, at: date) -> object:
    """The value of a fact of the case; None where it is not given."""
    if axis.path == TODAY:
        return at
    if not axis.each:
        return facts.get(axis.path)
    elements = facts.get(axis.each)
    return elements[0].get(axis.slot.path) if isinstance(elements, tuple) and elements else None


def _values(fate: Fate | Asked, model: Any) -> list[Any]:
    """The values of what is decided, as they are wherever choices go as in a model."""
    return [straight(value.term, model) for value in _given(fate, model)]


def _given(fate: Fate | Asked, model: Any) -> list[Value]:
    if not _is(fate.decided, model):
        return []
    if isinstance(fate, Asked):
        asked = [each for each in fate.requests if _is(each.fires.yes, model)]
        return [value for each in asked for _, value in each.parameters]
    if fate.value.kind != "list" or not _is(fate.sure, model):
        return [fate.value]
    return [value for there, value in fate.items if _is(there, model)]


def _as_in(fate: Fate | Asked, model: Any) -> Term:
    """That what becomes of it is what it becomes in a model."""
    if _is(fate.none, model):
        return fate.none
    if not _is(fate.decided, model):
        return both([opposite(fate.none), opposite(fate.decided)])
    there = [fate.decided]
    if isinstance(fate, Asked):
        there += [_kept(each.fires.yes, model) for each in fate.requests]
    elif fate.value.kind == "list":
        there += [_kept(fate.sure, model), *(_kept(each, model) for each, _ in fate.items)]
    return both([*there, *(value.term == straight(value.term, model) for value in _given(fate, model))])


def _kept(term: Term, model: Any) -> Term:
    return term if _is(term, model) else opposite(term)


def _is(term: Term, model: Any) -> bool:
    return term if isinstance(term, bool) else z3.is_true(model.eval(term, True))
