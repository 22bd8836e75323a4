"""Moments in and out as whole microseconds since 1970, UTC; durations in days and months go by the wall clock."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from rulec.runtime.calculate import shifted
from rulec.runtime.errors import CalculationError
from rulec.runtime.shown import show_value
from rulec.runtime.types import Date, Time
from rulec.source import Language

NEVER = 253_402_300_799_999_999  # the end of the year 9999
FIRST, LAST = -2_208_988_800_000_000, 7_258_118_400_000_000  # the years 1900 to 2199, in which events happen
SECOND = 1_000_000
_AT: Mapping[Language, str] = {"fr": "{day} à {time}", "en": "{day} at {time}"}
_END: Mapping[Language, str] = {"fr": "fin du {day}", "en": "end of {day}"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """An aware moment as microseconds."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_at(at: int, zone: str) -> datetime:
    """The moment, by the clock of a zone."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(_zone(zone))


def moment_shown(at: int, zone: str, language: Language) -> str:
    """« 4 mars 2026 à 10 h », « 1er mars 2026 » for its start, « fin du 25 mars 2026 »."""
    moment = moment_at(at, zone)
    day, clock = show_value(Date(), moment.date(), language), moment.time()
    if clock == time():
        return day
    if clock == time.max:
        return _END[language].format(day=day)
    return _AT[language].format(day=day, time=show_value(Time(), clock.replace(microsecond=0), language))


def later(at: int, amount: int, unit: str, zone: str) -> int:
    """The moment that many seconds, days or months later (earlier, if negative); NEVER beyond the calendar."""
    if unit == "second":
        return min(at + amount * SECOND, NEVER)
    try:
        return micros(_aware(shifted(moment_at(at, zone), Decimal(amount), unit, zone)))
    except (CalculationError, OverflowError):
        return NEVER


def end_after(day: date, amount: int, unit: str, zone: str) -> int:
    """The last microsecond of the day that is that long after a day; of a moment, the moment that long after it."""
    if isinstance(day, datetime):
        return later(micros(day), amount, unit, zone)
    try:
        if unit == "second":
            return later(_start(day, zone), amount, unit, zone)
        return _start(shifted(day, Decimal(amount), unit, zone) + timedelta(days=1), zone) - 1
    except (CalculationError, OverflowError):
        return NEVER if micros(datetime(day.year, 1, 1, tzinfo=UTC)) > LAST else -NEVER


def read_time(text: str, zone: str) -> int:
    """An ISO moment, of the zone where it says none, or an ISO date: its start. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    at = micros(moment if moment.utcoffset() is not None else moment.replace(tzinfo=_zone(zone)))
    if not FIRST <= at < LAST:
        raise ValueError(text)
    return at


def _start(day: date, zone: str) -> int:
    return micros(datetime.combine(day, time(), _zone(zone)).astimezone(UTC))


def _aware(moment: date) -> datetime:
    assert isinstance(moment, datetime)
    return moment


@lru_cache
def _zone(zone: str) -> ZoneInfo:
    return ZoneInfo(zone)
