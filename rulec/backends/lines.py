"""A plan in, its conditions as lines of tests of single facts out: what the index of decisions is made of.

Each branch of a rule is a line. The parts of its condition that read one fact become cells, as those of tables, by
asking the interpreter for a value of each class that they tell apart; the other parts are left to the rule itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import cache, reduce
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
from rulec.tree import Node, acyclic, rewrite, walk

_MOST_NODES = 100  # of a definition that is read in place
_WIDE = Context(prec=100, Emax=MAX_EMAX, Emin=MIN_EMIN)
Shape = OneOf | tuple[Within, ...]


def lines_of(plan: Plan) -> Lines:
    """The lines of a plan, made once; their steps are numbered as `steps_of` gives them."""
    made = vars(plan)
    if "_lines" not in made:
        with acyclic():
            made["_lines"] = _lines(plan)
    lines: Lines = made["_lines"]
    return lines


def _lines(plan: Plan) -> Lines:
    splitter = _Splitter(plan)
    ranks = {rule.id: rank for rank, rule in enumerate(plan.statements)}
    for number, step in enumerate(splitter.steps):
        if isinstance(step, Rule) and not step.each:
            splitter.rule(number, ranks[step.id], step)
        else:
            splitter.always.append(number)
            splitter.is_plain &= isinstance(step, Definition)
    firsts = frozenset(slot.key for slot in plan.outcomes if slot.combine == "first")
    reading = any(rule.exceptions for rule in plan.statements) or splitter.reads_rules()
    inputs = splitter.inputs()
    return Lines(inputs, splitter.found, splitter.always, splitter.is_plain, frozenset() if reading else firsts)


@dataclass(frozen=True, slots=True, eq=False)
class _Test:
    """A part of conditions that tests one fact: the values for which it holds, and whether it does without one."""

    path: str
    shape: Shape
    absent: bool | None


class _Column:
    """The tests of one fact: each distinct combination, and for each line that has one its number."""

    def __init__(self) -> None:
        self.numbers = dict[tuple[_Test, ...], int]()
        self.cells = dict[int, int]()


class _Splitter:
    """Splits conditions into tests of single facts."""

    def __init__(self, plan: Plan) -> None:
        self.slots, self.steps = {slot.path: slot for slot in plan.facts}, list(steps_of(plan))
        self.definitions = {each.key: each.value for each in plan.definitions}
        self.tester = Tester(outline_of(replace(plan, rules=(), tables=())))  # which no test of a fact reads
        self.columns = dict[str, _Column]()
        self.found, self.always, self.is_plain = list[Line](), list[int](), True
        self.in_place = cache(self._in_place)
        self.split = cache(self._split)
        for each in plan.definitions:  # each after those that it reads: chains of them may be long
            self.in_place(each.key)

    def rule(self, number: int, rank: int, rule: Rule) -> None:
        """The lines of a rule: one a branch that may hold."""
        silent = [] if _is(rule.unless, False) else list(self._parts(Not(rule.unless)))
        constant = [_constants(branch) for branch in rule.branches]
        for branch, given in zip(rule.branches, constant, strict=True):
            parts = [*self._parts(branch.condition), *silent]
            if not any(_is(part, False) for part in parts):
                settled = self._cells(parts) and None not in constant
                sole = len(rule.branches) == 1
                self.found.append(
                    Line(number, rank, rule.id, branch.number, settled, sole, *((settled and given) or ()))
                )

    def _cells(self, parts: Sequence[Expr]) -> bool:
        """The cells of a new line; whether they are all its parts."""
        line, tests, whole = len(self.found), dict[str, list[_Test]](), True
        for part in parts:
            test = self.split(part)
            if test is not None:
                tests.setdefault(test.path, []).append(test)
            else:
                whole &= _is(part, True)
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

    def _split(self, part: Expr) -> _Test | None:
        """The test of one fact that a part is, if classes of the fact's values settle it."""
        paths = set(self._tested(part))
        if len(paths) != 1 or not paths <= self.slots.keys():
            return None
        path = paths.pop()
        shape = _Shaper(self.tester, path, self.slots[path].type).shape(part)
        absent = self.tester.holds(part, {})
        return _Test(path, shape, None if isinstance(absent, Unknown) else absent)

    def _tested(self, expr: Expr) -> Iterator[str]:
        """The facts that are tested; "" for what is no such test."""
        match expr:
            case Const(bool()):
                pass
            case Fact(path) if isinstance(self.slots[path].type, YesNo):
                yield path
            case Given(path) if kind_of(self.slots[path].type):
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
        kind = kind_of(self.slots[path].type)
        known = kind is not None and all(type(value) is kind for value in values)
        return known and (operator in ("eq", "ne") or kind in ORDERED)

    def reads_rules(self) -> bool:
        """Whether a step reads whether a rule applies."""
        unsettled = {*self.always, *(line.step for line in self.found if not line.settled)}
        return any(isinstance(node, Applies) for number in unsettled for node in walk(self.steps[number]))

    def inputs(self) -> list[Input]:
        """What all lines ask of each fact."""
        return [self._input(path, column, len(self.found)) for path, column in self.columns.items()]

    def _input(self, path: str, column: _Column, size: int) -> Input:
        slot = self.slots[path]
        cells = [NONE] * size
        for line, number in column.cells.items():
            cells[line] = number
        shapes = tuple(reduce(_both, (test.shape for test in tests)) for tests in column.numbers)
        absent = tuple(_all({test.absent for test in tests}) for tests in column.numbers)
        return Input(path, slot.default, kind_of(slot.type) in ORDERED, shapes, tuple(cells), absent)


