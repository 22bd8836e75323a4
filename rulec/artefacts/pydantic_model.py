"""Facts in, a live pydantic model out: it reads values as a decision does, and refuses them in the same words."""

from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from types import GenericAlias
from typing import Annotated, Any, Literal, cast

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from rulec.artefacts.entities import Entity, needed, nested
from rulec.artefacts.identifiers import class_name, identifiers
from rulec.artefacts.json_schema import fact_schema
from rulec.artefacts.pydantic_source import source_for
from rulec.runtime.facts import FactsError, FactsReader, InputProblem
from rulec.runtime.types import (
    IN_DOUBT_KEY,
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
    doubt_of,
)
from rulec.source import Language

__all__ = ["model_for", "source_for"]

CONFIG = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True, protected_namespaces=())
SAFE_DIGITS = 15  # decimal digits that a binary number always keeps


def model_for(slots: Sequence[Slot], language: Language = "fr") -> type[BaseModel]:
    """A model of complete facts under their keys. It reads "620 €", « oui », "2026-03-01" as `decide` does."""
    return _model(nested(slots), "Facts", language)


def _model(entity: Entity, name: str, language: Language) -> type[BaseModel]:
    keys = [key for key, _ in entity.members]
    fields: dict[str, Any] = {}
    for identifier, (key, member) in zip(identifiers(keys), entity.members, strict=True):
        if isinstance(member, Entity):
            fields[identifier] = _entity_field(key, member, language)
        else:
            fields[identifier] = _fact_field(key, member, entity.elements.get(key), language)
    return cast("type[BaseModel]", create_model(name, __config__=CONFIG, **fields))


def _entity_field(key: str, entity: Entity, language: Language) -> tuple[Any, Any]:
    model: Any = _model(entity, class_name(key), language)
    if needed(entity):
        return model, Field(alias=key, title=entity.name)
    return model | None, Field(alias=key, title=entity.name, default=None)


def _fact_field(key: str, slot: Slot, element: Entity | None, language: Language) -> tuple[Any, Any]:
    if element is not None:
        return _list_field(key, slot, _model(element, class_name(element.key), language))
    held: Any = live_type(slot.type) | Literal[IN_DOUBT_KEY] if slot.judged else live_type(slot.type)
    held = held if needed(slot) else held | None
    schema = fact_schema(slot, language)
    annotation = Annotated[held, BeforeValidator(_reader(slot, language)), WithJsonSchema(schema)]
    if needed(slot):
        return annotation, Field(alias=key)
    is_whole = slot.type == Number(whole=True) and isinstance(slot.default, Decimal)
    return annotation, Field(alias=key, default=int(cast("Decimal", slot.default)) if is_whole else slot.default)


def _list_field(key: str, slot: Slot, element: Any) -> tuple[Any, Any]:
    held: Any = GenericAlias(tuple, (element, ...))
    if needed(slot):
        return held, Field(alias=key, title=slot.names[-1])
    return held | None, Field(alias=key, title=slot.names[-1], default=None)


def _reader(slot: Slot, language: Language) -> Callable[[object, ValidationInfo], object]:
    """What reads one fact as a decision does; its refusal names the key, the value and what is expected."""
    reader = FactsReader((slot,), language)

    def read(raw: object, info: ValidationInfo) -> object:
        given = _as_written(raw) if info.mode == "json" and isinstance(raw, float) else raw
        if given is None and not needed(slot):
            return None
        try:
            found = reader.read({slot.path: given})
            return IN_DOUBT_KEY if doubt_of(slot.path) in found else found[slot.path]
        except FactsError as error:
            raise _refusal(error.problems, language) from None
        except KeyError:  # null: nothing was given
            raise _refusal([InputProblem("E505", slot.path, (("given", "null"),), slot.type)], language) from None

    return read


def _as_written(raw: float) -> Decimal | float:
    """A number of a JSON text, which reaches us as a binary one: what its author wrote, where no digit can be lost."""
    written = Decimal(repr(raw))
    return written if written.is_finite() and len(written.as_tuple().digits) <= SAFE_DIGITS else raw


def _refusal(problems: Sequence[InputProblem], language: Language) -> PydanticCustomError:
    text = " ".join(problem.message(language) for problem in problems)
    return PydanticCustomError("fact", "{text}", {"text": text})


def live_type(type_: Type) -> Any:
    """The Python type that holds a value."""
    match type_:
        case YesNo():
            return bool
        case Number(whole):
            return int if whole else Decimal
        case Percentage() | Amount() | Quantity() | Rate() | Duration():
            return Decimal
        case Text():
            return str
        case Date():
            return date
        case DateTime():
            return AwareDatetime
        case Time():
            return time
        case Choice(options):
            return Literal[tuple(option.key for option in options)] if options else str
        case ListOf(item):
            return GenericAlias(tuple, (live_type(item), ...))
        case Record():
            return dict[str, Any]
