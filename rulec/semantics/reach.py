"""Neighbours in a chain in, how far what is said once reaches out: of both, or of one; two readings are refused."""

from collections.abc import Sequence
from dataclasses import replace

from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.comparisons import Terms
from rulec.semantics.expressions import Expressions
from rulec.semantics.filters import Joined
from rulec.semantics.groups import one_noun, only_reference, own_group, own_noun, shared_word, with_tail
from rulec.semantics.listings import Part, Said
from rulec.semantics.meanings import Meanings
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.places import after_link, with_link
from rulec.tree import Span

_WORDS: dict[Language, tuple[str, str, str]] = {"fr": ("si", "et", "ou"), "en": ("if", "and", "or")}


@changing
class Reach:
    """Looks at neighbours in a chain within a scope."""

    expressions: Expressions
    meanings: Meanings

    # ---- names alone

    def shared(self, elements: Sequence[Joined], at: int) -> bool:
        """« si clients et fournisseurs fidèles »: is it said of both, or of the last?"""
        joined, one = elements[at + 1][0] if at + 1 < len(elements) else "", _last_ref(elements[at][1])
        other = _last_ref(elements[at + 1][1]) if joined in ("AND", "OR") else None
        entities = self.expressions.scope.index.entities
        if one is None or other is None or own_noun(one, entities) or own_noun(other, entities):
            return False
        source, place = self.expressions.scope.source, one.span.to(other.span)
        _, both, either = _WORDS[source.language]
        join = both if joined == "AND" else either
        readings = shared_word(source.cut(one.span), source.cut(other.span), join, source.language)
        if readings:
            self.expressions.refuse("E414", place, readings, keep=place)
        return bool(readings)

    def attached(self, elements: Sequence[Joined], at: int, before: Terms) -> bool:
        """« client fidèle ou professionnel en France »: does « en France » hold of both, or of the last?"""
        first = at
        while first and elements[first][0] in ("OR", "COMMA", "AND_OR") and _last_ref(elements[first - 1][1]):
            first -= 1
        element = elements[at][1]
        if first == at or elements[at][0] == "COMMA" or not isinstance(element, ast.Clause):
            return False
        scope = self.expressions.scope
        ref, tail = with_tail(element, scope)
        if ref is None or tail is None or not self.meanings.means(ref, before):
            return False
        said = [_last_ref(each) for _, each in elements[first:at]] + [ref]
        if all(each and own_noun(each, scope.index.entities) for each in said):
            return False
        if one_noun([scope.source.cut(each.span) for each in said if each], scope.source.language):
            return False
        self.expressions.refuse_attachment([each.span for _, each in elements[first:at]], ref.span, tail)
        return True

    # ---- groups: « pour les clients fidèles »

    def in_group(self, element: ast.Clause) -> bool:
        """Whether an element names a group of its own: « les professionnels », « les professionnels en France »."""
        scope = self.expressions.scope
        ref = only_reference(element) or with_tail(element, scope)[0]
        return ref is not None and self.meanings.means(ref) and own_group(ref, scope.source.language)

    def either_group(self, part: Part, element: ast.Clause) -> None:
        """« pour les clients fidèles et les professionnels »: those who are one, or those who are both?"""
        scope = self.expressions.scope
        first = after_link(part.span, scope.source)
        place = with_link(scope.with_article(first), scope.source).to(element.span)
        when = _WORDS[scope.source.language][0]
        said = fold(scope.source.text[: place.start]).split()[-1:] == [when]
        self.expressions.refuse_group([first, element.span], place, "" if said else f"{when} ")

    def of_tail(self, part: Part, element: ast.Clause) -> bool:
        """Refuse « pour les clients fidèles ou les professionnels en France »: are they all in France?"""
        scope = self.expressions.scope
        ref, tail = with_tail(element, scope)
        if ref is None or tail is None or not own_group(ref, scope.source.language):
            return False
        first, when = scope.with_article(after_link(part.span, scope.source)), _WORDS[scope.source.language][0]
        said = self._of_both(scope.source.cut(first), scope.whole(ref.span), scope.source.cut(tail))
        place = with_link(first, scope.source).to(tail)
        self.expressions.refuse("E414", place, [f"{when} {each}" for each in said], keep=place)
        return True

    # ---- states: « le client fidèle a une carte »

    def of_state(self, before: ast.Element, part: Part, element: ast.Element, said: Said) -> Said | None:
        """What an element after « ou » says, with the state of whom both speak; None where it is not clear of whom."""
        if part.said.state is not None and isinstance(element, ast.Clause):
            return self._after_state(part, part.said.state, element, said)
        if said.state is not None and self._of_one_alone(before, part, said.state, element):
            return None
        return said

    def _after_state(self, part: Part, state: model.Condition, element: ast.Clause, said: Said) -> Said | None:
        """« le client fidèle a une carte ou a un code promo »: loyal, in both cases.

        « … a une carte ou un abonnement » has two readings: the second alone may be enough.
        """
        if element.subject is None:
            return replace(said, condition=model.All((state, said.condition), span=element.span), state=state)
        ref, scope = only_reference(element), self.expressions.scope
        if ref is None or _shares_word(scope.source, state.span, ref.span):
            return said
        tail = scope.source.cut(Span(state.span.source, state.span.end, part.span.end)).strip()
        first, last = scope.whole(state.span), scope.whole(ref.span)
        _, both, either = _WORDS[scope.source.language]
        readings = [f"{first} {both} ({tail} {either} {last})", f"({first} {both} {tail}) {either} {last}"]
        return self._refuse(part, element, readings)

    def _of_one_alone(self, one: ast.Element, part: Part, state: model.Condition, other: ast.Element) -> bool:
        """Refuse « le client fidèle ou actif a une carte »: do those who are loyal need one, too?"""
        before, scope = _last_ref(one), self.expressions.scope
        subject = other.subject.operand if isinstance(other, ast.Clause) and other.subject else None
        if before is None or not isinstance(subject, ast.Ref) or _shares_word(scope.source, part.span, state.span):
            return False
        if own_noun(before, scope.index.entities) and own_noun(subject, scope.index.entities):
            return False
        tail = scope.source.cut(Span(state.span.source, state.span.end, other.span.end)).strip()
        self._refuse(part, other, self._of_both(scope.whole(part.span), scope.source.cut(state.span), tail))
        return True

    def _of_both(self, first: str, last: str, tail: str) -> list[str]:
        """What is said once, of both and of the last alone."""
        _, both, either = _WORDS[self.expressions.scope.source.language]
        return [f"({first} {either} {last}) {both} {tail}", f"{first} {either} ({last} {both} {tail})"]

    def _refuse(self, part: Part, element: ast.Element, readings: Sequence[str]) -> None:
        place = self.expressions.scope.with_article(part.span).to(element.span)
        self.expressions.refuse("E410", place, readings, keep=place)


def _last_ref(element: ast.Element) -> ast.Ref | None:
    """The name that a clause ends with."""
    if not isinstance(element, ast.Clause):
        return None
    if not element.predicates:
        return only_reference(element)
    head = element.predicates[-1]
    phrase = head.phrase if len(element.predicates) == 1 and head.marker == "IS" else None
    return phrase.operand if phrase and phrase.detail is None and isinstance(phrase.operand, ast.Ref) else None


def _shares_word(source: Source, one: Span, other: Span) -> bool:
    return not {*fold(source.cut(one)).split()}.isdisjoint(fold(source.cut(other)).split())
