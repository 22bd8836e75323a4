"""Two fates of one outcome or action in, the formula of where they differ out."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

import z3

from rulec.analysis.logic import Term, Value, both, either, opposite
from rulec.difference.asked import Asked, same_requests
from rulec.difference.fates import Fate, Items
from rulec.difference.policies import Way
from rulec.runtime.types import OutcomeSlot

Signed = tuple[tuple[object, ...], Way]
_ORDERED = ("first", "collect")  # policies under which it matters which way comes first


class Two(NamedTuple):
    """What becomes of one thing under the old rules and under the new ones."""

    old: "Fate | Asked"
    new: "Fate | Asked"

    def differ(self) -> Term:
        """Where the decisions differ."""
        one, other = self
        if isinstance(one, Asked) and isinstance(other, Asked):
            alike = same_requests(one, other)
        else:
            assert isinstance(one, Fate)
            assert isinstance(other, Fate)
            alike = _same_values(one, other)
        return either([
            _unlike(one.decided, other.decided), _unlike(one.none, other.none),
            both([one.decided, other.decided, opposite(alike)]),
        ])  # fmt: skip


def touched(slot: OutcomeSlot, two: Two) -> Term:
    """Where a way that only one side has may go: elsewhere nothing differs.

    Both sides combine alike. True where that is not known.
    """
    if not (isinstance(two.old, Fate) and isinstance(two.new, Fate)) or two.old.ways is None or two.new.ways is None:
        return True
    signs = _Signs()
    one, other = ([(signs.of(way), way) for way in ways] for ways in (two.old.ways, two.new.ways))
    left = _moved(one, other) if slot.combine in _ORDERED else [*_only(one, other), *_only(other, one)]
    return either(opposite(way.fires.no) for way in left)


def _moved(old: Sequence[Signed], new: Sequence[Signed]) -> list[Way]:
    """The ways that do not stand on both sides in the same order."""
    one, other = ([sign for sign, _ in ways] for ways in (old, new))
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    moved = [(old[a:b], new[c:d]) for kind, a, b, c, d in blocks if kind != "equal"]
    return [way for before, after in moved for _, way in (*before, *after)]


def _only(some: Sequence[Signed], others: Sequence[Signed]) -> list[Way]:
    """Those that the others do not have as often."""
    left, found = Counter(sign for sign, _ in others), list[Way]()
    for sign, way in some:
        left[sign] -= 1
        found += [way] if left[sign] < 0 else []
    return found


class _Signs:
    """What is the same for ways that do the same."""

    def __init__(self) -> None:
        self._kept = list[Term]()  # a formula that is gone leaves its number to another

    def of(self, way: Way) -> tuple[object, ...]:
        """The sign of a way; one that may be open counts with all those of its rule."""
        settled = way.fires.sure and way.value.known is True
        terms = (way.fires.yes, way.value.term) if settled else (way.fires.yes, way.fires.no, *way.value[1:3])
        return (way.value.kind, -1 if settled else way.giver, *map(self._form, terms))

    def _form(self, term: Term) -> object:
        """What is the same for formulas that say the same in another order, or by the opposite."""
        if isinstance(term, bool):
            return term
        plain = z3.simplify(term)
        self._kept.append(plain)
        return frozenset(each.get_id() for each in plain.children()) if z3.is_and(plain) else plain.get_id()


def _unlike(one: Term, other: Term) -> Term:
    if isinstance(one, bool) or isinstance(other, bool):
        return either([both([one, opposite(other)]), both([opposite(one), other])])
    return z3.Xor(one, other)


def _same_values(one: Fate, other: Fate) -> Term:
    if "list" not in (one.value.kind, other.value.kind):
        return one.value.term == other.value.term if one.value.kind == other.value.kind else False
    known = both([one.sure, other.sure, _same_lists(one.items, other.items)])
    return either([known, both([opposite(one.sure), opposite(other.sure), one.value.term == other.value.term])])


def _same_lists(one: Items, other: Items) -> Term:
    """That two lists have as many elements, and the same at each place."""
    places, others = _places(one), _places(other)
    many = [z3.Sum([z3.IntVal(0), *map(_one, items)]) for items in (one, other)]
    return both([
        many[0] == many[1],
        *(
            either([opposite(both([there, too, place == at])), _equal(value, wanted)])
            for (there, value), place in zip(one, places, strict=True)
            for (too, wanted), at in zip(other, others, strict=True)
        ),
    ])  # fmt: skip


def _places(items: Items) -> list[Term]:
    found = list[Term]()
    for at in range(len(items)):
        found.append(z3.Sum([z3.IntVal(0), *map(_one, items[:at])]))
    return found


def _one(item: tuple[Term, Value]) -> Term:
    there = item[0]
    return z3.IntVal(int(there)) if isinstance(there, bool) else z3.If(there, 1, 0)


def _equal(one: Value, other: Value) -> Term:
    return one.term == other.term if one.kind == other.kind else False
