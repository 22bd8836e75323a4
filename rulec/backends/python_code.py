"""A plan in, Python source out: for each rule a function for the fast path, and one in full Kleene logic.

Names are made from numbers only. No expression nests deeper than `DEEPEST`: what is below gets a function of its own
on the fast path, and each expression a variable of its own on the full path.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import cast

from rulec.backends.outline import outline_of
from rulec.backends.python_text import python_text
from rulec.plan.order import Step, steps_of
from rulec.plan.tree import (
    Aggregate,
    All,
    AnyOf,
    Applies,
    Arithmetic,
    Branch,
    Choose,
    Collect,
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
from rulec.runtime.errors import Details, place_of, place_of_definition
from rulec.runtime.sheet import Sheet, Tests
from rulec.runtime.tables import Cell
from rulec.runtime.types import Slot
from rulec.tree import children

DEEPEST = 30
MOST_CASES = 8  # of a choice in one expression
IMPORTS = """\
from datetime import date, datetime, time
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne

from rulec.runtime.calculate import date_part, day_of, elapsed, exact_add, exact_div, exact_mul, exact_sub
from rulec.runtime.calculate import greatest, least, rounded, shifted, time_of
from rulec.runtime.course import Reached
from rulec.runtime.kleene import NOTHING, all_of, any_of, chosen, count_of, lifted, negate
from rulec.runtime.lists import aggregated, collected, contains, count_where, each_once, filtered, is_same
from rulec.runtime.lists import sorted_by, take
from rulec.runtime.outline import Outline, RuleSlot
from rulec.runtime.powers import exact_pow, exact_root
from rulec.runtime.promises import PromiseSlot
from rulec.runtime.supervision import OversightSlot
from rulec.runtime.sheet import Sheet, Tests
from rulec.runtime.tables import OneOf, Output, TableSlot, Within
from rulec.runtime.texts import joined, piece, text_test
from rulec.runtime.types import (
    ActionSlot, Amount, Bounds, Choice, Date, DateTime, Duration, ListOf, Number, Option, OutcomeSlot, Percentage,
    Quantity, Rate, Record, Slot, Text, Time, YesNo,
)
"""
_SIGNS = {"lt": "<", "le": "<=", "eq": "==", "ne": "!=", "ge": ">=", "gt": ">"}
_Calculated = (
    Today
    | Compare
    | In
    | TextTest
    | DatePart
    | DayOf
    | TimeOf
    | Holiday
    | Arithmetic
    | Shift
    | Elapsed
    | WorkingShift
    | WorkingElapsed
    | Round
    | Extreme
    | Join
    | Piece
    | Aggregate
    | Distinct
    | Take
    | Contains
    | Same
)
_Listing = Filter | Collect | CountWhere | Sorted
_NoConst = (
    Fact | Given | Decided | OutcomeGiven | Not | All | AnyOf | Count | Applies | Today | Compare | In | TextTest
    | DatePart | DayOf | TimeOf | Holiday | Arithmetic | Shift | Elapsed | WorkingShift | WorkingElapsed
    | Round | Extreme | Choose | Defined | DefinedGiven | Join | Piece | Member | MemberGiven | Aggregate | Distinct
    | Take | Contains | Same
)  # fmt: skip


def fast_code(plan: Plan) -> str:
    """Definition of FAST: functions of the facts and a `Direct`, in the order of evaluation."""
    return _code(plan, _Fast(plan, "c"), "FAST", "q")


def full_code(plan: Plan) -> str:
    """Definition of FULL: functions of a `Course`, in the order of evaluation."""
    return _code(plan, _Full(plan, "d"), "FULL", "k")


class StepCode:
    """Writes the function of one step at a time, named by its number; `is_full`: of a `Course`."""

    def __init__(self, plan: Plan, is_full: bool) -> None:
        self._steps = list(steps_of(plan))
        self._writer: _Writer = _Full(plan, "d") if is_full else _Fast(plan, "c")

    def text(self, number: int, name: str) -> str:
        """The function of that step, under that name, and the constants that no text before it defined."""
        lines = self._writer.step(self._steps[number], name)
        return "\n".join([*self._writer.constants.lines(), *lines, ""])


def sheets_of(plan: Plan) -> dict[str, Sheet]:
    """The sheets of the tables, by the names that the code gives them."""
    return {f"t{at}": _sheet(table) for at, table in enumerate(plan.tables)}


def sheets_code(plan: Plan) -> str:
    """Definitions of the sheets."""
    return "".join(
        f"{name} = Sheet({sheet.size}, {python_text(tuple(sheet.columns))}, {python_text(tuple(sheet.values))})\n"
        for name, sheet in sheets_of(plan).items()
    )


def _sheet(table: Table) -> Sheet:
    columns = [
        Tests(tuple(test if isinstance(test, Cell) else None for test in column.tests), column.cells)
        for column in table.columns
    ]
    values = [
        tuple(value.value if isinstance(value, Const) else None for value in decided.values)
        for decided in table.decides
    ]
    return Sheet(len(table.lines) - table.has_default, columns, values)


def outline_code(plan: Plan) -> str:
    """Definition of OUTLINE."""
    return f"OUTLINE = {python_text(outline_of(plan))}\n"


def _code(plan: Plan, writer: "_Writer", name: str, letter: str) -> str:
    steps = list(steps_of(plan))
    functions = [f"{letter}{number}" for number in range(len(steps))]
    lines = [line for step, function in zip(steps, functions, strict=True) for line in writer.step(step, function)]
    return "\n".join([*writer.constants.lines(), *lines, f"{name} = [{', '.join(functions)}]", ""])


def _calculated(table: Table) -> Iterator[tuple[str, Expr]]:
    """What the sheet of a table does not hold: by column or outcome, and number."""
    for at, column in enumerate(table.columns):
        yield from ((f"{at}, {n}", each) for n, each in enumerate(column.tests) if not isinstance(each, Cell))
    for decided in table.decides:
        key = repr(decided.outcome)
        yield from ((f"{key}, {n}", each) for n, each in enumerate(decided.values) if not isinstance(each, Const))


class _Constants:
    """The values that have a name of their own, made of a letter and a number."""

    def __init__(self, letter: str) -> None:
        self._letter, self._names, self._told = letter, dict[str, str](), 0

    def text(self, value: object) -> str:
        """The text that stands for the value."""
        text = python_text(value)
        if isinstance(value, (bool, str)):
            return text
        return self._names.setdefault(text, f"{self._letter}{len(self._names)}")

    def lines(self) -> list[str]:
        """The definitions of those that are new since this was last asked."""
        new = list(islice(self._names.items(), self._told, None))
        self._told = len(self._names)
        return [f"{name} = {text}" for text, name in new]


def _call(expr: _Calculated, given: Sequence[str], zone: str, constants: _Constants) -> tuple[str, Sequence[str]]:
    """The function that calculates the expression and the texts of its arguments; `given`: those of its operands."""
    match expr:
        case Today():
            return "s.today", given
        case Compare(operator):
            return operator, given
        case In(_, values):
            return f"{constants.text(values)}.__contains__", given
        case TextTest(test, _, pattern, exact):
            return "text_test", (repr(test), repr(exact), *given, repr(pattern))
        case DatePart(part):
            return "date_part", (repr(part), *given, repr(zone))
        case DayOf():
            return "day_of", (*given, repr(zone))
        case TimeOf():
            return "time_of", (*given, repr(zone))
        case Holiday(calendar):
            return "s.holiday", (repr(calendar), *given)
        case Arithmetic(operator):
            return f"exact_{operator}", given
        case Shift(_, _, unit):
            return "shifted", (*given, repr(unit), repr(zone))
        case Elapsed(unit):
            return "elapsed", (repr(unit), *given, repr(zone))
        case WorkingShift(calendar, week):
            return "s.working_shift", (repr(calendar), str(week), *given)
        case WorkingElapsed(calendar, week):
            return "s.working_elapsed", (repr(calendar), str(week), *given)
        case Round(_, step, mode):
            return "rounded", (*given, constants.text(step), repr(mode))
        case Extreme(which):
            return "least" if which == "min" else "greatest", given
        case Join():
            return "joined", given
        case Piece(end):
            return "piece", (repr(end), *given)
        case Aggregate(how):
            return "aggregated", (repr(how), *given)
        case Distinct():
            return "each_once", given
        case Take(_, _, skip, last):
            return "take", (*given, str(skip), str(last))
        case Same():
            return "is_same", given
        case Contains():
            return "contains", given


def _within(expr: _Listing) -> Expr:
    """What is calculated for each element."""
    match expr:
        case Filter(_, _, within) | CountWhere(_, _, _, _, within) | Collect(_, _, within):
            return within
        case Sorted(_, _, within):
            return within


def _listing(expr: _Listing, source: str, within: str) -> str:
    """The text of what is asked of a list; `within`: a function of an element."""
    match expr:
        case Filter():
            return f"filtered({source}, {within})"
        case Collect():
            return f"collected({source}, {within})"
        case CountWhere(low, high):
            return f"count_where({low}, {high}, {source}, {within})"
        case Sorted(_, _, _, descending):
            return f"sorted_by({source}, {within}, {descending})"


def _comprehension(expr: _Listing, each: str, source: str, within: str) -> str:
    """The text of what is asked of a list, all being known; `within`: what is calculated for the element `each`."""
    match expr:
        case Filter():
            return f"tuple({each} for {each} in {source} if {within})"
        case Collect():
            return f"tuple({within} for {each} in {source})"
        case CountWhere(low, high):
            end = "" if high is None else f" <= {high}"
            return f"({low} <= sum(1 for {each} in {source} if {within}){end})"
        case Sorted(_, _, _, descending):
            return f"sorted_by({source}, lambda {each}: {within}, {descending})"


def _about(given: Sequence[str], outcome: str) -> str:
    """The text of the decision that an outcome is of; `given`: the element, if any."""
    return f"s.about({given[0]}, {outcome!r})" if given else "s"


def _operands(expr: Expr) -> Iterable[Expr]:
    return cast("Iterable[Expr]", children(expr))


def _pairs(given: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Conditions and values, one after the other."""
    return zip(given[0::2], given[1::2], strict=False)


