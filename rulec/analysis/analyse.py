"""A plan in, all findings out, in the order of the checks and of the text."""

from collections.abc import Callable, Iterator, Mapping

from rulec.analysis.bounds import bounds
from rulec.analysis.conflicts import conflicts
from rulec.analysis.constant import constant_parts
from rulec.analysis.dead import dead
from rulec.analysis.divisions import divisions
from rulec.analysis.exclusive import exclusive
from rulec.analysis.findings import At, Finding
from rulec.analysis.gaps import gaps
from rulec.analysis.promises import assumptions, promises
from rulec.analysis.prover import Clock, UnsettledError
from rulec.analysis.question import NO_PAIRS, UNSETTLED, Analysis, Pairs
from rulec.analysis.redundant import redundant
from rulec.analysis.together import together
from rulec.analysis.unreached import unreached
from rulec.plan.tree import Plan

MANY = 20  # notes of the same kind: more are told as one
CHECKS: tuple[Callable[[Analysis], Iterator[Finding]], ...] = (
    conflicts, exclusive, gaps, dead, redundant, together, constant_parts, unreached, bounds, divisions, promises,
)  # fmt: skip


def analyse(
    plan: Plan, declared: bool, budget: float, clock: Clock, clashing: Mapping[str, Pairs] = NO_PAIRS
) -> list[Finding]:
    """All findings, those not proven last.

    `declared`: the files declare a vocabulary. `budget`: seconds, by the clock. `clashing`: see `Analysis`.
    """
    analysis = Analysis(plan, declared, budget, clock, clashing)
    if impossible := list(assumptions(analysis)):  # of no facts, anything is proven
        return impossible
    found = [finding for check in CHECKS for finding in _in_time(check, analysis)]
    return found + list(_left(analysis))


def _in_time(check: Callable[[Analysis], Iterator[Finding]], analysis: Analysis) -> Iterator[Finding]:
    """What a check finds; where the time ends before all formulas are made, nothing is proven of any statement."""
    try:
        yield from check(analysis)
    except UnsettledError:
        for statement in analysis.plan.statements:
            analysis.leave(UNSETTLED, At(statement), "")


def _left(analysis: Analysis) -> Iterator[Finding]:
    """What is not proven; statements that were not looked at are told together where time lacks, or where many are."""
    left = list(dict.fromkeys(analysis.unproven))
    short = [each for each in left if each.code == UNSETTLED]
    together = analysis.prover.spent or len(short) > MANY
    yield from (each for each in left if not (together and each.code == UNSETTLED))
    if short and together:
        yield Finding("N626", short[0].at, count=len({id(each.at.statement) for each in short}))
