"""An outcome and what each rule may give it in, what becomes of the outcome out.

An outcome is settled where every way that the rules may go gives the same result under its policy; the default stands
only where no rule gives anything.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rulec.runtime.calculate import compounded, exact_sum
from rulec.runtime.decision import FiredRule, OutcomeResult
from rulec.runtime.errors import CalculationError, Problem
from rulec.runtime.kleene import NOTHING, Unknown, Way, join, open_reasons
from rulec.runtime.shown import show_value
from rulec.runtime.sorts import SORTS, Giver, default_of, giver_of, listed, pickers
from rulec.runtime.types import ListOf, OutcomeSlot

Places = Mapping[str, int]  # path of a fact → where it stands among the facts
Given = tuple[FiredRule | None, object]  # a rule that certainly gives the value, or None where it may be another

_ONE_WINS = frozenset({"first", "max", "min", "priority"})


def combine(
    slot: OutcomeSlot, rules: Sequence[tuple[FiredRule, Sequence[Way]]], places: Places, language: str
) -> OutcomeResult:
    """What becomes of an outcome, from the ways that each rule may go, in the order of the text."""
    givers = [giver_of(rule, ways) for rule, ways in rules if any(way.value is not NOTHING for way in ways)]
    if not givers:
        return conclude(slot, [], language)
    conditions, values = list[Unknown](), list[Unknown]()
    for giver, sort in zip(givers, SORTS[slot.combine](slot, givers), strict=True):
        reasons = open_reasons(giver.ways, sort)
        conditions += reasons[0]
        values += reasons[1]
    if conditions or values:
        return _open(conditions, values, places)
    given = [(_fired(slot, giver), giver.ways[-1].value) for giver in givers]
    result = conclude(slot, [each for each in given if each[1] is not NOTHING], language)
    return replace(result, default=False)


def conclude(slot: OutcomeSlot, given: Sequence[Given], language: str) -> OutcomeResult:
    """What becomes of an outcome to which these rules, and no others, give these values, in the order of the text.

    A value may be an `Unknown` where it makes no difference.
    """
    if not given:
        default = default_of(slot)
        return _bounded(slot, default, (), language) if default is not NOTHING else OutcomeResult("not_applicable")
    known = [value for _, value in given if not isinstance(value, Unknown)]
    fired = tuple(dict.fromkeys(rule for rule, _ in given if rule is not None))
    if (slot.combine == "any" and len(set(known)) > 1) or (slot.combine == "unique" and len(given) > 1):
        return OutcomeResult("conflict", fired=fired)
    try:
        value = _result(slot, known)
    except CalculationError:
        return OutcomeResult("error", fired=fired, problems=(Problem("E556", (("outcome", slot.name),)),))
    if slot.combine in _ONE_WINS:
        fired = tuple(dict.fromkeys(rule for rule, each in given if rule is not None and each == value))
    return _bounded(slot, value, fired[:1] if slot.combine == "first" else fired, language)


def ordered(paths: frozenset[str], places: Places) -> tuple[str, ...]:
    """The paths in the order of the facts, those of the elements of a list after the list."""
    return tuple(sorted(paths, key=lambda path: _rank(path, places)))


def _rank(path: str, places: Places) -> tuple[object, ...]:
    """Where a path comes: « order.lines[2].price » by the list, then by the numbers of the elements."""
    base, *rest = re.split(r"\[(\d+)\]", path)
    return (places[base], *(int(part) if part.isdigit() else part for part in rest))


def _open(conditions: Sequence[Unknown], values: Sequence[Unknown], places: Places) -> OutcomeResult:
    first, then = join(conditions), join(values)
    missing = ordered(first.missing, places) + ordered(then.missing - first.missing, places)
    problems = tuple(sorted(first.problems | then.problems))
    return OutcomeResult(join([first, then]).status, missing=missing, problems=problems)


def _fired(slot: OutcomeSlot, giver: Giver) -> FiredRule | None:
    """The rule, if it certainly gives a value (the one that wins, if one does)."""
    is_one = len(giver.values) == 1 and not giver.vague
    if not giver.sure or (slot.combine in _ONE_WINS and not is_one):
        return None
    branches = {way.branch for way in giver.ways}
    return replace(giver.rule, branch=branches.pop() if len(branches) == 1 else 0)


def _result(slot: OutcomeSlot, values: Sequence[Any]) -> object:
    """The value that the policy makes of some values, in the order of the text. CalculationError: too large."""
    match slot.combine:
        case "max" | "min" | "priority":
            return pickers(slot)[0](values)
        case "sum":
            return exact_sum(values)
        case "compound":
            return compounded(values)
        case "collect":
            return listed(slot, values)
        case _:  # any, unique, first
            return values[0]


def _bounded(slot: OutcomeSlot, value: object, fired: tuple[FiredRule, ...], language: str) -> OutcomeResult:
    """The value decided, unless a number in it is out of bounds."""
    type_ = slot.type.item if isinstance(slot.type, ListOf) else slot.type
    ends = (slot.bounds.low, slot.bounds.high) if slot.bounds else (None, None)
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, Decimal) and not _within(each, *ends):
            bounds = " … ".join("" if end is None else show_value(type_, end, language) for end in ends)
            details = (("outcome", slot.name), ("value", show_value(type_, each, language)), ("bounds", bounds.strip()))
            return OutcomeResult("error", fired=fired, problems=(Problem("E553", details),))
    return OutcomeResult("decided", value, fired, default=not fired)


def _within(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)
