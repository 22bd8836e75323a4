"""The name of a stretch of the calendar in (march, quarter_1, june-august, year), its months or days out."""

from calendar import monthrange
from datetime import date

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
QUARTERS = ("quarter_1", "quarter_2", "quarter_3", "quarter_4")
HALVES = ("half_1", "half_2")
AROUND_TODAY = {"this_month": 0, "last_month": -1, "next_month": 1}  # months, as months from today


def months_of(what: str) -> tuple[int, int] | None:
    """The first and the last month of a month, quarter, half or whole year, or from one month to a later one."""
    for ring in (QUARTERS, HALVES, ("year",)):
        if what in ring:
            size = 12 // len(ring)
            last = size * (ring.index(what) + 1)
            return last - size + 1, last
    ends = [MONTHS.index(each) + 1 for each in what.split("-") if each in MONTHS]
    return (ends[0], ends[-1]) if ends and ends[0] <= ends[-1] else None


def days_of(what: str, year: int) -> tuple[date, date] | None:
    """The first and the last day of a stretch of a year; None where it is none, or no such year."""
    months = months_of(what)
    if months is None or not 1 <= year <= 9999:
        return None
    first, last = months
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
