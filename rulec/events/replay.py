"""A whole history in, what fires in it out: the specification, which counts everything afresh at each moment.

Moments of a key in the order of time; within one: what is past its window leaves it, then records by id, then what was
due. An event that happens at the very moment when it is due has come in time.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from rulec.events.edges import Moment, States, fired
from rulec.events.records import Record
from rulec.events.rules import Because, EventRules, Firing
from rulec.events.times import end_after, later
from rulec.plan.tree import Plan, Watch

Point = tuple[int, int, str]  # a moment; LEAVING, RECORD or DUE; the record that counts
LEAVING, RECORD, DUE = 0, 1, 2


def replay(plan: Plan, records: Iterable[Record], until: int | None = None) -> list[Firing]:
    """What fires up to a moment, included; without one, up to the last record, what is due at that moment not."""
    histories = histories_of(EventRules(plan), records)
    last = max((each.records[-1].at for each in histories), default=0)
    end = (last, DUE, "") if until is None else (until, DUE + 1, "")
    found = [firing for each in histories for firing in each.firings(end)]
    return sorted(found, key=lambda each: (each.at, each.entity, each.key, each.trigger, each.rule))


def histories_of(rules: EventRules, records: Iterable[Record]) -> "list[History]":
    """The history of each key; a record whose id is known is left out."""
    subjects = dict[tuple[str, str], dict[str, Record]]()
    for record in records:
        subjects.setdefault((record.entity, record.key), {}).setdefault(record.id, record)
    return [
        History(rules, subject, sorted(known.values(), key=lambda each: each.place))
        for subject, known in subjects.items()
    ]


class History:
    """The records of one key, in order."""

    def __init__(self, rules: EventRules, subject: tuple[str, str], records: Sequence[Record]) -> None:
        self.rules, self.subject, self.records = rules, subject, records
        self.watches, self.zone = rules.watches[subject[0]], rules.plan.zone

    def firings(self, end: Point) -> Iterator[Firing]:
        """What fires before a point."""
        states: States = {}
        for moment in self.moments(end):
            yield from fired(self.rules, self.subject, states, moment)

    def moments(self, end: Point) -> Iterator[Moment]:
        """The moments before a point at which something may come to apply."""
        due = [each for watch in self.watches for each in self.due(watch)]
        points = {point for point, _, _ in due} | {(each.at, RECORD, each.id) for each in self.records}
        points |= {point for watch in self.watches if watch.how == "count" for point in self.leaving(watch)}
        for point in sorted(point for point in points if point < end):
            pulses = {watch.path: why for at, watch, why in due if at == point} | dict(self.happening(point))
            yield Moment(*point, pulses, dict(self.lasting(point)), self.facts(point))

    def known(self, point: Point) -> list[Record]:
        """The records up to a point."""
        return [each for each in self.records if (each.at, RECORD, each.id) <= point]

    def facts(self, point: Point) -> dict[str, object]:
        """What is known at a point."""
        return {path: value for each in self.known(point) for path, value in each.facts.items()}

    def happening(self, point: Point) -> Iterator[tuple[str, Because]]:
        """What is so because of the record at hand: `each`, `follows`."""
        if point[1] != RECORD:
            return
        record = self.known(point)[-1]
        own = (record.at, record.id)
        for watch in self.watches:
            if watch.event != record.event:
                continue
            if watch.how == "each":
                yield watch.path, frozenset({own})
            before = [each for each in self.records if each.event == watch.after and each.at < record.at]
            if watch.how == "follows" and (still := [each for each in before if record.at <= self.end(each, watch)]):
                first = max(still, key=lambda each: (self.end(each, watch), each.place))
                yield watch.path, frozenset({own, first.place})

    def lasting(self, point: Point) -> Iterator[tuple[str, Because]]:
        """The counts that are reached."""
        for watch in self.watches:
            if watch.how == "count" and len(counted := self.counted(watch, point)) >= watch.count:
                yield watch.path, frozenset(each.place for each in counted[-watch.count :])

    def counted(self, watch: Watch, point: Point) -> list[Record]:
        """The events that a count counts at a point, by when they leave its window."""
        known = [each for each in self.known(point) if each.event == watch.event and self.end(each, watch) > point[0]]
        return sorted(known, key=lambda each: (self.end(each, watch), each.place))

    def leaving(self, watch: Watch) -> Iterator[Point]:
        """The points at which a count is no longer reached, as an event leaves its window."""
        for at in {self.end(each, watch) for each in self.records if each.event == watch.event}:
            before = self.counted(watch, (at - 1, DUE + 1, ""))
            if len(before) >= watch.count > len(self.counted(watch, (at, LEAVING, ""))):
                yield at, LEAVING, before[-watch.count].id

    def due(self, watch: Watch) -> Iterator[tuple[Point, Watch, Because]]:
        """The points at which something has not happened in time."""
        events = [each for each in self.records if each.event == watch.event]
        if watch.how == "lacking":
            for after in (each for each in self.records if each.event == watch.after):
                due = self.end(after, watch)
                if not any(each is not after and after.at <= each.at <= due for each in events):
                    yield (due, DUE, after.id), watch, frozenset({after.place})
        elif watch.how == "overdue":
            for dating, due, end in self.dated(watch):
                point = (max(due, dating.at), DUE, dating.id)
                if point < end and not any(each.at <= point[0] for each in events):
                    yield point, watch, frozenset({dating.place})

    def dated(self, watch: Watch) -> Iterator[tuple[Record, int, Point]]:
        """The records that give a date, with what is due of it, and the point at which another date is given."""
        never = (2**63, 0, "")
        told = [each for each in self.records if watch.date in each.facts]
        new = [
            each for at, each in enumerate(told) if at == 0 or told[at - 1].facts[watch.date] != each.facts[watch.date]
        ]
        for at, each in enumerate(new):
            end = (new[at + 1].at, RECORD, new[at + 1].id) if at + 1 < len(new) else never
            day = day_of(each.facts[watch.date])
            yield each, end_after(day, watch.amount, watch.unit, self.zone), end

    def end(self, record: Record, watch: Watch) -> int:
        """When the time of a watch, from a record, is over."""
        return later(record.at, watch.amount, watch.unit, self.zone)


def day_of(told: str) -> date:
    """A date or moment as facts hold it in JSON."""
    return date.fromisoformat(told) if len(told) == len("2026-03-01") else datetime.fromisoformat(told)
