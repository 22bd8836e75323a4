"""A plan in, the JSON Schemas of what is asked of it and of what it answers out (draft 2020-12)."""

from typing import Any

from rulec.agent.wrong import MOST_ROWS
from rulec.artefacts.json_schema import Schema, json_schema, of_type
from rulec.plan.tree import Plan
from rulec.runtime.kleene import STATUSES
from rulec.runtime.supervision import LEVELS
from rulec.runtime.types import OutcomeSlot, Type
from rulec.source import Language

ANY: Schema = {"type": "object"}
OBJECTS: Schema = {"type": "array", "items": ANY}
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
AT: Schema = {"type": "string", "maxLength": 100, "examples": ["2026-03-01", "2026-03-01T09:30:00+01:00"]}
GOAL: Schema = {"type": "string", "minLength": 1, "maxLength": 1000}
STATUS: Schema = {"enum": list(STATUSES)}
FIRED: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "id": TEXT, "title": TEXT, "file": TEXT, "line": {"type": "integer"}, "branch": {"type": "integer"},
        },
        "required": ["id", "title", "file", "line", "branch"],
    },
}  # fmt: skip
PROBLEMS: Schema = {
    "type": "array",
    "items": {"type": "object", "properties": {"code": TEXT, "message": TEXT}, "required": ["code", "message"]},
}
QUESTIONS: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"key": TEXT, "name": TEXT, "expects": TEXT, "text": TEXT, "options": OBJECTS},
        "required": ["key", "name", "expects", "text", "options"],
    },
}
REASONS = {"fired": FIRED, "missing": TEXTS, "problems": PROBLEMS}
SUPERVISION: Schema = {
    "type": "object",
    "properties": {
        "level": {"enum": list(LEVELS)},
        "approvals": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"who": TEXT, "name": TEXT, "status": STATUS, "fired": FIRED},
                "required": ["who", "name", "status", "fired"],
            },
        },
        **REASONS,
    },
    "required": ["level", "approvals", *REASONS],
}


def facts(plan: Plan, language: Language, *, exact: bool = False) -> Schema:
    """The facts that may be given, none of which must be. `exact`: numbers are texts alone."""
    schema: Schema = _partial(json_schema(plan.facts, language))
    schema.pop("$schema")
    return _as_texts(schema) if exact else schema


def request(operation: str, given: Schema) -> Schema:
    """What an operation is asked with; `given` is the schema of its facts."""
    rows: Schema = {"type": "array", "items": given, "maxItems": MOST_ROWS}
    members = {"facts": rows if operation == "decide-many" else given, "at": AT}
    required = ["facts"]
    if operation == "what-if":
        members |= {"goal": GOAL, "change": TEXTS}
        required.append("goal")
    return {"type": "object", "properties": members, "required": required, "additionalProperties": False}


def decision(plan: Plan) -> Schema:
    """A decision, with the types of its outcomes."""
    outcomes = {slot.key: _outcome(slot) for slot in plan.outcomes}
    members = {
        "status": STATUS,
        "outcomes": _closed(outcomes, list(outcomes)),
        "actions": {"type": "array", "items": _action(plan)},
        "missing": TEXTS,
        "problems": PROBLEMS,
        "supervision": SUPERVISION,
        "judgements": {"type": "array", "items": {"type": "object"}},
        "at": TEXT,
        "rules": TEXT,
        "id": TEXT,
    }
    return _closed(members, [key for key in members if key not in ("judgements", "id")])


def answer(operation: str, decision: Schema) -> Schema:
    """What an operation answers; `decision` is the schema of its decisions."""
    match operation:
        case "decide":
            return decision
        case "decide-many":
            rejected = _members({"status": {"const": "rejected"}, "problems": OBJECTS})
            return _members({"decisions": {"type": "array", "items": {"anyOf": [decision, rejected]}}})
        case "why":
            parts = {"text": TEXT, "at": TEXT, "outcomes": ANY, "actions": ANY, "definitions": ANY, "supervision": ANY}
            return _members({"decision": decision, **parts})
        case "what-if":
            goal = {"enum": ["already", "found", "impossible", "unsettled"]}
            found = {"decision": {"anyOf": [decision, {"type": "null"}]}, "changes": OBJECTS, "why_not": OBJECTS}
            return _members({"goal": TEXT, "status": goal, "text": TEXT, **found})
        case _:
            return _members({"status": STATUS, "questions": QUESTIONS})


def asking(decision: Schema) -> Schema:
    """A decision with the questions that are still to ask, and where a person must agree, how their approval stands."""
    members = {**decision["properties"], "questions": QUESTIONS, "approval": ANY}
    return _closed(members, [*decision["required"], "questions"])


def _outcome(slot: OutcomeSlot) -> Schema:
    members = {"status": STATUS, "value": _value(slot.value_type), "default": {"type": "boolean"}, **REASONS}
    required = [key for key in members if key != "value"]
    if slot.each:
        element = {**members, "value": _value(slot.type)}
        members["elements"] = {"type": "array", "items": _closed(element, required)}
    return _closed(members, required)


def _action(plan: Plan) -> Schema:
    members = {
        "key": {"enum": [slot.key for slot in plan.actions]} if plan.actions else TEXT, "name": TEXT,
        "parameters": {"type": "object"}, "status": STATUS, **REASONS,
    }  # fmt: skip
    return _closed(members, list(members))


def _value(type_: Type) -> Schema:
    """A value as a decision gives it: numbers are texts."""
    schema: Schema = _as_texts(of_type(type_, "en"))
    return schema


def _closed(members: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": members, "required": required, "additionalProperties": False}


def _members(members: dict[str, Schema]) -> Schema:
    """These members, and perhaps others."""
    return {"type": "object", "properties": members, "required": list(members)}


def _partial(schema: Any) -> Any:
    """The same, without what must be given."""
    if isinstance(schema, dict):
        held = {key: _partial(each) for key, each in schema.items()}
        if held.get("type") == "object" and "properties" in held:
            held.pop("required", None)
        return held
    return [_partial(each) for each in schema] if isinstance(schema, list) else schema


def _as_texts(schema: Any) -> Any:
    """The same, with numbers as texts."""
    if isinstance(schema, list):
        return [_as_texts(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "pattern" in schema and isinstance(schema.get("type"), list):
        left = {key: each for key, each in schema.items() if key not in ("minimum", "maximum")}
        return {**left, "type": "string"}
    return {key: _as_texts(each) for key, each in schema.items()}
