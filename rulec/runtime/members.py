"""An object in, its members by name out: dicts, dataclasses and pydantic models give facts alike."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal

_NO_MEMBERS = (str, int, float, Decimal, date, time, list, tuple, type(None))  # what most values are: no members


class UnreadableError(ValueError):
    """An object that holds members failed to give them; the text says why."""


def members_of(given: object) -> Mapping[object, object] | None:
    """The members of a mapping, a dataclass instance or a pydantic model; None for anything else.

    A pydantic model gives them under its aliases, which are the keys of a generated one. UnreadableError: it failed.
    """
    if type(given) is dict or isinstance(given, _NO_MEMBERS):
        return given if isinstance(given, dict) else None
    try:
        if isinstance(given, Mapping):
            return dict(given)
        if is_dataclass(given) and not isinstance(given, type):
            return {field.name: getattr(given, field.name) for field in fields(given)}
        dump = None if isinstance(given, type) else getattr(given, "model_dump", None)
        dumped = dump(by_alias=True) if callable(dump) else None
        return dumped if isinstance(dumped, dict) else None
    except Exception as error:  # the code of a stranger: whatever it raises, it gives no facts
        raise UnreadableError(type(error).__name__) from None
