"""Two plans in, all differences of what they decide out, proven or said not to be."""

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

from rulec.analysis.reads import Reads
from rulec.difference.both import Both, kind_of
from rulec.difference.result import Change, Compared, Difference
from rulec.difference.tried import tried
from rulec.difference.vocabulary import vocabulary
from rulec.moment import Moment
from rulec.plan.tree import Plan

MOST = 20  # changes told of one outcome or action


def compare(
    old: Plan, new: Plan, budget: float, clock: Callable[[], float], at: Moment | None = None, most: int = MOST
) -> Difference:  # fmt: skip
    """Where decisions change, for all facts that both plans accept, those that are not optional being given.

    `budget`: seconds for proofs, by the clock; without any, or without the solver, facts are tried out instead.
    `at`: the date of the decision, None for any. `most`: changes of each outcome.
    """
    both = Both(old, new)
    found = {key: Compared(key) for key in both.keys}
    apart = [key for key in both.keys if not both.is_comparable(key) or _reads(both, key) & both.facts.apart]
    left = [key for key in both.keys if key not in apart and not both.is_same(key)]
    found |= {key: Compared(key, unproven="types") for key in apart}
    found |= _proven(both, left, budget, clock, at, most)
    open_ = [key for key in left if found[key].unproven]
    for key, changes in tried(both, open_, at, most).items():
        found[key] = _with(found[key], changes, most)
    return Difference(vocabulary(old, new), tuple(found.values()))


def _proven(
    both: Both, keys: list[str], budget: float, clock: Callable[[], float], at: Moment | None, most: int
) -> dict[str, Compared]:  # fmt: skip
    if find_spec("z3") is None or not budget:
        return {key: Compared(key, unproven="time" if find_spec("z3") else "solver") for key in keys}
    if not keys:
        return {}
    from rulec.difference.pair import Pair  # they need z3, which may not be installed
    from rulec.difference.regions import Regions

    pair = Pair(both, budget, clock, at)
    return {key: Regions(pair, key).compared(most) for key in keys}


def _with(found: Compared, changes: list[Change], most: int) -> Compared:
    """What is proven, and the changes between other values that were found by trying."""
    known = {(kind_of(each.before), kind_of(each.after)) for each in found.changes}
    others = [each for each in changes if (kind_of(each.before), kind_of(each.after)) not in known]
    return replace(found, changes=(*found.changes, *others)[:most])


def _reads(both: Both, key: str) -> set[str]:
    """The facts that the rules of either plan read for an outcome or action, lists as a whole."""
    found = set[str]()
    for plan in (both.old, both.new):
        reads = Reads(plan)
        paths = reads.of(both.stated(key, plan, reads))
        found |= {path.partition("[]")[0] for path in paths}
    return found
