"""Actions that exclude each other, asked for together."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, all_of, both, negated
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import Analysis
from rulec.plan.tree import Branch, Rule
from rulec.runtime.decision import Decision


class _Asking(NamedTuple):
    rule: Rule
    branch: Branch
    action: str
    fires: Term


def exclusive(analysis: Analysis) -> Iterator[Finding]:
    """The pairs of rules that ask for different actions of a group for the same facts."""
    for group in sorted({slot.group for slot in analysis.plan.actions if slot.group}):
        keys = [slot.key for slot in analysis.plan.actions if slot.group == group]
        asking = _all_asking(analysis, keys)
        for at, one in enumerate(asking):
            for other in asking[at + 1 :]:
                if one.action != other.action:
                    yield from _meeting(analysis, one, other)


def _all_asking(analysis: Analysis, actions: Sequence[str]) -> list[_Asking]:
    try:
        return [each for action in actions for each in _asking(analysis, action)]
    except UnsettledError:
        (first, *_) = (rule for action in actions for rule in analysis.reads.giving(action))
        analysis.leave("W608", At(first), actions[0])
        return []


def _asking(analysis: Analysis, action: str) -> Iterator[_Asking]:
    for rule in analysis.reads.giving(action):
        if isinstance(rule, Rule):
            spoken = negated(analysis.statements.silenced(rule, action))
            for branch, goes in zip(rule.branches, analysis.statements.branches(rule), strict=True):
                if any(do.action == action for do in branch.does):
                    yield _Asking(rule, branch, action, all_of([goes, spoken]).yes)


def _meeting(analysis: Analysis, one: _Asking, other: _Asking) -> Iterator[Finding]:
    paths = analysis.reads.of([one.rule, other.rule])
    places = At(other.rule, other.branch.number), At(one.rule, one.branch.number)
    both_asked = {one.action, other.action}

    def shows(decision: Decision) -> bool:
        return both_asked <= {each.key for each in decision.actions if each.status == "conflict"}

    try:
        model = analysis.prover.case(both([one.fires, other.fires]), shown=paths)
    except UnsettledError:
        return analysis.leave("W608", places[0], other.action, places[1])
    if model is None:
        return None
    case = analysis.shown(model, paths, shows)
    if case is None:
        return analysis.leave("W608", places[0], other.action, places[1])
    yield Finding("E602", *places, other.action, case, one.action)
    return None
