"""A value and its type in, text out: as a person writes it, as JSON data, and what a type expects in words.

What `show_value` writes, `read_value` reads back, but an empty list and texts that hold a comma inside a list.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import cast

from rulec.runtime.calculate import EXACT
from rulec.runtime.types import (
    Amount,
    Choice,
    Date,
    DateTime,
    Duration,
    ListOf,
    Number,
    Percentage,
    Quantity,
    Rate,
    Record,
    Text,
    Time,
    Type,
    YesNo,
)
from rulec.runtime.units import CURRENCY_SIGNS, MONTH_NAMES

SPACE = "\u00a0"  # inside a number, and before € or %
MOST_OPTIONS = 20  # options listed in a sentence

_YES_NO = {"fr": ("non", "oui"), "en": ("no", "yes")}
_SIGNS = {code: sign for sign, code in CURRENCY_SIGNS.items()}
_TAX = {
    "fr": {"": "", "net": f"{SPACE}HT", "gross": f"{SPACE}TTC"},
    "en": {"": "", "net": " excl. VAT", "gross": " incl. VAT"},
}
_PER_SHOWN = {
    "fr": {"h": "heure", "day": "jour", "month": "mois", "year": "an"},
    "en": {"h": "hour", "day": "day", "month": "month", "year": "year"},
}
_PER_WORD = {"fr": "par", "en": "per"}
_SPANS = {  # unit of a duration → for one, for several
    "fr": {
        "day": ("jour", "jours"), "month": ("mois", "mois"), "working_day": ("jour ouvré", "jours ouvrés"),
        "business_day": ("jour ouvrable", "jours ouvrables"), "hour": ("heure", "heures"),
        "minute": ("minute", "minutes"), "second": ("seconde", "secondes"),
    },
    "en": {
        "day": ("day", "days"), "month": ("month", "months"), "working_day": ("working day", "working days"),
        "business_day": ("working day including Saturdays", "working days including Saturdays"),
        "hour": ("hour", "hours"), "minute": ("minute", "minutes"), "second": ("second", "seconds"),
    },
}  # fmt: skip

_EXPECTED = {
    "fr": {
        "yes": "oui ou non", "number": "un nombre", "whole": "un nombre entier", "percentage": "un pourcentage",
        "amount": "un montant en {unit}", "quantity": "une quantité en {unit}", "rate": "un tarif en {unit}",
        "text": "un texte", "date": "une date", "moment": "une date et une heure avec leur fuseau",
        "time": "une heure", "duration": "une durée en {unit}", "choice": "une de ces valeurs : {options}",
        "list": "une liste, chaque élément étant {item}", "record": "un objet (des clés et leurs valeurs)",
        "example": "{what}, par exemple « {example} »", "more": "… ({count} en tout)",
    },
    "en": {
        "yes": "a yes or no", "number": "a number", "whole": "a whole number", "percentage": "a percentage",
        "amount": "an amount in {unit}", "quantity": "a quantity in {unit}", "rate": "a rate in {unit}",
        "text": "a text", "date": "a date", "moment": "a date and time with its zone",
        "time": "a time of day", "duration": "a duration in {unit}", "choice": "one of: {options}",
        "list": "a list, each item being {item}", "record": "an object (keys and their values)",
        "example": '{what}, for example "{example}"', "more": "… ({count} in all)",
    },
}  # fmt: skip


def show_value(type_: Type, value: object, language: str) -> str:
    """The value as a person writes it in "fr" or "en": « 1 234,50 € », « 10 % », « 1er mars 2026 »."""
    match type_:
        case YesNo():
            return _YES_NO[language][bool(value)]
        case Number() | Percentage() | Amount() | Quantity() | Rate() | Duration():
            return _measure(type_, cast("Decimal", value), language)
        case Text():
            return str(value)
        case Record(_, attributes):
            held, colon = cast("Mapping[str, object]", value), " : " if language == "fr" else ": "
            shown = (
                f"{slot.names[-1]}{colon}{show_value(slot.type, held[slot.path], language)}"
                for slot in attributes
                if slot.path in held
            )
            return f"({', '.join(shown)})"
        case Date():
            return _day(cast("date", value), language)
        case DateTime():
            return _moment_shown(cast("datetime", value), language)
        case Time():
            return _clock_time(cast("time", value), language)
        case Choice(options):
            return next((option.label for option in options if option.key == value), str(value))
        case ListOf(item):
            return ", ".join(show_value(item, each, language) for each in cast("tuple[object, ...]", value))


def _measure(type_: Number | Percentage | Amount | Quantity | Rate | Duration, value: Decimal, language: str) -> str:
    match type_:
        case Number():
            return show_number(value, language)
        case Percentage():
            return show_number(value.scaleb(2, EXACT), language) + (f"{SPACE}%" if language == "fr" else "%")
        case Amount(currency, kind):
            return _money_shown(value, currency, language) + _TAX[language][kind]
        case Quantity(unit):
            return f"{show_number(value, language)} {unit}"
        case Rate(of, per):
            return f"{_measure(of, value, language)} {_PER_WORD[language]} {_PER_SHOWN[language].get(per, per)}"
        case Duration(unit):
            return _span(value, unit, language)


def show_number(value: Decimal, language: str, places: int = 0) -> str:
    """The number in groups of three, all its digits kept; where it is not whole, with at least `places` decimals."""
    whole, _, fraction = format(value.copy_abs(), ",f").partition(".")
    fraction = fraction.rstrip("0")
    fraction = fraction.ljust(places, "0") if fraction else ""
    group, point = (SPACE, ",") if language == "fr" else (",", ".")
    sign = "-" if value < 0 else ""
    return sign + whole.replace(",", group) + (point + fraction if fraction else "")


def _money_shown(value: Decimal, currency: str, language: str) -> str:
    number, sign = show_number(value, language, places=2), _SIGNS.get(currency, "")
    if language == "en" and sign:
        return number.replace("-", f"-{sign}") if value < 0 else sign + number
    return f"{number}{SPACE}{sign or currency}"


def _span(value: Decimal, unit: str, language: str) -> str:
    """A duration in its unit; seconds as whole hours or minutes where they are."""
    for larger, seconds in (("hour", 3600), ("minute", 60)):
        if unit == "second" and value and EXACT.remainder(value, Decimal(seconds)) == 0:
            unit, value = larger, EXACT.divide(value, Decimal(seconds))
    size = value.copy_abs()
    many = size >= 2 if language == "fr" else size != 1
    return f"{show_number(value, language)} {_SPANS[language][unit][many]}"


def _day(day: date, language: str) -> str:
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number} {MONTH_NAMES[language][day.month - 1]} {day.year:04d}"


def _moment_shown(moment: datetime, language: str) -> str:
    there = moment.replace(tzinfo=None)
    offset = moment.isoformat()[len(there.isoformat()) :]
    at = "à" if language == "fr" else "at"
    return f"{_day(there, language)} {at} {_clock_time(there.time(), language)} ({offset})"


def _clock_time(clock: time, language: str) -> str:
    if clock.second or clock.microsecond:
        return clock.isoformat()
    if language == "en":
        return clock.isoformat("minutes")
    return f"{clock.hour} h {clock.minute:02d}" if clock.minute else f"{clock.hour} h"


def dump_value(type_: Type, value: object) -> object:
    """The value as plain JSON data: decimals as text without exponent, equal values alike; dates and times ISO."""
    match type_:
        case YesNo():
            return bool(value)
        case Number() | Percentage() | Amount() | Quantity() | Rate() | Duration():
            return plain_number(cast("Decimal", value))
        case Text() | Choice():
            return str(value)
        case Date() | DateTime() | Time():
            return cast("date | time", value).isoformat()
        case ListOf(item):
            return [dump_value(item, each) for each in cast("tuple[object, ...]", value)]
        case Record(_, attributes):
            held = cast("Mapping[str, object]", value)
            return {slot.path: dump_value(slot.type, held[slot.path]) for slot in attributes if slot.path in held}


def plain_number(value: Decimal) -> str:
    """The decimal without exponent and without zeros that say nothing: 1E+3 → "1000", 0.10 → "0.1"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def expected(type_: Type, language: str, as_data: bool = False) -> str:
    """What a value of the type looks like, in words: « un montant en €, par exemple « 620 € » »; or « 620 » as data."""
    words = _EXPECTED[language]
    match type_:
        case YesNo():
            return words["yes"]
        case Text():
            return words["text"]
        case Choice(options):
            listed = ", ".join(option.label for option in options[:MOST_OPTIONS])
            more = f" {words['more'].format(count=len(options))}" if len(options) > MOST_OPTIONS else ""
            return words["choice"].format(options=listed + more) if options else words["text"]
        case ListOf(item):
            return words["list"].format(item=expected(item, language, as_data))
        case Record():
            return words["record"]
        case _:
            kind, value = _example(type_)
            what = words[kind].format(unit=unit_name(type_, language))
            is_spoken = not as_data or isinstance(type_, Percentage)
            example = show_value(type_, value, language) if is_spoken else dump_value(type_, value)
            return words["example"].format(what=what, example=example)


