"""How pydantic models of facts read what people write: « 620 € », « 10 % », « oui », ISO dates.

This text is pasted into each module that `pydantic_source` writes, so that a program needs pydantic alone. Units are
not converted, and dates are not read in words: a program that needs these uses rulec itself.
"""

import datetime
import decimal
import re
import typing
import unicodedata
from collections.abc import Callable, Mapping

import pydantic

_Reader: typing.TypeAlias = Callable[[object, pydantic.ValidationInfo], object]
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_SPOKEN = {
    "fr": re.compile(r"[+-]?([0-9]{1,3}([ \u00a0\u202f][0-9]{3})+(,[0-9]+)?|[0-9]+(,[0-9]+|\.(?![0-9]{3}$)[0-9]+)?)"),
    "en": re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|[0-9]+(\.[0-9]+)?)"),
}
_SAID = {"oui": True, "vrai": True, "yes": True, "true": True, "non": False, "faux": False, "no": False, "false": False}
_DOUBT = ("in doubt", "in_doubt", "dans le doute")
_MOST_DIGITS = 34
_SAFE_DIGITS = 15  # decimal digits that a binary number always keeps
_EXACT = decimal.Context(prec=_MOST_DIGITS)


class _Facts(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(
        extra="forbid", validate_by_name=True, validate_by_alias=True, protected_namespaces=()
    )


def _refusal(raw: object, expected: str) -> ValueError:
    return ValueError(f"{str(raw)[:60]!r}: {expected}")


def folded_words(text: str) -> str:
    """Lower case, without accents, single spaces."""
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).split())


def _reads_said(expected: str, said: Mapping[str, object]) -> _Reader:
    """One of the values said by these folded words; a value itself is not read again."""

    def read(raw: object, info: pydantic.ValidationInfo) -> object:
        if raw is None:
            return None
        if isinstance(raw, str) and folded_words(raw) in said:
            return said[folded_words(raw)]
        if isinstance(raw, bool) and raw in said.values():
            return raw
        raise _refusal(raw, expected)

    return read


def _or_in_doubt(reader: _Reader | None) -> _Reader:
    """The answer of a judgement, or that it is in doubt."""

    def read(raw: object, info: pydantic.ValidationInfo) -> object:
        if isinstance(raw, str) and folded_words(raw) in _DOUBT:
            return "in_doubt"
        return raw if reader is None else reader(raw, info)

    return read


def _reads_iso(expected: str, form: type[datetime.date | datetime.time]) -> _Reader:
    """A date, date-time or time of day: itself, or its ISO text."""

    def read(raw: object, info: pydantic.ValidationInfo) -> object:
        if raw is None or type(raw) is form:
            return raw
        try:
            return form.fromisoformat(str(raw) if isinstance(raw, str) else "")
        except ValueError:
            raise _refusal(raw, expected) from None

    return read


def _reads_number(expected: str, language: str, units: tuple[str, ...] = (), percent: bool = False) -> _Reader:
    """An exact number, with one of these units after it (or a sign before it) or without any."""

    def read(raw: object, info: pydantic.ValidationInfo) -> object:
        if raw is None:
            return None
        value, has_unit = _number(raw, info.mode == "json", language, units)
        if value is None or not value.is_finite() or (percent and not has_unit and value.copy_abs() > 1):
            raise _refusal(raw, expected)
        value = value.scaleb(-2, _EXACT) if percent and has_unit else value
        if _EXACT.create_decimal(value) != value:
            raise _refusal(raw, expected)
        return value

    return read


def _number(raw: object, is_json: bool, language: str, units: tuple[str, ...]) -> tuple[decimal.Decimal | None, bool]:
    """The number, None where there is none, and whether a unit came with it."""
    if isinstance(raw, float) and is_json:  # a number of a JSON text: what its author wrote, if no digit can be lost
        written = decimal.Decimal(repr(raw))
        return (written if len(written.as_tuple().digits) <= _SAFE_DIGITS else None), False
    if isinstance(raw, int | decimal.Decimal) and not isinstance(raw, bool):
        return decimal.Decimal(raw), False
    if not isinstance(raw, str):
        return None, False
    if _PLAIN.fullmatch(raw.strip()):
        return decimal.Decimal(raw.strip()), False
    text, has_unit = _without_unit(raw.strip(), units)
    if not _SPOKEN[language].fullmatch(text):
        return None, has_unit
    plain = re.sub("[ \u00a0\u202f]", "", text)
    plain = plain.replace(",", ".") if language == "fr" else plain.replace(",", "")
    return decimal.Decimal(plain), has_unit


def _without_unit(text: str, units: tuple[str, ...]) -> tuple[str, bool]:
    """The text without its unit, the longest that fits, and whether there was one."""
    plain = text.replace("\u00a0", " ")
    for unit in sorted(units, key=len, reverse=True):
        if plain[-len(unit) :].casefold() == unit.casefold():
            return text[: -len(unit)].rstrip(), True
        if plain.startswith(unit):
            return text[len(unit) :].lstrip(), True
    return text, False
