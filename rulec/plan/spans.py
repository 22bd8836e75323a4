"""How long it is between two dates in, the expression out: of all the days, or of those of a month or year."""

from datetime import timedelta
from decimal import Decimal

from rulec.plan import tree as p
from rulec.semantics import model
from rulec.semantics.stretches import AROUND_TODAY, days_of

WORKED = "worked"  # the days that are public holidays, and the closures
WEEKS = {"working_day": 5, "business_day": 6}  # days worked a week, from Monday


def elapsed(said: model.Elapsed, start: p.Expr, end: p.Expr) -> p.Expr:
    """Between two days, which the expressions give."""
    if said.unit == "month_days":
        return p.Elapsed("day", _month_end(end, -1), _month_end(end, 0), span=said.span)
    if not said.during:
        return _between(said, start, end)
    before, last = _bounds(said)
    within = _between(said, p.Extreme("max", (start, before)), p.Extreme("min", (end, last)))
    return p.Extreme("max", (p.Const(Decimal(0)), within), span=said.span)


def _between(said: model.Elapsed, start: p.Expr, end: p.Expr) -> p.Expr:
    if week := WEEKS.get(said.unit):
        return p.WorkingElapsed(WORKED, week, start, end, span=said.span)
    return p.Elapsed(said.unit, start, end, span=said.span)


def _bounds(said: model.Elapsed) -> tuple[p.Expr, p.Expr]:
    """The day before a stretch, from which its days are counted, and its last day."""
    if said.year is None:
        months = AROUND_TODAY[said.during]
        return _month_end(p.Today(), months - 1), _month_end(p.Today(), months)
    ends = days_of(said.during, said.year)
    assert ends is not None  # it was read so
    return p.Const(ends[0] - timedelta(days=1)), p.Const(ends[1])


def _month_end(day: p.Expr, months: int) -> p.Expr:
    return p.Shift(day, p.Const(Decimal(months)), "month_end")
