"""A raw date, date-time or time of day in, Python's own out: ISO text, text as people write it, or Python objects."""

import re
from datetime import UTC, date, datetime, time

from rulec.runtime.literals import Literal, Refusal, scan_literal
from rulec.runtime.refused import ValueProblem, given_text
from rulec.runtime.types import Date, DateTime, Time

_LONGEST_MOMENT = 100  # characters
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?")
_ZONE = r"Z|[+-][0-9]{2}:?[0-9]{2}(?::?[0-9]{2})?"
_MOMENT = re.compile(rf"(?P<day>.+?)(?:T| (?:à |at )?)(?P<time>[0-9]{{1,2}}(?:[:hH\s].*?)?)\s*\(?(?P<zone>{_ZONE})?\)?")


def read_day(type_: Date, raw: object, language: str) -> date:
    """A calendar day. Raises ValueProblem."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    value = _scanned(type_, raw, _ISO_DAY, date, language)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueProblem("E505", type_, given=given_text(raw))
    return value


def read_time(type_: Time, raw: object, language: str) -> time:
    """A time of day, without zone. Raises ValueProblem."""
    if isinstance(raw, time) and raw.tzinfo is None:
        return raw
    value = _scanned(type_, raw, _ISO_TIME, time, language)
    if not isinstance(value, time):
        raise ValueProblem("E505", type_, given=given_text(raw))
    return value


def read_moment(type_: DateTime, raw: object, language: str) -> datetime:
    """A date and time with its zone, somewhere in the years 1 to 9999 in every zone. Raises ValueProblem."""
    given = given_text(raw)
    moment = raw if isinstance(raw, datetime) else _text_moment(type_, raw, language)
    if moment is None:
        raise ValueProblem("E505", type_, given=given)
    if moment.utcoffset() is None:
        raise ValueProblem("E518", type_, given=given)
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise ValueProblem("E517", type_, given=given) from None
    return moment


def _text_moment(type_: DateTime, raw: object, language: str) -> datetime | None:
    """A text as date, time and zone, each read by itself."""
    found = _MOMENT.fullmatch(raw.strip()) if isinstance(raw, str) and len(raw) <= _LONGEST_MOMENT else None
    if found is None:
        return None
    day = _scanned(type_, found["day"], _ISO_DAY, date, language)
    clock = _scanned(type_, found["time"], _ISO_TIME, time, language)
    if not isinstance(day, date) or not isinstance(clock, time):
        return None
    try:
        return datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{found['zone'] or ''}")
    except ValueError:
        return None


def _scanned(
    type_: Date | DateTime | Time, raw: object, iso: re.Pattern[str], form: type[date | time], language: str
) -> object:
    """What a text says: by its ISO form, else as people of the language write it; None where it says nothing."""
    text = raw.strip() if isinstance(raw, str) and len(raw) <= _LONGEST_MOMENT else ""
    try:
        if iso.fullmatch(text):
            return form.fromisoformat(text)
    except ValueError:
        raise ValueProblem("E517", type_, given=given_text(raw)) from None
    found = scan_literal(text, 0, language)
    if isinstance(found, Refusal):
        code = "E516" if found.readings else "E517"
        raise ValueProblem(code, type_, given=given_text(raw), readings=", ".join(found.readings))
    return found.value if isinstance(found, Literal) and found.end == len(text) else None
