"""A rule in, the uses of optional facts that nothing guards reported: an absent fact decides nothing in silence."""

from collections.abc import Iterable, Iterator

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime.types import Slot
from rulec.semantics import model
from rulec.source import Source
from rulec.tree import Node, children

Facts = frozenset[model.FactOf]


def check_guards(rule: model.Rule, slots: Iterable[Slot], source: Source, diagnostics: Diagnostics) -> None:
    """Report each optional fact that the rule reads where it may be absent."""
    names = {slot.path: slot.names[-1] for slot in slots}
    reported: set[model.FactOf] = set()
    known: Facts = frozenset()
    found: list[model.FactOf] = []
    for branch in rule.branches:
        found += unguarded(branch.condition, known)
        inside = known | given_by(branch.condition)
        for effect in branch.effects:
            found += unguarded(effect, inside)
        known |= given_unless(branch.condition)
    if rule.unless is not None:
        found += unguarded(rule.unless, frozenset())
    for fact in found:
        if fact not in reported:
            reported.add(fact)
            name = names.get(fact.path) if fact.of is None else source.cut(fact.span)
            _report(fact, name or fact.path, source, diagnostics)


def given_by(condition: model.Condition) -> Facts:
    """The facts that are given wherever the condition holds."""
    match condition:
        case model.IsGiven(model.FactOf() as fact):
            return frozenset({fact})
        case model.All(items):
            return Facts().union(*(given_by(item) for item in items))
        case model.AnyOf(items) if items:
            return Facts.intersection(*(given_by(item) for item in items))
        case model.Not(item):
            return given_unless(item)
        case _:
            return frozenset()


def given_unless(condition: model.Condition) -> Facts:
    """The facts that are given wherever the condition does not hold."""
    match condition:
        case model.Not(item):
            return given_by(item)
        case model.AnyOf(items):
            return Facts().union(*(given_unless(item) for item in items))
        case _:
            return frozenset()


def unguarded(node: Node, known: Facts) -> Iterator[model.FactOf]:
    """The optional facts that are read where they may be absent, `known` apart."""
    match node:
        case model.IsGiven():
            return
        case model.All():
            known |= given_by(node)
        case model.AnyOf():
            known |= given_unless(node)
        case model.FactOf(_, _, _, _, True) if node not in known:
            yield node
        case model.Collected(model.Filtered(_, _, condition)) | model.SortedBy(model.Filtered(_, _, condition)):
            known |= given_by(condition)
        case _:
            pass
    for below in children(node):
        yield from unguarded(below, known)


def _report(fact: model.FactOf, name: str, source: Source, diagnostics: Diagnostics) -> None:
    guard = f"{name} est renseigné et " if source.language == "fr" else f"{name} is given and "
    at = type(fact.span)(fact.span.source, fact.span.start, fact.span.start)
    diagnostics.add("E405", fact.span, fixes=(Fix(at, guard),), term=name)
