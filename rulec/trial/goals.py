"""A rule or table and a decided case in, what the case shows of it out: what generated examples are chosen by."""

from collections.abc import Generator, Iterator
from functools import cached_property
from typing import NamedTuple

from rulec.plan.lower import gives_of
from rulec.plan.tree import Applies, Const, Expr, Plan, Rule, Table
from rulec.runtime import types as t
from rulec.runtime.kleene import Truth
from rulec.runtime.plain import Plain, plain
from rulec.trace import Probes
from rulec.tree import Span
from rulec.trial.candidates import Values, ends_of, facts_in, thresholds_of
from rulec.trial.coverage import Seen, atoms_of, decides, holds
from rulec.trial.reaching import Facts
from rulec.trial.steps import beside

_SIDES = (-1, 0, 1)


class Goal(NamedTuple):
    """Something to show. `kind`: "case" (a way that a rule goes), "end" (a threshold), "shown" (a condition).

    `number`: of the case, 0 for its « sauf si », -1 for a table. `at`: of the condition in the case, from 0, or of the
    column. `value`: of the condition, or of the fact at `path`. `span`: of what is shown.
    """

    kind: str
    number: int
    at: int
    value: object
    path: str
    span: Span


@plain
class Goals(Plain):
    """What is to show of one rule or table of a plan."""

    plan: Plan
    step: Rule | Table
    values: Values

    def probes(self) -> Probes:
        """What must be asked of a case to tell what it shows."""
        probes = Probes()
        probes.ask(self.step.id, Applies(self.step.id, tuple(sorted(gives_of(self.step)))))
        for _, condition in self.conditions():
            for atom in atoms_of(condition):
                probes.ask(id(atom), atom)
        return probes

    def conditions(self) -> Iterator[tuple[int, Expr]]:
        """The condition of each case by its number; that of « sauf si » has 0."""
        if isinstance(self.step, Rule):
            yield from ((branch.number, branch.condition) for branch in self.step.branches)
            if self.step.unless != Const(False):
                yield 0, self.step.unless

    def all(self) -> list[Goal]:
        """Everything to show."""
        if isinstance(self.step, Table):
            return list(self._ends_of_table(self.step))
        found = self.ways()
        for number, condition in self.conditions():
            for at, atom in enumerate(atoms_of(condition)):
                found += [Goal("end", number, at, value, path, atom.span) for path, value in self._ends(atom)]
                found += [Goal("shown", number, at, value, "", atom.span) for value in (True, False)]
        return found

    def ways(self) -> list[Goal]:
        """Each way that the rule goes; each row of a table."""
        step = self.step
        size = len(step.lines) if isinstance(step, Table) else len(step.branches)
        return [Goal("case", number, 0, True, "", step.span) for number in range(1, size + 1)]

    def shown_by(self, seen: Seen, facts: Facts) -> Iterator[Goal]:
        """What a case shows."""
        applies, taken = seen.truth(self.step.id), False
        if isinstance(self.step, Table):
            ends = self._ends_of_table(self.step) if applies is True else ()
            yield from (goal for goal in ends if facts.get(goal.path) == goal.value)
            return
        for branch in self.step.branches:
            truth = yield from self._shown(branch.number, branch.condition, seen, facts)
            taken = truth is True
            if taken and applies is True:
                yield Goal("case", branch.number, 0, True, "", self.step.span)
            if truth is not False:
                break
        if taken and self.step.unless != Const(False):
            yield from self._shown(0, self.step.unless, seen, facts)

    def _shown(self, number: int, condition: Expr, seen: Seen, facts: Facts) -> Generator[Goal, None, Truth]:
        """The conditions that decide by themselves in this case; whether all of it holds."""
        held = seen.held(condition)
        for at, atom in enumerate(atoms_of(condition)):
            if decides(condition, held, atom):
                yield Goal("shown", number, at, held[id(atom)], "", atom.span)
                yield from (
                    Goal("end", number, at, value, path, atom.span)
                    for path, value in self._known_ends[id(atom)]
                    if facts.get(path) == value
                )
        return holds(condition, held)

    @cached_property
    def _known_ends(self) -> dict[int, list[tuple[str, object]]]:
        return {id(atom): [*self._ends(atom)] for _, condition in self.conditions() for atom in atoms_of(condition)}

    def _ends(self, atom: Expr) -> Iterator[tuple[str, object]]:
        """Each threshold of a condition, just under, at and just above, as far as the fact may have these values."""
        if len(facts_in(atom, self.plan)) == 1:
            for path, value in dict.fromkeys(thresholds_of(atom)):
                yield from self._around(path, value)

    def _around(self, path: str, value: object) -> Iterator[tuple[str, object]]:
        kinds: dict[str, t.Type] = {slot.path: slot.type for slot in self.plan.facts}
        for side in _SIDES:
            near = beside(kinds.get(path), value, side) if side else value
            if near in self.values.get(path, ()) and not isinstance(near, bool | str):
                yield path, near

    def _ends_of_table(self, table: Table) -> Iterator[Goal]:
        for at, column in enumerate(table.columns):
            paths = facts_in(column.input, self.plan)
            for end in ends_of(column) if len(paths) == 1 else ():
                yield from (Goal("end", -1, at, near, path, table.span) for path, near in self._around(paths[0], end))
