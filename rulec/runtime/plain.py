"""Dataclasses that are cheap to make: a kind gets its fields and its `__init__` when it is first used."""

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields
from operator import attrgetter
from threading import RLock
from typing import Any, TypeVar, dataclass_transform

C = TypeVar("C")
P = TypeVar("P", bound="Plain")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def plain(kind: type[P]) -> type[P]:
    """A dataclass of fields alone.

    Every start makes some hundred classes and uses few, and a frozen dataclass with slots takes long to make.
    That nothing changes is checked by types alone.
    """
    return _made_later(kind)


@dataclass_transform(field_specifiers=(field,))
def changing(kind: type[C]) -> type[C]:
    """A dataclass whose fields may change: each is itself alone."""
    return _made_later(kind)


class Plain:
    """Equal by kind and fields, hashed and shown alike."""

    def _told(self) -> object:
        kind = type(self)
        told = _TOLD.get(kind) or _TOLD.setdefault(kind, _teller(kind))
        return told(self)

    def __eq__(self, other: object) -> bool:
        return self is other or (
            type(self) is type(other) and isinstance(other, Plain) and self._told() == other._told()
        )

    def __hash__(self) -> int:
        return hash((type(self), self._told()))

    def __repr__(self) -> str:
        shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)  # type: ignore[arg-type]  # every kind is a dataclass
        return f"{type(self).__name__}({', '.join(shown)})"


_TOLD: dict[type, Callable[[object], object]] = {}


def _teller(kind: type) -> Callable[[object], object]:
    """What gives the fields that count for equality, found once a kind."""
    names = [each.name for each in fields(kind) if each.compare]
    return attrgetter(*names) if names else lambda _: ()


def changed(value: P, **new: object) -> P:
    """As `dataclasses.replace`, of a kind without cached properties, and as many times quicker as it has fields."""
    made = object.__new__(type(value))
    made.__dict__.update(value.__dict__, **new)
    return made


def ready(kind: type[C]) -> type[C]:
    """The kind, its fields known: what makes one without its `__init__` (pickle, a copy) needs that first."""
    fields(kind)  # type: ignore[arg-type]  # every kind is a dataclass
    return kind


class _Later:
    """Stands for the fields of a kind until something asks for them."""

    def __get__(self, _: object, kind: type) -> Any:
        with _MAKING:
            # the first of them makes those above it; of a kind that another thread has made since, none is left
            for each in (each for each in kind.__mro__ if each.__dict__.get("__dataclass_fields__") is self):
                dataclass(init=False, eq=False, repr=False)(each)
        return kind.__dataclass_fields__  # type: ignore[attr-defined]  # made above


_LATER = _Later()
_MAKING = RLock()  # two threads may use a kind for the first time


def _made_later(kind: type[C]) -> type[C]:
    def __init__(self: Any, *args: object, **named: object) -> None:  # noqa: N807 - it is one
        with _MAKING:
            if kind.__init__ is __init__:  # of this very kind
                kind.__init__ = _init_of(kind)  # type: ignore[method-assign]
        kind.__init__(self, *args, **named)

    kind.__init__ = __init__  # type: ignore[method-assign]
    kind.__dataclass_fields__ = _LATER  # type: ignore[attr-defined]
    return kind


def _init_of(kind: type) -> Callable[..., None]:
    """The method that takes the fields, as `dataclass` would write it."""
    given, kept = ["self"], []
    values: dict[str, Any] = {"MISSING": MISSING}
    for each in sorted((each for each in fields(kind) if each.init), key=lambda each: each.kw_only is True):
        if each.kw_only and "*" not in given:
            given.append("*")
        given.append(each.name + _default(each, values))
        kept.append(f" self.{each.name} = " + _value(each))
    if hasattr(kind, "__post_init__"):
        kept.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(given)}):\n" + ("\n".join(kept) or " pass"), values)
    init: Callable[..., None] = values["__init__"]
    return init


def _default(each: "Field[Any]", values: dict[str, Any]) -> str:
    """What follows the name of a field in the parentheses."""
    if each.default is not MISSING:
        values[f"_{each.name}"] = each.default
        return f"=_{each.name}"
    if each.default_factory is not MISSING:
        values[f"_{each.name}"] = each.default_factory
        return "=MISSING"
    return ""


def _value(each: "Field[Any]") -> str:
    if each.default_factory is MISSING:
        return each.name
    return f"_{each.name}() if {each.name} is MISSING else {each.name}"
