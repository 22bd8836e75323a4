"""Facts as given in, held values by path out; or all that is wrong with them, together.

Facts are given nested by entity, flat, dotted, under keys or terms, in a dict, a dataclass or a pydantic model.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rulec.runtime.bounds import bounds_text, inside
from rulec.runtime.known import Entity, known_facts
from rulec.runtime.members import UnreadableError, members_of
from rulec.runtime.refused import ValueProblem, given_text, problem_text
from rulec.runtime.shown import dump_value
from rulec.runtime.types import IN_DOUBT, IN_DOUBT_KEY, Slot, Type, doubt_of, is_doubt, record_of
from rulec.runtime.values import read_value

_MOST_COMPARED = 20  # unknown keys for which the nearest is looked for
_MOST_LISTED = 20  # keys that a sentence lists


@dataclass(frozen=True, slots=True)
class InputProblem:
    """Something wrong with a fact given: a code of MESSAGES, the key it was given under, what fills the sentence."""

    code: str
    key: str
    details: tuple[tuple[str, str], ...] = ()
    type: Type | None = None

    def message(self, language: str) -> str:
        """The sentence in "fr" or "en"."""
        return problem_text(self.code, language, self.key, self.type, dict(self.details))


class FactsError(ValueError):
    """Facts that cannot be read. `problems`: all that is wrong; `str()` says it in the language of the rules."""

    def __init__(self, problems: Iterable[InputProblem], language: str = "fr") -> None:
        self.problems, self.language = tuple(problems), language
        super().__init__(self.problems, language)

    def __str__(self) -> str:
        return "\n".join(problem.message(self.language) for problem in self.problems)


def read_facts(slots: Sequence[Slot], given: object, language: str) -> dict[str, object]:
    """The facts given, by path. Raises FactsError."""
    return FactsReader(slots, language).read(given)


def dump_facts(slots: Sequence[Slot], held: Mapping[str, object]) -> dict[str, object]:
    """Held values, by path, as JSON data that is read as the same values."""
    given = {slot.path: dump_value(slot.type, held[slot.path]) for slot in slots if slot.path in held}
    return given | {slot.path: IN_DOUBT_KEY for slot in slots if doubt_of(slot.path) in held}


def as_mapping(given: object, language: str = "fr") -> Mapping[object, object]:
    """The members of a dict, a dataclass instance or a pydantic model. Raises FactsError for anything else."""
    try:
        members = members_of(given)
    except UnreadableError as error:
        raise FactsError([InputProblem("E524", "", (("given", str(error)),))], language) from None
    if members is None:
        raise FactsError([InputProblem("E520", "", (("given", given_text(given)),))], language)
    return members


class FactsReader:
    """Reads facts for one set of slots; immutable, safe to share between threads. `calculated`: what is not given."""

    def __init__(self, slots: Sequence[Slot], language: str, calculated: Sequence[Slot] = ()) -> None:
        self._known = known_facts(slots, language, calculated)
        self._calculated = frozenset(slot.path for slot in calculated)
        self._language = language
        self._elements = {
            slot.path: FactsReader(record.attributes, language) for slot in slots if (record := record_of(slot.type))
        }
        self._defaults = {slot.path: slot.default for slot in slots if slot.default is not None}

    def read(self, given: object) -> dict[str, object]:
        """The held values by path; what is not given, or null, is left out. Raises FactsError with all problems.

        A judgement in doubt stands under `doubt_of` its path.
        """
        members = as_mapping(given, self._language)
        reading = _Reading()
        self._entity(self._known.entities[""], "", members, reading)
        if reading.problems:
            raise FactsError(reading.problems, self._language)
        return {
            doubt_of(path) if fact.value is IN_DOUBT else path: fact.value for path, fact in reading.found.items()
        }

    def keys(self) -> list[str]:
        """A key for each fact that means it alone: the last of its path, or where that may mean another, the path."""
        root, paths = self._known.entities[""], [path for path in self._known.facts if path not in self._calculated]
        keys = [path.rpartition(".")[2] for path in paths]
        are_clear = all(self._known.meanings(root, key, False) == [path] for key, path in zip(keys, paths, strict=True))
        return keys if are_clear else paths

    def _entity(self, entity: Entity, place: str, members: Mapping[object, object], reading: "_Reading") -> None:
        for key, raw in members.items():
            if isinstance(key, str):
                self._member(entity, place, str.__str__(key), raw, reading)
            else:
                reading.refuse("E522", place, given=given_text(key), closest=next(iter(entity.own), "…"))

    def _member(self, entity: Entity, place: str, key: str, raw: object, reading: "_Reading") -> None:
        """One key of an entity, and what it gives."""
        here = f"{place}.{given_text(key)}" if place else given_text(key)
        try:
            members = members_of(raw)
        except UnreadableError as error:
            reading.refuse("E524", here, given=str(error))
            return
        meant = self._known.meanings(entity, key, members is not None)
        if not meant:
            self._unknown(entity, here, key, reading)
        elif raw is None:
            pass
        elif len(meant) == 1 and meant[0] in self._calculated:
            reading.refuse("E528", here)
        elif len(meant) > 1:
            reading.refuse("E503", here, choices=_listed(meant))
        elif members is not None and meant[0] in self._known.entities:
            self._entity(self._known.entities[meant[0]], here, members, reading)
        elif meant[0] in self._elements and isinstance(raw, list | tuple):
            value = tuple(
                self._elements[meant[0]].element(each, f"{here}[{at}]", reading) for at, each in enumerate(raw, 1)
            )
            self._found(self._known.facts[meant[0]], _Given(here, raw, value), reading)
        elif meant[0] in self._known.facts:
            self._fact(self._known.facts[meant[0]], here, raw, reading)
        else:
            choices = _listed(self._known.entities[meant[0]].own)
            reading.refuse("E521", here, given=given_text(raw), choices=choices)

    def _unknown(self, entity: Entity, here: str, key: str, reading: "_Reading") -> None:
        reading.compared += 1
        closest = self._known.closest(entity, key) if reading.compared <= _MOST_COMPARED else ""
        if closest:
            reading.refuse("E501", here, closest=closest)
        else:
            reading.refuse("E502", here, known=_listed(entity.own))

    def _fact(self, slot: Slot, here: str, raw: object, reading: "_Reading") -> None:
        if slot.judged and is_doubt(raw):
            self._found(slot, _Given(here, raw, IN_DOUBT), reading)
            return
        try:
            value = read_value(slot.type, raw, self._language)
        except ValueProblem as problem:
            place = f"{here} {problem.place}".strip()
            reading.refuse(problem.code, place, problem.type, **problem.values)
            return
        if slot.bounds is not None and not inside(slot.bounds, value):
            bounds = bounds_text(slot.bounds, slot.type, self._language)
            reading.refuse("E519", here, given=given_text(raw), bounds=bounds)
        self._found(slot, _Given(here, raw, value), reading)

    def _found(self, slot: Slot, given: "_Given", reading: "_Reading") -> None:
        first = reading.found.setdefault(slot.path, given)
        if first.raw is not given.raw and first.value != given.value:
            one, other, place = given_text(first.raw), given_text(given.raw), reading.place + slot.path
            reading.refuse("E504", place, first=one, first_key=first.key, given=other, given_key=given.key)

    def element(self, raw: object, here: str, reading: "_Reading") -> dict[str, object]:
        """The attributes of an element by path, with their defaults; its problems are added to the reading."""
        own = _Reading(reading.problems, compared=reading.compared, place=f"{here}.")
        try:
            members = members_of(raw)
        except UnreadableError as error:
            reading.refuse("E524", here, given=str(error))
            return {}
        if members is None:
            reading.refuse("E521", here, given=given_text(raw), choices=_listed(self._known.entities[""].own))
            return {}
        self._entity(self._known.entities[""], here, members, own)
        reading.compared = own.compared
        return self._defaults | {path: fact.value for path, fact in own.found.items()}


@dataclass(frozen=True, slots=True)
class _Given:
    """A fact: the key that it was given under, as given and as held."""

    key: str
    raw: object
    value: object


@dataclass(slots=True)
class _Reading:
    """What one reading has found so far. `place`: of an element, what comes before its keys."""

    problems: list[InputProblem] = field(default_factory=list)
    found: dict[str, _Given] = field(default_factory=dict)
    compared: int = 0
    place: str = ""

    def refuse(self, code: str, key: str, type_: Type | None = None, **details: str) -> None:
        self.problems.append(InputProblem(code, key, tuple(details.items()), type_))


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(keys[:_MOST_LISTED] or ["—"]) + (" …" if len(keys) > _MOST_LISTED else "")
