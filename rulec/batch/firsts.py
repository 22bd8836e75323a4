"""The numbers of the values of facts in, the first line that holds out: for all rows at once, by sets of lines.

Each number has its set of lines (T. V. Lakshman, D. Stiliadis, SIGCOMM 1998), in words of 64. Facts of few combinations
are looked up together (P. Gupta, N. McKeown, SIGCOMM 1999). A row leaves as soon as a word has a line that holds.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from rulec.batch.arrays import Array
from rulec.batch.classes import Classes
from rulec.runtime.index import Lines

_WORD = 64
_MOST_GROUPED = 1 << 12  # combinations that are looked up together
_ROWS = 1 << 14  # that are looked up at once: what is in work stays near
Codes = Sequence[Array]  # for each fact, the numbers of its values; None where nobody asks for it


class Firsts:
    """Which line is the first that holds. `order`: the lines in order, by which they are numbered here."""

    NONE = -1

    def __init__(self, lines: Lines, classes: Sequence[Classes]) -> None:
        self.order = sorted(range(len(lines.lines)), key=lambda number: (lines.lines[number].rank, number))
        self.groups = list[tuple[list[tuple[int, int]], Array]]()  # facts with how many numbers; sets, word × number
        for at, each in sorted(enumerate(classes), key=lambda each: each[1].missing):
            if each.sets != [-1]:
                self._group(at, self._words(each.sets))

    def _group(self, at: int, words: Array) -> None:
        """One more fact: with those before it, if the sets of their combinations are few."""
        if self.groups and self.groups[-1][1].shape[1] * words.shape[1] <= _MOST_GROUPED:
            facts, sets = self.groups.pop()
            both = (sets[:, :, None] & words[:, None, :]).reshape(len(sets), -1)
            self.groups.append(([*facts, (at, words.shape[1])], both))
        else:
            self.groups.append(([(at, words.shape[1])], words))

    def _words(self, sets: Sequence[int]) -> Array:
        """Each set as words of 64 lines, those that come first in the lowest bits."""
        width = max(1, -(-len(self.order) // _WORD))
        if self.order != sorted(self.order):
            sets = [sum(1 << place for place, number in enumerate(self.order) if held >> number & 1) for held in sets]
        whole = (1 << _WORD * width) - 1
        packed = b"".join((held & whole).to_bytes(8 * width, "little") for held in sets)
        return np.ascontiguousarray(np.frombuffer(packed, np.uint64).reshape(len(sets), width).T)

    def of(self, codes: Codes, size: int) -> Array:
        """The number of the first line that holds for each row, NONE where none does."""
        if not self.groups:
            return np.full(size, 0 if self.order else self.NONE, np.int32)
        found = np.full(size, self.NONE, np.int32)
        for start in range(0, size, _ROWS):
            some = slice(start, start + _ROWS)
            self._first([_combined(facts, codes, some) for facts, _ in self.groups], found[some])
        return found

    def _first(self, places: list[Array], found: Array) -> None:
        """Write the number of the first line to `found`, in place."""
        left = None
        for word in range(len(self.groups[0][1])):
            looked_up = (sets[word][place] for (_, sets), place in zip(self.groups, places, strict=True))
            held = reduce(np.bitwise_and, looked_up)
            hit = np.flatnonzero(held)
            found[hit if left is None else left[hit]] = word * _WORD + _lowest(held[hit])
            still = np.flatnonzero(held == 0)
            if not still.size:
                return
            left = still if left is None else left[still]
            places = [place[still] for place in places]


def _lowest(bits: Array) -> Array:
    """The place of the lowest bit that is set."""
    return np.bitwise_count(~bits & (bits - np.uint64(1))).astype(np.int32)


def _combined(facts: Sequence[tuple[int, int]], codes: Codes, rows: slice) -> Array:
    """One number for each combination of those of several facts."""
    number = codes[facts[0][0]][rows].astype(np.intp)
    for at, many in facts[1:]:
        number *= many
        number += codes[at][rows]
    return number
