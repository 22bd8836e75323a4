"""A vocabulary and a plan in, the declared terms that no rule speaks of reported."""

from collections.abc import Iterator, Sequence

from rulec.diagnostics import Diagnostics
from rulec.plan.lower import gives_of
from rulec.plan.tree import Fact, Given, Member, MemberGiven, Plan
from rulec.semantics.model import FactTerm, Vocabulary
from rulec.source import Source
from rulec.tree import Span, walk

MOST = 20  # told of one rule set


def report_unused_terms(
    vocabulary: Vocabulary, plan: Plan, sources: Sequence[Source], diagnostics: Diagnostics
) -> None:  # fmt: skip
    """Note the facts that nothing reads, and the outcomes and actions that nothing gives.

    A module of the library is there to be used in part.
    """
    known = {source.number for source in sources if not source.library}
    found = [(term, span) for term, span in _unused(vocabulary, plan) if span.source in known and span.end > span.start]
    found.sort(key=lambda each: (each[1].source, each[1].start))
    for term, span in found[:MOST]:
        diagnostics.add("N617", span, term=term)
    if len(found) > MOST:
        diagnostics.add("N630", found[MOST][1], count=MOST, told="N617")


def _unused(vocabulary: Vocabulary, plan: Plan) -> Iterator[tuple[str, Span]]:
    """The name and the place of each."""
    read = _read(plan)
    for fact in vocabulary.facts:
        for each, path in _with_elements(fact):
            if not each.defined and not any(path == one or one.startswith(f"{path}.") for one in read):
                yield each.slot.names[-1], each.span
    given = {key for statement in plan.statements for key in gives_of(statement)}
    given |= {do.action for judgement in plan.judgements for do in judgement.doubt}
    for outcome in vocabulary.outcomes:
        if outcome.slot.key not in given:
            yield outcome.slot.name, outcome.span
    for action in vocabulary.actions:
        if action.slot.key not in given:
            yield action.slot.name, action.span


def _with_elements(fact: FactTerm) -> Iterator[tuple[FactTerm, str]]:
    """A fact and its path; of a list, what is known of each element, by its path in it."""
    yield fact, fact.slot.path
    for each in fact.elements.facts if fact.elements is not None else ():
        yield from _with_elements(each)


def _read(plan: Plan) -> set[str]:
    """The paths that are read, those of elements by their path in them."""
    found = {judgement.text for judgement in plan.judgements} | {watch.date for watch in plan.watches}
    for node in walk(plan):
        match node:
            case Fact(path) | Given(path):
                found.add(path)
            case Member(_, key) | MemberGiven(_, key, _):
                found.add(key)
            case _:
                pass
    return found
