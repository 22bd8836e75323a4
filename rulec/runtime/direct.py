"""A decision in progress where nothing is unknown: plain values in, the decision out; `Doubt` where something is not.

It does what `course` does, without the reasons that unknown values need.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from rulec.runtime.actions import Parameters, Request, combine_actions
from rulec.runtime.calculate import day_of
from rulec.runtime.combine import conclude
from rulec.runtime.course import fired_rule, together
from rulec.runtime.decision import UNSAID, ActionResult, Decision, FiredRule, OutcomeResult
from rulec.runtime.errors import CalculationError
from rulec.runtime.kleene import NOTHING, worst
from rulec.runtime.outline import Outline
from rulec.runtime.promises import kept
from rulec.runtime.supervision import supervised
from rulec.runtime.tables import ValueOf, surely_given, with_rows
from rulec.runtime.workdays import is_holiday, working_elapsed, working_shift

Calculation = Callable[[Mapping[str, object], "Direct"], object]


class Doubt(Exception):  # noqa: N818  # not an error: a turn to the full path
    """Something is not known, or has no result."""


class Direct:
    """One decision in progress; rules are entered in an order in which each comes after all that it reads."""

    def __init__(self, outline: Outline, at: date) -> None:
        self.outline, self.at = outline, at
        self._applied = dict[str, set[str]]()
        self._given = dict[str, list[tuple[int, tuple[FiredRule, object]]]]()
        self._requests = list[tuple[int, Request]]()
        self._outcomes = dict[str, OutcomeResult]()
        self._defined = dict[str, object]()
        self._along = dict[str, Sequence[DirectElement]]()
        self._stages = dict[str, Mapping[int, Direct]]()
        self._promised = dict[str, bool]()
        self._levels = dict[str, str]()

    def define(self, key: str, value: Calculation, facts: Mapping[str, object]) -> None:
        """What a definition gives; left open where it cannot be calculated, which may not matter."""
        with suppress(Doubt, CalculationError, KeyError):
            self._defined[key] = value(facts, self)

    def defined(self, key: str) -> object:
        """The value of a definition."""
        value = self._defined[key]
        if value is NOTHING:
            raise Doubt
        return value

    def defined_given(self, key: str) -> bool:
        """Whether a definition has a value."""
        return self._defined[key] is not NOTHING

    def promise(self, promise_id: str, kept: bool) -> None:
        """Whether a promise is kept, or an assumption holds."""
        self._promised[promise_id] = kept

    def oversee(self, oversight_id: str, level: str) -> None:
        """How far a statement about supervision lets an agent go."""
        self._levels[oversight_id] = level

    def along(self, each: str, elements: Sequence[object]) -> Sequence["DirectElement"]:
        """The decisions on each element of the list at the path `each`."""
        if each not in self._along:
            self._along[each] = [DirectElement(self, each, element) for element in elements]
        return self._along[each]

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

    def decided(self, outcome: str) -> object:
        """The value of an outcome."""
        result = self._outcome(outcome)
        if result.status != "decided":
            raise Doubt
        return result.value

    def outcome_given(self, outcome: str) -> bool:
        """Whether an outcome has a value: false where it is not applicable."""
        result = self._outcome(outcome)
        if result.status not in ("decided", "not_applicable"):
            raise Doubt
        return result.status == "decided"

    def about(self, element: object, outcome: str) -> "Direct":
        """The decision on an element of the list that an outcome is decided for."""
        each = self.outline.outcomes[outcome].each
        if each not in self._along:  # no rule gives it
            raise Doubt
        if each not in self._stages:
            self._stages[each] = {id(stage.element): stage for stage in self._along[each]}
        return self._stages[each][id(element)]

    def applies(self, rule: str, keys: Sequence[str]) -> bool:
        """Whether a rule applies (to one element at least), for one of these outcomes or actions at least."""
        each = self.outline.rules[rule].each
        return any(stage.applied(rule, keys) for stage in (self._along[each] if each else (self,)))

    def applied(self, rule: str, keys: Sequence[str]) -> bool:
        """Whether a rule entered here applies."""
        return not self._applied.get(rule, set()).isdisjoint(keys)

    def enter(
        self,
        rule_id: str,
        branch: int,
        gives: Sequence[tuple[str, object]],
        does: Sequence[tuple[str, Parameters]],
    ) -> None:
        """What a rule gives and asks for, going that branch."""
        rule, applied = self.outline.rules[rule_id], set[str]()
        fired = fired_rule(rule, branch)
        for outcome, value in gives:
            if not any(self.applies(other, (outcome,)) for other in rule.exceptions):
                applied.add(outcome)
                self._takers(outcome).setdefault(outcome, []).append((rule.index, (fired, value)))
        for action, parameters in dict.fromkeys(does):
            keys = (action, *self.outline.rivals(action)) if rule.exceptions else ()
            if not any(self.applies(other, keys) for other in rule.exceptions):
                applied.add(action)
                self._requests.append((rule.index, Request(fired, action, parameters, True)))
        self._applied[rule_id] = applied

    def enter_table(self, table_id: str, rows: Sequence[int], values: Mapping[str, ValueOf]) -> None:
        """What a table gives, where exactly these rows apply."""
        rule, applied = self.outline.rules[table_id], set[str]()
        given = surely_given(self.outline.tables[table_id], rows, values, self.outline.language)
        for outcome, result in given.items():
            if result.status not in ("decided", "not_applicable"):
                raise Doubt
            silenced = any(self.applies(other, (outcome,)) for other in rule.exceptions)
            if result.status == "decided" and not silenced:
                applied.add(outcome)
                fired = replace(fired_rule(rule, 0), rows=result.fired)
                self._takers(outcome).setdefault(outcome, []).append((rule.index, (fired, result.value)))
        self._applied[table_id] = applied

    def decision(self) -> Decision:
        """The decision, once all rules are entered. Raises FactsError for facts that break an assumption."""
        outline = self.outline
        outcomes = {key: self._outcome(key) for key in outline.outcomes}
        if outline.promises:
            outcomes = kept(outline.promises, self._promised, outcomes, {}, outline.language)
        requests = [request for _, request in sorted(self._requests, key=lambda each: each[0])]
        actions = combine_actions(outline, requests, {})
        said = UNSAID
        if outline.oversight:
            parts: tuple[OutcomeResult | ActionResult, ...] = (*outcomes.values(), *actions)
            status = worst(part.status for part in parts)
            said = supervised(outline.oversight, self._levels, status, actions, {})
        return Decision(outcomes, actions, self.at, outline.digest, outline.language, said)

    def _takers(self, outcome: str) -> dict[str, list[tuple[int, tuple[FiredRule, object]]]]:
        """Where what is given for an outcome goes."""
        return self._given

    def _outcome(self, key: str) -> OutcomeResult:
        if key not in self._outcomes:
            each = self.outline.outcomes[key].each
            if each and each not in self._along:  # no rule gives it: whether the list is known, nobody asked
                raise Doubt
            results = [stage._outcome(key) for stage in self._along[each]] if each else []
            self._outcomes[key] = together(results) if each else self._concluded(key)
        return self._outcomes[key]

    def _concluded(self, key: str) -> OutcomeResult:
        given = sorted(self._given.get(key, ()), key=lambda each: each[0])
        return with_rows(conclude(self.outline.outcomes[key], [each for _, each in given], self.outline.language))


class DirectElement(Direct):
    """The part of a decision that is about one element of a list."""

    def __init__(self, whole: Direct, each: str, element: object) -> None:
        super().__init__(whole.outline, whole.at)
        self._whole, self._each, self._element = whole, each, element
        self._requests, self._defined = whole._requests, whole._defined

    @property
    def element(self) -> Any:
        """The element that is decided on."""
        return self._element

    def about(self, element: object, outcome: str) -> Direct:
        return self._whole.about(element, outcome)

    def applies(self, rule: str, keys: Sequence[str]) -> bool:
        own = self.outline.rules[rule].each == self._each
        return self.applied(rule, keys) if own else self._whole.applies(rule, keys)

    def _takers(self, outcome: str) -> dict[str, list[tuple[int, tuple[FiredRule, object]]]]:
        own = self.outline.outcomes[outcome].each == self._each
        return self._given if own else self._whole._takers(outcome)

    def _outcome(self, key: str) -> OutcomeResult:
        if self.outline.outcomes[key].each != self._each:
            return self._whole._outcome(key)
        if key not in self._outcomes:
            self._outcomes[key] = self._concluded(key)
        return self._outcomes[key]
