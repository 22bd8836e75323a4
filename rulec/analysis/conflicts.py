"""Rules that contradict each other: two that apply to the same facts, where the outcome does not let them."""

from collections.abc import Iterator, Sequence
from functools import partial

import z3

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, Truth, Value, both, either, opposite
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import Analysis
from rulec.analysis.statements import Giving
from rulec.analysis.translate import Meaning
from rulec.runtime.decision import Decision
from rulec.runtime.types import OutcomeSlot

MOST = 20  # told of one outcome
_SORTS = {"number": z3.Real, "yes": z3.Bool}


def conflicts(analysis: Analysis) -> Iterator[Finding]:
    """Of each outcome whose rules must agree, or of which one alone may apply."""
    for slot in analysis.plan.outcomes:
        givers = analysis.reads.giving(slot.key)
        if slot.combine in ("any", "unique") and givers:
            ways = analysis.meeting([way for giver in givers for way in analysis.ways(giver, slot.key)])
            if len(ways) > 1:
                yield from _clashes(analysis, slot, ways)
            if any(giver.each != slot.each for giver in givers):  # the elements of a list may contradict each other
                analysis.leave("W608", At(givers[0]), slot.key)


def _clashes(analysis: Analysis, slot: OutcomeSlot, ways: Sequence[Giving]) -> Iterator[Finding]:
    paths = analysis.reads.of(giver for giver in analysis.reads.giving(slot.key))
    one, other = (analysis.statements.variables.fresh(name) for name in ("one", "other"))
    wanted, told = _clash(analysis, slot, ways, (one, other)), list[Term]()
    for _ in range(MOST):
        try:
            model = analysis.prover.case(wanted, *told, shown=paths)
        except UnsettledError:
            return analysis.leave("W608", At(ways[0].statement, ways[0].number), slot.key)
        if model is None:
            return None
        pair = [model.eval(place, True).as_long() for place in (one, other)]
        first, then = (ways[place] for place in pair)
        places = At(then.statement, then.number), At(first.statement, first.number)
        case = analysis.shown(model, paths, partial(_in_conflict, slot, first, then))
        if case is None:
            analysis.leave("W608", places[0], slot.key, places[1])
        else:
            yield Finding("E601", *places, slot.key, case)
        told.append(z3.Not(z3.And(one == pair[0], other == pair[1])))
    return None


def _clash(analysis: Analysis, slot: OutcomeSlot, ways: Sequence[Giving], places: tuple[Term, Term]) -> Term:
    """That the ways of those two numbers apply, the values differing unless one alone may."""
    sides = [[both([way.fires.yes, place == at]) for at, way in enumerate(ways)] for place in places]
    kind = ways[0].value.kind if isinstance(ways[0].value, Value) else "yes"
    values = [analysis.statements.variables.fresh("value", _SORTS.get(kind, z3.Int)) for _ in places]
    if slot.combine == "any":
        sides = [
            [both([side, _has(way.value, value)]) for side, way in zip(some, ways, strict=True)]
            for some, value in zip(sides, values, strict=True)
        ]
    differ = values[0] != values[1] if slot.combine == "any" else True
    return both([places[0] < places[1], differ, *map(either, sides)])


def _has(meant: Meaning, value: Term) -> Term:
    """That what a way gives is that value."""
    if isinstance(meant, Truth):
        return either([both([meant.yes, value]), both([meant.no, opposite(value)])])
    return both([meant.known, value == meant.term])


def _in_conflict(slot: OutcomeSlot, one: Giving, other: Giving, decision: Decision) -> bool:
    result = decision.outcomes[slot.key]
    for each in (result, *result.elements):
        fired = {rule.id for rule in each.fired}
        if each.status == "conflict" and {one.statement.id, other.statement.id} <= fired:
            return True
    return False
