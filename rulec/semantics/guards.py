"""A rule in, the uses of optional facts that nothing guards reported: an absent fact decides nothing in silence."""

from collections.abc import Iterable, Iterator

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime.types import Slot
from rulec.semantics import model
from rulec.source import Source
from rulec.tree import Node, walk

Paths = frozenset[str]


def check_guards(rule: model.Rule, slots: Iterable[Slot], source: Source, diagnostics: Diagnostics) -> None:
    """Report each optional fact that the rule reads where it may be absent."""
    optional = {slot.path: slot for slot in slots if slot.optional and slot.default is None}
    reported: set[str] = set()
    known: Paths = frozenset()
    for branch in rule.branches:
        for fact in _unguarded(branch.condition, known, optional):
            _report(fact, optional, reported, source, diagnostics)
        inside = known | given_by(branch.condition)
        for effect in branch.effects:
            for node in walk(effect):
                if isinstance(node, model.FactOf) and node.path in optional and node.path not in inside:
                    _report(node, optional, reported, source, diagnostics)
        known |= given_unless(branch.condition)
    if rule.unless is not None:
        for fact in _unguarded(rule.unless, frozenset(), optional):
            _report(fact, optional, reported, source, diagnostics)


def given_by(condition: model.Condition) -> Paths:
    """The facts that are given wherever the condition holds."""
    match condition:
        case model.IsGiven(model.FactOf(path)):
            return frozenset({path})
        case model.All(items):
            return frozenset[str]().union(*(given_by(item) for item in items))
        case model.AnyOf(items) if items:
            return frozenset.intersection(*(given_by(item) for item in items))
        case model.Not(item):
            return given_unless(item)
        case _:
            return frozenset()


def given_unless(condition: model.Condition) -> Paths:
    """The facts that are given wherever the condition does not hold."""
    match condition:
        case model.Not(item):
            return given_by(item)
        case model.AnyOf(items):
            return frozenset[str]().union(*(given_unless(item) for item in items))
        case _:
            return frozenset()


def _unguarded(condition: model.Condition, known: Paths, optional: dict[str, Slot]) -> Iterator[model.FactOf]:
    match condition:
        case model.IsGiven():
            return
        case model.All(items):
            known |= given_by(condition)
            for item in items:
                yield from _unguarded(item, known, optional)
        case model.AnyOf(items):
            known |= given_unless(condition)
            for item in items:
                yield from _unguarded(item, known, optional)
        case model.Not(item):
            yield from _unguarded(item, known, optional)
        case model.Count(_, _, items):
            for item in items:
                yield from _unguarded(item, known, optional)
        case _:
            yield from (fact for fact in _facts(condition) if fact.path in optional and fact.path not in known)


def _facts(node: Node) -> Iterator[model.FactOf]:
    return (each for each in walk(node) if isinstance(each, model.FactOf))


def _report(
    fact: model.FactOf, optional: dict[str, Slot], reported: set[str], source: Source, diagnostics: Diagnostics
) -> None:
    if fact.path in reported:
        return
    reported.add(fact.path)
    name = optional[fact.path].names[-1]
    guard = f"{name} est renseigné et " if source.language == "fr" else f"{name} is given and "
    at = type(fact.span)(fact.span.source, fact.span.start, fact.span.start)
    diagnostics.add("E405", fact.span, fixes=(Fix(at, guard),), term=name)
