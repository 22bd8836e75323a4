"""Days and months by name: « le lundi », « en mars 2026 »."""

from datetime import date
from decimal import Decimal

from rulec.runtime import types as t
from rulec.runtime.calculate import last_day
from rulec.semantics import model
from rulec.semantics.expressions import Expressions
from rulec.semantics.predicates import Test
from rulec.syntax import ast

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def month_of(test: Test, day: model.Value, expressions: Expressions) -> model.Condition | None:
    """« en mars 2026 »: from its first day to its last."""
    operand = test.phrase.operand if test.phrase else None
    literal = operand.literal if isinstance(operand, ast.Value) else None
    year = literal.value if literal is not None and literal.kind == "number" else None
    if test.value not in MONTHS or not isinstance(year, Decimal) or not 1 <= year <= 9999 or year != int(year):
        return expressions.report("E318", test.span)
    month = MONTHS.index(test.value) + 1
    first = date(int(year), month, 1)
    last = first.replace(day=last_day(int(year), month))
    ends = [model.Literal(end, t.Date(), span=test.span) for end in (first, last)]
    return model.Between(day, ends[0], ends[1], span=test.span)
