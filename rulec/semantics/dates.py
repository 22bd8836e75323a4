"""Operands that count from dates in (« 5 jours après la livraison », « nombre de jours entre A et B »), values out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from rulec.runtime import types as t
from rulec.semantics import model
from rulec.semantics.stretches import AROUND_TODAY, months_of
from rulec.syntax import ast
from rulec.tree import Span

if TYPE_CHECKING:
    from rulec.semantics.expressions import Expressions

UNITS = ("day", "month", "working_day", "business_day")


def dated(kind: t.Type) -> bool:
    """Days and moments."""
    return isinstance(kind, t.Date | t.DateTime)


def lasting(kind: t.Type) -> bool:
    """What moves a date."""
    return isinstance(kind, t.Duration) and kind.unit in UNITS


def day_of(expressions: Expressions, operand: ast.Operand, before: tuple[ast.Term, ...] = ()) -> model.Value | None:
    """The date that an operand names; « la livraison » is the date of delivery."""
    if isinstance(operand, ast.Ref):
        for terms in (told(operand.terms), operand.terms):
            if terms and (found := expressions.scope.named(terms, dated)):
                chosen = expressions.scope.one(found, operand.span)
                return expressions.value_of(chosen, operand.span) if chosen else None
        return expressions.reference(operand, dated, before)
    value = expressions.read(operand, None)
    if value is not None and not dated(value.type):
        return expressions.report("E301", operand.span, expected=expressions.said(t.Date()))
    return value


def dated_ref(ref: ast.Ref) -> ast.Ref:
    """« la livraison » as the date of delivery, where a date is needed."""
    return replace(ref, terms=told(ref.terms) or ref.terms)


def spoken(operand: ast.Operand) -> ast.Operand:
    """« la livraison » as the date of delivery, where it is the name of nothing else."""
    if isinstance(operand, ast.Ref) and any(term.key[0] == "@" and "+" not in term.key for term in operand.terms):
        return dated_ref(operand)
    return operand


def told(terms: tuple[ast.Term, ...]) -> tuple[ast.Term, ...]:
    """Terms that speak of what has a date as the names of that date: « livraison » → « date de livraison »."""
    if not any("@" in term.key for term in terms):
        return ()
    return tuple(
        replace(term, key="+".join(key[1:] if key[0] == "@" else f"~{key}" for key in term.key.split("+")))
        if "@" in term.key
        else term
        for term in terms
    )


def shifted(expressions: Expressions, operand: ast.Shifted) -> model.Shifted | None:
    """« 5 jours après la livraison »."""
    start = day_of(expressions, operand.date)
    amount = duration(expressions, operand.amount)
    if start is None or amount is None:
        return None
    return moved(start, amount, operand.span, later=operand.later)


def duration(expressions: Expressions, value: ast.Value) -> model.Literal | None:
    """A literal that moves a date: days, weeks, months, years or working days."""
    literal = value.literal
    if literal is None or literal.kind != "duration" or literal.unit not in UNITS:
        return expressions.report("E327", value.span) if literal is not None else None
    return model.Literal(Decimal(str(literal.value)), t.Duration(literal.unit), span=value.span)


def moved(start: model.Value, amount: model.Value, span: Span, *, later: bool) -> model.Shifted:
    """A date moved by a duration."""
    unit = amount.type.unit if isinstance(amount.type, t.Duration) else "day"
    kind = start.type if unit in ("day", "month") else t.Date()
    if not later and isinstance(amount, model.Literal):
        amount = replace(amount, value=-Decimal(str(amount.value)))
    elif not later:
        zero = model.Literal(Decimal(0), amount.type, span=amount.span)
        amount = model.Arithmetic("sub", zero, amount, amount.type, span=amount.span)
    return model.Shifted(start, amount, unit, kind, span=span)


def month_end(expressions: Expressions, operand: ast.MonthEnd) -> model.Shifted | None:
    """« la fin du mois de la livraison »; of today where no date is said."""
    start: model.Value | None = model.Today(t.Date(), span=operand.span)
    if operand.date is not None:
        start = day_of(expressions, operand.date)
    return end_of_month(start, operand.span) if start else None


def end_of_month(day: model.Value, span: Span) -> model.Shifted:
    """The last day of the month of a day."""
    none = model.Literal(Decimal(0), t.Number(whole=True), span=span)
    return model.Shifted(day, none, "month_end", t.Date(), span=span)


def elapsed(expressions: Expressions, operand: ast.Elapsed) -> model.Elapsed | None:
    """« le nombre de jours entre A et B », « le nombre de jours depuis A »."""
    start = day_of(expressions, operand.start)
    end: model.Value | None = model.Today(t.Date(), span=operand.span)
    if operand.end is not None:
        end = day_of(expressions, operand.end)
    if start is None or end is None:
        return None
    if operand.during and months_of(operand.during) is None and operand.during not in AROUND_TODAY:
        return expressions.report("E338", operand.span)
    if operand.during and (operand.during in AROUND_TODAY) != (operand.year is None):
        return expressions.report("E338", operand.span)
    whole = t.Number(whole=True)
    return model.Elapsed(operand.unit, start, end, whole, operand.during, operand.year, span=operand.span)


def month_days(expressions: Expressions, operand: ast.MonthDays) -> model.Elapsed | None:
    """« le nombre de jours du mois de la livraison »; of today where no date is said."""
    day: model.Value | None = model.Today(t.Date(), span=operand.span)
    if operand.date is not None:
        day = day_of(expressions, operand.date)
    return model.Elapsed("month_days", day, day, t.Number(whole=True), span=operand.span) if day else None


def as_count(value: ast.Value, unit: str) -> ast.Value:
    """« 30 jours » as a number of days, where days are counted."""
    literal = value.literal
    if literal is None or literal.kind != "duration":
        return value
    if literal.unit != unit:
        return value
    number = Decimal(str(literal.value))
    return replace(value, literal=replace(literal, kind="number", unit="", value=number, stated=""))


def is_date(expressions: Expressions, operand: ast.Operand) -> bool:
    """Whether an operand is a date."""
    match operand:
        case ast.Today() | ast.Shifted() | ast.MonthEnd():
            return True
        case ast.Value(literal):
            return literal is not None and literal.kind in ("date", "datetime")
        case ast.Ref(terms):
            scope = expressions.scope
            return bool(scope.named(told(terms) or terms, dated)) and not scope.named(terms, lasting)
        case ast.Binary("add" | "sub", left, right):
            return is_date(expressions, left) and not is_date(expressions, right)
        case _:
            return False


def total(expressions: Expressions, operand: ast.Binary) -> model.Value | None:
    """« la livraison plus 5 jours », « la livraison moins la commande »."""
    left = day_of(expressions, operand.left)
    if left is None:
        return None
    if is_date(expressions, operand.right):
        right = day_of(expressions, operand.right)
        if right is None:
            return None
        if operand.operator == "add":
            return expressions.report("E310", operand.span)
        return model.Elapsed("day", right, left, t.Duration("day"), span=operand.span)
    amount: model.Value | None
    if isinstance(operand.right, ast.Value):
        amount = duration(expressions, operand.right)
    else:
        amount = expressions.reference(operand.right, lasting) if isinstance(operand.right, ast.Ref) else None
        if amount is None and not isinstance(operand.right, ast.Ref):
            return expressions.report("E310", operand.span)
    return moved(left, amount, operand.span, later=operand.operator == "add") if amount else None
