"""Clauses about lists in, conditions out: how many elements, all of them, none, what a list holds."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rulec.diagnostics import Fix
from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.aggregates import Aggregates, Listing, whole_of
from rulec.semantics.articles import agreement_of
from rulec.semantics.comparisons import Terms, counted, is_number, like
from rulec.semantics.expressions import Expressions
from rulec.semantics.listings import Said
from rulec.semantics.lists import Found, item_type, together
from rulec.semantics.measures import type_of
from rulec.semantics.predicates import Test, first_test, said_of
from rulec.semantics.ranks import SORTING, TELLING, Ranks
from rulec.semantics.scope import Scope, keys
from rulec.semantics.shares import Share, compared, share_of
from rulec.semantics.sharing import denied, shared
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.tree import Span

if TYPE_CHECKING:
    from rulec.semantics.clauses import Clauses

_COUNTING = ("CMP", "EXACTLY", "BETWEEN")
_ONE_THING = re.compile(r"(?:le |la |l')")
_SAID_OF_ONE = re.compile(r"\s*(?:is|has|does|\w+[^s\W]s)\b")  # "exceeds 5"; no "are", no "exceed 5"


@changing
class Quantities:
    """Reads what is said of lists within a scope."""

    clauses: "Clauses"

    @property
    def _expressions(self) -> Expressions:
        return self.clauses.expressions

    @property
    def _aggregates(self) -> Aggregates:
        return Aggregates(self._expressions)

    # ---- filters are said after the names of lists

    def gathered(self, clause: ast.Clause, before: Terms) -> ast.Clause:
        """The clause, what is said of elements put with their list: « 3 articles de plus de 10 € »."""
        left = list(clause.predicates)
        subject = clause.subject and self._with_tests(clause.subject, left, before, leaves=True)
        predicates: list[ast.Predicate] = []
        while left:
            head = left.pop(0)
            counts = head.marker in _COUNTING and clause.subject is None and not predicates
            if head.other is not None:
                head = replace(head, other=self._with_tests(head.other, left, before, leaves=False))
            elif head.phrase is not None:
                head = replace(head, phrase=self._with_tests(head.phrase, left, before, leaves=counts and False))
            predicates.append(head)
        return replace(clause, subject=subject, predicates=tuple(predicates))

    def listed(self, clause: ast.Clause) -> Listing | None:
        """The elements that a clause names, and nothing else; None where it says more, or names none."""
        left = list(clause.predicates)
        whole = self._with_tests(clause.subject, left, (), leaves=False) if clause.subject is not None else None
        named = whole.operand if whole is not None and whole.detail is None and not left else None
        return named if isinstance(named, ast.Ref | ast.Listed) else None

    def valued(self, predicates: Sequence[ast.Predicate]) -> list[ast.Predicate]:
        """What is said of a value, what is said of elements put with their list: « est la somme … dont … »."""
        left, found = list(predicates), list[ast.Predicate]()
        while left:
            head = left.pop(0)
            last = _last(head.phrase.operand) if head.phrase is not None else None
            looked = isinstance(last, ast.Ref) and bool(left) and left[0].marker == "WHO"
            if head.phrase is not None and (looked or isinstance(last, ast.Aggregated | ast.Picked)):
                head = replace(head, phrase=self._with_tests(head.phrase, left, (), leaves=False))
            found.append(head)
        return found

    def _with_tests(self, phrase: ast.Phrase, left: list[ast.Predicate], before: Terms, *, leaves: bool) -> ast.Phrase:
        """A phrase with the tests that follow it; `leaves`: something must be left to say."""
        operand = phrase.operand
        names = operand
        if (inner := _last(operand)) is not operand:
            longer = self._with_tests(ast.Phrase(inner, span=inner.span), left, before, leaves=leaves).operand
            return replace(phrase, operand=_with_last(operand, longer))
        if isinstance(operand, ast.Quantified):
            names, leaves = operand.ref, operand.quantifier == "every"
        elif isinstance(operand, ast.Portion | ast.Aggregated):
            names, leaves = operand.of, leaves and isinstance(operand, ast.Aggregated)
        if not isinstance(names, ast.Ref | ast.Picked | ast.Listed):
            return phrase
        if not self._aggregates.is_list(names, before, whole=operand is not names):
            return phrase
        tests: list[tuple[ast.Predicate, ...]] = []
        key: tuple[str, ast.Ref] | None = None
        while left and (
            left[0].marker in ("WHO", *SORTING)
            or ((left[0].of or left[0].marker == "CALENDAR") and (len(left) > 1 or not leaves))
        ):
            size = first_test(left)
            taken = tuple(left[:size])
            del left[:size]
            last = taken[-1].phrase.operand if taken[-1].phrase else None
            said = taken[0].phrase.operand if taken[0].phrase else None
            if isinstance(last, ast.Superlative) and isinstance(said, ast.Ref):
                key = (last.pick, said)
            else:
                tests.append(taken)
        if not tests and key is None:
            return phrase
        listed = _told(names, tuple(tests), key, phrase.span)
        if isinstance(operand, ast.Quantified):
            return replace(phrase, operand=replace(operand, ref=listed))
        if isinstance(operand, ast.Portion | ast.Aggregated):
            return replace(phrase, operand=replace(operand, of=listed))
        return replace(phrase, operand=listed)

    # ---- whole clauses

    def about(self, clause: ast.Clause, before: Terms) -> bool:
        """Whether a clause is one of those below."""
        subject = clause.subject.operand if clause.subject else None
        match subject:
            case ast.Quantified(_, ref):
                return self._aggregates.is_list(ref, before)
            case ast.Picked():
                return self._aggregates.is_list(subject, before)
            case ast.Listed() if self._aggregates.is_one(subject):
                return bool(clause.predicates)
            case ast.Ref() | ast.Listed():
                return self._plural(subject, clause, before)
            case None:
                return self._counts(clause, before)
            case _:
                return False

    def read(self, clause: ast.Clause, before: Terms) -> Said | None:
        """What the clause says; None where an error was reported."""
        subject = clause.subject.operand if clause.subject else None
        condition: model.Condition | None
        match subject:
            case ast.Quantified(quantifier, ref):
                condition = self._quantified(quantifier, ref, clause, before)
            case ast.Picked(_, picks) if "other" in picks:
                condition = self._quantified("some", subject, clause, before)
            case ast.Picked(_, _, None) if not clause.predicates and self._is_element(None, before):
                condition = self._rank(subject, clause.span)  # « si c'est l'article le plus cher »
            case ast.Picked(_, _, None) if "distinct" not in subject.picks:
                return self._of_one(self._aggregates.element(subject, before), clause, subject.span)
            case ast.Listed() if self._aggregates.is_one(subject):
                return self._of_one(self._aggregates.one(subject, before), clause, subject.span)
            case None:
                condition = self._counted(clause, before)
            case _:
                return self._which_elements(clause, before)
        return Said(replace(condition, span=clause.span)) if condition is not None else None

    def _of_one(self, there: tuple[Scope, Terms] | None, clause: ast.Clause, span: Span) -> Said | None:
        """What is said of one element: « la plus ancienne commande est payée »."""
        if there is None:
            return None
        if (chain := shared(clause)) is not None:
            condition = self._chain(chain, *there)
            return Said(condition) if condition is not None else None
        named = ast.Phrase(ast.Ref(there[1], span=span), span=span)
        said = type(self.clauses)(Expressions(there[0])).read(replace(clause, subject=named), there[1])
        return said and replace(said, subject=(), listing=None)

    def _chain(self, chain: ast.Chain, scope: Scope, own: Terms) -> model.Condition | None:
        """All that is said of an element."""
        from rulec.semantics.conditions import Conditions  # which reads clauses itself

        return Conditions(Expressions(scope)).read(chain, own)

    def _plural(self, subject: ast.Operand, clause: ast.Clause, before: Terms) -> bool:
        """« les articles sont fragiles »: a list as if it were one thing."""
        if not self._aggregates.is_list(subject, before, whole=False):
            return False
        markers = {each.marker for each in clause.predicates}
        return bool(markers) and not markers & {"GIVEN", "MISSING", "TEXT_TEST", "WHO", "EMPTY", "NOT_EMPTY"}

    def _which_elements(self, clause: ast.Clause, before: Terms) -> None:
        """« les articles sont fragiles »: all of them, or one at least?"""
        assert clause.subject is not None
        source = self._expressions.scope.source
        said = source.cut(Span(source.number, clause.subject.span.end, clause.span.end))
        name = source.cut(clause.subject.span)
        ways = self._ways(clause.subject.span, said)
        self._expressions.refuse("E371", clause.span, [way.format(name) + said for way in ways])

    def _ways(self, subject: Span, said: str) -> tuple[str, str]:
        """All, or one at least; « la remise est … » is said of one of the elements, « les remises sont … » of all."""
        scope = self._expressions.scope
        if scope.source.language == "en":
            one = _SAID_OF_ONE.match(said) is not None
            return ("each {}", "at least one {}") if one else ("all {}", "at least one of the {}")
        whole = fold(scope.source.cut(scope.with_article(subject)))
        if _ONE_THING.match(whole):
            known = dict(scope.vocabulary.articles).get(fold(scope.source.cut(subject)), "")
            feminine = agreement_of(known).gender == "f" or whole.startswith("la ")
            return "chaque {}", f"au moins un{'e' if feminine else ''} {{}}"
        return "tous les {}", "au moins un des {}"

    def _counts(self, clause: ast.Clause, before: Terms) -> bool:
        """« au moins 3 articles sont fragiles »."""
        if len(clause.predicates) < 2 or clause.predicates[0].marker not in _COUNTING:
            return False
        of = _portion(clause.predicates[0])
        listed = of.of if of is not None else share.of if (share := share_of(clause.predicates[0])) else None
        return listed is not None and self._aggregates.is_list(listed, before)

    def _counted(self, clause: ast.Clause, before: Terms) -> model.Condition | None:
        tests = said_of(clause.predicates[:1])
        if (share := share_of(clause.predicates[0])) is not None:
            return self._shared(share, tests[0], clause, before)
        found = self._found(tests[0], before)
        rest = replace(clause, subject=None, predicates=clause.predicates[1:])
        said = self._asserted(found, rest) if found else None
        if found is None or said is None:
            return None
        return self._how_many(replace(found, condition=together([found.condition, said])), tests[0])

    def _shared(self, share: Share, test: Test, clause: ast.Clause, before: Terms) -> model.Condition | None:
        """« plus de la moitié des articles sont fragiles »."""
        found = self._aggregates.elements(share.of, before)
        said = self._asserted(found, replace(clause, subject=None, predicates=clause.predicates[1:])) if found else None
        if found is None or said is None:
            return None
        return compared(share, found, said, test)

    def _asserted(self, found: Found, clause: ast.Clause) -> model.Condition | None:
        """What is said of each element."""
        if (chain := shared(clause)) is not None:
            return self._chain(chain, found.scope, (*found.own, *found.rest))
        subject = ast.Phrase(ast.Ref((*found.own, *found.rest), span=clause.span), span=clause.span)
        said = type(self.clauses)(Expressions(found.scope)).read(replace(clause, subject=subject), found.own)
        return said.condition if said else None

    def _quantified(self, quantifier: str, ref: Listing, clause: ast.Clause, before: Terms) -> model.Condition | None:
        found = self._aggregates.elements(ref, before)
        if found is None:
            return None
        if quantifier == "every" and not clause.predicates:
            return self._expressions.report("E375", clause.span)
        negated = any(test.negated for test in said_of(denied(clause))) if clause.predicates else False
        if negated and quantifier != "some":
            return self._not_all(quantifier, clause)
        said = self._asserted(found, clause) if clause.predicates else model.Always()
        if said is None:
            return None
        if quantifier == "every":
            fails = together([found.condition, model.Not(said, span=clause.span)])
            return model.Not(model.CountWhere(1, None, found.source, found.name, fails, span=clause.span))
        some = self._at_least(replace(found, condition=together([found.condition, said])), 1, ref.span)
        return model.Not(some, span=clause.span) if quantifier == "no" else some

    def _not_all(self, quantifier: str, clause: ast.Clause) -> None:
        """« tous les articles ne sont pas en stock »: none, or not all?"""
        assert clause.subject is not None
        assert isinstance(clause.subject.operand, ast.Quantified)
        source = self._expressions.scope.source
        found = self._aggregates.elements(clause.subject.operand.ref)
        name = found.label if found else ""
        last = clause.predicates[-1]
        ref = last.phrase.operand if last.phrase else None
        cut = source.cut(last.phrase.span if last.phrase else last.span)
        said = " ".join(term.entry.text for term in ref.terms) if isinstance(ref, ast.Ref) else cut
        ways = (
            ("aucun {name} n'est {said}", "au moins un {name} n'est pas {said}")
            if source.language == "fr"
            else ("no {name} is {said}", "at least one {name} is not {said}")
        )
        self._expressions.refuse("E370", clause.span, [way.format(name=name, said=said) for way in ways])

    def _at_least(self, found: Found, count: int, span: Span) -> model.Condition:
        """That many elements."""
        return model.CountWhere(count, None, found.source, found.name, found.condition, span=span)

    # ---- tests

    def tests(self, subject: ast.Operand | None, test: Test, before: Terms) -> bool:
        """Whether a test is one of those below."""
        operand = test.phrase.operand if test.phrase else None
        owner = _owner(subject, before)
        match test.kind:
            case "compare" | "range" | "has" | "is" | "exactly" if (portion := _counted_in(test)) is not None:
                return self._aggregates.is_list(portion.of, owner)
            case "has":
                of = operand.ref if isinstance(operand, ast.Quantified) else operand
                return self._aggregates.is_list(of, owner)
            case "is" if isinstance(operand, ast.Picked):
                return self._is_element(subject, before) and self._aggregates.is_list(operand)
            case "empty":
                return self._list_of(subject) is not None
            case "one_of":
                return isinstance(operand, ast.Ref | ast.Listed) and self._aggregates.is_list(operand, before)
            case "text":
                return test.value == "contains" and self._list_of(subject) is not None
            case _:
                return False

    def test(self, subject: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        """The condition, before the test's own negation."""
        owner = _owner(subject, before)
        operand = test.phrase.operand if test.phrase else None
        match test.kind:
            case "is" if isinstance(operand, ast.Picked):
                return self._rank(operand, test.span)
            case "empty":
                listed = self._list_of(subject)
                found = self._aggregates.elements(listed) if listed is not None else None
                none = found and model.CountWhere(0, 0, found.source, found.name, found.condition, span=test.span)
                return none or None
            case "one_of":
                return self._holds(operand, subject, test, before)
            case "text":
                return self._holds(self._list_of(subject), operand, test, before)
            case "has" if _counted_in(test) is None:
                return self._has(operand, owner, test)
            case _:
                found = self._found(test, owner)
                return self._how_many(found, test) if found else None

    def _is_element(self, subject: ast.Operand | None, before: Terms) -> bool:
        """Whether a subject is the element that is spoken of, and nothing of it."""
        terms = subject.terms if isinstance(subject, ast.Ref) else before if subject is None else ()
        element = self._expressions.scope.element
        return element is not None and bool(terms) and all(keys(term) & element.names for term in terms)

    def _rank(self, picked: ast.Picked, span: Span) -> model.Condition | None:
        """« l'article est le plus cher des articles », « la ligne est la première ligne »."""
        plain = replace(picked, picks=tuple(each for each in picked.picks if each in TELLING))
        found = self._aggregates.elements(plain if plain.picks else picked.ref)
        around = self._aggregates.spoken_of(found) if found is not None else ""
        if found is None or not around or picked.count is not None:
            return self._expressions.report("E374", span) if found is not None else None
        return Ranks(self._aggregates).is_of(found, picked, around)

    def _has(self, operand: ast.Operand | None, owner: Terms, test: Test) -> model.Condition | None:
        """« le client a une commande de plus de 500 € », « n'a aucune réclamation »."""
        denies = isinstance(operand, ast.Quantified) and operand.quantifier == "no"
        ref = operand.ref if isinstance(operand, ast.Quantified) else operand
        assert isinstance(ref, ast.Ref | ast.Picked | ast.Listed)
        if isinstance(operand, ast.Quantified) and operand.quantifier == "every":
            return self._expressions.report("E375", test.span)
        found = self._aggregates.elements(ref, owner)
        if found is None:
            return None
        some = self._at_least(found, 1, ref.span)
        return model.Not(some, span=test.span) if denies else some

    def _list_of(self, subject: ast.Operand | None) -> Listing | None:
        """« la liste des pays », « les codes »."""
        of = subject.of if isinstance(subject, ast.Aggregated) and subject.how == "list" else subject
        return of if isinstance(of, ast.Ref | ast.Listed | ast.Picked) and self._aggregates.is_list(of) else None

    def _holds(self, listed: object, item: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        """« la liste des pays contient la France », « « A » figure parmi ses codes »."""
        assert isinstance(listed, ast.Ref | ast.Listed | ast.Picked)
        found = self._aggregates.elements(listed, before)
        value = self._aggregates.lists.attribute(found, None, listed.span) if found else None
        if found is None or value is None:
            return None
        held = self._aggregates.made("list", found, value, listed.span)
        if item is None:
            return self._expressions.report("E315", test.span)
        wanted = item_type(held.type)
        said = self._expressions.read(item, wanted)
        return model.ListHas(held, said, span=test.span) if said else None

    # ---- numbers

    def _found(self, test: Test, owner: Terms) -> Found | None:
        portion = _counted_in(test)
        assert portion is not None
        assert isinstance(portion.of, ast.Ref | ast.Picked | ast.Listed)
        return self._aggregates.elements(portion.of, owner)

    def _how_many(self, found: Found, test: Test) -> model.Condition | None:
        """From how many to how many elements; or, of an amount, how much they sum up to."""
        portion = _counted_in(test)
        assert portion is not None
        operator = _operator(test, portion)
        if portion.value.literal.kind != "number":
            return self._how_much(found, test, portion, operator)
        if (number := self._number_called_so(portion)) is not None:
            said = self._expressions.scope.source.cut(portion.of.span)
            facts = self._expressions.scope.vocabulary.facts
            listed = next((fact.slot.names[-1] for fact in facts if fact.slot.path == found.path), found.label)
            fixes = (Fix(portion.of.span, listed),)
            return self._expressions.report(
                "E204", portion.of.span, fixes, text=said, readings=f"{number} | {listed}", one=number, other=listed
            )
        ends = [portion.value]
        low = test.phrase.operand if test.phrase else None
        if test.kind == "range":
            if not isinstance(low, ast.Value):
                return self._expressions.report("E309", test.span)
            ends = [like(low, portion.value), portion.value]
        counts = [whole_of(each.literal.value if each.literal else None) for each in ends]
        if any(each is None for each in counts):
            return self._expressions.report("E306", test.span, expected=self._expressions.said(t.Number(whole=True)))
        first, last = counts[0] or 0, counts[-1] or 0
        if test.kind == "range":
            bounds: tuple[int, int | None] = (first + (not test.low_included), last - (not test.high_included))
        else:
            bounds = {
                "gt": (last + 1, None), "ge": (last, None), "lt": (0, last - 1), "le": (0, last),
            }.get(operator, (last, last))  # fmt: skip
        low_end, high_end = bounds
        if high_end is not None and high_end < low_end:
            return self._expressions.report("E314", test.span)
        counted = model.CountWhere(low_end, high_end, found.source, found.name, found.condition, span=test.span)
        return model.Not(counted, span=test.span) if operator == "ne" else counted

    def _number_called_so(self, portion: ast.Portion) -> str | None:
        """« 3 sinistres », beside a list of them: a « nombre de sinistres » that is declared too."""
        terms = portion.of.terms if isinstance(portion.of, ast.Ref) else ()
        scope = self._expressions.scope
        numbers = scope.named(counted(terms), is_number) if any("#" in term.key for term in terms) else []
        return scope.label(numbers[0]) if numbers else None

    def _how_much(self, found: Found, test: Test, portion: ast.Portion, operator: str) -> model.Condition | None:
        """« plus de 500 € de commandes »: the sum of their principal amounts."""
        literal = portion.value.literal
        assert literal is not None
        value = self._aggregates.lists.attribute(found, type_of(literal), portion.span)
        bound = self._expressions.literal(replace(portion.value, mark=""), value.type) if value else None
        if value is None or bound is None:
            return None
        return model.Compare(operator, self._aggregates.made("sum", found, value, portion.span), bound, span=test.span)


def _told(
    names: Listing, tests: tuple[tuple[ast.Predicate, ...], ...], key: tuple[str, ast.Ref] | None, span: Span
) -> Listing:
    """Elements with what is said of them: « la plus ancienne commande qui est payée » is one of those that are."""
    picked = names if isinstance(names, ast.Picked) else None
    within = picked.ref if picked is not None else names
    listed = ast.Listed(within, tests, span=span) if tests else within
    assert not isinstance(listed, ast.Picked)
    if key is not None:
        picks, count = (picked.picks, picked.count) if picked is not None else ((), None)
        return ast.Picked(listed, (*picks, key[0]), count, key=key[1], span=span)
    return replace(picked, ref=listed, span=span) if picked is not None else listed


def _last(operand: ast.Operand) -> ast.Operand:
    """What a calculation ends with, which may be of a list: « 2 € + la somme des prix des lignes »."""
    match operand:
        case ast.Binary(_, _, right):
            return _last(right)
        case ast.Portion(_, ast.Aggregated() as of):
            return of
        case _:
            return operand


def _with_last(operand: ast.Operand, last: ast.Operand) -> ast.Operand:
    """The calculation with another end."""
    match operand:
        case ast.Binary(_, _, right):
            return replace(operand, right=_with_last(right, last))
        case ast.Portion(_, ast.Aggregated()):
            assert isinstance(last, ast.Aggregated)
            return replace(operand, of=last)
        case _:
            return last


def _owner(subject: ast.Operand | None, before: Terms) -> Terms:
    return subject.terms if isinstance(subject, ast.Ref) else before


def _portion(predicate: ast.Predicate) -> ast.Portion | None:
    phrase = predicate.other or predicate.phrase
    return phrase.operand if phrase and isinstance(phrase.operand, ast.Portion) else None


def _counted_in(test: Test) -> ast.Portion | None:
    """« 3 articles », « entre 3 et 5 articles »."""
    phrase = test.other or test.phrase
    portion = phrase.operand if phrase else None
    return portion if isinstance(portion, ast.Portion) and not isinstance(portion.of, ast.Value) else None


def _operator(test: Test, portion: ast.Portion) -> str:
    if portion.value.mark in ("ge", "le"):
        return portion.value.mark
    return test.value if test.kind == "compare" else "eq"
