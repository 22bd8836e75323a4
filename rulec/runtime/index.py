"""The lines of the rules in, those that may hold for given facts out, found by index.

A line is a branch of a rule: what it asks of each fact is a cell, as in a table. What else it asks, nobody asks here.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from rulec.runtime.actions import Parameters
from rulec.runtime.plain import Plain, plain
from rulec.runtime.sheet import Index, Tests
from rulec.runtime.tables import OneOf, Within


@plain
class Input(Plain):
    """What the lines ask of one fact. `ordered`: its values have an order, and the tests are ranges.

    `cells`: for each line the number of its test, NONE for none. `absent`: for each test whether it holds where the
    fact is not given (None: that is not known).
    """

    path: str
    default: object
    ordered: bool
    tests: tuple[OneOf | tuple[Within, ...], ...]
    cells: tuple[int, ...]
    absent: tuple[bool | None, ...]


@plain
class Line(Plain):
    """A branch of a rule. `step`: the number of the rule among the steps; `rank`: among the rules of the text.

    `settled`: its cells are all that it asks, and `gives` and `does` are all constant. `sole`: the rule has no other.
    """

    step: int
    rank: int
    rule: str
    number: int
    settled: bool
    sole: bool
    gives: tuple[tuple[str, object], ...] = ()
    does: tuple[tuple[str, Parameters], ...] = ()


class Lines:
    """The lines of a plan. `always`: the steps that are no lines; `is_plain`: those are definitions alone.

    `firsts`: the outcomes of which the first rule wins, none of the rules that give them being read by another.
    """

    def __init__(
        self,
        inputs: Sequence[Input],
        lines: Sequence[Line],
        always: Sequence[int] = (),
        is_plain: bool = True,
        firsts: frozenset[str] = frozenset(),
    ) -> None:
        self.inputs, self.lines = inputs, lines
        self.always, self.is_plain, self.firsts = always, is_plain, firsts

    @cached_property
    def columns(self) -> list["Column"]:
        """The inputs with their indexes."""
        return [Column(each) for each in self.inputs]

    @cached_property
    def first_alone(self) -> bool:
        """Whether a decision depends on nothing but which line is the first that holds, by number."""
        given = {key for line in self.lines for key, _ in line.gives}
        places = [(line.rank, line.number) for line in self.lines]
        return (
            self.is_plain and len(given) <= 1 and given <= self.firsts and places == sorted(places)
            and all(line.settled and line.gives and not line.does for line in self.lines)
        )  # fmt: skip

    def is_passed(self, line: Line) -> bool:
        """Whether it does not matter if this line holds where one before it that gives the same does."""
        return line.settled and line.sole and not line.does and all(key in self.firsts for key, _ in line.gives)

    def standing(self, sure: int, maybe: int) -> list[Line]:
        """The lines that may hold, but those that come after one that certainly holds and gives the same, where the
        first rule wins."""
        found = [(self.lines[number], sure >> number & 1) for number in numbers_in(maybe)]
        if not self.firsts:
            return [line for line, _ in found]
        kept, given = list[Line](), set[str]()
        for line, is_sure in sorted(found, key=lambda each: each[0].rank):
            own, passed = {key for key, _ in line.gives}, self.is_passed(line)
            if passed and own <= given:
                continue
            kept.append(line)
            given |= own if passed and is_sure else set()
        return kept

    def found(self, facts: Mapping[str, object]) -> tuple[int, int]:
        """The lines of which each cell holds for these facts, and those of which each may."""
        sure = maybe = (1 << len(self.lines)) - 1
        for column in self.columns:
            value = facts.get(column.given.path, column.given.default)
            if value is None:
                sure &= column.sure
                maybe &= column.maybe
            else:
                held = column.index.found(value)
                sure &= held
                maybe &= held
        return sure, maybe


class Column:
    """An input and its index. `sure`, `maybe`: the lines that hold, and that may, where the fact is not given."""

    def __init__(self, given: Input) -> None:
        self.given = given
        self.index = Index(Tests(given.tests, given.cells))
        self.sure = self.maybe = self.index.anything
        for number, truth in enumerate(given.absent):
            self.sure |= self.index.rows_of[number] if truth is True else 0
            self.maybe |= self.index.rows_of[number] if truth is not False else 0


def numbers_in(lines: int) -> list[int]:
    """The numbers of the lines of a set, in order."""
    text, found = bin(lines)[:1:-1], list[int]()
    at = text.find("1")
    while at >= 0:
        found.append(at)
        at = text.find("1", at + 1)
    return found
