"""Rows of facts in, grouped by the rules that give what is calculated; out, a decision like that of each, and numbers.

Rows of which the same rules give the same outcomes, and the same of them win, differ in what is calculated alone.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rulec.batch.arrays import Array
from rulec.batch.calculation import Calculation
from rulec.batch.formulas import Formulas, Giver
from rulec.batch.scaled import TooLargeError, column
from rulec.plan.tree import Const, Decided, Expr
from rulec.runtime.decision import Decision, OutcomeResult
from rulec.runtime.kleene import NOTHING
from rulec.runtime.sorts import default_of
from rulec.tree import walk

Values = dict[str, tuple[Array, Array]]  # by outcome: whole numbers of its last decimal, and of which rows
_MOST_LISTED = 1 << 20  # groups that have their place in a list


class Computed:
    """Calculates for batches. `places`: the decimals of each outcome as it is told."""

    def __init__(self, formulas: Formulas, places: Mapping[str, int]) -> None:
        self.formulas, self.places = formulas, places
        self.givers: dict[Giver, Expr] = dict(formulas.givers)
        for slot in formulas.outcomes:
            if (default := default_of(slot)) is not NOTHING:
                self.givers["", 0, slot.key] = Const(default)
        self.read = {giver: _outcomes_in(expr) for giver, expr in self.givers.items()}
        self.forget()

    def forget(self) -> None:
        """The decisions on tests are numbered anew, and so are all others."""
        self.decisions: list[Decision] = []  # on tests
        self.fine = list[bool]()  # whether rows of each can be decided at once
        self.gives: dict[Giver, list[bool]] = {giver: [] for giver in self.givers}
        self.alike = dict[tuple[int, ...], int]()  # by the decision on tests and who wins: the decision on one such row

    def of(
        self, tested: Array, decisions: Sequence[Decision], facts: Mapping[str, tuple[Array, int]], known: Array,
        decide: Callable[[int], int],
    ) -> tuple[Array, Values]:  # fmt: skip
        """The number of a decision like that of each row, -1 where the row is to be decided by itself; the numbers.

        `tested`: for each row, the number of its decision on tests among `decisions`, -1 for none. `facts`: whole
        numbers and their decimals; `known`: of which rows all are. `decide`: the number of the decision on a row.
        """
        for decision in decisions[len(self.decisions) :]:
            self._meet(decision)
        numbers = np.full(len(tested), -1, np.int32)
        rows = np.flatnonzero(known & (tested >= 0) & np.array([*self.fine, False], bool)[tested])
        if not len(rows):
            return numbers, {}
        try:
            scaled = {path: column(values[rows], decimals) for path, (values, decimals) in facts.items()}
            found = Calculation(self, tested[rows], scaled)
        except TooLargeError:
            return numbers, {}
        kept = np.flatnonzero(~found.odd)
        rows, groups = rows[kept], found.groups[kept]
        first, places = _groups(groups, found.many)
        for at in first.tolist():
            key = found.key(int(kept[at]))
            if key not in self.alike:
                self.alike[key] = decide(int(rows[at]))
        numbers[rows] = np.array([self.alike[found.key(int(kept[at]))] for at in first.tolist()], np.int32)[places]
        return numbers, {
            key: _spread(values[kept], given[kept], rows, len(tested)) for key, (values, given) in found.told.items()
        }

    def _meet(self, decision: Decision) -> None:
        """Note what a decision on tests says."""
        self.decisions.append(decision)
        fine, own = True, set[Giver]()
        for slot in self.formulas.outcomes:
            result = decision.told.outcomes[slot.key]
            given = _givers(slot.key, result)
            known = result.status == "decided" and all(giver in self.givers for giver in given)
            clash = slot.combine == "unique" and result.status == "conflict"
            fine &= known or clash or result.status == "not_applicable"
            own |= given if known else set()
        fine &= all(decision.told.outcomes[key].status == "decided" for giver in own for key in self.read[giver])
        self.fine.append(fine)
        for giver, told in self.gives.items():
            told.append(giver in own)


def _outcomes_in(expr: Expr) -> list[str]:
    return [node.outcome for node in walk(expr) if isinstance(node, Decided)]


def _givers(key: str, result: OutcomeResult) -> set[Giver]:
    """The branches of rules that give an outcome; the default."""
    return {("", 0, key)} if result.default else {(rule.id, rule.branch, key) for rule in result.fired}


def _groups(numbers: Array, many: int) -> tuple[Array, Array]:
    """Of each group, one row; and for each row which group it is of."""
    if many > _MOST_LISTED:
        _, first, places = np.unique(numbers, return_index=True, return_inverse=True)
        return first, places
    one = np.full(many, -1, np.int64)
    one[numbers] = np.arange(len(numbers))
    met = np.flatnonzero(one >= 0)
    order = np.zeros(many, np.int64)
    order[met] = np.arange(len(met))
    return one[met], order[numbers]


def _spread(values: Array, given: Array, rows: Array, size: int) -> tuple[Array, Array]:
    """What is known of some rows, for all of them."""
    if len(rows) == size:
        return values, given
    all_values, all_given = np.zeros(size, np.int64), np.zeros(size, bool)
    all_values[rows], all_given[rows] = values, given
    return all_values, all_given
