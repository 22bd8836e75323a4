"""Values in, Python text out: rule text becomes a literal, never code."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal


def python_text(value: object) -> str:
    """The value as a Python expression, under the names that `runtime` imports. TypeError: no value of the runtime."""
    match value:
        case None | bool() | int() | str():
            return repr(value)
        case Decimal():
            return f"Decimal({str(value)!r})"
        case datetime():
            return f"datetime.fromisoformat({value.isoformat()!r})"
        case date():
            return f"date({value.year}, {value.month}, {value.day})"
        case time():
            return f"time.fromisoformat({value.isoformat()!r})"
        case tuple():
            return "(" + "".join(f"{python_text(item)}, " for item in value) + ")"
        case frozenset():
            return f"frozenset(({''.join(f'{item!r}, ' for item in sorted(value))}))"
        case dict():
            return "{" + "".join(f"{python_text(key)}: {python_text(item)}, " for key, item in value.items()) + "}"
        case _ if is_dataclass(value) and not isinstance(value, type):
            members = (f"{each.name}={python_text(getattr(value, each.name))}" for each in fields(value))
            return f"{type(value).__name__}({', '.join(members)})"
        case _:
            raise TypeError(f"{type(value).__name__} is no value of the runtime")
