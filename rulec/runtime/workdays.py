"""A calendar of closed days and a day in: whether it is a holiday, and working days counted from it, out."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from rulec.runtime.calculate import MOST_SHIFT, ZERO, day_of, exact_sub
from rulec.runtime.errors import CalculationError
from rulec.runtime.outline import Outline

_DAY = timedelta(days=1)


def is_holiday(outline: Outline, calendar: str, moment: date) -> bool:
    """Whether a day is closed on a calendar. CalculationError: the calendar does not reach it."""
    day, (first, last) = day_of(moment, outline.zone), outline.holiday_years
    if not first <= day.year <= last:
        raise CalculationError("E554", (("date", day.isoformat()), ("first", str(first)), ("last", str(last))))
    return day.toordinal() in outline.calendars[calendar]


def is_working(outline: Outline, calendar: str, week: int, day: date) -> bool:
    """Whether a day is worked: one of the first `week` days of the week (5 or 6) that the calendar does not close."""
    closed = is_holiday(outline, calendar, day)
    return day.isoweekday() <= week and not closed


def working_shift(outline: Outline, calendar: str, week: int, moment: date, amount: Decimal) -> date:
    """The day that many working days after a day (before, if negative), which itself is not counted; by 0, itself.

    E557: the amount is not whole; E554: the calendar does not reach that far.
    """
    left = int(min(amount.copy_abs(), Decimal(MOST_SHIFT)))
    if left < MOST_SHIFT and left != amount.copy_abs():
        raise CalculationError("E557", (("value", str(amount)),))
    day = day_of(moment, outline.zone)
    if left:
        is_holiday(outline, calendar, day)
    while left:
        day = _beside(day, amount > 0)
        left -= is_working(outline, calendar, week, day)
    return day


def working_elapsed(outline: Outline, calendar: str, week: int, start: date, end: date) -> Decimal:
    """How many working days come after `start` up to `end` included; negative where `end` is before `start`."""
    first, last = day_of(start, outline.zone), day_of(end, outline.zone)
    if last < first:
        return exact_sub(ZERO, working_elapsed(outline, calendar, week, last, first))
    is_holiday(outline, calendar, first)
    is_holiday(outline, calendar, last)
    return Decimal(sum(is_working(outline, calendar, week, day) for day in _after(first, last)))


def _beside(day: date, later: bool) -> date:
    """The next day or the one before; there is one wherever a calendar reaches."""
    return day + _DAY if later else day - _DAY


def _after(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
