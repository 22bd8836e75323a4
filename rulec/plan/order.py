"""A plan in, the same one with its rules and definitions in an order of evaluation out; or the cycle between them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from rulec.plan.lower import gives_of
from rulec.plan.tree import (
    Applies,
    Decided,
    Defined,
    DefinedGiven,
    Definition,
    Member,
    MemberGiven,
    OutcomeGiven,
    Oversight,
    Plan,
    Promise,
    Rule,
    Table,
)
from rulec.semantics.element_terms import INSIDE
from rulec.tree import Node, walk

_ORDERING = frozenset({Applies, Decided, OutcomeGiven, Defined, DefinedGiven, Definition})  # what reads or is read
Step = Rule | Table | Definition | Promise | Oversight
Read = Rule | Table | Definition  # what may be read by others


def order_of(plan: Plan, kinds: Collection[type[Node]]) -> tuple[Plan, tuple[Read, ...]]:
    """The plan, each rule and each definition after all that it reads; and the steps of a cycle, () where none is.

    `kinds`: those of its nodes.
    """
    if _ORDERING.isdisjoint(kinds) and not any(rule.exceptions for rule in plan.statements):
        return replace(plan, order=tuple(rule.id for rule in plan.statements)), ()
    giving: dict[str, list[str]] = {}
    for rule in plan.statements:
        for key in gives_of(rule):
            giving.setdefault(key, []).append(rule.id)
    steps: dict[str, Read] = {rule.id: rule for rule in plan.statements}
    steps |= {_id(each.key): each for each in plan.definitions}
    sorter = TopologicalSorter({name: sorted(set(_read_by(step, giving))) for name, step in steps.items()})
    try:
        order = tuple(sorter.static_order())
    except CycleError as error:
        return plan, tuple(steps[name] for name in error.args[1])
    definitions = tuple(step for step in map(steps.__getitem__, order) if isinstance(step, Definition))
    rules = tuple(name for name in order if not isinstance(steps[name], Definition))
    return replace(plan, order=rules, definitions=definitions), ()


def steps_of(plan: Plan) -> Iterator[Step]:
    """All that is calculated and decided, in order: each definition once, before the first rule that needs it.

    Promises and supervision come last: they are about what is decided.
    """
    rules = {rule.id: rule for rule in plan.statements}
    overseen = [each for each in plan.oversight if not each.action]
    steps: list[Rule | Table | Promise | Oversight] = [*(rules[rule_id] for rule_id in plan.order)]
    steps += [*plan.promises, *overseen]
    if not plan.definitions:
        yield from steps
        return
    reads = {each.key: defined_in(each) for each in plan.definitions}
    places = {each.key: at for at, each in enumerate(plan.definitions)}
    done = set[str]()
    for step in steps:
        new, left = set[str](), [*defined_in(step)]
        while left:
            if (key := left.pop()) not in done:
                done.add(key)
                new.add(key)
                left += reads[key]
        yield from (plan.definitions[at] for at in sorted(places[key] for key in new))
        yield step


def defined_in(step: Step) -> Sequence[str]:
    """The definitions that a rule or definition reads itself."""
    return tuple(node.key for node in walk(step) if isinstance(node, Defined | DefinedGiven))


def _id(key: str) -> str:
    return f"={key}"  # no rule is called so


def _read_by(step: Read, giving: dict[str, list[str]]) -> Iterator[str]:
    if not isinstance(step, Definition):
        yield from step.exceptions
    for node in walk(step):
        if isinstance(node, Applies):
            yield node.rule
        elif isinstance(node, Decided | OutcomeGiven):
            yield from giving.get(node.outcome, ())
        elif isinstance(node, Defined | DefinedGiven) or (
            isinstance(node, Member | MemberGiven) and INSIDE in node.key
        ):
            yield _id(node.key)
