"""A column of facts in, a number for each value out: rows whose numbers are all the same are decided alike.

Values that the rules tell apart by tests alone share a number with all that no test tells apart from them; those that
enter a calculation have one each. What is not surely a value of the fact is odd, and left to whoever reads facts.
"""

from bisect import bisect_right
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rulec.backends.lines import ORDERED, kind_of
from rulec.batch.arrays import FAR, MOST_DIGITS, Array, at_places, either, filled, times, truths
from rulec.batch.columns import is_measured
from rulec.batch.uses import Use
from rulec.runtime.index import Column
from rulec.runtime.leaves import bounds_of, is_whole, names_of, next_of, ranges_of, values_of
from rulec.runtime.refused import ValueProblem
from rulec.runtime.types import Amount, Date, Slot, Text, YesNo
from rulec.runtime.units import decimals_of
from rulec.runtime.values import read_value

_DECIMALS = 9  # of numbers, percentages, quantities and rates that are held as whole numbers
_WIDE = Context(prec=200, Emax=MAX_EMAX, Emin=MIN_EMIN)
_MOST_LISTED = 1 << 20  # values that have their number in a list
_MOST_KNOWN = 1 << 17  # values that are remembered
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass
class Coded:
    """The numbers of some values, None if nobody asks for them; which are odd and which are missing, None for none."""

    numbers: Array | None
    odd: Array | None
    missing: Array | None


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
        self.missing = FAR if exact else len(self.sets)
        low, high = bounds_of(slot)
        self._low: Any = -FAR if low is None else self._scaled(low, ROUND_CEILING)
        self._high = FAR if high is None else self._scaled(high, ROUND_FLOOR)
        places = [self._scaled(cut, ROUND_CEILING) for cut in self.cuts] if self.measured else []
        self._places = np.array(places, np.int64)
        few = not exact and self.measured and self._high - self._low < _MOST_LISTED
        self._kind = np.int64 if exact else np.min_scalar_type(self.missing)  # the smaller, the nearer they stay
        self._listed = self._searched(np.arange(self._low, self._high + 1)) if few else None
        self._read, self._values = dict[object, tuple[int, bool]](), dict[object, int]()
        self._last: tuple[Any, Coded] | None = None  # dictionary met, and the numbers of its values, missing last

    def of(self, array: Any) -> Coded:
        """The numbers of the values of an Arrow array."""
        if isinstance(array.type, pa.DictionaryType):
            return self._of_dictionary(array)
        if array.null_count == len(array):
            every = np.ones(len(array), bool)
            return self._coded(np.full(len(array), self.missing, np.int64), None, every if len(array) else None)
        numbers, odd = self._measures(array) if self.measured else self._others(array)
        if not array.null_count:
            return self._coded(numbers, odd, None)
        missing = array.is_null().to_numpy(zero_copy_only=False)
        return self._coded(np.where(missing, self.missing, numbers), None if odd is None else odd & ~missing, missing)

    def _coded(self, numbers: Array, odd: Array | None, missing: Array | None) -> Coded:
        return Coded(numbers if self.asked else None, odd, missing)

    def _of_dictionary(self, array: Any) -> Coded:
        known = self._dictionary(array.dictionary)
        if known.numbers is None and known.odd is None and known.missing is None and not array.null_count:
            return known
        places = filled(array.indices, len(array.dictionary)).to_numpy()
        missing = known.missing
        if missing is None and array.null_count:
            missing = np.append(np.zeros(len(array.dictionary), bool), True)
        parts = (known.numbers, known.odd, missing)
        return Coded(*(None if each is None else at_places(each, places) for each in parts))

    def _dictionary(self, dictionary: Any) -> Coded:
        """The numbers of the values of a dictionary, and of none; batches of one table mostly share theirs."""
        if self._last is not None and self._last[0].equals(dictionary):
            return self._last[1]
        known = self.of(dictionary)
        numbers = None if known.numbers is None else np.append(known.numbers, self.missing).astype(self._kind)
        odd = None if known.odd is None else np.append(known.odd, False)
        coded = Coded(numbers, odd, None if known.missing is None else np.append(known.missing, True))
        if not self.exact:  # then numbers hold for one batch
            self._last = dictionary, coded
        return coded

    def _others(self, array: Any) -> tuple[Array, Array | None]:
        kind = array.type
        if isinstance(self.slot.type, YesNo) and pa.types.is_boolean(kind):
            both = np.array([self._number(False), self._number(True)], self._kind)
            return at_places(both, truths(array)), None
        if isinstance(self.slot.type, Text) and pa.types.is_string(kind) and not self._by_value and not self.exact:
            return np.zeros(len(array), np.int64), None
        if isinstance(self.slot.type, Date) and pa.types.is_date32(kind):
            days = filled(array.cast(pa.int32()), 0).to_numpy().astype(np.int64)
            cuts = np.array([cut.toordinal() - _EPOCH for cut in self.cuts], np.int64)
            return (days if self.exact else np.searchsorted(cuts, days, side="right").astype(self._kind)), None
        return self._distinct(array)

    def _distinct(self, array: Any) -> tuple[Array, Array | None]:
        """Each distinct value is read once."""
        if len(self._read) + len(self._values) > _MOST_KNOWN:
            self._read, self._values = {}, {}
        try:
            encoded = array.dictionary_encode()
            read = [self._value(raw) for raw in encoded.dictionary.to_pylist()]
        except (pa.ArrowException, TypeError, ValueError, OverflowError):  # a type that has no such values
            return np.zeros(len(array), np.int64), np.ones(len(array), bool)
        places = filled(encoded.indices, len(read)).to_numpy()
        numbers, odd = zip(*read, (self.missing, False), strict=True)
        return np.array(numbers, np.int64)[places], np.array(odd, bool)[places] if any(odd) else None

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

    def _measures(self, array: Any) -> tuple[Array, Array | None]:
        scaled, odd = self._whole_numbers(array)
        if scaled.min() < self._low or scaled.max() > self._high:
            odd = either(odd, (scaled < self._low) | (scaled > self._high))
        return (scaled if self.exact or not self.asked else self._classes(scaled)), odd

    def of_exact(self, exact: Coded) -> Coded:
        """The numbers of values that were read before, each with its own."""
        out = either(exact.odd, exact.missing)
        numbers = self._classes(exact.numbers if out is None else np.where(out, self._low, exact.numbers))
        if exact.missing is not None:
            numbers = np.where(exact.missing, self.missing, numbers)
        return self._coded(numbers, exact.odd, exact.missing)

    def _classes(self, scaled: Array) -> Array:
        """The numbers of the classes of whole numbers."""
        if self._listed is None:
            return self._searched(scaled)
        return at_places(self._listed, scaled - self._low if self._low else scaled)

    def _searched(self, scaled: Array) -> Array:
        return np.searchsorted(self._places, scaled, side="right").astype(self._kind)

    def _whole_numbers(self, array: Any) -> tuple[Array, Array | None]:
        """The values times 10 ** scale; odd are those that do not fit."""
        kind = array.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return self._written(array)
        if pa.types.is_decimal128(kind):
            return self._decimals(array)
        if pa.types.is_signed_integer(kind) or kind in (pa.uint8(), pa.uint16(), pa.uint32()):
            whole = filled(array.cast(pa.int64()), 0).to_numpy()
            return times(whole, self.scale)
        return self._by_text(array)

    def _decimals(self, array: Any) -> tuple[Array, Array | None]:
        pairs = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)[array.offset : array.offset + len(array)]
        low, high = np.ascontiguousarray(pairs[:, 0]), pairs[:, 1]  # as Arrow lays out its numbers of 128 bits
        too_large = None if array.type.precision <= MOST_DIGITS else high != low >> 63
        shift = self.scale - array.type.scale
        if shift >= 0:
            scaled, odd = times(low if too_large is None else np.where(too_large, 0, low), shift)
            return scaled, either(odd, too_large)
        if -shift > MOST_DIGITS:
            return self._by_text(array)
        scaled, rest = np.divmod(low, 10**-shift)
        return scaled, either(rest != 0, too_large)

    def _written(self, array: Any) -> tuple[Array, Array | None]:
        """Numbers as programs write them, or in French with a comma, at once; others one by one."""
        mark = "[.,]" if self.language == "fr" else "[.]"
        places = rf"({mark}[0-9]{{1,{self.scale}}})?$" if self.scale else "$"
        pattern = rf"^[+-]?[0-9]{{1,{17 - self.scale}}}" + places
        plain = pc.match_substring_regex(array, pattern)
        numbers = pc.replace_substring(pc.if_else(plain, array, None), ",", ".").cast(pa.decimal128(38, self.scale))
        scaled, odd = self._decimals(numbers)
        others = pc.invert(plain).fill_null(False)
        if pc.any(others).as_py():
            left = others.to_numpy(zero_copy_only=False)
            own, own_odd = self._by_text(array.filter(others))
            scaled, odd = np.array(scaled), np.zeros(len(array), bool) if odd is None else odd
            scaled[left], odd[left] = own, own_odd is not None and own_odd
        return scaled, odd

    def _by_text(self, array: Any) -> tuple[Array, Array | None]:
        exact, self.exact = self.exact, True
        try:
            return self._distinct(array)
        finally:
            self.exact = exact

    def _scaled_value(self, value: Decimal) -> tuple[int, bool]:
        scaled = _WIDE.scaleb(value, self.scale)
        is_whole_number = scaled == scaled.to_integral_value() and abs(scaled) < FAR
        return (int(scaled), False) if is_whole_number else (0, True)

    def _scaled(self, value: Decimal, rounding: str) -> int:
        """A bound times 10 ** scale, as far as numbers go."""
        scaled = _WIDE.scaleb(value, self.scale)
        if abs(scaled) >= FAR:
            return FAR if scaled > 0 else -FAR
        return int(scaled.to_integral_value(rounding, _WIDE))
