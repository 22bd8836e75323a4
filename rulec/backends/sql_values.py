"""Expressions of the plan in, SQL out: NULL is what is unknown, and SQL's AND, OR and NOT are Kleene's.

Nothing said here has no result, so that all that is unknown is missing facts. Numbers are whole, at a known scale.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from rulec.backends.sql_dialects import Dialect, both
from rulec.backends.sql_text import DIGITS, NotInSqlError, Sql, anyone, everyone, extreme, scaled, total
from rulec.plan.tree import (
    All,
    AnyOf,
    Applies,
    Arithmetic,
    Compare,
    Const,
    Count,
    DatePart,
    Defined,
    Expr,
    Extreme,
    Fact,
    Given,
    In,
    Not,
    Plan,
    Round,
    TextTest,
)
from rulec.runtime.calculate import decimals_in
from rulec.runtime.tables import Cell, OneOf, Within

_OPERATORS = {"lt": "<", "le": "<=", "eq": "=", "ne": "<>", "ge": ">=", "gt": ">"}


class Values:
    """Says the expressions of one plan. `facts`: each one's column; `applies`: how to ask whether a rule applies."""

    def __init__(self, plan: Plan, dialect: Dialect, facts: dict[str, Sql], applies: Callable[[Applies], str]) -> None:
        self.dialect, self.facts, self.applies = dialect, facts, applies
        self.slots = {slot.path: slot for slot in plan.facts}
        self.definitions = {each.key: each.value for each in plan.definitions}

    def said(self, expr: Expr) -> Sql:
        """The SQL of an expression; what it refuses is told with the nearest place."""
        try:
            return self._said(expr)
        except NotInSqlError as error:
            raise error if error.span.end else NotInSqlError(expr, error.rule) from None

    def truth(self, expr: Expr) -> str:
        """The SQL of a condition."""
        return self.said(expr).text

    def constant(self, value: object) -> Sql:
        """The SQL of a value."""
        match value:
            case bool():
                return Sql("TRUE" if value else "FALSE", constant=True)
            case Decimal():
                scale = decimals_in(value)
                number = scaled(value, scale) if value.adjusted() + scale < DIGITS else None
                if number is None or scale > DIGITS:
                    raise NotInSqlError
                return Sql(self.dialect.whole(number), scale, len(str(abs(number))), True)
            case str():
                return Sql(self.dialect.text(value), constant=True)
            case date() if not isinstance(value, datetime):
                return Sql(f"DATE '{value.isoformat()}'", constant=True)
            case _:
                raise NotInSqlError

    def _said(self, expr: Expr) -> Sql:
        match expr:
            case Const(value):
                return self.constant(value)
            case Fact(path):
                return self.facts[path]
            case Given(path):
                return Sql(self._given(path))
            case Defined(key):
                return self.said(self.definitions[key])
            case Not(item):
                return Sql(f"(NOT {self.truth(item)})")
            case All(items):
                return Sql(everyone([self.truth(item) for item in items]))
            case AnyOf(items):
                return Sql(anyone([self.truth(item) for item in items]))
            case Count(low, high, items):
                return Sql(self._count(low, high, [self.truth(item) for item in items]))
            case Applies():
                return Sql(self.applies(expr))
            case Compare(operator, left, right):
                return Sql(self._compared(self.said(left), _OPERATORS[operator], self.said(right)))
            case In(item, values):
                return Sql(self.among(self.said(item), [self.constant(value) for value in values]))
            case TextTest("equals", text, pattern, True):
                return Sql(f"({self.truth(text)} = {self.dialect.text(pattern)})")
            case DatePart(part, day):
                told = f"EXTRACT({self.dialect.parts[part]} FROM {self.truth(day)})"
                return Sql(f"CAST({told} AS {self.dialect.number})", 0, 4)
            case _:
                return self._number(expr)

    def _number(self, expr: Expr) -> Sql:
        match expr:
            case Arithmetic("add" | "sub" as operator, left, right):
                one, other = both(self.dialect, self.said(left), self.said(right))
                sign = "+" if operator == "add" else "-"
                return _within(Sql(f"({one.text} {sign} {other.text})", one.scale, max(one.digits, other.digits) + 1))
            case Arithmetic("mul", left, right):
                one, other = self.said(left), self.said(right)
                if one.scale is None or other.scale is None:
                    raise NotInSqlError
                product = f"({one.text} * {other.text})"
                return _within(Sql(product, one.scale + other.scale, one.digits + other.digits))
            case Extreme(which, items):
                found = both(self.dialect, *map(self.said, items))
                return self._extreme("LEAST" if which == "min" else "GREATEST", found)
            case Round(item, step, mode):
                return self._rounded(self.said(item), step, mode)
            case _:
                raise NotInSqlError(expr)

    def _given(self, path: str) -> str:
        slot, column = self.slots[path], self.facts[path].text
        if slot.optional:
            return f"({column} IS NOT NULL)"
        return f"CASE WHEN {column} IS NOT NULL THEN TRUE END"

    def among(self, item: Sql, values: list[Sql]) -> str:
        """Whether something is one of some values."""
        if not values:
            return f"CASE WHEN {item.text} IS NOT NULL THEN FALSE END"
        held, *listed = both(self.dialect, item, *values)
        return f"({held.text} IN ({', '.join(each.text for each in listed)}))"

    def cell(self, item: Expr, test: Cell) -> str:
        """Whether a cell holds for the value of an expression."""
        held = self.said(item)
        match test:
            case OneOf(values, negated):
                among = self.among(held, [self.constant(value) for value in values])
                return f"(NOT {among})" if negated else among
            case Within(low, high, low_in, high_in):
                ends = ((low, ">=" if low_in else ">"), (high, "<=" if high_in else "<"))
                told = [self._compared(held, sign, self.constant(end)) for end, sign in ends if end is not None]
                return everyone(told or [f"CASE WHEN {held.text} IS NOT NULL THEN TRUE END"])

    def _compared(self, left: Sql, sign: str, right: Sql) -> str:
        one, other = both(self.dialect, left, right)
        return f"({one.text} {sign} {other.text})"

    def _count(self, low: int, high: int, items: list[str]) -> str:
        if not items:
            return "TRUE" if low <= 0 <= high else "FALSE"
        true = total([f"CASE WHEN {item} THEN 1 ELSE 0 END" for item in items], "0")
        most = total([f"CASE WHEN {item} IS NOT FALSE THEN 1 ELSE 0 END" for item in items], "0")
        never, always = f"{most} < {low} OR {true} > {high}", f"{true} >= {low} AND {most} <= {high}"
        return f"CASE WHEN {never} THEN FALSE WHEN {always} THEN TRUE END"

    def _extreme(self, function: str, items: tuple[Sql, ...]) -> Sql:
        """LEAST and GREATEST leave NULL aside, which here is unknown."""
        known = everyone([f"{item.text} IS NOT NULL" for item in items])
        found = extreme(function, [item.text for item in items])
        return Sql(f"CASE WHEN {known} THEN {found} END", items[0].scale, max(item.digits for item in items))

    def _rounded(self, item: Sql, step: Decimal, mode: str) -> Sql:
        held, unit = both(self.dialect, item, self.constant(step))
        if held.digits + 2 > DIGITS:
            raise NotInSqlError
        value, by, one, multiple = held.text, unit.text, self.dialect.whole(1), self.dialect.multiple
        far, near = multiple(f"(abs({value}) + {by} - {one})", by), multiple(f"abs({value})", by)
        half = self.dialect.half(multiple(f"(2 * abs({value}) + {by})", f"(2 * {by})"))
        above, below = {"nearest": (half, half), "up": (far, near), "down": (near, far)}[mode]
        rounded = f"CASE WHEN {value} >= 0 THEN {above} WHEN {value} < 0 THEN -{below} END"
        return Sql(rounded, held.scale, max(held.digits, unit.digits) + 1)


def _within(given: Sql) -> Sql:
    """A number that the interpreter would not round."""
    if given.digits > DIGITS or (given.scale or 0) > DIGITS:
        raise NotInSqlError
    return given
