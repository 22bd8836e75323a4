"""Facts for which nothing decides an outcome that has no default."""

from collections.abc import Iterator
from functools import partial

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, both
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import Analysis
from rulec.runtime.decision import Decision
from rulec.runtime.types import Amount, Duration, OutcomeSlot, Quantity, Rate


def gaps(analysis: Analysis) -> Iterator[Finding]:
    """Of each declared outcome that is always meant to have a value, a case for which it has none."""
    for slot in analysis.plan.outcomes if analysis.declared else ():
        givers = analysis.reads.giving(slot.key)
        if givers and slot.default is None and not slot.optional:
            ways = [way for giver in givers for way in analysis.ways(giver, slot.key)]
            paths = analysis.reads.of(givers)
            try:
                none = both(way.fires.no for way in ways)
                model = analysis.prover.case(none, *_usual(analysis, paths), shown=paths)
            except UnsettledError:
                analysis.leave("N609", At(givers[0]), slot.key)
                continue
            if model is not None:
                case = analysis.shown(model, paths, partial(_without, slot))
                if case is None:
                    analysis.leave("N609", At(givers[0]), slot.key)
                else:
                    yield Finding("W603", At(givers[0]), outcome=slot.key, case=case)


def _without(slot: OutcomeSlot, decision: Decision) -> bool:
    result = decision.outcomes[slot.key]
    return any(each.status == "not_applicable" for each in (result.elements or (result,)))


def _usual(analysis: Analysis, paths: list[str]) -> Iterator[Term]:
    """Amounts, quantities and durations below zero are no gap of the rules."""
    for path in paths:
        variable = analysis.statements.variables.known.get(path)
        if variable is not None and isinstance(variable.slot.type, Amount | Quantity | Rate | Duration):
            if variable.slot.bounds is None or variable.slot.bounds.low is None:
                yield variable.held >= 0
