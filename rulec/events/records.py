"""A line of JSON in, a record of what happened and what is known out; or the reason why it is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from rulec.diagnostics import catalogue
from rulec.events.times import read_time
from rulec.plan.tree import Plan
from rulec.runtime.facts import FactsError, FactsReader, dump_facts
from rulec.runtime.facts_json import parse_facts
from rulec.runtime.refused import given_text
from rulec.runtime.spelling import bare_words
from rulec.source import Language

Json = Any  # plain data: what `json.loads` gives
_MEMBERS = ("id", "event", "time", "entity", "key", "facts")
_LONGEST = 200  # characters of an id or a key


class RecordError(ValueError):
    """A record that cannot be taken. `code` of the catalogue; `id`: that of the record, "" where it has none.

    `facts`: what is wrong with its facts, told as the detail.
    """

    def __init__(self, code: str, id: str = "", *, facts: FactsError | None = None, **values: str) -> None:
        super().__init__(code, id, values)
        self.code, self.id, self.values, self.facts = code, id, values, facts

    def message(self, language: Language) -> str:
        """The reason, in one line."""
        values = self.values if self.facts is None else {**self.values, "detail": _line(self.facts, language)}
        return catalogue.message(self.code, language, values)

    def to_json(self, language: Language) -> dict[str, str]:
        """What is kept of it beside the text."""
        return {"code": self.code, "message": self.message(language), "id": self.id}


@dataclass(frozen=True, slots=True)
class Record:
    """What happened to `key` of `entity` at a moment (`events.times`): `event`, "" where facts alone are told.

    `facts`: those told, by path, as JSON data.
    """

    id: str
    at: int
    entity: str
    key: str
    event: str
    facts: Mapping[str, Json]

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands in the history of its key."""
        return self.at, self.id

    def to_json(self) -> list[Json]:
        """Plain data."""
        return [self.id, self.at, self.entity, self.key, self.event, dict(self.facts)]


def record_of(stored: list[Json]) -> Record:
    """The record of plain data."""
    return Record(*stored)


class RecordReader:
    """Reads the records of one plan."""

    def __init__(self, plan: Plan) -> None:
        self._zone = plan.zone
        self.language: Language = "en" if plan.language == "en" else "fr"
        self._slots = tuple(slot for slot in plan.facts if not slot.happens)
        self._facts = FactsReader(self._slots, plan.language, tuple(each.slot for each in plan.definitions))
        self._entities = {each.key: each.entity for each in plan.events}
        self._events = {each.key: each.key for each in plan.events}
        self._events |= {bare_words(each.name, plan.language): each.key for each in plan.events}
        self._known = [each.key for each in plan.events]

    def line(self, line: str | bytes) -> tuple[str, Record | RecordError]:
        """A line as text, and its record, or why it is none."""
        text = line if isinstance(line, str) else line.decode("utf-8", "backslashreplace")
        try:
            if isinstance(line, bytes):
                line.decode("utf-8")
            return text, self.parsed(text)
        except UnicodeDecodeError:
            return text, RecordError("E700", detail="UTF-8")
        except RecordError as error:
            return text, error

    def parsed(self, text: str) -> Record:
        """The record of a line of JSON. Raises `RecordError`."""
        try:
            given = parse_facts(text, self.language)
        except FactsError as error:
            raise RecordError("E700", facts=error) from None
        return self.read(given)

    def read(self, given: object) -> Record:
        """The record of a JSON object, numbers as Decimal. Raises `RecordError`."""
        if not isinstance(given, dict):
            raise RecordError("E700", detail=given_text(given))
        id = given.get("id", "")
        known = id if isinstance(id, str) else ""
        for name in given:
            if name not in _MEMBERS:
                raise RecordError("E703", known, name=str(name), closest=_closest(str(name), _MEMBERS))
        id, key, told = (_text(given, name, known) for name in ("id", "key", "time"))
        try:
            at = read_time(told, self._zone)
        except ValueError:
            raise RecordError("E705", known, given=given_text(told)) from None
        event, entity = self._event(given, known)
        return Record(id, at, entity, key, event, self._told(given, known))

    def known(self, facts: Mapping[str, Json]) -> dict[str, Json]:
        """Those of facts, told under other rules, that these know, of their type."""
        found = dict[str, Json]()
        for path, value in facts.items():
            try:
                found |= dump_facts(self._slots, self._facts.read({path: value}))
            except FactsError:
                continue
        return found

    def _event(self, given: Mapping[str, object], id: str) -> tuple[str, str]:
        """The keys of the event and of what it happens to."""
        if given.get("event") is None:
            entity = _text(given, "entity", id)
            if entity not in self._entities.values():
                known = list(dict.fromkeys(self._entities.values()))
                raise RecordError("E706", id, name=entity, known=", ".join(known))
            if not given.get("facts"):
                raise RecordError("E701", id, name="event")
            return "", entity
        said = _text(given, "event", id)
        event = self._events.get(said) or self._events.get(bare_words(said, self.language))
        if event is None:
            raise RecordError("E704", id, name=said, known=", ".join(self._known))
        entity = self._entities[event]
        if given.get("entity", entity) != entity:
            raise RecordError("E706", id, name=given_text(given["entity"]), known=entity)
        return event, entity

    def _told(self, given: Mapping[str, object], id: str) -> dict[str, Json]:
        facts = given.get("facts")
        if facts is None or facts == {}:
            return {}
        try:
            return dump_facts(self._slots, self._facts.read(facts))
        except FactsError as error:
            raise RecordError("E707", id, facts=error) from None


def _text(given: Mapping[str, object], name: str, id: str) -> str:
    """A member that is a text, not empty and not endless."""
    value = given.get(name)
    if value is None or value == "":
        raise RecordError("E701", id, name=name)
    if not isinstance(value, str) or len(value) > _LONGEST or "\0" in value or not value.isprintable():
        raise RecordError("E702", id, name=name, given=given_text(value))
    return value


def _closest(name: str, known: Iterable[str]) -> str:
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.5)), ", ".join(known))


def _line(error: FactsError, language: Language) -> str:
    return " ".join(" ".join(each.message(language) for each in error.problems).split())
