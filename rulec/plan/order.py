"""A plan in, the order in which its rules are decided out; or the cycle that forbids one."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from rulec.plan.lower import gives_of
from rulec.plan.tree import Applies, Decided, OutcomeGiven, Plan, Rule
from rulec.tree import walk


def order_of(plan: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of the rules, each after all that it reads; and the ids of a cycle, () where there is none."""
    giving: dict[str, list[str]] = {}
    for rule in plan.rules:
        for key in gives_of(rule):
            giving.setdefault(key, []).append(rule.id)
    sorter = TopologicalSorter({rule.id: sorted(set(_read_by(rule, giving))) for rule in plan.rules})
    try:
        return tuple(sorter.static_order()), ()
    except CycleError as error:
        return (), tuple(error.args[1])


def _read_by(rule: Rule, giving: dict[str, list[str]]) -> Iterator[str]:
    yield from rule.exceptions
    for node in walk(rule):
        if isinstance(node, Applies):
            yield node.rule
        elif isinstance(node, Decided | OutcomeGiven):
            yield from giving.get(node.outcome, ())
