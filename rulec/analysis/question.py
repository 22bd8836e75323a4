"""What every check is given: the plan, the prover, what the statements read, and a place for what is not proven."""

from collections.abc import Sequence
from typing import Any

from rulec.analysis.findings import At, Case, Finding
from rulec.analysis.logic import FALSE, Truth, Value, any_of, both, opposite
from rulec.analysis.prover import Clock, Prover
from rulec.analysis.reads import Reads
from rulec.analysis.statements import Giving, Statement, Statements
from rulec.analysis.witness import Shows, witness
from rulec.plan.tree import Plan, Rule


class Analysis:
    """One analysis of one plan. `declared`: the files declare a vocabulary."""

    def __init__(self, plan: Plan, declared: bool, budget: float, clock: Clock) -> None:
        self.plan, self.declared = plan, declared
        self.prover, self.reads = Prover(plan, budget, clock), Reads(plan)
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
