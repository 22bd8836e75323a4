"""A vocabulary in, the lists of entities in it out, and the vocabulary with what is defined of their elements.

What is defined of an element has a path of its own, unlike what is given of it: « order.lines[].total ».
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rulec.diagnostics import Diagnostics
from rulec.runtime import types as t
from rulec.semantics import model

INSIDE = "[]."  # between the path of a list and that of what its elements have


def lists_in(facts: Sequence[model.FactTerm], around: str = "") -> Iterator[tuple[str, model.FactTerm]]:
    """The lists of entities with their paths, those within elements after the one around them."""
    for fact in facts:
        if fact.elements:
            path = inside(around, fact)
            yield path, fact
            yield from lists_in(fact.elements.facts, path)


def inside(around: str, fact: model.FactTerm) -> str:
    """The path of a fact; of what the elements of the list `around` have, with that of the list."""
    path = fact.slot.path
    return f"{around}{INSIDE}{path}" if around and INSIDE not in path else path


def entities_in(facts: Sequence[model.FactTerm]) -> frozenset[str]:
    """The keys of the entities of which facts are known, in lists or not."""
    found = {key for fact in facts for link in fact.chain[:-1] for key in link}
    for _, listed in lists_in(facts):
        assert listed.elements is not None
        found |= {key for fact in listed.elements.facts for link in fact.chain[1:-1] for key in link}
        found.add(record_of(listed).entity)
    return frozenset(found)


def record_of(listed: model.FactTerm) -> t.Record:
    """What each element of a list of an entity is."""
    kind = listed.slot.type
    assert isinstance(kind, t.ListOf)
    assert isinstance(kind.item, t.Record)
    return kind.item


def with_new(facts: Sequence[model.FactTerm], new: model.FactTerm, listed: str) -> tuple[model.FactTerm, ...]:
    """The facts with a new one of the elements of the list at a path."""
    return _changed(facts, {}, {listed: new}, "")


def with_defined(
    facts: Sequence[model.FactTerm], defined: Mapping[str, model.FactTerm]
) -> tuple[model.FactTerm, ...]:  # fmt: skip
    """The facts with what is defined, by path, in the place of what was declared; elements are no longer given it."""
    return _changed(facts, defined, {}, "")


def _changed(
    facts: Sequence[model.FactTerm], terms: Mapping[str, model.FactTerm], new: Mapping[str, model.FactTerm], around: str
) -> tuple[model.FactTerm, ...]:  # fmt: skip
    made = [terms.get(inside(around, fact), fact) for fact in facts]
    for at, fact in enumerate(made):
        if fact.elements is None:
            continue
        path = inside(around, fact)
        held = _changed(fact.elements.facts, terms, new, path)
        if path in new:
            held = (*held, new[path])
        given = tuple(each.slot for each in held if INSIDE not in each.slot.path)
        kind = t.ListOf(replace(record_of(fact), attributes=given))
        made[at] = replace(fact, slot=replace(fact.slot, type=kind), elements=replace(fact.elements, facts=held))
    return tuple(made)


def check_inlined(definition: model.Definition, diagnostics: Diagnostics) -> None:
    """What is defined of an element, or with parameters, stands in the place of its name: it has a value."""
    slot, rule = definition.slot, definition.rule
    always = isinstance(rule.branches[-1].condition, model.Always) and rule.unless is None
    inlined = INSIDE in slot.path or definition.parameters
    if inlined and not always and not isinstance(slot.type, t.YesNo):
        diagnostics.add("E226", definition.span, term=slot.names[-1])
