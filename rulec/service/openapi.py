"""The sets that are served in, their OpenAPI 3.1 description out, with the types of their vocabulary."""

from collections.abc import Iterator, Mapping
from typing import Any

import rulec
from rulec.agent import schemas
from rulec.agent.requests import MEMBERS
from rulec.agent.schemas import ANY
from rulec.artefacts.json_schema import DIALECT, Schema
from rulec.service.limits import Keys
from rulec.service.sets import SHORTEST, Served, Sets
from rulec.source import Language

PROBLEM: Schema = {
    "type": "object",
    "properties": {
        "type": schemas.TEXT, "title": schemas.TEXT, "status": {"type": "integer"}, "detail": schemas.TEXT,
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"code": schemas.TEXT, "key": schemas.TEXT, "message": schemas.TEXT},
                "required": ["code", "key", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "problems"],
}  # fmt: skip
TEXTS: Mapping[str, Mapping[Language, str]] = {
    "decide": {"fr": "Décider", "en": "Decide"},
    "decide-many": {"fr": "Décider pour plusieurs faits", "en": "Decide on many facts"},
    "why": {"fr": "Décider, et dire pourquoi", "en": "Decide, and say why"},
    "what-if": {"fr": "Ce qu'il faudrait changer pour atteindre un but", "en": "What would have to change for a goal"},
    "questions": {"fr": "Les questions encore à poser", "en": "The questions that are still to ask"},
    "vocabulary": {"fr": "Les termes des règles", "en": "The terms of the rules"},
    "schema": {"fr": "Les faits, en JSON Schema", "en": "The facts, as a JSON Schema"},
    "rules": {"fr": "Les règles servies", "en": "The rules that are served"},
    "health": {"fr": "Les règles sont-elles à jour", "en": "Whether the rules are up to date"},
    "metrics": {"fr": "Mesures pour Prometheus", "en": "Metrics for Prometheus"},
    "approvals": {"fr": "Les décisions qui attendent une personne", "en": "The decisions that wait for a person"},
    "approval": {"fr": "Une décision qui attend, ou attendait", "en": "A decision that waits, or waited"},
    "answer": {"fr": "Approuver, modifier ou refuser", "en": "Approve, change or refuse"},
    "events": {"fr": "Prendre des événements", "en": "Take events"},
    "firings": {"fr": "Ce que des événements ont déclenché", "en": "What events have fired"},
    "openapi.json": {"fr": "Cette description", "en": "This description"},
    "done": {"fr": "La réponse", "en": "The answer"},
    "problem": {"fr": "Pourquoi il n'y a pas de réponse", "en": "Why there is no answer"},
}
REFUSALS = ("400", "404", "408", "413", "415", "421", "422", "501", "503")
DESCRIBING = ("404", "421", "503")


def openapi(
    sets: Sets, language: Language, keys: Keys, logged: bool = False, happening: bool = False
) -> dict[str, Any]:
    """The description, in a language. `logged`: there is a log, and decisions in it that wait for a person.

    `happening`: events are taken.
    """
    named = {name: _shapes(served, language) for name, served in sets.current.items()}
    components: dict[str, Any] = {
        "schemas": {"Problem": PROBLEM, **{key: each for shapes in named.values() for key, each in shapes.items()}},
        "responses": {"Problem": _content(language, "problem", "application/problem+json", _ref("Problem"))},
    }
    secured: dict[str, Any] = {}
    if keys:
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        }
        secured = {"security": [{"bearer": []}, {"key": []}]}
    refused = ("401",) if keys else ()
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {"title": ", ".join(sets.current), "version": rulec.__version__},
        **secured,
        "paths": {
            **dict(_paths(sets, language, refused)),
            **(_approving(language, refused) if logged else {}),
            **(_happening(language, refused) if happening else {}),
        },
        "components": components,
    }


def _shapes(served: Served, language: Language) -> dict[str, Schema]:
    """The schemas of the facts and decisions of a set, by name."""
    plan = served.rules.plan
    return {f"{served.name}.facts": schemas.facts(plan, language), f"{served.name}.decision": schemas.decision(plan)}


