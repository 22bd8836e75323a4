"""Facts in, the columns that hold them out: numbers as whole numbers, and whether the value is one of its type."""

from decimal import Decimal

from rulec.backends.sql_dialects import Dialect
from rulec.backends.sql_text import FACT_DIGITS, NotInSqlError, Sql
from rulec.runtime import types as t
from rulec.runtime.units import decimals_of

_ANY = 6  # decimals of a number whose type says nothing of them


def column_of(dialect: Dialect, slot: t.Slot) -> tuple[Sql, str]:
    """What a fact is, as `facts` holds it, and the condition under which it can be read."""
    column = f"facts.{dialect.identifier(slot.path)}"
    text = dialect.alike(f"CAST({column} AS {dialect.string})")
    match slot.type:
        case t.YesNo():
            return Sql(f"CAST({column} AS BOOLEAN)"), "TRUE"
        case t.Choice(options):
            keys = ", ".join(dialect.text(option.key) for option in options)
            return Sql(text), f"COALESCE({text} IN ({keys}), TRUE)" if keys else f"{column} IS NULL"
        case t.Text():
            return Sql(text), "TRUE"
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
    whole, exact = dialect.read_number(column, scale)
    for sign, end in ((">=", slot.bounds and slot.bounds.low), ("<=", slot.bounds and slot.bounds.high)):
        if isinstance(end, Decimal):
            exact.append(f"{column} {sign} {end:f}")
    return Sql(whole, scale, FACT_DIGITS), f"({column} IS NULL OR COALESCE({' AND '.join(exact)}, FALSE))"
