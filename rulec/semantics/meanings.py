"""Names in, the condition that they make alone out: a yes/no fact, a value of a list, a kind of entity, a set."""

from collections.abc import Sequence

from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.comparisons import Terms, names_own
from rulec.semantics.expressions import Expressions, anything, option_of, value_of
from rulec.semantics.scope import keys
from rulec.syntax import ast
from rulec.tree import Span


def yes_no(kind: t.Type) -> bool:
    """Only yes/no will do."""
    return isinstance(kind, t.YesNo)


@changing
class Meanings:
    """Reads names as conditions within a scope."""

    expressions: Expressions

    def named(self, ref: ast.Ref, before: Terms = ()) -> model.Condition | None:
        """The condition that names alone make: a yes/no fact, a value of a list, a kind of entity."""
        scope = self.expressions.scope
        for terms in ((*before, *ref.terms), ref.terms) if before else (ref.terms,):
            if found := self.all(terms, ref.span):
                if len(found) > 1:
                    offers = [label for label, _ in found]
                    self.expressions.refuse("E204", ref.span, offers)
                    return None
                negated = sum(term.negated for term in ref.terms) % 2 == 1
                return model.Not(found[0][1], span=ref.span) if negated else found[0][1]
        if (several := self.at_once(ref)) is not None:
            return several
        if (decided := self._decided(ref)) is not None:
            return decided
        if other := scope.named(ref.terms, anything):
            return self.expressions.report("E319", ref.span, actual=self.expressions.said(other[0].slot.type))
        return self.expressions.report("E208", ref.span)

    def means(self, ref: ast.Ref, before: Terms = ()) -> bool:
        """Whether names alone make a condition."""
        alone = self.all(ref.terms, ref.span) or self.at_once(ref) is not None
        return bool(alone or (before and self.all((*before, *ref.terms), ref.span)))

    def all(self, terms: Sequence[ast.Term], span: Span) -> list[tuple[str, model.Condition]]:
        """Every condition that the names may make, each with what to call it."""
        scope = self.expressions.scope
        found: list[tuple[str, model.Condition]] = [
            (scope.label(each), model.Holds(value_of(each, span), span=span))
            for each in scope.named(terms, yes_no)
            if scope.vocabulary.inferred or names_own(terms, each)
        ]
        for fact, option in scope.options(terms):
            value = model.Literal(option.key, fact.slot.type, span=span)
            among = model.Among(value_of(fact, span), (value,), span=span)
            found.append((f"{scope.label(fact)} : {option.label}", among))
        if not found:
            found = [(term.key, self._kind(*each, span)) for each in scope.subtypes(terms) for term in terms[:1]]
        if not found and (named_set := scope.set_of(ast.Ref(tuple(terms)))):
            found = self._set(named_set, terms, span)
        return found

    def at_once(self, ref: ast.Ref) -> model.Condition | None:
        """« revendeur fidèle », « client fidèle actif »: each word says something of the same thing."""
        scope = self.expressions.scope
        things = [term for term in ref.terms if keys(term) & scope.index.entities]
        states = [term for term in ref.terms if term not in things]
        if len(states) < 2 or scope.vocabulary.inferred or any(term.negated for term in ref.terms):
            return None
        found = [self.all((*things, state), state.span) for state in states]
        if any(len(each) != 1 for each in found):
            return None
        return model.All(tuple(sorted((each[0][1] for each in found), key=_path)), span=ref.span)

    def _decided(self, ref: ast.Ref) -> model.Condition | None:
        """« statut Or », of an outcome that is one of a list."""
        valued = self.expressions.scope.valued(ref)
        if valued is None:
            return None
        outcome, said = valued
        option = option_of(ast.Ref((said,)), outcome.slot.type) if isinstance(outcome.slot.type, t.Choice) else None
        value = model.Literal(option, outcome.slot.type, span=ref.span)
        return model.Among(value_of(outcome, ref.span), (value,), span=ref.span)

    def _kind(self, fact: model.FactTerm, option: str, span: Span) -> model.Condition:
        item = value_of(fact, span)
        return model.Among(item, (model.Literal(option, fact.slot.type, span=span),), span=span)

    def _set(
        self, named_set: model.SetTerm, terms: Sequence[ast.Term], span: Span
    ) -> list[tuple[str, model.Condition]]:
        """« un pays proche »: the one fact whose values the set is made of."""
        scope = self.expressions.scope
        others = [term for term in terms if not keys(term) & named_set.names]

        def holds_all(kind: t.Type) -> bool:
            return isinstance(kind, t.Choice) and set(named_set.options) <= {option.key for option in kind.options}

        facts = scope.facts(others, holds_all)
        if len(facts) != 1:
            return []
        values = tuple(model.Literal(option, facts[0].slot.type, span=span) for option in named_set.options)
        return [(named_set.name, model.Among(value_of(facts[0], span), values, span=span))]


def _path(condition: model.Condition) -> tuple[bool, str]:
    """An order that neither the language nor the value said changes."""
    item = getattr(condition, "item", None)
    return isinstance(condition, model.Among), str(getattr(item, "path", ""))
