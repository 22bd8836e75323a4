"""Questions about a plan in, answers of z3 out: a case, the proof that there is none, or neither in the time left."""

from collections.abc import Callable, Sequence
from typing import Any

import z3

from rulec.analysis.logic import Term, both
from rulec.analysis.statements import Statements
from rulec.plan.tree import Plan

Clock = Callable[[], float]  # seconds
_MOST_EACH = 5.0  # seconds for one question
_NICE = 0.3


class UnsettledError(Exception):
    """A question that could not be settled in its time."""


class Prover:
    """Asks z3 about one plan. `budget`: seconds for all questions together; the clock is the caller's."""

    def __init__(self, plan: Plan, budget: float, clock: Clock) -> None:
        self.plan, self.statements = plan, Statements(plan)
        self._clock, self._end = clock, clock() + budget
        self._solver = z3.Solver()
        self._told = set[int]()
        self.assumed = list[Term]()
        self.statements.go_on = self._go_on

    @property
    def spent(self) -> bool:
        """Whether there is no time left."""
        return self._clock() >= self._end

    def _go_on(self) -> None:
        if self.spent:
            raise UnsettledError

    def assume(self, term: Term) -> None:
        """From now on, consider only what the term holds of."""
        self.assumed.append(term)
        self._solver.add(term)

    def case(self, *terms: Term, shown: Sequence[str] = ()) -> Any:
        """A model in which all terms hold, with plain values for the facts to be shown; None: there is none.

        Raises UnsettledError.
        """
        wanted = both(terms)
        if wanted is False:
            return None
        self.statements.variables.know(shown)
        self._tell()
        self._solver.push()
        try:
            self._solver.add(wanted)
            found = self._asked(_MOST_EACH)
            return self._plain(found, shown) if found is not None and shown else found
        finally:
            self._solver.pop()

    def never(self, *terms: Term) -> bool:
        """Whether the terms never hold together. Raises UnsettledError."""
        return self.case(*terms) is None

    def needed(self, terms: Sequence[Term], wanted: Term) -> list[int] | None:
        """Terms that never hold together with what is wanted, by their places; None: all of them may.

        Raises UnsettledError.
        """
        self._tell()
        self._solver.push()
        try:
            self._solver.add(wanted)
            names = [z3.Bool(f"needed#{place}") for place in range(len(terms))]
            for name, term in zip(names, terms, strict=True):
                self._solver.add(z3.Implies(name, term))
            if self._asked(_MOST_EACH, *names) is not None:
                return None
            core = {str(name) for name in self._solver.unsat_core()}
            return [place for place, name in enumerate(names) if str(name) in core]
        finally:
            self._solver.pop()

    def _tell(self) -> None:
        """Tell the solver what holds of all variables so far."""
        for term in self.statements.variables.told():
            if term.get_id() not in self._told:
                self._told.add(term.get_id())
                self._solver.add(term)

    def _asked(self, seconds: float, *assumed: Any) -> Any:
        left = min(self._end - self._clock(), seconds)
        if left <= 0:
            raise UnsettledError
        self._solver.set("timeout", max(1, int(left * 1000)))
        try:
            answer = self._solver.check(*assumed)
        except z3.Z3Exception:  # it came to an end of its own: "Overflow encountered when expanding vector"
            raise UnsettledError from None
        if answer == z3.unknown:
            raise UnsettledError
        return self._solver.model() if answer == z3.sat else None

    def _plain(self, found: Any, paths: Sequence[str]) -> Any:
        """Another model with as many plain values as there are, one wish after the other."""
        kept = 0
        for wish in self.statements.variables.wishes(paths):
            self._solver.push()
            self._solver.add(wish)
            try:
                better = self._asked(_NICE)
            except UnsettledError:
                better = None
            if better is None:
                self._solver.pop()
            else:
                found, kept = better, kept + 1
        self._solver.pop(kept)
        return found
