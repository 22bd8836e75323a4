"""Answers in, kept in a SQLite file; the answer to what was asked before out."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any

from rulec.judgement.answers import SETTLED, Answer, Question
from rulec.judgement.client import Told
from rulec.runtime.types import Date
from rulec.runtime.values import read_value

_TABLE = """
create table if not exists answers (
    number integer primary key, key text not null, path text not null, title text not null, means text not null,
    text text not null, model text not null, prompt integer not null, value text, quote text not null,
    reason text not null, at real not null, seconds real not null, cost real not null
)"""
_ASKED = """
create table if not exists asked (
    number integer primary key, key text not null, message text not null, model text not null, answer text,
    reason text not null, at real not null, seconds real not null, cost real not null
)"""
_INDEX = "create index if not exists answers_by_key on answers (key, number)"
_COLUMNS = "path, title, means, text, model, prompt, value, quote, reason, at, seconds, cost"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was written down. `value`: as JSON text, None in doubt. `at`: seconds since 1970, UTC."""

    path: str
    title: str
    means: str
    text: str
    model: str
    prompt: int
    value: str | None
    quote: str
    reason: str
    at: float
    seconds: float
    cost: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What an author asked a model, as it was written down. `answer`: as JSON text, None where nothing came."""

    message: str
    model: str
    answer: str | None
    reason: str
    at: float
    seconds: float
    cost: float


class Store:
    """The answers of one file (or ":memory:"); safe to share between threads. Raises sqlite3.Error where it fails."""

    def __init__(self, path: Path | str) -> None:
        self._lock = Lock()
        try:
            self._base = sqlite3.connect(str(path), check_same_thread=False, timeout=10, isolation_level=None)
            for each in ("pragma journal_mode = wal", _TABLE, _INDEX, _ASKED):
                self._base.execute(each)
        except sqlite3.Error as error:
            raise type(error)(f"{path}: {error}") from None

    def find(self, key: str, question: Question, any_reason: bool = False) -> Answer | None:
        """The latest answer to a question; one that another attempt may mend counts only where `any_reason` says so."""
        rows = self._read(f"select {_COLUMNS} from answers where key = ? order by number desc", (key,))
        for row in rows:
            kept = Kept(*row)
            if any_reason or kept.reason in SETTLED:
                return Answer(
                    question.path, _held(kept.value, question), kept.quote, kept.reason, kept.model, cached=True
                )
        return None

    def keep(self, key: str, question: Question, text: str, prompt: int, answer: Answer) -> None:
        """Write an answer down."""
        value = None if answer.value is None else json.dumps(_plain(answer.value), ensure_ascii=False)
        row = (
            key, question.path, question.title, question.said.means, _storable(text), answer.model, prompt, value,
            answer.quote, answer.reason, time.time(), answer.seconds, answer.cost,
        )  # fmt: skip
        with self._lock:
            self._base.execute(f"insert into answers (key, {_COLUMNS}) values ({', '.join('?' * len(row))})", row)

    def spent_since(self, moment: float) -> float:
        """US dollars spent since a moment (seconds since 1970)."""
        both = ("answers", "asked")
        rows = [self._read(f"select coalesce(sum(cost), 0) from {each} where at >= ?", (moment,)) for each in both]
        return sum(float(total) for ((total,),) in rows)

    def find_asked(self, key: str) -> str | None:
        """The latest answer to a request of an author, as JSON text."""
        found = "select answer from asked where key = ? and reason = '' order by number desc limit 1"
        return next((str(answer) for (answer,) in self._read(found, (key,))), None)

    def keep_asked(self, key: str, message: str, model: str, told: Told) -> None:
        """Write down what came of a request of an author."""
        answer = told.answer.model_dump_json() if told.answer is not None else None
        row = (key, _storable(message), model, answer, told.reason, time.time(), told.seconds, told.cost)
        columns = "key, message, model, answer, reason, at, seconds, cost"
        with self._lock:
            self._base.execute(f"insert into asked ({columns}) values ({', '.join('?' * len(row))})", row)

    def all(self) -> Iterator[Kept]:
        """Every answer, in the order in which they came."""
        return (Kept(*row) for row in self._read(f"select {_COLUMNS} from answers order by number", ()))

    def all_asked(self) -> Iterator[Asked]:
        """Every request of an author, in the order in which they came."""
        found = "select message, model, answer, reason, at, seconds, cost from asked order by number"
        return (Asked(*row) for row in self._read(found, ()))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._base.close()

    def _read(self, query: str, values: tuple[object, ...]) -> list[Any]:
        with self._lock, closing(self._base.execute(query, values)) as found:
            return found.fetchall()


def _plain(value: object) -> object:
    return format(value, "f") if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value


def _held(value: str | None, question: Question) -> object:
    """The value as `runtime.types` holds it."""
    if value is None:
        return None
    plain = json.loads(value)
    if isinstance(plain, str) and isinstance(question.slot.type, Date):
        return date.fromisoformat(plain)
    return plain if isinstance(plain, bool) else read_value(question.slot.type, plain, question.language)


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
