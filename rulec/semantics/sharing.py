"""The elements of a chain in, the same ones out, all that is said of elements of a list put in one clause.

« au moins un article est fragile et en rupture »: one article is both.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rulec.runtime.plain import changing
from rulec.semantics.aggregates import Aggregates
from rulec.semantics.expressions import anything
from rulec.semantics.filters import Joined
from rulec.syntax import ast

if TYPE_CHECKING:
    from rulec.semantics.clauses import Clauses

_JOINING = frozenset({"AND", "OR", "AND_OR", "COMMA", "COMMA_AND", "COMMA_OR"})
_SAYING = frozenset({
    "IS", "IS_NOT", "IS_NEITHER", "CMP", "BETWEEN", "EXACTLY", "HAS", "HAS_NOT", "ONE_OF", "NOT_ONE_OF", "TEXT_TEST",
    "GIVEN", "MISSING", "NOT",
})  # fmt: skip


@changing
class Sharing:
    """Puts what is said of the same elements together."""

    clauses: "Clauses"

    def together(self, elements: Sequence[Joined]) -> list[Joined]:
        """The elements, each clause about elements of a list with all that goes on about them."""
        kept: list[Joined] = []
        at = 0
        while at < len(elements):
            joined, element = elements[at]
            end = at + 1
            if isinstance(element, ast.Clause) and (said := self._said(element)):
                while end < len(elements) and self._goes_on(elements[end]):
                    end += 1
                element = _whole(element, said, elements[at + 1 : end]) if end > at + 1 else element
            kept.append((joined, element))
            at = end
        return kept

    def _said(self, clause: ast.Clause) -> int:
        """How many predicates, from the end, say something of the elements of a list."""
        gathered = self.clauses.quantities.gathered(clause, ())
        subject = gathered.subject.operand if gathered.subject else None
        if not gathered.predicates or isinstance(subject, ast.Ref) or not self.clauses.quantities.about(gathered, ()):
            return 0
        return len(gathered.predicates) - (subject is None)

    def _goes_on(self, after: Joined) -> bool:
        """Whether an element says more of the elements before it, and nothing of what is named around them."""
        joined, element = after
        if joined not in _JOINING or not isinstance(element, ast.Clause):
            return False
        subject = element.subject.operand if element.subject else None
        if subject is None or isinstance(subject, ast.Pronoun):
            head = element.predicates[0] if element.predicates else None
            return head is not None and head.marker in _SAYING and not self._counts(head)
        scope = self.clauses.expressions.scope
        if not isinstance(subject, ast.Ref) or (element.subject and element.subject.detail):
            return False
        listed = Aggregates(self.clauses.expressions).is_list(subject)
        known = listed or scope.named(subject.terms, anything) or scope.owners(subject.terms)
        return not known and not self.clauses.meanings.means(subject) and not scope.applied(subject.terms[-1])

    def _counts(self, head: ast.Predicate) -> bool:
        """« … et plus de 3 articles »: another count."""
        phrase = head.other or head.phrase
        return phrase is not None and isinstance(phrase.operand, ast.Portion | ast.Quantified)


def _whole(clause: ast.Clause, said: int, others: Sequence[Joined]) -> ast.Clause:
    """A clause of which what is said is a chain in parentheses."""
    before, own = clause.predicates[:-said], clause.predicates[-said:]
    place = own[0].span.to(others[-1][1].span)
    items: list[ast.Element | ast.Connective] = [ast.Clause(None, own, span=own[0].span.to(own[-1].span))]
    for joined, element in others:
        assert isinstance(element, ast.Clause)
        pronoun = element.subject is not None and isinstance(element.subject.operand, ast.Pronoun)
        items += [ast.Connective(joined, span=element.span), replace(element, subject=None) if pronoun else element]
    group = ast.Phrase(ast.Group(ast.Chain(tuple(items), span=place), span=place), span=place)
    shared = ast.Predicate("IS", "", group, span=place)
    return replace(clause, predicates=(*before, shared), span=clause.span.to(place))


def shared(clause: ast.Clause) -> ast.Chain | None:
    """The chain of what is said of elements, where it is one."""
    head = clause.predicates[-1] if len(clause.predicates) == 1 else None
    operand = head.phrase.operand if head is not None and head.marker == "IS" and head.phrase is not None else None
    return operand.chain if isinstance(operand, ast.Group) else None


def denied(clause: ast.Clause) -> Sequence[ast.Predicate]:
    """The predicates of which one may be denied: those of each part of a chain."""
    chain = shared(clause)
    if chain is None:
        return clause.predicates
    return [each for item in chain.items if isinstance(item, ast.Clause) for each in item.predicates]
