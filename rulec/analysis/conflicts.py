"""Rules that contradict each other: two that apply to the same facts, where the outcome does not let them."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import z3

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, Truth, Value, both, either, opposite
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import Analysis
from rulec.analysis.statements import Giving
from rulec.analysis.translate import Meaning
from rulec.plan.tree import Table
from rulec.runtime.decision import Decision

MOST = 20  # told of one outcome
_SORTS = {"number": z3.Real, "yes": z3.Bool}


def conflicts(analysis: Analysis) -> Iterator[Finding]:
    """Of each outcome whose rules must agree, or of which one alone may apply; then of each table with such rows."""
    for slot in analysis.plan.outcomes:
        givers = analysis.reads.giving(slot.key)
        if slot.combine in ("any", "unique") and givers:
            ways = [way for giver in givers for way in analysis.ways(giver, slot.key)]
            if len(givers) > 1:
                yield from _Clashes(analysis, "E601", slot.key, slot.combine, ways).found()
            if any(giver.each != slot.each for giver in givers):  # the elements of a list may contradict each other
                analysis.leave("W608", At(givers[0]), slot.key)
    for table in analysis.plan.tables:
        if table.combine in ("any", "unique"):
            for decides in table.decides:
                ways = analysis.statements.givings(table, decides.outcome)
                yield from _Clashes(analysis, "E629", decides.outcome, table.combine, ways).found()


class _Clashes:
    """The pairs of ways that contradict each other: of different statements, or of one table (code E629)."""

    def __init__(self, analysis: Analysis, code: str, outcome: str, how: str, ways: Sequence[Giving]) -> None:
        self._analysis, self._code, self._outcome, self._how = analysis, code, outcome, how
        near = analysis.nearby.of(ways)
        self._ways = [way for place, way in enumerate(ways) if any(self._apart(way, ways[at]) for at in near(place))]

    def _apart(self, one: Giving, other: Giving) -> bool:
        return self._code == "E629" or one.statement is not other.statement

    def found(self) -> Iterator[Finding]:
        """Those that are told, each with a case."""
        if len(self._ways) < 2:
            return None
        analysis, ways = self._analysis, self._ways
        paths = analysis.reads.of(dict.fromkeys(way.statement for way in ways))
        one, other = (analysis.statements.variables.fresh(name) for name in ("one", "other"))
        wanted, told = self._clash((one, other)), list[Term]()
        for _ in range(MOST):
            try:
                model = self._case(wanted, told, paths)
            except UnsettledError:
                return analysis.leave("W608", At(ways[0].statement, ways[0].number), self._outcome)
            if model is None:
                return None
            pair = [model.eval(place, True).as_long() for place in (one, other)]
            first, then = (ways[place] for place in pair)
            places = At(then.statement, then.number), At(first.statement, first.number)
            shows = _rows_in_conflict if self._code == "E629" else _in_conflict
            case = analysis.shown(model, paths, partial(shows, self._outcome, first, then))
            if case is None:
                analysis.leave("W608", places[0], self._outcome, places[1])
            else:
                yield Finding(self._code, *places, self._outcome, case)
            told.append(z3.Not(z3.And(one == pair[0], other == pair[1])))
        return None

    def _case(self, wanted: Term, told: Sequence[Term], paths: Sequence[str]) -> Any:
        """A model, of rows one in which no other statement decides, if there is such a one."""
        others = [other for other in self._analysis.reads.giving(self._outcome) if other is not self._ways[0].statement]
        if self._code == "E629" and others:
            given = [way for other in others for way in self._analysis.ways(other, self._outcome)]
            alone = self._analysis.prover.case(wanted, *told, *(opposite(way.fires.yes) for way in given), shown=paths)
            if alone is not None:
                return alone
        return self._analysis.prover.case(wanted, *told, shown=paths)

    def _clash(self, places: tuple[Term, Term]) -> Term:
        """That the ways of those two numbers apply, the values differing unless one alone may."""
        sides = [[both([way.fires.yes, place == at]) for at, way in enumerate(self._ways)] for place in places]
        kind = self._ways[0].value.kind if isinstance(self._ways[0].value, Value) else "yes"
        fresh = self._analysis.statements.variables.fresh
        values = [fresh("value", _SORTS.get(kind, z3.Int)) for _ in places]
        if self._how == "any":
            sides = [
                [both([side, _has(way.value, value)]) for side, way in zip(some, self._ways, strict=True)]
                for some, value in zip(sides, values, strict=True)
            ]
        differ = values[0] != values[1] if self._how == "any" else True
        return both([places[0] < places[1], differ, self._of_two(places), *map(either, sides)])

    def _of_two(self, places: tuple[Term, Term]) -> Term:
        """That they are of different statements, unless those of one table are looked at."""
        if self._code == "E629":
            return True
        homes = [self._analysis.statements.variables.fresh("home") for _ in places]
        told = [
            z3.Implies(place == at, home == rank)
            for place, home in zip(places, homes, strict=True)
            for rank, at in self._ranks()
        ]
        return both([*told, homes[0] != homes[1]])

    def _ranks(self) -> list[tuple[int, int]]:
        """For each way the rank of its statement, and its place."""
        ranks = dict[str, int]()
        return [(ranks.setdefault(way.statement.id, len(ranks)), at) for at, way in enumerate(self._ways)]


def _has(meant: Meaning, value: Term) -> Term:
    """That what a way gives is that value."""
    if isinstance(meant, Truth):
        return either([both([meant.yes, value]), both([meant.no, opposite(value)])])
    return both([meant.known, value == meant.term])


def _in_conflict(outcome: str, one: Giving, other: Giving, decision: Decision) -> bool:
    result = decision.outcomes[outcome]
    for each in (result, *result.elements):
        fired = {rule.id for rule in each.fired}
        if each.status == "conflict" and {one.statement.id, other.statement.id} <= fired:
            return True
    return False


def _rows_in_conflict(outcome: str, one: Giving, other: Giving, decision: Decision) -> bool:
    """Whether both rows are told to contradict each other."""
    statement = one.statement
    assert isinstance(statement, Table)
    lines = {str(statement.lines[way.number - 1]) for way in (one, other)}
    result = decision.outcomes[outcome]
    told = [dict(problem.details) for each in (result, *result.elements) for problem in each.problems]
    return any(
        each.get("table") == statement.title and lines <= {*each.get("lines", "").split(", ")} for each in told
    )
