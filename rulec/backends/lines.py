"""A plan in, its conditions as lines of tests of single facts out: what the index of decisions is made of.

Each branch of a rule is a line. The parts of its condition that read one fact become cells, as those of tables, by
asking the interpreter for a value of each class that they tell apart; the other parts are left to the rule itself.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import cache
from typing import Any

from rulec.backends.interpreter import Tester
from rulec.backends.outline import outline_of
from rulec.plan.order import steps_of
from rulec.plan.tree import (
    All,
    AnyOf,
    Applies,
    Branch,
    Choose,
    Compare,
    Const,
    Count,
    Defined,
    Definition,
    Expr,
    Fact,
    Given,
    In,
    Not,
    Plan,
    Rule,
)
from rulec.runtime.actions import Parameters
from rulec.runtime.index import Input, Line, Lines
from rulec.runtime.kleene import Unknown
from rulec.runtime.tables import NONE, OneOf, Within
from rulec.runtime.types import Choice, Date, DateTime, ListOf, Record, Text, Time, Type, YesNo
from rulec.tree import Node, rewrite, walk

_MOST_NODES = 100  # of a definition that is read in place
_WIDE = Context(prec=100, Emax=MAX_EMAX, Emin=MIN_EMIN)
Shape = OneOf | tuple[Within, ...]


def lines_of(plan: Plan) -> Lines:
    """The lines of a plan; their steps are numbered as `steps_of` gives them."""
    splitter = _Splitter(plan)
    ranks = {rule.id: rank for rank, rule in enumerate(plan.statements)}
    for number, step in enumerate(steps_of(plan)):
        if isinstance(step, Rule) and not step.each:
            splitter.rule(number, ranks[step.id], step)
        else:
            splitter.always.append(number)
            splitter.is_plain &= isinstance(step, Definition)
    inputs = splitter.inputs()
    return Lines(inputs, splitter.found, splitter.always, splitter.is_plain, _firsts(plan))


def _firsts(plan: Plan) -> frozenset[str]:
    """The outcomes of which the first rule wins, if no rule reads another."""
    rules = plan.statements
    if any(rule.exceptions for rule in rules) or any(
        isinstance(node, Applies) for rule in rules for node in walk(rule)
    ):
        return frozenset()
    return frozenset(slot.key for slot in plan.outcomes if slot.combine == "first")


class _Column:
    """The tests of one fact: each distinct one, and for each line that has one its number."""

    def __init__(self) -> None:
        self.numbers = dict[tuple[Expr, ...], int]()
        self.cells = dict[int, int]()


class _Splitter:
    """Splits conditions into tests of single facts."""

    def __init__(self, plan: Plan) -> None:
        self.slots = {slot.path: slot for slot in plan.facts}
        self.definitions = {each.key: each.value for each in plan.definitions}
        self.tester = Tester(outline_of(plan))
        self.columns = dict[str, _Column]()
        self.found, self.always, self.is_plain = list[Line](), list[int](), True
        self.in_place = cache(self._in_place)
        self.split = cache(self._split)

    def rule(self, number: int, rank: int, rule: Rule) -> None:
        """The lines of a rule: one a branch that may hold."""
        silent = list(self._parts(Not(rule.unless))) if rule.unless != Const(False) else []
        for branch in rule.branches:
            parts = [*self._parts(branch.condition), *silent]
            if Const(False) not in parts:
                asked = self._cells(parts)
                given = _constants(branch) if asked and all(_constants(each) for each in rule.branches) else None
                sole = len(rule.branches) == 1
                self.found.append(Line(number, rank, rule.id, branch.number, given is not None, sole, *(given or ())))

    def _cells(self, parts: Sequence[Expr]) -> bool:
        """The cells of a new line; whether they are all its parts."""
        line, tests, whole = len(self.found), dict[str, list[Expr]](), True
        for part in parts:
            path = self.split(part)
            if path is not None:
                tests.setdefault(path, []).append(part)
            else:
                whole &= part == Const(True)
        for path, own in tests.items():
            column = self.columns.setdefault(path, _Column())
            column.cells[line] = column.numbers.setdefault(tuple(own), len(column.numbers))
        return whole

    def _parts(self, condition: Expr) -> Iterator[Expr]:
        """What a condition is the conjunction of, definitions read in place."""
        match condition:
            case All(items):
                for item in items:
                    yield from self._parts(item)
            case Not(AnyOf(items)):
                for item in items:
                    yield from self._parts(Not(item))
            case Not(Not(item)):
                yield from self._parts(item)
            case Not(Const(value)):
                yield Const(not value)
            case Not(Defined(key)) if (value := self.in_place(key)) is not None:
                yield from self._parts(Not(value))
            case Defined(key) if (value := self.in_place(key)) is not None:
                yield from self._parts(value)
            case _:
                yield self._read(condition)

    def _read(self, expr: Expr) -> Expr:
        """The expression, definitions read in place."""
        if not self.definitions:
            return expr

        def change(node: Node) -> Node:
            return (self.in_place(node.key) or node) if isinstance(node, Defined) else node

        return rewrite(expr, change)

    def _in_place(self, key: str) -> Expr | None:
        """The value of a definition that always has one and is not long."""
        value = self.definitions[key]
        if isinstance(value, Choose) and value.otherwise is None:
            return None
        value = self._read(value)
        return value if sum(1 for _ in walk(value)) <= _MOST_NODES else None

    def _split(self, part: Expr) -> str | None:
        """The fact that a part tests, if it tests one alone in a way that classes of its values settle."""
        paths = set(self._tested(part))
        return paths.pop() if len(paths) == 1 and paths <= self.slots.keys() else None

    def _tested(self, expr: Expr) -> Iterator[str]:
        """The facts that are tested; "" for what is no such test."""
        match expr:
            case Const(bool()):
                pass
            case Fact(path) if isinstance(self.slots[path].type, YesNo):
                yield path
            case Given(path) if _kind(self.slots[path].type):
                yield path
            case Compare(operator, Fact(path), Const(value)) | Compare(operator, Const(value), Fact(path)):
                yield path if self._may(path, (value,), operator) else ""
            case In(Fact(path), values):
                yield path if self._may(path, values, "eq") else ""
            case Not() | All() | AnyOf() | Count():
                for item in (expr.item,) if isinstance(expr, Not) else expr.items:
                    yield from self._tested(item)
            case _:
                yield ""

    def _may(self, path: str, values: Sequence[object], operator: str) -> bool:
        kind = _kind(self.slots[path].type)
        known = kind is not None and all(type(value) is kind for value in values)
        return known and (operator in ("eq", "ne") or kind in _ORDERED)

    def inputs(self) -> list[Input]:
        """What all lines ask of each fact."""
        return [self._input(path, column, len(self.found)) for path, column in self.columns.items()]

    def _input(self, path: str, column: _Column, size: int) -> Input:
        slot = self.slots[path]
        cells = [NONE] * size
        for line, number in column.cells.items():
            cells[line] = number
        shapes = tuple(_Shaper(self.tester, path, slot.type).shape(tests) for tests in column.numbers)
        absent = tuple(self._absent(tests) for tests in column.numbers)
        return Input(path, slot.default, _kind(slot.type) in _ORDERED, shapes, tuple(cells), absent)

    def _absent(self, tests: tuple[Expr, ...]) -> bool | None:
        """Whether tests hold where the fact is not given; None: not known."""
        truths = [self.tester.holds(test, {}) for test in tests]
        if False in truths:
            return False
        return None if any(isinstance(truth, Unknown) for truth in truths) else True


def _constants(branch: Branch) -> tuple[tuple[tuple[str, object], ...], tuple[tuple[str, Parameters], ...]] | None:
    """What a branch gives and does, if it is all constant."""
    gives = [(give.outcome, give.value) for give in branch.gives]
    does = [(do.action, do.parameters) for do in branch.does]
    read = [value for _, value in gives] + [value for _, parameters in does for _, value in parameters]
    if not all(isinstance(value, Const) for value in read):
        return None
    return _values(gives), tuple((action, _values(parameters)) for action, parameters in does)


def _values(pairs: Sequence[tuple[str, Expr]]) -> tuple[tuple[str, object], ...]:
    return tuple((key, expr.value) for key, expr in pairs if isinstance(expr, Const))


_ORDERED = (Decimal, date, datetime)


def _kind(type_: Type) -> type | None:
    """How values of a type are held, if they have classes that an index can find."""
    match type_:
        case YesNo():
            return bool
        case Choice() | Text():
            return str
        case Date():
            return date
        case DateTime():
            return datetime
        case Time() | ListOf() | Record():
            return None
        case _:
            return Decimal


class _Shaper:
    """Finds for which values of a fact tests hold."""

    def __init__(self, tester: Tester, path: str, type_: Type) -> None:
        self.tester, self.path, self.type = tester, path, type_

    def shape(self, tests: Sequence[Expr]) -> Shape:
        """The values for which they all hold."""
        named = {value for test in tests for node in walk(test) for value in _named(node)}
        if _kind(self.type) in _ORDERED:
            return self._stretches(sorted(each for each in named if not isinstance(each, bool)), tests)
        return self._values({each for each in named if type(each) is _kind(self.type)}, tests)

    def _holds(self, tests: Sequence[Expr], value: object) -> bool:
        return all(self.tester.holds(test, {self.path: value}) is True for test in tests)

    def _values(self, named: set[Any], tests: Sequence[Expr]) -> OneOf:
        if isinstance(self.type, YesNo):
            return OneOf(tuple(value for value in (True, False) if self._holds(tests, value)))
        other = max(named, key=len, default="") + "?"
        negated = self._holds(tests, other)
        return OneOf(tuple(sorted(value for value in named if self._holds(tests, value) is not negated)), negated)

    def _stretches(self, cuts: Sequence[Any], tests: Sequence[Expr]) -> tuple[Within, ...]:
        found, first = list[Within](), -1
        places = 2 * len(cuts) + 1
        for place in range(places + 1):
            held = place < places and (value := _inside(cuts, place)) is not None and self._holds(tests, value)
            if held and first < 0:
                first = place
            elif not held and first >= 0:
                found.append(_within(cuts, first, place - 1))
                first = -1
        return tuple(found)


def _named(node: Node) -> Sequence[object]:
    match node:
        case Const(value):
            return (value,)
        case In(_, values):
            return values
        case _:
            return ()


def _inside(cuts: Sequence[Any], place: int) -> Any:
    """A value of a stretch: an odd one is a cut, an even one lies between two; None where there is no value."""
    if place % 2:
        return cuts[place // 2]
    low = cuts[place // 2 - 1] if place else None
    high = cuts[place // 2] if place < 2 * len(cuts) else None
    return _between(low, high)


def _between(low: Any, high: Any) -> Any:
    """A value between two, of which None is open."""
    if isinstance(low or high, date):
        step = timedelta(microseconds=1) if isinstance(low or high, datetime) else timedelta(1)
        try:
            near = high - step if low is None else low + step
        except OverflowError:
            return None
        return near if high is None or near < high else None
    if low is not None and high is not None:
        return _WIDE.divide(_WIDE.add(low, high), Decimal(2))
    bound = high if low is None else low
    far = _WIDE.add(_WIDE.multiply(_WIDE.abs(bound), Decimal(2)), Decimal(1)) if bound is not None else Decimal(0)
    return far.copy_negate() if low is None else far


def _within(cuts: Sequence[Any], first: int, last: int) -> Within:
    """The stretches from one to another."""
    return Within(
        cuts[(first - 1) // 2] if first else None,
        cuts[last // 2] if last < 2 * len(cuts) else None,
        first % 2 == 1,
        last % 2 == 1,
    )
