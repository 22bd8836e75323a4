"""Frozen dataclasses that are cheap to make: their methods are those of `Plain`, written once."""

from dataclasses import dataclass, field, fields
from typing import TypeVar, dataclass_transform

P = TypeVar("P", bound="Plain")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def plain(kind: type[P]) -> type[P]:
    """A dataclass of fields alone.

    Every start makes some hundred classes, and a frozen dataclass with slots takes five times as long to make.
    That nothing changes is checked by types alone.
    """
    return dataclass(eq=False, repr=False)(kind)


class Plain:
    """Equal by kind and fields, hashed and shown alike."""

    def _told(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in _compared(type(self)))

    def __eq__(self, other: object) -> bool:
        return self is other or (
            type(self) is type(other) and isinstance(other, Plain) and self._told() == other._told()
        )

    def __hash__(self) -> int:
        return hash((type(self), self._told()))

    def __repr__(self) -> str:
        shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)  # type: ignore[arg-type]  # every kind is a dataclass
        return f"{type(self).__name__}({', '.join(shown)})"


_COMPARED: dict[type, tuple[str, ...]] = {}


def _compared(kind: type) -> tuple[str, ...]:
    """The names of the fields that count for equality, found once a kind."""
    names = _COMPARED.get(kind)
    if names is None:
        names = _COMPARED[kind] = tuple(each.name for each in fields(kind) if each.compare)
    return names
