"""Slots in, what a key of the facts means out: the paths of one fact, of one entity, of several, or none.

A key is a path of keys ("client.loyal"), the last part of one where a single fact ends so ("loyal"), or the term as
people write it: « client fidèle », « le montant HT de la commande ».
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rulec.runtime.spelling import bare_words, plain_words, without_preposition
from rulec.runtime.types import Slot

_LONGEST_KEY = 100  # characters compared to find the nearest key, or remembered
_MOST_MET = 1000  # keys whose meaning is remembered
# How strictly a key is spelled: its path, all its words, its last words, both without articles, or a preposition.
_RANKS = 6
Spoken = tuple[dict[str, dict[str, None]], ...]  # for each rank: what is said → the paths that it may mean, in order


def _nothing_said() -> Spoken:
    return tuple({} for _ in range(_RANKS))


@dataclass(frozen=True, slots=True)
class Entity:
    """The facts of an entity and of the entities below it; the path "" holds all facts.

    `own`: the paths one level down. `facts`, `entities`: what may be said of what is below, on whatever level.
    """

    path: str
    own: list[str] = field(default_factory=list)
    facts: Spoken = field(default_factory=_nothing_said)
    entities: Spoken = field(default_factory=_nothing_said)


@dataclass(frozen=True, slots=True)
class Known:
    """All facts and entities by path."""

    facts: dict[str, Slot]
    entities: dict[str, Entity]
    language: str
    met: dict[tuple[str, str, bool], list[str]] = field(default_factory=dict, repr=False, compare=False)

    def meanings(self, entity: Entity, key: str, has_members: bool) -> list[str]:
        """The paths that a key may mean in an entity; `has_members`: it stands before an object, not a plain value.

        A plain value given to an entity that has a single fact is that fact.
        """
        met = entity.path, key, has_members
        if met not in self.met:
            found = self._meanings(entity, key, has_members)
            if len(self.met) >= _MOST_MET or len(key) > _LONGEST_KEY:
                return found
            self.met[met] = found
        return list(self.met[met])

    def _meanings(self, entity: Entity, key: str, has_members: bool) -> list[str]:
        exact = (entity.entities if has_members else entity.facts)[0].get(key)
        if exact is not None:
            return list(exact)
        said = (key, plain := plain_words(key), plain, bare := bare_words(key, self.language), bare, bare)
        facts, entities = _strictest(entity.facts, said), _strictest(entity.entities, said)
        if has_members:
            return entities or facts
        alone = [self.entities[path].own[0] for path in entities if len(self.entities[path].own) == 1]
        return list(dict.fromkeys([*facts, *(path for path in alone if path in self.facts)])) or entities

    def closest(self, entity: Entity, key: str) -> str:
        """The path of the fact or entity whose name is nearest to an unknown key; "" where none is near."""
        by_words = {words: path for said in (entity.entities[2], entity.entities[1], entity.facts[2], entity.facts[1])
                    for words, paths in said.items() for path in paths}  # fmt: skip
        from difflib import get_close_matches  # only a mistake needs it

        near = get_close_matches(plain_words(key[:_LONGEST_KEY]), by_words, n=1)
        return by_words[near[0]] if near else ""


def _strictest(spoken: Spoken, said: Sequence[str]) -> list[str]:
    """The paths meant by the strictest spelling that means any."""
    return next((list(table[words]) for table, words in zip(spoken, said, strict=True) if words in table), [])


def known_facts(slots: Sequence[Slot], language: str, calculated: Sequence[Slot] = ()) -> Known:
    """What may be said of the facts, and of what is calculated, which is no entity's own."""
    known = Known({slot.path: slot for slot in (*slots, *calculated)}, {"": Entity("")}, language)
    for number, slot in enumerate((*slots, *calculated)):
        keys, above = slot.path.split("."), [known.entities[""]]
        for depth in range(1, len(keys)):
            path = ".".join(keys[:depth])
            if path not in known.entities:
                known.entities[path] = Entity(path)
                above[-1].own.append(path)
                for at, entity in enumerate(above):
                    _enter(entity.entities, path, keys[at:depth], slot.names[at:depth], (), language)
            above.append(known.entities[path])
        if number < len(slots):
            above[-1].own.append(slot.path)
        for at, entity in enumerate(above):
            _enter(entity.facts, slot.path, keys[at:], slot.names[at:], slot.synonyms, language)
    return known


def _enter(
    spoken: Spoken, path: str, keys: Sequence[str], names: Sequence[str], synonyms: Sequence[str], language: str
) -> None:
    """All that may be said for a path: its keys and terms from here on, or only the last of them."""
    spoken[0].setdefault(".".join(keys), {})[path] = None
    for start in range(len(keys)):
        for text in _phrasings(keys[start:], names[start:], synonyms):
            spoken[2 if start else 1].setdefault(plain_words(text), {})[path] = None
            spoken[4 if start else 3].setdefault(bare_words(text, language), {})[path] = None
        led = (*names[start:-1], without_preposition(names[-1], language))
        for text in _phrasings((), led, ()) if led[-1] != names[-1] else ():
            spoken[5].setdefault(bare_words(text, language), {})[path] = None


def _phrasings(keys: Sequence[str], names: Sequence[str], synonyms: Sequence[str]) -> Iterator[str]:
    """Keys, terms, or terms with a synonym for the last; the owner first or last."""
    for parts in (keys, names, *((*names[:-1], synonym) for synonym in synonyms)):
        yield " ".join(parts)
        yield " ".join(reversed(parts))
