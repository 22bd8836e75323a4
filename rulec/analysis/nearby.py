"""Ways in, which of them may go together out: by what each fact, or each column of a table, asks apart."""

from collections.abc import Sequence

from rulec.analysis.quick import Meetings
from rulec.analysis.statements import Giving
from rulec.plan.overlaps import Sheet
from rulec.plan.tree import Plan, Table
from rulec.runtime.index import numbers_in


class Nearby:
    """Tells which of some ways are near each other."""

    def __init__(self, plan: Plan, meetings: Meetings) -> None:
        self.meetings = meetings
        self._slots, self._sheets = {slot.path: slot for slot in plan.facts}, dict[str, Sheet]()

    def of(self, ways: Sequence[Giving]) -> "Near":
        """For each of these ways, the others that may go together with it."""
        return Near(self, ways)

    def rows(self, table: Table, number: int) -> list[int]:
        """The other rows that may apply together with one, by their numbers from 1: none with the default row."""
        if table.id not in self._sheets:
            self._sheets[table.id] = Sheet(table, self._slots)
        if number > len(table.lines) - table.has_default or number == 0:
            return []
        met = self._sheets[table.id].meeting(number - 1) & ~(1 << (number - 1))
        return [row + 1 for row in numbers_in(met)]


class Near:
    """The place of a way → those of the others that may go with it, in order."""

    def __init__(self, nearby: Nearby, ways: Sequence[Giving]) -> None:
        self._nearby, self._ways = nearby, ways
        self._places = {(way.statement.id, way.number): place for place, way in enumerate(ways)}
        self._lines = [nearby.meetings.line(way.statement.id, way.number) for way in ways]
        self._at_line = {line: place for place, line in enumerate(self._lines) if line is not None}
        self._members = sum(1 << line for line in self._at_line)
        self._loose = [place for place, line in enumerate(self._lines) if line is None]
        self._alone = len({way.statement.id for way in ways}) == 1

    def __call__(self, place: int) -> Sequence[int]:
        line, way = self._lines[place], self._ways[place]
        if line is not None:
            return sorted([*(self._at_line[other] for other in numbers_in(self._met(line))), *self._loose])
        if isinstance(way.statement, Table):
            rows = self._nearby.rows(way.statement, way.number)
            own = [self._places[way.statement.id, row] for row in rows if (way.statement.id, row) in self._places]
            ways = () if self._alone else enumerate(self._ways)
            return sorted([*own, *(other for other, each in ways if each.statement is not way.statement)])
        return [other for other in range(len(self._ways)) if other != place]

    def exceeds(self, place: int, most: int) -> bool:
        """Whether there surely are more than so many, without a look at each."""
        line = self._lines[place]
        return line is not None and self._met(line).bit_count() > most

    def _met(self, line: int) -> int:
        return self._nearby.meetings.of(line) & self._members & ~(1 << line)
