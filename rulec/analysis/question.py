"""What every check is given: the plan, the prover, what the statements read, and a place for what is not proven."""

from collections.abc import Sequence
from typing import Any

from rulec.analysis.findings import At, Case, Finding
from rulec.analysis.logic import FALSE, Truth, Value, any_of, both, opposite
from rulec.analysis.prover import Clock, Prover
from rulec.analysis.quick import Meetings
from rulec.analysis.reads import Reads
from rulec.analysis.statements import Giving, Statement, Statements
from rulec.analysis.witness import Shows, witness
from rulec.plan.overlaps import meeting_rows
from rulec.plan.tree import Plan, Rule, Table


class Analysis:
    """One analysis of one plan. `declared`: the files declare a vocabulary."""

    def __init__(self, plan: Plan, declared: bool, budget: float, clock: Clock) -> None:
        self.plan, self.declared = plan, declared
        self.prover, self.reads, self.meetings = Prover(plan, budget, clock), Reads(plan), Meetings(plan)
        self.unproven = list[Finding]()

    @property
    def statements(self) -> Statements:
        """The statements as formulas."""
        return self.prover.statements

    def leave(self, code: str, at: At, outcome: str, other: At | None = None) -> None:
        """Say that something is not proven."""
        self.unproven.append(Finding(code, at, other, outcome))

    def shown(self, model: Any, paths: Sequence[str], shows: Shows) -> Case | None:
        """The case of a model, if it shows what is claimed."""
        return witness(self.plan, self.statements.variables, model, paths, shows)

    def meeting(self, ways: Sequence[Giving]) -> list[Giving]:
        """The ways that may go together with another of them."""
        table = ways[0].statement if ways and len({way.statement.id for way in ways}) == 1 else None
        if isinstance(table, Table):
            rows = meeting_rows(table, {slot.path: slot for slot in self.plan.facts})
            return [way for way in ways if way.number - 1 in rows]
        lines = [self.meetings.line(way.statement.id, way.number) for way in ways]
        known = [line for line in lines if line is not None]
        met = self.meetings.among(known) if len(known) == len(lines) else -1
        return [way for way, line in zip(ways, lines, strict=True) if line is None or met >> line & 1]

    def beside(self, own: Sequence[Giving], rest: Sequence[Giving]) -> list[Giving]:
        """Of the rest, the ways that may go together with one of the own."""
        lines = [self.meetings.line(way.statement.id, way.number) for way in own]
        if None in lines:
            return list(rest)
        met = 0
        for line in lines:
            met |= self.meetings.of(line) if line is not None else 0
        others = ((way, self.meetings.line(way.statement.id, way.number)) for way in rest)
        return [way for way, line in others if line is None or met >> line & 1]

    def ways(self, statement: Statement, outcome: str) -> list[Giving]:
        """The ways in which a statement gives an outcome what the outcome then combines: of a table, one at a time."""
        given = self.statements.givings(statement, outcome)
        if isinstance(statement, Rule) or statement.combine in ("any", "unique") or len(given) < 2:
            return given
        if statement.combine == "first":
            return firsts(given)
        fires = any_of([each.fires for each in given])
        return [Giving(statement, 0, fires, self._anything(given[0].value))]

    def _anything(self, like: Truth | Value) -> Truth | Value:
        """A value of the same kind of which nothing is known."""
        if isinstance(like, Truth):
            return self.statements.free_truth()
        return self.statements.free_value(like.kind)


def firsts(given: Sequence[Giving]) -> list[Giving]:
    """The ways, each where none before it goes."""
    found, before = list[Giving](), FALSE
    for each in given:
        clear = both([each.fires.yes, opposite(before.yes)])
        found.append(each._replace(fires=Truth(clear, opposite(clear), each.fires.sure)))
        before = any_of([before, each.fires])
    return found
