"""Ways in, which of them may go together out: by what each fact, or each column of a table, asks apart."""

from collections.abc import Callable, Sequence

from rulec.analysis.quick import Meetings
from rulec.analysis.statements import Giving
from rulec.plan.overlaps import Sheet
from rulec.plan.tree import Plan, Table
from rulec.runtime.index import numbers_in

Near = Callable[[int], Sequence[int]]  # the place of a way → those of the others that may go with it, in order


class Nearby:
    """Tells which of some ways are near each other."""

    def __init__(self, plan: Plan, meetings: Meetings) -> None:
        self._meetings = meetings
        self._slots, self._sheets = {slot.path: slot for slot in plan.facts}, dict[str, Sheet]()

    def of(self, ways: Sequence[Giving]) -> Near:
        """For each of these ways, the others that may go together with it."""
        places = {(way.statement.id, way.number): place for place, way in enumerate(ways)}
        lines = [self._meetings.line(way.statement.id, way.number) for way in ways]
        at_line = {line: place for place, line in enumerate(lines) if line is not None}
        members = sum(1 << line for line in at_line)
        loose = [place for place, line in enumerate(lines) if line is None]
        alone = len({way.statement.id for way in ways}) == 1

        def near(place: int) -> Sequence[int]:
            line, statement = lines[place], ways[place].statement
            if line is not None:
                met = numbers_in(self._meetings.of(line) & members & ~(1 << line))
                return sorted([*(at_line[other] for other in met), *loose])
            if isinstance(statement, Table):
                rows = self._rows(statement, ways[place].number)
                own = [places[statement.id, row] for row in rows if (statement.id, row) in places]
                others = [] if alone else [other for other, way in enumerate(ways) if way.statement is not statement]
                return sorted([*own, *others])
            return [other for other in range(len(ways)) if other != place]

        return near

    def _rows(self, table: Table, number: int) -> list[int]:
        """The other rows that may apply together with one, by their numbers from 1: none with the default row."""
        if table.id not in self._sheets:
            self._sheets[table.id] = Sheet(table, self._slots)
        if number > len(table.lines) - table.has_default or number == 0:
            return []
        met = self._sheets[table.id].meeting(number - 1) & ~(1 << (number - 1))
        return [row + 1 for row in numbers_in(met)]