def _tuple(texts: Iterable[str]) -> str:
    return "(" + "".join(f"{text}, " for text in texts) + ")"


class _Writer(ABC):
    """Writes functions, step by step: what both kinds have in common."""

    def __init__(self, plan: Plan, letter: str) -> None:
        self.tables = {table.id: at for at, table in enumerate(plan.tables)}
        self.zone, self.constants = plan.zone, _Constants(letter)
        self.slots: dict[str, Slot] = {slot.path: slot for slot in plan.facts}
        self.function, self.lines = "", list[str]()
        self.items = dict[str, str]()  # an element by its name in the plan → by its name in the code

    def step(self, step: Step, function: str) -> list[str]:
        """The lines of the function of that name, and of those that it calls."""
        self.function, self.lines = function, []
        if isinstance(step, Definition):
            self.items = {}
            return self.defining(step)
        if isinstance(step, Promise):
            self.items = {}
            return self.promising(step)
        if isinstance(step, Oversight):
            self.items = {}
            return self.overseeing(step)
        self.items = {step.each: "x"} if step.each else {}
        return self.table(step) if isinstance(step, Table) else self.written(step)

    @abstractmethod
    def table(self, table: Table) -> list[str]:
        """The lines of `function` after `lines`, for a table."""

    @abstractmethod
    def apart(self, expr: Expr, table: Table, name: str) -> list[str]:
        """The lines of a function of that name that gives the value of an expression of the table."""

    @abstractmethod
    def arguments(self, table: Table) -> str:
        """What a function of an expression of the table takes."""

    def parts(self, table: Table) -> tuple[list[str], str, str]:
        """What a table calculates besides its sheet: its functions, and the two arguments that call them."""
        lines, named, given = list[str](), f"{self.function}_t", self.arguments(table)
        calls = ""
        for number, (key, expr) in enumerate(_calculated(table)):
            name = f"{named}{number}"
            lines += self.apart(expr, table, name)
            calls += f"({key}): {name}, "
        lines.append(f"{named} = {{{calls}}}")
        values = "".join(
            f"{decided.outcome!r}: lambda n: {named}[{decided.outcome!r}, n]({given}) "
            f"if ({decided.outcome!r}, n) in {named} else {self.sheet(table)}.values[{at}][n], "
            for at, decided in enumerate(table.decides)
        )
        return lines, f"lambda c, n: {named}[c, n]({given})", f"{{{values}}}"

    @abstractmethod
    def written(self, rule: Rule) -> list[str]:
        """The lines of `function`, which enters a rule, after `lines`."""

    @abstractmethod
    def defining(self, definition: Definition) -> list[str]:
        """The lines of `function`, which calculates a definition, after `lines`."""

    @abstractmethod
    def promising(self, promise: Promise) -> list[str]:
        """The lines of `function`, which tells whether a promise is kept, after `lines`."""

    @abstractmethod
    def overseeing(self, oversight: Oversight) -> list[str]:
        """The lines of `function`, which tells how far an agent may go, after `lines`."""

    @abstractmethod
    def value(self, expr: Expr) -> str:
        """The text that stands for a value; `lines` before it define what it needs."""

    def sheet(self, table: Table) -> str:
        """The name of its sheet."""
        return f"t{self.tables[table.id]}"

    def gives(self, branch: Branch) -> str:
        """The outcomes of a branch and their values."""
        return "".join(f"({give.outcome!r}, {self.value(give.value)}), " for give in branch.gives)

    def does(self, branch: Branch) -> str:
        """The actions of a branch and their parameters."""
        return _tuple(
            f"({do.action!r}, {_tuple(f'({key!r}, {self.value(value)})' for key, value in do.parameters)})"
            for do in branch.does
        )


