"""A text and a place in, the literal that stands there out: a number, an amount, a date, a duration …

What has two readings, or none, is a `Refusal` with its code. Everything runs in linear time and nothing raises.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import field
from datetime import date, datetime, time
from decimal import Context, Decimal
from functools import lru_cache
from itertools import filterfalse

from rulec.runtime.patterns import Pattern
from rulec.runtime.plain import Plain, plain
from rulec.runtime.units import (
    CENT_WORDS,
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    DURATION_WORDS,
    MONTH_NAMES,
    MONTHS,
    MULTIPLE_WORDS,
    NOT_DURATIONS,
    NUMBER_WORDS,
    PER_WORDS,
    PERCENT_WORDS,
    POINT_WORDS,
    TAX_WORDS,
    TIME_UNITS,
    UNIT_SYMBOLS,
    UNIT_WORDS,
)

_EXACT = Context(prec=2 * 34, traps=[])
MAX_DIGITS = 34  # of a number: IEEE 754 decimal128


@plain
class Literal(Plain):
    """A literal from `start` to `end` (excluded).

    `kind`: number, percentage, points, amount, quantity, rate, date, datetime, time, duration. `unit`: a currency, a
    unit, "EUR/km" for a rate, the unit of a duration. `tax`: "net", "gross" or "". `stated`: the unit as written
    where `unit` is another (year, week, hour …), "hours" for « 9 h ».
    """

    kind: str
    value: object
    unit: str
    tax: str
    start: int = field(compare=False, repr=False)
    end: int = field(compare=False, repr=False)
    stated: str = field(default="", compare=False, repr=False)


@plain
class Refusal(Plain):
    """A literal with no reading or several: a diagnostic code, and what may be written instead."""

    code: str
    readings: tuple[str, ...]
    start: int
    end: int


_GAP = "[ \u00a0\u202f\u2009]"
_GAPS = Pattern(f"{_GAP}*")
_SPACES = Pattern(f"{_GAP}+")
_NUMBER = {
    "fr": Pattern(rf"[0-9]{{1,3}}(?:(?:{_GAP}[0-9]{{3}})+|(?:\.[0-9]{{3}}){{2,}}|\.[0-9]{{3}}(?=,[0-9]))(?![0-9])"
                     rf"(?:,[0-9]+)?|[0-9]+(?:[.,][0-9]+)?"),
    "en": Pattern(rf"[0-9]{{1,3}}(?:(?:{_GAP}[0-9]{{3}})+|(?:,[0-9]{{3}})+)(?![0-9])"
                     rf"(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]+)?"),
}  # fmt: skip
_BAD_GROUP = Pattern(rf"(?:{_GAP}[0-9]{{1,2}}|{_GAP}[0-9]{{4,}}|[.,][0-9]+)(?=[^0-9/:h]|$)")
_ISO = Pattern(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?))?(?![0-9])"
)
_SLASHED = Pattern(
    r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})(?![0-9/])|([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}|[0-9]{2})(?![0-9.])"
)
_DAY_MONTH = Pattern(
    rf"([0-9]{{1,2}})(?:er|st|nd|rd|th)?{_GAP}+(?:of{_GAP}+)?([^\W\d_]+\.?)(?:{_GAP}+([0-9]{{4}}|[0-9]{{2}})(?![0-9]))?",
    re.IGNORECASE,
)
_MONTH_DAY = Pattern(
    rf"([^\W\d_]+){_GAP}+([0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9])(?:,?{_GAP}+([0-9]{{4}})(?![0-9]))?", re.IGNORECASE
)
_CLOCK = {
    "fr": Pattern(rf"([0-9]{{1,2}}){_GAP}?[hH]{_GAP}?([0-9]{{2}})?(?![^\W_'’])"
                     rf"|([0-9]{{1,2}}):([0-9]{{2}})(?![0-9:])"),
    "en": Pattern(rf"([0-9]{{1,2}})(?::([0-9]{{2}}))?{_GAP}?([aApP])\.?[mM]\b\.?"
                     rf"|([0-9]{{1,2}}):([0-9]{{2}})(?![0-9:])"),
}  # fmt: skip
_LETTERS = Pattern(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_WINDOW = Pattern(rf"(?:[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?{_GAP}*){{1,4}}")  # the words that a phrase may be made of
_UNTIMELY = ("", "€", "%", "$", "£", ",", ")", "\n")  # after one or two digits: no date, no time
_BUSINESS_DAYS = ("business days", "business day")
_JOINT = {"fr": Pattern(rf"{_GAP}*(?:d['’]|de{_GAP}+)?", re.IGNORECASE), "en": Pattern(rf"{_GAP}*")}
_FIRST_DAY = {
    "fr": Pattern(rf"premier{_GAP}+([^\W\d_]+)(?:{_GAP}+([0-9]{{4}}|[0-9]{{2}})(?![0-9]))?", re.IGNORECASE),
    "en": Pattern(
        rf"first(?:{_GAP}+of)?{_GAP}+([^\W\d_]+)(?:{_GAP}+([0-9]{{4}}|[0-9]{{2}})(?![0-9]))?", re.IGNORECASE
    ),
}
_MANY = frozenset(MULTIPLE_WORDS["en"].values())
_MULTIPLES = {"k": 1000, "K": 1000, "M": 1_000_000, "m": 1_000_000}


def folded(text: str) -> str:
    """Lower case without accents, apostrophes straight, same length as far as letters go."""
    plain = text.replace("’", "'").casefold()
    if plain.isascii():
        return plain
    return "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", plain)))


_SHORT_DAY = Pattern(r"(\d{1,2})/(\d{1,2})(?![\d/,.]|\s*(?:de|du|des|d['’]|of)\b)", re.IGNORECASE)
_RANGE_OPENS = {
    "fr": Pattern(r"\b(?:du|entre\s+le)\s+\Z", re.IGNORECASE),
    "en": Pattern(r"\b(?:from|between)\s+\Z", re.IGNORECASE),
}
_RANGE_GOES_ON = {
    "fr": Pattern(r"\s+(?:au|et\s+le)\s+", re.IGNORECASE),
    "en": Pattern(r"\s+(?:to|until|and)\s+", re.IGNORECASE),
}
_DAY_WORDS = 40  # signs before a day, at most
_BEFORE_DAY = {
    "fr": Pattern(r"\b(?:le|du|au)\s+\Z", re.IGNORECASE),
    "en": Pattern(r"\b(?:on|before|after|until|since|date is)\s+\Z", re.IGNORECASE),
}


def scan_literal(text: str, at: int, language: str) -> Literal | Refusal | None:
    """The literal that starts at `at`, its unit included; None where there is none."""
    if at >= len(text):
        return None
    if text[at] in CURRENCY_SIGNS:
        return _signed_amount(text, at, language)
    number = _NUMBER[language].match(text, at)
    if number is None:
        return _month_first(text, at, language) or _first_day(text, at, language) or _in_words(text, at, language)
    if _timely(text, at):
        for scan in (_date, _clock):
            found = scan(text, at, language)
            if found is not None:
                return found
    return _measured(text, number, language)


def _timely(text: str, at: int) -> bool:
    """Whether the digits at a place may start a date or a time: how many there are, and what follows them."""
    end = at + 1
    while end < len(text) and end - at < 5 and "0" <= text[end] <= "9":
        end += 1
    return (end - at <= 2 and text[end : end + 1] not in _UNTIMELY) or (end - at == 4 and text[end : end + 1] == "-")


# ---- numbers


def _number(text: str, found: re.Match[str], language: str) -> tuple[Decimal, int] | Refusal:
    """The bare number whose signs were found, and where it ends."""
    written, at, end = found[0], found.start(), found.end()
    if bad := _BAD_GROUP.match(text, end):
        if bad[0][0] in ".," or len(re.findall("[0-9]+", written)[-1]) <= 3:
            return Refusal("E111", (), at, bad.end())
    if written.isdigit() and len(written) <= MAX_DIGITS:
        return Decimal(written), end
    plain = _SPACES.sub("", written)
    if len(plain) > MAX_DIGITS and len(re.sub("[.,]", "", plain).lstrip("0")) > MAX_DIGITS:
        return Refusal("E116", (), at, end)
    if readings := _doubtful(plain, language):
        return Refusal("E110", readings, at, end)
    group, point = (".", ",") if language == "fr" else (",", ".")
    if language == "fr" and plain.count(".") == 1 and "," not in plain:
        group = ""
    plain = plain.replace(group, "") if group else plain
    return Decimal(plain.replace(point, ".")), end


def _doubtful(plain: str, language: str) -> tuple[str, ...]:
    """The two readings of « 1.500 » in French and of "1,5" in English."""
    if language == "fr" and (found := re.fullmatch(r"([0-9]{1,3})\.([0-9]{3})", plain)):
        return (f"{found[1]}\u00a0{found[2]}", f"{found[1]},{found[2]}")
    if language == "en" and (found := re.fullmatch(r"([0-9]+),([0-9]+)", plain)):
        if len(found[2]) != 3 or len(found[1]) > 3:
            return (f"{found[1]},{found[2]:0<3}", f"{found[1]}.{found[2]}")
    return ()


def _measured(text: str, found: re.Match[str], language: str) -> Literal | Refusal:
    number, at = _number(text, found, language), found.start()
    if isinstance(number, Refusal):
        return _with_unit(text, number, language)
    value, end = number
    return _unit(text, at, value, end, language) or Literal("number", value, "", "", at, end)


def _with_unit(text: str, refusal: Refusal, language: str) -> Refusal:
    """The readings of a doubtful number with the unit that follows it."""
    after = _unit(text, refusal.start, Decimal(0), refusal.end, language)
    if not isinstance(after, Literal):
        return refusal
    unit = text[refusal.end : after.end]
    return Refusal(refusal.code, tuple(reading + unit for reading in refusal.readings), refusal.start, after.end)


def _in_words(text: str, at: int, language: str) -> Literal | Refusal | None:
    """« dix pour cent », « deux semaines », "a month": number words only before a unit."""
    for end in _word_ends(text, at):
        said = folded(text[at:end])
        value = NUMBER_WORDS[language].get(said)
        if value is not None:
            found = _unit(text, at, Decimal(value), end, language)
            if isinstance(found, Literal) and _symbol(text, found.end - 1):
                return None
            return found
        if language == "en" and said in ("a", "an"):
            return _one(text, at, end)
    return None


def _one(text: str, at: int, end: int) -> Literal | None:
    """As "a month", "a million euros"; no "a kilo", no "a second order"."""
    found = _unit(text, at, Decimal(1), end, "en")
    if not isinstance(found, Literal) or found.stated == "second":
        return None
    return found if found.kind == "duration" or found.value in _MANY else None


def _symbol(text: str, at: int) -> bool:
    """Whether a one-letter unit stands there: « un m … » is no metre."""
    return text[at].isalpha() and not text[at - 1].isalpha()


def _word_ends(text: str, at: int) -> Iterable[int]:
    """Where a run of one to three words from `at` may end, the longest first."""
    ends, here = list[int](), at
    for _ in range(3):
        found = _LETTERS.match(text, here)
        if found is None:
            break
        ends.append(found.end())
        gap = _GAPS.match(text, found.end())
        here = gap.end() if gap else found.end()
    return reversed(ends)


# ---- units


def _unit(text: str, start: int, value: Decimal, end: int, language: str) -> Literal | Refusal | None:
    """The literal of a number and the unit after it; None without a unit."""
    gap = _GAPS.match(text, end)
    at = gap.end() if gap else end
    if at >= len(text):
        return None
    if text[at] == "%":
        return Literal("percentage", _EXACT.divide(value, Decimal(100)), "", "", start, at + 1)
    word = _LETTERS.match(text, at)
    if word is not None and not _may_name_unit(word[0], text[word.end() : word.end() + 1], language):
        return None
    many = _phrase(text, at, MULTIPLE_WORDS[language])
    if many:  # « 2 millions d'euros », « 2 millions »
        value = _EXACT.multiply(value, Decimal(MULTIPLE_WORDS[language][many[0]]))
        joint = _JOINT[language].match(text, many[1])
        at = joint.end() if joint else many[1]
    for scan in (_cents, _money, _percent, _duration, _quantity):
        found = scan(text, start, value, at, language) if at < len(text) else None
        if found is not None:
            return found
    return Literal("number", value, "", "", start, many[1]) if many else None


@lru_cache(maxsize=4096)
def _may_name_unit(word: str, after: str, language: str) -> bool:
    """Whether a unit may start with a word. `after`: the sign behind it."""
    return (
        folded(word) in _first_words(language)
        or word[0] in _MULTIPLES
        or word[:3].upper() in CURRENCY_CODES
        or not UNIT_SYMBOLS.keys().isdisjoint((word, word + after))
    )


@lru_cache
def _first_words(language: str) -> frozenset[str]:
    """The words that units of more than a symbol start with."""
    tables = (CURRENCY_WORDS, CENT_WORDS, MULTIPLE_WORDS, PERCENT_WORDS, POINT_WORDS, DURATION_WORDS, UNIT_WORDS)
    firsts = (_LETTERS.match(phrase) for table in tables for phrase in (*table[language], *_BUSINESS_DAYS))
    return frozenset(first[0] for first in firsts if first)


def _phrase(text: str, at: int, table: Iterable[str]) -> tuple[str, int] | None:
    """The longest folded phrase of a table that stands at a place, and where it ends."""
    window = _WINDOW.match(text, at)
    for said, end in _phrases_in(window[0][:60]) if window else ():
        if said in table:
            return said, at + end
    return None


@lru_cache(maxsize=4096)
def _phrases_in(window: str) -> tuple[tuple[str, int], ...]:
    """The folded phrases that a text starts with, the longest first, and where each ends."""
    found = [(_SPACES.sub(" ", folded(window[:end])), end) for end in _ends_within(window)]
    return tuple(reversed(found))


def _ends_within(window: str) -> Iterable[int]:
    """Where the first words of a text end, a full stop of an abbreviation included or not."""
    here = 0
    for _ in range(4):
        found = _LETTERS.match(window, here)
        if found is None:
            return
        yield found.end()
        stop = found.end() + window[found.end() :].startswith(".")
        gap = _GAPS.match(window, stop)
        here = gap.end() if gap else stop


def _percent(text: str, start: int, value: Decimal, at: int, language: str) -> Literal | None:
    if found := _phrase(text, at, PERCENT_WORDS[language]):
        return Literal("percentage", _EXACT.divide(value, Decimal(100)), "", "", start, found[1])
    if found := _phrase(text, at, POINT_WORDS[language]):
        return Literal("points", _EXACT.divide(value, Decimal(100)), "", "", start, found[1])
    return None


def _money(text: str, start: int, value: Decimal, at: int, language: str) -> Literal | None:
    currency, end = _currency(text, at, language)
    if not currency and text[at] in _MULTIPLES and at + 1 < len(text):
        gap = _GAPS.match(text, at + 1)
        currency, end = _currency(text, gap.end() if gap else at + 1, language)
        value = _EXACT.multiply(value, Decimal(_MULTIPLES[text[at]])) if currency else value
    return _taxed(text, start, value, currency, end, language) if currency else None


def _cents(text: str, start: int, value: Decimal, at: int, language: str) -> Literal | Refusal | None:
    """« 50 centimes », "50 pence"; "50 cents" are of a euro, or of a dollar."""
    found = _phrase(text, at, CENT_WORDS[language])
    if found is None:
        return None
    amount, currency = _EXACT.divide(value, Decimal(100)), CENT_WORDS[language][found[0]]
    if currency:
        return _taxed(text, start, amount, currency, found[1], language)
    written = f"{amount:f}" if amount * 100 % 1 else f"{amount:.2f}"
    return Refusal("E748", tuple(sign + written for sign in "€$"), start, found[1])


def _currency(text: str, at: int, language: str) -> tuple[str, int]:
    """The currency at a place and where it ends; "" where there is none."""
    if at >= len(text):
        return "", at
    if text[at] in CURRENCY_SIGNS:
        return CURRENCY_SIGNS[text[at]], at + 1
    code = text[at : at + 3].upper()
    if code in CURRENCY_CODES and code.isascii() and not text[at + 3 : at + 4].isalnum():
        return code, at + 3
    found = _phrase(text, at, CURRENCY_WORDS[language])
    return (CURRENCY_WORDS[language][found[0]], found[1]) if found else ("", at)


def _taxed(text: str, start: int, value: Decimal, currency: str, end: int, language: str) -> Literal:
    """The amount with its HT or TTC, or its « par km »."""
    gap = _GAPS.match(text, end)
    at = gap.end() if gap else end
    tax = ""
    if found := _phrase(text, at, TAX_WORDS[language]):
        tax, end = TAX_WORDS[language][found[0]], found[1]
    per, stop = _per(text, end, language)
    kind, unit = ("rate", f"{currency}/{per}") if per else ("amount", currency)
    return Literal(kind, value, unit, tax, start, stop if per else end)


def _per(text: str, end: int, language: str) -> tuple[str, int]:
    """The unit of « par km » or « /h » after an amount, and where it ends; "" where there is none."""
    gap = _GAPS.match(text, end)
    at = gap.end() if gap else end
    if text[at : at + 1] == "/":
        stop = at + 1
    elif found := _phrase(text, at, PER_WORDS[language]):
        stop = found[1]
    else:
        return "", end
    gap = _GAPS.match(text, stop)
    at = gap.end() if gap else stop
    if found := _phrase(text, at, TIME_UNITS[language]):
        return TIME_UNITS[language][found[0]], found[1]
    unit, stop = _unit_at(text, at, language)
    return unit, stop


def _unit_at(text: str, at: int, language: str) -> tuple[str, int]:
    """The unit of measure at a place and where it ends; "" where there is none."""
    if found := _phrase(text, at, UNIT_WORDS[language]):
        return UNIT_WORDS[language][found[0]], found[1]
    letters = _LETTERS.match(text, at)
    if letters is None:
        return "", at
    for end in (min(len(text), letters.end() + 1), letters.end()):
        symbol = text[at:end]
        if symbol in UNIT_SYMBOLS and not text[end : end + 1].isalnum() and text[end : end + 1] not in ("'", "’"):
            return UNIT_SYMBOLS[symbol], end
    return "", at


def _quantity(text: str, start: int, value: Decimal, at: int, language: str) -> Literal | None:
    unit, end = _unit_at(text, at, language)
    if not unit:
        return None
    per, stop = _per(text, end, language)
    if per:
        return Literal("rate", value, f"{unit}/{per}", "", start, stop)
    return Literal("quantity", value, unit, "", start, end)


def _duration(text: str, start: int, value: Decimal, at: int, language: str) -> Literal | Refusal | None:
    if language == "en" and (found := _phrase(text, at, _BUSINESS_DAYS)):
        number = text[start:at].strip()
        readings = (f"{number} working days", f"{number} working days including Saturdays")
        return Refusal("E117", readings, start, found[1])
    found = _phrase(text, at, DURATION_WORDS[language])
    if found is None:
        return None
    after = folded(text[found[1] : found[1] + 80].lstrip()[:12])  # a line may end between « un jour » and « férié »
    written = text[start : start + 1]
    unit, count, stated = DURATION_WORDS[language][found[0]]
    named = not written.isdigit() and after.startswith(NOT_DURATIONS[language])
    measures = after.startswith(("d'", "of ")) and (_is_bound(text, start) or (language == "fr" and value > 1))
    if named and not measures:
        return None
    return Literal("duration", _EXACT.multiply(value, Decimal(count)), unit, "", start, found[1], stated)


_BOUNDING = ("d'", "de", "moins", "plus", "que", "than", "least", "most")


def _is_bound(text: str, at: int) -> bool:
    """« plus d'un mois d'ancienneté », « au moins un an … »: it is a bound, and not the name « un mois d'embauche »."""
    return folded(text[max(0, at - 12) : at].replace("’", "'")).rstrip().endswith(_BOUNDING)


