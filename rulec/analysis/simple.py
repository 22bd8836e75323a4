"""A condition in, whether it is a conjunction of tests of single facts that are settled apart from each other out.

Of these nothing is left to prove: they may hold together, none is always true or always false, and none follows from
the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from rulec.analysis.stretches import values_of
from rulec.plan.tree import All, AnyOf, Compare, Const, Count, Expr, Fact, In, Not
from rulec.runtime.types import Amount, Choice, Date, Duration, Number, Percentage, Quantity, Rate, Slot, Type, YesNo
from rulec.tree import NOWHERE

_SIDES = {"gt": "low", "ge": "low", "lt": "high", "le": "high"}
_NUMBERS = Amount | Duration | Number | Percentage | Quantity | Rate
_COMPARED = {"lt": lt, "le": le, "eq": eq, "ne": ne, "ge": ge, "gt": gt}
_APART = 2  # in units of what is compared: more than lies between any two neighbours


class Simple:
    """The conditions on facts of these slots. `assumed`: something is assumed of the facts, and nothing is simple."""

    def __init__(self, slots: Mapping[str, Slot], assumed: bool) -> None:
        self._slots, self._assumed = slots, assumed

    def holds(self, condition: Expr) -> bool:
        """Whether it is such a conjunction."""
        ends = dict[tuple[str, str], Any]()
        for test in _tests(condition):
            path, sides = _path(test), _sides(test)
            if path not in self._slots or self._assumed or not self._open(test, self._slots[path]):
                return False
            if (path, "") in ends or any((path, side) in ends or (side == "" and _ends(ends, path)) for side in sides):
                return False
            end = test.right.value if isinstance(test, Compare) and isinstance(test.right, Const) else None
            ends |= {(path, side): end for side in sides}
        return all(
            ends[path, "high"] - low > _apart(low)
            for (path, side), low in ends.items()
            if side == "low" and low is not None and (path, "high") in ends
        )

    def _open(self, test: Expr, slot: Slot) -> bool:
        """Whether a test of one fact holds for some of its values and not for others."""
        match test:
            case Fact():
                return isinstance(slot.type, YesNo) and not slot.optional
            case Not(Fact() as item):
                return self._open(item, slot)
            case In(Fact(), values) if isinstance(slot.type, Choice):
                return 0 < len(set(values)) < len(slot.type.options)
            case Compare(operator, Fact(), Const(value)) if operator in _SIDES:
                return self._inside(operator, value, slot)
            case All((Compare(_, Fact(), Const(low)), Compare(_, Fact(), Const(high)))):
                return _is_of(low, slot.type) and _is_of(high, slot.type) and _parts(test, slot, (low, high))
            case _:
                return False

    def _inside(self, operator: str, value: object, slot: Slot) -> bool:
        """Whether an end lies between the least value and the greatest."""
        low, high = _bounds(slot)
        if not isinstance(value, Decimal | date) or isinstance(value, datetime) or not _is_of(value, slot.type):
            return False
        end: Any = value
        if operator in ("ge", "lt"):
            return (low is None or low < end) and (high is None or end <= high)
        return (low is None or low <= end) and (high is None or end < high)


def is_one_word(part: Expr) -> bool:
    """Whether what it is made of is written in one word: « de 5 à 10 kg »."""
    return isinstance(part, All | AnyOf | Count) and any(item.span == part.span != NOWHERE for item in part.items)


def _tests(condition: Expr) -> Iterator[Expr]:
    if isinstance(condition, All) and not is_one_word(condition):
        for item in condition.items:
            yield from _tests(item)
    else:
        yield condition


def _path(test: Expr) -> str:
    match test:
        case Fact(path) | Not(Fact(path)) | In(Fact(path), _) | Compare(_, Fact(path), Const()):
            return path
        case All((Compare(_, Fact(path), Const()), Compare(_, Fact(other), Const()))) if path == other:
            return path
        case _:
            return ""


def _sides(test: Expr) -> tuple[str, ...]:
    if isinstance(test, All):
        return tuple(side for item in test.items for side in _sides(item))
    return (_SIDES.get(test.operator, ""),) if isinstance(test, Compare) else ("",)


def _parts(test: All, slot: Slot, ends: Sequence[object]) -> bool:
    """Whether a range has some of the values of a fact in it, and others out of it."""
    compared: list[tuple[str, Any]] = [
        (each.operator, each.right.value)
        for each in test.items
        if isinstance(each, Compare) and isinstance(each.right, Const)
    ]
    values = values_of(slot, ends) or []
    held = [all(_COMPARED[operator](value, bound) for operator, bound in compared) for value in values]
    return any(held) and not all(held)


def _ends(ends: Mapping[tuple[str, str], object], path: str) -> bool:
    return (path, "low") in ends or (path, "high") in ends


def _bounds(slot: Slot) -> tuple[Any, Any]:
    if isinstance(slot.type, Date):
        return date.min, date.max
    return (slot.bounds.low, slot.bounds.high) if slot.bounds is not None else (None, None)


def _is_of(value: object, kind: Type) -> bool:
    return isinstance(kind, Date) if isinstance(value, date) else isinstance(kind, _NUMBERS)


def _apart(like: object) -> Any:
    return date.resolution * _APART if isinstance(like, date) else Decimal(_APART)
