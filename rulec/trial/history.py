"""An example with a history in, what rules that wait do in it out: as the replay says, the specification of events."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time

from rulec.events.edges import Moment
from rulec.events.records import Record
from rulec.events.replay import DUE, History, Point, histories_of
from rulec.events.rules import EventRules, Firing
from rulec.events.times import FIRST, end_after, moment_at, read_time
from rulec.runtime.decision import ActionResult, Decision, OutcomeResult
from rulec.runtime.facts import dump_facts
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model

ONE = "1"  # the key of the only thing of each kind that an example speaks of
Facts = Mapping[str, object]
FactsOf = Callable[[Sequence[model.Supposed], date], Facts]


@plain
class Recorded(Plain):
    """The records of a history, the moment of each thing that it tells, and up to when it goes."""

    records: tuple[Record, ...]
    moments: tuple[int, ...]
    until: int


@plain
class Story(Plain):
    """What a history comes to: what fires in it, all that this decides, and the facts and dates looked at, in order.

    `fired_on`: the facts and date of each firing.
    """

    recorded: Recorded
    firings: tuple[Firing, ...]
    fired_on: tuple[tuple[Facts, datetime], ...]
    decision: Decision
    moments: tuple[tuple[Facts, datetime], ...]

    def about(self, key: str) -> tuple[Facts, datetime]:
        """The facts and date on which an outcome or action was last decided; in the end, where none decided it."""
        for firing, facts in zip(reversed(self.firings), reversed(self.fired_on), strict=True):
            if key in firing.content.get("outcomes", ()) or any(
                each["key"] == key for each in firing.content.get("actions", ())
            ):
                return facts
        return self.moments[-1]


def recorded(rules: EventRules, example: model.Example, today: date, facts_of: FactsOf) -> Recorded:
    """What an example tells as records: of one customer, one invoice … each, of which all that it gives is known."""
    zone, found, moments, at = rules.plan.zone, list[Record](), list[int](), FIRST
    entities = {each.key: each.entity for each in rules.plan.events}
    year = _year(example, today)
    for number, each in enumerate(example.history):
        at = max(at, _moment(each, year, zone))
        moments.append(at)
        given = dump_facts(rules.slots, facts_of(each.supposed, moment_at(at, zone)))
        for entity in rules.watches:
            event = each.event if entities.get(each.event) == entity else ""
            if event or given:
                found.append(Record(f"{number:06}", at, entity, ONE, event, given))
    last = example.history[-1]
    ends = last.day is not None and last.clock is None
    until = end_after(_day(last, year), 0, "day", zone) if ends else at
    return Recorded(tuple(found), tuple(moments), until)


def told(rules: EventRules, said: Recorded) -> Story:
    """What fires in a history."""
    end: Point = (said.until, DUE + 1, "")
    histories = histories_of(rules, said.records)
    firings = sorted((each for history in histories for each in history.firings(end)), key=lambda each: each.at)
    moments = sorted(
        ((moment, so) for history in histories for moment in history.moments(end) for so in _so(moment)),
        key=lambda each: each[0][:3],
    )
    zone = rules.plan.zone
    looked_at = [(rules.held(so, moment.facts), moment_at(moment.at, zone)) for moment, so in moments]
    last = {path: value for history in histories for path, value in history.facts(end).items()}
    looked_at.append((rules.held(_lasting(histories, end), last), moment_at(said.until, zone)))
    fired_on = tuple((_known(rules, each), moment_at(each.at, zone)) for each in firings)
    return Story(said, tuple(firings), fired_on, _decided(rules, firings, looked_at[-1][1]), tuple(looked_at))


def _known(rules: EventRules, firing: Firing) -> Facts:
    """The facts that a firing is decided on, as the plan holds them."""
    so = frozenset(each.path for each in rules.plan.watches) & firing.facts.keys()
    return rules.held(so, {path: value for path, value in firing.facts.items() if path not in so})


def _so(moment: Moment) -> list[frozenset[str]]:
    """The watches that are so at a moment, and those that stay so after it."""
    lasting = frozenset(moment.lasting)
    return [lasting | frozenset(moment.pulses), lasting] if moment.pulses else [lasting]


def _lasting(histories: Sequence[History], end: Point) -> frozenset[str]:
    """The watches that are so in the end, of the first thing of which any is: a decision is of one thing."""
    found = (frozenset(path for path, _ in each.lasting(end)) for each in histories)
    return next((each for each in found if each), frozenset())


def _decided(rules: EventRules, firings: Sequence[Firing], at: datetime) -> Decision:
    """All that firings decide: the actions of each, and of an outcome the value that it was given last."""
    outcomes = {slot.key: OutcomeResult("not_applicable") for slot in rules.plan.outcomes}
    actions = list[ActionResult]()
    for each in firings:
        if each.decision is not None:
            given, asked = rules.parts(each.rule, each.decision)
            outcomes |= given
            actions += [action for action in asked if action not in actions]
    return Decision(outcomes, tuple(actions), at, rules.plan.digest, rules.plan.language)


# ---- when


def _moment(said: model.Happening, year: int, zone: str) -> int:
    if said.day is None:
        return FIRST
    day = _day(said, year)
    return read_time(datetime.combine(day, said.clock or time()).isoformat(), zone)


def _day(said: model.Happening, year: int) -> date:
    assert said.day is not None
    return said.day.replace(year=year) if said.any_year else said.day


def _year(example: model.Example, today: date) -> int:
    """The year of a history that says none: this one, or the last one before it that has all its days."""
    leap = any(each.any_year and each.day and (each.day.month, each.day.day) == (2, 29) for each in example.history)
    return next(year for year in range(today.year, 0, -1) if not leap or _is_leap(year))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
