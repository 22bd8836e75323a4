"""Where events are kept: SQLite or PostgreSQL. What a transaction takes and what it tells are written together."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError

from rulec.events.errors import StoreError
from rulec.events.stream import BEGINNING
from rulec.events.tables import DEFAULT_URL, FORMAT, aside, head, inputs, messages, records, states, tables
from rulec.log.tables import ABSENT, UnreachedError, begin_writing, reach

Json = Any
Subject = tuple[str, str]
_ASKED = 400  # values of one query


class EventStore:
    """The store at a URL; safe to share between threads and processes. Raises `StoreError`.

    `create`: whether to make one where there is none.
    """

    def __init__(self, url: str = DEFAULT_URL, create: bool = True) -> None:
        try:
            self._engine, self.shown = reach(url, create)
        except UnreachedError as error:
            code, more = ("E713", {"key": "…"}) if error.reason == ABSENT else ("E711", {})
            raise StoreError(code, url=error.shown, **more) from None
        self._writing = Lock()
        try:
            self._make(create)
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> "Iterator[Writing]":
        """A transaction that no other writer enters meanwhile, committed to the disk at its end."""
        with self._writing, self._told(), self._engine.connect() as connection:
            connection.execution_options(rulec_begin="BEGIN IMMEDIATE")
            with connection.begin():
                row = connection.execute(select(head).with_for_update()).mappings().one()
                yield Writing(connection, dict(row))

    def rows(self, query: Select[Any]) -> list[Any]:
        """What a query finds."""
        with self._told(), self._engine.connect() as connection:
            return list(connection.execute(query).all())

    def position(self, name: str) -> tuple[int, int, str]:
        """How far an input was taken: the offset, the number of lines, the hash of the last one."""
        found = self.rows(select(inputs.c.offset, inputs.c.line, inputs.c.last).where(inputs.c.name == name))
        return (found[0][0], found[0][1], found[0][2]) if found else (0, 0, "")

    def latest_due(self, moment: int) -> int | None:
        """The last moment, up to that one, at which something happens by itself."""
        ((found,),) = self.rows(select(func.max(states.c.due)).where(states.c.due < packed((moment, 3))))
        return None if found is None else found // 4

    def waiting(self, most: int) -> list[tuple[int, Json, Json]]:
        """Messages that are not delivered, in order: their number, what they say, what is to be logged of them."""
        query = select(messages.c.number, messages.c.body, messages.c.logged).where(~messages.c.delivered)
        found = self.rows(query.order_by(messages.c.number).limit(most))
        return [(number, json.loads(body), json.loads(logged or "null")) for number, body, logged in found]

    def delivered(self, upto: int) -> None:
        """Messages up to that number have reached whom they are for."""
        with self.writing() as writing:
            writing.run(update(messages).where(~messages.c.delivered, messages.c.number <= upto).values(delivered=True))

    def untold(self, most: int) -> list[tuple[str, Json]]:
        """What was set aside and not told yet, with its id."""
        found = self.rows(select(aside.c.id, aside.c.said, aside.c.text).where(~aside.c.told).limit(most))
        return [(id, {**json.loads(said), "record": text}) for id, said, text in found]

    def told(self, ids: Sequence[str]) -> None:
        """It is told now that these were set aside."""
        with self.writing() as writing:
            for some in parts(ids):
                writing.run(update(aside).where(aside.c.id.in_(some)).values(told=True))

    def about(self, key: str, most: int) -> list[Json]:
        """What is known of a key, for each entity that has one so called: facts, due, latest events and messages."""
        found = []
        for entity, due, body in self.rows(
            select(states.c.entity, states.c.due, states.c.body).where(states.c.key == key)
        ):
            mine = (records.c.entity == entity, records.c.key == key)
            kept = self.rows(select(records.c.body).where(*mine).order_by(records.c.at.desc()).limit(most))
            query = select(messages.c.body).where(messages.c.entity == entity, messages.c.key == key)
            told = self.rows(query.order_by(messages.c.number.desc()).limit(most))
            found.append(
                {
                    "entity": entity, "key": key, "facts": json.loads(body)[0][0],
                    "due": None if due is None else due // 4,
                    "events": [_event(json.loads(each)) for (each,) in reversed(kept)],
                    "told": [json.loads(each) for (each,) in reversed(told)],
                }
            )  # fmt: skip
        return found

    def _make(self, create: bool) -> None:
        with self._told(), self._engine.connect() as connection:
            connection.execution_options(rulec_begin="BEGIN IMMEDIATE" if create else "BEGIN")
            with connection.begin():
                if create:
                    begin_writing(connection)
                    tables.create_all(connection)
                elif not inspect(connection).has_table(head.name):
                    raise StoreError("E713", url=self.shown, key="…")
                formats = connection.execute(select(head.c.format)).scalars().all()
                if not formats:
                    connection.execute(insert(head), _EMPTY)
                elif formats != [FORMAT]:
                    raise StoreError("E712", url=self.shown, detail=f"format {formats[0]}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What a database says is said as a `StoreError`."""
        try:
            yield
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
            raise StoreError("E712", url=self.shown, detail=said[0]) from None


