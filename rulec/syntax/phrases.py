"""Phrases in, longest matches out: a trie over the keys of words, for keywords and for terms alike."""

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Generic, TypeVar

from rulec.runtime.plain import changing

P = TypeVar("P")
_ACCENTED = {"à": "a", "où": "ou", "dès": "de"}

MOST_SKIPPED = 12  # words inside one phrase: a thousand articles in a row are no phrase


@changing
class Phrases(Generic[P]):
    """From phrases (keys of words) to what they stand for."""

    root: dict[str, "_Node[P]"] = field(default_factory=dict)
    parts: "tuple[Phrases[P], ...]" = ()

    def add(self, keys: Sequence[str], payload: P) -> None:
        """Let these words, in this order, stand for `payload`; several payloads may share them."""
        level = self.root
        node: _Node[P] | None = None
        for key in keys:
            node = level.setdefault(key, _Node())
            level = node.below
        if node is not None and payload not in node.payloads:
            node.payloads.append(payload)

    def words(self) -> Iterator[str]:
        """The keys of all the words of its phrases."""
        levels = [self.root]
        while levels:
            for key, node in levels.pop().items():
                yield key
                levels.append(node.below)

    def longest(self, keys: Sequence[str], at: int, skipped: frozenset[str]) -> tuple[int, list[P]] | None:
        """Where the longest phrase from `at` ends (excluded), and its payloads. Words of `skipped` may stand inside."""
        level, best, skips = self.root, None, 0
        while at < len(keys) and level:
            key = keys[at]
            node = level.get(key)
            if node is None:
                if level is self.root or key not in skipped or skips == MOST_SKIPPED:
                    break
                at, skips = at + 1, skips + 1
                continue
            at += 1
            if node.payloads:
                best = (at, node.payloads)
            level = node.below
        return best


@changing
class Joined(Phrases[P]):
    """The phrases of several tables; on a tie those of the first come first."""

    def longest(self, keys: Sequence[str], at: int, skipped: frozenset[str]) -> tuple[int, list[P]] | None:
        """As `Phrases.longest`, over all the tables."""
        found = [each for part in self.parts if (each := part.longest(keys, at, skipped))]
        end = max((each[0] for each in found), default=0)
        return (end, [payload for stop, payloads in found if stop == end for payload in payloads]) if found else None


@changing
class _Node(Generic[P]):
    below: dict[str, "_Node[P]"] = field(default_factory=dict)
    payloads: list[P] = field(default_factory=list)

    def all(self) -> Iterator[P]:
        """The payloads of all the phrases that start as those that lead here."""
        yield from self.payloads
        for node in self.below.values():
            yield from node.all()


def unaccented(keys: Sequence[str], written: Sequence[str]) -> tuple[str, ...]:
    """The same words as typed without accents, for those that keep theirs: « à partir de » → "a partir de"."""
    return tuple(
        _ACCENTED.get(key, key) if word.casefold() in _ACCENTED else key
        for key, word in zip(keys, written, strict=True)
    )


def unaccented_text(text: str) -> str:
    """A name as typed without the accents that words keep."""
    return " ".join(_ACCENTED.get(word.casefold(), word) for word in text.split())
