"""Two plans and a history of events in, which firings change out: what each decided, of whom, and when."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rulec.difference.result import Became
from rulec.events.records import Record, RecordError, RecordReader
from rulec.events.replay import DUE, histories_of
from rulec.events.rules import EventRules, Firing
from rulec.plan.tree import Plan
from rulec.runtime.plain import Plain, plain

Tell = Callable[[Plan, str, Became], str]  # plan, key, what became of it → words
Place = tuple[int, str, str, str]  # when, of which kind of thing, of which one, because of which record


@plain
class Moved(Plain):
    """What a firing decides of one outcome or action, before and after: "" where it is not fired."""

    place: Place
    because: tuple[str, ...]
    before: str
    after: str


@plain
class HistoryPart(Plain):
    """One outcome or action: how often it was fired before and after, and what changes, in the order of time."""

    key: str
    fired: tuple[int, int]
    moved: tuple[Moved, ...]


@plain
class History(Plain):
    """A history replayed twice. `records`: how many, of `things` things.

    `refused`: those that one side alone takes; `unread`: the lines that neither takes.
    """

    records: int
    things: int
    refused: int
    unread: int
    parts: tuple[HistoryPart, ...]


def compare_on(plans: tuple[Plan, Plan], lines: Iterable[str], until: int | None, tell: Tell) -> History:
    """What two plans fire in a history, one JSON object a line, up to a moment, or to its last event."""
    taken = [dict[str, Record]() for _ in plans]
    readers = [RecordReader(plan) for plan in plans]
    refused = unread = 0
    for line in filter(None, map(str.strip, lines)):
        took = [_took(reader, known, line) for reader, known in zip(readers, taken, strict=True)]
        refused += took[0] is not took[1]
        unread += not any(took)
    every = {**taken[0], **taken[1]}
    last = max((each.at for each in every.values()), default=0)
    end = (last, DUE) if until is None else (until, DUE + 1)
    sides = [
        list(_fired(plan, known.values(), end, tell)) for plan, known in zip(plans, taken, strict=True)
    ]  # fmt: skip
    things = {(each.entity, each.key) for each in every.values()}
    return History(len(every), len(things), refused, unread, tuple(_parts(sides)))


def _took(reader: RecordReader, known: dict[str, Record], line: str) -> bool:
    """Whether a line is taken; one whose id another record has is not."""
    try:
        record = reader.parsed(line)
    except RecordError:
        return False
    return known.setdefault(record.id, record) == record


Said = tuple[str, Place, tuple[str, ...], str]  # key, place, because, what is decided


def _fired(plan: Plan, records: Iterable[Record], end: tuple[int, int], tell: Tell) -> Iterator[Said]:
    """What each firing decides."""
    rules = EventRules(plan)
    for history in histories_of(rules, records):
        for firing in history.firings((*end, "")):
            place = (firing.at, firing.entity, firing.key, firing.trigger)
            because = tuple(id for _, id in firing.because)
            yield from ((key, place, because, said) for key, said in _decided(rules, firing, tell))


def _decided(rules: EventRules, firing: Firing, tell: Tell) -> Iterator[tuple[str, str]]:
    if firing.decision is None:
        yield rules.statements[firing.rule].title, " ".join(firing.content["problems"])
        return
    outcomes, actions = rules.parts(firing.rule, firing.decision)
    yield from ((key, tell(rules.plan, key, result)) for key, result in outcomes.items())
    for key in dict.fromkeys(each.key for each in actions):
        yield key, tell(rules.plan, key, tuple(each for each in actions if each.key == key))


def _parts(sides: Sequence[Sequence[Said]]) -> Iterator[HistoryPart]:
    for key in dict.fromkeys(each[0] for side in sides for each in side):
        one, other = (_by_place(side, key) for side in sides)
        moved = [
            Moved(place, (other.get(place) or one[place])[0], _words(one, place), _words(other, place))
            for place in sorted({*one, *other})
            if _words(one, place) != _words(other, place)
        ]
        yield HistoryPart(key, (len(one), len(other)), tuple(moved))


At = Mapping[Place, tuple[tuple[str, ...], tuple[str, ...]]]  # because, what is decided


def _by_place(side: Iterable[Said], key: str) -> At:
    found = dict[Place, tuple[tuple[str, ...], tuple[str, ...]]]()
    for each, place, because, said in side:
        if each == key:
            reasons, known = found.get(place, ((), ()))
            found[place] = (tuple(dict.fromkeys((*reasons, *because))), tuple(dict.fromkeys((*known, said))))
    return found


def _words(said: At, place: Place) -> str:
    return ", ".join(said[place][1]) if place in said else ""
