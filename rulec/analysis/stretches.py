"""A fact and the values that tests name in, a value of each class that they tell apart out: neither more nor less."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal, localcontext
from typing import Any

from rulec.backends.lines import between
from rulec.runtime.types import (
    Amount,
    Choice,
    Date,
    Duration,
    Number,
    Percentage,
    Quantity,
    Rate,
    Slot,
    Text,
    Type,
    YesNo,
)
from rulec.runtime.units import decimals_of

_WIDE = 100  # digits: enough for the coins in any amount


def values_of(slot: Slot, named: Sequence[Any]) -> list[Any] | None:
    """The values, those that have an order from the least to the greatest; None for facts of other types."""
    match slot.type:
        case YesNo():
            return [True, False]
        case Choice(options) if options:
            return [option.key for option in options]
        case Choice() | Text():
            return [*dict.fromkeys(named), max(named, key=len, default="") + "?"]
        case Amount() | Number() | Percentage() | Quantity() | Rate() | Duration() | Date():
            if any(isinstance(each, datetime) or not isinstance(each, Decimal | date) for each in named):
                return None
            with localcontext(prec=_WIDE):
                return list(_ordered(slot, named))
        case _:
            return None


def _ordered(slot: Slot, named: Sequence[Any]) -> Iterator[Any]:
    """The values that are named and those of the stretches between, as far as the fact may have them."""
    low, high = (slot.bounds.low, slot.bounds.high) if slot.bounds is not None else (None, None)
    ends = [end for end in (low, high) if end is not None]
    cuts: list[Any] = sorted({*named, *ends}) or [_any(slot.type)]
    step = _step(slot.type)
    for at in range(2 * len(cuts) + 1):
        before, after = cuts[at // 2 - 1] if at > 1 else None, cuts[at // 2] if at // 2 < len(cuts) else None
        value = cuts[at // 2] if at % 2 else _inside(before, after, step)
        if value is not None and (step is None or value % step == 0):
            if (low is None or low <= value) and (high is None or value <= high):
                yield value


def _inside(low: Any, high: Any, step: Decimal | None) -> Any:
    """A value between two, of which None is open; None where there is none."""
    if step is None:
        return between(low, high)
    if low is None:
        return (high / step).to_integral_value(ROUND_FLOOR) * step - step
    value = (low / step).to_integral_value(ROUND_FLOOR) * step + step
    return value if high is None or value < high else None


def _any(kind: Type) -> Any:
    return date(2026, 1, 1) if isinstance(kind, Date) else Decimal(0)


def _step(kind: Type) -> Decimal | None:
    """What values are multiples of; None where they are of any fraction, or days."""
    match kind:
        case Amount(currency):
            return Decimal(1).scaleb(-decimals_of(currency))
        case Number(True) | Duration():
            return Decimal(1)
        case _:
            return None
