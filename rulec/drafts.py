"""Compiled rules in, the same with their drafts out: what they would decide once their owner confirms them."""

from dataclasses import replace

from rulec.diagnostics import Diagnostics
from rulec.pipeline import Compiled, compile_sources, rule_sources
from rulec.proof import prove
from rulec.syntax.parse import drafts_in
from rulec.tree import Span

UNUSED = "N617"  # a declared term that nothing speaks of


def with_drafts(rules: Compiled) -> Compiled:
    """The rules compiled together with their drafts; as they are, where there are none."""
    sources = rule_sources(rules)
    if not any(map(drafts_in, sources)):
        return rules
    return compile_sources([replace(source, drafting=True) for source in sources], Diagnostics())


def review_drafts(rules: Compiled, budget: float, refused: bool) -> None:
    """Add to the diagnostics how many drafts there are, and what is wrong with the rules once these are confirmed.

    What drafts speak of is not unused; where they have errors, nothing is said to be.

    `budget`: seconds to prove it. `refused`: a draft is an error.
    """
    together = with_drafts(rules)
    if together is rules:
        return
    prove(together, budget)
    unused = {each.span for each in together.diagnostics if each.code == UNUSED}
    rules.diagnostics.forget([each for each in rules.diagnostics if each.code == UNUSED and each.span not in unused])
    for each in together.diagnostics:
        rules.diagnostics.tell(each)
    for source in rule_sources(rules):
        found = drafts_in(source)
        mark = found[0].draft if found else None
        if mark is not None:
            place = Span(source.number, mark.start, mark.end)
            rules.diagnostics.add("E969" if refused else "N968", place, count=len(found))
