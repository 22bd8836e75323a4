"""Conditions and values of the model in, expressions of the plan out: one unit on both sides, no calendar words."""

from dataclasses import replace
from datetime import time
from decimal import Decimal

from rulec.plan import tree as p
from rulec.plan.elements import said_of
from rulec.plan.points import interpolated
from rulec.plan.spans import WEEKS, WORKED, elapsed
from rulec.runtime import types as t
from rulec.runtime.units import convert_factor
from rulec.semantics import model
from rulec.semantics.measures import per_unit
from rulec.tree import Span

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
PUBLIC = "public"  # the days that are public holidays


def condition_of(condition: model.Condition) -> p.Expr:
    """The expression of a condition."""
    span = condition.span
    match condition:
        case model.Compare(operator, left, right):
            return _compare(operator, left, right, span)
        case model.Between():
            return _between(condition)
        case model.Among(item, values):
            return p.In(value_of(item, item.type), tuple(value.value for value in values), span=span)
        case model.Holds(item):
            return replace(value_of(item, item.type), span=span)
        case model.IsGiven(item):
            return _given(item, span)
        case model.TextTest(test, item, pattern, exact):
            return p.TextTest(test, value_of(item, item.type), pattern, exact, span=span)
        case model.Calendar("working_day" | "business_day" as what, date):
            return _worked(WEEKS[what], _day(date), span)
        case model.Calendar(what, date):
            return _calendar(what, value_of(date, date.type), span)
        case model.Not(model.Another(item, than)):
            return p.Same(_value(item), _value(than), span=span)
        case model.Not(item):
            return p.Not(condition_of(item), span=span)
        case model.All(items):
            return p.All(tuple(condition_of(item) for item in items), span=span)
        case model.AnyOf(items):
            return p.AnyOf(tuple(condition_of(item) for item in items), span=span)
        case model.Count(low, high, items):
            return p.Count(low, high, tuple(condition_of(item) for item in items), span=span)
        case model.CountWhere(low, high, source, name, inner):
            return p.CountWhere(low, high, name, _value(source), condition_of(inner), span=span)
        case model.ListHas(source, item):
            return p.Contains(_value(source), _value(item), span=span)
        case model.Another(item, than):
            return p.Not(p.Same(_value(item), _value(than)), span=span)
        case model.Always():
            return p.Const(True, span=span)


def _given(item: model.FactOf | model.OutcomeOf, span: Span) -> p.Expr:
    if isinstance(item, model.OutcomeOf):
        return p.OutcomeGiven(item.key, _value(item.of) if item.of is not None else None, span=span)
    if item.of is not None:
        return p.MemberGiven(_value(item.of), item.path, item.optional, span=span) if item.path else p.Const(True)
    return p.DefinedGiven(item.path, span=span) if item.defined else p.Given(item.path, span=span)


def _compare(operator: str, left: model.Value, right: model.Value, span: Span) -> p.Expr:
    one, other = _alike(left, right)
    return p.Compare(operator, one, other, span=span)


def _alike(left: model.Value, right: model.Value) -> tuple[p.Expr, p.Expr]:
    """Two values held alike: in the unit of the left one, as days, or as times of day."""
    one, other = value_of(left, left.type), value_of(right, right.type)
    match left.type, right.type:
        case t.Quantity(unit), t.Quantity(from_unit) if unit != from_unit:
            return one, _scaled(other, convert_factor(from_unit, unit))
        case t.DateTime(), t.Date():
            return p.DayOf(one), other
        case t.Date(), t.DateTime():
            return one, p.DayOf(other)
        case t.DateTime(), t.Time():
            return p.TimeOf(one), other
        case _:
            return one, other


def _scaled(item: p.Expr, factor: Decimal | None) -> p.Expr:
    return item if factor is None or factor == 1 else p.Arithmetic("mul", item, p.Const(factor))


def _between(between: model.Between) -> p.Expr:
    item, low, high = between.item, between.low, between.high
    above = _compare("ge" if between.low_included else "gt", item, low, between.span)
    below = _compare("le" if between.high_included else "lt", item, high, between.span)
    ends = [end.value for end in (low, high) if isinstance(end, model.Literal) and isinstance(end.value, time)]
    over_midnight = len(ends) == 2 and ends[0] > ends[1]
    return p.AnyOf((above, below), span=between.span) if over_midnight else p.All((above, below), span=between.span)


# The date that a period named by today lies around, as months from today.
_PERIODS = {
    "this_month": 0, "this_quarter": 0, "this_year": 0, "last_month": -1, "last_quarter": -3, "last_year": -12,
    "next_month": 1, "next_quarter": 3, "next_year": 12,
}  # fmt: skip


