"""Rules in, the tools of a model out: their definitions, and what comes of a call, as the Messages API takes them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rulec.agent import schemas
from rulec.agent.answers import ANSWERS, Json, decision_as_json, questions_of
from rulec.agent.requests import asked, exact
from rulec.agent.tool_texts import TEXTS
from rulec.agent.wrong import REFUSED, RequestError, problems_of
from rulec.artefacts.json_schema import Schema
from rulec.diagnostics.as_json import text_of
from rulec.ruleset import RuleSet
from rulec.runtime.decision import Decision
from rulec.source import Language
from rulec.syntax.fold import fold
from rulec.syntax.nearest import nearest
from rulec.terms import terms_as_json

LONGEST = 40  # signs of a name of rules
OPERATIONS: Mapping[str, str] = {"decide": "decide", "why": "why", "what_if": "what-if", "questions": "questions"}
@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it asks of rules, and what describes it."""

    name: str
    operation: str
    description: str
    asked: Schema
    answered: Schema


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call. `answer`: JSON data; `wrong`: it tells what is wrong with the call."""

    answer: Json
    wrong: bool = False

    def as_result(self) -> dict[str, Any]:
        """The `content` and `is_error` of a tool result."""
        return {"content": text_of(self.answer), "is_error": self.wrong}


def tools_of(rules: RuleSet, name: str, language: Language) -> list[Tool]:
    """One tool to decide, and one each for why, what-if and questions; the decision is described by its types."""
    facts = schemas.facts(rules.plan, language, exact=True)
    terms = terms_as_json(rules.vocabulary, language)
    decided = ", ".join(f"{each['name']} ({each['type']})" for each in terms["outcomes"])
    decided = ", ".join(filter(None, [decided, *(each["name"] for each in terms["actions"])]))
    goal = f"{terms['outcomes'][0]['name']} = …" if terms["outcomes"] else "…"
    decision = schemas.decision(rules.plan)
    return [
        Tool(
            f"{operation}_{name}"[:64],
            operation,
            TEXTS[operation][language].format(name=name, decided=decided, goal=goal),
            _described(schemas.request(OPERATIONS[operation], facts), goal, language),
            schemas.asking(decision) if operation == "decide" else schemas.answer(OPERATIONS[operation], decision),
        )
        for operation in OPERATIONS
    ]


def definitions(rules: RuleSet, name: str, language: Language) -> list[dict[str, Any]]:
    """The tools, as the Messages API takes them."""
    return [
        {"name": tool.name, "description": tool.description, "input_schema": tool.asked}
        for tool in tools_of(rules, name, language)
    ]


def call(rules: RuleSet, name: str, tool: str, arguments: object, language: Language) -> Called:
    """What comes of a call of one of the tools. What is wrong with it is told, for the model to mend."""
    try:
        operation = operation_of(tool, {name: rules})[1]
        what = asked(rules, OPERATIONS[operation], exact(arguments))
        if operation == "decide":
            return Called(decided(rules, rules.decide(what.facts, what.at), language))
        return Called(ANSWERS[OPERATIONS[operation]](rules, what, language))
    except REFUSED as error:
        return Called({"problems": problems_of(error, language)}, wrong=True)


def operation_of(tool: str, known: Mapping[str, object]) -> tuple[str, str]:
    """The name of the rules and the operation that a tool stands for. Raises `RequestError`."""
    names = {f"{operation}_{name}"[:64]: (name, operation) for name in known for operation in OPERATIONS}
    if tool not in names:
        close = " | ".join(nearest(tool[:100], names) or names)
        raise RequestError("E979", tool[:100], closest=close)
    return names[tool]


def decided(rules: RuleSet, decision: Decision, language: Language) -> Json:
    """The decision, with the questions that are still to ask."""
    return {**decision_as_json(decision, language), "questions": questions_of(rules, decision, language)}


def tool_name(text: str) -> str:
    """The name of rules as the names of tools hold it: letters, digits and `_`."""
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")[:LONGEST] or "rules"


def _described(schema: Schema, goal: str, language: Language) -> Schema:
    """The same, each member of the request with what it is."""
    members = {
        key: {**each, "description": TEXTS[key][language].format(goal=goal)} if key in TEXTS else each
        for key, each in schema["properties"].items()
    }
    return {**schema, "properties": members}
