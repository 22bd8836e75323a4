"""The facts of two plans in, those that can be given to both out: of what a fact may be, what both accept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from rulec.runtime.plain import Plain, plain
from rulec.runtime.types import Amount, Bounds, Choice, ListOf, Number, Record, Slot, Type, record_of


@plain
class Common(Plain):
    """`slots`: every fact of either plan. `apart`: the paths of those that the plans hold differently."""

    slots: tuple[Slot, ...]
    apart: frozenset[str]


def common(old: Sequence[Slot], new: Sequence[Slot]) -> Common:
    """The facts of two plans, those of the new one first."""
    before, merged, apart = {slot.path: slot for slot in old}, list[Slot](), set[str]()
    for slot in new:
        other = before.pop(slot.path, slot)
        found = _merged(other, slot)
        merged.append(found or slot)
        apart |= set() if found else {slot.path}
    return Common((*merged, *before.values()), frozenset(apart))


def comparable(one: Type, other: Type) -> bool:
    """Whether values of two types can be compared."""
    return _type(one, other) is not None


def known_to(slots: Iterable[Slot], facts: Mapping[str, object]) -> dict[str, object]:
    """The facts that a plan knows, lists with what it knows of each element."""
    found = dict[str, object]()
    for slot in slots:
        value = facts.get(slot.path)
        if value is not None:
            record = record_of(slot.type)
            known = tuple(known_to(record.attributes, each) for each in value) if record else value  # type: ignore[attr-defined]  # a list of elements
            found[slot.path] = known
    return found


def _merged(one: Slot, other: Slot) -> Slot | None:
    """A fact of both plans; None where they hold it differently.

    Only where both take it alike is it left out: elsewhere it is given to both.
    """
    kind = _type(one.type, other.type)
    if kind is None:
        return None
    alike = one.default == other.default
    return Slot(
        other.path, kind, other.names, other.synonyms, one.optional and other.optional and alike,
        other.default if alike else None, _bounds(one.bounds, other.bounds),
    )  # fmt: skip


def _type(one: Type, other: Type) -> Type | None:
    match one, other:
        case Choice(some), Choice(options):
            keys = {option.key for option in some}
            return Choice(tuple(option for option in options if option.key in keys))
        case Amount(currency), Amount(same) if currency == same:
            return other
        case Number(), Number():
            return Number(one.whole or other.whole)
        case ListOf(), ListOf():
            return _list(one, other)
        case _:
            return other if one == other else None


def _list(one: ListOf, other: ListOf) -> Type | None:
    if isinstance(one.item, Record) and isinstance(other.item, Record):
        found = common(one.item.attributes, other.item.attributes)
        item = Record(other.item.entity, found.slots, other.item.name)
        return ListOf(item) if not found.apart else None
    kind = _type(one.item, other.item)
    return ListOf(kind) if kind is not None else None


def _bounds(one: Bounds | None, other: Bounds | None) -> Bounds | None:
    if one is None or other is None:
        return one or other
    lows, highs = ([end for end in ends if end is not None] for ends in ((one.low, other.low), (one.high, other.high)))
    low, high = max(lows, default=None), min(highs, default=None)
    return Bounds(low, high)


def holds(slot: Slot, value: object) -> bool:
    """Whether a fact may have a value."""
    if isinstance(slot.type, Choice) and slot.type.options:
        return value in {option.key for option in slot.type.options}
    if isinstance(value, datetime):
        return _is_anywhere(value)
    if isinstance(value, Decimal):
        whole = isinstance(slot.type, Number) and slot.type.whole
        bounds = slot.bounds or Bounds()
        low, high = bounds.low is None or bounds.low <= value, bounds.high is None or value <= bounds.high
        return low and high and not (whole and value % 1)
    return True


def _is_anywhere(moment: datetime) -> bool:
    """Whether a moment lies in the years 1 to 9999 wherever a clock hangs: no other is read."""
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return False
    return True
