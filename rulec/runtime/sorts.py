"""What the rules may give in; for each rule, which of its values make a difference to the outcome, out.

For every policy, `SORTS` gives one `Sort` a rule: two values have the same sort exactly where the outcome is the same
with either, whatever the other rules do. So an outcome is settled when each rule is left with one sort. Only in a list
without repetition may two values that make no difference have different sorts, where several rules are open at once.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import accumulate, takewhile
from typing import Any, TypeVar

from rulec.runtime.decision import FiredRule
from rulec.runtime.kleene import ANYTHING, NOTHING, Sort, Unknown, Way
from rulec.runtime.types import Choice, ListOf, OutcomeSlot

_CLASH, _APPLIES = object(), object()
_WHOLE = Decimal(1)
_T = TypeVar("_T")
_Pick = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class Giver:
    """A rule that may give the outcome a value.

    `rule`: its `branch` is 0. `values`: those that it may give, as far as known; `vague`: it may give one not known.
    `sure`: it gives some value whatever happens.
    """

    rule: FiredRule
    ways: Sequence[Way]
    values: frozenset[Any]
    vague: bool
    sure: bool

    def may_stray(self, value: object) -> bool:
        """Whether it may give another value than this one."""
        return self.vague or self.values != {value}


def giver_of(rule: FiredRule, ways: Sequence[Way]) -> Giver:
    """What a rule may give, from the ways that it may go."""
    given = [way.value for way in ways if way.value is not NOTHING]
    known = frozenset(value for value in given if not isinstance(value, Unknown))
    return Giver(rule, ways, known, any(isinstance(value, Unknown) for value in given), len(given) == len(ways))


def default_of(slot: OutcomeSlot) -> object:
    """The default, or NOTHING."""
    if slot.default is None:
        return NOTHING
    return listed(slot, [slot.default]) if slot.combine == "collect" else slot.default


def listed(slot: OutcomeSlot, values: Sequence[object]) -> tuple[object, ...]:
    """The values as a list."""
    items = tuple(item for value in values for item in elements(slot, value))
    return distinct(items) if slot.distinct else items


def elements(slot: OutcomeSlot, value: object) -> tuple[object, ...]:
    """What a value adds to a list: itself, or where it is a list, its elements."""
    nested = isinstance(slot.type, ListOf) and isinstance(slot.type.item, ListOf)
    return value if isinstance(value, tuple) and not nested else (value,)


def pickers(slot: OutcomeSlot) -> tuple[_Pick, _Pick]:
    """What picks the strongest of some values under max, min or priority, and what picks the weakest."""
    if slot.combine != "priority":
        return (max, min) if slot.combine == "max" else (min, max)
    order = list(slot.order)
    if isinstance(slot.type, Choice):
        order += [option.key for option in slot.type.options if option.key not in order]
    ranks = {value: len(order) - at for at, value in enumerate(order)}

    def rank(value: Any) -> tuple[int, Any]:
        return ranks.get(value, 0), value

    return partial(max, key=rank), partial(min, key=rank)


def distinct(items: Sequence[object]) -> tuple[object, ...]:
    """Each item once, where it first stands."""
    return tuple(dict.fromkeys(items))


def _any(slot: OutcomeSlot, givers: Sequence[Giver]) -> list[Sort]:
    bound = [giver.values if giver.sure and not giver.vague else None for giver in givers]
    agreed, sure = _leaving_out(bound, _both, None), sum(giver.sure for giver in givers)
    default = default_of(slot)
    stray = sum(giver.may_stray(default) for giver in givers)
    sorts = list[Sort]()
    for giver, values in zip(givers, agreed, strict=True):
        if sure == giver.sure:  # the others may all give nothing
            sorts.append(_sort(_itself, default if stray == giver.may_stray(default) else NOTHING))
        elif values is None:
            sorts.append(_sort(_itself, NOTHING))
        elif not values:
            sorts.append(_alike)
        else:
            sorts.append(_sort(partial(_among, values), next(iter(values)) if len(values) == 1 else NOTHING))
    return sorts


def _unique(slot: OutcomeSlot, givers: Sequence[Giver]) -> list[Sort]:
    sure = sum(giver.sure for giver in givers)
    alone = _sort(_itself, default_of(slot) if len(givers) == 1 else NOTHING)
    second = _sort(lambda value: _APPLIES, NOTHING, _APPLIES)
    return [(alone, second, _alike)[min(sure - giver.sure, 2)] for giver in givers]


def _first(slot: OutcomeSlot, givers: Sequence[Giver]) -> list[Sort]:
    sure = next((at for at, giver in enumerate(givers) if giver.sure), len(givers))
    then = default_of(slot)
    sorts: list[Sort] = [_alike] * len(givers)
    for at in reversed(range(min(sure + 1, len(givers)))):
        sorts[at] = _sort(_itself, then)
        results = {sorts[at](way.value) for way in givers[at].ways if not isinstance(way.value, Unknown)}
        then = results.pop() if len(results) == 1 and not givers[at].vague else NOTHING
    return sorts


def _extreme(slot: OutcomeSlot, givers: Sequence[Giver]) -> list[Sort]:
    (strongest, weakest), default = pickers(slot), default_of(slot)
    sure = sum(giver.sure for giver in givers)

    def floor(one: object, other: object) -> object:
        return other if one is NOTHING else one if other is NOTHING else strongest([one, other])

    def is_spoiler(giver: Giver) -> bool:
        """Whether it may give a value that loses against the default, but stands where the default does not apply."""
        return default is NOTHING or giver.vague or strongest([default, low := weakest([*giver.values])]) != low

    spoilers = sum(is_spoiler(giver) for giver in givers)
    floors = [weakest([*giver.values]) if giver.sure and not giver.vague else NOTHING for giver in givers]
    sorts = list[Sort]()
    for giver, low in zip(givers, _leaving_out(floors, floor, NOTHING), strict=True):
        if low is not NOTHING:
            sorts.append(_sort(partial(floor, low), low))
        else:
            is_neutral = sure == giver.sure and spoilers == is_spoiler(giver)
            sorts.append(_sort(_itself, default if is_neutral else NOTHING))
    return sorts


def _added(slot: OutcomeSlot, givers: Sequence[Giver], zero: object = Decimal(0)) -> list[Sort]:
    default, sure = default_of(slot), sum(giver.sure for giver in givers)
    if len(givers) == 1:
        return [_sort(_itself, default)]
    return [_sort(_itself, zero if sure > giver.sure or default == zero else NOTHING) for giver in givers]


def _compound(slot: OutcomeSlot, givers: Sequence[Giver]) -> list[Sort]:
    """As sums, but that a reduction of 100 % leaves nothing to the others."""
    stray = [giver.may_stray(_WHOLE) for giver in givers]
    whole = [giver.sure and not may for giver, may in zip(givers, stray, strict=True)]
    many_whole, many_stray = sum(whole), sum(stray)
    sorts = list[Sort]()
    for at, plain in enumerate(_added(slot, givers)):
        if many_whole > whole[at]:
            sorts.append(_alike)
        elif many_stray == stray[at]:
            sorts.append(_sort(_itself, default_of(slot)))
        else:
            sorts.append(plain)
    return sorts


def _collect(slot: OutcomeSlot, givers: Sequence[Giver]) -> list[Sort]:
    before, after = set[object](), _afterwards(slot, givers)
    sorts = list[Sort]()
    for giver, then, plain in zip(givers, after, _added(slot, givers, ()), strict=True):
        sorts.append(_sort(partial(_new, slot, frozenset(before), then), plain(NOTHING)))
        if slot.distinct and not giver.vague and giver.sure and len(giver.values) == 1:
            before.update(elements(slot, next(iter(giver.values))))
    return sorts


def _new(slot: OutcomeSlot, before: frozenset[object], after: tuple[object, ...], value: object) -> object:
    """What a value adds to a list that has the elements `before`, and goes on with `after`."""
    items = elements(slot, value)
    return tuple(each for each in distinct(items + after) if each not in before) if slot.distinct else items


def _afterwards(slot: OutcomeSlot, givers: Sequence[Giver]) -> list[tuple[object, ...]]:
    """For each rule, the elements that are sure to come next in a list without repetition."""
    after: list[tuple[object, ...]] = [()]
    for giver in reversed(givers if slot.distinct else ()):
        lists = [distinct(elements(slot, value) + after[-1]) for value in giver.values]
        lists += [()] if giver.vague else [] if giver.sure else [after[-1]]
        after.append(_common_start(lists))
    return after[-2::-1] if slot.distinct else [()] * len(givers)


def _common_start(lists: Sequence[tuple[object, ...]]) -> tuple[object, ...]:
    alike = takewhile(lambda items: len(set(items)) == 1, zip(*lists, strict=False))
    return tuple(items[0] for items in alike)


SORTS: dict[str, Callable[[OutcomeSlot, Sequence[Giver]], list[Sort]]] = {
    "any": _any,
    "unique": _unique,
    "first": _first,
    "max": _extreme,
    "min": _extreme,
    "priority": _extreme,
    "sum": _added,
    "compound": _compound,
    "collect": _collect,
}


def _sort(of_value: Callable[[object], object], nothing: object, anything: object = ANYTHING) -> Sort:
    """A sort: for values, for a rule that gives none (`nothing`: the value that has the same effect), for ANYTHING."""

    def sort(value: object) -> Hashable:
        if value is ANYTHING:
            return anything
        value = nothing if value is NOTHING else value
        return value if value is NOTHING else of_value(value)

    return sort


def _alike(value: object) -> Hashable:
    return None


def _itself(value: object) -> object:
    return value


def _among(values: frozenset[object], value: object) -> object:
    return value if value in values else _CLASH


def _both(one: frozenset[Any] | None, other: frozenset[Any] | None) -> frozenset[Any] | None:
    """What is in both sets; None is the set of everything."""
    return other if one is None else one if other is None else one & other


def _leaving_out(items: Sequence[_T], merge: Callable[[_T, _T], _T], start: _T) -> list[_T]:
    """For each item, the merger of all the others."""
    before = list(accumulate([start, *items[:-1]], merge))
    after = list(accumulate([start, *reversed(items[1:])], merge))
    return [merge(one, other) for one, other in zip(before, reversed(after), strict=True)]
