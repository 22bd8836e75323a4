"""Names in, what they denote out: the facts, outcomes and options that a reference may stand for, found by type."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from functools import lru_cache

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.index import Index
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.places import with_article
from rulec.tree import Span

Wants = Callable[[t.Type], bool]
Named = model.FactTerm | model.OutcomeTerm


@changing
class Scope:
    """The names of a rule set, and where what is wrong with their uses is reported."""

    vocabulary: model.Vocabulary
    source: Source
    diagnostics: Diagnostics
    within: str = ""  # the path of the element that a definition is about
    outer: "Scope | None" = None  # of the names of an element, those of what it is in
    element: model.Elements | None = None  # what is spoken of, in a scope of its own
    bound: str = ""  # the name that it is bound to
    index: Index = field(init=False)

    def __post_init__(self) -> None:
        self.index = Index(self.vocabulary, self.source.language)

    # ---- candidates

    def inside(self, elements: model.Elements, of: model.Value, listed: str, bound: str = "") -> "Scope":
        """The names of an element, found first, and of what it is in. `listed`: the path of the list, "" of another."""
        facts = tuple(replace(fact, of=of) for fact in elements.facts)
        decided = [scope.vocabulary.outcomes for scope in self.around()][-1] if listed else ()
        outcomes = tuple(replace(each, of=of) for each in decided if each.slot.each == listed)
        inner = model.Vocabulary(facts, outcomes, (), self.vocabulary.sets, elements.subtypes)
        return Scope(inner, self.source, self.diagnostics, outer=self, element=elements, bound=bound)

    def around(self) -> "Iterator[Scope]":
        """This scope and those around it, from the inside."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def facts(self, terms: Sequence[ast.Term], wants: Wants) -> list[model.FactTerm]:
        """The facts that the terms may denote: by their own name, else the one of their entity with that type."""
        found = self._own_facts(terms, wants)
        return found or (self.outer.facts(terms, wants) if self.outer else [])

    def _own_facts(self, terms: Sequence[ast.Term], wants: Wants) -> list[model.FactTerm]:
        near = self.index.facts_of([keys(term) for term in terms])
        plain = (fact for fact in near if not fact.parameters)
        fitting = [fact for fact in plain if wants(fact.slot.type) and matches(terms, fact.chain)]
        if self.within:
            fitting = [fact for fact in fitting if fact.slot.path.startswith(self.within)] or fitting
        named = [fact for fact in fitting if any(keys(term) & fact.chain[-1] for term in terms)]
        if named or not terms:
            return named or main_of(fitting)
        return main_of(fitting)

    def has(self, terms: Sequence[ast.Term]) -> bool:
        """Whether the element spoken of here has something of that one name; « lignes fragiles » says more."""
        near = self.index.facts_of([keys(term) for term in terms]) if self.element is not None else ()
        return len(terms) == 1 and any(keys(terms[0]) & fact.chain[-1] for fact in near if matches(terms, fact.chain))

    def named(self, terms: Sequence[ast.Term], wants: Wants) -> list[Named]:
        """The facts and the outcomes that the terms may denote: of one decided for each element, an element's."""
        return [*self.facts(terms, wants), *self._decided(terms, wants)] or self._inferred(terms, wants)

    def _decided(self, terms: Sequence[ast.Term], wants: Wants) -> list[model.OutcomeTerm]:
        """The outcomes that the terms may denote; « le rabais de la ligne » says whose it is."""
        found = dict[str, model.OutcomeTerm]()
        for scope in self.around():
            names = scope.element.names if scope.element else frozenset[str]()
            own = [term for term in terms if not keys(term) & names]
            for each in scope.outcomes(own) if len(own) == 1 else ():
                if wants(each.slot.type) and (each.of is not None or not each.slot.each):
                    found.setdefault(each.slot.key, each)
        return list(found.values())

    def valued(self, ref: ast.Ref) -> tuple[model.OutcomeTerm, ast.Term] | None:
        """« statut Or »: an outcome that is one of a list, and which of its values is said."""
        if len(ref.terms) != 2 or any(term.negated for term in ref.terms):
            return None
        for named, said in (ref.terms, ref.terms[::-1]):
            for outcome in self._decided((named,), lambda kind: isinstance(kind, t.Choice)):
                options = outcome.slot.type.options if isinstance(outcome.slot.type, t.Choice) else ()
                if keys(said) & {option.key for option in options}:
                    return outcome, said
        return None

    def outcomes(self, terms: Sequence[ast.Term]) -> list[model.OutcomeTerm]:
        """The outcomes that some term names; of one decided for each element, that of the element spoken of."""
        found = (
            each
            for scope in self.around()
            for term in terms
            for key in sorted(keys(term))
            for each in scope.index.outcomes.get(key, ())
        )
        return list({each.slot.key: each for each in reversed(list(found))}.values())[::-1]

    def actions(self, terms: Sequence[ast.Term]) -> list[model.ActionTerm]:
        """The actions that some term names."""
        found = (each for term in terms for key in sorted(keys(term)) for each in self.index.actions.get(key, ()))
        return list(dict.fromkeys(found))

    def owners(self, terms: Sequence[ast.Term]) -> bool:
        """Whether the terms name nothing but what facts belong to: « le client », « la commande »."""
        return all(any(keys(term) & scope.index.entities for scope in self.around()) for term in terms)

    def _inferred(self, terms: Sequence[ast.Term], wants: Wants) -> list[Named]:
        """Without vocabulary, what is made of the same words in another order or form: « client ne paie pas … »."""
        if not self.vocabulary.inferred or len(terms) < 2:
            return []
        said = self.index.stems(" ".join(term.entry.text for term in terms))
        return [each for each in self.index.alike.get(said, ()) if wants(each.slot.type)]

    def options(self, terms: Sequence[ast.Term]) -> Iterator[tuple[model.FactTerm, t.Option]]:
        """The values of lists that the terms may say of a fact: one term the value, the others lead to the fact."""
        for at, term in enumerate(terms):
            others = [*terms[:at], *terms[at + 1 :]]
            for key in sorted(keys(term)) if term.entry.option else ():
                known = (
                    [e for e in s.index.options.get(key, ()) if matches(others, e[0].chain)] for s in self.around()
                )
                yield from next(filter(None, known), ())

    def subtypes(self, terms: Sequence[ast.Term]) -> Iterator[tuple[model.FactTerm, str]]:
        """The kinds of entity that the terms may name: the list that tells, and by which value.

        One that no value of a list tells is a yes/no fact of that name, found by it as any other.
        """
        for at, term in enumerate(terms):
            others = [*terms[:at], *terms[at + 1 :]]
            for scope in self.around():
                for subtype in scope.vocabulary.subtypes:
                    fact = scope.fact(subtype.path)
                    if subtype.option and keys(term) & subtype.names and matches(others, fact.chain):
                        yield fact, subtype.option

    def applied(self, term: ast.Term) -> list[model.FactTerm]:
        """What is defined with parameters under a name."""
        outermost = [*self.around()][-1]
        return [fact for fact in outermost.index.facts_of([keys(term)]) if fact.parameters]

    def fact(self, path: str) -> model.FactTerm:
        """The fact at a path."""
        return next(scope.index.paths[path] for scope in self.around() if path in scope.index.paths)

    def set_of(self, ref: ast.Ref) -> model.SetTerm | None:
        """The named set that a reference names."""
        found = [s for s in self.vocabulary.sets if any(keys(term) & s.names for term in ref.terms)]
        return found[0] if found else None

    # ---- the author's words

    def whole(self, span: Span) -> str:
        """The words at a place with the article before them."""
        return self.source.cut(self.with_article(span))

    def with_article(self, span: Span) -> Span:
        """A place with the article before it."""
        return with_article(span, self.source)

    # ---- choosing

    def one(self, found: Sequence[Named], span: Span, *, before: bool = False) -> Named | None:
        """The only candidate; two are an error that offers both, to be written at the place, or `before` what is."""
        if len(found) > 1:
            labels = [self.label(each) for each in found]
            place = Span(span.source, span.start, span.start) if before else span
            fixes = tuple(Fix(place, f"{label} " if before else label) for label in labels)
            text, (one, *_, other) = self.source.cut(span), labels
            self.diagnostics.add(
                "E204", span, text=text, readings=" | ".join(labels), one=one, other=other, fixes=fixes
            )
            return None
        return found[0] if found else None

    def label(self, named: Named) -> str:
        """A name said in full: « montant HT de commande »."""
        if isinstance(named, model.OutcomeTerm):
            return named.slot.name
        names = named.slot.names
        if len(names) == 1:
            return names[0]
        if self.source.language == "en":
            return f"{names[-1]} of the {names[-2]}"
        vowel = names[-2][:1].lower() in "aeiouyéèêàâîôûœh"
        return f"{names[-1]} {'d’' if vowel else 'de '}{names[-2]}"


def keys(term: ast.Term) -> frozenset[str]:
    """The keys that a term may stand for."""
    return _keys(term.key)


@lru_cache(maxsize=65536)
def _keys(key: str) -> frozenset[str]:
    return frozenset(key.split("+"))


def matches(terms: Sequence[ast.Term], chain: Sequence[frozenset[str]]) -> bool:
    """Whether each term names a link of the chain, no link twice."""
    free = list(range(len(chain)))
    for term in terms:
        link = next((at for at in reversed(free) if keys(term) & chain[at]), None)
        if link is None:
            return False
        free.remove(link)
    return True


def main_of(facts: list[model.FactTerm]) -> list[model.FactTerm]:
    """The only one, or the only main one; else all."""
    mains = [fact for fact in facts if fact.main]
    return mains if len(mains) == 1 else facts
