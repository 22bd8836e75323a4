"""Where the first wins, the branches and rows that never do."""

from collections.abc import Iterator, Sequence

from rulec.analysis.logic import either, opposite
from rulec.analysis.question import Analysis
from rulec.analysis.statements import Giving, Statement
from rulec.plan.tree import Rule
from rulec.runtime.tables import NONE


class Masked:
    """The branches and rows that give nothing but outcomes for which another, placed before, always wins."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis, self._lost = analysis, dict[tuple[str, int], set[str]]()
        for table in analysis.plan.tables:
            if table.combine == "first":
                for decides in table.decides:
                    self._add(analysis.statements.givings(table, decides.outcome), decides.outcome)
        for slot in analysis.plan.outcomes:
            if slot.combine == "first":
                givers = analysis.reads.giving(slot.key)
                self._add([way for giver in givers for way in analysis.ways(giver, slot.key)], slot.key)

    def _add(self, given: Sequence[Giving], outcome: str) -> None:
        """Note the ways that never go without one before them."""
        near = self._analysis.nearby.of(given)
        for place, way in enumerate(given):
            before = [given[other] for other in near(place) if other < place]
            if way.number and before and self._is_lost(way, before):
                self._lost.setdefault((way.statement.id, way.number), set()).add(outcome)

    def _is_lost(self, way: Giving, before: Sequence[Giving]) -> bool:
        alone = self._analysis.settled.alone(way, before)
        if alone is not None:
            return not alone
        masked = opposite(either(each.fires.yes for each in before))
        return self._analysis.never(way.statement, way.fires.yes, masked)

    def of(self, statement: Statement) -> list[int]:
        """Those of a statement, by their numbers."""
        none = set[str]()
        given = [(number, keys) for number, keys in _given(statement) if keys]
        return [number for number, keys in given if keys <= self._lost.get((statement.id, number), none)]


def _given(statement: Statement) -> Iterator[tuple[int, set[str]]]:
    """Each branch that asks for no action, or each row, and the outcomes to which it gives a value."""
    if isinstance(statement, Rule):
        for branch in statement.branches:
            yield branch.number, set() if branch.does else {give.outcome for give in branch.gives}
        return
    values = [(each.outcome, (*each.cells, each.default)) for each in statement.decides]
    for row in range(len(statement.lines)):
        yield row + 1, {outcome for outcome, cells in values if cells[row] != NONE}
