"""A plan and a date in, what decisions ask of each fact out: the values that tests name, or all of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rulec.backends.interpreter import Tester
from rulec.backends.lines import ORDERED, kind_of
from rulec.backends.outline import outline_of
from rulec.moment import Moment
from rulec.plan.tree import Column, Compare, Const, Expr, Fact, Given, In, Plan
from rulec.runtime.errors import CalculationError
from rulec.runtime.tables import Cell, OneOf
from rulec.runtime.types import YesNo
from rulec.tree import Node, below

_CALCULATED = frozenset({"Today", "Const", "Shift", "Arithmetic", "Round", "Extreme", "DayOf", "WorkingShift"})


@dataclass
class Use:
    """What is asked of one fact. `values`: those that tests name; `exact`: its very value enters a decision.

    `asked`: whether anything is.
    """

    values: set[object] = field(default_factory=set)
    exact: bool = False
    asked: bool = False


def uses_of(plan: Plan, at: Moment) -> Mapping[str, Use]:
    """For each fact, by path."""
    finder = _Finder(plan, at)
    for step in (*plan.statements, *plan.definitions, *plan.promises, *plan.oversight):
        finder.visit(step)
    return finder.uses


class _Finder:
    """Finds what is asked of facts."""

    def __init__(self, plan: Plan, at: Moment) -> None:
        self.slots, self.tester = {slot.path: slot for slot in plan.facts}, Tester(outline_of(plan), at)
        self.uses = {path: Use() for path in self.slots}

    def visit(self, node: Node) -> None:
        """What a node and all below it ask."""
        match node:
            case Compare(operator, Fact(path), other) | Compare(operator, other, Fact(path)):
                known = self._constant(other)
                if known is None or not self._test(path, [known], operator in ("eq", "ne")):
                    self._all_of(path)
                    self.visit(other)
            case In(Fact(path), values):
                if not self._test(path, values, True):
                    self._all_of(path)
            case Given(path):
                self.uses[path].asked = True
            case Fact(path):
                self.uses[path].asked = True
                if not isinstance(self.slots[path].type, YesNo):
                    self._all_of(path)
            case Column(Fact(path), tests) if self._cells(path, tests):
                for test in tests:
                    if isinstance(test, Node):
                        self.visit(test)
            case _:
                for each in below(node):
                    self.visit(each)

    def _all_of(self, path: str) -> None:
        self.uses[path].exact = self.uses[path].asked = True

    def _cells(self, path: str, tests: tuple[Cell | Expr, ...]) -> bool:
        """Whether the tests of a column that are cells ask for values alone, which are then known."""
        for test in tests:
            if isinstance(test, Cell):
                named = test.values if isinstance(test, OneOf) else (test.low, test.high)
                values = [value for value in named if value is not None]
                if not self._test(path, values, isinstance(test, OneOf)):
                    return False
        return True

    def _test(self, path: str, values: "list[object] | tuple[object, ...]", is_equality: bool) -> bool:
        """Note the values named, if classes of values settle the test."""
        kind = kind_of(self.slots[path].type)
        if kind is None or not (is_equality or kind in ORDERED) or any(type(value) is not kind for value in values):
            return False
        self.uses[path].values.update(values)
        self.uses[path].asked = True
        return True

    def _constant(self, expr: Expr) -> object:
        """The value of an expression that is the same for all rows; None where it may not be."""
        if isinstance(expr, Const):
            return expr.value
        if not _is_calculated(expr):
            return None
        try:
            return self.tester.constant(expr)
        except CalculationError:
            return None


def _is_calculated(expr: Node) -> bool:
    """Whether the date of the decision is all that it reads."""
    return type(expr).__name__ in _CALCULATED and all(map(_is_calculated, below(expr)))
