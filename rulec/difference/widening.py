"""Conditions under which something is proven in, as few and as wide ones out under which it still is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rulec.difference.result import Among, Axis, Between, Condition, Given, Says
from rulec.runtime import types as t
from rulec.trial.steps import halved

Proven = Callable[[Sequence[Condition]], bool]
_FAR = 12  # powers of ten that an end is looked for in


def start(axis: Axis, value: object) -> list[Condition]:
    """The narrowest conditions on a fact that rules tell apart; none where they do not look at its value."""
    if axis.ordered:
        if value in axis.values:
            return [Between(axis, value, value)]
        below, above = _around(axis, value)
        return [Between(axis, below, above, False, False)] if axis.values else []
    if isinstance(axis.slot.type, t.Text) and value not in axis.values:
        return [Among(axis, axis.values, True)] if axis.values else []
    return [Among(axis, (value,))]


def pinned(axis: Axis, value: object) -> list[Condition]:
    """That a fact has one value."""
    return [Between(axis, value, value)] if axis.ordered else [Among(axis, (value,))]


def fewest(conditions: Sequence[Condition], proven: Proven) -> list[Condition]:
    """Without those that make no difference: tests of several facts go first, then the last facts."""
    kept = list(conditions)
    says = [each for each in conditions if isinstance(each, Says)]
    for each in [*says, *(each for each in reversed(conditions) if not isinstance(each, Says))]:
        left = [other for other in kept if other is not each]
        if proven(left):
            kept = left
    return kept


def widest(conditions: Sequence[Condition], proven: Proven) -> list[Condition]:
    """Each as wide as it goes, one after the other."""
    kept = list(conditions)
    for at, each in enumerate(kept):
        around = kept[:at], kept[at + 1 :]

        def holds(wider: Condition, around: tuple[list[Condition], list[Condition]] = around) -> bool:
            return proven([*around[0], wider, *around[1]])

        kept[at] = _wider(each, holds)
    return kept


def _wider(condition: Condition, holds: Callable[[Condition], bool]) -> Condition:
    match condition:
        case Between():
            return _longer(condition, holds)
        case Among(axis, _, False) if isinstance(axis.slot.type, t.Choice):
            for option in axis.slot.type.options:
                wider = replace(condition, values=(*condition.values, option.key))
                if option.key not in condition.values and holds(wider):
                    condition = wider
            order = [option.key for option in axis.slot.type.options]
            return replace(condition, values=tuple(sorted(condition.values, key=lambda key: order.index(str(key)))))
        case Among() | Given() | Says():
            return condition


def _longer(condition: Between, holds: Callable[[Condition], bool]) -> Between:
    alone = condition.low == condition.high is not None and condition.low not in condition.axis.values
    for up in (False, True):
        ways = [condition, *_ends(condition, up)]
        best, beyond = 0, len(ways)
        while beyond - best > 1:
            half = (best + beyond) // 2
            best, beyond = (half, beyond) if holds(ways[half]) else (best, half)
        condition = ways[best]
        end, included = (condition.high, condition.high_included) if up else (condition.low, condition.low_included)
        if alone and end is not None and included:
            condition = _stretched(condition, end, up, holds)
    return condition


def _ends(condition: Between, up: bool) -> Iterator[Between]:
    """The condition with one end further and further away, at last without one."""
    axis = condition.axis
    end, included = (condition.high, condition.high_included) if up else (condition.low, condition.low_included)
    if end is None:
        return
    for value in axis.values if up else reversed(axis.values):
        reached: Any = value
        if (reached > end if up else reached < end) or (reached == end and not included):
            if reached != end:
                yield _at(condition, up, value, False)
            yield _at(condition, up, value, True)
    yield _at(condition, up, None, True)


def _at(condition: Between, up: bool, end: object, included: bool) -> Between:
    if up:
        return replace(condition, high=end, high_included=included)
    return replace(condition, low=end, low_included=included)


def _stretched(condition: Between, near: object, up: bool, holds: Callable[[Condition], bool]) -> Between:
    """The condition up to a value that no rule names, found by halving."""
    best = near
    for far in _further(condition, near, up):
        if holds(_at(condition, up, far, True)):
            best = far
            continue
        found = halved(condition.axis.slot.type, best, far, lambda end: holds(_at(condition, up, end, True)))
        best = found[0] if found is not None else best
        break
    return _at(condition, up, best, True)


def _further(condition: Between, middle: object, up: bool) -> Iterator[object]:
    below, above = _around(condition.axis, middle)
    end = above if up else below
    if isinstance(middle, Decimal):
        for power in range(_FAR):
            far = middle + Decimal(10) ** power * (1 if up else -1)
            if isinstance(end, Decimal) and (far >= end if up else far <= end):
                break
            yield far
    if end is not None:
        yield end


def _around(axis: Axis, value: Any) -> tuple[object, object]:
    """The values next to one, below and above."""
    listed: list[Any] = list(axis.values)
    return max((each for each in listed if each < value), default=None), min(
        (each for each in listed if each > value), default=None
    )
