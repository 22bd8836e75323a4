"""Ways in, the pairs that surely contradict each other out: those that classes of values settle, without a solver."""

from collections.abc import Iterator, Sequence

from rulec.analysis.logic import written
from rulec.analysis.settled import Settled
from rulec.analysis.statements import Giving
from rulec.plan.tree import Table
from rulec.runtime.index import numbers_in


class Clashing:
    """The ways of one outcome: of rules, or the rows of one table (`rows`). `settled`: of all of them, all is known.

    `differ`: those that give the same do not contradict each other.
    """

    def __init__(self, settled: Settled, ways: Sequence[Giving], rows: bool, differ: bool) -> None:
        lines = [settled.line(way) if isinstance(way.statement, Table) is rows else None for way in ways]
        met = [settled.meeting(way) if line is not None else None for way, line in zip(ways, lines, strict=True)]
        values = [written(way.value) if differ else place for place, way in enumerate(ways)]
        self._known = [
            (line, near, value)
            for line, near, value in zip(lines, met, values, strict=True)
            if line is not None and near is not None and value is not None
        ]
        self._places = {line: place for place, line in enumerate(lines) if line is not None}
        self.settled = len(self._known) == len(ways)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """The places of two ways, in the order of the later one."""
        alike, before = dict[object, int](), 0
        for line, near, value in self._known:
            for other in numbers_in(near & before & ~alike.get(value, 0)):
                yield self._places[other], self._places[line]
            alike[value] = alike.get(value, 0) | 1 << line
            before |= 1 << line
