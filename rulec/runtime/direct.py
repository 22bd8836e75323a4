"""A decision in progress where nothing is unknown: plain values in, the decision out; `Doubt` where something is not.

It does what `course` does, without the reasons that unknown values need.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date

from rulec.runtime.actions import Parameters, Request, combine_actions
from rulec.runtime.calculate import day_of
from rulec.runtime.combine import conclude
from rulec.runtime.course import fired_rule, is_holiday
from rulec.runtime.decision import Decision, FiredRule, OutcomeResult
from rulec.runtime.errors import CalculationError
from rulec.runtime.kleene import NOTHING
from rulec.runtime.outline import Outline

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

    def today(self) -> date:
        """The day of the decision. CalculationError: outside the years 1 to 9999."""
        return day_of(self.at, self.outline.zone)

    def holiday(self, calendar: str, moment: date) -> bool:
        """Whether a day is a public holiday. CalculationError: the calendar does not reach it."""
        return is_holiday(self.outline, calendar, moment)

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

    def applies(self, rule: str, keys: Sequence[str]) -> bool:
        """Whether a rule applies, for one of these outcomes or actions at least."""
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
                self._given.setdefault(outcome, []).append((rule.index, (fired, value)))
        for action, parameters in dict.fromkeys(does):
            keys = (action, *self.outline.rivals(action)) if rule.exceptions else ()
            if not any(self.applies(other, keys) for other in rule.exceptions):
                applied.add(action)
                self._requests.append((rule.index, Request(fired, action, parameters, True)))
        self._applied[rule_id] = applied

    def decision(self) -> Decision:
        """The decision, once all rules are entered."""
        outline = self.outline
        outcomes = {key: self._outcome(key) for key in outline.outcomes}
        requests = [request for _, request in sorted(self._requests, key=lambda each: each[0])]
        actions = combine_actions(outline, requests, {})
        return Decision(outcomes, actions, self.at.isoformat(), outline.digest, outline.language)

    def _outcome(self, key: str) -> OutcomeResult:
        if key not in self._outcomes:
            given = sorted(self._given.get(key, ()), key=lambda each: each[0])
            values = [each for _, each in given]
            self._outcomes[key] = conclude(self.outline.outcomes[key], values, self.outline.language)
        return self._outcomes[key]
