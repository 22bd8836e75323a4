"""Names, texts, numbers and lists in, SQL of one dialect out: whatever they hold, they stay data."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from rulec.backends.sql_text import DIGITS, FACT_DIGITS, NotInSqlError, Sql

Titles = Sequence[tuple[str, str, bool]]  # in SQL: a text (or a list of texts), whether it is told; whether a list
_POSTGRES_NAME = 63  # bytes: PostgreSQL cuts what is longer


class Dialect(ABC):
    """How one engine writes what all of them know.

    `number`: its type of whole numbers of 38 digits; `string`, of texts; `no_titles`: an empty list of texts; `parts`:
    of a date. `fence` ends a step, whose columns the next one must not compute again.
    """

    parts: Mapping[str, str] = {part: part for part in ("year", "quarter", "month", "day")} | {"weekday": "isodow"}
    name: str
    number: str
    string: str
    no_titles: str
    fence = ""

    def identifier(self, text: str) -> str:
        """The name of a column or table."""
        if not _is_sayable(text) or not text:
            raise NotInSqlError(rule=text)
        return '"' + text.replace('"', '""') + '"'

    def text(self, text: str) -> str:
        """A text."""
        if not _is_sayable(text):
            raise NotInSqlError(rule=text)
        return "'" + text.replace("'", "''") + "'"

    def whole(self, value: int) -> str:
        """A whole number."""
        return f"CAST({value} AS {self.number})"

    def alike(self, text: str) -> str:
        """A text that is compared character by character."""
        return text

    @abstractmethod
    def multiple(self, value: str, of: str) -> str:
        """The greatest multiple of a number that is not above another, which is not negative."""

    @abstractmethod
    def half(self, even: str) -> str:
        """The half of an even number that is not negative."""

    def titles(self, told: Titles) -> str:
        """The texts whose condition holds, as a list, in their order."""
        parts = list[str]()
        for is_list, some in groupby(told, key=lambda each: each[2]):
            pairs = [(title, condition) for title, condition, _ in some]
            parts += [self._lists(pairs)] if not is_list else [
                f"CASE WHEN {condition} THEN {title} ELSE {self.no_titles} END" for title, condition in pairs
            ]  # fmt: skip
        return f"({' || '.join(parts)})" if parts else self.no_titles

    @abstractmethod
    def _lists(self, told: Sequence[tuple[str, str]]) -> str:
        """The titles whose condition holds."""

    @abstractmethod
    def collected(self, text: str, place: str, condition: str) -> str:
        """Of the rows of a group that meet a condition, a text each, in the order of a whole number."""

    @abstractmethod
    def shown(self, whole: str, scale: int) -> str:
        """A scaled number as the decimal that it stands for."""

    @abstractmethod
    def read_number(self, column: str, scale: int) -> tuple[str, list[str]]:
        """A column as a scaled number, and what must hold for it to be one."""

    @property
    def row(self) -> str:
        """A row of facts as one value."""
        return "facts"

    @property
    @abstractmethod
    def columns(self) -> str:
        """The columns of that value, which is called row."""


class DuckDb(Dialect):
    """DuckDB."""

    name, number, string, no_titles = "duckdb", "HUGEINT", "VARCHAR", "CAST([] AS VARCHAR[])"
    columns = 'UNNEST("row")'

    def multiple(self, value: str, of: str) -> str:
        return f"(({value} // {of}) * {of})"

    def half(self, even: str) -> str:
        return f"({even} // 2)"

    def _lists(self, told: Sequence[tuple[str, str]]) -> str:
        listed = ", ".join(f"CASE WHEN {condition} THEN {title} END" for title, condition in told)
        return f"list_where(CAST([{listed}] AS VARCHAR[]), [{', '.join(f'({each[1]})' for each in told)}])"

    def collected(self, text: str, place: str, condition: str) -> str:
        return f"COALESCE(list({text} ORDER BY {place}) FILTER (WHERE {condition}), {self.no_titles})"

    def shown(self, whole: str, scale: int) -> str:
        unit = f"{Decimal(1).scaleb(-scale):f}"
        return f"(CAST({whole} AS DECIMAL(38, 0)) * CAST('{unit}' AS DECIMAL({max(scale, 1)}, {scale})))"

    def read_number(self, column: str, scale: int) -> tuple[str, list[str]]:
        held = f"TRY_CAST({column} + 0 AS DECIMAL({FACT_DIGITS}, {scale}))"  # + 0: no text is taken for a number
        return f"CAST({held} * {10**scale} AS HUGEINT)", [f"{held} = {column}"]


class Postgres(Dialect):
    """PostgreSQL."""

    name, number, string, no_titles = "postgres", "NUMERIC", "TEXT", "CAST(ARRAY[] AS text[])"
    columns, fence = '("row").*', " OFFSET 0"

    def identifier(self, text: str) -> str:
        if len(text.encode("utf-8", "surrogatepass")) > _POSTGRES_NAME:
            raise NotInSqlError(rule=text)
        return super().identifier(text)

    def text(self, text: str) -> str:
        """It may be set to read a backslash as an escape, except where E says that it is one."""
        quoted = super().text(text)
        return "E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted

    def alike(self, text: str) -> str:
        return f'{text} COLLATE "C"'

    def multiple(self, value: str, of: str) -> str:
        return f"(div({value}, {of}) * {of})"

    def half(self, even: str) -> str:
        return f"div({even}, 2)"

    def _lists(self, told: Sequence[tuple[str, str]]) -> str:
        listed = ", ".join(f"CASE WHEN {condition} THEN {title} END" for title, condition in told)
        return f"array_remove(ARRAY[{listed}]::text[], NULL)"

    def collected(self, text: str, place: str, condition: str) -> str:
        return f"COALESCE(array_agg({text} ORDER BY {place}) FILTER (WHERE {condition}), {self.no_titles})"

    def shown(self, whole: str, scale: int) -> str:
        return f"CAST({whole} * 1e-{scale} AS NUMERIC(38, {scale}))"

    def read_number(self, column: str, scale: int) -> tuple[str, list[str]]:
        held = f"(CAST({column} AS NUMERIC) * {10**scale})"
        return f"trunc({held})", [f"{held} = trunc({held})", f"abs({held}) < {10**FACT_DIGITS}"]


class Spark(Dialect):
    """Spark SQL, with `spark.sql.ansi.enabled` or without, and with its own way of reading a backslash."""

    name, number, string, no_titles = "spark", "DECIMAL(38, 0)", "STRING", "CAST(array() AS ARRAY<STRING>)"
    columns = "`row`.*"
    parts: Mapping[str, str] = {**Dialect.parts, "weekday": "dayofweek_iso"}

    def identifier(self, text: str) -> str:
        return "`" + super().identifier(text)[1:-1].replace('""', '"').replace("`", "``") + "`"

    def text(self, text: str) -> str:
        return super().text(text.replace("\\", "\\\\"))

    def multiple(self, value: str, of: str) -> str:
        return f"({value} - {value} % {of})"

    def half(self, even: str) -> str:
        return f"CAST({even} * 0.5BD AS {self.number})"

    def _lists(self, told: Sequence[tuple[str, str]]) -> str:
        listed = ", ".join(f"CASE WHEN {condition} THEN {title} END" for title, condition in told)
        return f"array_compact(array({listed}))"

    def collected(self, text: str, place: str, condition: str) -> str:
        found = f"collect_list(CASE WHEN {condition} THEN named_struct('place', {place}, 'text', {text}) END)"
        return f"transform(array_sort({found}), each -> each.text)"

    def shown(self, whole: str, scale: int) -> str:
        return f"CAST(CAST({whole} AS STRING) || 'E-{scale}' AS DECIMAL(38, {scale}))"

    def read_number(self, column: str, scale: int) -> tuple[str, list[str]]:
        held = f"TRY_CAST({column} AS DECIMAL({FACT_DIGITS}, {scale}))"
        is_number = f"typeof({column}) NOT IN ('string', 'boolean')"  # no text is taken for a number
        return f"CAST({held} * {10**scale} AS {self.number})", [is_number, f"{held} = {column}"]

    @property
    def row(self) -> str:
        return "struct(facts.*)"


DIALECTS: dict[str, Dialect] = {each.name: each for each in (DuckDb(), Postgres(), Spark())}


def _is_sayable(text: str) -> bool:
    """Whether a database can hold a text: no null character, no half of a pair."""
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


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
