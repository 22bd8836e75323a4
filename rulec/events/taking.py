"""Lines of JSON and the clock in; records, states and what is told of them written, each batch in one transaction."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select

from rulec.events.kernel import Bound, Kernel, Message, State, up_to
from rulec.events.machine import Matcher, plain_match
from rulec.events.records import Record, RecordError, RecordReader, record_of
from rulec.events.replay import RECORD
from rulec.events.store import EventStore, Subject, Writing, dumped
from rulec.events.stream import Stream, horizon_of, refuse_future
from rulec.events.tables import messages, records, states
from rulec.plan.tree import Plan

Json = Any
Tell = Callable[[Message], tuple[Json, Json]]  # what is told, and what is logged (None for nothing)
_AT_ONCE = 2_000  # keys of which something is due, in one transaction


@dataclass(frozen=True, slots=True)
class Place:
    """How far an input has been read: its name, the offset and the line after what was taken, the hash of its end."""

    name: str
    offset: int
    line: int
    last: str


@dataclass(slots=True)
class Counts:
    """What became of lines. `aside`: how many were set aside, and `refused`: of one batch, why."""

    taken: int = 0
    repeats: int = 0
    aside: int = 0
    refused: list[RecordError] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        """Count those of a batch too."""
        self.taken += other.taken
        self.repeats += other.repeats
        self.aside += other.aside


class Taking:
    """Takes records for the rules of a plan into a store."""

    def __init__(self, store: EventStore, plan: Plan, tell: Tell, match: Matcher = plain_match) -> None:
        self.store, self.plan, self.tell = store, plan, tell
        self.kernel, self.reader, self.counts = Kernel(plan, match), RecordReader(plan), Counts()

    def take(self, lines: Sequence[str | bytes], place: Place | None = None, now: int | None = None) -> Counts:
        """Take lines, all or none; what became of them.

        `now`: the clock of the wall, beyond which nothing has happened yet.
        """
        with self.store.writing() as writing:
            self._adopt(writing)
            batch = _Batch(self, writing)
            batch.take([self.reader.line(line) for line in lines], now)
            if place:
                writing.place(place.name, place.offset, place.line, place.last)
            batch.close()
        self.counts.add(batch.counts)
        return batch.counts

    def advance(self, moment: int) -> None:
        """Time passes up to a moment: what is due by then is told."""
        more = True
        while more:
            with self.store.writing() as writing:
                self._adopt(writing)
                batch = _Batch(self, writing)
                more = batch.advance(up_to(moment))
                batch.close()

    def live(self, now: int) -> None:
        """It is now that moment: what is due is told. Time passes no further than that, for what is on its way."""
        due = self.store.latest_due(now)
        if due is not None:
            self.advance(due)

    def _adopt(self, writing: Writing) -> None:
        """Go over to these rules, if others took what is here: what has fired stays, the past does not fire again."""
        before, writing.head["rules"] = writing.head["rules"], self.plan.digest
        if before in ("", self.plan.digest):
            return
        clock, reached = writing.head["clock"], (writing.head["clock"], writing.head["reached"])
        horizon = horizon_of(self.plan, clock)
        writing.run(states.delete())
        query = select(records.c.body).order_by(records.c.entity, records.c.key, records.c.at, records.c.id)
        state, subject, kept = self.kernel.new("", ""), ("", ""), list[tuple[Subject, Bound | None, Json]]()

        def end() -> None:
            if subject[0] in self.kernel.rules.watches:
                self.kernel.advance(state, reached, horizon)
                kept.append((subject, state.due, state.to_json()))
            if len(kept) >= _AT_ONCE:
                writing.keep(kept)
                kept.clear()

        for (body,) in writing.run(query):
            record = self._again(record_of(json.loads(body)))
            if (record.entity, record.key) != subject:
                end()
                subject = (record.entity, record.key)
                state = self.kernel.new(*subject)
            if subject[0] in self.kernel.rules.watches:
                self.kernel.take(state, record, min(horizon, record.at))
        end()
        writing.keep(kept)

    def _again(self, record: Record) -> Record:
        """A record for these rules: facts that they do not know, or know of another type, are left out."""
        return replace(record, facts=self.reader.known(record.facts)) if record.facts else record


class _Batch:
    """One transaction."""

    def __init__(self, taking: Taking, writing: Writing) -> None:
        self.taking, self.writing, self.counts = taking, writing, Counts()
        clock = writing.head["clock"]
        self.stream = Stream(taking.kernel, clock, (clock, writing.head["reached"]))
        self.rows, self.aside, self.told = list[Json](), list[Json](), list[Message]()

    def take(self, read: Sequence[tuple[str, Record | RecordError]], now: int | None) -> None:
        """Take what was read, in order."""
        found, known = [record for _, record in read if isinstance(record, Record)], dict[str, str]()
        if found:
            known = self.writing.known([record.id for record in found])
            due, _ = self.writing.due((max(record.at for record in found), RECORD), 2**62)
            self._hold({**due, **self.writing.states([(record.entity, record.key) for record in found])})
        for text, record in read:
            try:
                if isinstance(record, RecordError):
                    raise record
                self._take(record, known, now)
            except RecordError as error:
                self._set_aside(text, error)

    def advance(self, bound: Bound) -> bool:
        """Let time pass up to a bound, or up to where there is enough for one transaction; whether there is more."""
        due, more = self.writing.due(bound, _AT_ONCE)
        self._hold(due)
        last = max((state.due for state in self.stream.states.values() if state.due), default=bound)
        if more:
            due, _ = self.writing.due((last[0], last[1] + 1), 2**62)
            self._hold({subject: state for subject, state in due.items() if subject not in self.stream.states})
            bound = min(bound, (last[0], last[1] + 1))
        self.told += self.stream.pass_to(bound)
        return more

    def close(self) -> None:
        """Write all of it."""
        writing, stream = self.writing, self.stream
        writing.run(insert(records), self.rows)
        writing.keep(
            [(subject, stream.states[subject].due, stream.states[subject].to_json()) for subject in stream.changed]
        )
        writing.tell([(told.id, (told.entity, told.key), *self.taking.tell(told)) for told in self._standing()])
        writing.set_aside(self.aside)
        writing.head |= {"clock": stream.clock, "reached": stream.reached[1]}
        writing.head["repeats"] += self.counts.repeats
        writing.close()

    def _standing(self) -> Iterable[Message]:
        """What is told; nothing is withdrawn that was never told, as what other rules would have given."""
        gone = [each.id for each in self.told if each.kind == "withdrawn"]
        fired = {each.id for each in self.told if each.kind != "withdrawn"}
        fired |= {id for at in range(0, len(gone), 400) for (id,) in self.writing.run(_ids(gone[at : at + 400]))}
        return [each for each in self.told if each.kind != "withdrawn" or each.id in fired]

    def _hold(self, found: dict[Subject, Json]) -> None:
        for subject, stored in found.items():
            if subject[0] in self.taking.kernel.rules.watches:
                self.stream.hold(subject, self._state(subject, stored))

    def _state(self, subject: Subject, stored: Json) -> State:
        return self.taking.kernel.state_of(*subject, stored)

    def _take(self, record: Record, known: dict[str, str], now: int | None) -> None:
        body = dumped(record.to_json())
        if record.id in known:
            if known[record.id] != body:
                raise RecordError("E710", record.id, name=record.id)
            self.counts.repeats += 1
            return
        if now is not None:
            refuse_future(self.taking.plan, record, now)
        self.told += self.stream.take(record)
        known[record.id] = body
        self.counts.taken += 1
        self.writing.head["records"] += 1
        self.rows.append(
            {
                "id": record.id, "number": self.writing.head["records"], "entity": record.entity, "key": record.key,
                "at": record.at, "body": body,
            }
        )  # fmt: skip

    def _set_aside(self, text: str, error: RecordError) -> None:
        self.counts.aside += 1
        self.counts.refused.append(error)
        said = error.to_json(self.taking.reader.language)
        text = text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")  # as a database can hold it
        id = sha256(f"{error.code} {text}".encode()).hexdigest()
        self.aside.append({"id": id, "code": error.code, "said": dumped(said), "text": text})


def _ids(some: Sequence[str]) -> Any:
    return select(messages.c.id).where(messages.c.id.in_(some))
