"""A decision that lacks facts in, the form that asks a person for them out (MCP elicitation)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulec.agent.requests import exact
from rulec.plan.tree import Plan
from rulec.questions import called, question, slot_at
from rulec.runtime.decision import Decision
from rulec.runtime.shown import expected
from rulec.runtime.types import Choice, Date, DateTime, ListOf, Record, Slot, YesNo
from rulec.source import Language

MOST = 8  # questions of a form
ACCEPTED = "accept"
_TEXTS: Mapping[Language, str] = {"fr": "Pour décider, il manque :", "en": "To decide, these facts are missing:"}


@dataclass(frozen=True, slots=True)
class Form:
    """What a person is asked: a text, and a flat JSON Schema of the answers, by the paths of facts."""

    text: str
    schema: dict[str, Any]


def form_of(plan: Plan, decision: Decision, language: Language) -> Form | None:
    """The form for the facts that a decision lacks; None where it lacks none that a form can hold."""
    found = [slot for path in decision.missing if "[" not in path and (slot := slot_at(plan.facts, path, language))]
    slots = [slot for slot in found if not isinstance(slot.type, ListOf | Record)][:MOST]
    if not slots:
        return None
    text = "\n".join([_TEXTS[language], *(question(slot, language).text for slot in slots)])
    return Form(text, {"type": "object", "properties": {slot.path: _field(slot, language) for slot in slots}})


def answers_in(content: Mapping[str, object] | None) -> dict[str, object]:
    """The facts that were answered; what was left empty is not."""
    return {path: exact(value) for path, value in (content or {}).items() if value not in ("", None)}


def _field(slot: Slot, language: Language) -> dict[str, Any]:
    """A field, of a form that every client can show."""
    told = {"title": called(slot), "description": expected(slot.type, language, as_data=True)}
    match slot.type:
        case YesNo():
            return {"type": "boolean", **told}
        case Choice(options) if options:
            keys: Sequence[str] = [option.key for option in options]
            return {"type": "string", "enum": keys, "enumNames": [option.label for option in options], **told}
        case Date():
            return {"type": "string", "format": "date", **told}
        case DateTime():
            return {"type": "string", "format": "date-time", **told}
        case _:
            return {"type": "string", **told}
