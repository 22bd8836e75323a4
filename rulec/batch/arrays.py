"""Columns of Arrow in, arrays of NumPy out, and what is done to them."""

from typing import Any

import numpy as np
import pyarrow as pa

Array = Any  # of NumPy: one value for each row
FAR = 1 << 62  # beyond all whole numbers that are held
MOST_DIGITS = 18  # of numbers that surely fit in 64 bits


def filled(array: Any, value: object) -> Any:
    """A column of Arrow with a value where there is none."""
    return array.fill_null(value) if array.null_count else array


def truths(array: Any) -> Array:
    """Those of a column of Arrow as 0 and 1; 0 where there is none."""
    return filled(array, False).cast(pa.uint8()).to_numpy()


def at_places(values: Array, places: Array) -> Array:
    """The value at each place; at one that is none, any value."""
    return values.take(places, mode="clip")


def times(whole: Array, places: int) -> tuple[Array, Array | None]:
    """Whole numbers times a power of ten, and which are too large."""
    if places > MOST_DIGITS:
        return np.zeros(len(whole), np.int64), whole != 0
    most = FAR // 10**places
    if whole.min() >= -most and whole.max() <= most:
        return whole * 10**places if places else whole, None
    odd = (whole > most) | (whole < -most)
    return np.where(odd, 0, whole) * 10**places, odd


def either(one: Array | None, other: Array | None) -> Array | None:
    """Where one or the other is true; None: nowhere."""
    return other if one is None else one if other is None else one | other


class Entries:
    """A column of Arrow in, the same with its entries at some places out: lists of at most one entry at once."""

    def __init__(self, column: Any) -> None:
        self.column, self._starts = column, None
        if pa.types.is_list(column.type) and not column.null_count and not column.offset and len(column):
            offsets = column.offsets.to_numpy()
            self._some = np.diff(offsets) > 0
            self._starts = offsets[:-1] if np.diff(offsets).max() <= 1 else None

    def at(self, places: Array) -> Any:
        """The entries at these places, all of which are within the column."""
        if self._starts is None:
            return self.column.take(pa.array(places))
        some, ends = at_places(self._some, places), np.zeros(len(places) + 1, np.int32)
        np.cumsum(some, out=ends[1:])
        starts = at_places(self._starts, places).compress(some)
        return pa.ListArray.from_arrays(pa.array(ends), self.column.values.take(pa.array(starts)), self.column.type)


def with_numbers(column: Any, values: Array, given: Array) -> Any:
    """A column of Arrow's decimals of 128 bits, with these whole numbers of its last decimal where they are given."""
    pairs = np.frombuffer(column.buffers()[1], np.int64).reshape(-1, 2)[column.offset : column.offset + len(column)]
    low, high = np.where(given, values, pairs[:, 0]), np.where(given, values >> 63, pairs[:, 1])
    known = given | column.is_valid().to_numpy(zero_copy_only=False)
    bits = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    data = pa.py_buffer(np.stack([low, high], axis=1).tobytes())
    return pa.Array.from_buffers(column.type, len(column), [bits, data])
