"""The parts of plans in, numbers out: the same for those that say the same, wherever they stand and however titled."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from rulec.plan.lower import exclusive_actions, gives_of
from rulec.plan.tree import (
    Applies,
    Const,
    DatePart,
    DayOf,
    Decided,
    Defined,
    DefinedGiven,
    Elapsed,
    Expr,
    Holiday,
    Join,
    OutcomeGiven,
    Oversight,
    Plan,
    Promise,
    Rule,
    Shift,
    TimeOf,
    WorkingElapsed,
    WorkingShift,
)
from rulec.tree import Node, rewrite

Numbers = dict[object, int]  # shared by the plans that are compared


def promised(plan: Plan, key: str) -> list[Promise]:
    """What is promised of an outcome."""
    return [each for each in plan.promises if not each.assumed and key in each.outcomes]


class Substance:
    """What one plan says. Numbers count from 0, in the order in which they are asked for."""

    def __init__(self, plan: Plan, numbers: Numbers) -> None:
        self._plan, self._numbers = plan, numbers
        self._statements = {each.id: each for each in plan.statements}
        self._definitions = {each.key: each for each in plan.definitions}
        self._slots = {slot.key: slot for slot in plan.outcomes}
        self._actions = {slot.key: slot for slot in plan.actions}
        self._rivals = exclusive_actions(plan.actions)
        self._calendars = {name: (days, plan.holiday_years) for name, days in plan.calendars}
        self._known = dict[tuple[str, str], int]()
        self._giving = dict[str, list[str]]()
        for each in plan.statements:
            for key in sorted(gives_of(each)):
                self._giving.setdefault(key, []).append(each.id)

    def expr(self, expr: Expr) -> int:
        """The number of an expression."""
        return self._number(rewrite(expr, self._said))

    def outcome(self, key: str) -> int:
        """The number of an outcome: how it combines, and all that may give it."""
        return self._once("outcome", key, partial(self._outcome, key))

    def kept(self, key: str) -> int:
        """The number of an outcome with all that is promised of it."""
        return self._once("kept", key, partial(self._kept, key))

    def promise(self, promise: Promise) -> int:
        """The number of a promise, or of what is assumed."""
        return self._number(("promise", promise.assumed, promise.given, self.expr(promise.condition)))

    def oversight(self, said: Oversight) -> int:
        """The number of a statement about supervision."""
        return self._number(("oversight", said.who, self.expr(said.level)))

    def action(self, key: str) -> int:
        """The number of an action: all that may ask for it, or for another of its group."""
        return self._once("action", key, partial(self._action, key))

    def _once(self, kind: str, key: str, make: Callable[[], object]) -> int:
        place = (kind, key)
        if place not in self._known:
            self._known[place] = self._number((kind, make()))
        return self._known[place]

    def _number(self, said: object) -> int:
        return self._numbers.setdefault(said, len(self._numbers))

    def _outcome(self, key: str) -> object:
        return replace(self._slots[key], name=""), self._givers(key)

    def _kept(self, key: str) -> object:
        return self.outcome(key), frozenset(map(self.promise, promised(self._plan, key)))

    def _action(self, key: str) -> object:
        keys = sorted({key, *self._rivals.get(key, ())})
        return tuple((replace(self._actions[each], name=""), self._givers(each)) for each in keys)

    def _givers(self, key: str) -> tuple[int, ...]:
        return tuple(self.statement(each) for each in self._giving.get(key, ()))

    def statement(self, name: str) -> int:
        """The number of a rule or a table, by its id."""
        return self._once("statement", name, partial(self._stated, name))

    def _stated(self, name: str) -> object:
        stated = rewrite(self._statements[name], self._said)
        excepted = tuple(str(number) for number in sorted(map(self.statement, stated.exceptions)))
        plain = replace(stated, id="", title="", file="", line=0, because="", exceptions=excepted)
        if isinstance(plain, Rule):
            return plain
        return replace(plain, rows_file="", lines=tuple(range(len(plain.lines))), before=0)

    def _definition(self, key: str) -> str:
        return str(self._once("definition", key, partial(self._defined, key)))

    def _defined(self, key: str) -> object:
        return rewrite(self._definitions[key].value, self._said)

    def _said(self, node: Node) -> Node:
        """A node whose references are numbers, and that holds all that its value depends on."""
        match node:
            case Const(value):
                return Const((type(value).__name__, value))
            case Defined(key):
                return Defined(self._definition(key))
            case DefinedGiven(key):
                return DefinedGiven(self._definition(key))
            case Decided(key):
                return Decided(str(self.outcome(key)))
            case OutcomeGiven(key):
                return OutcomeGiven(str(self.outcome(key)))
            case Applies(rule):
                return replace(node, rule=str(self.statement(rule)))
            case Holiday(name) | WorkingShift(name) | WorkingElapsed(name):
                days = self._number(("calendar", self._calendars.get(name)))
                return self._there(replace(node, calendar=str(days)))
            case DatePart() | DayOf() | TimeOf() | Elapsed() | Shift():
                return self._there(node)
            case _:
                return node

    def _there(self, node: Expr) -> Node:
        """What depends on where a moment is."""
        return Join((Const(self._plan.zone), node))
