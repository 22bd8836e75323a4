"""Records of many keys as they come, and the clock, in; what is told out: what is due before what comes later."""

from collections.abc import Iterator
from decimal import Decimal
from heapq import heappop, heappush

from rulec.events.kernel import Bound, Kernel, Message, State, up_to
from rulec.events.records import Record, RecordError
from rulec.events.replay import RECORD
from rulec.events.times import later, moment_at
from rulec.plan.tree import Plan
from rulec.runtime.shown import show_value
from rulec.runtime.types import Duration

Subject = tuple[str, str]  # the keys of an entity and of one of it
BEGINNING = -(2**62)  # of a clock that has not begun


class Stream:
    """The keys that are held. `clock`: the latest moment seen. `changed`: the keys of which the state has changed.

    `reached`: how far time has passed.
    """

    def __init__(self, kernel: Kernel, clock: int = BEGINNING, reached: Bound | None = None) -> None:
        self.kernel, self.plan, self.clock = kernel, kernel.rules.plan, clock
        self.reached = reached or (clock, RECORD)
        self.states, self.changed = dict[Subject, State](), set[Subject]()
        self._due = list[tuple[Bound, Subject]]()
        self.horizon = horizon_of(self.plan, clock)

    def hold(self, subject: Subject, state: State) -> None:
        """Go on with a state that was kept."""
        self.states[subject] = state
        if state.due is not None:
            heappush(self._due, (state.due, subject))

    def take(self, record: Record) -> Iterator[Message]:
        """What is told as a record comes. Raises `RecordError` where it comes too late."""
        refuse_late(self.plan, record, self.clock, self.horizon)
        if record.at > self.clock:
            yield from self.pass_to((record.at, RECORD))
        subject = (record.entity, record.key)
        state = self.states.get(subject)
        if state is None:
            state = self.states[subject] = self.kernel.new(*subject)
        yield from self._kept(subject, state, self.kernel.take(state, record, self.horizon))

    def advance(self, moment: int) -> Iterator[Message]:
        """What is told as time passes up to a moment, what is due at it included."""
        if moment >= self.clock:
            yield from self.pass_to(up_to(moment))

    def pass_to(self, bound: Bound) -> Iterator[Message]:
        """What is told as time passes up to a bound."""
        if bound[0] > self.clock:
            self.clock = bound[0]
            self.horizon = horizon_of(self.plan, self.clock)
        self.reached = max(self.reached, bound)
        while self._due and self._due[0][0] < bound:
            due, subject = heappop(self._due)
            state = self.states[subject]
            if state.due == due:
                yield from self._kept(subject, state, self.kernel.advance(state, (due[0], due[1] + 1), self.horizon))

    def _kept(self, subject: Subject, state: State, told: list[Message]) -> list[Message]:
        self.changed.add(subject)
        if state.due is not None:
            heappush(self._due, (state.due, subject))
        return told


def horizon_of(plan: Plan, clock: int) -> int:
    """The moment before which records come too late."""
    amount, unit = plan.lateness
    return later(clock, -amount, unit, plan.zone) if clock > BEGINNING else BEGINNING


def refuse_late(plan: Plan, record: Record, clock: int, horizon: int) -> None:
    """Raises `RecordError` for a record that comes too late."""
    if record.at < horizon:
        amount, unit = plan.lateness
        raise RecordError(
            "E708", record.id, time=_shown(record.at, plan), clock=_shown(clock, plan),
            late=show_value(Duration(unit), Decimal(amount), plan.language),
        )  # fmt: skip


def refuse_future(plan: Plan, record: Record, now: int) -> None:
    """Raises `RecordError` for a record of a moment that is still to come."""
    if record.at > now:
        raise RecordError("E709", record.id, time=_shown(record.at, plan), clock=_shown(now, plan))


def _shown(at: int, plan: Plan) -> str:
    return moment_at(at, plan.zone).isoformat()
