"""The lines and functions of compiled rules in, decisions out: only the rules that may apply are looked at."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property

from rulec.runtime.course import Course
from rulec.runtime.decision import Decision, dated
from rulec.runtime.direct import Direct, Doubt
from rulec.runtime.errors import CalculationError
from rulec.runtime.index import Line, Lines, numbers_in
from rulec.runtime.leaves import Leaves, Memo
from rulec.runtime.outline import Outline
from rulec.runtime.tables import NONE

Enter = Callable[[Mapping[str, object], Direct], None]
Fast = Callable[[int], Enter]  # of the number of a step
Full = Callable[[int], Callable[[Course], None]]


class Decider:
    """Decides by the lines of a plan."""

    def __init__(self, outline: Outline, lines: Lines, fast: Fast, full: Full) -> None:
        self.outline, self.lines, self.fast, self.full = outline, lines, fast, full
        self.kept: list[Decision | None] = [None] * (len(lines.lines) + 1)  # where one line alone holds, by its number

    def decide(self, facts: Mapping[str, object], at: date) -> Decision:
        """The decision for these facts (path → value as `runtime.types` holds it), at a date or an aware datetime."""
        sure, maybe = self.lines.found(facts)
        found = self.lines.standing(sure, maybe)
        if sure == maybe:
            try:
                return self._directly(found, facts, at)
            except (Doubt, CalculationError, KeyError):  # KeyError: a fact that is not given
                pass
        course = Course(self.outline, facts, at)
        for step in self._steps(found):
            self.full(step)(course)
        return course.decision()

    def learn(self, facts: Mapping[str, object], at: date) -> Decision:
        """The same decision, kept for facts like these if it depends on nothing else."""
        known = self.leaves.found(facts)
        if known is None:
            return self.decide(facts, at)
        try:
            return dated(self._fresh(*known).told, at)
        except Doubt:
            return self.decide(facts, at)

    def _fresh(self, memo: Memo, lines: Sequence[int], held: int) -> Decision:
        if self.lines.first_alone:
            return self.alone(lines[(held & -held).bit_length()])
        return self.together(memo, lines, held)

    def alone(self, number: int) -> Decision:
        """The decision, on some day, where that line is the first that holds (NONE: none does); kept."""
        kept = self.kept[number]
        if kept is None:
            self.kept[number] = kept = self._settled([] if number == NONE else [self.lines.lines[number]])
        return kept

    def together(self, memo: Memo, lines: Sequence[int], held: int) -> Decision:
        """The decision, on some day, where a set of the lines of a leaf holds; kept.

        Raises Doubt where it depends on more.
        """
        decision = self._settled([self.lines.lines[lines[place + 1]] for place in numbers_in(held)])
        self.leaves.keep(memo, held, decision)
        return decision

    @cached_property
    def leaves(self) -> Leaves:
        """The leaves of the plan."""
        return Leaves(self.lines, self.outline.facts)

    def is_settled(self, found: Sequence[Line]) -> bool:
        """Whether the decision depends on nothing but which lines hold."""
        return self.lines.is_plain and all(line.settled for line in found)

    def _settled(self, found: Sequence[Line]) -> Decision:
        """The decision, on some day, where these lines hold. Raises Doubt where it depends on more."""
        if not self.is_settled(found):
            raise Doubt
        return self._directly(found, {}, date.min)

    def _directly(self, found: Sequence[Line], facts: Mapping[str, object], at: date) -> Decision:
        direct = Direct(self.outline, at)
        if self.is_settled(found):
            entered = set[int]()
            for line in found:
                if line.step not in entered:
                    entered.add(line.step)
                    direct.enter(line.rule, line.number, line.gives, line.does)
        else:
            for step in self._steps(found):
                self.fast(step)(facts, direct)
        return direct.decision()

    def _steps(self, found: Sequence[Line]) -> list[int]:
        """The steps to take, in order."""
        return sorted({*self.lines.always, *(line.step for line in found)})