class _Full(_Writer):
    """Writes functions in Kleene logic, which enter a rule into a `Course`: each expression gets a variable."""

    indent = "        "

    def table(self, table: Table) -> list[str]:
        unless = self.value(table.unless)
        inputs = _tuple([self.value(column.input) for column in table.columns])
        own = list(self.lines)
        parts, other, values = self.parts(table)
        self.lines = own
        rows = f"{self.sheet(table)}.perhaps({inputs}, {other})"
        place = place_of(table.title, table.file, table.line)
        entered = f"s.enter_table({table.id!r}, {unless}, {rows}, {values})"
        return [*parts, *self._entered(place, table.each, entered)]

    def arguments(self, table: Table) -> str:
        return "s, x" if table.each else "s"

    def apart(self, expr: Expr, table: Table, name: str) -> list[str]:
        self.lines = []
        value, place = self.value(expr), self.constants.text(place_of(table.title, table.file, table.line))
        head = [f"def {name}({self.arguments(table)}):", f"{self.indent}p = {place}"]
        return [*head, *self.lines, f"{self.indent}return {value}"]

    def written(self, rule: Rule) -> list[str]:
        unless = self.value(rule.unless)
        branches = _tuple(self._branch(branch) for branch in rule.branches)
        place = place_of(rule.title, rule.file, rule.line)
        return self._entered(place, rule.each, f"s.enter({rule.id!r}, {unless}, {branches})")

    def defining(self, definition: Definition) -> list[str]:
        value = self.value(definition.value)
        place = place_of_definition(definition.names[-1], definition.file, definition.line)
        return self._entered(place, "", f"s.define({definition.key!r}, {value})")

    def promising(self, promise: Promise) -> list[str]:
        truth = self.value(promise.condition)
        place = place_of(promise.text, promise.file, promise.line)
        return self._entered(place, "", f"s.promise({promise.id!r}, {truth})")

    def overseeing(self, oversight: Oversight) -> list[str]:
        level = self.value(oversight.level)
        place = place_of(oversight.text, oversight.file, oversight.line)
        return self._entered(place, "", f"s.oversee({oversight.id!r}, {level})")

    def _entered(self, place: Details, each: str, last: str) -> list[str]:
        head = [f"def {self.function}(s):", f"    p = {self.constants.text(place)}", f"    for s in s.along({each!r}):"]
        element = [f"{self.indent}x = s.element"] if each else []
        return [*head, *element, *self.lines, f"{self.indent}{last}"]

    def value(self, expr: Expr) -> str:
        match expr:
            case Const(value):
                return self.constants.text(value)
            case Item(name):
                return self.items[name]
            case Filter() | Collect() | CountWhere() | Sorted():
                source = self.value(expr.source)
                text = _listing(expr, source, self._function(expr.name, _within(expr)))
            case _:
                text = self._text(expr, list(map(self.value, _operands(expr))))
        name = f"v{len(self.lines)}"
        self.lines.append(f"{self.indent}{name} = {text}")
        return name

    def _function(self, name: str, expr: Expr) -> str:
        """A function of an element of that name."""
        around, function, element = self.items, f"g{len(self.lines)}", f"x{len(self.lines)}"
        self.lines.append(f"{self.indent}def {function}({element}):")
        self.items, self.indent = {**around, name: element}, self.indent + "    "
        self.lines.append(f"{self.indent}return {self.value(expr)}")
        self.items, self.indent = around, self.indent[4:]
        return function

    def _branch(self, branch: Branch) -> str:
        condition = self.value(branch.condition)
        return f"Reached({branch.number}, {condition}, dict(({self.gives(branch)})), {self.does(branch)})"

    def _text(self, expr: _NoConst, given: Sequence[str]) -> str:
        match expr:
            case Fact(path):
                return f"s.fact({path!r})"
            case Given(path):
                return f"s.given({path!r})"
            case Decided(outcome):
                return f"s.decided_of({given[0]}, {outcome!r}, p)" if given else f"s.decided({outcome!r}, p)"
            case OutcomeGiven(outcome):
                return f"s.given_of({given[0]}, {outcome!r}, p)" if given else f"s.outcome_given({outcome!r}, p)"
            case Applies(rule, keys):
                return f"s.applies({rule!r}, {keys!r})"
            case Choose(cases):
                otherwise = given[2 * len(cases)] if expr.otherwise else "NOTHING"
                return f"chosen({_tuple(f'({one}, {other})' for one, other in _pairs(given))}, {otherwise})"
            case Defined(key):
                return f"s.defined({key!r}, p)"
            case DefinedGiven(key):
                return f"s.defined_given({key!r})"
            case Member(_, key):
                return f"s.member({given[0]}, {key!r})"
            case MemberGiven(_, key, optional):
                return f"s.member_given({given[0]}, {key!r}, {optional})"
            case Not():
                return f"negate({given[0]})"
            case All():
                return f"all_of({_tuple(given)})"
            case AnyOf():
                return f"any_of({_tuple(given)})"
            case Count(low, high):
                return f"count_of({low}, {high}, {_tuple(given)})"
            case _:
                function, arguments = _call(expr, given, self.zone, self.constants)
                return f"lifted({', '.join(['p', function, *arguments])})"


