"""Conditions and values in, SQL that all dialects understand out."""

from dataclasses import dataclass
from decimal import Decimal

from rulec.plan.tree import Rule, Table
from rulec.runtime.calculate import decimals_in
from rulec.tree import Node, Span

DIGITS = 34  # more, and the interpreter rounds
FACT_DIGITS = 18


class NotInSqlError(Exception):
    """What cannot be said exactly in SQL. `span`: where it stands; `rule`: the title of what holds it."""

    def __init__(self, node: Node | None = None, rule: str = "") -> None:
        super().__init__(rule)
        self.span, self.rule = node.span if node is not None else Span(), rule

    def within(self, rule: Rule | Table) -> "NotInSqlError":
        """The same, with the rule that holds it."""
        self.rule = self.rule or rule.title
        self.span = self.span if self.span != Span() else rule.span
        return self


@dataclass(frozen=True, slots=True)
class Sql:
    """An expression, never NULL if it is `constant`.

    `scale`: of a number, how many decimals its whole number holds; `digits`: at most how many digits.
    """

    text: str
    scale: int | None = None
    digits: int = 0
    constant: bool = False


def scaled(value: Decimal, scale: int) -> int:
    """A number as the whole number of that scale, which holds it."""
    return int(value.scaleb(scale)) if decimals_in(value) <= scale else _refuse()


def _refuse() -> int:
    raise NotInSqlError


def anyone(conditions: list[str]) -> str:
    """Whether one of some conditions holds; of none, false."""
    return f"({' OR '.join(conditions)})" if conditions else "FALSE"


def everyone(conditions: list[str]) -> str:
    """Whether all conditions hold; of none, true."""
    return f"({' AND '.join(conditions)})" if conditions else "TRUE"


def extreme(function: str, values: list[str]) -> str:
    """LEAST or GREATEST of the values that are not NULL."""
    return f"{function}({', '.join(values)})" if len(values) > 1 else values[0] if values else "NULL"


def total(values: list[str], zero: str) -> str:
    """The sum of some values, its parentheses balanced: engines limit how deep they go."""
    if len(values) < 3:
        return f"({' + '.join(values)})" if values else zero
    middle = len(values) // 2
    return f"({total(values[:middle], zero)} + {total(values[middle:], zero)})"