def _signed_amount(text: str, at: int, language: str) -> Literal | Refusal | None:
    """€500, € 500, €10k."""
    gap = _GAPS.match(text, at + 1)
    begin = gap.end() if gap else at + 1
    found = _NUMBER[language].match(text, begin)
    if found is None:
        return None
    number, sign = _number(text, found, language), text[at]
    if isinstance(number, Refusal):
        return Refusal(number.code, tuple(sign + reading for reading in number.readings), at, number.end)
    value, end = number
    if text[end : end + 1] in _MULTIPLES and not text[end + 1 : end + 2].isalnum():
        value, end = _EXACT.multiply(value, Decimal(_MULTIPLES[text[end]])), end + 1
    elif many := _phrase(text, end + text.startswith(" ", end), MULTIPLE_WORDS[language]):
        value, end = _EXACT.multiply(value, Decimal(MULTIPLE_WORDS[language][many[0]])), many[1]
    return _taxed(text, at, value, CURRENCY_SIGNS[sign], end, language)


# ---- dates and times


def _date(text: str, at: int, language: str) -> Literal | Refusal | None:
    if found := _ISO.match(text, at):
        return _iso(found)
    if found := _SLASHED.match(text, at):
        return _slashed(text, found, language)
    found = _DAY_MONTH.match(text, at)
    month = MONTHS[language].get(folded(found[2])) if found else None
    if not found or month is None:
        return None
    end = found.end() if found[3] else found.end(2)
    year = found[3] or _year_of_range(text, at, end, (month, int(found[1])), language)
    return _calendar_day(found[1], month, year, found.start(), end, language)