_WEEKS = {"last_week": -7, "this_week": 0, "next_week": 7}  # days from today


def _period(what: str, date: p.Expr, span: Span) -> p.Expr:
    """Whether a date is in the month, quarter or year of today, or in the one before."""
    months = _PERIODS[what]
    around = p.Shift(p.Today(), p.Const(Decimal(months)), "month") if months else p.Today()
    parts = dict.fromkeys(("year", what.rpartition("_")[2]))
    same = tuple(p.Compare("eq", p.DatePart(part, date), p.DatePart(part, around), span=span) for part in parts)
    return p.All(same, span=span) if len(same) > 1 else same[0]


def _monday(date: p.Expr) -> p.Expr:
    """The Monday of the week of a date."""
    back = p.Arithmetic("sub", p.Const(Decimal(1)), p.DatePart("weekday", date))
    return p.Shift(p.DayOf(date), back, "day")


def _worked(week: int, day: p.Expr, span: Span) -> p.Expr:
    """Whether a day is worked: of the day before, it is one working day away."""
    before = p.Shift(day, p.Const(Decimal(-1)), "day")
    return p.Compare("eq", p.WorkingElapsed(WORKED, week, before, day), p.Const(Decimal(1)), span=span)


def _calendar(what: str, date: p.Expr, span: Span) -> p.Expr:
    if what in _PERIODS:
        return _period(what, date, span)
    if what in _WEEKS:
        around = p.Shift(p.Today(), p.Const(Decimal(_WEEKS[what])), "day") if _WEEKS[what] else p.Today()
        return p.Compare("eq", _monday(date), _monday(around), span=span)
    if what == "month_start":
        return p.Compare("eq", p.DatePart("day", date), p.Const(Decimal(1)), span=span)
    if what.startswith("quarter_"):
        return p.Compare("eq", p.DatePart("quarter", date), p.Const(Decimal(what[-1])), span=span)
    if what.startswith("half_"):
        order = "le" if what == "half_1" else "gt"
        return p.Compare(order, p.DatePart("quarter", date), p.Const(Decimal(2)), span=span)
    weekday = p.DatePart("weekday", date)
    if what in _DAYS:
        return p.Compare("eq", weekday, p.Const(Decimal(_DAYS.index(what) + 1)), span=span)
    if what in _MONTHS:
        return p.Compare("eq", p.DatePart("month", date), p.Const(Decimal(_MONTHS.index(what) + 1)), span=span)
    if what == "holiday":
        return p.Holiday(PUBLIC, date, span=span)
    return p.Compare("ge" if what == "weekend" else "lt", weekday, p.Const(Decimal(6)), span=span)


def value_of(value: model.Value, wanted: t.Type) -> p.Expr:
    """The expression of a value, held as `wanted` is."""
    expr = _value(value)
    if isinstance(wanted, t.Quantity) and isinstance(value.type, t.Quantity):
        return _scaled(expr, convert_factor(value.type.unit, wanted.unit))
    return expr


def _value(value: model.Value) -> p.Expr:
    span = value.span
    match value:
        case model.Literal(held, _):
            return p.Const(held, span=span)
        case model.FactOf(path, _, _, of) if of is not None:
            return p.Member(_value(of), path, span=span) if path else replace(_value(of), span=span)
        case model.FactOf(path, _, defined):
            return p.Defined(path, span=span) if defined else p.Fact(path, span=span)
        case model.OutcomeOf(key, _, of):
            return p.Decided(key, _value(of) if of is not None else None, span=span)
        case model.ItemOf(name, _):
            return p.Item(name, span=span)
        case model.Filtered(source, name, condition, _):
            return p.Filter(name, _value(source), condition_of(condition), span=span)
        case model.Collected(source, name, item, _):
            return p.Collect(name, _value(source), _value(item), span=span)
        case model.Aggregated(how, source, _):
            return p.Aggregate(how, _value(source), span=span)
        case model.Distinct(source, _):
            return p.Distinct(_value(source), span=span)
        case model.SortedBy(source, name, key_of, descending, _):
            return p.Sorted(name, _value(source), _value(key_of), descending, span=span)
        case model.Taken(count, source, _, skip, last):
            return p.Take(_value(count), _value(source), skip, last, span=span)
        case model.Called():
            return _called(value)
        case model.Today():
            return p.Today(span=span)
        case model.Arithmetic(operator, left, right, _):
            one, other = _alike(left, right)
            return _per(p.Arithmetic(operator, one, other, span=span), left.type, right.type)
        case model.Elapsed(unit, start, end, _):
            one, other = _day(start), _day(end)
            return elapsed(value, one, other)
        case model.Shifted(date, amount, unit, kind):
            day = _day(date) if isinstance(kind, t.Date) else _value(date)
            if week := WEEKS.get(unit):
                return p.WorkingShift(WORKED, week, day, _value(amount), span=span)
            return p.Shift(day, _value(amount), unit, span=span)
        case model.Rounded(item, step, mode, kind):
            return p.Round(value_of(item, kind), step, mode, span=span)
        case model.Limited(which, item, limit, kind):
            return p.Extreme(which, (value_of(item, kind), value_of(limit, kind)), span=span)
        case model.Extreme(which, items, kind):
            return p.Extreme(which, tuple(value_of(item, kind) for item in items), span=span)
        case model.Joined(left, right, _):
            return p.Join((_value(left), _value(right)), span=span)
        case model.Piece(end, text, count, _):
            return p.Piece(end, _value(text), _value(count), span=span)
        case model.Brackets():
            return _brackets(value)


