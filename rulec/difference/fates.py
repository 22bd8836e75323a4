"""An outcome of one plan in, formulas of what becomes of it out: where it is decided, to what, where it is not.

Exact where all that may give it is settled; elsewhere variables of its own, that may be anything.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import z3

from rulec.analysis.logic import Term, Truth, Value, any_of, both, either, opposite, picked
from rulec.analysis.translate import Meaning
from rulec.analysis.variables import constant
from rulec.difference.policies import Combined, Policy, Way, combined
from rulec.plan.kinds import kind_of_type
from rulec.plan.tree import Const, Expr, Rule, Table
from rulec.runtime.sorts import default_of
from rulec.runtime.types import Bounds, OutcomeSlot

if TYPE_CHECKING:
    from rulec.difference.side import Side

Items = tuple[tuple[Term, Value], ...]  # elements of a list, each with where it is in it


class Fate(NamedTuple):
    """What becomes of an outcome. `decided`, `none`: where it has a value, where no rule applies; elsewhere nothing
    can be decided. `sure`: where all of it is settled. `items`: of a list, where it is sure; `value` elsewhere.

    `ways`: what may give it; None where that is not known.
    """

    decided: Term
    none: Term
    value: Value
    sure: Term = False
    items: Items = ()
    ways: tuple[Way, ...] | None = None


def fate_of(side: "Side", slot: OutcomeSlot) -> Fate:
    """What becomes of an outcome."""
    kind = kind_of_type(slot.type)
    ways = _ways(side, slot)
    policy = Policy(slot.combine, slot.type, slot.order)
    made = combined(policy, ways, side.variables.code) if ways is not None else None
    if ways is None or made is None:
        return side.free_fate(slot.key, kind)
    whole = _whole_list(side, slot, made) if slot.combine == "collect" else _whole(side, slot, made, kind)
    if whole is None:
        return side.free_fate(slot.key, kind)
    if made.sure is True:
        return whole._replace(ways=tuple(ways))
    free = side.free_fate(slot.key, kind)
    unsure = opposite(made.sure)
    value = free.value if slot.combine == "collect" else Value(
        kind, picked(made.sure, whole.value.term, free.value.term)
    )  # fmt: skip
    return Fate(
        either([both([made.sure, whole.decided]), both([unsure, free.decided])]),
        either([both([made.sure, whole.none]), both([unsure, free.none])]),
        value, made.sure, whole.items, tuple(ways),
    )  # fmt: skip


def _whole(side: "Side", slot: OutcomeSlot, made: Combined, kind: str) -> Fate | None:
    """What becomes of an outcome of one value, where all is settled."""
    default = held(constant(slot.default, side.variables)) if slot.default is not None else None
    last = default.term if default is not None else _nothing(kind)
    if (default is None) is not (slot.default is None) or kind in ("list", "record"):
        return None
    value = Value(kind, picked(made.some, made.value.term, last) if made.value is not None else last)
    given = made.some if default is None else True
    none = opposite(made.some) if default is None else False
    return Fate(both([given, made.clear, _inside(slot.bounds, value)]), none, value, True)


def _nothing(kind: str) -> Term:
    """A value for an outcome that has none."""
    return z3.BoolVal(False) if kind == "yes" else z3.RealVal(0) if kind == "number" else z3.IntVal(0)


def _whole_list(side: "Side", slot: OutcomeSlot, made: Combined) -> Fate | None:
    """What becomes of a list, where all is settled."""
    default = default_of(slot)
    added = [held(constant(each, side.variables)) for each in default] if isinstance(default, tuple) else []
    known = [each for each in added if each is not None]
    if len(known) < len(added):
        return None
    unused = opposite(made.some)
    items = _once((*made.items, *((unused, each) for each in known)), slot.distinct)
    inside = both(either([opposite(there), _inside(slot.bounds, each)]) for there, each in items)
    given, none = (made.some, unused) if slot.default is None else (True, False)
    return Fate(both([given, inside]), none, Value("list", z3.IntVal(0)), True, items)


def _once(items: Items, distinct: bool) -> Items:
    """The items; where a list has each once, those that stand there for the first time."""
    if not distinct:
        return items
    return tuple(
        (both([there, *(opposite(both([before, _alike(other, value)])) for before, other in items[:at])]), value)
        for at, (there, value) in enumerate(items)
    )


def _alike(one: Value, other: Value) -> Term:
    return one.term == other.term if one.kind == other.kind else False


def _inside(bounds: Bounds | None, value: Value) -> Term:
    if bounds is None or value.kind != "number":
        return True
    low, high = (None if end is None else z3.RealVal(format(end, "f")) for end in (bounds.low, bounds.high))
    return both([low is None or value.term >= low, high is None or value.term <= high])


# ---- what may give it


def _ways(side: "Side", slot: OutcomeSlot) -> list[Way] | None:
    """The ways in which an outcome may be given a value; None where they are not known."""
    found = list[Way]()
    for giver in side.reads.giving(slot.key):
        own = _own(side, giver, slot) if giver.each == slot.each else None
        if own is None:
            return None
        found += own
    return found


def _own(side: "Side", giver: Rule | Table, slot: OutcomeSlot) -> list[Way] | None:
    given = [*_given(side, giver, slot.key)]
    number = side.substance.statement(giver.id)
    ways = [Way(fires, value, number) for fires, value in given if value is not None]
    if len(ways) < len(given):
        return None
    if isinstance(giver, Rule) or (giver.combine == slot.combine == "collect" and not giver.distinct):
        return ways
    made = combined(Policy(giver.combine, slot.type, giver.order), ways, side.variables.code)
    if made is None or (ways and made.value is None):
        return None
    fires = any_of([way.fires for way in ways])
    known = both([made.sure, made.clear])
    return [Way(fires, made.value._replace(known=known), number)] if made.value is not None else []


def _given(side: "Side", giver: Rule | Table, key: str) -> Iterator[tuple[Truth, Value | None]]:
    """Each value that a rule or a row may give; of a list that is written out, its elements."""
    for (fires, meant), expr in zip(
        ((each.fires, each.value) for each in side.givings(giver, key)), _exprs(giver, key), strict=True
    ):
        if isinstance(expr, Const) and isinstance(expr.value, tuple):
            yield from ((fires, held(constant(each, side.variables))) for each in expr.value)
        else:
            yield fires, held(meant)


def _exprs(giver: Rule | Table, key: str) -> Iterator[Expr]:
    if isinstance(giver, Rule):
        yield from (give.value for branch in giver.branches for give in branch.gives if give.outcome == key)
        return
    decides = next(each for each in giver.decides if each.outcome == key)
    cells = (*decides.cells, *([decides.default] if giver.has_default else []))
    yield from (decides.values[cell] for cell in cells if cell >= 0)


def held(meant: Meaning | None) -> Value | None:
    """A meaning as a value; None for a list."""
    if isinstance(meant, Truth):
        return Value("yes", z3.BoolVal(meant.yes) if isinstance(meant.yes, bool) else meant.yes, meant.settled)
    return meant if meant is not None and meant.kind not in ("list", "record", "") else None
