"""A plan and facts in, a decision out: the executable specification, which every other backend must agree with."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import cast

from rulec.backends.outline import outline_of
from rulec.plan.order import steps_of
from rulec.plan.tree import (
    Aggregate,
    All,
    AnyOf,
    Applies,
    Arithmetic,
    Branch,
    Choose,
    Collect,
    Column,
    Compare,
    Const,
    Contains,
    Count,
    CountWhere,
    DatePart,
    DayOf,
    Decided,
    Defined,
    DefinedGiven,
    Definition,
    Distinct,
    Elapsed,
    Expr,
    Extreme,
    Fact,
    Filter,
    Given,
    Holiday,
    In,
    Item,
    Join,
    Member,
    MemberGiven,
    Not,
    OutcomeGiven,
    Oversight,
    Piece,
    Plan,
    Promise,
    Round,
    Rule,
    Same,
    Shift,
    Sorted,
    Table,
    Take,
    TextTest,
    TimeOf,
    Today,
    WorkingElapsed,
    WorkingShift,
)
from rulec.runtime.calculate import (
    COMPARISONS,
    date_part,
    day_of,
    elapsed,
    greatest,
    least,
    rounded,
    shifted,
    time_of,
)
from rulec.runtime.course import Course, Reached
from rulec.runtime.decision import Decision
from rulec.runtime.errors import Details, place_of, place_of_definition
from rulec.runtime.kleene import NOTHING, Truth, Unknown, all_of, any_of, chosen, count_of, lifted, negate
from rulec.runtime.lists import (
    aggregated,
    collected,
    contains,
    count_where,
    each_once,
    filtered,
    is_same,
    sorted_by,
    take,
)
from rulec.runtime.outline import Outline
from rulec.runtime.powers import OPERATORS
from rulec.runtime.tables import NONE, Cell
from rulec.runtime.texts import joined, piece, text_test


def interpret(plan: Plan, facts: Mapping[str, object], at: date) -> Decision:
    """The decision for these facts (path → value as `runtime.types` holds it), at a date or an aware datetime.

    Raises FactsError for facts that break an assumption.
    """
    course = Course(outline_of(plan), facts, at)
    for step in steps_of(plan):
        if isinstance(step, Definition):
            place = place_of_definition(step.names[-1], step.file, step.line)
            course.define(step.key, _Reader(course, place).value(step.value))
        elif isinstance(step, Promise):
            place = place_of(step.text, step.file, step.line)
            course.promise(step.id, _Reader(course, place).truth(step.condition))
        elif isinstance(step, Oversight):
            place = place_of(step.text, step.file, step.line)
            course.oversee(step.id, _Reader(course, place).value(step.level))
        else:
            for stage in course.along(step.each):
                _Reader(stage, place_of(step.title, step.file, step.line), step.each).enter(step)
    return course.decision()


class Tester:
    """Asks about single expressions, of the whole decision, that read facts and the date alone."""

    def __init__(self, outline: Outline, at: date = date.min) -> None:
        self._course = Course(outline, {}, at)
        self._reader = _Reader(self._course, ())

    def holds(self, condition: Expr, facts: Mapping[str, object]) -> Truth:
        """Whether a condition holds for these facts."""
        self._course.facts = facts
        return self._reader.truth(condition)

    def constant(self, expr: Expr) -> object:
        """The value of an expression that reads no fact."""
        return self._reader.value(expr)


class _Reader:
    """Reads the expressions of one rule, table or definition: a value, or `Unknown`."""

    def __init__(self, course: Course, place: Details, each: str = "") -> None:
        self.course, self.place = course, place
        self.zone = course.outline.zone
        self.items: dict[str, object] = {each: course.element}

    def enter(self, rule: Rule | Table) -> None:
        """Tell the course what a rule gives."""
        if isinstance(rule, Table):
            self.enter_table(rule)
            return
        branches = [self.branch(branch) for branch in rule.branches]
        self.course.enter(rule.id, self.truth(rule.unless), branches)

    def enter_table(self, table: Table) -> None:
        """Walk the rows, one after the other."""
        tests = [self.column(column) for column in table.columns]
        columns = list(zip(tests, (column.cells for column in table.columns), strict=True))
        truths = (
            all_of(held[cells[row]] for held, cells in columns if cells[row] != NONE)
            for row in range(len(table.lines) - table.has_default)
        )
        rows = [(row, truth) for row, truth in enumerate(truths) if truth is not False]
        values = {each.outcome: partial(self.one_of, each.values) for each in table.decides}
        self.course.enter_table(table.id, self.truth(table.unless), rows, values)

    def column(self, column: Column) -> list[Truth]:
        """Whether each test of a column holds."""
        value = self.value(column.input)
        return [
            cast(Truth, lifted(self.place, test.holds, value)) if isinstance(test, Cell) else self.truth(test)
            for test in column.tests
        ]

    def one_of(self, values: tuple[Expr, ...], number: int) -> object:
        """The value of that number."""
        return self.value(values[number])

    def branch(self, branch: Branch) -> Reached:
        """A branch, everything in it read."""
        gives = {give.outcome: self.value(give.value) for give in branch.gives}
        does = [(do.action, tuple((key, self.value(expr)) for key, expr in do.parameters)) for do in branch.does]
        return Reached(branch.number, self.truth(branch.condition), gives, does)

    def truth(self, expr: Expr) -> Truth:
        """The truth of a condition."""
        value = self.value(expr)
        return value if isinstance(value, Unknown) else bool(value)

    def value(self, expr: Expr) -> object:
        """The value of any expression."""
        match expr:
            case Const(value):
                return value
            case Fact(path):
                return self.course.fact(path)
            case Given(path):
                return self.course.given(path)
            case Decided(outcome, item) if item is not None:
                return self.course.decided_of(self.value(item), outcome, self.place)
            case Decided(outcome):
                return self.course.decided(outcome, self.place)
            case OutcomeGiven(outcome, item) if item is not None:
                return self.course.given_of(self.value(item), outcome, self.place)
            case OutcomeGiven(outcome):
                return self.course.outcome_given(outcome, self.place)
            case Applies(rule, keys):
                return self.course.applies(rule, keys)
            case Choose(cases, otherwise):
                pairs = [(self.value(condition), self.value(value)) for condition, value in cases]
                return chosen(pairs, NOTHING if otherwise is None else self.value(otherwise))
            case Defined(key):
                return self.course.defined(key, self.place)
            case DefinedGiven(key):
                return self.course.defined_given(key)
            case Not(item):
                return negate(self.value(item))
            case All(items):
                return all_of(map(self.value, items))
            case AnyOf(items):
                return any_of(map(self.value, items))
            case Count(low, high, items):
                return count_of(low, high, map(self.value, items))
            case Item(name):
                return self.items[name]
            case Member(item, key):
                return self.course.member(self.value(item), key)
            case MemberGiven(item, key, optional):
                return self.course.member_given(self.value(item), key, optional)
            case Filter(name, source, condition):
                return filtered(self.value(source), self.of_each(name, condition))
            case Collect(name, source, value):
                return collected(self.value(source), self.of_each(name, value))
            case CountWhere(low, high, name, source, condition):
                return count_where(low, high, self.value(source), self.of_each(name, condition))
            case Sorted(name, source, key, descending):
                return sorted_by(self.value(source), self.of_each(name, key), descending)
            case _:
                return self.calculated(expr)

    def of_each(self, name: str, expr: Expr) -> Callable[[object], object]:
        """The value of an expression for an element of that name."""

        def value(element: object) -> object:
            around = self.items
            self.items = {**around, name: element}
            try:
                return self.value(expr)
            finally:
                self.items = around

        return value

    def calculated(
        self,
        expr: Today | Compare | In | TextTest | DatePart | DayOf | TimeOf | Holiday | Arithmetic | Shift | Elapsed
        | WorkingShift | WorkingElapsed | Round | Extreme | Join | Piece | Aggregate | Distinct | Take | Contains
        | Same,
    ) -> object:  # fmt: skip
        """The value of what has one only where all its operands are known."""
        match expr:
            case Today():
                return lifted(self.place, self.course.today)
            case Compare(operator, left, right):
                return self.lifted(COMPARISONS[operator], left, right)
            case In(item, values):
                return self.lifted(values.__contains__, item)
            case TextTest(test, text, pattern, exact):
                return self.lifted(lambda known: text_test(test, exact, known, pattern), text)
            case DatePart(part, day):
                return self.lifted(lambda known: date_part(part, known, self.zone), day)
            case DayOf(moment):
                return self.lifted(lambda known: day_of(known, self.zone), moment)
            case TimeOf(moment):
                return self.lifted(lambda known: time_of(known, self.zone), moment)
            case Holiday(calendar, day):
                return self.lifted(lambda known: self.course.holiday(calendar, known), day)
            case Arithmetic(operator, left, right):
                return self.lifted(OPERATORS[operator], left, right)
            case Shift(day, amount, unit):
                return self.lifted(lambda start, by: shifted(start, by, unit, self.zone), day, amount)
            case Elapsed(unit, start, end):
                return self.lifted(lambda one, other: elapsed(unit, one, other, self.zone), start, end)
            case WorkingShift(calendar, week, day, amount):
                return self.lifted(partial(self.course.working_shift, calendar, week), day, amount)
            case WorkingElapsed(calendar, week, start, end):
                return self.lifted(partial(self.course.working_elapsed, calendar, week), start, end)
            case Round(item, step, mode):
                return self.lifted(lambda known: rounded(known, step, mode), item)
            case Extreme(which, items):
                return self.lifted(least if which == "min" else greatest, *items)
            case Join(items):
                return self.lifted(joined, *items)
            case Piece(end, text, count):
                return self.lifted(lambda known, length: piece(end, known, length), text, count)
            case Aggregate(how, source):
                return self.lifted(lambda known: aggregated(how, known), source)
            case Distinct(source):
                return self.lifted(each_once, source)
            case Take(count, source, skip, last):
                return self.lifted(lambda number, known: take(number, known, skip, last), count, source)
            case Same(left, right):
                return self.lifted(is_same, left, right)
            case Contains(source, item):
                return self.lifted(contains, source, item)

    def lifted(self, function: Callable[..., object], *operands: Expr) -> object:
        """The function of the operands' values."""
        return lifted(self.place, function, *map(self.value, operands))
