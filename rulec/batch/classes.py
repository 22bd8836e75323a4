"""A column of facts in, a number for each value out: rows whose numbers are all the same are decided alike.

Values that the rules tell apart by tests alone share a number with all that no test tells apart from them; those that
enter a calculation have one each. What is not surely a value of the fact is odd, and left to whoever reads facts.
"""

from bisect import bisect_right
from collections.abc import Set
from datetime import date, datetime
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rulec.backends.lines import ORDERED, kind_of
from rulec.batch.columns import is_measured
from rulec.batch.uses import Use
from rulec.runtime.index import Column
from rulec.runtime.leaves import bounds_of, is_whole, names_of, next_of, ranges_of, values_of
from rulec.runtime.refused import ValueProblem
from rulec.runtime.types import Amount, Date, Slot, Text, YesNo
from rulec.runtime.units import decimals_of
from rulec.runtime.values import read_value

Array = Any  # of NumPy: a number, or whether it is odd, for each row
_DECIMALS = 9  # of numbers, percentages, quantities and rates that are held as whole numbers
_FAR = 1 << 62
_WIDE = Context(prec=200, Emax=MAX_EMAX, Emin=MIN_EMIN)
_MOST_LISTED = 1 << 20  # values that have their number in a list
_MOST_KNOWN = 1 << 17  # values that are remembered
_EPOCH = date(1970, 1, 1).toordinal()


