"""Two plans in, random facts that both accept out: mostly values that their rules look at, and those beside."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from random import Random

from rulec.difference.facts import Common, holds
from rulec.plan.tree import Compare, Const, In, Member, Plan
from rulec.runtime import types as t
from rulec.tree import walk
from rulec.trial.candidates import ABSENT, TODAY, candidates_of
from rulec.trial.steps import beside

MOST_ELEMENTS = 3
Pool = Mapping[str, Sequence[object]]


class Samples:
    """Draws facts; the same ones on every run."""

    def __init__(self, old: Plan, new: Plan, facts: Common) -> None:
        self._random, self._slots, self._plans = Random(0), facts.slots, (old, new)
        values = [candidates_of(plan) for plan in self._plans]
        self._pool = {path: _once(each.get(path, ()) for each in values) for path in {**values[0], **values[1]}}
        self._listed = dict[str, list[object]]()
        self._elements = {
            slot.path: {each.path: [*self._beside(each)] for each in record.attributes}
            for slot in facts.slots
            if (record := t.record_of(slot.type))
        }

    def draw(self) -> tuple[dict[str, object], date]:
        """Facts that are all given but optional ones, and a date of the decision."""
        day = self._random.choice(self._pool[TODAY])
        assert isinstance(day, date)
        found = {slot.path: self._value(slot) for slot in self._slots}
        return {path: value for path, value in found.items() if value is not ABSENT}, day

    def _value(self, slot: t.Slot) -> object:
        match slot.type:
            case t.ListOf(t.Record(_, attributes)):
                return tuple({each.path: self._member(slot, each) for each in attributes} for _ in self._some())
            case t.ListOf(item):
                element = t.Slot(slot.path, item, slot.names)
                if slot.path not in self._listed:
                    self._listed[slot.path] = [*self._beside(element)]
                return tuple(self._one_of(element, self._listed[slot.path]) for _ in self._some())
            case _:
                return self._one_of(slot, self._pool[slot.path])

    def _some(self) -> range:
        return range(self._random.randint(0, MOST_ELEMENTS))

    def _member(self, slot: t.Slot, attribute: t.Slot) -> object:
        if isinstance(attribute.type, t.ListOf):
            return self._value(attribute)
        return self._random.choice(self._elements[slot.path][attribute.path])

    def _one_of(self, slot: t.Slot, values: Iterable[object]) -> object:
        if isinstance(slot.type, t.ListOf | t.Record):
            return self._value(slot)
        fits = [each for each in values if each is ABSENT or holds(slot, each)]
        return self._random.choice(fits) if fits else ABSENT

    def _beside(self, slot: t.Slot) -> Iterator[object]:
        """What elements are compared with, and what lies beside."""
        for plan in self._plans:
            for node in walk(plan):
                match node:
                    case Compare(_, Member(_, key), Const(value)) if key == slot.path:
                        near = (value, beside(slot.type, value, -1), beside(slot.type, value, 1))
                        yield from (each for each in near if each is not None)
                    case In(Member(_, key), values) if key == slot.path:
                        yield from values
                    case _:
                        continue
        usual = t.Slot("x", slot.type, ("x",), bounds=slot.bounds)
        alone = Plan((usual,), (), (), (), ())
        yield from (each for each in candidates_of(alone).get("x", ()) if each is not ABSENT)


def _once(lists: Iterator[Sequence[object]]) -> list[object]:
    return list(dict.fromkeys(each for values in lists for each in values))
