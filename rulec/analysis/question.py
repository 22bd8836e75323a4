"""What every check is given: the plan, the prover, what the statements read, and a place for what is not proven."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from rulec.analysis.combined import Way, combined
from rulec.analysis.findings import At, Case, Finding
from rulec.analysis.logic import Term, Truth, Value, any_of, both, either, opposite
from rulec.analysis.nearby import Nearby
from rulec.analysis.prover import Clock, Prover, UnsettledError
from rulec.analysis.quick import Meetings
from rulec.analysis.reads import Reads
from rulec.analysis.settled import Settled
from rulec.analysis.simple import Simple
from rulec.analysis.statements import Giving, Statement, Statements
from rulec.analysis.witness import Cases, Shows
from rulec.backends.interpreter import interpret
from rulec.plan.tree import Expr, Plan, Rule
from rulec.runtime.decision import Decision

Pairs = Sequence[tuple[int, int]]  # numbers of rows, from 1
NO_PAIRS: Mapping[str, Pairs] = {}
UNSETTLED, MORE = "N625", "N630"
_FEW = 100  # rows: what more of them give together is too much for the solver
ANY_DAY = date(2026, 1, 1)  # of a case that does not rest on the date


class Analysis:
    """One analysis of one plan. `declared`: the files declare a vocabulary.

    `clashing`: for each table, by its id, the pairs of rows that are told to contradict each other already.
    """

    def __init__(
        self, plan: Plan, declared: bool, budget: float, clock: Clock, clashing: Mapping[str, Pairs] = NO_PAIRS
    ) -> None:
        self.plan, self.declared, self.clashing = plan, declared, clashing
        assumed = tuple(each for each in plan.promises if each.assumed)
        self._tried = replace(plan, promises=assumed) if assumed != plan.promises else plan
        self._cases, self.kept = Cases(self._tried), Cases(plan)  # whatever is promised; with what is
        self.prover, self.reads, self.meetings = Prover(plan, budget, clock), Reads(plan), Meetings(plan)
        self.simple = Simple({slot.path: slot for slot in plan.facts}, any(each.assumed for each in plan.promises))
        self.nearby, self.settled = Nearby(plan, self.meetings), Settled(plan, self.meetings)
        # The branches and rows that never apply, and that never win, once they are found.
        self.dead, self.masked = set[tuple[str, int]](), set[tuple[str, int]]()
        self.unproven = list[Finding]()

    @property
    def statements(self) -> Statements:
        """The statements as formulas."""
        return self.prover.statements

    def leave(self, code: str, at: At, outcome: str, other: At | None = None, part: Expr | None = None) -> None:
        """Say that something is not proven."""
        self.unproven.append(Finding(code, at, other, outcome, part=part))

    def never(self, statement: Statement, *terms: Term) -> bool:
        """Whether the terms never hold together; False, and said of the statement, where that is not settled."""
        try:
            return self.prover.never(*terms)
        except UnsettledError:
            self.leave(UNSETTLED, At(statement), "")
            return False

    def is_lost(self, statement: Statement, number: int) -> bool:
        """Whether a branch or a row never applies, or never wins."""
        return (statement.id, number) in self.dead or (statement.id, number) in self.masked

    def shown(self, model: Any, paths: Sequence[str], shows: Shows) -> Case | None:
        """The case of a model, if it shows what is claimed, whatever is promised."""
        return self._cases.of(self.statements.variables, model, paths, shows)

    def decision(self, case: Case) -> Decision:
        """What is decided for a case, whatever is promised."""
        return interpret(self._tried, dict(case.facts), case.at or ANY_DAY)

    def meeting(self, ways: Sequence[Giving]) -> list[Giving]:
        """The ways that may go together with another of them."""
        near = self.nearby.of(ways)
        return [way for place, way in enumerate(ways) if near(place)]

    def ways(self, statement: Statement, outcome: str) -> list[Giving]:
        """The ways in which a statement gives an outcome what the outcome then combines: of a table, one at a time."""
        given = self.statements.givings(statement, outcome)
        if isinstance(statement, Rule) or statement.combine in ("any", "unique") or len(given) < 2:
            return given
        if statement.combine == "first":
            return self.firsts(given)
        fires = partial(_any_goes, given)
        return [Giving(statement, 0, fires, partial(self._together, statement.combine, given))]

    def firsts(self, given: Sequence[Giving]) -> list[Giving]:
        """The ways, each where none before it goes."""
        near, found = self.nearby.of(given), list[Giving]()
        for place, each in enumerate(given):
            before = [given[other] for other in near(place) if other < place]
            clear, value = partial(_first_goes, each, before), partial(getattr, each, "value")
            found.append(Giving(each.statement, each.number, clear, value))
        return found

    def _together(self, combine: str, given: Sequence[Giving]) -> Truth | Value:
        """What the ways give together; of many, a value of the same kind of which nothing is known."""
        like, made = given[0], None
        if len(given) <= _FEW:
            made = combined(combine, [Way(way.fires.yes, way.value) for way in given])
        if made is not None:
            return made.value
        if isinstance(like.value, Truth):
            return self.statements.free_truth()
        return self.statements.free_value(like.value.kind)


def _any_goes(ways: Sequence[Giving]) -> Truth:
    return any_of([way.fires for way in ways])


def _first_goes(way: Giving, before: Sequence[Giving]) -> Truth:
    """Where it goes and none of those before it does."""
    clear = both([way.fires.yes, opposite(either(other.fires.yes for other in before))])
    return Truth(clear, opposite(clear), all(each.fires.sure for each in (way, *before)))
