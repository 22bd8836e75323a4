"""Elements of a list in, the same in an order, or some of them by their rank out: « les deux plus anciennes »."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.runtime.units import UNITS
from rulec.semantics import model
from rulec.semantics.dates import dated
from rulec.semantics.expressions import Expressions, value_of
from rulec.semantics.lists import Found, rebound, together
from rulec.semantics.measures import ordered
from rulec.semantics.scope import Wants
from rulec.syntax import ast

if TYPE_CHECKING:
    from rulec.semantics.aggregates import Aggregates

SORTING = ("SORTED", "SORTED_DOWN")
TELLING = frozenset({"distinct", "same", "other"})  # which elements, in whatever order
DESCENDING = {
    "max": True, "dearest": True, "heaviest": True, "longest": True, "newest": True,
    "min": False, "cheapest": False, "lightest": False, "shortest": False, "oldest": False,
}  # fmt: skip


def _is_weight(kind: t.Type) -> bool:
    return isinstance(kind, t.Quantity) and UNITS.get(kind.unit, ("",))[0] == "mass"


def _is_length(kind: t.Type) -> bool:
    metres = isinstance(kind, t.Quantity) and UNITS.get(kind.unit, ("",))[0] == "length"
    return metres or isinstance(kind, t.Duration)


def _is_measure(kind: t.Type) -> bool:
    return ordered(kind) and not dated(kind)


# what a rank tells of an element by itself; « le plus élevé » tells of any measure
_TOLD: dict[str, Wants] = {
    **dict.fromkeys(("dearest", "cheapest"), lambda kind: isinstance(kind, t.Amount)),
    **dict.fromkeys(("heaviest", "lightest"), _is_weight),
    **dict.fromkeys(("longest", "shortest"), _is_length),
    **dict.fromkeys(("oldest", "newest"), dated),
}  # fmt: skip


@changing
class Ranks:
    """Puts elements of lists in order."""

    aggregates: "Aggregates"

    @property
    def _expressions(self) -> Expressions:
        return self.aggregates.expressions

    def ranked(self, found: Found, picked: ast.Picked, ranks: Sequence[str], *, one: bool) -> Found | None:
        """The elements of a rank; `one`: a single one, at the head or at the end."""
        orders = [each for each in ranks if each in DESCENDING]
        places = [each for each in ranks if each not in DESCENDING]
        if len(orders) > 1 or len(places) > 1:
            return self._expressions.report("E374", picked.span)
        numbered = bool(places) and places[0] not in ("first", "last")
        if picked.count is not None and (numbered or one):
            return self._expressions.report("E326", picked.count.span)
        if picked.count is None and not one:
            return self._expressions.report("E387", picked.span)
        if orders:
            key = self._key(found, orders[0], picked)
            if key is None:
                return None
            found = in_order(found, key, DESCENDING[orders[0]])
        elif found.distinct:
            return self._expressions.report("E374", picked.span)
        place = places[0] if places else "first"
        if numbered:
            return _after(found, int(place.rpartition("_")[2]) - 1, last=place.startswith("last"))
        return found if picked.count is None else self._as_many(found, picked.count, last=place == "last")

    def is_of(self, found: Found, picked: ast.Picked, around: str) -> model.Condition | None:
        """« l'article est le plus cher des articles fragiles »: it is among them, and none of them is dearer.

        `around`: the name that the element spoken of is bound to.
        """
        element, span = replace(found.element, name=around), picked.span
        ranks = [each for each in picked.picks if each not in TELLING]
        inside = [] if isinstance(found.condition, model.Always) else [rebound(found.condition, found.name, around)]
        if len(ranks) == 1 and ranks[0] in DESCENDING:
            key = self._key(found, ranks[0], picked)
            if key is None:
                return None
            each = model.Collected(found.filtered, found.name, key, t.ListOf(key.type), span=span)
            best = model.Aggregated("max" if DESCENDING[ranks[0]] else "min", each, key.type, span=span)
            held = model.Compare("eq", rebound(key, found.name, around), best, span=span)
            return together([*inside, held])
        ranked = self.ranked(found, picked, ranks, one=True)
        if ranked is None:
            return None
        if ranks[-1] in ("first", "last"):
            ranked = _after(ranked, 0, last=ranks[-1] == "last")
        same = model.Not(model.Another(element, found.element, span=span), span=span)
        return model.CountWhere(1, None, ranked.source, found.name, same, span=span)

    def _as_many(self, found: Found, said: ast.Value, *, last: bool) -> Found | None:
        count = self._expressions.literal(said, t.Number(whole=True))
        return _taken(found, count, 0, last=last) if count is not None else None

    def sorted_as(self, found: Found, said: ast.Predicate) -> Found | None:
        """« triés par prix décroissant »."""
        ref = said.phrase.operand if said.phrase is not None and said.phrase.detail is None else None
        if not isinstance(ref, ast.Ref):
            return self._expressions.report("E318", said.span)
        key = Expressions(found.scope).reference(ref, ordered, found.own)
        return in_order(found, key, said.marker == "SORTED_DOWN") if key is not None else None

    def _key(self, found: Found, rank: str, picked: ast.Picked) -> model.Value | None:
        """By what elements are ranked: what is said, else what the rank is said of, else what the rank tells."""
        inner = Expressions(found.scope)
        if picked.key is not None:
            return inner.reference(replace(picked.key, their=False), ordered, found.own)
        of = [term for term in found.rest if term.key == picked.on]
        told = _TOLD.get(rank, _is_measure)
        named = found.scope.named((*found.own, *of), told) if of else []
        if len(named) == 1:
            return value_of(named[0], picked.span)
        return self.by_itself(found, rank, picked)

    def by_itself(self, found: Found, rank: str, picked: ast.Picked) -> model.Value | None:
        """What a rank tells of elements: of « le plus ancien » the date, of « le plus cher » the amount."""
        told = _TOLD.get(rank)
        if told is None:
            return self.aggregates.lists.attribute(replace(found, rest=()), None, picked.span)
        if not found.scope.named(found.own, told):
            return self._expressions.report("E373", picked.span)
        return Expressions(found.scope).reference(ast.Ref(found.own, span=picked.span), told)


def in_order(found: Found, key: model.Value, descending: bool) -> Found:
    """The elements by a key."""
    source = model.SortedBy(found.filtered, found.name, key, descending, found.source.type, span=found.source.span)
    return replace(found, source=source, condition=model.Always())


def _after(found: Found, skip: int, *, last: bool) -> Found:
    """The element after so many; from the end."""
    one = model.Literal(Decimal(1), t.Number(whole=True), span=found.source.span)
    return _taken(found, one, skip, last=last)


def _taken(found: Found, count: model.Value, skip: int, *, last: bool) -> Found:
    source = model.Taken(count, found.filtered, found.source.type, skip, last, span=found.source.span)
    return replace(found, source=source, condition=model.Always())
