"""A decision in progress: the facts and what the rules gave so far in; truths, values and the decision out.

Rules are entered in an order in which each comes after all that it reads.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from rulec.runtime.actions import Parameters, Request, combine_actions
from rulec.runtime.calculate import day_of
from rulec.runtime.combine import combine
from rulec.runtime.decision import Decision, FiredRule, OutcomeResult
from rulec.runtime.errors import CalculationError, Details, Problem
from rulec.runtime.kleene import NOTHING, Truth, Unknown, Way, any_of, negate, settle
from rulec.runtime.outline import Outline, RuleSlot


class Reached(NamedTuple):
    """A branch of a rule: whether its condition holds; outcome → value given; actions asked for."""

    number: int
    condition: Truth
    gives: Mapping[str, object]
    does: Sequence[tuple[str, Parameters]]

    def targets(self) -> set[str]:
        """The outcomes and actions of this branch."""
        return {*self.gives, *(action for action, _ in self.does)}


@dataclass(frozen=True, slots=True)
class _Entered:
    """A rule: the ways that it may go before exceptions (values: `Reached` or NOTHING), and key → whether silenced."""

    ways: tuple[Way, ...]
    silenced: Mapping[str, Truth]


class Course:
    """One decision in progress."""

    def __init__(self, outline: Outline, facts: Mapping[str, object], at: date) -> None:
        self.outline, self.facts, self.at = outline, facts, at
        self._places = {path: place for place, path in enumerate(outline.facts)}
        self._entered = dict[str, _Entered]()
        self._given: dict[str, list[tuple[RuleSlot, Sequence[Way]]]] = {key: [] for key in outline.outcomes}
        self._requests = list[tuple[int, Request]]()
        self._outcomes = dict[str, OutcomeResult]()
        self._defined = dict[str, object]()

    def define(self, key: str, value: object) -> None:
        """What a definition gives; NOTHING where it has no value."""
        self._defined[key] = value

    def defined(self, key: str, place: Details) -> object:
        """The value of a definition, for a rule or definition at `place`; unknown where it has none."""
        value = self._defined[key]
        if value is not NOTHING:
            return value
        details = (("term", self.outline.definitions[key]), *place)
        return Unknown(problems=frozenset((Problem("E570", details),)), status="error")

    def defined_given(self, key: str) -> Truth:
        """Whether a definition has a value."""
        value = self._defined[key]
        return value if isinstance(value, Unknown) else value is not NOTHING

    def fact(self, path: str) -> object:
        """The value of a fact, or its default; unknown where it has none."""
        default = self.outline.facts[path].default
        value = self.facts.get(path, default)
        return Unknown(frozenset((path,))) if value is None else value

    def given(self, path: str) -> Truth:
        """Whether a fact has a value: unknown for a required one without."""
        value = self.fact(path)
        if not isinstance(value, Unknown):
            return True
        return False if self.outline.facts[path].optional else value

    def today(self) -> date:
        """The day of the decision. CalculationError: outside the years 1 to 9999."""
        return day_of(self.at, self.outline.zone)

    def holiday(self, calendar: str, moment: date) -> bool:
        """Whether a day is a public holiday. CalculationError: the calendar does not reach it."""
        return is_holiday(self.outline, calendar, moment)

    def decided(self, outcome: str, place: Details) -> object:
        """The value of an outcome, for a rule at `place`; unknown where it has none."""
        result = self._outcome(outcome)
        if result.status == "decided":
            return result.value
        problem = {"conflict": "E558", "not_applicable": "E559"}.get(result.status)
        if problem is None:
            return Unknown(frozenset(result.missing), frozenset(result.problems), result.status)
        details = (("outcome", self.outline.outcomes[outcome].name), *place)
        status = "conflict" if result.status == "conflict" else "error"
        return Unknown(problems=frozenset((Problem(problem, details),)), status=status)

    def outcome_given(self, outcome: str, place: Details) -> Truth:
        """Whether an outcome has a value: false where it is not applicable."""
        if self._outcome(outcome).status == "not_applicable":
            return False
        value = self.decided(outcome, place)
        return value if isinstance(value, Unknown) else True

    def applies(self, rule: str, keys: Sequence[str]) -> Truth:
        """Whether a rule applies, for one of these outcomes or actions at least."""
        entered = self._entered[rule]

        def along(reached: Reached) -> Truth:
            return any_of(negate(entered.silenced[key]) for key in keys if key in reached.targets())

        return settle(_along(entered.ways, False, along, False))

    def enter(self, rule_id: str, unless: Truth, branches: Sequence[Reached]) -> None:
        """What a rule gives and asks for."""
        rule, ways = self.outline.rules[rule_id], _ways(unless, branches)
        keys = dict.fromkeys(key for branch in branches for key in sorted(branch.targets()))
        silenced = {key: self._silenced(rule, key) for key in keys}
        self._entered[rule_id] = _Entered(ways, silenced)
        for outcome in dict.fromkeys(key for branch in branches for key in branch.gives):
            given = _along(ways, silenced[outcome], partial(_value, outcome), NOTHING)
            self._given[outcome].append((rule, given))
        for do in dict.fromkeys(do for way in ways if isinstance(way.value, Reached) for do in way.value.does):
            asked = _along(ways, silenced[do[0]], partial(_asks, do), False)
            numbers = {way.branch for way in asked if way.value is True}
            fired = fired_rule(rule, numbers.pop() if len(numbers) == 1 else 0)
            self._requests.append((rule.index, Request(fired, *do, settle(asked))))

    def decision(self) -> Decision:
        """The decision, once all rules are entered."""
        outline = self.outline
        outcomes = {key: self._outcome(key) for key in outline.outcomes}
        requests = [request for _, request in sorted(self._requests, key=lambda each: each[0])]
        actions = combine_actions(outline, requests, self._places)
        return Decision(outcomes, actions, self.at.isoformat(), outline.digest, outline.language)

    def _silenced(self, rule: RuleSlot, key: str) -> Truth:
        """Whether an exception silences a rule for an outcome or action."""
        keys = (key, *self.outline.rivals(key)) if key in self.outline.actions else (key,)
        return any_of(self.applies(exception, keys) for exception in rule.exceptions)

    def _outcome(self, key: str) -> OutcomeResult:
        """What became of an outcome, all the rules that give it being entered."""
        if key not in self._outcomes:
            given = sorted(self._given[key], key=lambda each: each[0].index)
            rules = [(fired_rule(rule, 0), ways) for rule, ways in given]
            self._outcomes[key] = combine(self.outline.outcomes[key], rules, self._places, self.outline.language)
        return self._outcomes[key]


def is_holiday(outline: Outline, calendar: str, moment: date) -> bool:
    """Whether a day is a public holiday. CalculationError: the calendar does not reach it."""
    day, (first, last) = day_of(moment, outline.zone), outline.holiday_years
    if not first <= day.year <= last:
        raise CalculationError("E554", (("date", day.isoformat()), ("first", str(first)), ("last", str(last))))
    return day.toordinal() in outline.calendars[calendar]


def fired_rule(rule: RuleSlot, branch: int) -> FiredRule:
    """The rule as a decision names it."""
    return FiredRule(rule.id, rule.title, rule.file, rule.line, branch)


def _ways(unless: Truth, branches: Sequence[Reached]) -> tuple[Way, ...]:
    """The ways that a rule may go: silenced, the branches that may hold, none."""
    ways = [Way(0, NOTHING, unless)] if isinstance(unless, Unknown) else []
    for branch in () if unless is True else branches:
        if isinstance(branch.condition, Unknown):
            ways.append(Way(branch.number, branch, branch.condition))
        elif branch.condition:
            return (*ways, Way(branch.number, branch))
    return (*ways, Way(0, NOTHING))


def _value(outcome: str, reached: Reached) -> object:
    return reached.gives.get(outcome, NOTHING)


def _asks(do: tuple[str, Parameters], reached: Reached) -> bool:
    return do in reached.does


def _along(ways: Sequence[Way], silenced: Truth, value: Callable[[Reached], object], nothing: object) -> Sequence[Way]:
    """The ways with the value that each gives: `nothing` where the rule is silenced or goes no branch."""
    if silenced is True:
        return [Way(0, nothing)]
    first = [Way(0, nothing, silenced)] if isinstance(silenced, Unknown) else []
    return first + [
        Way(way.branch, value(way.value) if isinstance(way.value, Reached) else nothing, way.open) for way in ways
    ]
