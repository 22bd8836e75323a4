"""Rules and tables in, formulas of where they apply and what becomes of the outcomes out."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property, partial

from rulec.analysis.combined import Way, combined
from rulec.analysis.logic import (
    FALSE,
    Term,
    Truth,
    Value,
    all_of,
    any_of,
    both,
    either,
    first_truth,
    known_if,
    negated,
    opposite,
    picked,
)
from rulec.analysis.translate import NO_VALUES, Meaning, Translator
from rulec.analysis.variables import constant
from rulec.plan.lower import exclusive_actions
from rulec.plan.tree import (
    Applies,
    Branch,
    Choose,
    Column,
    Decided,
    Decides,
    Expr,
    Item,
    OutcomeGiven,
    Plan,
    Rule,
    Table,
)
from rulec.runtime.tables import NONE, OneOf, Within
from rulec.runtime.types import OutcomeSlot

Statement = Rule | Table


class Giving:
    """One way in which a statement gives an outcome a value. `number`: of the branch or the row, both from 1.

    Its formulas are made once they are asked for: of most ways, nothing is left to the solver.
    """

    def __init__(
        self, statement: Statement, number: int, fires: Callable[[], Truth], value: Callable[[], Meaning]
    ) -> None:
        self.statement, self.number, self._fires, self._value = statement, number, fires, value

    @cached_property
    def fires(self) -> Truth:
        """Where it goes."""
        return self._fires()

    @cached_property
    def value(self) -> Meaning:
        """What it gives."""
        return self._value()


class Statements(Translator):
    """The rules and tables of one plan."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.statements = {each.id: each for each in plan.statements}
        self.outcomes = {slot.key: slot for slot in plan.outcomes}
        self.groups = exclusive_actions(plan.actions)
        self._branches, self._rows = dict[str, list[Truth]](), dict[tuple[str, int], Truth]()
        self._cells = dict[tuple[str, int, int], Truth]()
        self.go_on: Callable[[], None] = _always  # raises where there is no time left to make more of them
        self._outcomes, self._silenced = dict[str, tuple[Meaning, Truth] | None](), dict[tuple[str, str], Truth]()

    # ---- where they apply

    def along(self, statement: Statement, make: Callable[[], Meaning]) -> Meaning:
        """What is made as the statement reads it: about an element, if it is."""
        around, self.each = self.each, statement.each
        try:
            return make()
        finally:
            self.each = around

    def condition(self, statement: Statement, expr: Expr) -> Truth:
        """A condition of a statement."""
        self.go_on()
        found = self.along(statement, partial(self.truth, expr))
        assert isinstance(found, Truth)
        return found

    def branches(self, rule: Rule) -> list[Truth]:
        """Where a rule goes each of its branches, its exceptions aside."""
        if rule.id not in self._branches:
            before, found = [negated(self.condition(rule, rule.unless))], list[Truth]()
            for branch in rule.branches:
                own = self.condition(rule, branch.condition)
                found.append(all_of([*before, own]))
                before.append(negated(own))
            self._branches[rule.id] = found
        return self._branches[rule.id]

    def row(self, table: Table, place: int) -> Truth:
        """Where the tests of a row of a table hold, from 0; the default row is the last one, if there is one."""
        if (table.id, place) not in self._rows:
            count = len(table.lines) - table.has_default
            self._rows[table.id, place] = (
                all_of([
                    self._tested(table, at, column.cells[place])
                    for at, column in enumerate(table.columns)
                    if column.cells[place] != NONE
                ])
                if place < count
                else negated(any_of([self.row(table, each) for each in range(count)]))
            )  # fmt: skip
        return self._rows[table.id, place]

    def _tested(self, table: Table, column: int, test: int) -> Truth:
        """A test of a column, both by their numbers."""
        if (table.id, column, test) not in self._cells:
            asked = table.columns[column]
            self._cells[table.id, column, test] = self.cell(table, asked, asked.tests[test])
        return self._cells[table.id, column, test]

    def cell(self, table: Table, column: Column, test: OneOf | Within | Expr) -> Truth:
        """A test of a column."""
        self.go_on()
        if not isinstance(test, OneOf | Within):
            return self.condition(table, test)
        match column.input:
            case Choose(((given, subject),), None):  # of what is not given, no cell holds
                return all_of([self.condition(table, given), self._holds(table, subject, test)])
            case subject:
                return self._holds(table, subject, test)

    def _holds(self, table: Table, subject: Expr, test: OneOf | Within) -> Truth:
        """Whether a cell holds of a value."""
        value = self.along(table, partial(self.value, subject))
        if isinstance(test, OneOf):
            found = self.among(value, test.values)
            found = negated(found) if found is not None and test.negated else found
        else:
            found = self._within(value, test)
        return found if found is not None else self.free_truth()

    def _within(self, value: Meaning, test: Within) -> Truth | None:
        low, high = (constant(end, self.variables) if end is not None else None for end in (test.low, test.high))
        if not isinstance(value, Value) or any(isinstance(end, Truth) for end in (low, high)):
            return None
        terms = []
        if isinstance(low, Value):
            terms.append(value.term >= low.term if test.low_included else value.term > low.term)
        if isinstance(high, Value):
            terms.append(value.term <= high.term if test.high_included else value.term < high.term)
        return known_if(value.known, both(terms))

    def silenced(self, statement: Statement, key: str) -> Truth:
        """Where the exceptions of a statement silence it for an outcome or an action."""
        place = (statement.id, key)
        if place not in self._silenced:
            keys = (key, *(other for other in self.groups.get(key, ()) if other != key))
            applied = [self.along(statement, partial(self.applies, other, keys)) for other in statement.exceptions]
            self._silenced[place] = any_of([each for each in applied if isinstance(each, Truth)])
        return self._silenced[place]

    def applies(self, rule_id: str, keys: Sequence[str]) -> Truth:
        """Where a statement applies for one of these outcomes or actions."""
        other = self.statements[rule_id]
        if other.each != self.each:
            return self._freely(Applies(rule_id, tuple(keys)))
        if isinstance(other, Table):
            return any_of([self._table_applies(other, each.outcome) for each in other.decides if each.outcome in keys])
        unless = self.condition(other, other.unless)
        cases = [(unless, FALSE)]
        for branch in other.branches:
            shown = [negated(self.silenced(other, key)) for key in keys if key in _targets(branch)]
            cases.append((self.condition(other, branch.condition), any_of(shown)))
        return first_truth(cases, FALSE)

    def _table_applies(self, table: Table, outcome: str) -> Truth:
        rows = [each.fires for each in self.givings(table, outcome)]
        applied = any_of(rows)
        if all(each.sure for each in rows):
            return applied
        settled = both(each.settled for each in rows)
        free = self._freely(Applies(table.id, (outcome,)))
        return Truth(*(either([both([settled, one]), both([opposite(settled), other])])
                       for one, other in ((applied.yes, free.yes), (applied.no, free.no))))  # fmt: skip

    def _freely(self, expr: Expr) -> Truth:
        free = self.free(expr)
        assert isinstance(free, Truth)
        return free

    # ---- what they give

    def givings(self, statement: Statement, outcome: str) -> list[Giving]:
        """The ways in which a statement gives an outcome a value, exceptions counted."""
        if isinstance(statement, Table):
            return self._of_rows(statement, outcome)
        return [
            Giving(
                statement, branch.number, partial(self._spoken, statement, place, outcome),
                partial(self.along, statement, partial(self.value, give.value)),
            )
            for place, branch in enumerate(statement.branches)
            for give in branch.gives
            if give.outcome == outcome
        ]  # fmt: skip

    def _spoken(self, rule: Rule, place: int, outcome: str) -> Truth:
        """Where a branch goes and no exception silences it."""
        return all_of([self.branches(rule)[place], negated(self.silenced(rule, outcome))])

    def _of_rows(self, table: Table, outcome: str) -> list[Giving]:
        decides = next(each for each in table.decides if each.outcome == outcome)
        cells = (*decides.cells, *([decides.default] if table.has_default else []))
        value = cache(lambda cell: self.along(table, partial(self.value, decides.values[cell])))
        return [
            Giving(table, place + 1, partial(self._row_spoken, table, place, outcome), partial(value, cell))
            for place, cell in enumerate(cells)
            if cell != NONE
        ]

    def _row_spoken(self, table: Table, place: int, outcome: str) -> Truth:
        silent = [self.silenced(table, outcome), self.condition(table, table.unless)]
        return all_of([self.row(table, place), *map(negated, silent)])

    def otherwise(self, table: Table, decides: Decides) -> Giving | None:
        """What the default row of a table gives an outcome; None where it gives nothing."""
        if not table.has_default or decides.default == NONE:
            return None
        value, last = partial(self.value, decides.values[decides.default]), len(table.lines)
        return Giving(table, last, partial(self.row, table, last - 1), partial(self.along, table, value))

    # ---- what becomes of the outcomes

    def of_rules(self, expr: Decided | OutcomeGiven | Applies) -> Meaning:
        match expr:
            case Applies(rule, keys):
                return self.applies(rule, keys)
            case Decided(outcome, item) | OutcomeGiven(outcome, item) if item not in (None, Item(self.each)):
                return self.free(expr)
            case Decided(outcome):
                found = self.decided(outcome)
                return found[0] if found is not None else self.free(expr)
            case OutcomeGiven(outcome):
                found = self.decided(outcome)
                return found[1] if found is not None else self.free(expr)

    def decided(self, key: str) -> tuple[Meaning, Truth] | None:
        """The value of an outcome and whether it has one; None where that has no formula."""
        slot = self.outcomes[key]
        if key not in self._outcomes:
            self._outcomes[key] = self._combined(slot) if slot.each == self.each else None
        return self._outcomes[key] if slot.each == self.each else None

    def _combined(self, slot: OutcomeSlot) -> tuple[Meaning, Truth] | None:
        """What rules and tables give together, or its default; anything where it is not settled which of them apply."""
        found = self.total(slot)
        default = constant(slot.default, self.variables) if slot.default is not None else None
        if found is None or type(default or found[0].value) is not type(found[0].value):
            return None
        made = self._with_default(found[0], default, slot)
        return made if found[1] is True else self._where(found[1], *made)

    def total(self, slot: OutcomeSlot) -> tuple[Way, Term] | None:
        """What rules and tables give together, and where it is settled which of them apply; None: it has no formula."""
        givers = [each for each in self.plan.statements if gives(each, slot.key)]
        given = [(giver, self.givings(giver, slot.key)) for giver in givers if giver.each == slot.each]
        ways = [way for giver, own in given for way in self._contributed(giver, own)]
        known = None if None in ways else combined(slot.combine, [way for way in ways if way is not None])
        if known is None or len(given) < len(givers):
            return None
        return known, both(each.fires.settled for _, own in given for each in own)

    def _with_default(self, way: Way, default: Meaning | None, slot: OutcomeSlot) -> tuple[Meaning, Truth]:
        """The value of an outcome, its default where nothing applies; and whether it has one."""
        some, value = way
        none = opposite(some)
        if isinstance(value, Truth):
            other = default if isinstance(default, Truth) else Truth(False, False)
            yes = either([both([some, value.yes]), both([none, other.yes])])
            value = Truth(yes, either([both([some, value.no]), both([none, other.no])]))
            return value, Truth(value.settled, none if default is None else False)
        known = both([some, value.known])
        if isinstance(default, Value):
            value, known = value._replace(term=picked(some, value.term, default.term)), picked(some, value.known, True)
        known = both([known, *self._inside(slot, value.term)])
        return value._replace(known=known), Truth(known, none if default is None else False)

    def _where(self, settled: Term, value: Meaning, given: Truth) -> tuple[Meaning, Truth]:
        """The same where that is settled, elsewhere anything."""
        if isinstance(value, Truth):
            return self._truth_where(settled, value), self._truth_where(settled, given)
        free = self.free_value(value.kind)
        term, known = picked(settled, value.term, free.term), picked(settled, value.known, free.known)
        return value._replace(term=term, known=known), self._truth_where(settled, given)

    def _truth_where(self, settled: Term, truth: Truth) -> Truth:
        free = self.free_truth()
        return Truth(picked(settled, truth.yes, free.yes), picked(settled, truth.no, free.no))

    def _contributed(self, giver: Statement, given: Sequence[Giving]) -> Iterator[Way | None]:
        """What a rule or a table gives to an outcome, a table one value; None where that has no formula."""
        if {each.value.kind for each in given if isinstance(each.value, Value)} & set(NO_VALUES):
            yield None
            return
        ways = [Way(each.fires.yes, each.value) for each in given]
        yield from ways if isinstance(giver, Rule) or len(ways) < 2 else [combined(giver.combine, ways)]

    def _inside(self, slot: OutcomeSlot, term: Term) -> Iterator[Term]:
        """That a value is within the bounds of the outcome: elsewhere it is an error."""
        ends = (slot.bounds.low, slot.bounds.high) if slot.bounds is not None else (None, None)
        low, high = (constant(end, self.variables) if end is not None else None for end in ends)
        if isinstance(low, Value):
            yield term >= low.term
        if isinstance(high, Value):
            yield term <= high.term


def _always() -> None:
    """Nothing ends it."""


def _targets(branch: Branch) -> set[str]:
    return {*(give.outcome for give in branch.gives), *(do.action for do in branch.does)}


def gives(statement: Statement, outcome: str) -> bool:
    """Whether a statement may give an outcome a value."""
    if isinstance(statement, Table):
        return any(each.outcome == outcome for each in statement.decides)
    return any(give.outcome == outcome for branch in statement.branches for give in branch.gives)
