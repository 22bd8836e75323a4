"""A promise or an assumption as meant in, the one that the plan holds out."""

from collections.abc import Iterator, Mapping

from rulec.plan import tree as p
from rulec.plan.conditions import condition_of
from rulec.semantics import model
from rulec.tree import Node, walk


def lower_promise(promise: model.Promise, definitions: Mapping[str, p.Definition]) -> p.Promise:
    """The condition that is kept, and the outcomes that it speaks of, by whatever way."""
    kept = condition_of(promise.kept())
    reads = list(_reads(kept, definitions))
    outcomes = tuple(dict.fromkeys(each.outcome for each in reads))
    given = tuple(dict.fromkeys(each.outcome for each in reads if isinstance(each, p.OutcomeGiven)))
    return p.Promise(
        promise.id, promise.text, promise.file, promise.line, kept, outcomes, given, promise.kind == "assume",
        span=promise.span,
    )  # fmt: skip


def _reads(node: Node, definitions: Mapping[str, p.Definition]) -> Iterator[p.Decided | p.OutcomeGiven]:
    """What is read of outcomes, by whatever way."""
    for each in walk(node):
        if isinstance(each, p.Decided | p.OutcomeGiven):
            yield each
        elif isinstance(each, p.Defined | p.DefinedGiven):
            yield from _reads(definitions[each.key].value, definitions)
