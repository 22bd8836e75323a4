"""Rows and the rules that give them outcomes in; what is calculated out, exact, and which rules win."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from rulec.batch.arrays import FAR, Array
from rulec.batch.scaled import Scaled, added, constant, extreme, multiplied, opposite, rounded
from rulec.plan.tree import Arithmetic, Const, Decided, Expr, Extreme, Fact, Round
from rulec.runtime.types import OutcomeSlot

if TYPE_CHECKING:
    from rulec.batch.computed import Computed

_MOST_GROUPS = 1 << 30
Part = tuple[Array, Scaled]  # rows (or a slice), and what they get


class Calculation:
    """What is calculated for some rows.

    `odd`: the rows that cannot be told like others. `told`: by outcome, whole numbers of its last decimal, and of which
    rows. `groups`: for each row a number below `many`, the same where `key` is. Raises TooLargeError.
    """

    def __init__(self, given: "Computed", tested: Array, facts: Mapping[str, Scaled]) -> None:
        self.given, self.tested, self.facts = given, tested, facts
        self.size = len(tested)
        self.odd = np.zeros(self.size, bool)
        self.groups, self.many = tested.astype(np.int64), len(given.decisions)
        self.values, self.told = dict[str, Scaled](), dict[str, tuple[Array, Array]]()
        self.wins = list[tuple[int, Array]]()  # the number of a giver, and of which rows it wins
        for slot in given.formulas.outcomes:
            self._calculate(slot)

    def key(self, row: int) -> tuple[int, ...]:
        """What tells its group from all others."""
        return int(self.tested[row]), *(giver for giver, won in self.wins if won[row])

    def _calculate(self, slot: OutcomeSlot) -> None:
        parts, numbers, given = list[Part](), list[int](), np.zeros(self.size, bool)
        for number, (giver, expr) in enumerate(self.given.givers.items()):
            if giver[2] != slot.key or not any(self.given.gives[giver]):
                continue
            mask = np.array(self.given.gives[giver])[self.tested]
            rows = slice(None) if mask.all() else np.flatnonzero(mask)
            if isinstance(rows, slice) or len(rows):
                parts.append((rows, self._value(expr, rows)))
                numbers.append(number)
                given |= mask
        if parts:
            scale = max(value.scale for _, value in parts)
            alike = [(rows, value.to(scale)) for rows, value in parts]
            found = self._combined(slot, alike, scale)
            if slot.combine in ("max", "min"):
                self._note_winners(found.values, alike, numbers)
            self.values[slot.key] = found
            self.told[slot.key] = self._told(slot, found, given), given

    def _combined(self, slot: OutcomeSlot, parts: list[Part], scale: int) -> Scaled:
        """What the policy makes of what each row gets."""
        found, given = np.zeros(self.size, np.int64), np.zeros(self.size, bool)
        lows, highs = [min(value.low, 0) for _, value in parts], [max(value.high, 0) for _, value in parts]
        if slot.combine == "sum":
            whole = Scaled(found, scale, sum(lows), sum(highs))
            for rows, value in parts:
                found[rows] += value.values
            return whole
        choose: Any = {"max": np.maximum, "min": np.minimum}.get(slot.combine)
        for rows, value in parts:
            held, before = found[rows], given[rows]
            if choose is not None:
                found[rows] = np.where(before, choose(held, value.values), value.values)
            else:
                self.odd[rows] |= before & (held != value.values)  # rules that must agree
                found[rows] = value.values
            given[rows] = True
        return Scaled(found, scale, min(lows), max(highs))

    def _note_winners(self, best: Array, parts: list[Part], numbers: list[int]) -> None:
        for number, (rows, value) in zip(numbers, parts, strict=True):
            won = np.zeros(self.size, bool)
            won[rows] = value.values == best[rows]
            self.wins.append((number, won))
            if self.many > _MOST_GROUPS:
                distinct, self.groups = np.unique(self.groups, return_inverse=True)
                self.many = len(distinct)
            self.groups, self.many = 2 * self.groups + won, 2 * self.many

    def _told(self, slot: OutcomeSlot, found: Scaled, given: Array) -> Array:
        """As the column of the outcome holds it; rows out of bounds or too fine for it are odd."""
        places = self.given.places[slot.key]
        if slot.bounds is not None:
            low = _whole(slot.bounds.low, found.scale, ROUND_CEILING)
            high = _whole(slot.bounds.high, found.scale, ROUND_FLOOR)
            self.odd |= given & ((found.values < low) | (found.values > high))
        if found.scale <= places:
            return found.to(places).values
        values, rest = np.divmod(found.values, 10 ** (found.scale - places))
        self.odd |= given & (rest != 0)
        return values

    def _value(self, expr: Expr, rows: Array) -> Scaled:
        """The value of an expression for some rows."""
        match expr:
            case Const(Decimal() as value):
                return constant(value)
            case Fact(path):
                return self.facts[path].of(rows)
            case Decided(key):
                return self._outcome(key).of(rows)
            case Arithmetic(operator, left, right):
                one, other = self._value(left, rows), self._value(right, rows)
                if operator == "mul":
                    return multiplied(one, other)
                return added(one, other if operator == "add" else opposite(other))
            case Round(item, step, mode):
                return rounded(self._value(item, rows), step, mode)
            case Extreme(which, items):
                return extreme(which, [self._value(item, rows) for item in items])
            case _:
                raise AssertionError(expr)  # no formula has it

    def _outcome(self, key: str) -> Scaled:
        """The value of an outcome; of one that is not calculated, as the decisions on tests say."""
        if key not in self.values:
            found = [each.told.outcomes[key].value for each in self.given.decisions]
            own = [constant(value if isinstance(value, Decimal) else Decimal(0)) for value in found]
            scale = max(each.scale for each in own)
            whole = [each.to(scale) for each in own]
            held = np.array([int(each.values) for each in whole], np.int64)
            low, high = min(each.low for each in whole), max(each.high for each in whole)
            self.values[key] = Scaled(held[self.tested], scale, low, high)
        return self.values[key]


def _whole(bound: Decimal | None, scale: int, rounding: str) -> int:
    """A bound as a whole number of units; without, beyond all numbers."""
    if bound is None:
        return -FAR if rounding == ROUND_CEILING else FAR
    return min(FAR, max(-FAR, int(bound.scaleb(scale).to_integral_value(rounding))))
