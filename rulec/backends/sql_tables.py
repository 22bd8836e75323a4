"""What is counted of the rows of a table that may hold in, SQL for what it gives each outcome out.

As in `runtime.tables`: the policy of the table, then its default row. Rows of a small table are columns of a step, and
counted here; those of a larger one are joined and counted by `sql_joined`, under the same names.
"""

from dataclasses import dataclass

from rulec.backends.sql_combine import Settled
from rulec.backends.sql_dialects import Dialect, Titles
from rulec.backends.sql_text import Sql, anyone, everyone, extreme, total
from rulec.backends.sql_values import Values
from rulec.plan.tree import Column, Decides, Expr, Table
from rulec.runtime.tables import NONE, Cell, OneOf, Within

MOST_BESIDE = 50  # rows that are columns of a step
Columns = list[tuple[str, str]]  # of a step: the name of each, what it is


@dataclass(frozen=True, slots=True)
class Output:
    """A decided column of the table of that number. `at`: the number of the outcome.

    `values`: in SQL, at one scale; `kind`: the type of all.
    """

    table: Table
    number: int
    decides: Decides
    at: int
    values: list[Sql]
    kind: str

    def name(self, what: str) -> str:
        """The column of something counted.

        `giving`, `surely`: how many rows that may (do) hold give a value; `low`, `high`: of those, `least`, `most`: of
        these; `dark`: how many values are not known. `place`: the first row that surely gives one; `first_low`,
        `first_high`, `first_dark`: of the rows up to it. `sum`: of what is sure; `odd`: how many others are not zero.
        `told`: the rows that give the value.
        """
        return f"t{self.number}_{self.at}_{what}"

    @property
    def is_first(self) -> bool:
        """Whether the first row wins."""
        return self.table.combine == "first"


def size_of(table: Table) -> int:
    """How many rows there are besides the default row."""
    return len(table.lines) - table.has_default


def label_of(table: Table, row: int) -> str:
    """What a row, from 0, is called where it fires."""
    return f"{table.title} #{row + 1}" if row else table.title


def counted(number: int, what: str) -> str:
    """The column of how many rows of a table `may` hold, or `sure`ly do."""
    return f"t{number}_{what}"


# ---- the rows of a small table


def conditions(values: Values, table: Table, number: int) -> Columns:
    """The columns of the conditions of its rows."""
    tests = [[tested(values, column, test) for test in column.tests] for column in table.columns]
    asked = list(zip(tests, (column.cells for column in table.columns), strict=True))
    return [
        (f"x{number}_{row}", everyone([own[cells[row]] for own, cells in asked if cells[row] != NONE]))
        for row in range(size_of(table))
    ]


def tested(values: Values, column: Column, test: Cell | Expr) -> str:
    """Whether a test of a column holds."""
    return values.cell(column.input, test) if isinstance(test, OneOf | Within) else values.truth(test)


def counts(table: Table, number: int, outputs: list[Output]) -> Columns:
    """What is counted of its rows, first part."""
    rows = range(size_of(table))
    found = [(counted(number, what), _count([_holds(number, row, how) for row in rows]))
             for what, how in (("may", "IS NOT FALSE"), ("sure", "IS TRUE"))]  # fmt: skip
    return found + [each for output in outputs for each in _of_output(output)]


def _of_output(output: Output) -> Columns:
    may, sure = _given(output, "IS NOT FALSE"), _given(output, "IS TRUE")
    held, surely = ([f"CASE WHEN {holds} THEN {value.text} END" for _, holds, value in rows] for rows in (may, sure))
    odd = [f"{holds} AND {_holds(output.number, row, 'IS NULL')} AND {value.text} <> 0" for row, holds, value in may]
    found = {
        "giving": _count([holds for _, holds, _ in may]), "surely": _count([holds for _, holds, _ in sure]),
        "low": _extreme("LEAST", held, output.kind), "high": _extreme("GREATEST", held, output.kind),
        "least": _extreme("LEAST", surely, output.kind), "most": _extreme("GREATEST", surely, output.kind),
        "dark": _count(_dark(may)),
    }  # fmt: skip
    if output.is_first:
        places = [f"CASE WHEN {holds} THEN {row} END" for row, holds, _ in sure]
        found["place"] = _extreme("LEAST", places, "INTEGER")
    if output.table.combine == "sum":
        found |= {"sum": total([f"COALESCE({each}, 0)" for each in surely], "0"), "odd": _count(odd)}
    return [(output.name(what), sql) for what, sql in found.items()]


def counts_then(dialect: Dialect, outputs: list[Output]) -> Columns:
    """What is counted of its rows, second part."""
    found = Columns()
    for output in outputs:
        place = output.name("place")
        if output.is_first:
            reached = [(row, f"({holds} AND {row} <= COALESCE({place}, {row}))", value)
                       for row, holds, value in _given(output, "IS NOT FALSE")]  # fmt: skip
            held = [f"CASE WHEN {holds} THEN {value.text} END" for _, holds, value in reached]
            found += [(output.name("first_low"), _extreme("LEAST", held, output.kind)),
                      (output.name("first_high"), _extreme("GREATEST", held, output.kind)),
                      (output.name("first_dark"), _count(_dark(reached)))]  # fmt: skip
        told = [(dialect.text(label_of(output.table, row)), telling(output, str(row), holds, value.text), False)
                for row, holds, value in _given(output, "IS TRUE")]  # fmt: skip
        found.append((output.name("told"), dialect.titles(told)))
    return found


