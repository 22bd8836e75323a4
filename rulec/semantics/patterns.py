"""Cells that differ by their numbers alone in, what they mean out: read once, the numbers put in their places.

Where anything but the numbers may differ, the answer is None, and the cell is read word by word.
"""

import re
from decimal import Decimal
from typing import TypeVar

from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.source import Language
from rulec.tree import Span

R = TypeVar("R")
_NUMBER = {"fr": re.compile(r"\d+(?:,\d+)?"), "en": re.compile(r"\d+(?:\.\d+)?")}
_LONGEST = 15  # digits
_PLAIN = re.compile(r"(?:0|[1-9]\d*)(?:[.,]\d+)?")
_JOINED = re.compile(r"\d[\s\u00a0\u202f.,'’]+\d|[\d.,]['’]")  # digits in groups, or apart


@changing
class Pattern:
    """A cell read word by word: what it means, and for each number in it what a unit of it is worth."""

    meant: object
    factors: tuple[Decimal, ...]
    place: Span
    ends: tuple[int, ...]  # where each number ends, from the start of the cell


@changing
class Patterns:
    """The cells of one column by what they have in common."""

    language: Language
    known: dict[str, Pattern]

    def meant(self, text: str, place: Span) -> object | None:
        """What a cell means, after others of its pattern."""
        taken = self._taken(text)
        pattern = self.known.get(taken[0]) if taken else None
        if taken is None or pattern is None:
            return None
        values = [factor * number for factor, number in zip(pattern.factors, taken[1], strict=True)]
        return _with_values(pattern.meant, values, _Moved(pattern, place, self._ends(text)))

    def learn(self, text: str, place: Span, meant: object) -> None:
        """Keep what a cell means, if its numbers alone make it."""
        taken, literals = self._taken(text), _literals(meant)
        if taken is None or literals is None or len(literals) != len(taken[1]) or 0 in taken[1]:
            return
        factors = tuple(value / number for value, number in zip(literals, taken[1], strict=True))
        if [factor * number for factor, number in zip(factors, taken[1], strict=True)] == literals:
            self.known.setdefault(taken[0], Pattern(meant, factors, place, self._ends(text)))

    def _ends(self, text: str) -> tuple[int, ...]:
        return tuple(found.end() for found in _NUMBER[self.language].finditer(text))

    def _taken(self, text: str) -> tuple[str, list[Decimal]] | None:
        """The text with its numbers taken out, but for how many decimals they have; and the numbers."""
        if _JOINED.search(text):
            return None
        numbers = _NUMBER[self.language].findall(text)
        if not numbers or not all(_PLAIN.fullmatch(each) and len(each) <= _LONGEST for each in numbers):
            return None
        pattern = _NUMBER[self.language].sub(lambda found: _form(found[0]), text)
        return pattern, [Decimal(each.replace(",", ".")) for each in numbers]


@changing
class _Moved:
    """Places of one cell as places of another, whose numbers are longer or shorter."""

    pattern: Pattern
    place: Span
    ends: tuple[int, ...]

    def span(self, span: Span) -> Span:
        """The place in the other cell."""
        return Span(self.place.source, self._at(span.start), self._at(span.end))

    def _at(self, offset: int) -> int:
        before = offset - self.pattern.place.start
        moved = 0
        for old, new in zip(self.pattern.ends, self.ends, strict=True):
            if old <= before:
                moved = new - old
        return self.place.start + before + moved


def _form(number: str) -> str:
    whole = re.split("[.,]", number)
    return "\0" + "\1" * len(whole[1]) if len(whole) > 1 else "\0"


def _literals(meant: object) -> list[Decimal] | None:
    """The numbers of a test or value, in the order of the text; None where it is not made of numbers alone."""
    match meant:
        case model.Literal(Decimal() as value):
            return [value]
        case model.Compare(_, _, model.Literal(Decimal() as value)):
            return [value]
        case model.Between(_, model.Literal(Decimal() as low), model.Literal(Decimal() as high)) if low < high:
            return [low, high]
        case _:
            return None


def _with_values(meant: object, values: list[Decimal], moved: _Moved) -> object | None:
    if isinstance(meant, model.Literal):
        return _literal(values[0], meant, moved)
    if isinstance(meant, model.Compare):
        return model.Compare(meant.operator, meant.left, _literal(values[0], meant.right, moved), span=moved.place)
    assert isinstance(meant, model.Between)  # what `_literals` tells the numbers of
    if values[0] >= values[1]:
        return None
    ends = _literal(values[0], meant.low, moved), _literal(values[1], meant.high, moved)
    return model.Between(meant.item, *ends, meant.low_included, meant.high_included, span=moved.place)


def _literal(value: Decimal, like: model.Value, moved: _Moved) -> model.Literal:
    return model.Literal(value, like.type, span=moved.span(like.span))
