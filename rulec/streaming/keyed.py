"""Lines of a stream in, what they say of which key out; the lines of one key and the clock in, what it comes to out.

Nothing here knows of Spark: what is kept of a key between two batches is a text and the moment at which to wake it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from rulec.events.kernel import Kernel, Message, State
from rulec.events.records import Record, RecordError, RecordReader
from rulec.events.replay import RECORD
from rulec.events.stream import BEGINNING, horizon_of, refuse_future, refuse_late
from rulec.events.times import FIRST, later
from rulec.plan.tree import Plan

Json = Any
Tell = Callable[[Message], Json]  # what is told of a message
TAKEN, REPEATED, ASIDE, TOLD = "taken", "repeated", "aside", "told"
_BOM = b"\xef\xbb\xbf"
_SHARES = 1 << 10  # among which lines that belong to no key are spread


class Line(NamedTuple):
    """A line and whose it is. `entity` is "" of one that is no event: `text` then says what is set aside."""

    entity: str
    key: str
    at: int
    text: str


class Told(NamedTuple):
    """What becomes of lines: `kind`, one of those above; how many of them; the JSON of what is told or set aside."""

    kind: str
    number: int
    body: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of a key: the clock, in milliseconds (see `ticks`), at which to wake it, 0 for never; its state."""

    wake: int
    body: str


def ticks(at: int) -> int:
    """The first whole millisecond since 1900 that is after a moment: Spark's clock starts at 0 and only goes up."""
    return (at - FIRST) // 1_000 + 1


def clock_of(tick: int) -> int:
    """The moment of a tick; of 0, that of a clock that has not begun."""
    return FIRST + tick * 1_000 if tick > 0 else BEGINNING


class Keyed:
    """What the keys of a plan come to. Each call says what is kept of the key from then on, None for nothing."""

    def __init__(self, plan: Plan, tell: Tell) -> None:
        self.plan, self.kernel, self.reader, self.tell = plan, Kernel(plan), RecordReader(plan), tell

    def line(self, given: bytes, now: int | None) -> Line | None:
        """Whose a line is; None of an empty one. `now`: the clock of the wall, beyond which nothing has happened."""
        text, record = self.reader.line(given.removeprefix(_BOM).strip())
        if not text:
            return None
        try:
            if isinstance(record, RecordError):
                raise record
            if now is not None:
                refuse_future(self.plan, record, now)
        except RecordError as error:
            share = int(sha256(text.encode()).hexdigest(), 16) % _SHARES
            return Line("", f"{share}", FIRST, self._aside(text, error))
        return Line(record.entity, record.key, record.at, text)

    def take(self, subject: tuple[str, str], held: Held | None, texts: Iterable[str], tick: int) -> tuple[
        Held | None, list[Told]
    ]:  # fmt: skip
        """Lines of a key that have come since the last batch, in any order; the clock is that of its start."""
        state, clock = self._state(subject, held), clock_of(tick)
        horizon, before = horizon_of(self.plan, clock), {each.id: each for each in state.pending}
        told = list(self._told(self.kernel.advance(state, (clock, RECORD), horizon)))
        parsed = [(self.reader.parsed(text), text) for text in texts]
        for record, text in sorted(parsed, key=lambda each: each[0].place):
            try:
                if before.get(record.id) == record:
                    told.append(Told(REPEATED, 1))
                    continue
                self._refuse(record, before, clock, horizon)
                before[record.id] = record
                told += [Told(TAKEN, 1), *self._told(self.kernel.take(state, record, horizon))]
            except RecordError as error:
                told.append(Told(ASIDE, 1, self._aside(text, error)))
        return self._kept(state, horizon, tick, held.wake if held else 0), told

    def wake(self, subject: tuple[str, str], held: Held, tick: int) -> tuple[Held | None, list[Told]]:
        """It is time for a key: what is due before the clock is told, and what nothing needs any more forgotten."""
        state, clock = self._state(subject, held), clock_of(tick)
        horizon = horizon_of(self.plan, clock)
        told = list(self._told(self.kernel.advance(state, (clock, RECORD), horizon)))
        return self._kept(state, horizon, tick, 0), told

    def _state(self, subject: tuple[str, str], held: Held | None) -> State:
        return self.kernel.state_of(*subject, json.loads(held.body)) if held else self.kernel.new(*subject)

    def _refuse(self, record: Record, before: dict[str, Record], clock: int, horizon: int) -> None:
        refuse_late(self.plan, record, clock, horizon)
        if record.id in before:
            raise RecordError("E710", record.id, name=record.id)

    def _kept(self, state: State, horizon: int, tick: int, wake: int) -> Held | None:
        """What is kept of a state. A key that is to be woken earlier than needed is left to be: it costs less."""
        if self.kernel.forget(state, horizon):
            return None
        needed, spent = list[int](), self.kernel.spent(state)
        if spent is not None:
            needed.append(later(spent, *self.plan.lateness, self.plan.zone))
        if state.due is not None:
            needed.append(state.due[0])
        soonest = max(ticks(min(needed)), tick + 1) if needed else 0
        if tick < wake and (not soonest or wake <= soonest):
            soonest = wake
        return Held(soonest, json.dumps(state.to_json(), separators=(",", ":")))

    def _told(self, messages: Iterable[Message]) -> Iterable[Told]:
        return (Told(TOLD, 1, _dumped(self.tell(each))) for each in messages)

    def _aside(self, text: str, error: RecordError) -> str:
        return _dumped({**error.to_json(self.reader.language), "record": text})


def _dumped(value: Json) -> str:
    """JSON, in which half characters, which no file holds, are escaped."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
