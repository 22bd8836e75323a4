"""The tests of both plans in, the facts that regions are told by out, each with the values that rules look at."""

from collections.abc import Sequence
from typing import Any

from rulec.analysis.reads import TODAY
from rulec.difference.cone import Cone, compared_with
from rulec.difference.result import Axis
from rulec.plan.kinds import kind_of_value
from rulec.runtime import types as t

_ORDERED = {"number", "date", "moment", "time"}


def axes_of(slots: Sequence[t.Slot], cones: Sequence[Cone], paths: Sequence[str]) -> list[Axis]:
    """An axis for each fact that is read and is no list, in the order of the facts; then one for today's date."""
    values = dict[str, dict[object, None]]()
    for cone in cones:
        for path, found in compared_with(cone.tests).items():
            values.setdefault(path, {}).update(found)
    axes = [axis for slot in slots for axis in _of(slot, set(paths), values)]
    if TODAY in paths:
        axes.append(_axis(t.Slot(TODAY, t.Date(), (TODAY,)), TODAY, "", values))
    return axes


def _of(slot: t.Slot, read: set[str], values: dict[str, dict[object, None]]) -> list[Axis]:
    record = t.record_of(slot.type)
    if record is not None:
        below = ((f"{slot.path}[].{each.path}", each) for each in record.attributes)
        return [_axis(each, path, slot.path, values) for path, each in below if path in read and _is_plain(each.type)]
    return [_axis(slot, slot.path, "", values)] if slot.path in read and _is_plain(slot.type) else []


def _is_plain(kind: t.Type) -> bool:
    return not isinstance(kind, t.ListOf | t.Record)


def _axis(slot: t.Slot, path: str, each: str, values: dict[str, dict[object, None]]) -> Axis:
    ordered = not isinstance(slot.type, t.YesNo | t.Choice | t.Text)
    found: list[Any] = list(values.get(path, ()))
    if ordered:
        found = sorted(value for value in found if kind_of_value(value) in _ORDERED)
    return Axis(path, slot, each, ordered, tuple(found))
