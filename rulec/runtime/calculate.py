"""Values in, a value out: arithmetic, rounding and dates, all exact.

Numbers follow IEEE 754 decimal128: 34 digits, half even, exponents up to 6144. Nothing here reads or changes the
thread's own decimal context. What has no result raises `CalculationError` with its code.
"""

import operator
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from rulec.runtime.errors import CalculationError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

EXACT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
ZERO, ONE = Decimal(0), Decimal(1)
_Day = TypeVar("_Day", bound=date)
MOST_SHIFT = 4_000_000  # days: more than all the years of the calendar

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt, "le": operator.le, "eq": operator.eq, "ne": operator.ne, "ge": operator.ge, "gt": operator.gt,
}  # fmt: skip


def short(text: str) -> str:
    """A number or formula as a message shows it."""
    return text if len(text) < 100 else text[:99] + "…"


def exact_add(left: Decimal, right: Decimal) -> Decimal:
    """left + right."""
    return _bounded(EXACT.add, left, right)


def exact_sub(left: Decimal, right: Decimal) -> Decimal:
    """left - right."""
    return _bounded(EXACT.subtract, left, right)


def exact_mul(left: Decimal, right: Decimal) -> Decimal:
    """left × right."""
    return _bounded(EXACT.multiply, left, right)


def exact_div(left: Decimal, right: Decimal) -> Decimal:
    """left ÷ right; E551 where right is zero."""
    if not right:
        raise CalculationError("E551", (("text", short(f"{EXACT.normalize(left):f}")),))
    return _bounded(EXACT.divide, left, right)


ARITHMETIC = {"add": exact_add, "sub": exact_sub, "mul": exact_mul, "div": exact_div}


def _bounded(operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal) -> Decimal:
    try:
        result = operation(left, right)
    except (Overflow, InvalidOperation):
        raise CalculationError("E552") from None
    return result if result else result.copy_abs()  # no negative zero


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum of some values, the same in whatever order they come."""
    total = ZERO
    for value in sorted(values):
        total = exact_add(total, value)
    return total


def compounded(values: Iterable[Decimal]) -> Decimal:
    """Reductions one after the other, 1 - (1-a)(1-b)…, the same in whatever order they come."""
    rest = ONE
    for value in sorted(values):
        rest = exact_mul(rest, exact_sub(ONE, value))
    return exact_sub(ONE, rest)


def rounded(value: Decimal, step: Decimal, mode: str) -> Decimal:
    """The multiple of `step` next to the value: "nearest" (half away from zero), "up" or "down". By exact integers."""
    above, below = value.as_integer_ratio()
    step_above, step_below = step.as_integer_ratio()
    above, below = above * step_below, below * step_above
    if mode == "nearest":
        count = (2 * abs(above) + below) // (2 * below)
        count = count if above >= 0 else -count
    else:
        count = above // below if mode == "down" else -(-above // below)
    return exact_mul(Decimal(count), step)


def decimals_in(value: Decimal) -> int:
    """How many decimals a value has, without the zeros at its end."""
    return max(0, -int(value.normalize(EXACT).as_tuple().exponent)) if value else 0


def least(*values: Decimal) -> Decimal:
    """The least of some values."""
    return min(values)


def greatest(*values: Decimal) -> Decimal:
    """The greatest of some values."""
    return max(values)


# ---- dates; a moment counts by the wall clock of a zone (IANA name)


def day_of(moment: date, zone: str) -> date:
    """The calendar day of a moment in a zone; a day is its own."""
    return wall(moment, zone).date() if isinstance(moment, datetime) else moment


@cache
def _zone(name: str) -> "ZoneInfo":
    from zoneinfo import ZoneInfo  # slow to import, and only moments need it

    return ZoneInfo(name)


def zoned(moment: datetime, zone: str) -> datetime:
    """What a clock on the wall shows in a zone, as a moment."""
    offset = moment.replace(tzinfo=_zone(zone)).utcoffset()
    return moment.replace(tzinfo=timezone(offset or timedelta()))


def time_of(moment: datetime, zone: str) -> time:
    """The time of day of a moment in a zone."""
    return wall(moment, zone).time()


def wall(moment: datetime, zone: str) -> datetime:
    """What a clock on the wall shows in a zone: a datetime without zone."""
    try:
        return moment.astimezone(_zone(zone)).replace(tzinfo=None)
    except OverflowError:
        raise CalculationError("E555") from None


def date_part(part: str, moment: date, zone: str) -> Decimal:
    """The year, quarter, month, day or weekday (1 Monday - 7 Sunday) of a day or moment."""
    day = day_of(moment, zone)
    match part:
        case "quarter":
            return Decimal((day.month + 2) // 3)
        case "weekday":
            return Decimal(day.isoweekday())
        case _:
            return Decimal(int(getattr(day, part)))


def shifted(moment: date, amount: Decimal, unit: str, zone: str) -> date:
    """A day or moment moved by a whole number of days or months; a day that the month lacks becomes its last.

    By month_end: to the last day of the month that many months later.

    E555: outside the years 1 to 9999; E557: the amount is not whole. A moment keeps its time of day in the zone.
    """
    if abs(amount) > MOST_SHIFT:
        raise CalculationError("E555")
    if amount != int(amount):
        raise CalculationError("E557", (("value", str(amount)),))
    try:
        if not isinstance(moment, datetime):
            return _moved(moment, int(amount), unit)
        there = _moved(wall(moment, zone), int(amount), unit)
        return there.replace(tzinfo=_zone(zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        raise CalculationError("E555") from None


def elapsed(unit: str, start: date, end: date, zone: str) -> Decimal:
    """Whole units (day, month, year) from `start` to `end`, negative where `end` is before `start`.

    By the wall clock where both are moments, else by calendar days. A month is over on the day that `shifted` gives.
    """
    if isinstance(start, datetime) and isinstance(end, datetime):
        return _whole(unit, wall(start, zone), wall(end, zone))
    return _whole(unit, day_of(start, zone), day_of(end, zone))


def _whole(unit: str, start: _Day, end: _Day) -> Decimal:
    if end < start:
        return exact_sub(ZERO, _whole(unit, end, start))
    if unit == "day":
        return Decimal((end - start).days)
    months = (end.year - start.year) * 12 + end.month - start.month
    if _moved(start, months, "month") > end:
        months -= 1
    return Decimal(months if unit == "month" else months // 12)


def last_day(year: int, month: int) -> int:
    """The number of the last day of a month."""
    return 31 if month == 12 else (date(year, month + 1, 1) - timedelta(days=1)).day


def _moved(day: _Day, amount: int, unit: str) -> _Day:
    """Moved by days, by months, or to the end of the month that many months later."""
    if unit == "day":
        return day + timedelta(days=amount)
    months = day.year * 12 + day.month - 1 + amount
    year, month = divmod(months, 12)
    last = last_day(year, month + 1)
    return day.replace(year=year, month=month + 1, day=last if unit == "month_end" else min(day.day, last))
