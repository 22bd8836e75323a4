"""An expression of a plan in, the kind of its values out: how they are held at run time."""

from datetime import date, datetime, time
from decimal import Decimal

from rulec.plan.tree import (
    Aggregate,
    All,
    AnyOf,
    Applies,
    Arithmetic,
    Choose,
    Collect,
    Compare,
    Const,
    Contains,
    Count,
    CountWhere,
    DatePart,
    DayOf,
    Decided,
    Defined,
    DefinedGiven,
    Definition,
    Distinct,
    Elapsed,
    Expr,
    Extreme,
    Fact,
    Filter,
    Given,
    Holiday,
    In,
    Item,
    Join,
    Member,
    MemberGiven,
    Not,
    OutcomeGiven,
    Piece,
    Plan,
    Round,
    Same,
    Shift,
    Sorted,
    Take,
    TextTest,
    TimeOf,
    Today,
    WorkingElapsed,
    WorkingShift,
)
from rulec.runtime.calculate import COMPARISONS
from rulec.runtime.powers import OPERATORS
from rulec.runtime.texts import TESTS
from rulec.runtime.types import (
    ActionSlot,
    Choice,
    Date,
    DateTime,
    ListOf,
    Number,
    OutcomeSlot,
    Record,
    Slot,
    Text,
    Time,
    Type,
    YesNo,
)

_AGGREGATES = ("count", "sum", "mean", "min", "max", "first", "last", "only")
_TYPES: dict[str, Type] = {
    "yes": YesNo(), "text": Text(), "date": Date(), "moment": DateTime(), "time": Time(), "number": Number(),
}  # fmt: skip
_PARTS = ("year", "quarter", "month", "day", "weekday")


class PlanError(AssertionError):
    """A plan that the compiler should not have made."""


def require(condition: bool, message: str) -> None:
    """Raises `PlanError` with the message unless the condition holds."""
    if not condition:
        raise PlanError(message)


def kind_of_type(type_: Type) -> str:
    """yes, text, date, moment, time, list, record or number."""
    match type_:
        case YesNo():
            return "yes"
        case Text() | Choice():
            return "text"
        case Date():
            return "date"
        case DateTime():
            return "moment"
        case Time():
            return "time"
        case ListOf():
            return "list"
        case Record():
            return "record"
        case _:
            return "number"


def kind_of_value(value: object) -> str:
    """The kind of a value as `runtime.types` holds it."""
    match value:
        case bool():
            return "yes"
        case Decimal() if value.is_finite():
            return "number"
        case str():
            return "text"
        case datetime() if value.tzinfo is not None:
            return "moment"
        case date() if not isinstance(value, datetime):
            return "date"
        case time():
            return "time"
        case tuple():
            return "list"
        case dict():
            return "record"
        case _:
            raise PlanError(f"{value!r} is no value")


