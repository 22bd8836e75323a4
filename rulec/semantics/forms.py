"""Statements in, their forms out: what is left without their numbers and the values of lists that they name."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from rulec.runtime import types as t
from rulec.runtime.literals import Literal
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model
from rulec.source import Source
from rulec.syntax.fold import stem
from rulec.syntax.lexer import Names
from rulec.syntax.phrases import Phrases
from rulec.syntax.tokens import Item
from rulec.syntax.words import words

Key = tuple[object, ...]
Values = Sequence[Any]
_DIGITS = re.compile("[0-9]+")
_ONE_WORD = re.compile(r"[^\W\d_]{2,}")


@plain
class Marks(Plain):
    """What statements of one form differ by: where their words start and end, their numbers, their values of lists."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    numbers: tuple[Decimal, ...]
    options: tuple[str, ...]

    @property
    def places(self) -> dict[int, set[int]]:
        """For each end of a word, where it stands in the values of the statement."""
        found: dict[int, set[int]] = {}
        for at, (start, end) in enumerate(zip(self.starts, self.ends, strict=True), 1):
            found.setdefault(start, set()).add(at)
            found.setdefault(end, set()).add(at + len(self.starts))
        return found


@plain
class Statement(Plain):
    """What a statement has of its own, beside its form. `hidden`: where its numbers stand among the items.

    `options`: the keys of the values of lists.
    """

    source: int
    items: tuple[Item, ...]
    hidden: tuple[int, ...]
    options: tuple[str, ...]

    @cached_property
    def numbers(self) -> list[Decimal]:
        """Its numbers."""
        return [self.items[at].payload.value for at in self.hidden]

    @property
    def values(self) -> Values:
        """Its source, places, numbers and options, as a template takes them."""
        items = self.items
        return [
            self.source, *[item.start for item in items], *[item.end for item in items], *self.numbers, *self.options,
        ]  # fmt: skip

    @property
    def marks(self) -> Marks:
        """What tells it from others of its form."""
        starts, ends = (item.start for item in self.items), (item.end for item in self.items)
        return Marks(tuple(starts), tuple(ends), tuple(self.numbers), self.options)


class Forms:
    """The forms of the statements of a source."""

    def __init__(self, source: Source, names: Names, vocabulary: model.Vocabulary) -> None:
        self._source, self._names = source, names
        self._phrases: tuple[Phrases[Any], ...] = (
            words(source.language).keywords, words(source.language).lists, names.declared,
        )  # fmt: skip
        self._numbered = {key for phrases in self._phrases for key in phrases.words() if key[:1].isdigit()}
        self._lists = _plain_options(vocabulary)
        self._words: dict[str, object] = {}

    def of(self, items: tuple[Item, ...]) -> tuple[Key, Statement] | None:
        """The form of a statement, and what it has of its own; None for a table."""
        key = list[object]()
        hidden, options = list[int](), list[str]()
        known = self._words
        for at, item in enumerate(items):
            match item.kind:
                case "WORD":
                    word = known.get(item.payload) or self._word(item.payload)
                    if type(word) is tuple:
                        key.append(word[0])
                        options.append(word[1])
                    else:
                        key.append(word)
                case "LIT" if isinstance(literal := item.payload, Literal) and type(literal.value) is Decimal and (
                    item.key not in self._numbered
                ):
                    written = _DIGITS.sub("0", item.key)
                    key.append((written, literal.kind, literal.unit, literal.tax, literal.stated))
                    hidden.append(at)
                case "TABLE":
                    return None
                case kind:
                    key.append((kind, item.key, item.payload))
        return tuple(key), Statement(self._source.number, items, tuple(hidden), tuple(options))

    def _word(self, word: str) -> object:
        """The word itself; of a value of a list that is like any other of the same list: that list, and which value."""
        found = self._option(word) if _ONE_WORD.fullmatch(word) else None
        self._words[word] = said = word if found is None else ((found[0], word[0].isupper(), word.isupper()), found[1])
        return said

    def _option(self, word: str) -> tuple[str, str] | None:
        key = stem(word, self._source.language)
        *others, node = [phrases.root.get(key) for phrases in self._phrases]
        if node is None or any(others) or node.below or len(node.payloads) != 1:
            return None
        entry = node.payloads[0]
        path = self._lists.get(entry.key) if entry.option and not entry.negated else None
        return (path, entry.key) if path is not None else None


def _plain_options(vocabulary: model.Vocabulary) -> dict[str, str]:
    """The values of lists that nothing but their own list speaks of, each with the path of the one fact that has it."""
    found: dict[str, list[str]] = {}
    lists = [(term.slot.path, term.slot.type) for term in vocabulary.facts]
    lists += [(f"={term.slot.key}", term.slot.type) for term in vocabulary.outcomes]
    for path, kind in lists:
        for option in kind.options if isinstance(kind, t.Choice) else ():
            found.setdefault(option.key, []).append(path)
    special = {key for each in vocabulary.sets for key in each.options} | {each.option for each in vocabulary.subtypes}
    return {key: paths[0] for key, paths in found.items() if len(paths) == 1 and key not in special}