def telling(output: Output, row: str, sure: str, value: str) -> str:
    """Whether a row that surely gives a value is told to have fired."""
    won = {"max": f"{value} = {output.name('high')}", "min": f"{value} = {output.name('low')}",
           "first": f"{row} = {output.name('place')}"}  # fmt: skip
    return f"COALESCE({sure} AND {won[output.table.combine]}, FALSE)" if output.table.combine in won else sure


def _given(output: Output, how: str) -> list[tuple[int, str, Sql]]:
    """The rows that give a value: whether each holds, and its value."""
    cells = output.decides.cells
    return [(row, _holds(output.number, row, how), output.values[cells[row]])
            for row in range(size_of(output.table)) if cells[row] != NONE]  # fmt: skip


def _holds(number: int, row: int, how: str) -> str:
    return f"x{number}_{row} {how}"


def _dark(rows: list[tuple[int, str, Sql]]) -> list[str]:
    return [f"{holds} AND {value.text} IS NULL" for _, holds, value in rows if not value.constant]


def _extreme(function: str, values: list[str], kind: str) -> str:
    """NULL is given its type: where no row gives a value, nothing else tells it."""
    return extreme(function, values) if values else f"CAST(NULL AS {kind})"


def _count(conditions: list[str]) -> str:
    return total([f"CASE WHEN {each} THEN 1 ELSE 0 END" for each in conditions], "0")


# ---- what it gives


def settled(output: Output, default: str | None) -> Settled:
    """What becomes of an outcome, of what is counted."""
    name, has = output.name, f"{output.name('surely')} > 0"
    first = "first_" if output.is_first else ""
    low, high, all_known = name(f"{first}low"), name(f"{first}high"), f"{name(f'{first}dark')} = 0"
    agreed = everyone([all_known, f"{low} = {high}", anyone([has, f"{low} = {default}"] if default else [has])])
    told: Titles = [(name("told"), "TRUE", True)]
    match output.table.combine:
        case "unique":
            return Settled(f"({name('giving')} = 1 AND {agreed})", low, told, f"{name('surely')} > 1")
        case "max":
            return Settled(anyone([everyone([all_known, f"{name('most')} = {high}"]), agreed]), high, told)
        case "min":
            return Settled(anyone([everyone([all_known, f"{name('least')} = {low}"]), agreed]), low, told)
        case "sum":
            zero = anyone([has, f"{default} = 0"] if default else [has])
            whole = everyone([all_known, f"{name('odd')} = 0", zero])
            value = f"CASE WHEN {whole} THEN COALESCE({name('sum')}, 0) ELSE {low} END"
            return Settled(anyone([whole, f"({name('giving')} = 1 AND {agreed})"]), value, told)
        case "any":
            return Settled(agreed, low, told, f"COALESCE({name('least')} <> {name('most')}, FALSE)")
        case _:
            return Settled(agreed, low, told)


def result(dialect: Dialect, output: Output, default: Sql | None) -> Columns:
    """Whether it applies, its value, whether rows contradict each other, what fired: a, w, k, g."""
    table, name, number = output.table, output.name, output.number
    told = settled(output, None)
    applies = f"CASE WHEN {name('surely')} > 0 THEN TRUE WHEN {name('giving')} = 0 THEN FALSE END"
    itself = _list(dialect, table.title)
    value = f"CASE WHEN {told.decided} THEN {told.value} END"
    clash = f"COALESCE({told.conflict} AND NOT COALESCE({told.decided}, FALSE), FALSE)"
    fired = f"CASE WHEN {told.decided} OR {told.conflict} THEN {dialect.titles(told.fired)} ELSE {itself} END"
    if default is not None:
        held, last = settled(output, default.text), _list(dialect, label_of(table, len(table.lines) - 1))
        if not default.constant:
            last = f"CASE WHEN {default.text} IS NULL THEN {itself} ELSE {last} END"
        may, sure = counted(number, "may"), counted(number, "sure")
        cases = _Cases(f"{sure} > 0", f"{may} = 0", f"{may} > {name('giving')}")
        applies = cases.text(applies, "TRUE", "NULL", "TRUE")
        value = cases.text(value, default.text, "NULL", f"CASE WHEN {held.decided} THEN {held.value} END")
        fired = cases.text(fired, last, itself, itself)
    return [(result_of(number, output.at, letter), sql)
            for letter, sql in zip("awkg", (applies, value, clash, fired), strict=True)]  # fmt: skip


def result_of(number: int, at: int, letter: str) -> str:
    """The column of the result of a table for an outcome: a, w, k or g."""
    return f"{letter}{number}_{at}"


class _Cases:
    """What is said where a row surely holds, where none may, where one that gives nothing may, and else."""

    def __init__(self, *conditions: str) -> None:
        self.conditions = conditions

    def text(self, *said: str) -> str:
        pairs = zip(self.conditions, said[:-1], strict=True)
        return f"CASE {' '.join(f'WHEN {condition} THEN {each}' for condition, each in pairs)} ELSE {said[-1]} END"


def _list(dialect: Dialect, text: str) -> str:
    return dialect.titles([(dialect.text(text), "TRUE", False)])

