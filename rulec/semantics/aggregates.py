"""What is asked of a list in, typed values out: counts, sums, the highest, the oldest, each once."""

from dataclasses import replace
from decimal import Decimal

from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.comparisons import Terms
from rulec.semantics.expressions import Expressions, anything, only_operand, value_of
from rulec.semantics.lists import Found, Lists, item_type, rebound, together
from rulec.semantics.measures import additive, comparable, ordered
from rulec.semantics.predicates import grouped
from rulec.semantics.ranks import SORTING, TELLING, Ranks
from rulec.semantics.scope import Scope
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.tree import Span

Listing = ast.Ref | ast.Picked | ast.Listed
_SEVERAL = {"les", "des", "ces", "ses", "mes", "nos", "vos", "leurs", "aux"}


@changing
class Aggregates:
    """Reads what is asked of lists within a scope."""

    expressions: Expressions

    @property
    def lists(self) -> Lists:
        """The lists of the scope."""
        return Lists(self.expressions)

    # ---- elements

    def is_list(self, operand: object, before: Terms = (), *, whole: bool = True) -> bool:
        """Whether an operand denotes elements of a list."""
        match operand:
            case ast.Ref():
                found = self.lists.find(operand, before, whole=whole)
                return found is not None or (whole and self._parted(operand, "", before) is not None)
            case ast.Picked(ref) | ast.Listed(ref):
                return self.is_list(ref, before)
            case _:
                return False

    def elements(self, operand: Listing, before: Terms = ()) -> Found | None:
        """The elements that an operand denotes, in a list; None where an error was reported."""
        match operand:
            case ast.Ref():
                found = self.lists.find(operand, before)
                if found is None:
                    return self.expressions.report("E372", operand.span)
                if self._being_decided(found):
                    return self.expressions.report("E790", operand.span)
                return self.lists.told(found, operand.span)
            case ast.Listed(ref, tests):
                found = self.elements(ref, before)
                for test in tests if found else ():
                    if test[0].marker in SORTING and found is not None:
                        found = Ranks(self).sorted_as(found, test[0])
                tests = tuple(test for test in tests if test[0].marker not in SORTING)
                said = [self._said(found, test) for test in tests] if found else []
                conditions = [each for each in said if each is not None]
                if found is None or len(conditions) != len(said):
                    return None
                return replace(found, condition=together([found.condition, *conditions]))
            case ast.Picked():
                return self._picked(operand, before)

    def _being_decided(self, found: Found) -> bool:
        """Whether the list is what is decided for each element, of which one is spoken of: it has but its own."""
        decided = next(
            (each for each in self._whole.vocabulary.outcomes
             if isinstance(found.source, model.OutcomeOf) and each.slot.key == found.source.key), None
        )  # fmt: skip
        return decided is not None and any(scope.bound == decided.slot.each for scope in self._inner)

    @property
    def _inner(self) -> list[Scope]:
        return [scope for scope in self.expressions.scope.around() if scope.element is not None]

    @property
    def _whole(self) -> Scope:
        return list(self.expressions.scope.around())[-1]

    def _picked(self, picked: ast.Picked, before: Terms, *, one: bool = False) -> Found | None:
        """The elements that are meant; `one`: a single one is."""
        if not one and (inner := self._of_picked(picked, before)) is not None:
            return inner
        ranked = [pick for pick in picked.picks if pick not in TELLING]
        if picked.count is not None and not ranked and picked.key is None:
            return self.expressions.report("E326", picked.count.span)
        found = self.elements(picked.ref, before)
        for pick in picked.picks if found else ():
            assert found is not None
            match pick:
                case "distinct":
                    found = replace(found, distinct=True)
                case "same":
                    found = self._same(found, picked.span)
                case "other":
                    found = self._other(found, picked.span)
                case _:
                    continue
            if found is None:
                return None
        return Ranks(self).ranked(found, picked, ranked, one=one) if found is not None and ranked else found

    def _of_picked(self, picked: ast.Picked, before: Terms) -> Found | None:
        """« les lignes de la commande la plus récente »: a list that the one element which is picked has."""
        parts = self._parted(picked.ref, picked.on, before) if picked.count is None else None
        there = self.element(replace(picked, ref=parts[0]), before) if parts is not None else None
        if parts is None or there is None:
            return None
        lists = Lists(Expressions(there[0]))
        found = lists.find(parts[1])
        return lists.told(found, picked.span) if found is not None else None

    def _parted(self, named: object, on: str, before: Terms = ()) -> tuple[ast.Ref, ast.Ref] | None:
        """« lignes de la commande »: a list, and what names a list of its elements; `on`: the key of the former."""
        if not isinstance(named, ast.Ref):
            return None
        key = on or max(named.terms, key=lambda term: term.span.start).key
        own = tuple(term for term in named.terms if term.key == key)
        others = replace(named, terms=tuple(term for term in named.terms if term not in own))
        owner = self.lists.find(replace(named, terms=own), before) if own and others.terms else None
        if owner is None:
            return None
        inner = Scope(owner.scope.vocabulary, owner.scope.source, owner.scope.diagnostics)
        return (replace(named, terms=own), others) if Lists(Expressions(inner)).find(others) is not None else None

    def _said(self, found: Found, test: tuple[ast.Predicate, ...]) -> model.Condition | None:
        """« dont le prix dépasse 10 € », « dont (A ou B) », « de plus de 10 € », « qui sont fragiles »."""
        from rulec.semantics.clauses import Clauses  # which reads lists itself
        from rulec.semantics.conditions import Conditions

        if (group := grouped(test)) is not None:
            return Conditions(Expressions(found.scope)).read(group.chain, found.own)
        element = ast.Phrase(ast.Ref(found.own, span=test[0].span), span=test[0].span)
        head, *rest = test
        span = head.span.to(test[-1].span)
        if head.marker != "WHO":
            clause = ast.Clause(element, (_aged(head, found), *rest), span=span)
        elif head.phrase is not None:
            clause = ast.Clause(head.phrase, tuple(rest), span=span)
        elif not rest:
            return self.expressions.report("E318", span)
        else:
            counts = rest[0].marker in ("CMP", "EXACTLY") and len(rest) > 1
            clause = ast.Clause(None if counts else element, tuple(rest), span=span)
        said = Clauses(Expressions(found.scope)).read(clause, found.own)
        return said.condition if said else None

    def _same(self, found: Found, span: Span) -> Found | None:
        """« une autre ligne du même produit »: what the terms name is the same as of the element spoken of."""
        around = self.spoken_of(found)
        named = found.scope.named((*found.own, *found.rest), anything)
        chosen = found.scope.one(named, span)
        if not around or chosen is None or not found.rest:
            return self.expressions.report("E374", span)
        here, there = value_of(chosen, span), rebound(value_of(chosen, span), found.name, around)
        same = model.Compare("eq", here, there, span=span)
        return replace(found, rest=(), condition=together([same, found.condition]))

    def _other(self, found: Found, span: Span) -> Found | None:
        """« une autre ligne », « les autres lignes »: all but the one that is spoken of."""
        around = self.spoken_of(found)
        if not around:
            return self.expressions.report("E374", span)
        another = model.Another(found.element, replace(found.element, name=around), span=span)
        return replace(found, condition=together([another, found.condition]))

    def spoken_of(self, found: Found) -> str:
        """The name that the element of the same list is bound to which is spoken of; "" where there is none."""
        scopes = self.expressions.scope.around()
        return next((scope.bound for scope in scopes if scope.element is found.scope.element), "")

    def element(self, picked: ast.Picked, before: Terms = ()) -> tuple[Scope, Terms] | None:
        """The names of the one element that is picked, and those said of it."""
        found = self._picked(picked, before, one=True)
        if found is None or found.scope.element is None:
            return None
        how = "last" if "last" in picked.picks else "first"
        value = model.Aggregated(how, found.filtered, item_type(found.source.type), span=picked.span)
        return self.expressions.scope.inside(found.scope.element, value, found.path), (*found.own, *found.rest)

    def is_one(self, listed: ast.Listed) -> bool:
        """Whether « le produit dont le code est A » is said of one element: the name and its article are singular."""
        found = self.lists.find(listed.ref) if isinstance(listed.ref, ast.Ref) else None
        if found is None or found.scope.element is None:
            return False
        source, term = self.expressions.scope.source, found.own[0]
        before = fold(source.text[: term.span.start]).split()
        several = source.language == "fr" and bool(before) and before[-1] in _SEVERAL
        return fold(source.cut(term.span)) == fold(found.label) and not several

    def one(self, listed: ast.Listed, before: Terms = ()) -> tuple[Scope, Terms] | None:
        """The names of the one element for which the tests hold, and those said of it."""
        found = self.elements(listed, before)
        if found is None or found.scope.element is None:
            return None
        value = model.Aggregated("only", found.filtered, item_type(found.source.type), span=listed.span)
        return self.expressions.scope.inside(found.scope.element, value, found.path), (*found.own, *found.rest)

    # ---- values

    def read(self, operand: ast.Picked | ast.Listed | ast.Aggregated, wanted: t.Type | None) -> model.Value | None:
        """The value of what is asked of a list."""
        match operand:
            case ast.Aggregated():
                return self._aggregated(operand, wanted)
            case ast.Picked(_, _, None) if not {"distinct", "other", "same"} & set(operand.picks):
                return self._of_element(self.element(operand), wanted, operand.span)
            case ast.Listed() if self.is_one(operand):
                return self._of_element(self.one(operand), wanted, operand.span)
            case _:
                return self.expressions.report("E309", operand.span)

    def _of_element(
        self, there: tuple[Scope, Terms] | None, wanted: t.Type | None, span: Span
    ) -> model.Value | None:  # fmt: skip
        if there is None:
            return None
        scope, terms = there
        ref = ast.Ref(terms, span=span)
        return Expressions(scope).reference(ref, anything if wanted is None else lambda kind: comparable(kind, wanted))

    def _aggregated(self, operand: ast.Aggregated, wanted: t.Type | None) -> model.Value | None:
        found = self.elements(operand.of)
        if found is None:
            return None
        if operand.how == "count" and not found.distinct and operand.value is None and not found.rest:
            return model.Aggregated("count", found.filtered, t.Number(whole=True), span=operand.span)
        value = self._value(found, operand, wanted if operand.how != "count" else None)
        if value is None:
            return None
        fits = {"sum": additive, "mean": additive, "max": ordered, "min": ordered}.get(operand.how, anything)
        if not fits(value.type):
            return self.expressions.report("E310", operand.span)
        return self.made(operand.how, found, value, operand.span)

    def _value(self, found: Found, operand: ast.Aggregated, wanted: t.Type | None) -> model.Value | None:
        """What is taken of each element."""
        if operand.value is None:
            return self.lists.attribute(found, wanted, operand.span)
        inner = only_operand(operand.value)
        if inner is None or found.rest:
            return self.expressions.report("E309", operand.value.span)
        return Expressions(found.scope).read(inner, wanted)

    def made(self, how: str, found: Found, value: model.Value, span: Span) -> model.Value:
        """A value for each element, and what is made of them all."""
        plain = isinstance(value, model.FactOf) and not value.path
        collected = found.filtered if plain else model.Collected(
            found.filtered, found.name, value, t.ListOf(value.type), span=span
        )  # fmt: skip
        if found.distinct:
            collected = model.Distinct(collected, collected.type, span=span)
        if how == "list":
            return collected
        kind = t.Number(whole=True) if how == "count" else value.type
        if how == "mean" and isinstance(kind, t.Number):
            kind = t.Number()
        return model.Aggregated(how, collected, kind, span=span)


