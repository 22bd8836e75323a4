"""Days, months and other stretches of the calendar: « le lundi », « en mars 2026 », « les 12 derniers mois »."""

from calendar import monthrange
from datetime import date
from decimal import Decimal

from rulec.runtime import types as t
from rulec.semantics import dates, model
from rulec.semantics.expressions import Expressions
from rulec.semantics.predicates import Test
from rulec.syntax import ast
from rulec.tree import Span

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
QUARTERS = ("quarter_1", "quarter_2", "quarter_3", "quarter_4")


def calendar_of(what: str, day: model.Value, span: Span) -> model.Condition:
    """« le lundi », « cette année », « le dernier jour du mois »."""
    if what == "month_end":
        return model.Compare("eq", day, dates.end_of_month(day, span), span=span)
    return model.Calendar(what, day, span=span)


def period_of(test: Test, day: model.Value, expressions: Expressions) -> model.Condition | None:
    """« en mars 2026 », « au premier trimestre 2026 »: from its first day to its last; « les 12 derniers mois »."""
    operand = test.phrase.operand if test.phrase else None
    if test.value in ("last", "next") and isinstance(operand, ast.Value):
        return _window(test, operand, day, expressions)
    literal = operand.literal if isinstance(operand, ast.Value) else None
    year = literal.value if literal is not None and literal.kind == "number" else None
    if test.value not in MONTHS + QUARTERS or not isinstance(year, Decimal):
        return expressions.report("E318", test.span)
    if not 1 <= year <= 9999 or year != int(year):
        return expressions.report("E318", test.span)
    first, last = _months(test.value)
    ends = date(int(year), first, 1), date(int(year), last, monthrange(int(year), last)[1])
    low, high = (model.Literal(end, t.Date(), span=test.span) for end in ends)
    return model.Between(day, low, high, span=test.span)


def _months(what: str) -> tuple[int, int]:
    """The first and the last month of a month or quarter."""
    if what in QUARTERS:
        last = 3 * (QUARTERS.index(what) + 1)
        return last - 2, last
    return MONTHS.index(what) + 1, MONTHS.index(what) + 1


def _window(test: Test, value: ast.Value, day: model.Value, expressions: Expressions) -> model.Condition | None:
    """The last twelve months end today, which is in them; the next twelve begin tomorrow."""
    amount = dates.duration(expressions, value)
    if amount is None:
        return None
    today = model.Today(t.Date(), span=test.span)
    bound = dates.moved(today, amount, test.span, later=test.value == "next")
    low, high = (bound, today) if test.value == "last" else (today, bound)
    return model.Between(day, low, high, low_included=False, span=test.span)
