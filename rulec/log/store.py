"""Entries in, written to a database and chained; entries by number, id or kind out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Select, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from rulec.log.entry import START, Entry, hash_of, opened, sealed
from rulec.log.errors import LogError
from rulec.log.tables import ABSENT, DEFAULT_URL, FORMAT, UnreachedError, begin_writing, entries, head, reach, tables

_READ = 500  # entries that are read at a time
_COLUMNS = [entries.c[name] for name in ("number", "before", "hash", "body", "sealed")]


class DecisionLog:
    """The log at a URL (`sqlite:///decisions.db`, `postgresql://…`); safe to share between threads and processes.

    `create`: whether to make one where there is none. Raises `LogError` wherever the database fails.
    """

    def __init__(self, url: str = DEFAULT_URL, create: bool = True) -> None:
        try:
            self._engine, self.shown = reach(url, create)
        except UnreachedError as error:
            raise LogError("E948" if error.reason == ABSENT else "E946", url=error.shown) from None
        self._writing = Lock()  # threads of one process wait here, processes in the database
        try:
            self._make(create)
        except LogError:
            self.close()
            raise

    def append(self, entry: Entry) -> Entry:
        """Write an entry at the end; it is durable when this returns. Raises `LogError`."""
        return self.append_many([entry])[0]

    def append_many(self, new: Sequence[Entry]) -> list[Entry]:
        """Write entries at the end, all or none; they are durable when this returns. Raises `LogError`."""
        ready = [(entry, *sealed(entry)) for entry in new]
        with self.writing() as connection:
            return self.add(connection, ready)

    def add(self, connection: Connection, ready: Sequence[tuple[Entry, str, str]]) -> list[Entry]:
        """Write entries, with their body and what is sealed of it, in a transaction of `writing`."""
        number, last = connection.execute(select(head.c.number, head.c.hash)).one()
        rows, placed = [], []
        for entry, body, kept in ready:
            number, before = number + 1, last
            last = hash_of(number, before, body)
            placed.append(entry.placed(number, before, last))
            rows.append(
                {
                    "number": number, "id": entry.id, "time": entry.time, "kind": entry.kind, "about": entry.about,
                    "body": body, "sealed": kept, "before": before, "hash": last,
                }
            )  # fmt: skip
        if rows:
            connection.execute(insert(entries), rows)
            connection.execute(update(head).values(number=number, hash=last))
        return placed

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer enters meanwhile, committed to the disk at its end."""
        with self._writing, self._told(), self._engine.connect() as connection:
            connection.execution_options(rulec_begin="BEGIN IMMEDIATE")
            with connection.begin():
                connection.execute(select(head.c.number).with_for_update())
                yield connection

    def get(self, id: str) -> Entry | None:
        """The entry of that id."""
        return next(iter(self._found(_entry_rows().where(entries.c.id == id))), None)

    def about(self, id: str) -> list[Entry]:
        """The entries about the decision of that id, itself first."""
        return self._found(_entry_rows().where(entries.c.about == id).order_by(entries.c.number))

    def entries(self, kind: str = "", since: str = "", until: str = "", after: int = 0) -> Iterator[Entry]:
        """Entries in order: of a kind, of times from `since` to before `until` (ISO, UTC), beyond a number."""
        wanted = _within(since, until).order_by(entries.c.number).limit(_READ)
        wanted = wanted.where(entries.c.kind == kind) if kind else wanted
        while found := self._found(wanted.where(entries.c.number > after)):
            yield from found
            after = found[-1].number

    def latest(self, count: int, since: str = "", until: str = "") -> list[Entry]:
        """The last entries of these times, in order."""
        return self._found(_within(since, until).order_by(entries.c.number.desc()).limit(count))[::-1]

    def head(self) -> tuple[int, str]:
        """The number and the hash of the last entry that was written."""
        with self._told(), self._engine.connect() as connection:
            number, last = connection.execute(select(head.c.number, head.c.hash)).one()
            return number, last

    def rows(self, query: Select[Any]) -> list[Any]:
        """What a query finds."""
        with self._told(), self._engine.connect() as connection:
            return list(connection.execute(query).all())

    def tidy(self) -> None:
        """Leave nothing of what was erased in the files of SQLite. (PostgreSQL: its vacuum does.)"""
        if self._engine.dialect.name == "sqlite":
            with self._told(), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def find(self, beginning: str) -> Entry | None:
        """The entry of which the id begins so, where there is one alone."""
        safe = "".join(sign for sign in beginning if sign.isalnum() or sign in "-")
        found = self._found(_entry_rows().where(entries.c.id.startswith(safe)).limit(2))
        return found[0] if len(found) == 1 and safe == beginning != "" else None

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _found(self, query: Select[Any]) -> list[Entry]:
        return [self._opened(*row) for row in self.rows(query)]

    def _opened(self, number: int, *stored: str) -> Entry:
        try:
            return opened(number, *stored)
        except (IndexError, KeyError, TypeError, ValueError):
            raise LogError("E958", url=self.shown, number=str(number)) from None

    def _make(self, create: bool) -> None:
        """Make the tables where they are not, one process at a time."""
        with self._told(), self._engine.connect() as connection:
            connection.execution_options(rulec_begin="BEGIN IMMEDIATE" if create else "BEGIN")
            with connection.begin():
                if create:
                    begin_writing(connection)
                    tables.create_all(connection)
                elif not inspect(connection).has_table(head.name):
                    raise LogError("E948", url=self.shown)
                formats = connection.execute(select(head.c.format)).scalars().all()
                if not formats:
                    connection.execute(insert(head), {"format": FORMAT, "number": 0, "hash": START})
                elif formats != [FORMAT]:
                    raise LogError("E949", url=self.shown)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What a database says is said as a `LogError`."""
        try:
            yield
        except IntegrityError as error:
            raise LogError("E957", url=self.shown, detail=_first_line(error)) from None
        except SQLAlchemyError as error:
            raise LogError("E947", url=self.shown, detail=_first_line(error)) from None


def _entry_rows() -> Select[Any]:
    return select(*_COLUMNS)


def _within(since: str, until: str) -> Select[Any]:
    """The rows of times from one to before another."""
    wanted = _entry_rows()
    wanted = wanted.where(entries.c.time >= since) if since else wanted
    return wanted.where(entries.c.time < until) if until else wanted


def _first_line(error: SQLAlchemyError) -> str:
    """What the database says, in one line."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__