def _is(expr: Expr, truth: bool) -> bool:
    """Whether an expression is that truth."""
    return isinstance(expr, Const) and expr.value is truth


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


ORDERED = (Decimal, date, datetime)


def kind_of(type_: Type) -> type | None:
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


def _all(truths: set[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def _both(one: Shape, other: Shape) -> Shape:
    """The values of both."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return tuple(both for each in one for also in other if (both := _meeting(each, also)) is not None)
    assert isinstance(one, OneOf)
    assert isinstance(other, OneOf)
    if one.negated and other.negated:
        return OneOf(tuple(dict.fromkeys((*one.values, *other.values))), True)
    named, tested = (other, one) if one.negated else (one, other)
    return OneOf(tuple(value for value in named.values if tested.holds(value)))


def _meeting(one: Within, other: Within) -> Within | None:
    """The range of what is in both, if there may be something."""
    lows: list[tuple[Any, bool]] = [(each.low, not each.low_included) for each in (one, other) if each.low is not None]
    highs: list[tuple[Any, bool]] = [(each.high, each.high_included) for each in (one, other) if each.high is not None]
    low, above = max(lows, default=(None, False))
    high, included = min(highs, default=(None, True))
    if low is not None and high is not None and (low > high or (low == high and (above or not included))):
        return None
    return Within(low, high, not above, included)


class _Shaper:
    """Finds for which values of a fact a test holds."""

    def __init__(self, tester: Tester, path: str, type_: Type) -> None:
        self.tester, self.path, self.type = tester, path, type_

    def shape(self, test: Expr) -> Shape:
        """The values for which it holds."""
        named = {value for node in walk(test) for value in _named(node)}
        own = {value for value in named if type(value) is kind_of(self.type)}
        return self._stretches(sorted(own), test) if kind_of(self.type) in ORDERED else self._values(own, test)

    def _holds(self, test: Expr, value: object) -> bool:
        return self.tester.holds(test, {self.path: value}) is True

    def _values(self, named: set[Any], test: Expr) -> OneOf:
        if isinstance(self.type, YesNo):
            return OneOf(tuple(value for value in (True, False) if self._holds(test, value)))
        negated = self._holds(test, max(named, key=len, default="") + "?")
        return OneOf(tuple(sorted(value for value in named if self._holds(test, value) is not negated)), negated)

    def _stretches(self, cuts: Sequence[Any], test: Expr) -> tuple[Within, ...]:
        found, first = list[Within](), -1
        places = 2 * len(cuts) + 1
        for place in range(places + 1):
            held = place < places and (value := _inside(cuts, place)) is not None and self._holds(test, value)
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
    return between(low, high)


def between(low: Any, high: Any) -> Any:
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
    """The stretches from one to another; an end that is open counts as included, as in `Within()`."""
    end = 2 * len(cuts)
    return Within(
        cuts[(first - 1) // 2] if first else None,
        cuts[last // 2] if last < end else None,
        first == 0 or first % 2 == 1,
        last == end or last % 2 == 1,
    )
