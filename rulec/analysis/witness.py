"""A model in, the case that it means out, tried by the interpreter and left with the facts that it needs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
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
Decide = Callable[[Mapping[str, object], date], Decision]
_FEW = 50  # statements: of more, the generated Python decides faster, even if it must be written first


class Cases:
    """Cases of one plan, each as short as it can be."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def of(self, variables: Variables, model: Any, paths: Sequence[str], shows: Shows) -> Case | None:
        """The case of a model, if the interpreter's decision shows what is claimed."""
        known = [path for path in paths if path != TODAY]
        lists = {slot.path: () for slot in self._plan.facts if isinstance(slot.type, ListOf)}
        read = variables.facts(model, [path for path in known if path not in lists])
        facts: dict[str, object] = {path: value for path, value in lists.items() if path in known} | read
        at = variables.day(model)
        for tried in (self._needed(facts, at, shows), facts):
            if _shown(self._interpret, tried, at, shows):
                return Case(tuple(tried.items()), at if TODAY in paths else None)
        return None

    def _needed(self, facts: Mapping[str, object], at: date, shows: Shows) -> dict[str, object]:
        """The facts without those that make no difference to what is shown."""
        left = dict(facts)
        for path in reversed(list(facts)):
            fewer = {key: value for key, value in left.items() if key != path}
            if _shown(self._decide, fewer, at, shows):
                left = fewer
        return left

    @cached_property
    def _interpret(self) -> Decide:
        return partial(interpret, self._plan)

    @cached_property
    def _decide(self) -> Decide:
        if sum(1 for _ in self._plan.statements) <= _FEW:
            return self._interpret
        from rulec.backends.python import compile_plan  # only many rules need it

        return compile_plan(self._plan)


def _shown(decide: Decide, facts: Mapping[str, object], at: date, shows: Shows) -> bool:
    """Whether the decision for facts that keep to what is assumed shows what is claimed."""
    try:
        return shows(decide(facts, at))
    except FactsError:
        return False
