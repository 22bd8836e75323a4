"""Expressions of the plan in, formulas of z3 out: they have the values that the interpreter gives.

All facts that are not optional are given. Arithmetic is exact where the interpreter keeps 34 digits. What has no
formula (texts that are put together, lists, calendars, the wall clock) is a variable of its own, the same for equal
expressions: what holds whatever its value is proven, and a case that rests on it must be tried out.
"""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import z3

from rulec.analysis.dates import FIRST, LAST, Calendar, weekday
from rulec.analysis.logic import (
    FALSE,
    Term,
    Truth,
    Value,
    all_of,
    any_of,
    both,
    certain,
    count_of,
    either,
    first_truth,
    first_value,
    known_if,
    negated,
    opposite,
)
from rulec.analysis.variables import Variables, constant
from rulec.plan.kinds import Kinds, kind_of_type
from rulec.plan.tree import (
    All,
    AnyOf,
    Applies,
    Arithmetic,
    Choose,
    Compare,
    Const,
    Count,
    DatePart,
    Decided,
    Defined,
    DefinedGiven,
    Elapsed,
    Expr,
    Extreme,
    Fact,
    Given,
    In,
    Item,
    Member,
    MemberGiven,
    Not,
    OutcomeGiven,
    Plan,
    Round,
    Shift,
    TextTest,
    Today,
)
from rulec.runtime.calculate import MOST_SHIFT

Meaning = Truth | Value
NO_VALUES = ("list", "record")  # kinds that are not compared
_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "lt": operator.lt, "le": operator.le, "eq": operator.eq, "ne": operator.ne, "ge": operator.ge, "gt": operator.gt,
}  # fmt: skip
NOTHING = Value("", z3.IntVal(0), True, False)


