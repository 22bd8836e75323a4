"""What two statements of one form mean in, what every statement of that form means out.

Where both trees are alike they are kept; where they differ, it must be by what the statements differ by: the places of
their words, their numbers and their values of lists.
"""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any

from rulec.runtime.plain import Plain
from rulec.semantics.forms import Marks, Values
from rulec.semantics.holes import Hole
from rulec.tree import NOWHERE, Span

Make = Callable[[Values], Any]


class UnlikeError(Exception):
    """The two trees differ by more than the statements do."""


def template(one: Any, other: Any, first: Marks, second: Marks) -> Make:
    """What makes the tree of any statement of this form, from the trees of two."""
    pair = _Pair(first, second)
    varies, made = pair.made(one, other)
    return made if varies else lambda _: made


class _Pair:
    def __init__(self, first: Marks, second: Marks) -> None:
        self.ends = first.places, second.places
        self.numbers = 1 + 2 * len(first.starts)
        self.options: dict[tuple[str, str], int] = {}
        for at, pair in enumerate(zip(first.options, second.options, strict=True), self.numbers + len(first.numbers)):
            if pair[0] == pair[1] or pair in self.options:
                raise UnlikeError  # they do not tell one option from what is the same in both, or from another
            self.options[pair] = at

    def made(self, one: Any, other: Any) -> tuple[bool, Any]:
        """Whether it varies, and then what makes it, else itself."""
        kind = type(one)
        if kind is not type(other):
            raise UnlikeError
        if kind is Hole:
            if one.at != other.at:
                raise UnlikeError
            at = self.numbers + one.at
            return True, lambda values: values[at]
        if one is other:
            return False, one
        if kind is Span:
            return self.of_span(one, other)
        if kind is tuple:
            return self.of_tuple(one, other)
        if issubclass(kind, Plain):
            return self.of_plain(kind, one, other)
        if kind is str and (one, other) in self.options:
            at = self.options[one, other]
            return True, lambda values: values[at]
        if one != other:
            raise UnlikeError
        return False, one

    def of_span(self, one: Span, other: Span) -> tuple[bool, Any]:
        if one == NOWHERE == other:
            return False, one
        begin, end = self.place(one.start, other.start, min), self.place(one.end, other.end, max)
        return True, lambda values: Span(values[0], values[begin], values[end])

    def place(self, one: int, other: int, choose: Callable[[set[int]], int]) -> int:
        both = self.ends[0].get(one, set()) & self.ends[1].get(other, set())
        if not both:
            raise UnlikeError
        return choose(both)

    def of_tuple(self, one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[bool, Any]:
        if len(one) != len(other):
            raise UnlikeError
        parts = [self.made(*pair) for pair in zip(one, other, strict=True)]
        if not any(varies for varies, _ in parts):
            return False, one
        makes = [_maker(*part) for part in parts]
        return True, lambda values: tuple([make(values) for make in makes])

    def of_plain(self, kind: type[Any], one: Any, other: Any) -> tuple[bool, Any]:
        parts = {each.name: self.made(getattr(one, each.name), getattr(other, each.name)) for each in fields(kind)}
        varying = tuple(name for name, (varies, _) in parts.items() if varies)
        if not varying:
            return False, one
        return True, _maker_of(tuple(parts), varying)(kind, *(made for _, made in parts.values()))


@cache
def _maker_of(names: tuple[str, ...], varying: tuple[str, ...]) -> Callable[..., Make]:
    """From a kind and its fields, kept or made, what makes a node: the call is written out, as `dataclass` does."""
    given = ", ".join(f"{name}={name}(_values)" if name in varying else f"{name}={name}" for name in names)
    known: dict[str, Any] = {}
    exec(f"def maker(_kind, {', '.join(names)}):\n return lambda _values: _kind({given})", known)
    maker: Callable[..., Make] = known["maker"]
    return maker


def _maker(varies: bool, made: Any) -> Make:
    return made if varies else lambda _: made