_EMPTY = {"format": FORMAT, "clock": BEGINNING, "reached": 0, "rules": "", "records": 0, "messages": 0, "repeats": 0}


class Writing:
    """What a transaction reads and writes. `head`: the row of the store, written at the end by `close`."""

    def __init__(self, connection: Connection, row: dict[str, Any]) -> None:
        self._connection, self.head = connection, row

    def run(self, statement: Any, rows: Sequence[Any] | None = None) -> Any:
        """Execute a statement, for each of the rows where they are given."""
        if rows is None:
            return self._connection.execute(statement)
        return self._connection.execute(statement, rows) if rows else None

    def known(self, ids: Sequence[str]) -> dict[str, str]:
        """The records of these ids that were taken: id → what they say."""
        found = dict[str, str]()
        for some in parts(ids):
            query = select(records.c.id, records.c.body).where(records.c.id.in_(some))
            found |= dict(self.run(query).all())
        return found

    def states(self, subjects: Sequence[Subject]) -> dict[Subject, Json]:
        """The states of these keys, of those that have one."""
        found = dict[Subject, Json]()
        for some in parts(sorted({key for _, key in subjects})):
            found |= _states(self.run(_STATES.where(states.c.key.in_(some))))
        return {subject: found[subject] for subject in subjects if subject in found}

    def due(self, bound: tuple[int, int], most: int) -> tuple[dict[Subject, Json], bool]:
        """The states of keys of which something is due before a bound, the first ones; and whether there are more."""
        query = _STATES.where(states.c.due < packed(bound)).order_by(states.c.due, states.c.entity, states.c.key)
        found = _states(self.run(query.limit(most + 1)))
        return found, len(found) > most

    def keep(self, kept: Sequence[tuple[Subject, tuple[int, int] | None, Json]]) -> None:
        """Write the states of keys."""
        for entity in {subject[0] for subject, _, _ in kept}:
            for some in parts([subject[1] for subject, _, _ in kept if subject[0] == entity]):
                self.run(delete(states).where(states.c.entity == entity, states.c.key.in_(some)))
        self.run(
            insert(states),
            [
                {"entity": subject[0], "key": subject[1], "due": packed(due) if due else None, "body": dumped(body)}
                for subject, due, body in kept
            ],
        )

    def tell(self, told: Sequence[tuple[str, Subject, Json, Json]]) -> None:
        """Write messages: the id of each, its key, what it says, what is to be logged of it."""
        number = self.head["messages"]
        rows = [
            {
                "number": number + at, "id": id, "entity": subject[0], "key": subject[1], "body": dumped(body),
                "logged": dumped(logged) if logged else "", "delivered": False,
            }
            for at, (id, subject, body, logged) in enumerate(told, 1)
        ]  # fmt: skip
        self.run(insert(messages), rows)
        self.head["messages"] += len(rows)

    def set_aside(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write what cannot be taken, once each: its id, code, what is said of it, its text."""
        unique = {row["id"]: {**row, "told": False} for row in rows}
        for some in parts(list(unique)):
            for (id,) in self.run(select(aside.c.id).where(aside.c.id.in_(some))):
                del unique[id]
        self.run(insert(aside), list(unique.values()))

    def place(self, name: str, offset: int, line: int, last: str) -> None:
        """An input was taken up to there."""
        self.run(delete(inputs).where(inputs.c.name == name))
        self.run(insert(inputs).values(name=name, offset=offset, line=line, last=last))

    def close(self) -> None:
        """Write the row of the store."""
        self.run(update(head).values({name: value for name, value in self.head.items() if name != "format"}))


_STATES = select(states.c.entity, states.c.key, states.c.body)


def _states(rows: Any) -> dict[Subject, Json]:
    return {(entity, key): json.loads(body) for entity, key, body in rows}


def _event(body: Json) -> Json:
    """A record, to be shown."""
    id, at, _, _, event, facts = body
    return {"id": id, "at": at, "event": event or ", ".join(facts)}


def packed(bound: tuple[int, int]) -> int:
    """A moment and its part as one number, in their order."""
    return max(bound[0], -(2**60)) * 4 + bound[1]


def parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values, as many at a time as a query takes."""
    return (values[at : at + _ASKED] for at in range(0, len(values), _ASKED))


def dumped(value: Json) -> str:
    """JSON, compact, of ASCII alone: half characters cannot be stored otherwise."""
    return json.dumps(value, separators=(",", ":"))
