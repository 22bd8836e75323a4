"""Periods in, what they add to conditions out; which of them overlap, and which days lie between them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from rulec.diagnostics import Diagnostics, Related
from rulec.runtime.shown import show_value
from rulec.runtime.types import Date
from rulec.semantics import model
from rulec.semantics.conditions import Conditions
from rulec.source import Language
from rulec.syntax.ast import Period
from rulec.tree import Span

Gap = tuple[date | None, date | None]  # its first and last day, None: no end
_ONE_DAY = timedelta(days=1)
_SAID = {
    "fr": ("avant le {}", "après le {}", "du {} au {}", "le {}", " ; "),
    "en": ("before {}", "after {}", "from {} to {}", "on {}", "; "),
}


def within(
    period: Period | None, branches: Sequence[model.Branch], conditions: Conditions
) -> tuple[model.Branch, ...] | None:  # fmt: skip
    """Branches that hold in their period only; None where an error was reported."""
    if period is None:
        return tuple(branches)
    condition = conditions.read(period.condition)
    if condition is None:
        return None
    return tuple(replace(branch, condition=_both(condition, branch.condition)) for branch in branches)


def _both(period: model.Condition, condition: model.Condition) -> model.Condition:
    if isinstance(condition, model.Always):
        return period
    return model.All((period, condition), span=period.span.to(condition.span))


def suffix_of(period: Period | None) -> str:
    """What tells apart the ids of what bears one title in several periods."""
    return f" ({period.first or ''}..{period.last or ''})" if period is not None else ""


def overlap(one: Period | None, other: Period | None) -> bool:
    """Whether both may hold on one day; by different dates they may."""
    if one is None or other is None or one.day != other.day:
        return True
    return not (_before(one, other) or _before(other, one))


def _before(one: Period, other: Period) -> bool:
    return one.last is not None and other.first is not None and one.last < other.first


def report_overlap(
    name: str, span: Span, first: Span, periods: tuple[Period | None, Period | None], diagnostics: Diagnostics
) -> None:
    """Say that two statements of one name hold on the same days."""
    one, other = periods
    apart = one is not None and other is not None and one.day != other.day
    diagnostics.add("E356" if apart else "E355", span, term=name, related=(Related(first, "first"),))


def gaps(periods: Sequence[Period]) -> list[Gap]:
    """The days of none of the disjoint periods, but those before the first of values that last."""
    ordered = sorted(periods, key=lambda period: period.first or date.min)
    found: list[Gap] = []
    for one, other in pairwise(ordered):
        assert one.last is not None  # disjoint, and in their order
        assert other.first is not None
        if other.first - one.last > _ONE_DAY:
            found.append((one.last + _ONE_DAY, other.first - _ONE_DAY))
    first, last = ordered[0].first, ordered[-1].last
    if last is not None:
        found = [*([(None, first)] if first is not None else []), *found, (last, None)]
    return found


def gap_said(gap: Gap, language: Language) -> str:
    """« du 1er avril 2026 au 31 mai 2026 »."""
    before, after, between, on, _ = _SAID[language]
    first, last = (show_value(Date(), day, language) if day is not None else "" for day in gap)
    if gap[0] is None:
        return before.format(last)
    if gap[1] is None:
        return after.format(first)
    return on.format(first) if first == last else between.format(first, last)


def gaps_said(found: Sequence[Gap], language: Language) -> str:
    """The days of gaps, in words."""
    return _SAID[language][-1].join(gap_said(gap, language) for gap in found)