class Kinds:
    """What the expressions of one plan hold. Every method raises `PlanError` for what is malformed."""

    def __init__(self, plan: Plan) -> None:
        self._facts: dict[str, Slot] = {slot.path: slot for slot in plan.facts}
        self._outcomes: dict[str, OutcomeSlot] = {slot.key: slot for slot in plan.outcomes}
        self._actions: dict[str, ActionSlot] = {slot.key: slot for slot in plan.actions}
        self._rules = {rule.id for rule in plan.statements}
        self._definitions = {each.key: each for each in plan.definitions}
        self._calendars = {name for name, _ in plan.calendars}
        self._items: dict[str, Type] = {}  # the elements that stand around, by name

    def fact(self, path: str) -> Slot:
        """The fact at a path."""
        require(path in self._facts, f"no fact is called {path}")
        return self._facts[path]

    def outcome(self, key: str) -> OutcomeSlot:
        """The outcome of a key."""
        require(key in self._outcomes, f"no outcome is called {key}")
        return self._outcomes[key]

    def action(self, key: str) -> ActionSlot:
        """The action of a key."""
        require(key in self._actions, f"no action is called {key}")
        return self._actions[key]

    def definition(self, key: str) -> Definition:
        """The definition of a key."""
        require(key in self._definitions, f"nothing is defined as {key}")
        return self._definitions[key]

    def along(self, each: str) -> None:
        """What follows is about an element of the list at the path `each` ("" for the whole decision)."""
        self._items = {each: self.elements(Fact(each))} if each else {}

    def expect(self, kind: str, *items: Expr) -> None:
        """All the items are of that kind."""
        for item in items:
            if (found := self.of(item)) != kind:
                raise PlanError(f"a {found} stands where a {kind} is needed: {item}")

    def of(self, expr: Expr) -> str:
        """The kind of an expression, all below it verified."""
        match expr:
            case Const(value):
                return kind_of_value(value)
            case Fact(path):
                return kind_of_type(self.fact(path).type)
            case Decided(outcome, item):
                return kind_of_type(self._decided(outcome, item))
            case Defined(key):
                return kind_of_type(self.definition(key).type)
            case Choose(_, otherwise):
                require(otherwise is not None, "a choice has no value in all other cases")
                return self.choice(expr)
            case Join(items):
                self.expect("text", *items)
                return "text"
            case Piece(end, text, count):
                require(end in ("first", "last"), f"a text has no {end} characters")
                self.expect("text", text)
                self.expect("number", count)
                return "text"
            case Item(name):
                return kind_of_type(self._item(name))
            case Member(item, key):
                return kind_of_type(self._attribute(item, key).type)
            case Filter() | Collect() | Distinct() | Sorted() | Take():
                self.elements(expr)
                return "list"
            case Aggregate(how, source):
                return self._aggregated(how, source)
            case Today() | DayOf() | Shift() | WorkingShift():
                return self._day(expr)
            case TimeOf(moment):
                self.expect("moment", moment)
                return "time"
            case Arithmetic() | Elapsed() | WorkingElapsed() | DatePart() | Round():
                self._number(expr)
                return "number"
            case Extreme(which, items):
                require(which in ("min", "max") and len(items) > 0, f"{which} of {len(items)} items")
                kind = self.of(items[0])
                self.expect(kind, *items[1:])
                return kind
            case _:
                self._condition(expr)
                return "yes"

    def choice(self, choose: Choose) -> str:
        """The kind of all the values of a choice."""
        self.expect("yes", *(condition for condition, _ in choose.cases))
        values = [value for _, value in choose.cases] + ([choose.otherwise] if choose.otherwise else [])
        require(len(values) > 0, "a choice without a value")
        kind = self.of(values[0])
        self.expect(kind, *values[1:])
        return kind

    def elements(self, expr: Expr) -> Type:
        """The type of the elements of a list."""
        match expr:
            case Filter(name, source, condition):
                kind = self.elements(source)
                require(self.within(name, kind, condition) == YesNo(), f"{condition} is no condition")
                return kind
            case Collect(name, source, value):
                return self.within(name, self.elements(source), value)
            case Sorted(name, source, key):
                kind = self.elements(source)
                self.within(name, kind, key)
                return kind
            case Distinct(source):
                return self.elements(source)
            case Take(count, source, skip):
                require(skip >= 0, f"elements after {skip}")
                self.expect("number", count)
                return self.elements(source)
            case _:
                kind = self._type(expr)
                require(isinstance(kind, ListOf), f"{expr} is no list")
                return kind.item if isinstance(kind, ListOf) else kind

    def within(self, name: str, element: Type, expr: Expr) -> Type:
        """The type of an expression for an element of that name."""
        around = self._items
        self._items = {**around, name: element}
        kind = self._type(expr)
        self._items = around
        return kind

    def _type(self, expr: Expr) -> Type:
        """A type of the kind of the expression, with the elements of a list."""
        match expr:
            case Fact(path):
                return self.fact(path).type
            case Decided(outcome, item):
                return self._decided(outcome, item)
            case Item(name):
                return self._item(name)
            case Member(item, key):
                return self._attribute(item, key).type
            case Filter() | Collect() | Distinct() | Sorted() | Take():
                return ListOf(self.elements(expr))
            case Aggregate("min" | "max" | "first" | "last" | "only", source):
                return self.elements(source)
            case _:
                return _TYPES[self.of(expr)]

    def _item(self, name: str) -> Type:
        require(name in self._items, f"no element is called {name}")
        return self._items[name]

    def _attribute(self, item: Expr, key: str) -> Slot:
        kind = self._type(item)
        found = [slot for slot in kind.attributes if slot.path == key] if isinstance(kind, Record) else []
        require(len(found) == 1, f"{item} has no attribute {key}")
        return found[0]

    def _decided(self, key: str, item: Expr | None) -> Type:
        """What an outcome holds: of an element, its own; elsewhere the list of those of all elements."""
        slot = self.outcome(key)
        if item is not None:
            self._of_list(item, slot)
            return slot.type
        return slot.type if slot.each in self._items else slot.value_type

    def _of_list(self, item: Expr, slot: OutcomeSlot) -> None:
        """An outcome is decided for such an element."""
        own = slot.each != "" and self._type(item) == self.elements(Fact(slot.each))
        require(own, f"{slot.key} is not decided for {item}")

    def _aggregated(self, how: str, source: Expr) -> str:
        kind = kind_of_type(self.elements(source))
        require(how in _AGGREGATES, f"no aggregate is called {how}")
        require(how not in ("sum", "mean") or kind == "number", f"{kind} values do not add up")
        return "number" if how == "count" else kind

    def _dated(self, *items: Expr) -> None:
        for item in items:
            if (kind := self.of(item)) not in ("date", "moment"):
                raise PlanError(f"a {kind} is no date: {item}")

    def _day(self, expr: Today | DayOf | Shift | WorkingShift) -> str:
        match expr:
            case Today():
                return "date"
            case DayOf(moment):
                self._dated(moment)
                return "date"
            case WorkingShift(calendar, week, day, amount):
                self._working(calendar, week, day)
                self.expect("number", amount)
                return "date"
            case Shift(day, amount, unit):
                require(unit in ("day", "month", "month_end"), f"dates do not shift by {unit}")
                kind = self.of(day)
                require(kind in ("date", "moment"), f"a {kind} does not shift")
                self.expect("number", amount)
                return kind

    def _working(self, calendar: str, week: int, *days: Expr) -> None:
        require(calendar in self._calendars, f"no calendar is called {calendar}")
        require(week in (5, 6), f"{week} working days a week")
        self._dated(*days)

    def _number(self, expr: Arithmetic | Elapsed | WorkingElapsed | DatePart | Round) -> None:
        match expr:
            case Arithmetic(operator, left, right):
                require(operator in OPERATORS, f"no operator is called {operator}")
                self.expect("number", left, right)
            case Elapsed(unit, start, end):
                require(unit in ("day", "month", "year"), f"time is not counted in {unit}")
                self._dated(start, end)
            case WorkingElapsed(calendar, week, start, end):
                self._working(calendar, week, start, end)
            case DatePart(part, day):
                require(part in _PARTS, f"a date has no {part}")
                self._dated(day)
            case Round(item, step, mode):
                require(mode in ("nearest", "up", "down") and step > 0, f"no rounding {mode} to {step}")
                self.expect("number", item)

    def _condition(
        self,
        expr: Given | OutcomeGiven | DefinedGiven | Applies | Not | All | AnyOf | Count | Compare | In | TextTest
        | Holiday | MemberGiven | CountWhere | Contains | Same,
    ) -> None:  # fmt: skip
        match expr:
            case Given(path):
                self.fact(path)
            case OutcomeGiven(outcome, item):
                slot = self.outcome(outcome)
                if item is not None:
                    self._of_list(item, slot)
            case DefinedGiven(key):
                self.definition(key)
            case Applies(rule):
                require(rule in self._rules, f"no rule is called {rule}")
            case Not(item):
                self.expect("yes", item)
            case All(items) | AnyOf(items):
                self.expect("yes", *items)
            case Count(low, high, items):
                require(0 <= low <= high, f"a count from {low} to {high}")
                self.expect("yes", *items)
            case Compare(operator, left, right):
                require(operator in COMPARISONS, f"no comparison is called {operator}")
                self.expect(self.of(left), right)
            case In(item, values):
                self.expect(self.of(item), *map(Const, values))
            case TextTest(test, text):
                require(test in TESTS, f"no test of a text is called {test}")
                self.expect("text", text)
            case Holiday(calendar, day):
                require(calendar in self._calendars, f"no calendar is called {calendar}")
                self._dated(day)
            case MemberGiven(item, key, optional):
                require(self._attribute(item, key).optional == optional, f"{key}: optional or not?")
            case CountWhere(low, high, name, source, condition):
                require(low >= 0 and (high is None or low <= high), f"a count from {low} to {high}")
                require(self.within(name, self.elements(source), condition) == YesNo(), f"{condition} is no condition")
            case Same(left, right):
                require(self.of(left) == "record" and self._type(left) == self._type(right), f"{left} is no {right}")
            case Contains(source, item):
                self.expect(kind_of_type(self.elements(source)), item)
