"""A file of facts in, pieces of it that can be read apart out; and what reading one of them gives."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import numpy as np

from rulec.batch.columns import Path

Piece = tuple[int, int]  # from, below: bytes of a text, row groups of a Parquet file
_QUOTE, _LINE_END, _NEITHER = ord('"'), ord("\n"), 0
_BLOCK = 1 << 20


class UnreadableDataError(Exception):
    """A file that cannot be read as what its name says; `detail`: why."""


@dataclass(frozen=True)
class Unread:
    """A row that is none: its number in the piece, what is wrong, what stands there."""

    number: int
    problem: str
    text: str


@dataclass(frozen=True)
class Rows:
    """Some rows of a piece. `numbers`: of each in the piece, from 1; `unread`: what could not be read among them.

    `texts`: of JSON Lines, the line of each.
    """

    batch: Any
    numbers: Sequence[int]
    unread: tuple[Unread, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Data(ABC):
    """A file of facts: the schema of its rows, and how many there are at most.

    Of JSON, `numbers` are the places that hold nothing but numbers, as text, and `json` those that hold JSON texts.
    """

    path: FilePath
    schema: Any
    count: int
    numbers: frozenset[Path] = frozenset()
    json: frozenset[Path] = frozenset()

    @abstractmethod
    def pieces(self, size: int) -> Iterator[Piece]:
        """All of the file, at least one piece; of about so many rows each, if the file allows it."""

    @abstractmethod
    def read(self, piece: Piece, size: int) -> Iterator[Rows]:
        """The rows of a piece, at least once, at most so many at a time."""

    def jobs(self, size: int) -> "Iterator[Piece | Rows]":
        """What processes of this machine are given: pieces, or rows already read where that is better."""
        return self.pieces(size)


def bytes_of(path: FilePath, piece: Piece) -> bytes:
    """What stands in a piece of a text."""
    with path.open("rb") as stream:
        stream.seek(piece[0])
        return stream.read(piece[1] - piece[0])


def cut(ends: Iterable[Any], start: int, stop: int, size: int) -> Iterator[Piece]:
    """Pieces of `size` lines, from where these end; what is left is the last one."""
    met, first = 0, start
    for each in ends:
        for at in range(size - met - 1, len(each), size):
            yield first, int(each[at])
            first = int(each[at])
        met = (met + len(each)) % size
    if first < stop or first == start:
        yield first, stop


def line_ends(path: FilePath, start: int, mark: str | None = None) -> Iterator[Any]:
    """Where lines end, as arrays of places; `mark`: of a CSV, what stands between values, which quotes may hold."""
    state = _Quotes(mark) if mark else None
    with path.open("rb") as stream:
        stream.seek(start)
        for block in iter(lambda: stream.read(_BLOCK), b""):
            held = np.frombuffer(block, np.uint8)
            ends = np.flatnonzero(held == _LINE_END)
            if state is not None:
                ends = state.outside(ends, held)
            yield ends + (start + 1)
            start += len(block)


class _Quotes:
    """Follows the quotes of a CSV from block to block: one at the beginning of a value opens, the next one closes, and
    one right after that opens again; others are characters."""

    def __init__(self, mark: str) -> None:
        self.before_value = (ord(mark), _LINE_END, ord("\r"))
        self.inside, self.last = False, _LINE_END

    def outside(self, ends: Any, held: Any) -> Any:
        """The line ends that no quotes hold."""
        quotes = np.flatnonzero(held == _QUOTE)
        if quotes.size:
            before = held[quotes - 1]
            before[0] = self.last if quotes[0] == 0 else before[0]
            opening = (np.arange(len(quotes)) + self.inside) % 2 == 0
            if not np.isin(before[opening], (*self.before_value, _QUOTE)).all():
                quotes = quotes[self._followed(quotes.tolist(), before.tolist())]
        kept = ends[(np.searchsorted(quotes, ends) + self.inside) % 2 == 0]
        self.inside = (len(quotes) + self.inside) % 2 == 1
        ends_with_quote = bool(quotes.size) and int(quotes[-1]) == len(held) - 1
        self.last = int(held[-1]) if held[-1] != _QUOTE or ends_with_quote else _NEITHER
        return kept

    def _followed(self, quotes: list[int], before: list[int]) -> list[bool]:
        """Which quotes open or close, where some are characters."""
        inside, closed, found = self.inside, -1 if self.last == _QUOTE else -2, list[bool]()
        for at, byte in zip(quotes, before, strict=True):
            counts = inside or byte in self.before_value or closed == at - 1
            found.append(counts)
            if counts:
                closed = at if inside else closed
                inside = not inside
        return found
