"""The lines of the rules in, those that may hold for given facts out, found by index.

A line is a branch of a rule: what it asks of each fact is a cell, as in a table. What else it asks, nobody asks here.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

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


class Lines:
    """The lines. `steps`: for each the number of its rule; `settled`: whether its cells are all that it asks, and what
    it gives is constant. `always`: the steps that are no lines; `is_plain`: those are definitions alone."""

    def __init__(
        self,
        inputs: Sequence[Input],
        steps: Sequence[int],
        settled: Sequence[bool],
        always: Sequence[int],
        is_plain: bool,
    ) -> None:
        self.inputs, self.steps, self.settled = inputs, steps, settled
        self.always, self.is_plain = always, is_plain

    @cached_property
    def _columns(self) -> list["_Column"]:
        return [_Column(each) for each in self.inputs]

    def found(self, facts: Mapping[str, object]) -> tuple[int, int]:
        """The lines of which each cell holds for these facts, and those of which each may."""
        sure = maybe = (1 << len(self.steps)) - 1
        for column in self._columns:
            value = facts.get(column.path, column.default)
            if value is None:
                sure &= column.sure
                maybe &= column.maybe
            else:
                held = column.index.found(value)
                sure &= held
                maybe &= held
        return sure, maybe

    def steps_in(self, lines: int) -> list[int]:
        """The steps to take where these lines may hold, in order."""
        text = bin(lines)[:1:-1]
        found, at = set(self.always), text.find("1")
        while at >= 0:
            found.add(self.steps[at])
            at = text.find("1", at + 1)
        return sorted(found)


class _Column:
    """An input and its index. `sure`, `maybe`: the lines that hold, and that may, where the fact is not given."""

    def __init__(self, given: Input) -> None:
        self.path, self.default = given.path, given.default
        self.index = Index(Tests(given.tests, given.cells))
        self.sure = self.maybe = self.index.anything
        for number, truth in enumerate(given.absent):
            self.sure |= self.index.rows_of[number] if truth is True else 0
            self.maybe |= self.index.rows_of[number] if truth is not False else 0
