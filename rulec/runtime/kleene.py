"""Three truth values in, three out: true, false, and unknown with its reasons.

Strong Kleene logic: unknown propagates unless the rest settles the result (S. C. Kleene, Introduction to
Metamathematics, 1952, § 64). Only the operands that remain open give reasons, so that no reason is beside the point;
reasons are sets, so that order does not matter.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rulec.runtime.errors import CalculationError, Details, Problem

STATUSES = ("not_applicable", "decided", "undetermined", "in_doubt", "conflict", "error")  # the worst last


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why something is not known. `missing`: paths of facts; `status`: the worst cause, one of STATUSES."""

    missing: frozenset[str] = frozenset()
    problems: frozenset[Problem] = frozenset()
    status: str = "undetermined"


Truth = bool | Unknown


class Nothing:
    """The value of a rule that gives none."""

    def __repr__(self) -> str:
        return "NOTHING"


class Anything:
    """Stands for a value that is not known; as an answer of a `Sort`, a value that cannot be replaced by another."""


NOTHING = Nothing()
ANYTHING = Anything()


class Way(NamedTuple):
    """One way that a rule may go, in a list tried in order; the last one is certain if it is reached.

    `branch`: number of the branch, 0 for none. `value`: what it gives; an `Unknown` value may be anything.
    `open`: why it is not known whether the rule goes this way when it goes none before; None where it does.
    """

    branch: int
    value: object
    open: Unknown | None = None


Sort = Callable[[object], Hashable | Anything]
"""Gives two values the same answer where they make no difference to the result, whatever the rest does.

Asked about ANYTHING, it answers ANYTHING where the value matters, and else the answer common to all values.
"""


def worst(statuses: Iterable[str]) -> str:
    """The worst of some statuses; of none, not_applicable."""
    return max(statuses, key=STATUSES.index, default=STATUSES[0])


def join(unknowns: Iterable[Unknown]) -> Unknown:
    """All the reasons together."""
    missing, problems, statuses = set[str](), set[Problem](), {"undetermined"}
    for unknown in unknowns:
        missing |= unknown.missing
        problems |= unknown.problems
        statuses.add(unknown.status)
    return Unknown(frozenset(missing), frozenset(problems), worst(statuses))


def negate(item: object) -> Truth:
    """True where the item is false."""
    return item if isinstance(item, Unknown) else not item


def all_of(items: Iterable[object]) -> Truth:
    """False if one is; else unknown if one is; else true."""
    unknowns = []
    for item in items:
        if isinstance(item, Unknown):
            unknowns.append(item)
        elif not item:
            return False
    return join(unknowns) if unknowns else True


def any_of(items: Iterable[object]) -> Truth:
    """True if one is; else unknown if one is; else false."""
    unknowns = []
    for item in items:
        if isinstance(item, Unknown):
            unknowns.append(item)
        elif item:
            return True
    return join(unknowns) if unknowns else False


def count_of(low: int, high: int, items: Iterable[object]) -> Truth:
    """Whether the number of true items is from `low` to `high`, both included."""
    true, unknowns = 0, []
    for item in items:
        if isinstance(item, Unknown):
            unknowns.append(item)
        elif item:
            true += 1
    most = true + len(unknowns)
    if most < low or true > high:
        return False
    return True if low <= true and most <= high else join(unknowns)


def lifted(place: Details, function: Callable[..., object], *operands: object) -> object:
    """The function of the operands; unknown where one is unknown, or where it has no result at `place`."""
    unknowns = [operand for operand in operands if isinstance(operand, Unknown)]
    if unknowns:
        return join(unknowns)
    try:
        return function(*operands)
    except CalculationError as error:
        return Unknown(problems=frozenset({Problem(error.code, error.details + place)}), status="error")


def open_reasons(ways: Sequence[Way], sort: Sort) -> tuple[list[Unknown], list[Unknown]]:
    """What keeps open where a rule goes, as far as it matters: reasons of its conditions, reasons of its values.

    A condition matters where its way and some way after it are of different sorts.
    """
    conditions, values, after = list[Unknown](), list[Unknown](), set[Hashable]()
    for way in reversed(ways):
        is_known = not isinstance(way.value, Unknown)
        own = sort(way.value if is_known else ANYTHING)
        if own is ANYTHING and isinstance(way.value, Unknown):
            own = object()  # two unknown values may differ, even for the same reasons
            values.append(way.value)
        if way.open is not None and after != {own}:
            conditions.append(way.open)
        after.add(own)
    return conditions, values


def chosen(cases: Iterable[tuple[object, object]], otherwise: object = NOTHING) -> object:
    """The value of the first case whose condition holds; unknown while values that differ are possible."""
    ways = list[Way]()
    for condition, value in cases:
        if isinstance(condition, Unknown):
            ways.append(Way(0, value, condition))
        elif condition:
            otherwise = value
            break
    ways.append(Way(0, otherwise))
    conditions, values = open_reasons(ways, _equal_among([way.value for way in ways]))
    return join(conditions + values) if conditions or values else otherwise


def _equal_among(values: Sequence[object]) -> Sort:
    """Tells values apart by the place of the first one that is equal."""
    return lambda value: value if value is ANYTHING else next(at for at, each in enumerate(values) if each == value)


def settle(ways: Sequence[Way]) -> Truth:
    """Whether what a rule does is true, given whether it is along each way."""
    conditions, values = open_reasons(ways, lambda value: value)
    return join(conditions + values) if conditions or values else bool(ways[0].value)
