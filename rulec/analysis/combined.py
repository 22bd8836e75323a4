"""Where rules apply and what they give in, what comes of it under a policy out: where there is a value, and which."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import z3

from rulec.analysis.logic import Term, Truth, Value, both, either, opposite, picked

MOST = 2_000  # ways that one formula holds


class Way(NamedTuple):
    """Where a way goes, all being known, and what it gives."""

    fires: Term
    value: Truth | Value


def combined(how: str, ways: Sequence[Way]) -> Way | None:
    """What the ways give together: where one of them goes, and the value; None where that has no formula."""
    if not 0 < len(ways) <= MOST:
        return None
    truths = [way.value for way in ways if isinstance(way.value, Truth)]
    values = [way.value for way in ways if isinstance(way.value, Value)]
    fires = [way.fires for way in ways]
    alone = z3.Sum([z3.If(fired, 1, 0) for fired in fires]) <= 1 if how == "unique" and len(ways) > 1 else True
    if truths and not values and how in ("any", "unique", "first"):
        return Way(either(fires), _truth(how, fires, truths, alone))
    if values and not truths and (made := _value(how, fires, values, alone)) is not None:
        return Way(either(fires), made)
    return None


def _truth(how: str, fires: Sequence[Term], truths: Sequence[Truth], alone: Term) -> Truth:
    """The answer on which all that apply agree, or the first."""
    if how == "first":
        yes, no = _first([(fired, each.yes) for fired, each in zip(fires, truths, strict=True)], False), False
        no = _first([(fired, each.no) for fired, each in zip(fires, truths, strict=True)], no)
        return Truth(yes, no)
    some = either(fires)
    yes, no = (
        both([some, alone, *(either([opposite(fired), term]) for fired, term in zip(fires, terms, strict=True))])
        for terms in ([each.yes for each in truths], [each.no for each in truths])
    )
    return Truth(yes, no)


def _value(how: str, fires: Sequence[Term], values: Sequence[Value], alone: Term) -> Value | None:
    kind, pairs = values[0].kind, list(zip(fires, values, strict=True))
    known = both(either([opposite(fired), value.known]) for fired, value in pairs)
    match how:
        case "first":
            term = _first([(fired, value.term) for fired, value in pairs], values[0].term)
            known = _first([(fired, value.known) for fired, value in pairs], False)
        case "any" | "unique":
            term = _first([(fired, value.term) for fired, value in pairs], values[0].term)
            agreed = (either([opposite(fired), value.term == term]) for fired, value in pairs)
            known = both([known, alone, *agreed])
        case "max" | "min" if kind == "number":
            term = _best((lambda one, other: one > other) if how == "max" else (lambda one, other: one < other), pairs)
        case "sum" if kind == "number":
            term = z3.Sum([picked(fired, value.term, z3.RealVal(0)) for fired, value in pairs])
        case "compound" if kind == "number":
            one = z3.RealVal(1)
            term = one - z3.Product([one, *(picked(fired, one - value.term, one) for fired, value in pairs)])
        case _:
            return None
    return Value(kind, term, known)


def _first(cases: Sequence[tuple[Term, Term]], otherwise: Term) -> Term:
    """What the first case that holds gives."""
    for fired, term in reversed(cases):
        otherwise = picked(fired, term, otherwise)
    return otherwise


def _best(better: Callable[[Term, Term], Term], pairs: Sequence[tuple[Term, Value]]) -> Term:
    """The best of what applies."""
    (some, first), *rest = pairs
    best = first.term
    for fired, value in rest:
        best = picked(both([fired, either([opposite(some), better(value.term, best)])]), value.term, best)
        some = either([some, fired])
    return best
