"""Names, texts and numbers in, SQL of one dialect out: whatever they hold, they stay data."""

from dataclasses import dataclass
from decimal import Decimal

from rulec.plan.tree import Rule, Table
from rulec.runtime.calculate import decimals_in
from rulec.tree import Node, Span

DIALECTS = ("duckdb", "postgres")
DIGITS = 34  # more, and the interpreter rounds
FACT_DIGITS = 18
_POSTGRES_NAME = 63  # bytes: PostgreSQL cuts what is longer


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
class Dialect:
    """How one engine writes what all of them know. `number`: its type of whole numbers of 38 digits."""

    name: str
    number: str
    fence: str  # ends a step, whose columns the next one must not compute again

    def identifier(self, text: str) -> str:
        """The name of a column or table."""
        if not _is_sayable(text) or not text or (self.name == "postgres" and len(text.encode()) > _POSTGRES_NAME):
            raise NotInSqlError(rule=text)
        return '"' + text.replace('"', '""') + '"'

    def text(self, text: str) -> str:
        """A text. PostgreSQL may be set to read a backslash as an escape, except where E says that it is one."""
        if not _is_sayable(text):
            raise NotInSqlError(rule=text)
        quoted = "'" + text.replace("'", "''") + "'"
        return "E" + quoted.replace("\\", "\\\\") if self.name == "postgres" and "\\" in text else quoted

    def whole(self, value: int) -> str:
        """A whole number."""
        return f"CAST({value} AS {self.number})"

    def over(self, left: str, right: str) -> str:
        """The quotient of two numbers that are not negative, without its rest."""
        return f"div({left}, {right})" if self.name == "postgres" else f"({left} // {right})"

    def titles(self, fired: list[tuple[str, str]]) -> str:
        """The titles (SQL) whose condition (SQL) holds, as a list of texts."""
        listed = ", ".join(f"CASE WHEN {condition} THEN {title} END" for title, condition in fired)
        if self.name == "postgres":
            return f"array_remove(ARRAY[{listed}]::text[], NULL)"
        return f"list_where(CAST([{listed}] AS VARCHAR[]), [{', '.join(f'({each[1]})' for each in fired)}])"

    def shown(self, whole: str, scale: int) -> str:
        """A scaled number as the decimal that it stands for."""
        if self.name == "postgres":
            return f"CAST({whole} * 1e-{scale} AS NUMERIC(38, {scale}))"
        unit = f"{Decimal(1).scaleb(-scale):f}"
        return f"(CAST({whole} AS DECIMAL(38, 0)) * CAST('{unit}' AS DECIMAL({max(scale, 1)}, {scale})))"


DUCKDB = Dialect("duckdb", "HUGEINT", "")
POSTGRES = Dialect("postgres", "NUMERIC", " OFFSET 0")


def dialect_of(name: str) -> Dialect:
    """The dialect of that name, one of DIALECTS."""
    return {"duckdb": DUCKDB, "postgres": POSTGRES}[name]


def _is_sayable(text: str) -> bool:
    """Whether a database can hold a text: no null character, no half of a pair."""
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


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


def both(dialect: Dialect, *given: Sql) -> tuple[Sql, ...]:
    """Numbers at one scale; anything else as it is."""
    if any(each.scale is None for each in given):
        if any(each.scale is not None for each in given):
            raise NotInSqlError
        return given
    scale = max(each.scale or 0 for each in given)
    return tuple(at_scale(dialect, each, scale) for each in given)


def at_scale(dialect: Dialect, given: Sql, scale: int) -> Sql:
    """A number at a finer scale."""
    assert given.scale is not None
    more = scale - given.scale
    if not more:
        return given
    if given.digits + more > DIGITS:
        raise NotInSqlError
    return Sql(f"({given.text} * {dialect.whole(10**more)})", scale, given.digits + more, given.constant)


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
