"""A plan in, the values worth trying for each fact out: its thresholds, what lies just beside them, the rest."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import product

from rulec.plan.lower import gives_of
from rulec.plan.tree import (
    Column,
    Compare,
    Const,
    DayOf,
    Decided,
    Defined,
    DefinedGiven,
    Elapsed,
    Expr,
    Fact,
    Given,
    In,
    OutcomeGiven,
    Plan,
    Shift,
    TextTest,
    Today,
)
from rulec.runtime import types as t
from rulec.runtime.bounds import inside
from rulec.runtime.calculate import shifted, zoned
from rulec.runtime.errors import CalculationError
from rulec.runtime.tables import OneOf, Within
from rulec.tree import Node, walk
from rulec.trial.steps import beside

ABSENT = object()  # an optional fact that is not given
TODAY = "@"  # the date of the decision, as if it were a fact: no path holds this sign
USUAL = date(2026, 1, 15)  # a date of the decision where any will do
_SHIFTS = {"day": "day", "month": "month", "year": "month"}
Values = dict[str, tuple[object, ...]]


def candidates_of(plan: Plan) -> Values:
    """The values of each fact that is no list, thresholds first, and under `TODAY` the dates of the decision."""
    found: dict[str, dict[object, None]] = {}
    for path, value in _compared(plan):
        found.setdefault(path, {})[value] = None
    limits = [value for value in found.get(TODAY, ()) if type(value) is date]
    days = tuple(dict.fromkeys(each for limit in limits for each in _near(t.Date(), limit))) or (USUAL,)
    today = days[0]
    assert isinstance(today, date)
    for path, value in _from_today(plan, today):
        found.setdefault(path, {})[value] = None
    slots = [slot for slot in plan.facts if not isinstance(slot.type, t.ListOf | t.Record)]
    values = {slot.path: tuple(_all(slot, found.get(slot.path, ()), today, plan)) for slot in slots}
    return {**values, TODAY: days}


def thresholds_of(expr: Expr) -> Iterator[tuple[str, object]]:
    """The facts that an expression compares with a value, each with the value."""
    for node in walk(expr):
        if isinstance(node, Compare):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(other, Const) and (path := _path(side)):
                    yield path, other.value


def ends_of(column: Column) -> Iterator[object]:
    """The ends of the ranges of a column, each once."""
    ranges = [test for test in column.tests if isinstance(test, Within)]
    yield from dict.fromkeys(end for test in ranges for end in (test.low, test.high) if end is not None)


def facts_in(expr: Expr, plan: Plan) -> tuple[str, ...]:
    """The facts that an expression reads, also through definitions and outcomes, and `TODAY`."""
    found, waiting, seen = dict[str, None](), list[Node]([expr]), set[str]()
    while waiting:
        for node in walk(waiting.pop()):
            match node:
                case Today():
                    found[TODAY] = None
                case Fact(path) | Given(path):
                    found[path] = None
                case Defined(key) | DefinedGiven(key) | Decided(key) | OutcomeGiven(key) if key not in seen:
                    seen.add(key)
                    waiting += [each.value for each in plan.definitions if each.key == key]
                    waiting += [each for each in plan.statements if key in gives_of(each)]
                case _:
                    continue
    return tuple(found)


def _path(expr: Expr) -> str:
    """The fact that an expression is, or the date of the decision; "" for another."""
    match expr:
        case Fact(path) | DayOf(Fact(path)):
            return path
        case Today():
            return TODAY
        case _:
            return ""


def _compared(plan: Plan) -> Iterator[tuple[str, object]]:
    """What facts are compared with anywhere; a number beside a calculation is tried for each of its facts."""
    for node in walk(plan):
        match node:
            case Compare():
                yield from thresholds_of(node)
                numbers = [side.value for side in (node.left, node.right) if isinstance(side, Const)]
                facts = [each.path for each in walk(node) if isinstance(each, Fact)]
                yield from product(facts, numbers)
            case In(Fact(path), values):
                yield from ((path, value) for value in values)
            case TextTest(_, Fact(path), pattern):
                text = pattern.replace("*", "").replace("?", "x")
                yield from ((path, each) for each in (text, f"{text}x", f"x{text}"))
            case Column(asked, tests):
                facts = [each.path for each in walk(asked) if isinstance(each, Fact)]
                listed = [value for test in tests if isinstance(test, OneOf) for value in test.values]
                yield from product(facts, [*ends_of(node), *listed])
            case _:
                continue


def _from_today(plan: Plan, today: date) -> Iterator[tuple[str, object]]:
    """Days as far from the date of the decision as rules count."""
    days = [slot.path for slot in plan.facts if isinstance(slot.type, t.Date | t.DateTime)]
    for node in walk(plan):
        if isinstance(node, Compare):
            units = {each.unit for each in walk(node) if isinstance(each, Elapsed | Shift)} & set(_SHIFTS)
            counts = [each.value for each in walk(node) if isinstance(each, Const) and isinstance(each.value, Decimal)]
            for unit, count, sign in product(units, counts, (1, -1)):
                amount = count * sign * (12 if unit == "year" else 1)
                moved = _moved(today, amount, _SHIFTS[unit], plan.zone)
                yield from ((path, moved) for path in days if moved is not None)


def _moved(today: date, amount: Decimal, unit: str, zone: str) -> date | None:
    """A day some days or months from another; None where the calendar has none, or the count is not whole."""
    try:
        return shifted(today, amount, unit, zone)
    except CalculationError:
        return None


def _far(kind: t.Type, today: date) -> Iterator[object]:
    """Values far apart: what a calculation gives for them is far apart too."""
    match kind:
        case t.Date() | t.DateTime():
            days = (today.toordinal() + sign * far for far in (1, 10, 100, 1000) for sign in (1, -1))
            yield from (date.fromordinal(day) for day in days if 1 <= day <= date.max.toordinal())
        case t.Percentage():
            yield from (Decimal(1).scaleb(-power) for power in (0, 1, 2))
        case _:
            yield from (Decimal(10) ** power for power in range(1, 6))


def _all(slot: t.Slot, thresholds: Iterable[object], today: date, plan: Plan) -> Iterator[object]:
    """The values of a fact: beside its thresholds, or those that its type suggests."""
    fits = [value for value in thresholds if _held(slot.type, value, plan.zone) is not None]
    near = dict.fromkeys(_held(slot.type, each, plan.zone) for value in fits for each in _near(slot.type, value))
    far = (_held(slot.type, each, plan.zone) for each in _far(slot.type, today))
    lowest = min([Decimal(0), *(value for value in fits if isinstance(value, Decimal))])
    for value in dict.fromkeys([*near, *_usual(slot, today, plan.zone), *far]):
        fair = not isinstance(value, Decimal) or value >= lowest
        whole = not (isinstance(slot.type, t.Number) and slot.type.whole and isinstance(value, Decimal) and value % 1)
        if value is not None and fair and whole and (slot.bounds is None or inside(slot.bounds, value)):
            yield value
    if slot.optional:
        yield ABSENT


def _near(kind: t.Type, value: object) -> Iterator[object]:
    yield value
    yield from (each for each in (beside(kind, value, -1), beside(kind, value, 1)) if each is not None)


def _held(kind: t.Type, value: object, zone: str) -> object:
    """The value as the type holds it; None for a value of another type."""
    match kind:
        case t.YesNo():
            return value if isinstance(value, bool) else None
        case t.Choice(options):
            return value if value in {option.key for option in options} else None
        case t.Text():
            return value if isinstance(value, str) else None
        case t.DateTime() if type(value) is date:
            return zoned(datetime.combine(value, time(12)), zone)
        case t.DateTime():
            return value if isinstance(value, datetime) else None
        case t.Date():
            return value if type(value) is date else None
        case t.Time():
            return value if isinstance(value, time) else None
        case _:
            return value if isinstance(value, Decimal) else None


def _usual(slot: t.Slot, today: date, zone: str) -> list[object]:
    """Values that a type suggests by itself."""
    match slot.type:
        case t.YesNo():
            return [True, False]
        case t.Choice(options):
            return [option.key for option in options]
        case t.Text():
            return ["abc"]
        case t.Date():
            return [today]
        case t.DateTime():
            return [zoned(datetime.combine(today, time(12)), zone)]
        case t.Time():
            return [time(12)]
        case _:
            ends = (slot.bounds.low, slot.bounds.high) if slot.bounds else (None, None)
            return [Decimal(1), *(end for end in ends if end is not None), Decimal(0)]
