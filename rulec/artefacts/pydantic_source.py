"""Facts in, the text of a Python module out: pydantic models of them, for a program that does not have rulec.

No word of the rules stands in it but inside `repr()`, and identifiers are letters, digits and `_`: rule text never runs
as code.
"""

from collections.abc import Iterator, Sequence

from rulec.artefacts.entities import Entity, needed, nested
from rulec.artefacts.identifiers import class_name, identifiers
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
    Slot,
    Text,
    Time,
    Type,
    YesNo,
)

HEAD = '''"""The facts of a rule set as pydantic models, made by `rulec build --target pydantic`. Do not edit."""

import datetime
import decimal
import typing

import pydantic


class _Facts(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(
        extra="forbid", validate_by_name=True, validate_by_alias=True, protected_namespaces=()
    )
'''


def source_for(slots: Sequence[Slot]) -> str:
    """A module with one class an entity, `Facts` last."""
    root = nested(slots)
    entities = list(_entities(root))
    named = identifiers_of(entities)
    return "\n".join([HEAD, *("\n".join(_class(entity, named)) for entity in entities)])


def identifiers_of(entities: Sequence[Entity]) -> dict[int, str]:
    """A class name for each entity, by identity; the root is `Facts`, no name comes twice."""
    used, named = {"Facts"}, {}
    for entity in entities:
        base = each = class_name(entity.key) if entity.key else "Facts"
        number = 2
        while entity.key and each in used:
            each, number = f"{base}{number}", number + 1
        used.add(each)
        named[id(entity)] = each
    return named


def _entities(entity: Entity) -> Iterator[Entity]:
    """An entity after those that it holds."""
    for _, member in entity.members:
        if isinstance(member, Entity):
            yield from _entities(member)
    yield entity


def _class(entity: Entity, named: dict[int, str]) -> Iterator[str]:
    yield f"\nclass {named[id(entity)]}(_Facts):"
    keys = [key for key, _ in entity.members]
    for identifier, (key, member) in zip(identifiers(keys), entity.members, strict=True):
        inner = named[id(member)] if isinstance(member, Entity) else _annotated(member)
        title = member.name if isinstance(member, Entity) else member.names[-1]
        settings = [f"alias={key!r}", f"title={title!r}"]
        if not needed(member):
            inner = f"typing.Optional[{inner}]"
            settings.append(f"default={None if isinstance(member, Entity) else _value(member.default)}")
        yield f"    {identifier}: {inner} = pydantic.Field({', '.join(settings)})"
    if not entity.members:
        yield "    pass"
    yield ""


def _annotated(slot: Slot) -> str:
    text = written_type(slot.type)
    if slot.bounds is None:
        return text
    ends = {"ge": slot.bounds.low, "le": slot.bounds.high}
    settings = ", ".join(f"{key}={_value(end)}" for key, end in ends.items() if end is not None)
    return f"typing.Annotated[{text}, pydantic.Field({settings})]"


def _value(value: object) -> str:
    """A value as Python text: every type that a fact is held in has a `repr` that reads back."""
    text = repr(value)
    return f"decimal.{text}" if text.startswith("Decimal(") else text


def written_type(type_: Type) -> str:
    """The Python type that holds a value, as text."""
    match type_:
        case YesNo():
            return "bool"
        case Number(whole):
            return "int" if whole else "decimal.Decimal"
        case Percentage() | Amount() | Quantity() | Rate() | Duration():
            return "decimal.Decimal"
        case Text():
            return "str"
        case Date():
            return "datetime.date"
        case DateTime():
            return "pydantic.AwareDatetime"
        case Time():
            return "datetime.time"
        case Choice(options):
            keys = ", ".join(repr(option.key) for option in options)
            return f"typing.Literal[{keys}]" if options else "str"
        case ListOf(item):
            return f"tuple[{written_type(item)}, ...]"
        case Record():
            return "dict[str, typing.Any]"
