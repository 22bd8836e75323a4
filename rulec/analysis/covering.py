"""The ways that give one outcome a value, and whether those of one rule or row may go without any change."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import z3

from rulec.analysis.findings import At
from rulec.analysis.logic import Term, Truth, Value, both, either, opposite, picked
from rulec.analysis.nearby import Near
from rulec.analysis.question import UNSETTLED, Analysis
from rulec.analysis.statements import Giving
from rulec.analysis.variables import constant
from rulec.runtime.types import OutcomeSlot

POLICIES = ("any", "max", "min", "priority", "first", "sum", "compound")
MOST = 2_000  # ways that one is compared with
_ALONE = ("sum", "compound")  # what adds nothing may go


class Group:
    """The ways of one outcome. `names`: for each the rule or the row that it is of.

    `otherwise`: what is given where none of them goes.
    """

    def __init__(
        self, analysis: Analysis, slot: OutcomeSlot, ways: Sequence[Giving], names: Sequence[str],
        otherwise: Giving | None = None,
    ) -> None:  # fmt: skip
        self.slot, self._analysis, self._ways, self._otherwise = slot, analysis, ways, otherwise
        self._places, self._numbers = dict[str, list[int]](), dict[int, Any]()
        for place, name in enumerate(names):
            self._places.setdefault(name, []).append(place)
        self._gone = {place for place, way in enumerate(ways) if analysis.is_lost(way.statement, way.number)}

    @cached_property
    def _near(self) -> Near:
        return self._analysis.nearby.of(self._ways)

    def own(self, name: str) -> list[Giving]:
        """The ways of one."""
        return [self._ways[place] for place in self._places.get(name, ())]

    def drop(self, name: str) -> None:
        """These ways are gone."""
        self._gone |= {*self._places[name]}

    def spares(self, name: str) -> bool:
        """Whether wherever one gives a value that counts, the others give as much."""
        places = self._places.get(name, [])
        return all(self._spared(place, {*places}) for place in places)

    def _spared(self, place: int, own: set[int]) -> bool:
        way = self._ways[place]
        if self._analysis.is_lost(way.statement, way.number):
            return True
        if self.slot.combine in _ALONE and self._number(place) != 0:
            return False
        many = self._near.exceeds(place, MOST + len(own) + len(self._gone))
        near = [] if many else [other for other in self._near(place) if other not in own and other not in self._gone]
        if many or len(near) > MOST:
            self._analysis.leave(UNSETTLED, At(way.statement), "")
            return False
        others = [(other, self._ways[other]) for other in near]
        if (settled := self._settled(place, others)) is not None:
            return settled
        missed = self._missed(place, others)
        return missed is not None and self._analysis.never(way.statement, *missed)

    def _settled(self, place: int, others: Sequence[tuple[int, Giving]]) -> bool | None:
        """Whether it surely is spare, by values that are written and rules that are lines; None: not settled so."""
        if self.slot.combine in _ALONE or not self._is_other(place):
            return None
        if self.slot.combine == "first":
            return False if self._is_needed(place, others) else None
        enough = [(at, other) for at, other in others if self._may_cover(place, at)]
        alone = self._analysis.settled.alone(self._ways[place], [other for _, other in enough]) if enough else -1
        written = None not in map(self._number, [place, *(at for at, _ in enough)])
        return False if alone else True if alone == 0 and written and self.slot.combine != "priority" else None

    def _is_other(self, place: int) -> bool:
        """Whether what is given where none of them goes surely differs from what a way gives."""
        if self._otherwise is None:
            return True
        one, two = self._number(place), _number(self._otherwise.value)
        return one is not None and two is not None and bool(one != two)

    def _is_needed(self, place: int, others: Sequence[tuple[int, Giving]]) -> bool:
        """Whether facts are found for which it is the first, and the next gives something else or is none."""
        lines = self._analysis.settled.lines(self._ways[place], [other for _, other in others])
        held = self._analysis.settled.alone(self._ways[place], [other for at, other in others if at < place])
        if not held or None in lines:
            return False
        after = [at for (at, _), line in zip(others, lines, strict=True) if line is not None and held >> line & 1]
        one, two = self._number(place), self._number(after[0]) if after else None
        differ = one is not None and two is not None and bool(one != two)
        return not after or (differ and self._analysis.settled.is_plain(self._ways[after[0]]))

    def _missed(self, place: int, others: Sequence[tuple[int, Giving]]) -> list[Term] | None:
        """That without it something else is given; None where that surely is so."""
        way, otherwise = self._ways[place], self._otherwise
        if self.slot.combine in _ALONE:
            return [way.fires.yes, opposite(either(other.fires.yes for _, other in others))] if others else None
        same: Term = alike(way, otherwise) if otherwise is not None else False
        if self.slot.combine == "first":
            for at, other in reversed(others):
                same = _chosen(other.fires.yes, self._same(way, other), same) if at > place else same
            before = either(other.fires.yes for at, other in others if at < place)
            return [way.fires.yes, opposite(before), opposite(same)] if same is not False else None
        none = opposite(either(other.fires.yes for _, other in others)) if same is not False else False
        enough = [other for at, other in others if self._may_cover(place, at)]
        same = either([both([none, same]), *(both([other.fires.yes, self._same(way, other)]) for other in enough)])
        return [way.fires.yes, opposite(same)] if same is not False else None

    def _number(self, place: int) -> Any:
        """What a way gives, if that is a number that is written."""
        if place not in self._numbers:
            self._numbers[place] = _number(self._ways[place].value)
        return self._numbers[place]

    def _may_cover(self, place: int, at: int) -> bool:
        """Whether another may be enough, as far as values that are written tell."""
        one, two = self._number(place), self._number(at)
        if one is None or two is None or self.slot.combine in ("first", "priority", *_ALONE):
            return True
        enough = two >= one if self.slot.combine == "max" else two <= one if self.slot.combine == "min" else two == one
        return bool(enough)

    def _same(self, way: Giving, other: Giving) -> Term:
        return _as_much(self._analysis, self.slot, way, other)


def _chosen(condition: Term, one: Term, other: Term) -> Term:
    return either([both([condition, one]), both([opposite(condition), other])])


def _as_much(analysis: Analysis, slot: OutcomeSlot, way: Giving, other: Giving) -> Term:
    """That where both go, the other is enough."""
    one, two = way.value, other.value
    if isinstance(one, Truth) or isinstance(two, Truth):
        return alike(way, other)
    match slot.combine:
        case "max" if one.kind == "number":
            same = two.term >= one.term
        case "min" if one.kind == "number":
            same = two.term <= one.term
        case "priority":
            same = _rank(analysis, slot, two.term) <= _rank(analysis, slot, one.term)
        case _:
            return alike(way, other)
    return both([one.known, two.known, same])


def alike(way: Giving, other: Giving) -> Term:
    """That both give the same."""
    one, two = way.value, other.value
    if isinstance(one, Truth) and isinstance(two, Truth):
        return either([both([one.yes, two.yes]), both([one.no, two.no])])
    if isinstance(one, Truth) or isinstance(two, Truth):
        return False
    return both([one.known, two.known, one.term == two.term])


def _rank(analysis: Analysis, slot: OutcomeSlot, term: Term) -> Term:
    """Where a value stands in the order of the outcome, from 0."""
    rank: Any = z3.IntVal(len(slot.order))
    for place, value in reversed([*enumerate(slot.order)]):
        held = constant(value, analysis.statements.variables)
        rank = picked(term == held.term, z3.IntVal(place), rank) if isinstance(held, Value) else rank
    return rank


def _number(value: Truth | Value) -> Any:
    """A number that is written, as a fraction; None for anything else."""
    if isinstance(value, Value) and z3.is_rational_value(value.term):
        return value.term.as_fraction()
    return None
