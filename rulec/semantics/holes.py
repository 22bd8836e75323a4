"""A number out of a statement in, a stand-in for it out: reading a statement with it tells what hangs on its value."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Any

from rulec.runtime.plain import changing


class LookedAtError(Exception):
    """The value of a number was asked for, and more than how it compares: what was read holds for that value alone."""


Asked = tuple[Callable[[Any, Any], bool], int, object, bool]  # how, which number, another or a value, the answer


@changing
class Heard:
    """The comparisons that were asked while a statement was read, with their answers."""

    asked: list[Asked] = field(default_factory=list)

    def hold(self, numbers: Sequence[Decimal]) -> bool:
        """Whether they have the same answers for other numbers."""
        return all(
            how(numbers[at], numbers[other.at] if type(other) is Hole else other) == answer
            for how, at, other, answer in self.asked
        )


def _is_whole(value: Decimal, _: object) -> bool:
    return value == value.to_integral_value()


class Hole:
    """Stands for a number while a statement is read: kept, moved and compared, never calculated with or shown."""

    __hash__ = None  # type: ignore[assignment]  # looking a value up is looking at it

    def __init__(self, at: int, value: Decimal, heard: Heard) -> None:
        self.at, self._value, self._heard = at, value, heard

    @property  # type: ignore[misc]  # what `isinstance` asks: it is a number
    def __class__(self) -> type:
        return Decimal

    def _compared(self, how: Callable[[Any, Any], bool], other: object) -> bool:
        answer = how(self._value, other._value if type(other) is Hole else other)
        self._heard.asked.append((how, self.at, other, answer))
        return answer

    def __eq__(self, other: object) -> bool:
        return self._compared(operator.eq, other)

    def __ne__(self, other: object) -> bool:
        return self._compared(operator.ne, other)

    def __lt__(self, other: object) -> bool:
        return self._compared(operator.lt, other)

    def __le__(self, other: object) -> bool:
        return self._compared(operator.le, other)

    def __gt__(self, other: object) -> bool:
        return self._compared(operator.gt, other)

    def __ge__(self, other: object) -> bool:
        return self._compared(operator.ge, other)

    def __bool__(self) -> bool:
        return self._compared(operator.ne, 0)

    def to_integral_value(self) -> "Hole":
        """Itself, if it is whole: no other rounding is known."""
        if not self._compared(_is_whole, None):
            raise LookedAtError
        return self

    def __str__(self) -> str:
        raise LookedAtError

    __repr__ = __str__

    def __format__(self, _: str) -> str:
        raise LookedAtError

    def __getattr__(self, _: str) -> Any:
        raise LookedAtError
