"""Rules that wait for the same events and always fire together: the later of two says the same again, or more."""

from collections.abc import Iterator

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, both, opposite
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import Analysis
from rulec.plan.tree import Fact, Rule, Table
from rulec.tree import Node, walk


def waited_by(analysis: Analysis, node: Node) -> frozenset[str]:
    """The paths of what a rule waits for in so many words."""
    happens = {slot.path for slot in analysis.plan.facts if slot.happens}
    return frozenset(each.path for each in walk(node) if isinstance(each, Fact)) & happens


def is_event_rule(analysis: Analysis, statement: Rule | Table) -> bool:
    """Whether a rule waits for something to happen."""
    return isinstance(statement, Rule) and bool(waited_by(analysis, statement))


def together(analysis: Analysis) -> Iterator[Finding]:
    """Of rules that ask for actions: those that fire just when one before them does."""
    rules = [rule for rule in analysis.plan.rules if _is_simple(rule) and is_event_rule(analysis, rule)]
    rules = [rule for rule in rules if not analysis.is_lost(rule, 1)]
    for place, rule in enumerate(rules):
        beside = [first for first in rules[:place] if _fire_together(analysis, first, rule)]
        same = [first for first in beside if _same_effects(first, rule)]
        if beside:
            yield Finding("W754" if same else "N755", At(rule), At((same or beside)[0]))


def _fire_together(analysis: Analysis, first: Rule, rule: Rule) -> bool:
    if waited_by(analysis, first) != waited_by(analysis, rule):
        return False
    return _same_conditions(first, rule) or _always(analysis, first, rule)


def _is_simple(rule: Rule) -> bool:
    alone = len(rule.branches) == 1 and not rule.exceptions and not rule.each
    return alone and bool(rule.branches[0].does)


def _same_conditions(one: Rule, other: Rule) -> bool:
    return one.branches[0].condition == other.branches[0].condition and one.unless == other.unless


def _same_effects(one: Rule, other: Rule) -> bool:
    first, then = one.branches[0], other.branches[0]
    return set(then.does) <= set(first.does) and set(then.gives) <= set(first.gives)


def _always(analysis: Analysis, one: Rule, other: Rule) -> bool:
    """Whether it is proven that each applies where the other does."""
    first, then = (_applies(analysis, rule) for rule in (one, other))
    try:
        apart = [[first, opposite(then)], [then, opposite(first)]]
        return all(analysis.prover.never(both(terms)) for terms in apart)
    except UnsettledError:
        return False


def _applies(analysis: Analysis, rule: Rule) -> Term:
    (goes,) = analysis.statements.branches(rule)
    return both([goes.yes, opposite(analysis.statements.condition(rule, rule.unless).yes)])