class _Fast(_Writer):
    """Writes functions in plain Python, which enter a rule into a `Direct` if it applies, all facts being known."""

    def table(self, table: Table) -> list[str]:
        body = [] if table.unless == Const(False) else [f"    if {self.value(table.unless)}: return"]
        inputs = _tuple([self.value(column.input) for column in table.columns])
        parts, other, values = self.parts(table)
        rows = f"{self.sheet(table)}.surely({inputs}, {other})"
        return self._along(table, [*body, f"    s.enter_table({table.id!r}, {rows}, {values})"], parts)

    def arguments(self, table: Table) -> str:
        return "f, s, x" if table.each else "f, s"

    def apart(self, expr: Expr, table: Table, name: str) -> list[str]:
        value = self.value(expr)
        return [f"def {name}({self.arguments(table)}): return {value}"]

    def written(self, rule: Rule) -> list[str]:
        body = [] if rule.unless == Const(False) else [f"    if {self.value(rule.unless)}: return"]
        for branch in rule.branches:
            body.append(f"    if {self.value(branch.condition)}:")
            body.append(f"        s.enter({rule.id!r}, {branch.number}, ({self.gives(branch)}), {self.does(branch)})")
            body.append("        return")
        return self._along(rule, [*body, "    return"])

    def _along(self, rule: Rule | Table, body: Sequence[str], before: Sequence[str] = ()) -> list[str]:
        """A function with that body, called for each element where the rule is one of a list."""
        if not rule.each:
            return [*self.lines, *before, f"def {self.function}(f, s):", *body]
        elements = self.value(Fact(rule.each))
        along = f"    for e in s.along({rule.each!r}, {elements}): {self.function}_e(f, e, e.element)"
        element = [f"def {self.function}_e(f, s, x):", *body]
        return [*self.lines, *before, *element, f"def {self.function}(f, s):", along]

    def defining(self, definition: Definition) -> list[str]:
        value = self.value(definition.value)
        calculate = f"lambda f, s: {value}"
        return [*self.lines, f"def {self.function}(f, s): s.define({definition.key!r}, {calculate}, f)"]

    def promising(self, promise: Promise) -> list[str]:
        truth = self.value(promise.condition)
        return [*self.lines, f"def {self.function}(f, s): s.promise({promise.id!r}, bool({truth}))"]

    def overseeing(self, oversight: Oversight) -> list[str]:
        level = self.value(oversight.level)
        return [*self.lines, f"def {self.function}(f, s): s.oversee({oversight.id!r}, {level})"]

    def value(self, expr: Expr) -> str:
        return self._nested(expr)[0]

    def _nested(self, expr: Expr) -> tuple[str, int]:
        """The text of a value and how deep it nests; what nests too deep becomes a function."""
        match expr:
            case Const(value):
                return self.constants.text(value), 0
            case Item(name):
                return self.items[name], 0
            case Choose(cases) if len(cases) > MOST_CASES:
                return self._cases(expr), 1
            case Filter() | Collect() | CountWhere() | Sorted():
                text, depth = self._listed(expr)
            case _:
                given = list(map(self._nested, _operands(expr)))
                text = self._text(expr, [each for each, _ in given])
                depth = max((below for _, below in given), default=0) + 1
        if depth < DEEPEST:
            return text, depth
        name, arguments = self._called()
        self.lines.append(f"def {name}({arguments}): return {text}")
        return f"{name}({arguments})", 1

    def _called(self) -> tuple[str, str]:
        """The name of a new function, and its arguments."""
        return f"{self.function}_{len(self.lines)}", ", ".join(["f", "s", *self.items.values()])

    def _listed(self, expr: _Listing) -> tuple[str, int]:
        """What is asked of a list, as a comprehension."""
        source, deep = self._nested(expr.source)
        around, each = self.items, f"x{len(self.items)}"
        self.items = {**around, expr.name: each}
        within, deeper = self._nested(_within(expr))
        self.items = around
        return _comprehension(expr, each, source, within), max(deep, deeper) + 1

    def _cases(self, expr: Choose) -> str:
        """A call of a function that tries many cases in turn."""
        body = [f"    if {self.value(condition)}: return {self.value(value)}" for condition, value in expr.cases]
        body.append(f"    return {self.value(expr.otherwise) if expr.otherwise else 'NOTHING'}")
        name, arguments = self._called()
        self.lines += [f"def {name}({arguments}):", *body]
        return f"{name}({arguments})"

    def _text(self, expr: _NoConst, given: Sequence[str]) -> str:
        match expr:
            case Fact(path) if self.slots[path].default is not None:
                return f"f.get({path!r}, {self.constants.text(self.slots[path].default)})"
            case Fact(path):
                return f"f[{path!r}]"
            case Given(path) if self.slots[path].default is not None:
                return "True"
            case Given(path):
                return f"({path!r} in f)" if self.slots[path].optional else f"(f[{path!r}] is not None)"
            case Decided(outcome):
                return f"{_about(given, outcome)}.decided({outcome!r})"
            case OutcomeGiven(outcome):
                return f"{_about(given, outcome)}.outcome_given({outcome!r})"
            case Applies(rule, keys):
                return f"s.applies({rule!r}, {keys!r})"
            case Choose(cases):
                otherwise = given[2 * len(cases)] if expr.otherwise else "NOTHING"
                return f"({''.join(f'{value} if {condition} else ' for condition, value in _pairs(given))}{otherwise})"
            case Defined(key):
                return f"s.defined({key!r})"
            case DefinedGiven(key):
                return f"s.defined_given({key!r})"
            case Member(_, key):
                return f"{given[0]}[{key!r}]"
            case MemberGiven(_, key, optional):
                return f"({key!r} in {given[0]})" if optional else f"({given[0]}[{key!r}] is not None)"
            case Not():
                return f"(not {given[0]})"
            case All():
                return f"({' and '.join(given) or True})"
            case AnyOf():
                return f"({' or '.join(given) or False})"
            case Count(low, high):
                return f"({low} <= sum({_tuple(given)}) <= {high})"
            case Compare(operator):
                return f"({given[0]} {_SIGNS[operator]} {given[1]})"
            case _:
                function, arguments = _call(expr, given, self.zone, self.constants)
                return f"{function}({', '.join(arguments)})"
