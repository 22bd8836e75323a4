"""Lists in, what is asked of them out: elements that meet a condition, values of elements, counts, sums, orders.

Elements are held as `runtime.types` says. A list that is not known, or of which an element leaves the result open,
gives an `Unknown`.
"""

from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from typing import Any

from rulec.runtime.calculate import exact_div, exact_sum
from rulec.runtime.errors import CalculationError
from rulec.runtime.kleene import Truth, Unknown, count_of, join

List = tuple[Any, ...]


def filtered(source: object, condition: Callable[[Any], object]) -> object:
    """The elements for which the condition holds."""
    if isinstance(source, Unknown):
        return source
    elements = _elements(source)
    truths = _known([condition(each) for each in elements])
    if isinstance(truths, Unknown):
        return truths
    return tuple(each for each, holds in zip(elements, truths, strict=True) if holds)


def collected(source: object, value: Callable[[Any], object]) -> object:
    """The value for each element."""
    return source if isinstance(source, Unknown) else _known([value(each) for each in _elements(source)])


def count_where(low: int, high: int | None, source: object, condition: Callable[[Any], object]) -> Truth:
    """Whether from `low` to `high` elements meet the condition."""
    if isinstance(source, Unknown):
        return source
    elements = _elements(source)
    return count_of(low, len(elements) if high is None else high, map(condition, elements))


def sorted_by(source: object, key: Callable[[Any], object], descending: bool) -> object:
    """The elements by their keys, equal ones in their order."""
    if isinstance(source, Unknown):
        return source
    elements = _elements(source)
    keys = _known([key(each) for each in elements])
    if isinstance(keys, Unknown):
        return keys
    order: Sequence[Any] = keys
    return tuple(elements[at] for at in sorted(range(len(elements)), key=order.__getitem__, reverse=descending))


def aggregated(how: str, source: List) -> object:
    """count, sum, mean, min, max, first, last or only, the one element.

    CalculationError E565: of an empty list, all but count and sum; E566, E567: no element is the only one, several are.
    """
    if how == "only":
        if len(source) != 1:
            raise CalculationError("E567" if source else "E566")
        return source[0]
    if how == "count":
        return Decimal(len(source))
    if how == "sum":
        return exact_sum(source)
    if not source:
        raise CalculationError("E565")
    match how:
        case "mean":
            return exact_div(exact_sum(source), Decimal(len(source)))
        case "min" | "max":
            return min(source) if how == "min" else max(source)
        case _:
            return source[0 if how == "first" else -1]


def each_once(source: List) -> List:
    """Each element once."""
    found = dict[Hashable, Any]()
    for each in source:
        found.setdefault(_identity(each), each)
    return tuple(found.values())


def _identity(element: Any) -> Hashable:
    """Two elements are the same where all their attributes are."""
    if isinstance(element, dict):
        return frozenset((key, _identity(value)) for key, value in element.items())
    return tuple(map(_identity, element)) if isinstance(element, tuple) else element


def take(count: Decimal, source: List, skip: int, last: bool) -> List:
    """The first elements after some, as many as `count` says; from the end where they are the last."""
    ordered = source[::-1] if last else source
    taken = ordered[skip : skip + max(0, int(min(count, Decimal(len(source)))))]
    return taken[::-1] if last else taken


def is_same(one: object, other: object) -> bool:
    """Whether two elements are one."""
    return one is other


def contains(source: List, item: object) -> bool:
    """Whether the list holds the item."""
    return item in source


def _elements(source: object) -> List:
    assert isinstance(source, tuple)
    return source


def _known(values: Sequence[object]) -> List | Unknown:
    """All the values, or the reasons why one is not known."""
    unknowns = [value for value in values if isinstance(value, Unknown)]
    return join(unknowns) if unknowns else tuple(values)
