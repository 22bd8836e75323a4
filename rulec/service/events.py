"""Events over HTTP: taken into the store of the service; what they fire, listed by number for those who act on it."""

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock
from typing import TypeVar

from sqlalchemy import select
from starlette.requests import Request

from rulec.agent.answers import Json
from rulec.agent.schemas import TEXT
from rulec.agent.wrong import RequestError
from rulec.artefacts.json_schema import Schema
from rulec.events.errors import StoreError
from rulec.events.logged import write_to_log
from rulec.events.store import EventStore
from rulec.events.tables import messages
from rulec.events.taking import Taking, Tell
from rulec.events.times import micros
from rulec.log.errors import LogError
from rulec.log.store import DecisionLog
from rulec.ruleset import RuleSet
from rulec.runtime.refused import given_text
from rulec.service.sets import Sets
from rulec.service.words import journal
from rulec.source import Language

T = TypeVar("T")
MOST = 1_000  # events that are taken, and firings that are listed, at a time
EVERY = 1.0  # seconds between two looks at what is due
_OBJECT: Schema = {"type": "object"}
_WHOLE: Schema = {"type": "integer"}
_REFUSED: Schema = {"type": "object", "properties": {"id": TEXT, "code": TEXT, "message": TEXT}}
GIVEN: Schema = {"anyOf": [_OBJECT, {"type": "array", "items": _OBJECT, "maxItems": MOST}]}
TAKEN: Schema = {
    "type": "object",
    "properties": {
        "taken": _WHOLE, "repeats": _WHOLE,
        "aside": {"type": "array", "items": _REFUSED},
    },
    "required": ["taken", "repeats", "aside"],
}  # fmt: skip
FIRINGS: Schema = {
    "type": "object",
    "properties": {"firings": {"type": "array", "items": _OBJECT}, "next": _WHOLE},
    "required": ["firings", "next"],
}


class Events:
    """The events of a service. `tells`: what tells the firings of a rule set. The first set that waits is meant.

    `log`: where each firing is a decision, before it is listed.
    """

    def __init__(
        self, store: EventStore, sets: Sets, tells: Callable[[RuleSet], Tell], log: DecisionLog | None = None
    ) -> None:
        self.store, self._sets, self._tells, self._log = store, sets, tells, log
        self._taking: Taking | None = None
        self._one = Lock()

    @property
    def language(self) -> Language:
        """That of the rules that wait, else of the first ones."""
        return (self._waiting() or self._sets.first.rules).language

    async def take(self, given: object, language: Language) -> Json:
        """Take an event, or a list of them, by the clock of the machine."""
        found = given if isinstance(given, list) else [given]
        if not found or len(found) > MOST or not isinstance(given, list | dict):
            raise RequestError("E985", "JSON", "events", given=given_text(given))
        return await _told(lambda: self._take([json.dumps(each, default=str) for each in found], language))

    async def firings(self, request: Request) -> Json:
        """What was told after `?after=` (a number), of `?key=` where it is given; `next`: from where to go on."""
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdecimal()) or len(after) > 18:
            raise RequestError("E985", "after", "number", given=given_text(after))
        query = select(messages.c.number, messages.c.body).where(messages.c.number > int(after))
        if self._log is not None:
            query = query.where(messages.c.delivered)
        if key := request.query_params.get("key"):
            query = query.where(messages.c.key == key)
        rows = await _told(lambda: self.store.rows(query.order_by(messages.c.number).limit(MOST)))
        found = [{"number": number, **json.loads(body)} for number, body in rows]
        return {"firings": found, "next": found[-1]["number"] if found else int(after)}

    async def run(self) -> None:
        """Tell what is due, as time passes."""
        while True:
            with suppress(RequestError):
                await _told(self._pass)
            await asyncio.sleep(EVERY)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def _take(self, lines: Sequence[str], language: Language) -> Json:
        with self._one:
            taking = self._current()
            counts = taking.take(lines, now=_now())
            taking.live(_now())
            self._deliver()
        aside = [{"id": each.id, "code": each.code, "message": each.message(language)} for each in counts.refused]
        return {"taken": counts.taken, "repeats": counts.repeats, "aside": aside}

    def _pass(self) -> None:
        if self._waiting() is not None:
            with self._one:
                self._current().live(_now())
                self._deliver()

    def _deliver(self) -> None:
        """Write firings to the log; those that cannot be written now are, when time passes."""
        if self._log is None:
            return
        try:
            while waiting := self.store.waiting(MOST):
                write_to_log(self._log, waiting)
                self.store.delivered(waiting[-1][0])
        except LogError as error:
            journal.error("%s", error)

    def _current(self) -> Taking:
        """What takes, by the rules in force."""
        rules = self._waiting()
        if rules is None:
            raise RequestError("E714")
        if self._taking is None or self._taking.plan.digest != rules.plan.digest:
            self._taking = Taking(self.store, rules.plan, self._tells(rules))
        return self._taking

    def _waiting(self) -> RuleSet | None:
        return next((each.rules for each in self._sets.current.values() if each.rules.plan.watches), None)


def _now() -> int:
    return micros(datetime.now(UTC))


async def _told(work: Callable[[], T]) -> T:
    """What is found, in a thread; what the store says as a `RequestError`."""
    try:
        return await asyncio.to_thread(work)
    except StoreError as error:
        journal.error("%s", error)
        raise RequestError("E997") from None