def _year_of_range(text: str, at: int, end: int, first: tuple[int, int], language: str) -> str | None:
    """« du 1er mars au 30 juin 2026 »: the year of the last day, where the first comes before it in a year."""
    going = _RANGE_GOES_ON[language].match(text, end)
    if going is None or not _RANGE_OPENS[language].search(text, max(0, at - _DAY_WORDS), at):
        return None
    last = _DAY_MONTH.match(text, going.end())
    day, month, year = (last[1], last[2], last[3]) if last else ("", "", None)
    if last is None and language == "en" and (last := _MONTH_DAY.match(text, going.end())):
        month, day, year = last.groups()
    number = MONTHS[language].get(folded(month))
    return year if year and number and first <= (number, int(day)) else None


def _iso(found: re.Match[str]) -> Literal | Refusal:
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if not found[4]:
            return Literal("date", day, "", "", found.start(), found.end())
        moment = datetime.fromisoformat(f"{day.isoformat()}T{found[4]}")
    except ValueError:
        return Refusal("E112", (), found.start(), found.end())
    return Literal("datetime", moment, "", "", found.start(), found.end())


def _slashed(text: str, found: re.Match[str], language: str) -> Literal | Refusal | None:
    one, other, year = (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
    start, end = found.span()
    if language == "en" and len(year) == 4 and one != other and int(one) <= 12 and int(other) <= 12:
        names = MONTH_NAMES["en"]
        return Refusal(
            "E114",
            (f"{int(one)} {names[int(other) - 1]} {year}", f"{int(other)} {names[int(one) - 1]} {year}"),
            start,
            end,
        ) if int(one) and int(other) else Refusal("E112", (), start, end)  # fmt: skip
    day, month = (other, one) if language == "en" and int(other) > 12 else (one, other)
    return _calendar_day(day, int(month), year, start, end, language)


def day_of_any_year(text: str, start: int, at: int, language: str) -> Refusal | None:
    """« le 31/12 », "before 31/12": a day without a year where a day is spoken of, no division; None elsewhere."""
    found = _SHORT_DAY.match(text, at) if "/" in text[at + 1 : at + 3] else None
    if found is None or not _BEFORE_DAY[language].search(text, max(start, at - _DAY_WORDS), at):
        return None
    one, other = int(found[1]), int(found[2])
    orders = [(one, other), (other, one)] if language == "en" else [(one, other)]
    days = dict.fromkeys((day, month) for day, month in orders if 1 <= month <= 12 and 1 <= day <= 31)
    read = [_calendar_day(str(day), month, None, at, found.end(), language) for day, month in days]
    readings = tuple(reading for each in read if isinstance(each, Refusal) for reading in each.readings)
    return Refusal("E115", readings, at, found.end()) if readings else None


def in_year(refusal: Refusal, year: int, language: str) -> date | None:
    """The day of a year that a date without one (E115) says; None where it is not one day of that year."""
    if refusal.code != "E115" or len(refusal.readings) != 1:
        return None
    found = scan_literal(f"{refusal.readings[0].rpartition(' ')[0]} {year}", 0, language)
    return found.value if isinstance(found, Literal) and isinstance(found.value, date) else None


def _calendar_day(day: str, month: int, year: str | None, start: int, end: int, language: str) -> Literal | Refusal:
    name = MONTH_NAMES[language][month - 1] if 1 <= month <= 12 else str(month)
    written = "1er" if language == "fr" and int(day) == 1 else str(int(day))
    if year is None:
        return Refusal("E115", (f"{written} {name} 2026",), start, end)
    if len(year) == 2:
        return Refusal("E113", (f"{written} {name} 20{year}", f"{written} {name} 19{year}"), start, end)
    try:
        return Literal("date", date(int(year), month, int(day)), "", "", start, end)
    except ValueError:
        return Refusal("E112", (), start, end)


def _month_first(text: str, at: int, language: str) -> Literal | Refusal | None:
    """January 1, 2026."""
    found = _MONTH_DAY.match(text, at) if language == "en" else None
    month = MONTHS["en"].get(folded(found[1])) if found else None
    if not found or month is None:
        return None
    end = found.end() if found[3] else found.end(2)
    year = found[3] or _year_of_range(text, at, end, (month, int(found[2])), language)
    return _calendar_day(found[2], month, year, found.start(), end, language)


def _first_day(text: str, at: int, language: str) -> Literal | Refusal | None:
    """« premier janvier 2026 », "first of January 2026"."""
    found = _FIRST_DAY[language].match(text, at)
    month = MONTHS[language].get(folded(found[1])) if found else None
    if not found or month is None:
        return None
    end = found.end() if found[2] else found.end(1)
    year = found[2] or _year_of_range(text, at, end, (month, 1), language)
    return _calendar_day("1", month, year, at, end, language)


def _clock(text: str, at: int, language: str) -> Literal | Refusal | None:
    found = _CLOCK[language].match(text, at)
    if found is None:
        return None
    parts = [part for part in found.groups() if part is not None and part.isdigit()]
    hour, minute = int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
    if language == "en" and found[3]:
        if not 1 <= hour <= 12:
            return Refusal("E118", (), at, found.end())
        hour = hour % 12 + (12 if found[3] in "pP" else 0)
    end = at + len(found[0].rstrip(" \u00a0\u202f\u2009"))
    bare = len(parts) == 1 and language == "fr"
    if bare and hour >= 24:
        return Literal("duration", Decimal(hour * 3600), "second", "", at, end, "hour")
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        return Refusal("E118", (), at, end)
    if hour == 24:
        return Refusal("E118", ("0 h" if language == "fr" else "12am",), at, end)
    return Literal("time", time(hour, minute), "", "", at, end, "hours" if bare else "")
