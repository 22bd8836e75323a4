"""Facts in, a live pydantic model out: it reads values as a decision does, and refuses them in the same words."""

from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Literal, cast

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, create_model
from pydantic_core import PydanticCustomError

from rulec.artefacts.entities import Entity, needed, nested
from rulec.artefacts.identifiers import class_name, identifiers
from rulec.artefacts.pydantic_source import source_for
from rulec.runtime.facts import FactsError, FactsReader
from rulec.runtime.types import (
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
from rulec.source import Language

__all__ = ["model_for", "source_for"]

CONFIG = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True, protected_namespaces=())


def model_for(slots: Sequence[Slot], language: Language = "fr") -> type[BaseModel]:
    """A model of complete facts under their keys. It reads "620 €", « oui », "2026-03-01" as `decide` does."""
    return _model(nested(slots), "Facts", language)


def _model(entity: Entity, name: str, language: Language) -> type[BaseModel]:
    keys = [key for key, _ in entity.members]
    fields: dict[str, Any] = {}
    for identifier, (key, member) in zip(identifiers(keys), entity.members, strict=True):
        fields[identifier] = _field(key, member, language)
    return cast("type[BaseModel]", create_model(name, __config__=CONFIG, **fields))


def _field(key: str, member: Entity | Slot, language: Language) -> tuple[Any, Any]:
    """The annotation of a field, and what describes it."""
    if isinstance(member, Entity):
        annotation: Any = _model(member, class_name(key), language)
        title, default = member.name, None
    else:
        checks = (BeforeValidator(_reader(member, language)), _constraint(member.bounds))
        annotation = Annotated[(live_type(member.type), *checks)]
        title, default = member.names[-1], member.default
    if needed(member):
        return annotation, Field(alias=key, title=title)
    return annotation | None, Field(alias=key, title=title, default=default)


def _constraint(bounds: Bounds | None) -> Any:
    return Field(ge=bounds.low, le=bounds.high) if bounds else Field()


def _reader(slot: Slot, language: Language) -> Callable[[object, ValidationInfo], object]:
    """What reads one fact as a decision does; its refusal names the key, the value and what is expected."""
    reader = FactsReader((slot,), language)

    def read(raw: object, info: ValidationInfo) -> object:
        # JSON numbers reach us as floats; their shortest text is what the author wrote.
        given = Decimal(repr(raw)) if info.mode == "json" and isinstance(raw, float) else raw
        try:
            return reader.read({slot.path: given})[slot.path]
        except FactsError as error:
            text = " ".join(problem.message(language) for problem in error.problems)
            raise PydanticCustomError("fact", "{text}", {"text": text}) from None

    return read


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
            return tuple[live_type(item), ...]
        case Record():
            return dict[str, Any]
