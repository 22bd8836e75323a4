"""Facts in, the text of a Python module out: pydantic models of them, for a program that does not have rulec.

No word of the rules stands in it but inside `repr()`, and identifiers are letters, digits and `_`: rule text never runs
as code.
"""

import inspect
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rulec.artefacts import pydantic_reading
from rulec.artefacts.entities import Entity, needed, nested
from rulec.artefacts.identifiers import class_name, identifiers
from rulec.runtime.shown import SPACE, expected, show_value, unit_name
from rulec.runtime.types import (
    IN_DOUBT_KEY,
    Amount,
    Bounds,
    Choice,
    Date,
    DateTime,
    Duration,
    ListOf,
    Number,
    Option,
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
from rulec.source import Language

Single = (
    YesNo | Number | Percentage | Amount | Quantity | Rate | Text | Date | DateTime | Time | Duration | Choice | Record
)
HEAD = "# Made by `rulec build --target pydantic`: do not edit.\n\n"


def source_for(slots: Sequence[Slot], language: Language = "fr") -> str:
    """A module with one class an entity, `Facts` last."""
    entities = list(_entities(nested(slots)))
    named = identifiers_of(entities)
    head = HEAD + inspect.getsource(pydantic_reading)
    return "\n".join([head, *("\n".join(_class(entity, named, language)) for entity in entities)])


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
    for element in entity.elements.values():
        yield from _entities(element)
    yield entity


def _class(entity: Entity, named: dict[int, str], language: Language) -> Iterator[str]:
    yield f"\nclass {named[id(entity)]}(_Facts):"
    keys = [key for key, _ in entity.members]
    for identifier, (key, member) in zip(identifiers(keys), entity.members, strict=True):
        if isinstance(member, Entity):
            inner = named[id(member)] if needed(member) else f"typing.Optional[{named[id(member)]}]"
            title, default = member.name, "None"
        else:
            element = entity.elements.get(key)
            inner = _listed(member, named[id(element)]) if element else _annotated(member, language)
            title = member.names[-1]
            default = _value(member.default, member.type)
        given = "" if needed(member) else f", default={default}"
        yield f"    {identifier}: {inner} = pydantic.Field(alias={key!r}, title={title!r}{given})"
    if not entity.members:
        yield "    pass"
    yield ""


def _listed(slot: Slot, element: str) -> str:
    text = f"tuple[{element}, ...]"
    return text if needed(slot) else f"typing.Optional[{text}]"


def _annotated(slot: Slot, language: Language) -> str:
    """The annotation of a fact: the type that holds it within its bounds, or None, and what reads it."""
    if isinstance(slot.type, ListOf):
        text, reader = written_type(slot.type, language), ""
    else:
        text, reader = _held(slot.type), _reader(slot.type, language)
        text = f"typing.Annotated[{text}, {_bounds(slot.type, slot.bounds)}]" if slot.bounds else text
    if slot.judged:
        text = f"typing.Union[{text}, typing.Literal[{IN_DOUBT_KEY!r}]]"
        reader = f"_or_in_doubt({reader or None})"
    text = text if needed(slot) else f"typing.Optional[{text}]"
    return f"typing.Annotated[{text}, pydantic.BeforeValidator({reader})]" if reader else text


def _bounds(type_: Type, bounds: Bounds) -> str:
    ends = {"ge": bounds.low, "le": bounds.high}
    settings = ", ".join(f"{key}={_end(end, key, type_)}" for key, end in ends.items() if end is not None)
    return f"pydantic.Field({settings})"


def _end(end: Decimal, key: str, type_: Type) -> str:
    """A bound as text; of whole numbers, the last whole one inside."""
    if type_ == Number(whole=True):
        return str(math.ceil(end) if key == "ge" else math.floor(end))
    return _value(end)


def _value(value: object, type_: Type | None = None) -> str:
    """A value as Python text: every type that a fact is held in has a `repr` that reads back."""
    if isinstance(value, tuple):
        return f"({''.join(f'{_value(each)}, ' for each in value)})"
    if isinstance(value, Decimal):
        return str(int(value)) if type_ == Number(whole=True) else f"decimal.{value!r}"
    return repr(value)


def written_type(type_: Type, language: Language) -> str:
    """The Python type that holds a value, and what reads it, as text."""
    if isinstance(type_, ListOf):
        return f"tuple[{written_type(type_.item, language)}, ...]"
    held, reader = _held(type_), _reader(type_, language)
    return f"typing.Annotated[{held}, pydantic.BeforeValidator({reader})]" if reader else held


def _reader(type_: Single, language: Language) -> str:
    """The call that makes the reader of a type; "" where pydantic reads it as it is."""
    wanted = expected(type_, language)
    match type_:
        case YesNo():
            return f"_reads_said({wanted!r}, _SAID)"
        case Choice(options) if options:
            said = _said(options)
            return f"_reads_said({wanted!r}, {said!r})"
        case Number() | Percentage() | Amount() | Quantity() | Rate() | Duration():
            percent = ", percent=True" if isinstance(type_, Percentage) else ""
            return f"_reads_number({wanted!r}, {language!r}, {written_units(type_, language)!r}{percent})"
        case Date() | DateTime() | Time():
            form = {Date: "date", DateTime: "datetime", Time: "time"}[type(type_)]
            return f"_reads_iso({wanted!r}, datetime.{form})"
        case Text() | Choice() | Record():
            return ""


def _said(options: Sequence[Option]) -> dict[str, str]:
    """What is said for each option: its key, and its label where no other option may be meant."""
    labels = [pydantic_reading.folded_words(option.label) for option in options]
    counts = Counter(labels)
    said = {label: option.key for label, option in zip(labels, options, strict=True) if counts[label] == 1}
    return said | {pydantic_reading.folded_words(option.key): option.key for option in options}


def written_units(
    type_: Number | Percentage | Amount | Quantity | Rate | Duration, language: Language
) -> tuple[str, ...]:
    """What may stand beside a number of the type, spaces plain."""
    found: tuple[str, ...] = ()
    match type_:
        case Number():
            pass
        case Amount(currency):
            sign, taxed = unit_name(Amount(currency), language), unit_name(type_, language)
            found = (sign, currency, taxed, taxed.replace(sign, currency))
        case Rate(of, per):
            found = (unit_name(type_, language), f"{unit_name(of, language)}/{per}")
        case Percentage() | Quantity() | Duration():
            found = tuple(show_value(type_, Decimal(count), language).strip("0123456789") for count in (1, 2))
    return tuple(dict.fromkeys(each.replace(SPACE, " ").strip() for each in found))


def _held(type_: Single) -> str:
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
        case Record():
            return "dict[str, typing.Any]"
