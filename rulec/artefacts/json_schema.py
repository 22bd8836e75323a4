"""Facts in, their JSON Schema out (draft 2020-12): nested by entity, decimals as strings or numbers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rulec.artefacts.entities import Entity, entity_of, nested
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
from rulec.runtime.values import dump_value, expected
from rulec.source import Language

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WHOLE = r"^-?[0-9]+$"
DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"
RATE = r"^-?[0-9]+(\.[0-9]+)?( ?%)?$"
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"
Schema = dict[str, Any]


def json_schema(slots: Sequence[Slot], language: Language) -> Schema:
    """The schema of complete facts, under their keys."""
    return {"$schema": DIALECT, **_entity(nested(slots), language)}


def element_schema(record: Record, language: Language) -> Schema:
    """The schema of a complete element of a list."""
    return _entity(entity_of(record), language)


def _entity(entity: Entity, language: Language) -> Schema:
    properties = {
        key: _entity(member, language) if isinstance(member, Entity) else fact_schema(member, language)
        for key, member in entity.members
    }
    title = {"title": entity.name} if entity.name else {}
    return {
        "type": "object",
        **title,
        "properties": properties,
        "required": list(entity.required),
        "additionalProperties": False,
    }


def fact_schema(slot: Slot, language: Language) -> Schema:
    """The schema of one fact."""
    schema = of_type(slot.type, language) | (_bounds(slot.bounds) if slot.bounds else {})
    schema = {"anyOf": [schema, {"const": IN_DOUBT_KEY}]} if slot.judged else schema
    schema = {"title": slot.names[-1], "description": expected(slot.type, language, as_data=True), **schema}
    return schema if slot.default is None else {**schema, "default": dump_value(slot.type, slot.default)}


def of_type(type_: Type, language: Language) -> Schema:
    """The schema of a value of a type."""
    match type_:
        case YesNo():
            return {"type": "boolean"}
        case Number(whole):
            return {"type": ["integer", "string"], "pattern": WHOLE} if whole else _decimal(DECIMAL)
        case Percentage():
            return _decimal(RATE)
        case Amount() | Quantity() | Rate() | Duration():
            return _decimal(DECIMAL)
        case Text():
            return {"type": "string"}
        case Date():
            return {"type": "string", "format": "date"}
        case DateTime():
            return {"type": "string", "format": "date-time"}
        case Time():
            return {"type": "string", "pattern": CLOCK}
        case Choice(options):
            return {"enum": [option.key for option in options]} if options else {"type": "string"}
        case ListOf(item):
            return {"type": "array", "items": of_type(item, language)}
        case Record():
            return element_schema(type_, language)


def _decimal(pattern: str) -> Schema:
    """A number, or its text: the pattern binds the text, bounds bind the number."""
    return {"type": ["string", "number"], "pattern": pattern}


def _bounds(bounds: Bounds) -> Schema:
    ends = {"minimum": bounds.low, "maximum": bounds.high}
    return {key: _number(end) for key, end in ends.items() if end is not None}


def _number(value: Decimal) -> int | float:
    """A bound as JSON writes it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
