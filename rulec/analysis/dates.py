"""Days as numbers in (that of `date.toordinal`), their years, months and days out, as formulas."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import z3

from rulec.analysis.logic import Term

FIRST, LAST = date.min.toordinal(), date.max.toordinal()
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)  # days of a common year before each month

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Civil(NamedTuple):
    """A day as written."""

    year: Term
    month: Term
    day: Term


class Calendar:
    """Gives days as written: three whole numbers of which exactly one choice fits a day."""

    def __init__(self, fresh: Callable[[str], Term], holds: Callable[[Term], None]) -> None:
        self._fresh, self._holds, self._known = fresh, holds, dict[Term, Civil]()

    def civil(self, number: Term) -> Civil:
        """The day of that number."""
        place = number.get_id()
        known = self._known.get(place)
        if known is None:
            number = z3.If(number < FIRST, FIRST, z3.If(number > LAST, LAST, number))
            known = Civil(*(self._fresh(name) for name in ("year", "month", "day")))
            self._holds(z3.And(known.year >= 0, known.year <= 10_000, known.month >= 1, known.month <= 12))
            self._holds(z3.And(known.day >= 1, known.day <= days_in(known.year, known.month)))
            self._holds(number_of(known) == number)
            self._known[place] = known
        return known

    def moved(self, number: Term, months: Term, to_end: bool) -> Term:
        """The number of the day that many months later; a day that the month lacks becomes its last."""
        start = self.civil(number)
        count = start.year * 12 + start.month - 1 + months
        year, month = count / 12, count % 12 + 1
        last = days_in(year, month)
        return number_of(Civil(year, month, last if to_end else z3.If(start.day < last, start.day, last)))

    def months(self, start: Term, end: Term) -> Term:
        """Whole months from one day to another, negative where it comes before."""
        return z3.If(end < start, -self._months(end, start), self._months(start, end))

    def _months(self, start: Term, end: Term) -> Term:
        one, other = self.civil(start), self.civil(end)
        months = (other.year - one.year) * 12 + other.month - one.month
        last = days_in(other.year, other.month)
        return z3.If(z3.If(one.day < last, one.day, last) > other.day, months - 1, months)


def number_of(day: Civil) -> Term:
    """The number of a day as written."""
    before = _by_month(day.month, list(_BEFORE)) + z3.If(z3.And(day.month > 2, _leap(day.year)), 1, 0)
    past = day.year - 1
    return past * 365 + past / 4 - past / 100 + past / 400 + before + day.day


def days_in(year: Term, month: Term) -> Term:
    """How many days a month has."""
    return z3.If(month == 2, z3.If(_leap(year), 29, 28), _by_month(month, list(_LENGTHS)))


def weekday(number: Term) -> Term:
    """From 1, Monday, to 7."""
    return (number - 1) % 7 + 1


def _leap(year: Term) -> Term:
    return z3.And(year % 4 == 0, z3.Or(year % 100 != 0, year % 400 == 0))


def _by_month(month: Term, values: list[int]) -> Term:
    term = z3.IntVal(values[-1])
    for number in range(11, 0, -1):
        term = z3.If(month == number, z3.IntVal(values[number - 1]), term)
    return term
