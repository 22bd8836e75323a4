"""Facts and a goal in, the nearest facts that z3 finds to give it out: fewest changes first, then the smallest."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import z3

from rulec.analysis.logic import Term, Truth, Value, both, opposite, picked
from rulec.analysis.promises import assumptions
from rulec.analysis.prover import Clock, UnsettledError
from rulec.analysis.question import Analysis
from rulec.analysis.variables import constant
from rulec.plan.kinds import kind_of_type
from rulec.plan.tree import Plan, Promise
from rulec.runtime.types import Date

MOST = 20  # cases tried out
_MONTH = 30
Facts = Mapping[str, object]
Shows = Callable[[dict[str, object]], bool]


class Nearest:
    """Looks for the facts. `shows`: whether facts, tried out, give the goal. `fixed`: paths that may not change."""

    def __init__(self, plan: Plan, goal: Promise, facts: Facts, day: date, budget: float, clock: Clock) -> None:
        self.analysis = Analysis(plan, True, budget, clock)
        self.goal, self.facts, self.day = goal, facts, day
        self.slots = {slot.path: slot for slot in plan.facts}
        self.kept = [each for each in plan.promises if not each.assumed and set(each.outcomes) & set(goal.outcomes)]
        self.paths = [path for path in self.analysis.reads.of([goal, *self.kept]) if path in self.slots]

    def found(self, fixed: Collection[str], shows: Shows) -> dict[str, object] | None:
        """The facts with what changes; None: there are none, which is proven. Raises UnsettledError."""
        if any(assumptions(self.analysis)):
            return None
        statements, prover = self.analysis.statements, self.analysis.prover
        promised = (opposite(statements.truth(each.condition).no) for each in self.kept)
        today = statements.variables.today == self.day.toordinal()
        wanted = both([statements.truth(self.goal.condition).yes, today, *promised])
        same = {path: self._same(path) for path in self.paths if self._is_held(path)}
        kept = both([wanted, *(term for path, term in same.items() if path in fixed and term is not False)])
        if prover.case(kept) is None:
            return None
        changes = z3.Sum([z3.IntVal(0), *(picked(term, z3.IntVal(0), z3.IntVal(1)) for term in same.values())])
        size = z3.Sum([z3.RealVal(0), *(part for path in same for part in self._size(path))])
        count, told = 0, list[Term]()
        for _ in range(MOST):
            while (model := prover.case(kept, changes <= count, *told)) is None:
                count += 1
                if count > len(same):
                    raise UnsettledError
            model = self._smallest([kept, changes <= count, *told], size) or model
            new = self._changed(model, same)
            if shows(new):
                return new
            told.append(z3.Not(both([self._is(path, new.get(path)) for path in same])))
        raise UnsettledError

    def _smallest(self, terms: list[Term], size: Term) -> Any:
        """The model of the smallest change with few decimals, if it is found in time."""
        steps = [each for path in self.paths for each in self._steps(path)]
        lacking = [path for path in self.paths if self._is_held(path) and self._value(path) is None]
        steps += list(self.analysis.statements.variables.wishes(lacking))[1:]  # the first is about today
        for more in (steps, []):
            best = z3.Optimize()
            best.set("timeout", 5000)
            best.add(*self.analysis.statements.variables.told())
            best.add(*(term for term in [*terms, *more, *self.analysis.prover.assumed] if term is not True))
            best.minimize(size)
            with suppress(z3.Z3Exception):  # as `prover`: it came to an end of its own
                if best.check() == z3.sat:
                    return best.model()
        return None

    def _changed(self, model: Any, same: Mapping[str, Term]) -> dict[str, object]:
        """The facts, those of which the model tells another value with it."""
        new = dict(self.facts)
        changed = [path for path, term in same.items() if not z3.is_true(model.eval(_formula(term), True))]
        read = self.analysis.statements.variables.facts(model, changed)
        for path in changed:
            new.pop(path, None)
        return new | read

    def _is_held(self, path: str) -> bool:
        """Whether a variable stands for the fact."""
        return kind_of_type(self.slots[path].type) not in ("list", "record")

    def _value(self, path: str) -> object:
        return self.facts.get(path, self.slots[path].default)

    def _same(self, path: str) -> Term:
        """That the fact is as it is; one that must be given and is not never is."""
        known = self._value(path) is not None or self.slots[path].optional
        return self._is(path, self._value(path)) if known else False

    def _is(self, path: str, value: object) -> Term:
        """That the fact has that value; None: it is not given."""
        variables = self.analysis.statements.variables
        if value is None:
            return variables.of(path).absent
        read, known = variables.read(path), constant(value, variables)
        if isinstance(read, Truth) or isinstance(known, Truth):
            return read.yes if value else read.no  # type: ignore[union-attr]  # both are, of one fact
        assert isinstance(known, Value)
        return both([opposite(variables.of(path).absent), read.term == known.term])

    def _size(self, path: str) -> list[Term]:
        """How far the fact moves, in parts of what it is; a date, in months."""
        value, read = self._value(path), self.analysis.statements.variables.read(path)
        if value is None or not isinstance(read, Value) or isinstance(value, str | bool):
            return []
        known = constant(value, self.analysis.statements.variables)
        assert isinstance(known, Value)
        apart = read.term - known.term
        if read.kind == "number":
            return [z3.Abs(apart) / z3.If(z3.Abs(known.term) > 1, z3.Abs(known.term), z3.RealVal(1))]
        part = _MONTH if isinstance(self.slots[path].type, Date) else _MONTH * 86_400_000_000
        return [z3.ToReal(z3.Abs(apart)) / part] if isinstance(value, date | datetime) else []

    def _steps(self, path: str) -> list[Term]:
        """That a number has few decimals."""
        held = self.analysis.statements.variables.of(path).held
        return [z3.IsInt(held * 10_000)] if z3.is_arith(held) and held.is_real() else []


def _formula(term: Term) -> Any:
    return z3.BoolVal(term) if isinstance(term, bool) else term
