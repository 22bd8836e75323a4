"""Exact decimals of many rows at once: whole numbers with a common number of decimals, which surely fit in 64 bits.

Each operation gives what `runtime.calculate` gives for each row; where the numbers might not fit, it raises instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Any

import numpy as np

from rulec.batch.arrays import FAR, Array


class TooLargeError(Exception):
    """Numbers that may not fit in 64 bits."""


@dataclass(frozen=True, slots=True)
class Scaled:
    """Each row's number times 10 ** `scale`, or one for all rows; none is below `low` or above `high`."""

    values: Array
    scale: int
    low: int
    high: int

    def __post_init__(self) -> None:
        if max(-self.low, self.high) >= FAR:
            raise TooLargeError

    def of(self, rows: Array) -> "Scaled":
        """Those of some rows."""
        return self if np.ndim(self.values) == 0 else Scaled(self.values[rows], self.scale, self.low, self.high)

    def to(self, scale: int) -> "Scaled":
        """The same with so many decimals, no fewer than there are."""
        return self if scale == self.scale else _product(self, 10 ** (scale - self.scale), scale)


def constant(value: Decimal) -> Scaled:
    """One number for all rows."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    whole = int("".join(map(str, digits))) * 10 ** max(exponent, 0) * (-1 if sign else 1)
    return _one(whole, max(-exponent, 0))


def _one(whole: int, scale: int) -> Scaled:
    if abs(whole) >= FAR:
        raise TooLargeError
    return Scaled(np.int64(whole), scale, whole, whole)


def column(values: Array, scale: int) -> Scaled:
    """The numbers of a column, with as few decimals as they all need."""
    for fewer in range(scale):
        rest = 10 ** (scale - fewer)
        if not (values % rest).any():
            values, scale = values // rest, fewer
            break
    return Scaled(values, scale, int(values.min(initial=0)), int(values.max(initial=0)))


def added(left: Scaled, right: Scaled) -> Scaled:
    """left + right."""
    left, right = _alike([left, right])
    low, high = left.low + right.low, left.high + right.high
    _check(low, high)
    return Scaled(left.values + right.values, left.scale, low, high)


def opposite(value: Scaled) -> Scaled:
    """0 - value."""
    return Scaled(-value.values, value.scale, -value.high, -value.low)


def multiplied(left: Scaled, right: Scaled) -> Scaled:
    """left × right."""
    ends = [one * other for one in (left.low, left.high) for other in (right.low, right.high)]
    _check(min(ends), max(ends))
    return Scaled(left.values * right.values, left.scale + right.scale, min(ends), max(ends))


def extreme(which: str, items: Sequence[Scaled]) -> Scaled:
    """The least ("min") or greatest ("max") of some numbers."""
    alike, is_least = _alike(items), which == "min"
    choose: Any = np.minimum if is_least else np.maximum
    found = reduce(choose, (each.values for each in alike))
    lows, highs = [each.low for each in alike], [each.high for each in alike]
    return Scaled(found, alike[0].scale, *((min(lows), min(highs)) if is_least else (max(lows), max(highs))))


def rounded(value: Scaled, step: Decimal, mode: str) -> Scaled:
    """The multiple of `step` next to each number: "nearest" (half away from zero), "up" or "down"."""
    by = constant(step)
    value = value.to(max(value.scale, by.scale))
    size = by.high * 10 ** (value.scale - by.scale)
    most = 2 * max(-value.low, value.high) + size
    _check(-most, most)
    if mode == "nearest":
        count = np.sign(value.values) * ((2 * np.abs(value.values) + size) // (2 * size))
    else:
        count = value.values // size if mode == "down" else -(-value.values // size)
    low, high = (value.low // size - 1) * by.high, (value.high // size + 2) * by.high
    _check(low, high)
    return Scaled(count * by.high, by.scale, low, high)


def _alike(items: Sequence[Scaled]) -> list[Scaled]:
    """The numbers with as many decimals as the finest of them."""
    scale = max(each.scale for each in items)
    return [each.to(scale) for each in items]


def _product(value: Scaled, by: int, scale: int) -> Scaled:
    _check(value.low * by, value.high * by)
    return Scaled(value.values * by, scale, value.low * by, value.high * by)


def _check(low: int, high: int) -> None:
    if max(-low, high) >= FAR:
        raise TooLargeError
