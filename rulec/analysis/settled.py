"""Ways in, whether one goes where others do not out: by classes of values, for rules and for the rows of one table."""

from collections.abc import Mapping, Sequence
from functools import partial

from rulec.analysis.points import Points
from rulec.analysis.quick import Meetings
from rulec.analysis.statements import Giving, Statement
from rulec.plan.tree import Choose, Column, Const, Fact, Given, Plan, Rule, Table
from rulec.runtime.index import Input, Line, Lines
from rulec.runtime.tables import NONE, OneOf, Within
from rulec.runtime.types import Slot


class Settled:
    """Ways as lines: those of all rules together, the rows of each table apart."""

    def __init__(self, plan: Plan, meetings: Meetings) -> None:
        self._plan, self._meetings = plan, meetings
        self._slots, self._tables = {slot.path: slot for slot in plan.facts}, dict[str, Points | None]()
        self._rules = Points(plan, meetings.lines)

    def line(self, way: Giving) -> int | None:
        """The line of a way, by its number."""
        return self._line(way.statement, way.number)

    def lines(self, way: Giving, others: Sequence[Giving]) -> list[int | None]:
        """The lines of other ways, by their numbers; None for one that is no line beside this way."""
        same = [other if _sheet(other.statement) == _sheet(way.statement) else None for other in others]
        return [self._line(other.statement, other.number) if other is not None else None for other in same]

    def alone(self, way: Giving, others: Sequence[Giving]) -> int | None:
        """The lines that hold for some facts for which a way goes and none of the others.

        0 where there surely are no such facts, None where that is not settled.
        """
        line, points = self._line(way.statement, way.number), self._points(way.statement)
        if line is None or points is None:
            return None
        lines = self.lines(way, others)
        found = points.alone(line, sum(1 << each for each in lines if each is not None))
        return None if found and None in lines else found

    def meeting(self, way: Giving) -> int | None:
        """The lines that go for some facts for which a way does, as far as they are plain; None: not settled."""
        line, points = self._line(way.statement, way.number), self._points(way.statement)
        return points.meeting(line) if line is not None and points is not None else None

    def is_plain(self, way: Giving) -> bool:
        """Whether tests of single facts are all that decides on a way."""
        line, points = self._line(way.statement, way.number), self._points(way.statement)
        return line is not None and points is not None and bool(points.plain >> line & 1)

    def goes(self, statement: Statement, number: int) -> bool:
        """Whether a branch or a row surely goes for some facts."""
        line, points = self._line(statement, number), self._points(statement)
        return line is not None and points is not None and points.holds(line)

    def _points(self, statement: Statement) -> Points | None:
        if isinstance(statement, Rule):
            return self._rules
        if statement.id not in self._tables:
            lines = _lines_of(statement, self._slots)
            self._tables[statement.id] = Points(self._plan, lines) if lines is not None else None
        return self._tables[statement.id]

    def _line(self, statement: Statement, number: int) -> int | None:
        if isinstance(statement, Rule):
            return self._meetings.line(statement.id, number)
        return number - 1 if 0 < number <= len(statement.lines) - statement.has_default else None


def _sheet(statement: Statement) -> str:
    """What the lines of a statement stand in."""
    return "" if isinstance(statement, Rule) else statement.id


def _lines_of(table: Table, slots: Mapping[str, Slot]) -> Lines | None:
    """The rows of a table, settled where nothing but tests of single facts decides; None where more decides of all."""
    columns = [column for column in table.columns if column.tests]
    inputs = [_input(column, slots) for column in columns]
    paths = [each.path for each in inputs if each is not None]
    if table.unless != Const(False) or table.exceptions or table.each or len(set(paths)) < len(paths):
        return None
    lines = [
        Line(0, 0, table.id, row + 1, all(map(partial(_is_told, row), columns, inputs)), True)
        for row in range(len(table.lines) - table.has_default)
    ]
    return Lines([each for each in inputs if each is not None], lines)


def _is_told(row: int, column: Column, told: Input | None) -> bool:
    """Whether an input tells all that a row asks in a column."""
    return column.cells[row] == NONE or (told is not None and told.cells[row] != NONE)


def _input(column: Column, slots: Mapping[str, Slot]) -> Input | None:
    """What a column asks of its fact, as far as classes of values tell: no cell holds where that is not given."""
    match column.input:
        case Fact(path) | Choose(((Given(path), Fact()),), None) if path in slots:
            tests = [(test,) if isinstance(test, Within) else test for test in column.tests]
        case _:
            return None
    told = [at for at, test in enumerate(tests) if isinstance(test, OneOf | tuple)]
    numbers = {at: number for number, at in enumerate(told)}
    cells = tuple(numbers.get(cell, NONE) for cell in column.cells)
    shapes = tuple(test for test in tests if isinstance(test, OneOf | tuple))
    return Input(path, slots[path].default, False, shapes, cells, (False,) * len(shapes))
