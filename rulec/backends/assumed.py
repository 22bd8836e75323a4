"""A plan in, what tells which facts its assumptions leave out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from rulec.backends.python import compile_plan
from rulec.plan.tree import Plan
from rulec.runtime.facts import FactsError

Breaks = Callable[[Mapping[str, object], date], bool]


def breaking(plan: Plan) -> Breaks:
    """Whether facts (path → value as `runtime.types` holds it), at a date, break an assumption."""
    assumed = tuple(each for each in plan.promises if each.assumed)
    if not assumed:
        return lambda facts, at: False
    facts_alone = replace(plan, outcomes=(), actions=(), rules=(), tables=(), order=(), promises=assumed, oversight=())
    decide = compile_plan(facts_alone)

    def breaks(facts: Mapping[str, object], at: date) -> bool:
        try:
            decide(facts, at)
        except FactsError:
            return True
        return False

    return breaks


def unassuming(plan: Plan) -> Plan:
    """The plan that takes nothing for granted of the facts."""
    return replace(plan, promises=tuple(each for each in plan.promises if not each.assumed))
