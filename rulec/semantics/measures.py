"""The words of a type in, a type out; a literal in, its value as a type holds it out, or why it has none."""

from decimal import Decimal
from typing import cast

from rulec.runtime import types as t
from rulec.runtime.calculate import decimals_in, exact_mul
from rulec.runtime.literals import Literal, scan_literal
from rulec.runtime.plain import Plain, plain
from rulec.runtime.units import convert_factor, decimals_of


def measure(words: str, language: str) -> t.Type | None:
    """The type that « € HT », « kg », « € par km », « jours » name; None where the words are no unit."""
    text = f"1 {words.strip()}"
    found = scan_literal(text, 0, language)
    return type_of(found) if isinstance(found, Literal) and found.end == len(text) else None


def type_of(literal: Literal) -> t.Type:
    """The type that a literal is of by itself."""
    match literal.kind:
        case "percentage" | "points":
            return t.Percentage()
        case "amount":
            return t.Amount(literal.unit, literal.tax)
        case "quantity":
            return t.Quantity(literal.unit)
        case "rate":
            of, _, per = literal.unit.partition("/")
            return t.Rate(t.Amount(of, literal.tax) if of.isupper() and len(of) == 3 else t.Quantity(of), per)
        case "date":
            return t.Date()
        case "datetime":
            return t.DateTime()
        case "time":
            return t.Time()
        case "duration":
            return t.Duration(literal.unit)
        case _:
            return t.Number()


@plain
class Misfit(Plain):
    """Why a literal is no value of a type: a diagnostic code, and what to write instead ("" unknown)."""

    code: str
    instead: str = ""


def held(literal: Literal, wanted: t.Type) -> object | Misfit:
    """The literal's value as `wanted` holds it."""
    match wanted, literal.kind:
        case t.Number(whole), "number":
            value = cast(Decimal, literal.value)
            return Misfit("E306") if whole and value != value.to_integral_value() else value
        case t.Percentage(), "percentage" | "points":
            return literal.value
        case t.Number(whole), "points":  # « 10 points » of a score
            points = exact_mul(Decimal(str(literal.value)), Decimal(100))
            round_points = points.to_integral_value()
            return round_points if points == round_points else Misfit("E306") if whole else points
        case t.Percentage(), "number":
            return Misfit("E303", f"{literal.value:f} %")
        case t.Amount(), "amount":
            return _amount(literal, wanted)
        case t.Quantity(unit), "quantity":
            factor = convert_factor(literal.unit, unit)
            return Misfit("E301") if factor is None else exact_mul(Decimal(str(literal.value)), factor)
        case t.Rate(), "rate":
            return literal.value if comparable(type_of(literal), wanted) else Misfit("E301")
        case t.Date(), "date":
            return literal.value
        case t.DateTime(), "datetime":
            return literal.value
        case t.Time(), "time":
            return literal.value
        case t.Duration(unit), "duration":
            return literal.value if literal.unit == unit else Misfit("E308")
        case t.Duration("second"), "time":  # « 2 h » is a time of day, and a duration
            return _hours(literal)
        case t.Amount() | t.Quantity() | t.Rate() | t.Duration(), "number":
            return Misfit("E304")
        case _:
            return Misfit("E301")


def _amount(literal: Literal, wanted: t.Amount) -> object | Misfit:
    if literal.unit != wanted.currency:
        return Misfit("E307")
    if literal.tax and wanted.kind and literal.tax != wanted.kind:
        return Misfit("E305")
    return literal.value


def _hours(literal: Literal) -> Decimal:
    moment = literal.value
    return Decimal(moment.hour * 3600 + moment.minute * 60)  # type: ignore[attr-defined]  # a time, by its kind


def comparable(left: t.Type, right: t.Type) -> bool:
    """Whether two values may stand on the two sides of a comparison, units converted."""
    match left, right:
        case t.Amount(one, kind), t.Amount(other, tax):
            return one == other and (kind == tax or not kind or not tax)
        case t.Quantity(one), t.Quantity(other):
            return convert_factor(one, other) is not None
        case t.Rate(t.Amount() as one, per), t.Rate(t.Amount() as other, unit):
            return per == unit and comparable(one, other)
        case t.Number(), t.Number():
            return True
        case ((t.Date() | t.DateTime()), (t.Date() | t.DateTime())):
            return True
        case t.Choice(), t.Choice():
            return {option.key for option in left.options} == {option.key for option in right.options}
        case _:
            return left == right


def ordered(kind: t.Type) -> bool:
    """Whether values of a type are more or less than each other."""
    return not isinstance(kind, t.YesNo | t.Text | t.Choice | t.ListOf | t.Record)


def additive(kind: t.Type) -> bool:
    """Whether values of a type add up."""
    return isinstance(kind, t.Number | t.Percentage | t.Amount | t.Quantity | t.Duration)


def too_many_decimals(value: object, kind: t.Type) -> int | None:
    """How many decimals the currency of an amount has, where the amount has more; None where it can be paid."""
    if not isinstance(kind, t.Amount) or not isinstance(value, Decimal):
        return None
    most = decimals_of(kind.currency)
    return most if decimals_in(value) > most else None


def per_unit(per: str, kind: t.Type) -> Decimal | None:
    """How many of the unit of a type make one of what a rate is per; None where it is not measured so."""
    match kind:
        case t.Quantity(unit):
            return convert_factor(per, unit)
        case t.Duration("second") if per == "h":
            return Decimal(3600)
        case t.Duration("month") if per == "year":
            return Decimal(12)
        case t.Duration(unit) if per == unit:
            return Decimal(1)
        case _:
            return None
