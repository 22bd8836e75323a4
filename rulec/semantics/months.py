"""Days, months and other stretches of the calendar: « le lundi », « en mars 2026 », « les 12 derniers mois »."""

from decimal import Decimal

from rulec.runtime import types as t
from rulec.semantics import dates, model
from rulec.semantics.expressions import Expressions
from rulec.semantics.predicates import Test
from rulec.semantics.stretches import DAYS, MONTHS, days_of
from rulec.syntax import ast
from rulec.tree import Span


def calendar_of(what: str, day: model.Value, span: Span) -> model.Condition:
    """« le lundi », « cette année », « le dernier jour du mois »."""
    if what == "month_end":
        return model.Compare("eq", day, dates.end_of_month(day, span), span=span)
    if what in ("tomorrow", "yesterday"):
        one = model.Literal(Decimal(1), t.Duration("day"), span=span)
        other = dates.moved(model.Today(t.Date(), span=span), one, span, later=what == "tomorrow")
        return model.Compare("eq", day, other, span=span)
    if what == "past":
        return model.Compare("lt", day, model.Today(t.Date(), span=span), span=span)
    if "-" in what:
        return model.AnyOf(tuple(model.Calendar(each, day, span=span) for each in _round(what)), span=span)
    return model.Calendar(what, day, span=span)


def _round(what: str) -> tuple[str, ...]:
    """The days or months from one to another, over the end of the week or year where they come so."""
    first, last = what.split("-")
    ring = DAYS if first in DAYS else MONTHS
    start = ring.index(first)
    turned = ring[start:] + ring[:start]
    return turned[: turned.index(last) + 1]


def period_of(test: Test, day: model.Value, expressions: Expressions) -> model.Condition | None:
    """« en mars 2026 », « au premier trimestre 2026 »: from its first day to its last; « les 12 derniers mois »."""
    operand = test.phrase.operand if test.phrase else None
    if test.value in ("last", "next") and isinstance(operand, ast.Value):
        return _window(test, operand, day, expressions)
    literal = operand.literal if isinstance(operand, ast.Value) else None
    year = literal.value if literal is not None and literal.kind == "number" else None
    ends = days_of(test.value, int(year)) if isinstance(year, Decimal) and year == int(year) else None
    if ends is None:
        return expressions.report("E318", test.span)
    low, high = (model.Literal(end, t.Date(), span=test.span) for end in ends)
    return model.Between(day, low, high, span=test.span)


def _window(test: Test, value: ast.Value, day: model.Value, expressions: Expressions) -> model.Condition | None:
    """The last twelve months end today, which is in them; the next twelve begin tomorrow."""
    amount = dates.duration(expressions, value)
    if amount is None:
        return None
    today = model.Today(t.Date(), span=test.span)
    bound = dates.moved(today, amount, test.span, later=test.value == "next")
    low, high = (bound, today) if test.value == "last" else (today, bound)
    return model.Between(day, low, high, low_included=False, span=test.span)