def _paths(sets: Sets, language: Language, refused: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for page in ("rules", "health", "openapi.json"):
        yield f"/{page}", {"get": _operation(page, language, ANY, (*refused, *DESCRIBING), page)}
    text = _content(language, "done", "text/plain", schemas.TEXT)
    metrics = _operation("metrics", language, ANY, (*refused, *DESCRIBING), "metrics")
    metrics["responses"]["200"] = text
    yield "/metrics", {"get": metrics}
    first = sets.first.name
    yield from _of_set("", _ref(f"{first}.facts"), _ref(f"{first}.decision"), language, refused)
    for name in sets.current:
        yield from _of_set(f"/rules/{name}", _ref(f"{name}.facts"), _ref(f"{name}.decision"), language, refused)
    version: Schema = {"type": "string", "pattern": f"^[0-9a-f]{{{SHORTEST},64}}$"}
    parameter = {"name": "digest", "in": "path", "required": True, "schema": version}
    for path, item in _of_set("/rules/{digest}", ANY, ANY, language, refused):
        yield path, {"parameters": [parameter], **item}


def _approving(language: Language, refused: tuple[str, ...]) -> dict[str, Any]:
    """What may be asked of the decisions that wait."""
    from rulec.service.approving import ANSWER, LIST, PROPOSAL  # not every service has a log

    every = {"name": "all", "in": "query", "schema": {"type": "string"}}
    id_ = {"name": "id", "in": "path", "required": True, "schema": schemas.TEXT}
    listed = _operation("approvals", language, LIST, (*refused, *DESCRIBING), "approvals")
    shown = _operation("approval", language, PROPOSAL, (*refused, *DESCRIBING, "409"), "approval")
    answered = _operation("answer", language, PROPOSAL, (*refused, *REFUSALS, "403", "409", "410"), "answer")
    answered["requestBody"] = {"required": True, "content": {"application/json": {"schema": ANSWER}}}
    return {
        "/approvals": {"get": {**listed, "parameters": [every]}},
        "/approvals/{id}": {"parameters": [id_], "get": shown, "post": answered},
    }


def _happening(language: Language, refused: tuple[str, ...]) -> dict[str, Any]:
    """What may be asked of events."""
    from rulec.service.events import FIRINGS, GIVEN, TAKEN  # not every service takes events

    taken = _operation("events", language, TAKEN, (*refused, *REFUSALS), "events")
    taken["requestBody"] = {"required": True, "content": {"application/json": {"schema": GIVEN}}}
    listed = _operation("firings", language, FIRINGS, (*refused, *DESCRIBING, "422"), "firings")
    listed["parameters"] = [
        {"name": "after", "in": "query", "schema": {"type": "integer", "minimum": 0}},
        {"name": "key", "in": "query", "schema": schemas.TEXT},
    ]
    return {"/events": {"post": taken}, "/firings": {"get": listed}}


def _of_set(
    before: str, facts: Schema, decision: Schema, language: Language, refused: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    """What may be asked of one set."""
    for name in MEMBERS:
        operation = _operation(name, language, schemas.answer(name, decision), (*refused, *REFUSALS), before + name)
        asked = {"application/json": {"schema": schemas.request(name, facts)}}
        operation["requestBody"] = {"required": True, "content": asked}
        yield f"{before}/{name}", {"post": operation}
    for name in ("vocabulary", "schema"):
        yield f"{before}/{name}", {"get": _operation(name, language, ANY, (*refused, *DESCRIBING), before + name)}


def _operation(name: str, language: Language, answer: Schema, refused: tuple[str, ...], key: str) -> dict[str, Any]:
    answers: dict[str, Any] = {"200": _content(language, "done", "application/json", answer)}
    answers |= {status: {"$ref": "#/components/responses/Problem"} for status in refused}
    title = "_".join(part for part in key.replace("{", "").replace("}", "").split("/") if part)
    return {"operationId": title, "summary": TEXTS[name][language], "responses": answers}


def _content(language: Language, name: str, kind: str, schema: Schema) -> dict[str, Any]:
    return {"description": TEXTS[name][language], "content": {kind: {"schema": schema}}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
