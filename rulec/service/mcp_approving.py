"""Decisions that wait for a person, over MCP: tools that list and answer them, and the form that a person is shown.

A model cannot answer in a person's place: where no key tells who calls, the answer is what a person fills in.
"""

from collections.abc import Mapping
from typing import Any

import mcp_types as types

from rulec.agent.answers import Json
from rulec.agent.requests import exact
from rulec.agent.wrong import RequestError, problems_of
from rulec.log.approvals import WAITING, Proposal
from rulec.log.entry import canonical
from rulec.runtime.decision import Decision
from rulec.runtime.refused import given_text
from rulec.service.approval_form import answer_in, approval_form
from rulec.service.approving import ANSWER, LIST, PROPOSAL, VERDICT, Approvals
from rulec.service.dialogue import ANSWERING, APPROVAL, LISTING, Dialogue
from rulec.service.sets import Served
from rulec.source import Language
from rulec.syntax.nearest import nearest

_ID = {"type": "string", "minLength": 1, "maxLength": 64}
_TEXTS: Mapping[str, Mapping[Language, str]] = {
    LISTING: {
        "fr": "Montre les décisions qui attendent l'accord d'une personne, ou avec « all » aussi celles qui ont une "
        "réponse, et ce qui est alors à faire (« done »).",
        "en": 'Shows the decisions that wait for a person\'s approval, or with "all" those that have an answer too, '
        'and what is then to be done ("done").',
    },
    ANSWERING: {
        "fr": "Présente à la personne une décision qui attend, pour qu'elle l'approuve, la modifie ou la refuse ; ne "
        "répond jamais à sa place.",
        "en": "Shows the person a decision that waits, for them to approve, change or refuse it; never answers in "
        "their place.",
    },
}


class McpApprovals:
    """The approvals of a service, over MCP."""

    def __init__(self, approvals: Approvals) -> None:
        self.approvals = approvals

    def tools(self, language: Language) -> list[types.Tool]:
        """Both tools."""
        every = {"type": "object", "properties": {"all": {"type": "boolean"}}, "additionalProperties": False}
        members = {"id": _ID, **(ANSWER["properties"] if self.approvals.keys.are_named else {})}
        answer = {**ANSWER, "properties": members, "required": ["id"]}
        shapes = {LISTING: (every, LIST, True), ANSWERING: (answer, PROPOSAL, False)}
        return [
            types.Tool(
                name=name, description=_TEXTS[name][language], input_schema=asked, output_schema=answered,
                annotations=types.ToolAnnotations(
                    read_only_hint=reads, destructive_hint=False, open_world_hint=False, idempotent_hint=reads
                ),
            )
            for name, (asked, answered, reads) in shapes.items()
        ]  # fmt: skip

    async def listed(self, given: Mapping[str, Any]) -> Json:
        """Those that wait. Raises `RequestError`."""
        _known(given, ("all",))
        if not isinstance(given.get("all", False), bool):
            raise RequestError("E985", "all", "flag", given=given_text(given["all"]))
        return await self.approvals.waiting(given.get("all", False))

    async def answered(
        self, dialogue: Dialogue, given: Mapping[str, Any], language: Language
    ) -> Json | types.InputRequiredResult:
        """A proposal, after its answer: by a person whose key was shown, else by who fills in the form."""
        named = self.approvals.keys.are_named
        _known(given, ("id", *(ANSWER["properties"] if named else ())))
        if not isinstance(given.get("id"), str):
            raise RequestError("E984", "id")
        said = {key: exact(value) for key, value in given.items() if key != "id"}
        if named and VERDICT in said:
            return await self.approvals.answer(given["id"], said, dialogue.caller, language)
        found = await self.approvals.proposal(given["id"])
        self.approvals.check(found.decision, dialogue.caller)
        if found.status == WAITING and not dialogue.able:
            raise RequestError("E746")
        told = await self._asked(dialogue, found, language)
        return told if isinstance(told, types.InputRequiredResult) else told.to_json()

    async def offered(
        self, dialogue: Dialogue, id: str, decision: Decision, language: Language
    ) -> Json | types.InputRequiredResult:
        """What is told beside a decision that was kept: its approval, which a person is asked for where they can be."""
        try:
            found = await self.approvals.proposal(id)
        except RequestError as error:
            if error.code != "E731":
                raise
            return {}
        asked = not decision.missing and self.approvals.may_answer(found.decision, dialogue.caller)
        told = await self._asked(dialogue, found, language) if asked else found
        if isinstance(told, types.InputRequiredResult):
            return told
        return {"approval": {key: each for key, each in told.to_json().items() if key in _TOLD}}

    async def is_of(self, id: str, served: Served, facts: object, decision: Decision) -> bool:
        """Whether the decision of an id is the same one, already kept."""
        try:
            kept = (await self.approvals.proposal(id)).decision
        except RequestError:
            return False
        told = (served.name, served.rules.facts_as_json(facts), decision.rules, decision.to_json()["at"])
        return canonical(told) == canonical((kept.name, kept.facts, kept.rules, kept.decision["at"]))

    async def _asked(
        self, dialogue: Dialogue, found: Proposal, language: Language
    ) -> Proposal | types.InputRequiredResult:
        """A proposal after what a person says of it; asked again as long as what they say does not fit."""
        id, wrong = found.decision.id, ""
        while found.status == WAITING:
            said = dialogue.verdict()
            if said is not None:
                try:
                    await self.approvals.answer(id, answer_in(said), dialogue.caller, language)
                except RequestError as error:
                    wrong = problems_of(error, language)[0]["message"]
                else:
                    return await self.approvals.proposal(id)
            if not dialogue.open:
                break
            plan, named = self.approvals.rules(found.decision).plan, self.approvals.keys.are_named
            form = approval_form(found, plan, named, wrong, language)
            if (required := await dialogue.ask(form, APPROVAL, id)) is not None:
                return required
            found = await self.approvals.proposal(id)
        return found


_TOLD = ("status", "awaited", "answer", "done")


def _known(given: Mapping[str, Any], members: tuple[str, ...]) -> None:
    for key in given:
        if key not in members:
            shown = given_text(key)
            raise RequestError("E983", shown, closest=" | ".join(nearest(shown, members) or members))
