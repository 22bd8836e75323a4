"""A plan and its examples, all passing, in, the small changes of its rules that no example notices out."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from rulec.backends.interpreter import interpret
from rulec.events.rules import EventRules
from rulec.moment import Moment
from rulec.plan.tree import Plan
from rulec.runtime.decision import Decision
from rulec.runtime.plain import Plain, plain
from rulec.trial.changes import Change, changes_of
from rulec.trial.coverage import fired_in
from rulec.trial.history import Recorded, told
from rulec.trial.run import Result, Wanted, failures_of, wanted_of
from rulec.trial.table_changes import table_changes_of


@plain
class Mutation(Plain):
    """How many changes were tried, and those that no example notices."""

    tried: int
    unnoticed: tuple[Change, ...]

    @property
    def percentage(self) -> int:
        """How many of 100 are noticed, rounded down: 100 is all of them."""
        return (self.tried - len(self.unnoticed)) * 100 // self.tried if self.tried else 100


@plain
class Case(Plain):
    """An example ready to be decided again. `rests_on`: the rules, and the rows of tables, that its decision names.

    `recorded`: what happens in it, where it tells a history.
    """

    facts: Mapping[str, object]
    at: Moment
    wanted: tuple[Wanted, ...]
    rests_on: frozenset[tuple[str, int]]
    recorded: Recorded | None

    def notices(self, plan: Plan) -> bool:
        """Whether the example fails with this plan."""
        return next(failures_of(plan, self.wanted, self.decided(plan)), None) is not None

    def decided(self, plan: Plan) -> Decision:
        """What this plan decides of it."""
        if self.recorded is None:
            return interpret(plan, self.facts, self.at)
        return told(EventRules(plan), self.recorded).decision


def mutation_of(plan: Plan, results: Sequence[Result]) -> Mutation:
    """Try every change on every example."""
    cases = [
        Case(
            each.facts, each.at, wanted_of(plan, each.example, each.at), _rests_on(each.decision),
            each.story.recorded if each.story else None,
        )
        for each in results
    ]  # fmt: skip
    changes = list(chain(changes_of(plan), table_changes_of(plan)))
    return Mutation(len(changes), tuple(each for each in changes if not _noticed(each, cases)))


def _noticed(change: Change, cases: Iterable[Case]) -> bool:
    """Whether an example notices; those that rest on what is changed are tried first."""
    place = (change.step, change.row + 1)
    near, far = list[Case](), list[Case]()
    for case in cases:
        close = place in case.rests_on if change.row >= 0 else any(step == change.step for step, _ in case.rests_on)
        (near if close else far).append(case)
    return any(case.notices(change.plan) for case in (*near, *far))


def _rests_on(decision: Decision) -> frozenset[tuple[str, int]]:
    return frozenset((each.id, each.branch) for each in fired_in(decision))
