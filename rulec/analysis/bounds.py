"""Values out of the bounds that an outcome declares: of one rule, or of several together."""

from collections.abc import Iterator, Sequence
from functools import partial

from rulec.analysis.combined import Way, combined
from rulec.analysis.findings import At, Case, Finding
from rulec.analysis.logic import Term, Value, any_of, both, either, simplified
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import MORE, Analysis
from rulec.analysis.statements import Giving, Statement
from rulec.analysis.translate import Meaning
from rulec.analysis.variables import constant
from rulec.plan.tree import Rule
from rulec.runtime.decision import Decision, OutcomeResult
from rulec.runtime.types import OutcomeSlot

MOST = 20  # told of one outcome
ERROR = "E553"
_TOGETHER = ("sum", "compound")


def bounds(analysis: Analysis) -> Iterator[Finding]:
    """Of each outcome that has bounds, the rules that may leave them; of a sum, the case alone."""
    for slot in analysis.plan.outcomes:
        givers = analysis.reads.giving(slot.key)
        if slot.bounds is None or not givers:
            continue
        try:
            together = slot.combine in _TOGETHER or any(giver.each != slot.each for giver in givers)
            yield from _together(analysis, slot, givers) if together else _apart(analysis, slot, givers)
        except UnsettledError:
            analysis.leave("N627", At(givers[0]), slot.key)


def _apart(analysis: Analysis, slot: OutcomeSlot, givers: Sequence[Statement]) -> Iterator[Finding]:
    """A case of each rule that may leave the bounds."""
    ways = [way for giver in givers for way in _ways(analysis, slot, giver)]
    ways = analysis.firsts(ways) if slot.combine == "first" else ways
    leaving = [way for way in ways if _may_leave(analysis, slot, way)]
    for way in leaving[:MOST]:
        yield from _leaving(analysis, slot, way)
    if len(leaving) > MOST:
        yield Finding(MORE, At(leaving[MOST].statement), outcome=slot.key, count=MOST, told="W620")


def _ways(analysis: Analysis, slot: OutcomeSlot, giver: Statement) -> Sequence[Giving]:
    """The ways in which a statement gives a value; of a table whose rows add up, one."""
    given = analysis.statements.givings(giver, slot.key)
    if isinstance(giver, Rule) or giver.combine not in ("first", *_TOGETHER):
        return given
    if giver.combine == "first":
        return analysis.firsts(given)
    made = combined(giver.combine, [Way(way.fires.yes, way.value) for way in given])
    if made is None:
        return given
    fires, value = any_of([way.fires for way in given]), made.value
    return [Giving(giver, 0, lambda: fires, lambda: value)]


def _may_leave(analysis: Analysis, slot: OutcomeSlot, way: Giving) -> bool:
    """Whether a way may give a value out of bounds."""
    outside = simplified(_outside(analysis, slot, way.value))
    try:
        return outside is not False and not analysis.prover.never(way.fires.yes, outside)
    except UnsettledError:
        return True


def _leaving(analysis: Analysis, slot: OutcomeSlot, way: Giving) -> Iterator[Finding]:
    """A case in which what this way gives becomes of the outcome."""
    terms = [way.fires.yes, _outside(analysis, slot, way.value)]
    alone = slot.combine == "first" and way.fires.sure  # of ways that are surely the first, none other counts
    total = analysis.statements.total(slot) if not alone else None
    if total is not None:
        terms += [total[1], total[0].fires, _outside(analysis, slot, total[0].value), _same(total[0].value, way.value)]
    at = At(way.statement, way.number)
    case = _case(analysis, slot, terms, at, (way.statement.id, way.number))
    if case is not None:
        yield Finding("W620", at, outcome=slot.key, case=case, declared=True)


def _together(analysis: Analysis, slot: OutcomeSlot, givers: Sequence[Statement]) -> Iterator[Finding]:
    """A case in which what is given together leaves the bounds, told of the last of the rules that give something."""
    total = analysis.statements.total(slot)
    terms = [total[1], total[0].fires, _outside(analysis, slot, total[0].value)] if total is not None else []
    case = _case(analysis, slot, terms, At(givers[0]))
    if case is not None:
        result = analysis.decision(case).outcomes[slot.key]
        fired = {rule.id for each in (result, *result.elements) for rule in each.fired}
        first, *others = [At(giver) for giver in givers if giver.id in fired]
        at, other = (others[-1], first) if others else (first, None)
        yield Finding("W620", at, other, slot.key, case, declared=True)


def _case(
    analysis: Analysis, slot: OutcomeSlot, terms: Sequence[Term], at: At, way: tuple[str, int] = ("", 0)
) -> Case | None:  # fmt: skip
    """A case that shows it, by the branch or row if there is one; None where there is none, or where that is left."""
    paths = analysis.reads.of(analysis.reads.giving(slot.key))
    try:
        model = analysis.prover.case(*terms, shown=paths)
    except UnsettledError:
        analysis.leave("N627", at, slot.key)
        return None
    case = analysis.shown(model, paths, partial(_leaves, slot, way)) if model is not None else None
    if model is not None and case is None:
        analysis.leave("N627", at, slot.key)
    return case


def _leaves(slot: OutcomeSlot, way: tuple[str, int], decision: Decision) -> bool:
    """Whether the outcome is out of bounds; by the branch or row, where there is one."""
    result = decision.outcomes[slot.key]
    told = [each for each in (result, *result.elements) if each.fired and ERROR in {it.code for it in each.problems}]
    return any(not way[1] or way in _fired(each) for each in told)


def _fired(result: OutcomeResult) -> set[tuple[str, int]]:
    return {(rule.id, rule.branch) for rule in result.fired}


def _same(one: Meaning, other: Meaning) -> Term:
    return one.term == other.term if isinstance(one, Value) and isinstance(other, Value) else True


def _outside(analysis: Analysis, slot: OutcomeSlot, value: object) -> Term:
    """That a value is out of bounds; of what is no number, that never is."""
    if not isinstance(value, Value) or value.kind != "number" or slot.bounds is None:
        return False
    low, high = (constant(end, analysis.statements.variables) for end in (slot.bounds.low, slot.bounds.high))
    ends = [value.term < low.term] if isinstance(low, Value) else []
    ends += [value.term > high.term] if isinstance(high, Value) else []
    return both([value.known, either(ends)])
