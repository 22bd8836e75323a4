"""The elements of a chain in, the same ones out, all that is said of the elements of a list put with its name.

« une ligne dont A et dont B », « dont A ou B »: B is said of the same elements.
"""

from collections.abc import Sequence
from dataclasses import replace

from rulec.runtime.plain import Plain, changing, plain
from rulec.semantics.connectives import OR, mixed, readings, resolved
from rulec.semantics.expressions import Expressions, anything
from rulec.semantics.lists import Lists
from rulec.semantics.predicates import first_test
from rulec.syntax import ast
from rulec.tree import Span

Joined = tuple[str, ast.Element]
_JOINING = ("AND", "COMMA_AND", "OR", "COMMA_OR", "AND_OR", "COMMA", "NOR")


@plain
class _Filter(Plain):
    """One thing said of the elements of a list, the connective before it, and what follows it."""

    joined: str
    clause: ast.Clause
    rest: tuple[ast.Predicate, ...]


@changing
class Filters:
    """Puts filters together within a scope."""

    expressions: Expressions

    def together(self, elements: Sequence[Joined]) -> list[Joined] | None:
        """The elements with their filters; None where an error was reported."""
        kept: list[Joined] = []
        at = 0
        while at < len(elements):
            joined, element = elements[at]
            end = at + 1
            while end < len(elements) and self._goes_on(elements[at:end], elements[end]):
                end += 1
            whole: ast.Element | None = element
            if isinstance(element, ast.Clause) and end - at > 1:
                whole = self._whole(element, elements[at + 1 : end])
            if whole is None:
                return None
            kept.append((joined, whole))
            at = end
        return kept

    def _goes_on(self, before: Sequence[Joined], after: Joined) -> bool:
        """Whether an element says more of the elements that those before it tell apart."""
        first, last = before[0][1], before[-1][1]
        if not isinstance(first, ast.Clause) or not any(each.marker == "WHO" for each in first.predicates):
            return False
        joined, element = after
        if joined not in _JOINING or not isinstance(element, ast.Clause):
            return False
        if any(kind in OR for kind, _ in (*before[1:], after)) and not self._is_open(last):
            return False
        return bool(self._more(element)) or (joined not in ("AND", "COMMA_AND") and self._is_value(element))

    def _is_open(self, element: ast.Element) -> bool:
        """Whether an element ends with a filter, of which more may follow."""
        assert isinstance(element, ast.Clause)
        if self._is_value(element):
            return not element.predicates
        said = self._more(element) or _filter_of(element)
        return first_test(said) == len(said)

    def _more(self, element: ast.Clause) -> tuple[ast.Predicate, ...]:
        """What goes on about elements: « dont B », or B of something that only they have."""
        if not element.predicates:
            return ()
        head, ref = element.predicates[0], element.subject.operand if element.subject else None
        if ref is None and head.marker == "WHO":
            return element.predicates
        scope = self.expressions.scope
        if not isinstance(ref, ast.Ref) or scope.named(ref.terms, anything) or scope.owners(ref.terms):
            return ()
        if self._names_list(ref):
            return ()
        if any(term.entry.option for term in ref.terms):
            return ()
        return (ast.Predicate("WHO", "", element.subject, span=ref.span), *element.predicates)

    def _names_list(self, ref: ast.Ref) -> bool:
        """« … et le montant de la commande »: of a list that is named anew."""
        return len(ref.terms) > 1 and Lists(self.expressions).find(ref) is not None

    def _is_value(self, element: ast.Clause) -> bool:
        """Whether an element starts with one value more: « dont la catégorie est livre ou jouet (est fragile) »."""
        operand = element.subject.operand if element.subject and element.subject.detail is None else None
        if isinstance(operand, ast.Ref):
            only = len(operand.terms) == 1 and operand.terms[0].entry.option
            return bool(only) and not any(self.expressions.scope.options(operand.terms))
        return isinstance(operand, ast.Quote)

    def _whole(self, first: ast.Clause, others: Sequence[Joined]) -> ast.Clause | None:
        """The first element with all that is said of its elements."""
        kinds = resolved([joined for joined, _ in others])
        span = first.span.to(others[-1][1].span)
        if set(kinds) <= {"AND", "COMMA_AND"}:
            clauses = [element for _, element in others if isinstance(element, ast.Clause)]
            more = [each for clause in clauses for each in self._more(clause)]
            return replace(first, predicates=(*first.predicates, *more), span=span)
        said = _filter_of(first)
        filters = [_Filter("", _clause(said), ()), *(self._filter(joined, element) for joined, element in others)]
        place = said[0].phrase.span if said[0].phrase else said[0].span
        place = place.to(filters[-1].clause.span)
        if mixed(kinds):
            return self._both_readings(place, filters, kinds)
        items: list[ast.Element | ast.Connective] = []
        for each in filters:
            items += [ast.Connective(each.joined, span=each.clause.span)] if each.joined else []
            items.append(each.clause)
        group = ast.Phrase(ast.Group(ast.Chain(tuple(items), span=place), span=place), span=place)
        before = first.predicates[: len(first.predicates) - len(said)]
        whose = ast.Predicate("WHO", "", group, span=place)
        return replace(first, predicates=(*before, whose, *filters[-1].rest), span=span)

    def _filter(self, joined: str, element: ast.Element) -> _Filter:
        assert isinstance(element, ast.Clause)
        if self._is_value(element):
            assert element.subject is not None
            return _Filter(joined, ast.Clause(element.subject, span=element.subject.span), element.predicates)
        said = self._more(element)
        size = first_test(said)
        return _Filter(joined, _clause(said[:size]), said[size:])

    def _both_readings(self, place: Span, filters: Sequence[_Filter], kinds: Sequence[str]) -> None:
        """« dont A et dont B ou dont C »: (A et B) ou C, or A et (B ou C)?"""
        scope = self.expressions.scope
        texts = [scope.whole(each.clause.span) for each in filters]
        said = [f"({reading})" for reading in readings(texts, kinds, scope.source.language)]
        self.expressions.refuse("E410", place, said)


def _filter_of(clause: ast.Clause) -> tuple[ast.Predicate, ...]:
    """What follows the last « dont » of a clause."""
    at = max(at for at, each in enumerate(clause.predicates) if each.marker == "WHO")
    return clause.predicates[at:]


def _clause(said: Sequence[ast.Predicate]) -> ast.Clause:
    """« dont la quantité dépasse 2 », « qui est fragile » as a clause about one element."""
    head, *rest = said
    if head.phrase is None and not rest:
        return ast.Clause(None, (head,), span=head.span)
    span = (head.phrase.span if head.phrase else rest[0].span).to(said[-1].span)
    return ast.Clause(head.phrase, tuple(rest), span=span)
