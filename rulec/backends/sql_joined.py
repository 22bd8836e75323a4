"""A table of many rows in, SQL that joins them out: what is counted of those that may hold, as `sql_tables` names it.

A row is data: bounds or a value for each column, and what it gives. Tests and values that are no such data are told by
their number, and chosen by CASE.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from rulec.backends.sql_dialects import Dialect, both
from rulec.backends.sql_tables import Columns, Output, counted, size_of, telling, tested
from rulec.backends.sql_text import Sql, everyone, scaled
from rulec.backends.sql_values import Values
from rulec.plan.tree import Column, Table
from rulec.runtime.tables import NONE, OneOf, Within

End = tuple[object, int]  # None: open


def joined(dialect: Dialect, values: Values, table: Table, number: int, outputs: Sequence[Output]) -> str:
    """What is joined to a step."""
    rows = _Rows(size_of(table))
    rows.add("r", [str(row) for row in range(size_of(table))])
    sure = everyone([_column(dialect, values, column, at, rows) for at, column in enumerate(table.columns)])
    tried: Columns = [("r", "r"), ("s", sure)]
    windows, asked = Columns(), _counted(number)
    for output in outputs:
        tried += _value(output, rows)
        windows += _windows(output)
        asked += _asked(dialect, output)
    source = f"(SELECT {_said(tried)} FROM {rows.text()})"
    held = f"(SELECT {_said([('*', ''), *windows])} FROM {source} AS tried WHERE s IS NOT FALSE)"
    return f"LATERAL (SELECT {_said(asked)} FROM {held} AS held) AS t{number}"


def _said(columns: Columns) -> str:
    return ", ".join(f"{sql} AS {name}" if sql else name for name, sql in columns)


class _Rows:
    """The rows as data."""

    def __init__(self, size: int) -> None:
        self.names, self.data = list[str](), [list[str]() for _ in range(size)]

    def add(self, name: str, values: Sequence[str]) -> str:
        """One more column; its name."""
        self.names.append(name)
        for row, value in zip(self.data, values, strict=True):
            row.append(value)
        return name

    def text(self) -> str:
        """All of them."""
        told = ",\n    ".join(f"({', '.join(row)})" for row in self.data)
        return f"(VALUES\n    {told}) AS data({', '.join(self.names)})"


# ---- whether a row holds


def _column(dialect: Dialect, values: Values, column: Column, at: int, rows: _Rows) -> str:
    """Whether its test of a column holds: bounds, a value, or a test by its number."""
    tests = {number: test for number, test in enumerate(column.tests) if number in column.cells}
    ends = {number: found for number, test in tests.items() if (found := _ends(test))}
    told = list[str]()
    if ends:
        item, texts = _same_kind(dialect, values, values.said(column.input), ends)
        for which, sign in (("low", ">="), ("high", "<=")):
            if any(pair[which == "high"] for pair in texts.values()):
                cells = [texts.get(cell, ("", ""))[which == "high"] or "NULL" for cell in column.cells]
                name = rows.add(f"z{at}_{which}", cells)
                told.append(f"({name} IS NULL OR {item} {sign} {name})")
    odd = {number: tested(values, column, test) for number, test in tests.items() if number not in ends}
    if odd:
        name = rows.add(f"z{at}_test", [str(cell) if cell in odd else "NULL" for cell in column.cells])
        told.append(f"({name} IS NULL OR {_chosen(name, odd)})")
    return everyone(told)


def _chosen(name: str, cases: dict[int, str]) -> str:
    return f"CASE {name} {' '.join(f'WHEN {number} THEN {text}' for number, text in cases.items())} END"


def _ends(test: object) -> tuple[End, End] | None:
    """The bounds of a test, if it is no more than that: each one, and what is added to it to have it included."""
    match test:
        case OneOf((value,), False):
            return (value, 0), (value, 0)
        case Within(low, high, low_in, high_in) if low is not None or high is not None:
            return (low, 0 if low_in else 1), (high, 0 if high_in else -1)
        case _:
            return None


def _same_kind(
    dialect: Dialect, values: Values, item: Sql, ends: dict[int, tuple[End, End]]
) -> tuple[str, dict[int, tuple[str, str]]]:
    """What is tested and the bounds, alike; "" where there is none."""
    named = [values.constant(value) for pair in ends.values() for value, _ in pair if value is not None]
    like, *_ = both(dialect, item, *named)

    def text(value: object, more: int) -> str:
        match value:
            case None:
                return ""
            case Decimal():
                return str(scaled(value, like.scale or 0) + more)
            case date():
                return values.constant(value + timedelta(more)).text
            case _:
                return values.constant(value).text

    return like.text, {number: (text(*low), text(*high)) for number, (low, high) in ends.items()}


# ---- what it gives


def _value(output: Output, rows: _Rows) -> Columns:
    """Whether a row gives a value (g), and it (v)."""
    cells, given = output.decides.cells, output.values
    odd = {number: value.text for number, value in enumerate(given) if not value.constant}
    name = f"y{output.at}"
    place = rows.add(f"{name}_of", [("NULL" if cell == NONE else str(cell)) for cell in cells])
    own = rows.add(name, ["NULL" if cell == NONE or cell in odd else given[cell].text for cell in cells])
    value = f"CAST({own} AS {output.kind})"
    if odd:
        value = f"CASE WHEN {own} IS NOT NULL THEN {value} ELSE {_chosen(place, odd)} END"
    return [(f"g{output.at}", f"{place} IS NOT NULL"), (f"v{output.at}", value)]


def _windows(output: Output) -> Columns:
    """What telling the rows that fired needs to know of all rows."""
    at = output.at
    match output.table.combine:
        case "first":
            return [(output.name("place"), f"MIN(CASE WHEN s AND g{at} THEN r END) OVER ()")]
        case "max":
            return [(output.name("high"), f"MAX(v{at}) OVER ()")]
        case "min":
            return [(output.name("low"), f"MIN(v{at}) OVER ()")]
        case _:
            return []


def _counted(number: int) -> Columns:
    return [(counted(number, "may"), "COUNT(*)"), (counted(number, "sure"), _count("s"))]


def _asked(dialect: Dialect, output: Output) -> Columns:
    """What is counted of the rows that may hold."""
    g, v = f"g{output.at}", f"v{output.at}"
    low, high = ("bool_and", "bool_or") if output.kind == "BOOLEAN" else ("MIN", "MAX")
    sure = f"s AND {g}"
    found = {
        "giving": _count(g), "surely": _count(sure), "dark": _count(f"{g} AND {v} IS NULL"),
        "low": f"{low}({v})", "high": f"{high}({v})",
        "least": f"{low}(CASE WHEN {sure} THEN {v} END)", "most": f"{high}(CASE WHEN {sure} THEN {v} END)",
    }  # fmt: skip
    if output.is_first:
        reached = f"r <= COALESCE({output.name('place')}, r)"
        found["first_low"] = f"{low}(CASE WHEN {reached} THEN {v} END)"
        found["first_high"] = f"{high}(CASE WHEN {reached} THEN {v} END)"
        found["first_dark"] = _count(f"{reached} AND {g} AND {v} IS NULL")
    if output.table.combine == "sum":
        found["sum"] = f"SUM(CASE WHEN {sure} THEN {v} END)"
        found["odd"] = _count(f"{g} AND s IS NULL AND {v} <> 0")
    title = dialect.text(output.table.title)
    label = f"CASE WHEN r = 0 THEN {title} ELSE {title} || ' #' || CAST(r + 1 AS {dialect.string}) END"
    found["told"] = dialect.collected(label, "r", telling(output, "r", f"({sure})", v))
    return [(output.name(what), sql) for what, sql in found.items()]


def _count(condition: str) -> str:
    return f"COUNT(CASE WHEN {condition} THEN 1 END)"