def _called(value: model.Called) -> p.Expr:
    """What a definition says, of the values of its parameters."""
    definition = value.body
    assert definition is not None
    expr = choice_of(definition)
    for slot, argument in zip(definition.parameters, value.arguments, strict=True):
        held = value_of(argument, slot.type)
        if isinstance(slot.type, t.Date) and isinstance(argument.type, t.DateTime):
            held = p.DayOf(held)
        expr = said_of(held, definition.parameter(slot), expr)
    return replace(expr, span=value.span)


def choice_of(definition: model.Definition) -> p.Expr:
    """A definition chooses among its cases; a yes/no one is no where none holds."""
    kind, rule = definition.slot.type, definition.rule
    spared = p.Not(condition_of(rule.unless)) if rule.unless is not None else None
    cases: list[tuple[p.Expr, p.Expr]] = []
    otherwise: p.Expr | None = p.Const(False) if isinstance(kind, t.YesNo) else None
    for branch in rule.branches:
        value = value_of(next(e.value for e in branch.effects if isinstance(e, model.Give)), kind)
        if isinstance(branch.condition, model.Always) and spared is None:
            otherwise = value
            break
        condition = condition_of(branch.condition)
        cases.append((condition if spared is None else p.All((condition, spared), span=condition.span), value))
    if len(cases) == 1 and (cases[0][1], otherwise) == (p.Const(True), p.Const(False)):
        return cases[0][0]
    return otherwise if otherwise is not None and not cases else p.Choose(tuple(cases), otherwise)


def _per(product: p.Arithmetic, left: t.Type, right: t.Type) -> p.Expr:
    """The product of a rate and of a quantity in another unit than the one it is per: 2 € per km × 500 m."""
    rate, kind = (left, right) if isinstance(left, t.Rate) else (right, left)
    count = per_unit(rate.per, kind) if isinstance(rate, t.Rate) and product.operator == "mul" else None
    if count is None or count == 1:
        return product
    return p.Arithmetic("div", product, p.Const(count), span=product.span)  # last, so that it is rounded once


def _brackets(value: model.Brackets) -> p.Expr:
    base, zero = _value(value.base), p.Const(Decimal(0))
    ends = [value_of(row.upto, value.base.type) if row.upto is not None else None for row in value.rows]
    rates = [_value(row.value) for row in value.rows]
    if value.how == "interpolation":
        return interpolated(base, [(end, rate) for end, rate in zip(ends, rates, strict=True) if end], value)
    if value.how == "whole":
        gives = rates if value.plain else [p.Arithmetic("mul", base, rate) for rate in rates]
        cases = [(p.Compare("le", base, end), give) for end, give in zip(ends, gives, strict=True) if end is not None]
        return p.Choose(tuple(cases), gives[-1], span=value.span)
    total: p.Expr | None = None
    for start, end, rate in zip([zero, *ends], ends, rates, strict=False):
        assert start is not None  # only the last bracket is open
        upto = base if end is None else p.Extreme("min", (base, end))
        part = upto if start is zero else p.Extreme("max", (p.Arithmetic("sub", upto, start), zero))
        share = p.Arithmetic("mul", part, rate)
        total = share if total is None else p.Arithmetic("add", total, share, span=value.span)
    assert total is not None
    return total


def _day(value: model.Value) -> p.Expr:
    expr = _value(value)
    return p.DayOf(expr) if isinstance(value.type, t.DateTime) else expr