def filtered_operand(expressions: Expressions, chain: ast.Chain) -> ast.Operand | None:
    """« (le nombre d'articles dont le prix dépasse 10 €) »: what stands in parentheses with the filters of its list."""
    from rulec.semantics.clauses import Clauses  # which reads lists itself

    clause = chain.items[0]
    if len(chain.items) > 1 or not isinstance(clause, ast.Clause) or clause.subject is None:
        return None
    reader = Clauses(expressions)
    if reader.has_lists:
        clause = reader.quantities.gathered(clause, ())
    return clause.subject.operand if clause.subject and not (clause.predicates or clause.subject.detail) else None


def _aged(head: ast.Predicate, found: Found) -> ast.Predicate:
    """« réclamations de moins de 30 jours »: of something with a date and no duration, its age."""
    value = head.phrase.operand if head.phrase else None
    literal = value.literal if isinstance(value, ast.Value) else None
    if head.marker != "CMP" or literal is None or literal.kind != "duration" or "_" in head.value:
        return head
    if found.scope.named(found.own, lambda kind: isinstance(kind, t.Duration)):
        return head
    return replace(head, value=f"ago_{head.value}")


def whole_of(literal: object) -> int | None:
    """A whole number that is counted to."""
    return int(literal) if isinstance(literal, Decimal) and literal == int(literal) and literal >= 0 else None
