"""A type and a value in, the values next to it out: what a person would try just under a threshold and just above."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from rulec.runtime import types as t
from rulec.runtime.units import decimals_of

ONE = Decimal(1)


def beside(kind: t.Type | None, value: object, direction: int) -> object:
    """The next value down (-1) or up (1); None where there is none. `kind`: None for a number of no known type.

    A cent of an amount, a unit of a whole number or duration, a day, a minute; of other numbers, a tenth of the last
    digit that is written.
    """
    match value:
        case bool() | str():
            return None
        case Decimal():
            after = value + direction * _step(kind, value)
            return after if after != value else None
        case date():
            return _later(value, timedelta(minutes=1) if isinstance(value, datetime) else timedelta(days=1), direction)
        case time():
            minute = value.hour * 60 + value.minute + direction
            return time(minute // 60, minute % 60) if 0 <= minute < 24 * 60 else None
        case _:
            return None


def _later(value: date, step: timedelta, direction: int) -> date | None:
    try:
        return value + direction * step
    except OverflowError:  # beyond the ends of the calendar
        return None


def _step(kind: t.Type | None, value: Decimal) -> Decimal:
    match kind:
        case t.Amount(currency):
            return Decimal(1).scaleb(-decimals_of(currency))
        case t.Number(True) | t.Duration():
            return Decimal(1)
        case t.Percentage():
            return Decimal(1).scaleb(min(_exponent(value), -2) - 1)
        case _:
            return Decimal(1).scaleb(min(_exponent(value), 0) - 1)


def _exponent(value: Decimal) -> int:
    """The place of the last digit that counts: -1 for 2.5 and 2.50."""
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def halved(kind: t.Type, yes: object, no: object, holds: Callable[[object], bool]) -> tuple[object, object] | None:
    """Two values a step apart, between one that holds and one that does not, of which only the first holds.

    None where the values have no steps to count, or one of them lies between two steps.
    """
    one, other = _count(kind, yes), _count(kind, no)
    if one is None or other is None:
        return None
    while abs(one - other) > 1:
        middle = (one + other) // 2
        if holds(_counted(kind, yes, middle)):
            one = middle
        else:
            other = middle
    return _counted(kind, yes, one), _counted(kind, yes, other)


def _count(kind: t.Type, value: object) -> int | None:
    """How many whole steps a value is from the first."""
    match value:
        case Decimal():
            steps = value / _step(kind, ONE)
            return int(steps) if steps == int(steps) else None
        case date() if not isinstance(value, datetime):
            return value.toordinal()
        case _:
            return None


def _counted(kind: t.Type, like: object, count: int) -> object:
    """The value that many steps from the first, of the sort of another."""
    return count * _step(kind, ONE) if isinstance(like, Decimal) else date.fromordinal(count)