class Classes:
    """The numbers of the values of one fact; where its very value is used, each has its own, for one batch only.

    `column`: what tests ask, where nothing else is asked of any fact; then `sets` holds, for each number, the set of
    lines that hold. `missing`: the number of a value that is not given, after all others.
    """

    def __init__(self, slot: Slot, use: Use, language: str, column: Column | None = None) -> None:
        self.slot, self.language, self.exact, self.asked = slot, language, use.exact, use.asked
        self.measured = is_measured(slot)
        self.scale = decimals_of(slot.type.currency) if isinstance(slot.type, Amount) else _DECIMALS
        self.scale = 0 if is_whole(slot) else self.scale
        self.cuts, self.sets, self._by_value, self._other = list[Any](), [-1], dict[object, int](), 0
        if column is not None:
            self._of_column(column)
        elif not use.exact:
            self._of_values(use.values)
        self._prepare()

    def _of_column(self, column: Column) -> None:
        if column.given.ordered:
            self.cuts, found = ranges_of(column, column.given.cells, self.slot, next_of(self.slot))
            self.sets = [each or 0 for each in found]
        else:
            by_value, other = values_of(column, column.given.cells, names_of(self.slot))
            self.sets = list(dict.fromkeys([*by_value.values(), other]))
            self._by_value = {value: self.sets.index(held) for value, held in by_value.items()}
            self._other = self.sets.index(other)

    def _of_values(self, values: Set[Any]) -> None:
        if kind_of(self.slot.type) in ORDERED:
            cuts = {cut for value in values for cut in (value, next_of(self.slot)(value)) if cut is not None}
            self.cuts, count = sorted(cuts), len(cuts) + 1
        else:
            named = [True, False] if isinstance(self.slot.type, YesNo) else sorted(values)
            self._by_value = {value: at for at, value in enumerate(named)}
            self._other, count = len(named), len(named) + 1
        self.sets = [-1] * count

    def _prepare(self) -> None:
        slot, exact = self.slot, self.exact
        self.missing = _FAR if exact else len(self.sets)
        low, high = bounds_of(slot)
        self._low = -_FAR if low is None else self._scaled(low, ROUND_CEILING)
        self._high = _FAR if high is None else self._scaled(high, ROUND_FLOOR)
        places = [self._scaled(cut, ROUND_CEILING) for cut in self.cuts] if self.measured else []
        self._places = np.array(places, np.int64)
        few = not exact and self.measured and self._high - self._low < _MOST_LISTED
        self._listed = self._searched(np.arange(self._low, self._high + 1)) if few else None
        self._read, self._values = dict[object, tuple[int, bool]](), dict[object, int]()

    def of(self, array: Any) -> tuple[Array, Array]:
        """The number of each value of an Arrow array, and which values are odd."""
        if isinstance(array.type, pa.DictionaryType):
            return self._of_dictionary(array)
        if array.null_count == len(array):
            return np.full(len(array), self.missing, np.int64), np.zeros(len(array), bool)
        numbers, odd = self._measures(array) if self.measured else self._others(array)
        if array.null_count:
            missing = array.is_null().to_numpy(zero_copy_only=False)
            numbers, odd = np.where(missing, self.missing, numbers), odd & ~missing
        return numbers, odd

    def _of_dictionary(self, array: Any) -> tuple[Array, Array]:
        numbers, odd = self.of(array.dictionary)
        places = array.indices.fill_null(len(numbers)).to_numpy().astype(np.int64)
        return np.append(numbers, self.missing)[places], np.append(odd, False)[places]

    def _others(self, array: Any) -> tuple[Array, Array]:
        kind, fine = array.type, np.zeros(len(array), bool)
        if isinstance(self.slot.type, YesNo) and pa.types.is_boolean(kind):
            both = np.array([self._number(False), self._number(True)], np.int64)
            return both[array.fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64)], fine
        if isinstance(self.slot.type, Text) and pa.types.is_string(kind) and not self._by_value and not self.exact:
            return np.zeros(len(array), np.int64), fine
        if isinstance(self.slot.type, Date) and pa.types.is_date32(kind):
            days = array.cast(pa.int32()).fill_null(0).to_numpy().astype(np.int64)
            cuts = np.array([cut.toordinal() - _EPOCH for cut in self.cuts], np.int64)
            return (days if self.exact else np.searchsorted(cuts, days, side="right").astype(np.int64)), fine
        return self._distinct(array)

    def _distinct(self, array: Any) -> tuple[Array, Array]:
        """Each distinct value is read once."""
        if len(self._read) + len(self._values) > _MOST_KNOWN:
            self._read, self._values = {}, {}
        try:
            encoded = array.dictionary_encode()
            read = [self._value(raw) for raw in encoded.dictionary.to_pylist()]
        except (pa.ArrowException, TypeError, ValueError, OverflowError):  # a type that has no such values
            return np.zeros(len(array), np.int64), np.ones(len(array), bool)
        places = encoded.indices.fill_null(len(read)).to_numpy().astype(np.int64)
        numbers, odd = zip(*read, (self.missing, False), strict=True)
        return np.array(numbers, np.int64)[places], np.array(odd, bool)[places]

    def _value(self, raw: object) -> tuple[int, bool]:
        if raw not in self._read:
            try:
                value = read_value(self.slot.type, raw, self.language)
                self._read[raw] = (
                    self._scaled_value(value) if isinstance(value, Decimal) else (self._number(value), False)
                )
            except ValueProblem:
                self._read[raw] = 0, True
        return self._read[raw]

    def _number(self, value: Any) -> int:
        """The number of a value, which is no measure."""
        if self.exact:
            own = value.isoformat() if isinstance(value, datetime) else value
            return self._values.setdefault(own, len(self._values))
        return bisect_right(self.cuts, value) if self.cuts else self._by_value.get(value, self._other)

    def _measures(self, array: Any) -> tuple[Array, Array]:
        scaled, odd = self._whole_numbers(array)
        odd = odd | (scaled < self._low) | (scaled > self._high)
        if self.exact:
            return scaled, odd
        if self._listed is not None:
            return self._listed[np.where(odd, 0, scaled - self._low)], odd
        return self._searched(scaled), odd

    def _searched(self, scaled: Array) -> Array:
        return np.searchsorted(self._places, scaled, side="right").astype(np.int64)

    def _whole_numbers(self, array: Any) -> tuple[Array, Array]:
        """The values times 10 ** scale; odd are those that do not fit."""
        kind = array.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return self._written(array)
        if pa.types.is_decimal128(kind):
            return self._decimals(array)
        if pa.types.is_signed_integer(kind) or kind in (pa.uint8(), pa.uint16(), pa.uint32()):
            whole = array.cast(pa.int64()).fill_null(0).to_numpy()
            return _times(whole, self.scale)
        return self._by_text(array)

    def _decimals(self, array: Any) -> tuple[Array, Array]:
        pairs = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)[array.offset : array.offset + len(array)]
        low, high = pairs[:, 0], pairs[:, 1]  # as Arrow lays out its numbers of 128 bits
        too_large = high != low >> 63
        shift = self.scale - array.type.scale
        if shift >= 0:
            scaled, odd = _times(np.where(too_large, 0, low), shift)
            return scaled, odd | too_large
        if -shift > 18:
            return self._by_text(array)
        scaled, rest = np.divmod(low, 10**-shift)
        return scaled, (rest != 0) | too_large

    def _written(self, array: Any) -> tuple[Array, Array]:
        """Numbers as programs write them at once, others one by one."""
        pattern = rf"^[+-]?[0-9]{{1,{17 - self.scale}}}" + (rf"(\.[0-9]{{1,{self.scale}}})?$" if self.scale else "$")
        plain = pc.match_substring_regex(array, pattern)
        numbers = pc.if_else(plain, array, None).cast(pa.decimal128(38, self.scale))
        scaled, odd = self._decimals(numbers)
        others = pc.invert(plain).fill_null(False)
        if pc.any(others).as_py():
            left = others.to_numpy(zero_copy_only=False)
            own, own_odd = self._by_text(array.filter(others))
            scaled, odd = np.array(scaled), np.array(odd)
            scaled[left], odd[left] = own, own_odd
        return scaled, odd

    def _by_text(self, array: Any) -> tuple[Array, Array]:
        exact, self.exact = self.exact, True
        try:
            return self._distinct(array)
        finally:
            self.exact = exact

    def _scaled_value(self, value: Decimal) -> tuple[int, bool]:
        scaled = _WIDE.scaleb(value, self.scale)
        is_whole_number = scaled == scaled.to_integral_value() and abs(scaled) < _FAR
        return (int(scaled), False) if is_whole_number else (0, True)

    def _scaled(self, value: Decimal, rounding: str) -> int:
        """A bound times 10 ** scale, as far as numbers go."""
        scaled = _WIDE.scaleb(value, self.scale)
        if abs(scaled) >= _FAR:
            return _FAR if scaled > 0 else -_FAR
        return int(scaled.to_integral_value(rounding, _WIDE))


def _times(whole: Array, places: int) -> tuple[Array, Array]:
    """Whole numbers times a power of ten, and which are too large."""
    if places > 18:
        return np.zeros(len(whole), np.int64), whole != 0
    most = _FAR // 10**places
    odd = (whole > most) | (whole < -most)
    return np.where(odd, 0, whole) * 10**places, odd
