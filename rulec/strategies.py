"""A plan in, hypothesis strategies for its facts out: within their bounds, thresholds and their neighbours favoured.

Hypothesis is needed here alone: `rulec.testing` offers these strategies, and imports this module when it is asked.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from hypothesis import strategies as st

from rulec.backends.assumed import breaking
from rulec.plan.tree import Compare, Const, In, Member, Plan
from rulec.runtime import types as t
from rulec.runtime.bounds import inside
from rulec.runtime.units import decimals_of
from rulec.tree import walk
from rulec.trial.candidates import ABSENT, TODAY, Values, candidates_of
from rulec.trial.steps import beside

Facts = dict[str, object]
DAY = date(2026, 3, 1)  # on which assumptions about today's date are tried
MOST_ELEMENTS = 4  # of a list
_USUAL = 10_000  # a number of no declared bounds is seldom higher
_MONEY = 1_000_000
_YEARS = (1970, 2060)
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCXYZéèàçœÉ0123456789 -_.,:;'’\"«»%€|*?#()\u00a0ß中"  # and worse


def facts_of(plan: Plan, *, missing: bool) -> st.SearchStrategy[Facts]:
    """Facts by path, as `decide` takes them, that break no assumption on the day DAY.

    `missing`: any of them may be left out, not the optional ones alone.
    """
    values = candidates_of(plan)
    every = {slot.path: _slot(slot, values, plan) for slot in plan.facts}
    breaks = breaking(plan)
    needed = {slot.path for slot in plan.facts if not missing and not slot.optional and slot.default is None}
    return st.fixed_dictionaries(
        {path: each for path, each in every.items() if path in needed},
        optional={path: each for path, each in every.items() if path not in needed},
    ).filter(lambda facts: not breaks(facts, DAY))


def moments_of(plan: Plan) -> st.SearchStrategy[date]:
    """Dates of the decision."""
    days = [day for day in candidates_of(plan)[TODAY] if isinstance(day, date)]
    return st.sampled_from(days) | _days()


def _slot(slot: t.Slot, values: Values, plan: Plan) -> st.SearchStrategy[object]:
    """The values of one fact, half of them those that rules look at."""
    match slot.type:
        case t.ListOf(t.Record(_, attributes)):
            return st.lists(_element(attributes, plan), max_size=MOST_ELEMENTS)
        case t.ListOf(item):
            single = _slot(t.Slot(slot.path, item, slot.names, bounds=slot.bounds), values, plan)
            return st.lists(single, max_size=MOST_ELEMENTS)
        case kind:
            known = [value for value in values.get(slot.path, ()) if value is not ABSENT]
            anything = _any(kind, slot.bounds)
            return st.sampled_from(known) | anything if known else anything


def _element(attributes: Sequence[t.Slot], plan: Plan) -> st.SearchStrategy[Facts]:
    """An element of a list, by the paths of its attributes."""
    values = {slot.path: tuple(_tested(slot, plan)) for slot in attributes}
    every = {slot.path: _slot(slot, values, plan) for slot in attributes}
    given = {slot.path for slot in attributes if not slot.optional and slot.default is None}
    return st.fixed_dictionaries(
        {path: each for path, each in every.items() if path in given},
        optional={path: each for path, each in every.items() if path not in given},
    )


def _tested(slot: t.Slot, plan: Plan) -> list[object]:
    """What an attribute of elements is compared with, and what lies beside."""
    found: dict[object, None] = {}
    for node in walk(plan):
        match node:
            case Compare(_, Member(_, key), Const(value)) | Compare(_, Const(value), Member(_, key)) if (
                key == slot.path
            ):
                found.update(dict.fromkeys([value, beside(slot.type, value, -1), beside(slot.type, value, 1)]))
            case In(Member(_, key), listed) if key == slot.path:
                found.update(dict.fromkeys(listed))
            case _:
                continue
    fits = (each for each in found if each is not None)
    return [value for value in fits if slot.bounds is None or inside(slot.bounds, value)]


def _any(kind: t.Type, bounds: t.Bounds | None) -> st.SearchStrategy[object]:
    """Any value of a type that is no list, within its bounds."""
    match kind:
        case t.YesNo():
            return st.booleans()
        case t.Choice(options):
            return st.sampled_from([option.key for option in options])
        case t.Text():
            return st.text(_LETTERS, min_size=1, max_size=30)
        case t.Date():
            return _days()
        case t.DateTime():
            first, last = (datetime(year, 1, 1) for year in _YEARS)
            return st.datetimes(first, last, timezones=st.just(UTC))
        case t.Time():
            return st.times().map(lambda found: found.replace(microsecond=0))
        case _:
            return _numbers(kind, bounds or t.Bounds())


def _days() -> st.SearchStrategy[date]:
    first, last = (date(year, 1, 1) for year in _YEARS)
    return st.integers(0, (last - first).days).map(lambda days: first + timedelta(days=days))


def _numbers(kind: t.Type, bounds: t.Bounds) -> st.SearchStrategy[Decimal]:
    """Decimals with as many places as the type is usually written with."""
    places, most = _shape(kind)
    unit = Decimal(1).scaleb(-places)
    low = bounds.low if bounds.low is not None else min(Decimal(0), (bounds.high or Decimal(0)) - most)
    high = bounds.high if bounds.high is not None else max(Decimal(most), low + most)
    first = int((low / unit).to_integral_value(ROUND_CEILING))
    last = int((high / unit).to_integral_value(ROUND_FLOOR))
    if first > last:  # no such number lies between the bounds: these do
        return st.sampled_from([low, high])
    return st.integers(first, last).map(lambda count: count * unit)


def _shape(kind: t.Type) -> tuple[int, int]:
    """How many decimals, and how high it goes."""
    match kind:
        case t.Amount(currency):
            return decimals_of(currency), _MONEY
        case t.Percentage():
            return 4, 1
        case t.Number(True) | t.Duration():
            return 0, _USUAL
        case _:
            return 2, _USUAL
