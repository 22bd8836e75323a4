"""What rules may give an outcome in, how its policy combines it out, as formulas."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import z3

from rulec.analysis.logic import Term, Truth, Value, both, either, opposite, picked
from rulec.runtime.types import Choice, ListOf, Type


class Way(NamedTuple):
    """One way in which an outcome may be given a value, in the order of the text. `giver`: what it is a way of."""

    fires: Truth
    value: Value
    giver: int = -1


class Combined(NamedTuple):
    """What comes of ways. `sure`: where all of them are settled; what follows is meant there alone.

    `some`: where one goes; `clear`: where they do not contradict each other; `items`: of a list.
    """

    sure: Term
    some: Term
    clear: Term = True
    value: Value | None = None
    items: tuple[tuple[Term, Value], ...] = ()


class Policy(NamedTuple):
    """How ways combine: as in `OutcomeSlot`."""

    combine: str
    type: Type
    order: tuple[object, ...] = ()


def combined(policy: Policy, ways: Sequence[Way], code: Callable[[str], int]) -> Combined | None:
    """What comes of ways; None where that has no formula. `code`: the number of a text."""
    fires, kinds = [way.fires.yes for way in ways], {way.value.kind for way in ways}
    sure = both([both([way.fires.settled, either([way.fires.no, way.value.known])]) for way in ways])
    made = Combined(sure, either(fires))
    if policy.combine == "collect":
        return made._replace(items=tuple((way.fires.yes, way.value) for way in ways))
    if not ways:
        return made
    if len(kinds) > 1 or kinds & {"list", "record", ""}:
        return None
    term, clear = _first(ways), True
    match policy.combine:
        case "any":
            clear = both(either([opposite(way.fires.yes), way.value.term == term]) for way in ways)
        case "unique":
            clear = _alone(fires)
        case "first":
            pass
        case "sum" if kinds == {"number"}:
            term = z3.Sum([_given(way, way.value.term, z3.RealVal(0)) for way in ways])
        case "compound" if kinds == {"number"}:
            term = _compounded(ways)
        case "max" | "min" | "priority":
            term = _strongest(policy, ways, code)
        case _:
            return None
    return made._replace(clear=clear, value=Value(ways[0].value.kind, term)) if term is not None else None


def _given(way: Way, one: Term, other: Term) -> Term:
    return picked(way.fires.yes, one, other)


def _first(ways: Sequence[Way]) -> Any:
    term = ways[-1].value.term
    for way in reversed(ways[:-1]):
        term = _given(way, way.value.term, term)
    return term


def _alone(fires: Sequence[Term]) -> Term:
    """That one at most goes."""
    always = [each for each in fires if each is True]
    others = [each for each in fires if not isinstance(each, bool)]
    if len(always) > 1:
        return False
    return both(map(opposite, others)) if always else z3.AtMost(*others, 1) if len(others) > 1 else True


def _compounded(ways: Sequence[Way]) -> Any:
    rest = z3.RealVal(1)
    for way in ways:
        rest = _given(way, rest * (1 - way.value.term), rest)
    return 1 - rest


def _strongest(policy: Policy, ways: Sequence[Way], code: Callable[[str], int]) -> Any:
    """The value that wins; None for texts that no order ranks."""
    ranked = _rank(policy, code) if ways[0].value.kind == "text" else lambda term: term
    if ranked is None or ways[0].value.kind == "yes":
        return None
    best, some = ways[0].value.term, ways[0].fires.yes
    for way in ways[1:]:
        term = way.value.term
        wins = ranked(term) < ranked(best) if policy.combine == "min" else ranked(term) > ranked(best)
        best = picked(both([way.fires.yes, either([opposite(some), wins])]), term, best)
        some = either([some, way.fires.yes])
    return best


def _rank(policy: Policy, code: Callable[[str], int]) -> Callable[[Any], Any] | None:
    """How strong a text is, among the values of a closed list."""
    kind = policy.type.item if isinstance(policy.type, ListOf) else policy.type
    if policy.combine != "priority" or not isinstance(kind, Choice) or not kind.options:
        return None
    keys = [str(each) for each in policy.order]
    keys += [option.key for option in kind.options if option.key not in keys]

    def rank(term: Any) -> Any:
        found = z3.IntVal(0)
        for at, key in enumerate(reversed(keys), 1):
            found = z3.If(term == code(key), z3.IntVal(at), found)
        return found

    return rank
