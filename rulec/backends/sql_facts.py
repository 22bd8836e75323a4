"""Facts in, the columns that hold them out: numbers as whole numbers, and whether the value is one of its type."""

from decimal import Decimal

from rulec.backends.sql_text import FACT_DIGITS, Dialect, NotInSqlError, Sql
from rulec.runtime import types as t
from rulec.runtime.units import decimals_of

_ANY = 6  # decimals of a number whose type says nothing of them


def column_of(dialect: Dialect, slot: t.Slot) -> tuple[Sql, str]:
    """What a fact is, as `facts` holds it, and the condition under which it can be read."""
    column = f"facts.{dialect.identifier(slot.path)}"
    text_type = 'TEXT) COLLATE "C"' if dialect.name == "postgres" else "VARCHAR)"
    match slot.type:
        case t.YesNo():
            return Sql(f"CAST({column} AS BOOLEAN)"), "TRUE"
        case t.Choice(options):
            held = f"CAST({column} AS {text_type}"
            keys = ", ".join(dialect.text(option.key) for option in options)
            return Sql(held), f"COALESCE({held} IN ({keys}), TRUE)" if keys else f"{column} IS NULL"
        case t.Text():
            return Sql(f"CAST({column} AS {text_type}"), "TRUE"
        case t.Date():
            held = f"CAST({column} AS DATE)"
            years = f"{held} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
            return Sql(held), f"COALESCE({held} = {column} AND {years}, {column} IS NULL)"
        case t.Number() | t.Percentage() | t.Amount() | t.Quantity() | t.Rate() | t.Duration():
            return _number(dialect, slot, column, _decimals(slot.type))
        case _:
            raise NotInSqlError(rule=slot.names[-1])


def _decimals(kind: t.Type) -> int:
    match kind:
        case t.Amount(currency):
            return decimals_of(currency)
        case t.Number(True) | t.Duration():
            return 0
        case _:
            return _ANY


def _number(dialect: Dialect, slot: t.Slot, column: str, scale: int) -> tuple[Sql, str]:
    """A number beyond the scale or the size that is exact cannot be read."""
    factor = 10**scale
    if dialect.name == "postgres":
        held = f"(CAST({column} AS NUMERIC) * {factor})"
        exact = [f"{held} = trunc({held})", f"abs({held}) < {10**FACT_DIGITS}"]
        whole = f"trunc({held})"
    else:
        held = f"TRY_CAST({column} + 0 AS DECIMAL({FACT_DIGITS}, {scale}))"  # + 0: no text is taken for a number
        exact = [f"{held} = {column}"]
        whole = f"CAST({held} * {factor} AS HUGEINT)"
    for sign, end in ((">=", slot.bounds and slot.bounds.low), ("<=", slot.bounds and slot.bounds.high)):
        if isinstance(end, Decimal):
            exact.append(f"{column} {sign} {end:f}")
    return Sql(whole, scale, FACT_DIGITS), f"({column} IS NULL OR COALESCE({' AND '.join(exact)}, FALSE))"
