"""What is promised: proven of all facts there may be, or refuted by a case; and whether there are such facts."""

from collections.abc import Iterator
from functools import partial

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import opposite
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import Analysis
from rulec.plan.tree import Promise
from rulec.runtime.decision import Decision

BROKEN = "E572"


def assumptions(analysis: Analysis) -> Iterator[Finding]:
    """Keep to the facts that are assumed; the first assumption that leaves none is told, and ends it."""
    for promise in analysis.plan.promises:
        if promise.assumed:
            kept = opposite(analysis.statements.truth(promise.condition).no)
            try:
                if analysis.prover.never(kept):
                    yield Finding("E612", At(promise))
                    return
            except UnsettledError:
                pass
            analysis.prover.assume(kept)


def promises(analysis: Analysis) -> Iterator[Finding]:
    """Each promise that a case breaks; what is neither proven nor refuted is left."""
    for promise in analysis.plan.promises:
        if not promise.assumed:
            yield from _broken(analysis, promise)


def _broken(analysis: Analysis, promise: Promise) -> Iterator[Finding]:
    paths = analysis.reads.of([promise])
    try:
        model = analysis.prover.case(analysis.statements.truth(promise.condition).no, shown=paths)
    except UnsettledError:
        return analysis.leave("N613", At(promise), "")
    if model is None:
        return None
    case = analysis.kept.of(analysis.statements.variables, model, paths, partial(breaks, promise))
    if case is None:
        return analysis.leave("N613", At(promise), "")
    yield Finding("E611", At(promise), case=case)
    return None


def breaks(promise: Promise, decision: Decision) -> bool:
    """Whether a decision breaks a promise."""
    place = {("text", promise.text), ("file", promise.file), ("line", str(promise.line))}
    return any(each.code == BROKEN and place <= set(each.details) for each in decision.problems)
