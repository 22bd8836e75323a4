"""Rules that change nothing: wherever they apply, others that stay give the same."""

from collections.abc import Iterator, Sequence

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, Truth, both, either, opposite
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import Analysis
from rulec.analysis.statements import Giving
from rulec.plan.lower import gives_of
from rulec.plan.tree import Applies, Rule
from rulec.runtime.types import OutcomeSlot
from rulec.tree import walk

MOST = 200  # ways that one is compared with


def redundant(analysis: Analysis) -> Iterator[Finding]:
    """Rules of one outcome that another rule, of which all agree or the best wins, covers; the later one is told."""
    read = {node.rule for node in walk(analysis.plan) if isinstance(node, Applies)}
    read |= {other for rule in analysis.plan.statements for other in rule.exceptions}
    for slot in analysis.plan.outcomes:
        if slot.combine not in ("any", "max", "min"):
            continue
        ways = {giver.id: analysis.ways(giver, slot.key) for giver in analysis.reads.giving(slot.key)}
        left = analysis.neighbours(way for own in ways.values() for way in own)
        for rule in reversed(analysis.reads.giving(slot.key)):
            if isinstance(rule, Rule) and gives_of(rule) == {slot.key} and rule.id not in read:
                beside = left.of(ways[rule.id], MOST)
                if beside and _covered(analysis, slot, ways[rule.id], beside):
                    left.drop(ways[rule.id])
                    yield Finding("W606", At(rule), outcome=slot.key)


def _covered(analysis: Analysis, slot: OutcomeSlot, own: Sequence[Giving], rest: Sequence[Giving]) -> bool:
    """Whether wherever the rule applies another gives as much; and it does apply somewhere."""
    try:
        if analysis.prover.never(either(way.fires.yes for way in own)):
            return False
        return all(
            analysis.prover.never(way.fires.yes, opposite(either(_as_much(slot, way, other) for other in rest)))
            for way in own
        )
    except UnsettledError:
        return False


def _as_much(slot: OutcomeSlot, way: Giving, other: Giving) -> Term:
    one, two = way.value, other.value
    if isinstance(one, Truth) and isinstance(two, Truth):
        return both([other.fires.yes, either([both([one.yes, two.yes]), both([one.no, two.no])])])
    if isinstance(one, Truth) or isinstance(two, Truth):
        return False
    if slot.combine == "any" or one.kind != "number":
        same = one.term == two.term
    else:
        same = two.term >= one.term if slot.combine == "max" else two.term <= one.term
    return both([other.fires.yes, one.known, two.known, same])
