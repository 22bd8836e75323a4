"""Rules that contradict each other: two that apply to the same facts, where the outcome does not let them."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

import z3

from rulec.analysis.clashing import Clashing
from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, Truth, Value, both, either, opposite, simplified
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import MORE, Analysis
from rulec.analysis.statements import Giving
from rulec.analysis.translate import Meaning
from rulec.plan.tree import Table
from rulec.runtime.decision import Decision

MOST = 20  # told of one outcome
MANY = 200  # pairs of rows told of one table: more are not looked for
_SORTS = {"number": z3.Real, "yes": z3.Bool}


def conflicts(analysis: Analysis) -> Iterator[Finding]:
    """Of each outcome whose rules must agree, or of which one alone may apply; then of each table with such rows."""
    for slot in analysis.plan.outcomes:
        givers = analysis.reads.giving(slot.key)
        if slot.combine in ("any", "unique") and givers:
            ways = [way for giver in givers for way in analysis.ways(giver, slot.key)]
            if len(givers) > 1:
                yield from _Clashes(analysis, "E601", slot.key, slot.combine, ways, set()).found()
            if any(giver.each != slot.each for giver in givers):  # the elements of a list may contradict each other
                analysis.leave("W608", At(givers[0]), slot.key)
    for table in analysis.plan.tables:
        pairs = {*analysis.clashing.get(table.id, ())}
        if table.combine in ("any", "unique") and len(pairs) < MANY:
            for decides in table.decides:
                ways = analysis.statements.givings(table, decides.outcome)
                yield from _Clashes(analysis, "E629", decides.outcome, table.combine, ways, pairs).found()


class _Clashes:
    """The pairs of ways that contradict each other: of different statements, or of one table (code E629).

    `pairs`: of a table, the pairs of rows that are told already.
    """

    def __init__(
        self, analysis: Analysis, code: str, outcome: str, how: str, ways: Sequence[Giving], pairs: set[tuple[int, int]]
    ) -> None:
        self._analysis, self._code, self._outcome, self._how, self._pairs = analysis, code, outcome, how, pairs
        near = analysis.nearby.of(ways)
        self._ways = [way for place, way in enumerate(ways) if any(self._apart(way, ways[at]) for at in near(place))]

    def _apart(self, one: Giving, other: Giving) -> bool:
        return self._code == "E629" or one.statement is not other.statement

    def found(self) -> Iterator[Finding]:
        """Those that are told, each with a case."""
        if len(self._ways) < 2:
            return
        paths = self._analysis.reads.of(dict.fromkeys(way.statement for way in self._ways))
        clashing = Clashing(self._analysis.settled, self._ways, self._code == "E629", self._how == "any")
        told = [*self._known()]
        sure = (pair for pair in clashing.pairs() if pair not in told)
        try:
            for one, other in islice(sure, MOST):
                fires = both([self._ways[one].fires.yes, self._ways[other].fires.yes])
                yield from self._shown(self._case(fires, [], paths), self._ways[one], self._ways[other], paths)
                told.append((one, other))
            if next(sure, None) is not None:
                yield self._more()
            elif not clashing.settled:
                yield from self._at_once(told, paths)
        except UnsettledError:
            yield from self._one_by_one(paths, len(told))

    def _at_once(self, pairs: Sequence[tuple[int, int]], paths: Sequence[str]) -> Iterator[Finding]:
        """The pairs besides these, all of them looked for together. Raises UnsettledError."""
        fresh = self._analysis.statements.variables.fresh
        numbers = fresh("one"), fresh("other")
        told = [_not_both(numbers, pair) for pair in pairs]
        wanted = self._clash(numbers)
        for _ in range(MOST):
            model = self._case(wanted, told, paths)
            if model is None:
                return
            one, other = (model.eval(number, True).as_long() for number in numbers)
            yield from self._shown(model, self._ways[one], self._ways[other], paths)
            told.append(_not_both(numbers, (one, other)))
        if self._case(wanted, told, paths) is not None:
            yield self._more()

    def _more(self) -> Finding:
        return Finding(MORE, At(self._ways[0].statement), outcome=self._outcome, count=MOST, told=self._code)

    def _one_by_one(self, paths: Sequence[str], told: int) -> Iterator[Finding]:
        """The same, pair by pair, where all of them at once are too much for the solver; those told come again once."""
        near = self._analysis.nearby.of(self._ways)
        try:
            for place, one in enumerate(self._ways):
                beside = [self._ways[at] for at in near(place) if at > place and self._apart(one, self._ways[at])]
                for other in (each for each in beside if (one.number, each.number) not in self._pairs):
                    differ = simplified(_differ(one.value, other.value)) if self._how == "any" else True
                    model = self._analysis.prover.case(one.fires.yes, other.fires.yes, differ, shown=paths)
                    if model is not None and told >= MOST:
                        raise UnsettledError
                    told += model is not None
                    yield from self._shown(model, one, other, paths) if model is not None else ()
        except UnsettledError:
            self._analysis.leave("W608", At(self._ways[0].statement, self._ways[0].number), self._outcome)

    def _known(self) -> Iterator[tuple[int, int]]:
        """The pairs that are told already, by the places of their ways."""
        places = {way.number: place for place, way in enumerate(self._ways)} if self._pairs else {}
        for one, other in sorted(self._pairs):
            if one in places and other in places:
                yield places[one], places[other]

    def _shown(self, model: Any, one: Giving, other: Giving, paths: Sequence[str]) -> Iterator[Finding]:
        places = At(other.statement, other.number), At(one.statement, one.number)
        shows = partial(_rows_in_conflict if self._code == "E629" else _in_conflict, self._outcome, one, other)
        case = self._analysis.shown(model, paths, shows)
        if case is None:
            if {one.statement.id, other.statement.id}.isdisjoint(self._analysis.clashing):  # told of the table
                self._analysis.leave("W608", places[0], self._outcome, places[1])
            return
        self._pairs |= {(one.number, other.number)} if self._code == "E629" else set()
        yield Finding(self._code, *places, self._outcome, case)

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


def _not_both(numbers: tuple[Term, Term], pair: tuple[int, int]) -> Term:
    """That they are not the numbers of that pair."""
    return z3.Not(z3.And(*(number == place for number, place in zip(numbers, pair, strict=True))))


def _differ(one: Meaning, other: Meaning) -> Term:
    """That two ways give different values."""
    if isinstance(one, Truth) and isinstance(other, Truth):
        return either([both([one.yes, other.no]), both([one.no, other.yes])])
    if isinstance(one, Truth) or isinstance(other, Truth):
        return False
    return both([one.known, other.known, one.term != other.term])


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