def _example(
    type_: Number | Percentage | Amount | Quantity | Rate | Duration | Date | DateTime | Time,
) -> tuple[str, object]:
    """The key of a type's words, and a value of it."""
    match type_:
        case Number(whole):
            return ("whole", Decimal(12)) if whole else ("number", Decimal("12.5"))
        case Percentage():
            return "percentage", Decimal("0.1")
        case Amount():
            return "amount", Decimal(620)
        case Quantity():
            return "quantity", Decimal(5)
        case Rate():
            return "rate", Decimal("0.5")
        case Duration(unit):
            return "duration", Decimal(7200 if unit == "second" else 30)
        case Date():
            return "date", date(2026, 3, 1)
        case DateTime():
            return "moment", datetime.fromisoformat("2026-03-01T18:30+01:00")
        case Time():
            return "time", time(18, 30)


def unit_name(type_: Type, language: str) -> str:
    """The unit of a type as it is written: « € HT », « kg », « € par km », « jours »; "" for a type without."""
    match type_:
        case Amount(currency, kind):
            return _SIGNS.get(currency, currency) + _TAX[language][kind]
        case Quantity(unit):
            return unit
        case Rate(of, per):
            return f"{unit_name(of, language)} {_PER_WORD[language]} {_PER_SHOWN[language].get(per, per)}"
        case Duration(unit):
            return _SPANS[language][unit][1]
        case _:
            return ""
