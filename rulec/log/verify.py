"""A log in, what is wrong with its chain out: entries changed, removed, moved or cut off, values gone in secret."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from rulec.log.entry import ERASURE, START, digest_of, hash_of
from rulec.log.store import DecisionLog
from rulec.log.tables import entries
from rulec.source import Language

CHANGED, REMOVED, MOVED, CUT, ERASED, ADDED = "changed", "removed", "moved", "cut", "erased", "added"
_TOLD: Mapping[str, Mapping[Language, str]] = {
    CHANGED: {"fr": "l'entrée {number} ({id}) a été modifiée", "en": "entry {number} ({id}) was changed"},
    REMOVED: {"fr": "il manque {number}", "en": "{number} is missing"},
    MOVED: {
        "fr": "l'entrée {number} ({id}) n'est pas à sa place",
        "en": "entry {number} ({id}) is not in its place",
    },
    CUT: {"fr": "la fin manque : {number}", "en": "the end is missing: {number}"},
    ERASED: {
        "fr": "dans l'entrée {number} ({id}), {path} manque, et aucun effacement ne le dit",
        "en": "in entry {number} ({id}), {path} is missing, and no erasure says so",
    },
    ADDED: {
        "fr": "l'entrée {number} ({id}) a été ajoutée après la fin",
        "en": "entry {number} ({id}) was added beyond the end",
    },
}
_RANGE: Mapping[Language, tuple[str, str]] = {
    "fr": ("l'entrée {}", "les entrées {} à {}"), "en": ("entry {}", "entries {} to {}"),
}  # fmt: skip
_READ = 1000
_MOST_TRIED = 1000  # places that a broken entry is tried in
_COLUMNS = [entries.c[name] for name in ("number", "id", "time", "kind", "about", "body", "sealed", "before", "hash")]


@dataclass(frozen=True, slots=True)
class Damage:
    """Something wrong. `kind`: of the words above. `last`: of several entries that are missing. `path`: of a value."""

    kind: str
    number: int
    id: str = ""
    last: int = 0
    path: str = ""

    def text(self, language: Language) -> str:
        """A sentence without its full stop."""
        one, several = _RANGE[language]
        number = f"{self.number}"
        if self.kind in (REMOVED, CUT):
            number = (several if self.last > self.number else one).format(self.number, self.last)
        return _TOLD[self.kind][language].format(number=number, id=self.id, path=self.path)

    def to_json(self) -> dict[str, object]:
        """Plain data."""
        last = {"last": self.last} if self.last else {}
        path = {"path": self.path} if self.path else {}
        return {"kind": self.kind, "number": self.number, "id": self.id, **last, **path}


@dataclass(frozen=True, slots=True)
class Verified:
    """`entries`: how many were read. `number`, `hash`: the head of the chain. `damage`: all that is wrong."""

    entries: int
    number: int
    hash: str
    damage: tuple[Damage, ...]


def verify(log: DecisionLog, known: tuple[int, str] | None = None) -> Verified:
    """Read the whole chain. `known`: the number and hash of an entry that were noted elsewhere before.

    What cannot be seen: a chain that was made anew from some entry on, with its head, by one who may write to the
    database, unless an entry beyond it was noted elsewhere.
    """
    beyond = _last(log)  # read before the head: others may be writing
    number, last = log.head()
    chain = _Chain(known)
    for row in _rows(log, max(beyond, number)):
        chain.read(row)
    chain.end(number, last)
    damage = [*chain.damage, *_broken(log, chain.broken)]
    return Verified(chain.count, number, last, tuple(sorted(damage, key=lambda each: each.number)))


def _rows(log: DecisionLog, last: int) -> Iterator[Any]:
    """The rows up to a number, in order."""
    after, query = 0, select(*_COLUMNS).order_by(entries.c.number).limit(_READ)
    while found := log.rows(query.where(entries.c.number > after, entries.c.number <= last)):
        yield from found
        after = found[-1].number


def _last(log: DecisionLog) -> int:
    ((number,),) = log.rows(select(func.max(entries.c.number)))
    return int(number or 0)


class _Chain:
    """What was read so far. `broken`: the entries of which the hash is not theirs."""

    def __init__(self, known: tuple[int, str] | None) -> None:
        self.count, self.damage, self.broken = 0, list[Damage](), list[int]()
        self._number, self._id, self._hash = 0, "", START  # of the entry before
        self._known, self._at_known = known, START
        self._gone, self._erased = list[Damage](), set[tuple[str, str]]()

    def read(self, row: Any) -> None:
        """The next entry."""
        follows = row.number == self._number + 1
        if not follows:
            self.damage.append(Damage(REMOVED, self._number + 1, last=row.number - 1))
        if hash_of(row.number, row.before, row.body) != row.hash:
            self.broken.append(row.number)
        else:
            if follows and row.before != self._hash and self._number not in self.broken[-1:]:
                self.damage.append(Damage(CHANGED, self._number, self._id))
            try:
                self._inside(row)
            except (AttributeError, KeyError, TypeError, ValueError):  # a body that rulec did not write
                self.damage.append(Damage(CHANGED, row.number, row.id))
        self.count, self._number, self._id, self._hash = self.count + 1, row.number, row.id, row.hash
        if self._known is not None and self._known[0] == row.number:
            self._at_known = row.hash

    def end(self, number: int, last: str) -> None:
        """Compare with the head, and with what was noted elsewhere."""
        if number > self._number:
            self.damage.append(Damage(CUT, self._number + 1, last=number))
        elif number < self._number:
            self.damage.append(Damage(ADDED, self._number, self._id))
        elif last != self._hash and self._number not in self.broken[-1:]:
            self.damage.append(Damage(CHANGED, self._number, self._id))
        if self._known is not None and not self.damage and not self.broken and self._at_known != self._known[1]:
            changed = self._known[0] <= self._number
            self.damage.append(Damage(CHANGED if changed else CUT, self._known[0], last=self._known[0]))
        self.damage += [each for each in self._gone if (each.id, each.path) not in self._erased]

    def _inside(self, row: Any) -> None:
        """What the body says, next to the columns and to what is sealed."""
        told, kept = json.loads(row.body), _values(row.sealed)
        content, digests = told["content"], told["sealed"]
        about = content.get("about", told["id"])
        if (told["id"], told["time"], told["kind"], about) != (row.id, row.time, row.kind, row.about):
            self.damage.append(Damage(CHANGED, row.number, row.id))
        for path in (*digests, *(path for path in kept if path not in digests)):
            if path not in kept:
                self._gone.append(Damage(ERASED, row.number, row.id, path=path))
            elif not _fits(kept[path], digests.get(path, "")):
                self.damage.append(Damage(CHANGED, row.number, row.id, path=path))
        if told["kind"] == ERASURE:
            self._erased |= {(id, path) for id, paths in content["erased"].items() for path in paths}


def _values(kept: str) -> dict[str, Any]:
    """What can be erased, by path; what cannot be read is not there."""
    try:
        found = json.loads(kept)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _fits(value: Any, digest: str) -> bool:
    """Whether a salt and a value are those of a digest."""
    try:
        salt, held = value
        return digest_of(salt, held) == digest
    except (TypeError, ValueError):
        return False


def _broken(log: DecisionLog, numbers: list[int]) -> Iterator[Damage]:
    """Whether each was changed, or stands in the place of another that is broken too."""
    tried = numbers[:_MOST_TRIED]
    for number in numbers:
        (row,) = log.rows(select(*_COLUMNS).where(entries.c.number == number))
        moved = any(hash_of(other, row.before, row.body) == row.hash for other in tried)
        yield Damage(MOVED if moved else CHANGED, number, row.id)
