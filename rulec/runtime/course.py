"""A decision in progress: the facts and what the rules gave so far in; truths, values and the decision out.

Rules are entered in an order in which each comes after all that it reads.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from rulec.runtime.actions import Parameters, Request, combine_actions
from rulec.runtime.calculate import day_of
from rulec.runtime.combine import combine, ordered
from rulec.runtime.decision import ActionResult, Decision, FiredRule, OutcomeResult
from rulec.runtime.errors import Details, Problem
from rulec.runtime.kleene import NOTHING, Truth, Unknown, Way, all_of, any_of, negate, settle, worst
from rulec.runtime.outline import Outline, RuleSlot
from rulec.runtime.promises import kept
from rulec.runtime.supervision import supervised
from rulec.runtime.tables import Rows, ValueOf, given_by, table_ways, with_rows
from rulec.runtime.types import doubt_of
from rulec.runtime.workdays import is_holiday, working_elapsed, working_shift


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
        self._along = dict[str, Sequence[Course]]()
        self._stages = dict[str, Mapping[int, Course]]()
        self._named: Mapping[int, str] | None = None
        self._entered = dict[str, _Entered]()
        self._given: dict[str, list[tuple[RuleSlot, Sequence[Way]]]] = {key: [] for key in outline.outcomes}
        self._requests = list[tuple[int, Request]]()
        self._tables = dict[str, Mapping[str, Truth]]()
        self._outcomes = dict[str, OutcomeResult]()
        self._defined = dict[str, object]()
        self._promised = dict[str, Truth]()
        self._levels = dict[str, object]()

    def define(self, key: str, value: object) -> None:
        """What a definition gives; NOTHING where it has no value."""
        self._defined[key] = value

    def defined(self, key: str, place: Details) -> object:
        """The value of a definition, for a rule or definition at `place`; unknown where it has none."""
        value = self._defined[key]
        if value is not NOTHING:
            return value
        details = (("term", self.outline.definitions[key].names[-1]), *place)
        return Unknown(problems=frozenset((Problem("E570", details),)), status="error")

    def defined_given(self, key: str) -> Truth:
        """Whether a definition has a value."""
        value = self._defined[key]
        return value if isinstance(value, Unknown) else value is not NOTHING

    def promise(self, promise_id: str, truth: Truth) -> None:
        """Whether a promise is kept, or an assumption holds."""
        self._promised[promise_id] = truth

    def oversee(self, oversight_id: str, level: object) -> None:
        """How far a statement about supervision lets an agent go."""
        self._levels[oversight_id] = level

    @property
    def element(self) -> object:
        """The element that is decided on; of the whole decision, none."""
        return None

    def along(self, each: str) -> Sequence["Course"]:
        """What rules are entered into: this course, or the course of each element of the list at the path `each`."""
        if not each:
            return (self,)
        if each not in self._along:
            self._along[each] = self._elements(each)
        return self._along[each]

    def _elements(self, each: str) -> Sequence["Course"]:
        """A course for each element; one that stands for all of them where the list is not known."""
        elements = self.fact(each)
        if isinstance(elements, tuple):
            return [ElementCourse(self, each, element) for element in elements]
        return [ElementCourse(self, each, elements)]

    def fact(self, path: str) -> object:
        """The value of a fact, or its default; unknown where it has none."""
        default = self.outline.facts[path].default
        value = self.facts.get(path, default)
        if value is not None:
            return value
        return Unknown(frozenset((path,)), status="in_doubt" if doubt_of(path) in self.facts else "undetermined")

    def member(self, element: object, key: str) -> object:
        """An attribute of an element; unknown where it is not given."""
        if isinstance(element, Unknown):
            return element
        assert isinstance(element, dict)
        value = element.get(key)
        return Unknown(frozenset((f"{self._names()[id(element)]}.{key}",))) if value is None else value

    def member_given(self, element: object, key: str, optional: bool) -> Truth:
        """Whether an attribute of an element is given: unknown for one that is not optional and not given."""
        value = self.member(element, key)
        if not isinstance(value, Unknown):
            return True
        return False if optional and not isinstance(element, Unknown) else value

    def _names(self) -> Mapping[int, str]:
        """What the elements of all lists are called: « order.lines[2] »."""
        if self._named is None:
            self._named = dict(_named(self.facts))
        return self._named

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

    def working_shift(self, calendar: str, week: int, moment: date, amount: Decimal) -> date:
        """The day that many working days later. CalculationError: the calendar does not reach it."""
        return working_shift(self.outline, calendar, week, moment, amount)

    def working_elapsed(self, calendar: str, week: int, start: date, end: date) -> Decimal:
        """The working days after a day up to another. CalculationError: the calendar does not reach them."""
        return working_elapsed(self.outline, calendar, week, start, end)

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

    def decided_of(self, element: object, outcome: str, place: Details) -> object:
        """The value of an outcome of an element of the list that it is decided for, as `decided`."""
        return element if isinstance(element, Unknown) else self._about(element, outcome).decided(outcome, place)

    def given_of(self, element: object, outcome: str, place: Details) -> Truth:
        """Whether an outcome of an element has a value, as `outcome_given`."""
        return element if isinstance(element, Unknown) else self._about(element, outcome).outcome_given(outcome, place)

    def _about(self, element: object, outcome: str) -> "Course":
        """The course of an element of the list that an outcome is decided for."""
        each = self.outline.outcomes[outcome].each
        if each not in self._stages:
            self._stages[each] = {id(stage.element): stage for stage in self.along(each)}
        return self._stages[each][id(element)]

    def applies(self, rule: str, keys: Sequence[str]) -> Truth:
        """Whether a rule applies (to one element at least), for one of these outcomes or actions at least."""
        each = self.outline.rules[rule].each
        return any_of(stage.applied(rule, keys) for stage in self.along(each))

    def applied(self, rule: str, keys: Sequence[str]) -> Truth:
        """Whether a rule or table entered here applies."""
        if rule in self._tables:
            return any_of(truth for key, truth in self._tables[rule].items() if key in keys)
        entered = self._entered.get(rule)
        if entered is None:  # certainly no branch of it holds
            return False

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
            self._takers(outcome)[outcome].append((rule, given))
        for do in dict.fromkeys(do for way in ways if isinstance(way.value, Reached) for do in way.value.does):
            asked = _along(ways, silenced[do[0]], partial(_asks, do), False)
            numbers = {way.branch for way in asked if way.value is True}
            fired = fired_rule(rule, numbers.pop() if len(numbers) == 1 else 0)
            self._requests.append((rule.index, Request(fired, *do, settle(asked))))

    def enter_table(self, table_id: str, unless: Truth, rows: Rows, values: Mapping[str, ValueOf]) -> None:
        """What a table gives, where these rows may apply."""
        outline, rule, applied = self.outline, self.outline.rules[table_id], dict[str, Truth]()
        given = {} if unless is True else given_by(
            outline.tables[table_id], rows, values, self._places, outline.language
        )  # fmt: skip
        for key, each in given.items():
            silenced = any_of((unless, self._silenced(rule, key)))
            applied[key] = all_of((negate(silenced), each.applies))
            self._takers(key)[key].append((replace(rule, rows=each.rows), table_ways(silenced, each)))
        self._tables[table_id] = applied

    def decision(self) -> Decision:
        """The decision, once all rules are entered. Raises FactsError for facts that break an assumption."""
        outline = self.outline
        outcomes = {key: self._outcome(key) for key in outline.outcomes}
        if outline.promises:
            outcomes = kept(outline.promises, self._promised, outcomes, self._places, outline.language)
        requests = [request for _, request in sorted(self._requests, key=lambda each: each[0])]
        actions = combine_actions(outline, requests, self._places)
        if doubts := list(self._doubts(outcomes, actions)):
            actions = combine_actions(outline, [*requests, *doubts], self._places)
        parts: tuple[OutcomeResult | ActionResult, ...] = (*outcomes.values(), *actions)
        status = worst(part.status for part in parts)
        said = supervised(outline.oversight, self._levels, status, actions, self._places)
        return Decision(outcomes, actions, self.at, outline.digest, outline.language, said)

    def _doubts(self, outcomes: Mapping[str, OutcomeResult], actions: Sequence[ActionResult]) -> Iterator[Request]:
        """What is asked for where a judgement is in doubt and something depends on it."""
        judgements = [each for each in self.outline.judgements if doubt_of(each.path) in self.facts]
        if judgements:
            parts: Sequence[OutcomeResult | ActionResult] = (*outcomes.values(), *actions)
            missing = {path for part in parts for path in part.missing}
            missing |= {path for level in self._levels.values() if isinstance(level, Unknown) for path in level.missing}
            for each in judgements:
                if each.path in missing:
                    fired = FiredRule(doubt_of(each.path), each.title, each.file, each.line, 0)
                    yield from (Request(fired, *do, True) for do in each.doubt)

    def _takers(self, outcome: str) -> dict[str, list[tuple[RuleSlot, Sequence[Way]]]]:
        """Where what is given for an outcome goes."""
        return self._given

    def _silenced(self, rule: RuleSlot, key: str) -> Truth:
        """Whether an exception silences a rule for an outcome or action."""
        keys = (key, *self.outline.rivals(key)) if key in self.outline.actions else (key,)
        return any_of(self.applies(exception, keys) for exception in rule.exceptions)

    def _outcome(self, key: str) -> OutcomeResult:
        """What became of an outcome, all the rules that give it being entered."""
        if key not in self._outcomes:
            each = self.outline.outcomes[key].each
            self._outcomes[key] = self._of_elements(key, each) if each else self._combined(key)
        return self._outcomes[key]

    def _of_elements(self, key: str, each: str) -> OutcomeResult:
        """What became of an outcome that is decided for each element."""
        elements = self.fact(each)
        if isinstance(elements, Unknown):
            return OutcomeResult(elements.status, missing=ordered(elements.missing, self._places))
        return together([stage._outcome(key) for stage in self.along(each)])

    def _combined(self, key: str) -> OutcomeResult:
        given = sorted(self._given[key], key=lambda each: each[0].index)
        rules = [(fired_rule(rule, 0), ways) for rule, ways in given]
        return with_rows(combine(self.outline.outcomes[key], rules, self._places, self.outline.language))


class ElementCourse(Course):
    """The part of a decision that is about one element of a list; an `Unknown` stands for those of an unknown list."""

    def __init__(self, whole: Course, each: str, element: object) -> None:
        super().__init__(whole.outline, whole.facts, whole.at)
        self._whole, self._each, self._element = whole, each, element
        self._requests, self._defined = whole._requests, whole._defined

    @property
    def element(self) -> object:
        return self._element

    def along(self, each: str) -> Sequence[Course]:
        return (self,) if each == self._each else self._whole.along(each)

    def enter(self, rule_id: str, unless: Truth, branches: Sequence[Reached]) -> None:
        if isinstance(self._element, Unknown):  # there may be no element
            unless = any_of((unless, self._element))
        super().enter(rule_id, unless, branches)

    def enter_table(self, table_id: str, unless: Truth, rows: Rows, values: Mapping[str, ValueOf]) -> None:
        if isinstance(self._element, Unknown):
            unless = any_of((unless, self._element))
        super().enter_table(table_id, unless, rows, values)

    def _names(self) -> Mapping[int, str]:
        return self._whole._names()

    def _about(self, element: object, outcome: str) -> Course:
        return self._whole._about(element, outcome)

    def _takers(self, outcome: str) -> dict[str, list[tuple[RuleSlot, Sequence[Way]]]]:
        own = self.outline.outcomes[outcome].each == self._each
        return self._given if own else self._whole._takers(outcome)

    def _outcome(self, key: str) -> OutcomeResult:
        if self.outline.outcomes[key].each != self._each:
            return self._whole._outcome(key)
        if key not in self._outcomes:
            self._outcomes[key] = self._combined(key)
        return self._outcomes[key]


def together(results: Sequence[OutcomeResult]) -> OutcomeResult:
    """The outcome of all the elements of a list: a list of values where each has one."""
    statuses = {result.status for result in results}
    status = "decided" if statuses <= {"decided"} else worst(statuses - {"decided"})
    return OutcomeResult(
        status,
        tuple(result.value for result in results) if status == "decided" else None,
        tuple(dict.fromkeys(rule for result in results for rule in result.fired)),
        tuple(dict.fromkeys(path for result in results for path in result.missing)),
        tuple(dict.fromkeys(problem for result in results for problem in result.problems)),
        default=bool(results) and all(result.default for result in results),
        elements=tuple(results),
    )


def _named(facts: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """The elements of lists, by identity, with what each is called; those of lists within them too."""
    for path, value in facts.items():
        for number, element in enumerate(value if isinstance(value, tuple) else (), 1):
            if isinstance(element, dict):
                name = f"{path}[{number}]"
                yield id(element), name
                yield from ((below, f"{name}.{rest}") for below, rest in _named(element))


def fired_rule(rule: RuleSlot, branch: int) -> FiredRule:
    """The rule as a decision names it."""
    return FiredRule(rule.id, rule.title, rule.file, rule.line, branch, rule.rows)


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