class Translator:
    """Translates the expressions of one plan.

    `each`: the list of which an element is decided on. `exact`: whether everything so far had a formula.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan, self.variables = plan, Variables(plan)
        self.calendar = Calendar(self.variables.fresh, self.variables.sides.append)
        self.definitions = {each.key: each for each in plan.definitions}
        self.each, self.exact, self._kinds = "", True, Kinds(plan)
        self._free, self._defined = dict[tuple[str, Expr], Meaning](), dict[tuple[str, str], Meaning]()

    def truth(self, expr: Expr) -> Truth:
        """A condition."""
        found = self.value(expr)
        assert isinstance(found, Truth)
        return found

    def value(self, expr: Expr) -> Meaning:
        """A condition, or a value of any kind."""
        match expr:
            case Const(value):
                known = constant(value, self.variables)
                return known if known is not None else self.free(expr)
            case Fact(path):
                return self._read(path, expr)
            case Member(Item(name), key) if name and name == self.each:
                return self._read(f"{name}[].{key}", expr)
            case Given(path):
                return certain(opposite(self.variables.of(path).absent))
            case MemberGiven(Item(name), key, _) if name and name == self.each:
                return certain(opposite(self.variables.of(f"{name}[].{key}").absent))
            case Today():
                return Value("date", self.variables.today)
            case Not(item):
                return negated(self.truth(item))
            case All(items):
                return all_of([self.truth(item) for item in items])
            case AnyOf(items):
                return any_of([self.truth(item) for item in items])
            case Count(low, high, items):
                return count_of(low, high, [self.truth(item) for item in items])
            case Compare() | In() | TextTest():
                return self._test(expr)
            case Choose(cases, otherwise):
                return self._choose(cases, otherwise)
            case Defined(key):
                return self._read_definition(key, expr)
            case DefinedGiven(key):
                value = self.definition(key)
                return known_if(value.known, value.given) if isinstance(value, Value) else certain(True)
            case Decided() | OutcomeGiven() | Applies():
                return self.of_rules(expr)
            case _:
                return self._calculated(expr)

    def of_rules(self, expr: Decided | OutcomeGiven | Applies) -> Meaning:
        """What a condition reads of other rules."""
        return self.free(expr)

    def free(self, expr: Expr) -> Meaning:
        """A variable of its own, which may be unknown."""
        key, self.exact = (self.each, expr), False
        if key not in self._free:
            self._kinds.along(self.each)
            kind = self._kinds.of(expr)
            if kind == "yes":
                self._free[key] = self.free_truth()
            else:
                self._free[key] = self.free_value(kind)
        return self._free[key]

    def free_truth(self) -> Truth:
        """A condition of which nothing is known."""
        self.exact = False
        yes, no = self.variables.fresh("yes", z3.Bool), self.variables.fresh("no", z3.Bool)
        self.variables.sides.append(z3.Not(z3.And(yes, no)))
        return Truth(yes, no)

    def free_value(self, kind: str) -> Value:
        """A value of which nothing is known."""
        self.exact = False
        held = self.variables.fresh("value", z3.Real if kind == "number" else z3.Int)
        return Value(kind, held, self.variables.fresh("known", z3.Bool))

    def definition(self, key: str) -> Meaning:
        """What a definition stands for, nothing included."""
        place = (self.each, key)
        if place not in self._defined:
            around, self.each = self.each, ""
            try:
                self._defined[place] = self.value(self.definitions[key].value)
            finally:
                self.each = around
        return self._defined[place]

    def _read_definition(self, key: str, expr: Expr) -> Meaning:
        value = self.definition(key)
        if isinstance(value, Truth):
            return value
        return value._replace(known=both([value.known, value.given]), given=True) if value.kind else self.free(expr)

    def _read(self, path: str, expr: Expr) -> Meaning:
        kind = kind_of_type(self.variables.slot(path).type)
        return self.free(expr) if kind in NO_VALUES else self.variables.read(path)

    def _choose(self, cases: tuple[tuple[Expr, Expr], ...], otherwise: Expr | None) -> Meaning:
        chosen = [(self.truth(condition), self.value(value)) for condition, value in cases]
        last = NOTHING if otherwise is None else self.value(otherwise)
        if isinstance(last, Truth) or (chosen and isinstance(chosen[0][1], Truth)):
            truths = [(condition, value) for condition, value in chosen if isinstance(value, Truth)]
            return first_truth(truths, last if isinstance(last, Truth) else FALSE)
        return first_value([(condition, value) for condition, value in chosen if isinstance(value, Value)], last)

    # ---- tests

    def _test(self, expr: Compare | In | TextTest) -> Truth:
        found: Truth | None = None
        match expr:
            case Compare(compared, left, right):
                found = self._compare(compared, self.value(left), self.value(right))
            case In(item, values):
                value = self.value(item)
                found = self.among(value, values)
            case TextTest(test, Fact(path), pattern, exact) if kind_of_type(self.variables.slot(path).type) == "text":
                found = self.variables.tested(path, test, pattern, exact)
            case _:
                pass
        if found is None:
            free = self.free(expr)
            assert isinstance(free, Truth)
            return free
        return found

    def _compare(self, compared: str, left: Meaning, right: Meaning) -> Truth | None:
        if isinstance(left, Truth) or isinstance(right, Truth):
            if not (isinstance(left, Truth) and isinstance(right, Truth)) or compared not in ("eq", "ne"):
                return None
            same = Truth(
                either([both([left.yes, right.yes]), both([left.no, right.no])]),
                either([both([left.yes, right.no]), both([left.no, right.yes])]), left.sure and right.sure,
            )  # fmt: skip
            return same if compared == "eq" else negated(same)
        if left.kind != right.kind or left.kind in NO_VALUES or (left.kind == "text" and compared not in ("eq", "ne")):
            return None
        return known_if(both([left.known, right.known]), _COMPARED[compared](left.term, right.term))

    def among(self, value: Meaning, values: tuple[object, ...]) -> Truth | None:
        """Whether a value is one of some."""
        if isinstance(value, Truth):
            yes = [term for term, held in ((value.yes, True), (value.no, False)) if held in values]
            no = [term for term, held in ((value.yes, True), (value.no, False)) if held not in values]
            return Truth(either(yes), either(no), value.sure)
        known = [constant(each, self.variables) for each in values]
        same = [each for each in known if isinstance(each, Value) and each.kind == value.kind]
        if value.kind in NO_VALUES or len(same) < len(values):
            return None
        return known_if(value.known, either([value.term == each.term for each in same]))

    # ---- what is calculated

    def _calculated(self, expr: Expr) -> Meaning:
        found: Value | None = None
        match expr:
            case Arithmetic(name, left, right):
                found = self._lifted(lambda one, other: _arithmetic(name, one, other), left, right, kind="number")
            case Round(item, step, mode):
                found = self._lifted(lambda one: (True, _rounded(one, step, mode)), item, kind="number")
            case Extreme(which, items):
                found = self._lifted(lambda *terms: (True, _extreme(which, terms)), *items, kind="number")
            case DatePart(part, day):
                found = self._lifted(
                    lambda one: (True, z3.ToReal(self._part(part, one))), day, of="date", kind="number"
                )  # fmt: skip
            case Elapsed(unit, start, end):
                found = self._lifted(
                    lambda one, other: (True, z3.ToReal(self._elapsed(unit, one, other))), start, end, of="date",
                    kind="number",
                )  # fmt: skip
            case Shift(day, amount, unit):
                found = self._shift(self.value(day), self.value(amount), unit)
            case _:
                pass
        return found if found is not None else self.free(expr)

    def _lifted(
        self, function: Callable[..., tuple[Term, Term] | None], *items: Expr, kind: str, of: str = "number"
    ) -> Value | None:  # fmt: skip
        """What a function makes of values of one kind; None where they are of another, or it has no formula."""
        values = [self.value(item) for item in items]
        plain = [value for value in values if isinstance(value, Value) and value.kind == of]
        made = function(*(value.term for value in plain)) if len(plain) == len(values) else None
        if made is None:
            return None
        return Value(kind, made[1], both([*(value.known for value in plain), made[0]]))

    def _part(self, part: str, day: Term) -> Term:
        if part == "weekday":
            return weekday(day)
        civil = self.calendar.civil(day)
        return (civil.month + 2) / 3 if part == "quarter" else getattr(civil, part)

    def _elapsed(self, unit: str, start: Term, end: Term) -> Term:
        if unit == "day":
            return end - start
        months = self.calendar.months(start, end)
        return months if unit == "month" else z3.If(months < 0, -((-months) / 12), months / 12)

    def _shift(self, day: Meaning, amount: Meaning, unit: str) -> Value | None:
        if not isinstance(day, Value) or not isinstance(amount, Value) or (day.kind, amount.kind) != ("date", "number"):
            return None
        count = z3.ToInt(amount.term)
        whole = z3.And(z3.IsInt(amount.term), amount.term <= MOST_SHIFT, amount.term >= -MOST_SHIFT)
        moved = day.term + count if unit == "day" else self.calendar.moved(day.term, count, unit == "month_end")
        inside = z3.And(moved >= FIRST, moved <= LAST)
        return Value("date", moved, both([day.known, amount.known, whole, inside]))


def _arithmetic(name: str, left: Term, right: Term) -> tuple[Term, Term] | None:
    """Where there is a result, and the result."""
    match name:
        case "add":
            return True, left + right
        case "sub":
            return True, left - right
        case "mul":
            return True, left * right
        case "div":
            return right != 0, left / right
        case _:
            return None


def _rounded(value: Term, step: Decimal, mode: str) -> Term:
    part = value / z3.RealVal(format(step, "f"))
    half = z3.Q(1, 2)
    match mode:
        case "up":
            count = -z3.ToInt(-part)
        case "down":
            count = z3.ToInt(part)
        case _:
            count = z3.If(part >= 0, z3.ToInt(part + half), -z3.ToInt(-part + half))
    return z3.ToReal(count) * z3.RealVal(format(step, "f"))


def _extreme(which: str, terms: tuple[Term, ...]) -> Term:
    best = terms[0]
    for term in terms[1:]:
        best = z3.If(term < best if which == "min" else term > best, term, best)
    return best
