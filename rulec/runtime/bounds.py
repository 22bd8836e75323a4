"""Bounds and a value in, whether it lies within them out; and how bounds are shown."""

from decimal import Decimal

from rulec.runtime.shown import show_value
from rulec.runtime.types import Bounds, ListOf, Type


def inside(bounds: Bounds, value: object) -> bool:
    """Whether a number, or each number of a list, is within the bounds; what is no number always is."""
    if isinstance(value, tuple):
        return all(inside(bounds, each) for each in value)
    if not isinstance(value, Decimal):
        return True
    return (bounds.low is None or bounds.low <= value) and (bounds.high is None or value <= bounds.high)


def bounds_text(bounds: Bounds, type_: Type, language: str) -> str:
    """« 0 % … 100 % », « ≥ 0 € », « ≤ 120 »."""
    while isinstance(type_, ListOf):
        type_ = type_.item
    low, high = (show_value(type_, end, language) if end is not None else "" for end in (bounds.low, bounds.high))
    if low and high:
        return f"{low} … {high}"
    return f"≥ {low}" if low else f"≤ {high}"
