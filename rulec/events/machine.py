"""What one key has come to, record by record: it keeps what its windows still need, and no more.

Of a count: as many events as it counts, those that leave its window last. Of what must follow: the two events that may
still be followed longest. Of what is lacking: the times that run. Of what is overdue: the date, and if it happened.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rulec.events.edges import Moment, States, fired
from rulec.events.records import Record
from rulec.events.replay import DUE, LEAVING, RECORD, Point, day_of
from rulec.events.rules import Because, EventRules, Firing
from rulec.events.times import end_after, later
from rulec.plan.tree import Watch

Json = Any
_HAPPENED = "happened"
_FOR_A_WHILE, _LONG_AGO = ("count", "follows"), -(2**62)
Matcher = Callable[[tuple[str, str], Mapping[str, tuple[int, int]]], frozenset[str]]


def plain_match(subject: tuple[str, str], numbers: Mapping[str, tuple[int, int]]) -> frozenset[str]:
    """The watches that are so: those whose number is at least what they ask for."""
    return frozenset(path for path, (number, least) in numbers.items() if number >= least)


class Machine:
    """One key. `kept`: by path of the watch, plain data. `states`: how rules stand. `facts`: what is known."""

    __slots__ = ("facts", "kept", "match", "rules", "states", "subject")

    def __init__(self, rules: EventRules, subject: tuple[str, str], match: Matcher, stored: Json = None) -> None:
        self.rules, self.subject, self.match = rules, subject, match
        self.facts: dict[str, Json]
        self.states: States
        self.kept: dict[str, list[Json]]
        self.facts, self.states, self.kept = stored or ({}, {}, {})

    def copy(self) -> "Machine":
        """Another that goes its own way."""
        kept = {
            path: [list(each) if isinstance(each, list) else each for each in held] for path, held in self.kept.items()
        }
        return Machine(self.rules, self.subject, self.match, (dict(self.facts), dict(self.states), kept))

    def to_json(self) -> Json:
        """Plain data, of which a machine is made again."""
        return [self.facts, self.states, self.kept]

    def due(self) -> Point | None:
        """The next point at which something happens by itself."""
        found: Point | None = None
        for watch in self.rules.watches[self.subject[0]]:
            held = self.kept.get(watch.path)
            point = _DUE[watch.how](watch, held) if held else None
            if point is not None and (found is None or point < found):
                found = point
        return found

    def spent(self) -> int | None:
        """The last moment at which what is kept for a while alone still counts; None where nothing is."""
        ends = list[int]()
        for watch in self.rules.watches[self.subject[0]]:
            held = self.kept.get(watch.path)
            if held and watch.how in _FOR_A_WHILE:
                ends.append(max(each[0] for each in held))
            elif held and watch.how == "lacking" and not held[1]:
                ends.append(_LONG_AGO if held[0] is None else held[0])
        return max(ends, default=None)

    def forget(self, horizon: int) -> bool:
        """Leave out what no record from a moment on needs; whether nothing is left to know of the key."""
        for watch in self.rules.watches[self.subject[0]]:
            held = self.kept.pop(watch.path, [])
            if watch.how in _FOR_A_WHILE:
                held = [each for each in held if each[0] >= horizon]
            elif watch.how == "lacking" and held and not held[1] and (held[0] is None or held[0] < horizon):
                held = []
            if held:
                self.kept[watch.path] = held
        return not (self.facts or self.states or self.kept)

    def run(self, bound: tuple[int, int], tells: bool = True) -> Iterator[Firing]:
        """What fires by itself before a point."""
        while (point := self.due()) is not None and point < (*bound, ""):
            yield from self._pass(point, tells)

    def take(self, record: Record, tells: bool = True) -> list[Firing]:
        """What fires because of a record, up to which the machine has run."""
        pulses = dict[str, Because]()
        self.facts = {**self.facts, **record.facts} if record.facts else self.facts
        for watch in self.rules.watches[self.subject[0]]:
            why = self._taken(watch, record)
            if why is not None:
                pulses[watch.path] = why
        return self._fired((record.at, RECORD, record.id), pulses, tells)

    def _pass(self, point: Point, tells: bool) -> list[Firing]:
        """What fires at a point at which a time is over."""
        pulses = dict[str, Because]()
        for watch in self.rules.watches[self.subject[0]]:
            held = self.kept.get(watch.path)
            if not held or _DUE[watch.how](watch, held) != point:
                continue
            match watch.how:
                case "count":
                    self.kept[watch.path] = [each for each in held if each[0] > point[0]]
                case "lacking":
                    start = held[1].pop(0)
                    pulses[watch.path] = frozenset({(start[2], start[1])})
                case _:
                    pulses[watch.path] = frozenset({(held[3], held[2])})
                    held[4] = True
        return self._fired(point, pulses, tells)

    def _fired(self, point: Point, pulses: dict[str, Because], tells: bool) -> list[Firing]:
        counted = {
            watch.path: held
            for watch in self.rules.watches[self.subject[0]]
            if watch.how == "count" and (held := self.kept.get(watch.path))
        }
        numbers = dict.fromkeys(pulses, (1, 1))
        for watch in self.rules.watches[self.subject[0]]:
            if held := counted.get(watch.path):
                numbers[watch.path] = (len(held), watch.count)
        so = self.match(self.subject, numbers) if numbers else frozenset()
        lasting = {path: frozenset((each[1], each[2]) for each in held) for path, held in counted.items() if path in so}
        moment = Moment(*point, {path: why for path, why in pulses.items() if path in so}, lasting, self.facts)
        return fired(self.rules, self.subject, self.states, moment, tells)

    def _taken(self, watch: Watch, record: Record) -> Because | None:
        """What a watch keeps of a record; the records that make it so at this moment."""
        is_event, is_after = record.event == watch.event, bool(record.event) and record.event == watch.after
        own = (record.at, record.id)
        match watch.how:
            case "each":
                return frozenset({own}) if is_event else None
            case "count" if is_event or watch.path in self.kept:
                self._count(watch, record, is_event)
            case "follows" if is_event or is_after:
                return self._follow(watch, record, is_event, is_after)
            case "lacking" if is_event or is_after:
                self._lack(watch, record, is_event, is_after)
            case "overdue" if is_event or watch.date in record.facts:
                self._date(watch, record, is_event)
        return None

    def _count(self, watch: Watch, record: Record, is_event: bool) -> None:
        held = [each for each in self.kept.get(watch.path, ()) if each[0] > record.at]
        if is_event:
            end = self._end(watch, record)
            held = sorted([*held, [end, record.at, record.id]])[-watch.count :] if end > record.at else held
        self.kept[watch.path] = held

    def _follow(self, watch: Watch, record: Record, is_event: bool, is_after: bool) -> Because | None:
        held = [each for each in self.kept.get(watch.path, ()) if each[0] >= record.at]
        before = [each for each in held if each[1] < record.at]
        best = max(before, default=None)
        if is_after:
            now = [each for each in held if each[1] == record.at]
            held = [*([best] if best else []), max([*now, [self._end(watch, record), record.at, record.id]])]
        self.kept[watch.path] = held
        return frozenset({(record.at, record.id), (best[1], best[2])}) if is_event and best else None

    def _lack(self, watch: Watch, record: Record, is_event: bool, is_after: bool) -> None:
        """[when the event last happened, the times that run: [end, record, start]]."""
        seen, running = self.kept.get(watch.path, [None, []])
        answered = seen == record.at
        if is_event:
            seen, running = record.at, []
        if is_after and not answered:
            end = self._end(watch, record)
            running = sorted([*running, [end, record.id, record.at]])
        self.kept[watch.path] = [seen, running]

    def _date(self, watch: Watch, record: Record, is_event: bool) -> None:
        """[the date, what is due, the record that gives it, when, whether there is nothing more to wait for]."""
        held = self.kept.get(watch.path, [None, None, "", 0, False])
        told = record.facts.get(watch.date)
        happened = is_event or held[4] == _HAPPENED
        if told is not None and told != held[0]:
            due = end_after(day_of(told), watch.amount, watch.unit, self.rules.plan.zone)
            held = [told, max(due, record.at), record.id, record.at, False]
        self.kept[watch.path] = [*held[:4], _HAPPENED if happened else held[4]]

    def _end(self, watch: Watch, record: Record) -> int:
        return later(record.at, watch.amount, watch.unit, self.rules.plan.zone)


def _leaving(watch: Watch, held: list[Json]) -> Point | None:
    """When a count is no longer reached."""
    return (held[0][0], LEAVING, held[0][2]) if len(held) >= watch.count else None


def _running(watch: Watch, held: list[Json]) -> Point | None:
    return (held[1][0][0], DUE, held[1][0][1]) if held[1] else None


def _dating(watch: Watch, held: list[Json]) -> Point | None:
    return None if held[4] or held[1] is None else (held[1], DUE, held[2])


def _nothing(watch: Watch, held: list[Json]) -> Point | None:
    return None


_DUE: Mapping[str, Callable[[Watch, list[Json]], Point | None]] = {
    "each": _nothing, "follows": _nothing, "count": _leaving, "lacking": _running, "overdue": _dating,
}  # fmt: skip
