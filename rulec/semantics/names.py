"""The vocabulary in, the table of phrases that the lexer reads terms by out."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rulec.runtime.types import ListOf, Quantity
from rulec.runtime.units import UNITS
from rulec.semantics.model import FactTerm, Spoken, Vocabulary
from rulec.semantics.naming import keys_of
from rulec.source import Language
from rulec.syntax.fold import exact, fold, stem
from rulec.syntax.lexer import Names
from rulec.syntax.phrases import Phrases, unaccented_text
from rulec.syntax.tokens import Entry


def names_of(vocabulary: Vocabulary, language: Language) -> Names:
    """The names that a file of a language may use. Words with several meanings are one entry with their keys."""
    entries: dict[tuple[tuple[str, ...], bool], list[Entry]] = {}
    for spoken in vocabulary.spoken:
        _merge(entries.setdefault((_keys(spoken.words, language), spoken.negated), []), spoken)
    phrases = Phrases[Entry]()
    for (stems, _), alike in entries.items():
        for entry in alike:
            for keys in {stems, keys_of(unaccented_text(entry.text), language)}:
                phrases.add(keys, entry)
    known = tuple(spoken.words for spoken in vocabulary.spoken if not spoken.negated)
    lists = frozenset(_list_keys(vocabulary.facts))
    return Names(phrases, inferring=False, known=known, units=frozenset(_units(vocabulary)), lists=lists)


def _keys(name: str, language: Language) -> tuple[str, ...]:
    """The keys of a name; of « A », a value, its own, though it is an article elsewhere."""
    return keys_of(name, language) or (stem(name, language),)


def _list_keys(facts: Iterable[FactTerm]) -> Iterator[str]:
    """The keys that lists, and lists of their elements, go by."""
    for fact in facts:
        if isinstance(fact.slot.type, ListOf):
            yield from fact.chain[-1]
        if fact.elements:
            yield from fact.elements.names
            yield from _list_keys(fact.elements.facts)


def _units(vocabulary: Vocabulary) -> Iterator[str]:
    """The units that are declared by their use: « une puissance (en CV) »."""
    kinds = [*(fact.slot.type for fact in vocabulary.facts), *(each.slot.type for each in vocabulary.outcomes)]
    for kind in kinds:
        if isinstance(kind, Quantity) and kind.unit not in UNITS:
            yield kind.unit


def _merge(alike: list[Entry], spoken: Spoken) -> None:
    """« commande » and « commandes » are one name; « livre » and « livré », which only an accent parts, are two."""
    for at, entry in enumerate(alike):
        parted = fold(entry.text) == fold(spoken.words) and exact(entry.text) != exact(spoken.words)
        if not parted:
            keys = "+".join(sorted({*entry.key.split("+"), spoken.key}))
            alike[at] = replace(
                entry,
                key=keys,
                decided=entry.decided or spoken.decided,
                action=entry.action or spoken.action,
                option=entry.option or spoken.option,
                parameters=max(entry.parameters, spoken.parameters),
            )
            return
    alike.append(
        Entry(
            spoken.key, spoken.words, spoken.decided, spoken.action, spoken.option, spoken.negated, spoken.parameters
        )
    )  # fmt: skip
