"""A raw number, amount, quantity, rate, percentage or duration in, an exact decimal out."""

import re
from datetime import time
from decimal import Context, Decimal
from typing import cast

from rulec.runtime.calculate import EXACT, decimals_in
from rulec.runtime.literals import Literal, Refusal, folded, scan_literal
from rulec.runtime.refused import ValueProblem, given_text
from rulec.runtime.shown import show_value
from rulec.runtime.types import Amount, Duration, Number, Percentage, Quantity, Rate
from rulec.runtime.units import convert_factor, decimals_of

Measure = Number | Percentage | Amount | Quantity | Rate | Duration

MOST_DIGITS = 34  # of a number, as in IEEE decimal128
_PRODUCT = Context(prec=200)  # more than the digits of a value and of a factor between units
_LONGEST_MEASURE = 200  # characters of a number with its unit
_PROGRAM_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")  # as a program writes a number
_SIGN = re.compile(r"[+\-−]\s*")
_PER_WRITTEN = re.compile(r"(/|(par|per)(?=\s))\s*")


def read_measure(type_: Measure, raw: object, language: str) -> Decimal:
    """The value in the unit of the type; a text is read as people of the language write it. Raises ValueProblem."""
    given = given_text(raw)
    if isinstance(raw, float):
        raise ValueProblem("E506" if abs(raw) < float("inf") else "E507", type_, given=given)
    if isinstance(raw, str):
        return _text(type_, raw.strip(), given, language)
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise ValueProblem("E505", type_, given=given)
    if isinstance(raw, int) and raw.bit_length() > 4 * MOST_DIGITS:
        raise ValueProblem("E515", type_, given=given)
    return _bare(type_, Decimal(raw), given, language)


def _text(type_: Measure, text: str, given: str, language: str) -> Decimal:
    if _PROGRAM_NUMBER.fullmatch(text):
        return _bare(type_, Decimal(text), given, language)
    sign = _SIGN.match(text)
    found = scan_literal(text, sign.end() if sign else 0, language) if len(text) <= _LONGEST_MEASURE else None
    if not isinstance(found, Literal):
        raise _unread(type_, found, given)
    rest = folded(text[found.end :].strip())
    is_bare = found.kind == "number" and not rest
    value = cast("Decimal", found.value) if is_bare else _stated(type_, found, rest, given)
    value = value.copy_negate() if sign and sign[0][0] != "+" else value
    return _bare(type_, value, given, language) if is_bare else _exact(type_, value, given)


def _unread(type_: Measure, found: Refusal | None, given: str) -> ValueProblem:
    """A text that is no literal, or not only one."""
    match found:
        case Refusal("E116"):
            return ValueProblem("E515", type_, given=given)
        case Refusal("E110" | "E117", readings):
            return ValueProblem("E516", type_, given=given, readings=", ".join(readings))
        case _:
            return ValueProblem("E505", type_, given=given)


def _bare(type_: Measure, raw: Decimal, given: str, language: str) -> Decimal:
    """A number without a unit: it has that of the type."""
    value = _exact(type_, raw, given)
    if isinstance(type_, Percentage) and value.copy_abs() > 1:
        low = show_value(type_, value.scaleb(-2, EXACT), language)
        raise ValueProblem("E508", type_, given=given, low=low, high=show_value(type_, value, language))
    return value


def _exact(type_: Measure, value: Decimal, given: str) -> Decimal:
    """The same value, if it is a finite number of at most MOST_DIGITS digits, whole where the type must be."""
    if not value.is_finite():
        raise ValueProblem("E507", type_, given=given)
    if not value:
        return Decimal(0)
    held = EXACT.create_decimal(value) if -MOST_DIGITS <= value.adjusted() < MOST_DIGITS else None
    if held is None or held != value:
        raise ValueProblem("E515", type_, given=given)
    must_be_whole = isinstance(type_, Duration) or (isinstance(type_, Number) and type_.whole)
    if must_be_whole and held != held.to_integral_value():
        raise ValueProblem("E514", type_, given=given)
    if isinstance(type_, Amount) and decimals_in(held) > (most := decimals_of(type_.currency)):
        raise ValueProblem("E529", type_, given=given, count=str(most))
    return held


def is_exact(value: Decimal, decimals: int) -> bool:
    """Whether a number is surely finite, of few digits, and of at most that many decimals."""
    return (
        value.is_finite()
        and -MOST_DIGITS <= value.adjusted() < MOST_DIGITS
        and len(str(value)) < MOST_DIGITS
        and (decimals >= MOST_DIGITS or decimals_in(value) <= decimals)
    )


def _stated(type_: Measure, found: Literal, rest: str, given: str) -> Decimal:
    """A literal with its unit, in the unit of the type. `rest`: what follows it, a unit that only the rules know."""
    value = found.value
    match type_, found.kind:
        case Quantity(unit), "number" if rest == folded(unit):
            return cast("Decimal", value)
        case Rate(of, per), _ if rest and _PER_WRITTEN.sub("", rest, count=1) == folded(per):
            return _stated(of, found, "", given)
        case _ if rest:
            raise ValueProblem("E505", type_, given=given)
        case Percentage(), "percentage" | "points":
            return cast("Decimal", value)
        case Amount(), "amount":
            return _amount(type_, found, given)
        case Quantity(unit), "quantity":
            return _converted(type_, cast("Decimal", value), convert_factor(found.unit, unit), given)
        case Rate(), "rate":
            return _rate(type_, found, given)
        case Duration(unit), "duration":
            return _converted(type_, cast("Decimal", value), Decimal(1) if found.unit == unit else None, given)
        case Duration("second"), "time":  # « 2 h » by itself is a time of day
            clock = cast("time", value)
            return Decimal(clock.hour * 3600 + clock.minute * 60)
        case _:
            raise ValueProblem("E505", type_, given=given)


def _amount(type_: Amount, found: Literal, given: str) -> Decimal:
    if found.unit != type_.currency:
        raise ValueProblem("E511", type_, given=given, given_unit=found.unit)
    if found.tax not in ("", type_.kind):
        raise ValueProblem("E512", type_, given=given)
    return cast("Decimal", found.value)


def _rate(type_: Rate, found: Literal, given: str) -> Decimal:
    """A rate of the same currency or of a unit that converts, per a unit that converts."""
    of, _, per = found.unit.partition("/")
    own, kind = (type_.of.currency, type_.of.kind) if isinstance(type_.of, Amount) else (type_.of.unit, "")
    if found.tax not in ("", kind):
        raise ValueProblem("E512", type_, given=given)
    above, below = convert_factor(of, own), convert_factor(type_.per, per)
    value = _converted(type_, cast("Decimal", found.value), above, given)
    return _converted(type_, value, below, given)


def _converted(type_: Measure, value: Decimal, factor: Decimal | None, given: str) -> Decimal:
    """The value times a factor, exactly; None: the units do not convert."""
    if factor is None:
        raise ValueProblem("E513", type_, given=given)
    return _PRODUCT.multiply(value, factor)
