"""A model in, the case that it means out, tried by the interpreter and left with the facts that it needs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from rulec.analysis.findings import Case
from rulec.analysis.reads import TODAY
from rulec.analysis.variables import Variables
from rulec.backends.interpreter import interpret
from rulec.plan.tree import Plan
from rulec.runtime.decision import Decision
from rulec.runtime.facts import FactsError
from rulec.runtime.types import ListOf

Shows = Callable[[Decision], bool]


def witness(plan: Plan, variables: Variables, model: Any, paths: Sequence[str], shows: Shows) -> Case | None:
    """The case of a model, if the decision shows what is claimed."""
    known = [path for path in paths if path != TODAY]
    lists = {slot.path: () for slot in plan.facts if isinstance(slot.type, ListOf)}
    read = variables.facts(model, [path for path in known if path not in lists])
    facts = {path: value for path, value in lists.items() if path in known} | read
    at = variables.day(model)
    if not _shown(plan, facts, at, shows):
        return None
    return Case(tuple(_needed(plan, facts, at, shows).items()), at if TODAY in paths else None)


def _needed(plan: Plan, facts: Mapping[str, object], at: date, shows: Shows) -> dict[str, object]:
    """The facts without those that make no difference to what is shown."""
    left = dict(facts)
    for path in reversed(list(facts)):
        fewer = {key: value for key, value in left.items() if key != path}
        if _shown(plan, fewer, at, shows):
            left = fewer
    return left


def _shown(plan: Plan, facts: Mapping[str, object], at: date, shows: Shows) -> bool:
    """Whether the decision for facts that keep to what is assumed shows what is claimed."""
    try:
        return shows(interpret(plan, facts, at))
    except FactsError:
        return False
