"""The state of a key and a record, or the clock, in; its new state and what is told out. Nothing else is read.

A state holds the key as it was before the moments that late records may still change (`base`), the records since, and
the key as it is (`now`). A late record goes to its place and the rest happens again: what no longer fires is withdrawn.
"""

from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rulec.events.machine import Machine, Matcher, plain_match
from rulec.events.records import Record, record_of
from rulec.events.replay import DUE, RECORD
from rulec.events.rules import EventRules, Firing
from rulec.plan.tree import Plan

Json = Any
Bound = tuple[int, int]  # a moment, and before which of its parts: RECORD, DUE, or after all of it
TOLD = ("fired", "withdrawn", "corrected")
PAST = DUE + 1  # after all of a moment


def up_to(moment: int) -> Bound:
    """The bound that takes in a moment and what is due at it."""
    return moment, PAST


@dataclass(frozen=True, slots=True)
class Message:
    """What is told of a firing: `kind`, one of TOLD; `by`: the record that changed it, "" where it fired in time.

    A correction is of a firing that was told otherwise, or withdrawn. `firing` is None of one that is withdrawn.
    """

    kind: str
    id: str
    rule: str
    entity: str
    key: str
    trigger: str
    at: int
    by: str = ""
    firing: Firing | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class Given:
    """A firing that was told, which a late record may still change."""

    id: str
    at: int
    rule: str
    trigger: str
    digest: str
    stands: bool = True


@dataclass(slots=True)
class State:
    """The state of one key. `reached`: how far it has run. `base` is `now` where no record may be inserted before."""

    base: Machine
    now: Machine
    pending: list[Record] = field(default_factory=list)
    given: dict[str, Given] = field(default_factory=dict)
    reached: Bound = (-(2**62), 0)

    def to_json(self) -> Json:
        """Plain data."""
        base = None if self.base is self.now else self.base.to_json()
        given = [[each.id, each.at, each.rule, each.trigger, each.digest, each.stands] for each in self.given.values()]
        return [self.now.to_json(), base, [each.to_json() for each in self.pending], given, list(self.reached)]

    @property
    def due(self) -> Bound | None:
        """When something happens by itself, and in which part of that moment."""
        point = self.now.due()
        return point[:2] if point else None


class Kernel:
    """What the keys of a plan come to."""

    def __init__(self, plan: Plan, match: Matcher = plain_match) -> None:
        self.rules, self.match = EventRules(plan), match

    def new(self, entity: str, key: str) -> State:
        """The state of a key of which nothing is known."""
        machine = Machine(self.rules, (entity, key), self.match)
        return State(machine, machine)

    def state_of(self, entity: str, key: str, stored: Json) -> State:
        """The state of plain data."""
        now, base, pending, given, reached = stored
        machine = Machine(self.rules, (entity, key), self.match, now)
        before = machine if base is None else Machine(self.rules, (entity, key), self.match, base)
        known = {each[0]: Given(*each) for each in given}
        return State(before, machine, [record_of(each) for each in pending], known, (reached[0], reached[1]))

    def take(self, state: State, record: Record, horizon: int) -> list[Message]:
        """What is told as a record comes, of the moment `horizon` or later; a repeat within it changes nothing."""
        if any(each.id == record.id for each in state.pending):
            return []
        self._settle(state, horizon)
        last = state.pending[-1].place if state.pending else None
        if (record.at, RECORD) >= state.reached and (last is None or record.place > last):
            if state.base is state.now:
                state.base = state.now.copy()
            firings = [*state.now.run((record.at, RECORD)), *state.now.take(record)]
            state.pending.append(record)
            state.reached = max(state.reached, (record.at, RECORD))
            return self._told(state, firings)
        insort(state.pending, record, key=lambda each: each.place)
        return self._again(state, record)

    def advance(self, state: State, bound: Bound, horizon: int) -> list[Message]:
        """What is told as time passes up to a bound."""
        self._settle(state, horizon)
        if bound <= state.reached:
            return []
        point = state.now.due()
        if point is not None and point < (*bound, ""):
            if state.base is state.now:
                state.base = state.now.copy()
            told = self._told(state, state.now.run(bound))
        else:
            told = []
        state.reached = bound
        return told

    def spent(self, state: State) -> int | None:
        """The moment that late records must no longer reach for `forget` to leave something out; None for never."""
        ends = [end for end in (state.now.spent(),) if end is not None]
        return max([*ends, state.reached[0]]) if ends or state.given or state.base is not state.now else None

    def forget(self, state: State, horizon: int) -> bool:
        """Forget what no record from the horizon on can change or needs; whether nothing is left to know of the key."""
        self._settle(state, horizon)
        return state.base is state.now and not state.given and state.now.forget(horizon)

    def _settle(self, state: State, horizon: int) -> None:
        """Forget what no record can change any more: what is before the horizon."""
        if state.reached <= (horizon, 0):
            state.base, state.pending = state.now, []
        elif state.base is not state.now:
            self._move(state, horizon)
        if state.given:
            state.given = {id: each for id, each in state.given.items() if each.at >= horizon}

    def _move(self, state: State, horizon: int) -> None:
        """Move the base up to the horizon."""
        settled = [each for each in state.pending if each.at < horizon]
        for record in settled:
            _spent(state.base.run((record.at, RECORD), tells=False))
            state.base.take(record, tells=False)
        _spent(state.base.run((horizon, 0), tells=False))
        state.pending = state.pending[len(settled) :]

    def _again(self, state: State, late: Record) -> list[Message]:
        """What changes as a record goes to its place before others."""
        machine, firings = state.base.copy(), list[Firing]()
        for record in state.pending:
            firings += machine.run((record.at, RECORD))
            firings += machine.take(record)
        state.reached = max(state.reached, (state.pending[-1].at, RECORD))
        firings += machine.run(state.reached)
        state.now = machine
        return [*self._withdrawn(state, {each.id for each in firings}, late.id), *self._told(state, firings, late.id)]

    def _withdrawn(self, state: State, standing: set[str], by: str) -> Iterator[Message]:
        for each in state.given.values():
            if each.stands and each.id not in standing:
                each.stands = False
                yield Message("withdrawn", each.id, each.rule, *state.now.subject, each.trigger, each.at, by)

    def _told(self, state: State, firings: Iterable[Firing], by: str = "") -> list[Message]:
        """The firings that are not told yet as they are."""
        told = list[Message]()
        for each in firings:
            before, digest = state.given.get(each.id), each.digest
            if before and before.stands and before.digest == digest:
                continue
            state.given[each.id] = Given(each.id, each.at, each.rule, each.trigger, digest)
            kind = "corrected" if before else "fired"
            told.append(
                Message(kind, each.id, each.rule, each.entity, each.key, each.trigger, each.at, by, each)
            )  # fmt: skip
        return told


def _spent(firings: Iterable[Firing]) -> None:
    for _ in firings:
        pass
