"""A rule in, the uses of optional facts that nothing guards reported: an absent fact decides nothing in silence."""

from collections.abc import Iterable, Iterator

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime.types import Slot
from rulec.semantics import model
from rulec.source import Source
from rulec.syntax.fold import fold
from rulec.syntax.places import with_article
from rulec.tree import NOWHERE, Node, Span, children, walk

Facts = frozenset[model.FactOf]


def check_guards(
    rule: model.Rule, slots: Iterable[Slot], source: Source, diagnostics: Diagnostics, *, promised: bool = False
) -> None:
    """Report each optional fact that the rule reads where it may be absent. `promised`: it says no condition."""
    names = {slot.path: slot.names[-1] for slot in slots}
    reported: set[model.FactOf] = set()
    known: Facts = frozenset()
    found: list[tuple[model.FactOf, model.Condition, Span]] = []  # where it is a condition, where the guard is one
    for branch in rule.branches:
        said = branch.span if len(rule.branches) == 1 and rule.unless is None else NOWHERE
        found += [(fact, branch.condition, said) for fact in unguarded(branch.condition, known)]
        inside = known | given_by(branch.condition)
        for effect in branch.effects:
            found += [(fact, branch.condition, said) for fact in unguarded(effect, inside)]
        known |= given_unless(branch.condition)
    if rule.unless is not None:
        found += [(fact, rule.unless, NOWHERE) for fact in unguarded(rule.unless, frozenset())]
    for fact, condition, said in found:
        if fact not in reported:
            reported.add(fact)
            name = (names.get(fact.path) if fact.of is None else source.cut(fact.span)) or fact.path
            guarded = _part(condition, fact) if promised else condition
            diagnostics.add("E405", fact.span, fixes=_guards(name, fact, guarded, said, source), term=name)


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


def _part(condition: model.Condition, fact: model.FactOf) -> model.Condition:
    """The smallest part of a condition that a fact stands in."""
    parts = (each for each in walk(condition) if isinstance(each, model.Compare | model.TextTest | model.Holds))
    return next((part for part in parts if any(node is fact for node in walk(part))), condition)


def _guards(
    name: str, fact: model.FactOf, condition: model.Condition, said: Span, source: Source
) -> tuple[Fix, ...]:  # fmt: skip
    """The condition with the guard before it, or the guard as the only condition of what is said; () elsewhere."""
    french = source.language == "fr"
    given, both, when = (" est renseigné", " et ", " si ") if french else (" is given", " and ", " if ")
    place = with_article(fact.span, source)
    written = source.cut(place) if fold(source.cut(fact.span)) == fold(name) else name
    if condition.span != NOWHERE:
        place = with_article(condition.span, source)
        text = source.cut(place)
        held = f"({text})" if any(isinstance(node, model.AnyOf) for node in walk(condition)) else text
        return (Fix(place, f"{written}{given}{both}{held}"),)
    end = Span(said.source, said.end, said.end)
    return (Fix(end, f"{when}{written}{given}"),) if said != NOWHERE else ()
