"""Compiled rules in, what is proven of them added to their findings: conflicts, gaps, rules that change nothing."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from time import monotonic

from rulec.diagnostics import Diagnostics
from rulec.pipeline import Compiled
from rulec.plan.supervised import supervised
from rulec.plan.tree import Plan
from rulec.semantics.model import Example, Vocabulary
from rulec.source import Language, Source
from rulec.tree import Span

Pairs = Sequence[tuple[int, int]]  # numbers of rows, from 1
NO_PAIRS: Mapping[str, Pairs] = {}
BUDGET = 10.0  # seconds for one rule set


def prove(compiled: Compiled, budget: float = BUDGET) -> None:
    """Add what is proven, and what could not be within `budget` seconds, to the diagnostics; 0: prove nothing."""
    plan = compiled.plan or compiled.clashing
    if plan is not None and budget > 0:
        clashing = NO_PAIRS
        if compiled.clashing is not None:
            from rulec.overlaps import pairs_of  # an error alone needs it

            clashing = {key: pairs for key, pairs in pairs_of(plan).items() if pairs}
        told = findings(
            plan, compiled.sources, compiled.language, compiled.vocabulary, compiled.examples, budget, clashing
        )
        for each in told:
            compiled.diagnostics.tell(each)


def findings(
    plan: Plan, sources: Sequence[Source], language: Language, vocabulary: Vocabulary, examples: Sequence[Example],
    budget: float, clashing: Mapping[str, Pairs] = NO_PAIRS,
) -> Diagnostics:  # fmt: skip
    """What is found about a plan, and the examples that contradict it.

    `clashing`: for each table, by its id, the pairs of rows that are told to contradict each other already.
    """
    found, written, plan = Diagnostics(), plan, supervised(plan)
    if not vocabulary.inferred:
        from rulec.unused import report_unused_terms  # what declares nothing needs none of this

        report_unused_terms(vocabulary, plan, sources, found)
    from rulec.advice import report_advice  # a command that proves nothing needs none of this

    report_advice(written, vocabulary, sources, language, found)
    _prove(plan, sources, language, vocabulary, budget, clashing, found)
    if examples:
        from rulec.contradicted import contradicted  # few rule sets need it in every start

        contradicted(plan, examples, sources, language, found, not clashing)
    return found


def _prove(
    plan: Plan, sources: Sequence[Source], language: Language, vocabulary: Vocabulary, budget: float,
    clashing: Mapping[str, Pairs], found: Diagnostics,
) -> None:  # fmt: skip
    from rulec.analysis.quick import is_clear  # a command that proves nothing needs none of this

    declared = not vocabulary.inferred
    if is_clear(plan, declared):
        return
    if find_spec("z3") is None:
        found.add("N610", Span(sources[-1].number if sources else 0))
        return
    from rulec.analysis.analyse import analyse  # they need z3, which may not be installed
    from rulec.analysis.report import report

    places = {term.slot.key: term.span for term in vocabulary.outcomes}
    report(analyse(plan, declared, budget, monotonic, clashing), plan, sources, language, found, places, not clashing)
