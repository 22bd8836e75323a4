"""Conditions that say nothing: parts of a condition that always hold where the other parts do."""

from collections.abc import Iterator

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import opposite
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import Analysis
from rulec.plan.tree import (
    All,
    Branch,
    Compare,
    Const,
    DefinedGiven,
    Expr,
    Fact,
    Given,
    MemberGiven,
    OutcomeGiven,
    Rule,
)
from rulec.tree import NOWHERE

MOST = 50  # parts of one condition: each is compared with all others
_GUARDS = (Const, Given, MemberGiven, OutcomeGiven, DefinedGiven)  # what must be said, whether it may fail or not


def constant_parts(analysis: Analysis) -> Iterator[Finding]:
    """The written parts of the conditions of rules that never make a difference."""
    for rule in analysis.plan.rules:
        for branch in rule.branches:
            yield from _of_branch(analysis, rule, branch)


def _of_branch(analysis: Analysis, rule: Rule, branch: Branch) -> Iterator[Finding]:
    parts = [*_parts(branch.condition)]
    if len(parts) > MOST:
        return
    reads = {id(part): set(analysis.reads.of([part])) for part in parts}
    truths = [analysis.statements.condition(rule, part) for part in parts]
    dropped = set[int]()
    for at, part in reversed([*enumerate(parts)]):
        others = [each.yes for other, each in enumerate(truths) if other != at and other not in dropped]
        if part.span == NOWHERE or isinstance(part, _GUARDS) or not _may_follow(analysis, part, parts, reads):
            continue
        try:
            follows = analysis.prover.never(*others, opposite(truths[at].yes))
            if not follows or analysis.prover.never(*others, truths[at].yes):
                continue
        except UnsettledError:
            continue
        dropped.add(at)
        yield Finding("W607", At(rule, branch.number), part=part)


def _may_follow(analysis: Analysis, part: Expr, parts: list[Expr], reads: dict[int, set[str]]) -> bool:
    """Whether what is known of the facts that it reads may settle it: bounds, or another part."""
    own = reads[id(part)]
    sharing = [other for other in parts if other is not part and own & reads[id(other)]]
    if any(_side(other) == _side(part) or not _side(other) for other in sharing):
        return True
    slots = [slot for slot in analysis.plan.facts if slot.path in own]
    return len(own) != 1 or any(slot.bounds is not None for slot in slots)


def _side(part: Expr) -> str:
    """Whether a part is a lower or an upper end of one fact; "" for anything else."""
    match part:
        case Compare("gt" | "ge", Fact(), Const()):
            return "low"
        case Compare("lt" | "le", Fact(), Const()):
            return "high"
        case _:
            return ""


def _parts(condition: Expr) -> Iterator[Expr]:
    if isinstance(condition, All):
        for item in condition.items:
            yield from _parts(item)
    else:
        yield condition
