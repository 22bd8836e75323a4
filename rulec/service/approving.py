"""Decisions that wait for a person, over HTTP: listed, shown, answered, in the log of the service."""

import asyncio
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, TypeVar

from rulec.agent.answers import Json
from rulec.agent.schemas import OBJECTS, TEXT
from rulec.agent.wrong import OBJECT, RequestError
from rulec.agent.wrong import TEXT as A_TEXT
from rulec.artefacts.json_schema import Schema
from rulec.log.approvals import APPROVE, EDIT, REFUSE, Proposal, answer, expire, proposal, proposals, spoken_for
from rulec.log.approvers import bare
from rulec.log.changes import changes, pairs
from rulec.log.entry import Entry
from rulec.log.errors import LogError
from rulec.ruleset import RuleSet
from rulec.runtime.refused import given_text
from rulec.service.keeping import Keeper
from rulec.service.limits import Keys
from rulec.service.sets import Sets
from rulec.service.words import journal
from rulec.source import Language
from rulec.syntax.nearest import nearest

T = TypeVar("T")
MOST = 1_000  # that are listed at a time
VERDICT = "verdict"  # of SHAPES
_ANSWERS = (APPROVE, EDIT, REFUSE)
_MEMBERS: Mapping[str, str] = {VERDICT: VERDICT, "by": A_TEXT, "reason": A_TEXT, "outcomes": OBJECT, "actions": OBJECT}
_OWN = frozenset({"E730", "E731", "E732", "E733", "E734", "E735", "E736", "E737", "E738", "E744"})
_OBJECT: Schema = {"type": "object"}
ANSWER: Schema = {
    "type": "object",
    "properties": {
        VERDICT: {"enum": list(_ANSWERS)}, "by": {**TEXT, "minLength": 1, "maxLength": 100},
        "reason": {**TEXT, "maxLength": 2000}, "outcomes": _OBJECT, "actions": _OBJECT,
    },
    "required": [VERDICT],
    "additionalProperties": False,
}  # fmt: skip
PROPOSAL: Schema = {
    "type": "object",
    "properties": {"id": TEXT, "status": {"enum": ["waiting", *_ANSWERS, "expire"]}, "decision": _OBJECT,
                   "facts": _OBJECT, "awaited": OBJECTS, "agreements": OBJECTS, "answer": _OBJECT,
                   "done": _OBJECT},
    "required": ["id", "status", "decision", "awaited"],
}  # fmt: skip
LIST: Schema = {"type": "object", "properties": {"approvals": {"type": "array", "items": PROPOSAL}}}


class Approvals:
    """The proposals of a log; the database is asked in a thread. `keys`: those that callers may show."""

    def __init__(self, keeper: Keeper, sets: Sets, keys: Keys) -> None:
        self.log, self.approvers, self.sets, self.keys = keeper.log, keeper.approvers, sets, keys

    async def waiting(self, every: bool) -> Json:
        """The first that wait; `every`: those that have an answer too."""

        def found() -> Json:
            expire(self.log)
            return {"approvals": [each.to_json() for each in islice(proposals(self.log, every), MOST)]}

        return await _told(found)

    async def one(self, id: str) -> Json:
        """The proposal of an id, or of its beginning."""
        return (await self.proposal(id)).to_json()

    async def proposal(self, id: str) -> Proposal:
        """The same, not yet told."""
        return await _told(lambda: proposal(self.log, id))

    async def answer(self, id: str, given: object, caller: str, language: Language) -> Json:
        """Answer a proposal; it, with its answer. `caller`: whose key was shown. Raises `RequestError`."""
        said = answered(given)
        by = self._speaker(said.get("by"), caller)

        def write() -> Json:
            asked = proposal(self.log, id).decision
            changed = self._changed(asked, said, language) if said[VERDICT] == EDIT else None
            reason = said.get("reason", "")
            answer(self.log, asked.id, said[VERDICT], by, reason, changed, approvers=self.approvers)
            return proposal(self.log, asked.id).to_json()

        return await _told(write)

    def _speaker(self, by: str | None, caller: str) -> str:
        """Who answers: whose key was shown where keys have names, else who says so."""
        if not self.keys.are_named:
            if by is None:
                raise RequestError("E984", "by")
            return by
        if not caller:
            raise RequestError("E745")
        if by is not None and bare(by) != bare(caller):
            raise RequestError("E739", by=by[:100])
        return caller

    def _changed(self, asked: Entry, said: Mapping[str, Any], language: Language) -> Json:
        return changes(self.rules(asked).plan, asked, pairs(said), language)

    def rules(self, asked: Entry) -> RuleSet:
        """The rules that decided, or those that are now in force in their place. Raises `RequestError`."""
        served = self.sets.find(asked.rules) or self.sets.find(asked.name)
        if served is None:
            raise RequestError("E991", asked.rules[:12], known=", ".join(self.sets.current))
        return served.rules

    def check(self, asked: Entry, caller: str) -> None:
        """Where keys have names, whether that one may answer. Raises `RequestError`."""
        if not self.keys.are_named:
            return
        if not caller:
            raise RequestError("E745")
        try:
            spoken_for(asked, caller, self.approvers)
        except LogError as error:
            raise RequestError(error.code, **error.values) from None

    def may_answer(self, asked: Entry, caller: str) -> bool:
        """The same, as a yes or no."""
        try:
            self.check(asked, caller)
        except RequestError:
            return False
        return True


def answered(given: object) -> dict[str, Any]:
    """The members of an answer. Raises `RequestError` for the first that is wrong."""
    if not isinstance(given, dict):
        raise RequestError("E985", "JSON", OBJECT, given=given_text(given))
    for key in given:
        if key not in _MEMBERS:
            shown = given_text(key)
            raise RequestError("E983", shown, closest=" | ".join(nearest(shown, _MEMBERS) or _MEMBERS))
    said = {key: value for key, value in given.items() if value is not None}
    if VERDICT not in said:
        raise RequestError("E984", VERDICT)
    for key, value in said.items():
        if not _fits(key, value):
            raise RequestError("E985", key, _MEMBERS[key], given=given_text(value))
    return said


def _fits(key: str, value: object) -> bool:
    if _MEMBERS[key] == OBJECT:
        return isinstance(value, dict) and (key != "actions" or all(isinstance(each, dict) for each in value.values()))
    return isinstance(value, str) and (key != VERDICT or value in _ANSWERS)


async def _told(work: Callable[[], T]) -> T:
    """What is found, in a thread; what the log says as a `RequestError`."""
    try:
        return await asyncio.to_thread(work)
    except LogError as error:
        if error.code in _OWN:
            raise RequestError(error.code, **error.values) from None
        journal.error("%s", error)
        raise RequestError("E997") from None
