"""Names of lists in, their elements out: which list, what is said of each element, and what an element has."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from rulec.runtime import types as t
from rulec.runtime.plain import Plain, changing, plain
from rulec.semantics import model
from rulec.semantics.comparisons import Terms
from rulec.semantics.expressions import Expressions, anything, value_of
from rulec.semantics.meanings import Meanings
from rulec.semantics.measures import additive, comparable, ordered
from rulec.semantics.scope import Scope, Wants, keys
from rulec.syntax import ast
from rulec.tree import Node, Span, rewrite

N = TypeVar("N", bound=Node)


@plain
class Found(Plain):
    """A list that names denote.

    `scope`: the names of its elements. `name`: what the element is bound to. `path`: of a list that is given, its
    path. `own`: the terms that name an element, `rest`: those said of it, or naming something that it has.
    """

    source: model.Value
    scope: Scope
    name: str
    own: Terms
    rest: Terms = ()
    condition: model.Condition = model.Always()
    distinct: bool = False
    path: str = ""

    @property
    def element(self) -> model.ItemOf:
        """The element that a condition is about."""
        return model.ItemOf(self.name, item_type(self.source.type))

    @property
    def label(self) -> str:
        """What one element is called."""
        kind = item_type(self.source.type)
        return (kind.name if isinstance(kind, t.Record) else "") or self.own[0].entry.text

    @property
    def filtered(self) -> model.Value:
        """The elements that meet the condition."""
        if isinstance(self.condition, model.Always):
            return self.source
        return model.Filtered(self.source, self.name, self.condition, self.source.type, span=self.source.span)


@changing
class Lists:
    """Finds lists within a scope."""

    expressions: Expressions

    def find(self, ref: ast.Ref, before: Terms = (), *, whole: bool = True) -> Found | None:
        """The list that a reference denotes. `whole`: not the one element that is spoken of."""
        scope = self.expressions.scope
        if not whole and any(_is_of_one(each, ref.terms) for each in scope.around() if each.element):
            return None
        for place in scope.around():
            found = [each for fact in place.index.lists if (each := self._of(fact, ref))]
            owned = [each for each in found if before and keys(before[0]) & _owner(each, place)]
            if found:
                return min(owned or found, key=lambda each: len(each.rest))
            if place.has(ref.terms):  # « dont le montant … » is that of the element, not the list of all amounts
                return None
        return None

    def _of(self, fact: model.FactTerm | model.OutcomeTerm, ref: ast.Ref) -> Found | None:
        """The list with the terms of the reference told apart; None where they say something else."""
        elements, links = elements_of(fact), fact.chain[:-1] if isinstance(fact, model.FactTerm) else ()
        own = tuple(term for term in ref.terms if keys(term) & elements.names)
        if not own:
            return None
        others = tuple(term for term in ref.terms if term not in own and not any(keys(term) & link for link in links))
        source = value_of(fact, ref.span)
        if isinstance(source, model.OutcomeOf):
            source = model.OutcomeOf(source.key, t.ListOf(source.type), span=ref.span)
        name, path = self._name(source), fact.slot.path if isinstance(fact, model.FactTerm) and fact.of is None else ""
        inner = self.expressions.scope.inside(elements, model.ItemOf(name, item_type(source.type)), path, name)
        found = Found(source, inner, name, own[:1], others, path=path)
        return found if all(self._known(term, found) for term in others) else None

    def at(self, path: str, span: Span) -> Found:
        """The list at a path, whatever names it."""
        fact = self.expressions.scope.fact(path)
        source, kind = value_of(fact, span), fact.slot.type
        inner = self.expressions.scope.inside(elements_of(fact), model.ItemOf(path, item_type(kind)), path, path)
        return Found(source, inner, path, (), path=path)

    def _name(self, source: model.FactOf | model.OutcomeOf) -> str:
        """The path of the list, told apart from those of the elements around it."""
        name = source.key if isinstance(source, model.OutcomeOf) else source.path
        if isinstance(source, model.FactOf) and isinstance(source.of, model.ItemOf):
            name = f"{source.of.name}.{name}"
        bound = {scope.bound for scope in self.expressions.scope.around()}
        while name in bound:
            name += "'"
        return name

    def _known(self, term: ast.Term, found: Found) -> bool:
        """Whether a term says something of an element."""
        index = found.scope.index
        return bool(
            any(index.facts.get(key) or index.outcomes.get(key) or index.options.get(key) for key in keys(term))
            or any(keys(term) & subtype.names for subtype in found.scope.vocabulary.subtypes)
            or (found.scope.element and keys(term) & found.scope.element.names)
        )

    def told(self, found: Found, span: Span) -> Found | None:
        """The list with what adjectives say of each element: « commandes payées »; the other terms are left."""
        meanings = Meanings(Expressions(found.scope))
        said = [term for term in found.rest if meanings.means(ast.Ref((*found.own, term), span=span))]
        found_conditions = [meanings.named(ast.Ref((*found.own, term), span=span)) for term in said]
        conditions = [each for each in found_conditions if each is not None]
        if len(conditions) != len(said):
            return None
        rest = tuple(term for term in found.rest if term not in said)
        return replace(found, rest=rest, condition=together(conditions))

    def attribute(self, found: Found, wanted: t.Type | None, span: Span) -> model.Value | None:
        """What the other terms name of an element; without any, its value or its principal one."""
        scope = found.scope
        terms = (*found.own, *found.rest)
        plain = scope.element.facts if scope.element else ()
        if [fact.slot.path for fact in plain] == [""]:
            return value_of(scope.fact(""), span)
        for wants in _wanted(wanted, named=bool(found.rest)):
            named = scope.named(terms, wants)
            if named:
                chosen = scope.one(named, span)
                return value_of(chosen, span) if chosen else None
        return self.expressions.report("E373", span, term=scope.source.cut(span))


def _wanted(kind: t.Type | None, *, named: bool) -> Iterator[Wants]:
    """The types looked for, the nearest first; what no word names is principal: an amount, or what adds up."""
    if kind is not None:
        yield lambda other: comparable(other, kind)
    if named:
        yield anything
    elif kind is None:
        yield lambda other: isinstance(other, t.Amount)
        yield lambda other: additive(other)
        yield ordered


def elements_of(fact: model.FactTerm | model.OutcomeTerm) -> model.Elements:
    """What is known of the elements of a list; of plain values, themselves."""
    if isinstance(fact, model.FactTerm) and fact.elements:
        return fact.elements
    names = fact.chain[-1] if isinstance(fact, model.FactTerm) else fact.names
    label = fact.slot.names[-1] if isinstance(fact, model.FactTerm) else fact.slot.name
    kind = item_type(fact.slot.type) if isinstance(fact, model.FactTerm) else fact.slot.type
    return model.Elements(names, (model.FactTerm(t.Slot("", kind, (label,)), (names,), main=True),))


def item_type(kind: t.Type) -> t.Type:
    """The type of the elements of a list."""
    assert isinstance(kind, t.ListOf)
    return kind.item


def together(conditions: Sequence[model.Condition]) -> model.Condition:
    """One condition of several."""
    kept = [each for each in conditions if not isinstance(each, model.Always)]
    if not kept:
        return model.Always()
    every = [item for each in kept for item in (each.items if isinstance(each, model.All) else (each,))]
    return kept[0] if len(kept) == 1 else model.All(tuple(every), span=kept[0].span.to(kept[-1].span))


def rebound(value: N, name: str, other: str) -> N:
    """The same of another element."""

    def change(node: Node) -> Node:
        return replace(node, name=other) if isinstance(node, model.ItemOf) and node.name == name else node

    return rewrite(value, change)


def _is_of_one(scope: Scope, terms: Terms) -> bool:
    """Whether terms name the element that a scope is about, or what is decided of it."""
    assert scope.element is not None
    said = frozenset[str]().union(*map(keys, terms))
    return bool(said & scope.element.names) or any(key in scope.index.outcomes for key in said)


def _owner(found: Found, place: Scope) -> frozenset[str]:
    """The keys of what a list belongs to."""
    if isinstance(found.source, model.FactOf) and found.source.of is None:
        return frozenset[str]().union(*place.fact(found.source.path).chain[:-1])
    return frozenset()
