"""A clause in (« le client est fidèle », « commande > 500 € »), its condition out."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from rulec.diagnostics import Fix
from rulec.runtime import types as t
from rulec.semantics import model
from rulec.semantics.comparisons import REVERSED, Comparisons, Terms, dated, names_own
from rulec.semantics.expressions import Expressions, anything, value_of
from rulec.semantics.measures import comparable
from rulec.semantics.predicates import Test, UnfitError, said_of
from rulec.semantics.scope import Named, keys
from rulec.syntax import ast
from rulec.tree import Span

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# What leads a condition without a verb.
LINKS = frozenset({"FOR", "ON", "OFF", "TO", "WHO", "IN"})


@dataclass(frozen=True)
class Listing:
    """A membership that may go on: « le pays est la France, » … `joins`: what stood before each further value."""

    item: model.Value
    values: tuple[model.Literal, ...]
    how: str  # is, neither, one_of
    negated: bool = False
    joins: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Said:
    """What a clause says. `subject`: the names that the next clause may leave out. `negation`: it has a « pas »."""

    condition: model.Condition
    subject: Terms = ()
    listing: Listing | None = None
    negation: bool = False
    group: bool = False


def yes_no(kind: t.Type) -> bool:
    """Only yes/no will do."""
    return isinstance(kind, t.YesNo)


@dataclass
class Clauses:
    """Reads clauses within a scope."""

    expressions: Expressions
    comparisons: Comparisons = field(init=False)

    def __post_init__(self) -> None:
        self.comparisons = Comparisons(self.expressions)

    def read(self, clause: ast.Clause, before: Terms) -> Said | None:
        """What the clause says; None where an error was reported."""
        subject, first, predicates = _taken_apart(clause)
        if not predicates and first is None and subject is not None:
            return self._bare(subject, clause, before)
        try:
            tests = said_of(predicates, first)
        except UnfitError as unfit:
            self.expressions.report("E318", unfit.predicate.span)
            return None
        if subject is None and first is None and predicates and predicates[0].marker in LINKS:
            return self.circumstance(predicates, clause.span, before)
        if isinstance(subject, ast.Value) and len(tests) == 2 and {each.kind for each in tests} == {"compare"}:
            return self._surrounded(subject, tests, before)
        if isinstance(subject, ast.Ref) and self._qualifies(subject, tests):
            return self._qualified(subject, clause, tests)
        owner = self._owner(subject, before)
        found = [self._test(subject, test, before) for test in tests]
        conditions = [said.condition for said in found if said is not None]
        if len(conditions) != len(found) or not conditions:
            return None
        if len(conditions) == 1:
            single = next(said for said in found if said is not None)
            whole = self.expressions.scope.with_article(clause.span)
            return replace(single, condition=replace(single.condition, span=whole), subject=owner)
        return Said(model.All(tuple(conditions), span=clause.span), owner)

    def _qualifies(self, subject: ast.Ref, tests: list[Test]) -> bool:
        """Whether the subject is a condition of its own: « un client fidèle a plus de 3 commandes »."""
        told = {test.kind for test in tests} <= {"has", "compare", "range", "is", "text", "of"}
        words = any(test.phrase and isinstance(test.phrase.operand, ast.WordValue) for test in tests)
        return told and not words and not self.expressions.scope.vocabulary.inferred and self.means(subject)

    def _qualified(self, subject: ast.Ref, clause: ast.Clause, tests: list[Test]) -> Said | None:
        """Both: what the subject says, and what is said of it."""
        first = self.named(subject)
        others = tuple(term for term in subject.terms if keys(term) & self.expressions.scope.index.entities)
        owner = ast.Ref(others, span=subject.span) if others else None
        found = [self._test(owner, test, ()) for test in tests]
        conditions = [said.condition for said in found if said is not None]
        if first is None or len(conditions) != len(found):
            return None
        return Said(model.All((first, *conditions), span=self.expressions.scope.with_article(clause.span)), others)

    def _surrounded(self, low: ast.Value, tests: list[Test], before: Terms) -> Said | None:
        """« 100 € < commande < 500 € »."""
        middle = tests[0].phrase.operand if tests[0].phrase else None
        turned = replace(
            tests[0], value=REVERSED.get(tests[0].value, tests[0].value), phrase=ast.Phrase(low, span=low.span)
        )
        found = [self._test(middle, test, before) for test in (turned, tests[1])]
        conditions = tuple(said.condition for said in found if said is not None)
        if len(conditions) != 2:
            return None
        return Said(model.All(conditions, span=low.span.to(tests[1].span)), self._owner(middle, before))

    def circumstance(self, predicates: Sequence[ast.Predicate], span: Span, before: Terms = ()) -> Said | None:
        """A condition without a verb: « pour les clients fidèles », "on orders over €500"."""
        left = list(predicates)
        found: list[Said] = []
        subject: ast.Phrase | None = None
        while left and left[0].marker in LINKS:
            head = left.pop(0)
            ref = head.phrase.operand if head.phrase else None
            if ref is None:
                continue
            if not isinstance(ref, ast.Ref) and head.marker != "FOR":
                return self.expressions.report("E318", head.span)
            if not isinstance(ref, ast.Ref):
                left.insert(0, ast.Predicate("HAS", "", head.phrase, span=head.span))
                break
            if head.phrase is not None and head.phrase.detail is not None:
                subject = head.phrase
                break
            if self.means(ref, before) or not (left or head.marker == "WHO"):
                condition = self.named(ref, before)
                if condition is None:
                    return None
                found.append(Said(condition, ref.terms, _listed(condition, ref.span), group=True))
            else:
                subject = ast.Phrase(replace(ref, their=ref.their or head.marker == "WHO"), span=ref.span)
        if left or (subject and subject.detail):
            said = self.read(ast.Clause(subject, tuple(left), span=span), before)
            if said is None:
                return None
            found.append(said)
        if not found:
            return self.expressions.report("E122", span)
        if len(found) == 1:
            return found[0]
        return Said(model.All(tuple(said.condition for said in found), span=span), found[0].subject)

    def _owner(self, subject: ast.Operand | None, before: Terms) -> Terms:
        return subject.terms if isinstance(subject, ast.Ref) else before

    # ---- without a verb

    def _bare(self, subject: ast.Operand, clause: ast.Clause, before: Terms) -> Said | None:
        """« client fidèle », « remise 10 % », « 3 articles et plus », « (A ou B) »."""
        detail = clause.subject.detail if clause.subject else None
        if detail is not None:
            operator = detail.mark if isinstance(detail, ast.Value) and detail.mark in ("ge", "le") else "eq"
            test = Test(
                "is" if operator == "eq" else "compare",
                operator,
                ast.Phrase(detail, span=detail.span),
                span=clause.span,
            )
            said = self._test(subject, test, before)
            return replace(said, subject=self._owner(subject, before)) if said else None
        match subject:
            case ast.Ref():
                condition = self.named(subject, before)
                return Said(condition, subject.terms, negation=_negates(subject)) if condition else None
            case ast.Portion(ast.Value(_, mark)) | ast.Value(_, mark) if mark in ("ge", "le"):
                test = Test("compare", mark, ast.Phrase(subject, span=subject.span), span=clause.span)
                return self._test(None, test, before)
            case ast.Quantified("no", ref):
                test = Test("has", "", ast.Phrase(ref, span=ref.span), negated=True, span=clause.span)
                return self._test(None, test, before)
            case ast.Quantified():
                self.expressions.report("E210", subject.span)
            case _:
                self.expressions.report("E309", subject.span)
        return None

    def named(self, ref: ast.Ref, before: Terms = ()) -> model.Condition | None:
        """The condition that names alone make: a yes/no fact, a value of a list, a kind of entity."""
        scope = self.expressions.scope
        for terms in ((*before, *ref.terms), ref.terms) if before else (ref.terms,):
            if found := self._meanings(terms, ref.span):
                if len(found) > 1:
                    offers = [label for label, _ in found]
                    self.expressions.refuse("E204", ref.span, offers)
                    return None
                negated = sum(term.negated for term in ref.terms) % 2 == 1
                return model.Not(found[0][1], span=ref.span) if negated else found[0][1]
        if all(term.entry.known for term in ref.terms):
            other = scope.named(ref.terms, anything)
            if other:
                self.expressions.report("E319", ref.span, actual=self.expressions.said(other[0].slot.type))
            else:
                self.expressions.report("E208", ref.span)
        return None

    def means(self, ref: ast.Ref, before: Terms = ()) -> bool:
        """Whether names alone make a condition."""
        return bool(self._meanings(ref.terms, ref.span) or (before and self._meanings((*before, *ref.terms), ref.span)))

    def _meanings(self, terms: Sequence[ast.Term], span: Span) -> list[tuple[str, model.Condition]]:
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
            found = [(term.key, self._kind(each, span)) for each in scope.subtypes(terms) for term in terms[:1]]
        if not found and (named_set := scope.set_of(ast.Ref(tuple(terms)))):
            found = self._set(named_set, terms, span)
        return found

    def _kind(self, subtype: model.Subtype, span: Span) -> model.Condition:
        fact = self.expressions.scope.fact(subtype.path)
        item = value_of(fact, span)
        if not subtype.option:
            return model.Holds(item, span=span)
        return model.Among(item, (model.Literal(subtype.option, fact.slot.type, span=span),), span=span)

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

    # ---- with a verb

    def _test(self, subject: ast.Operand | None, test: Test, before: Terms) -> Said | None:
        spare = test.phrase if test.kind in ("given", "seems") else test.phrase and test.phrase.detail
        if spare is not None and test.kind != "seems":
            return self.expressions.report("E326", spare.span)
        if isinstance(subject, ast.Pronoun):
            subject = None
        if isinstance(subject, ast.Quantified):
            return self.expressions.report("E210", subject.span)
        match test.kind:
            case "always":
                return Said(model.Always(span=test.span))
            case "is" | "neither" | "exactly" | "one_of":
                return self._is(subject, test, before)
            case "has":
                condition = self._has(subject, test, before)
            case "of":
                condition = self._of(subject, test, before)
            case "compare" if (
                test.value in ("eq", "ne")
                and test.phrase
                and isinstance(test.phrase.operand, ast.Ref | ast.Quote | ast.WordValue)
            ):
                return self._is(subject, replace(test, kind="is", negated=test.negated ^ (test.value == "ne")), before)
            case "compare":
                condition = self.comparisons.compare(subject, test, before)
            case "range":
                condition = self.comparisons.range(subject, test, before)
            case "given":
                condition = self._given(subject, test, before)
            case "text":
                condition = self._text(subject, test, before)
            case "calendar":
                condition = self._calendar(subject, test, before)
            case _:
                return self.expressions.report("E417", test.span)
        return Said(self._signed(condition, test), negation=test.negated) if condition else None

    def _signed(self, condition: model.Condition, test: Test) -> model.Condition:
        return model.Not(condition, span=test.span) if test.negated else condition

    def _is(self, subject: ast.Operand | None, test: Test, before: Terms) -> Said | None:
        operand = test.phrase.operand if test.phrase else None
        match operand:
            case None:
                return self.expressions.report("E122", test.span)
            case ast.Ref():
                return self._is_named(subject, operand, test, before)
            case ast.Quote():
                return self._is_quote(subject, operand, test, before)
            case ast.Value(_, mark) | ast.Portion(ast.Value(_, mark)) if mark in ("ge", "le"):
                marked = replace(test, kind="compare", value=mark, negated=False)
                condition = self.comparisons.compare(subject, marked, before)
                return Said(self._signed(condition, test)) if condition else None
            case ast.WordValue(word) if (flag := self._flag(subject, before)) is not None:
                holds = model.Holds(flag, span=test.span)
                return Said(self._signed(model.Not(holds, span=test.span) if word == "no" else holds, test))
            case ast.Group() if subject is None:
                return self.expressions.report("E309", operand.span)
            case ast.Quantified():
                return self.expressions.report("E210", operand.span)
            case _:
                return self._equals(subject, operand, test, before)

    def _flag(self, subject: ast.Operand | None, before: Terms) -> model.Value | None:
        terms = subject.terms if isinstance(subject, ast.Ref) else before
        found = self.expressions.scope.named(terms, yes_no) if terms else []
        return value_of(found[0], subject.span if subject else Span()) if len(found) == 1 else None

    def _equals(self, subject: ast.Operand | None, operand: ast.Operand, test: Test, before: Terms) -> Said | None:
        compared = replace(test, kind="compare", value="eq")
        condition = self.comparisons.compare(subject, compared, before)
        if condition is None:
            return None
        listing = None
        if isinstance(condition, model.Compare) and isinstance(condition.right, model.Literal):
            how = "is" if test.kind == "exactly" else test.kind
            negated = test.negated or test.kind == "neither"
            listing = Listing(condition.left, (condition.right,), how, negated, (), (operand.span,))
        negated_here = test.negated or test.kind == "neither"
        return Said(model.Not(condition, span=test.span) if negated_here else condition, (), listing, negated_here)

    def _is_named(self, subject: ast.Operand | None, ref: ast.Ref, test: Test, before: Terms) -> Said | None:
        """« est fidèle », « est la France », « est professionnel », « est le montant HT »."""
        owner = subject.terms if isinstance(subject, ast.Ref) else before
        if choice := self._choice(owner, ref):
            negated = test.negated or test.kind == "neither"
            listing = Listing(choice[0], (choice[1],), test.kind, negated, (), (ref.span,))
            return Said(finished(listing, test.span), owner, listing, negated)
        for terms in ((*owner, *ref.terms), ref.terms):
            found = self._meanings(terms, test.span)
            if isinstance(subject, ast.Ref) and terms is ref.terms:
                found = [each for each in found if self._free(owner, each[1])]
            if len(found) == 1:
                negated = (test.negated or test.kind == "neither") ^ any(term.negated for term in ref.terms)
                condition = model.Not(found[0][1], span=test.span) if negated else found[0][1]
                return Said(condition, owner, None, negated)
            if found:
                return self.expressions.refuse("E204", ref.span, [label for label, _ in found])
        if not owner:
            return self.expressions.report("E208", ref.span)
        if listed := self._lists(owner):
            return self._no_value(listed, ref)
        compared = self.comparisons.compare(subject, replace(test, kind="compare", value="eq"), before)
        return Said(self._signed(compared, test)) if compared else None

    def _lists(self, owner: Terms) -> t.Choice | None:
        """The list of values that the owner names by its own name."""
        found = self.expressions.scope.named(owner, lambda kind: isinstance(kind, t.Choice))
        kinds = [each.slot.type for each in found if names_own(owner, each)]
        return kinds[0] if len(kinds) == 1 and isinstance(kinds[0], t.Choice) else None

    def _no_value(self, kind: t.Choice, ref: ast.Ref) -> None:
        """« le canal est la France »: no value of that list."""
        if len(self.expressions.scope.named(ref.terms, lambda other: other == kind)) == 1:
            return self.expressions.report("E208", ref.span)
        labels = [option.label for option in kind.options]
        fixes = tuple(Fix(ref.span, label) for label in labels[:4])
        return self.expressions.report("E324", ref.span, fixes, expected=", ".join(labels))

    def _free(self, owner: Terms, condition: model.Condition) -> bool:
        """Whether « la commande est en soldes » may speak of « les soldes »: nothing else owns them."""
        item = condition.item if isinstance(condition, model.Holds | model.Among) else None
        named = self.expressions.scope.named(owner, anything)
        owns = any(names_own(owner, each) for each in named)
        return not owns and (not isinstance(item, model.FactOf) or "." not in item.path)

    def _choice(self, owner: Terms, ref: ast.Ref) -> tuple[model.Value, model.Literal] | None:
        """The list of values that the owner names, if the reference names one of its values."""
        said = {key for term in ref.terms for key in keys(term)} if len(ref.terms) == 1 else set()

        def lists(kind: t.Type) -> bool:
            return isinstance(kind, t.Choice) and any(option.key in said for option in kind.options)

        found: list[Named] = self.expressions.scope.named(owner, lists) if owner else []
        if len(found) != 1 or not any(
            keys(term) & found[0].chain[-1] if isinstance(found[0], model.FactTerm) else True for term in owner
        ):
            return None
        kind = found[0].slot.type
        if not isinstance(kind, t.Choice):
            return None
        option = next(option.key for option in kind.options if option.key in said)
        return value_of(found[0], ref.span), model.Literal(option, kind, span=ref.span)

    def _is_quote(self, subject: ast.Operand | None, quote: ast.Quote, test: Test, before: Terms) -> Said | None:
        ref = subject if isinstance(subject, ast.Ref) else ast.Ref(before, span=quote.span)
        item = self.expressions.reference(ref, lambda kind: isinstance(kind, t.Text | t.Choice))
        if item is None:
            return None
        negated = test.negated or test.kind == "neither"
        if isinstance(item.type, t.Text):
            condition: model.Condition = model.TextTest("equals", item, quote.text, test.exact, span=test.span)
            literal = model.Literal(quote.text, item.type, span=quote.span)
            listing = Listing(item, (literal,), test.kind, negated, (), (quote.span,)) if not test.exact else None
            return Said(model.Not(condition, span=test.span) if negated else condition, ref.terms, listing, negated)
        value = self.expressions.read(quote, item.type)
        if not isinstance(value, model.Literal):
            return None
        listing = Listing(item, (value,), test.kind, negated, (), (quote.span,))
        return Said(finished(listing, test.span), ref.terms, listing, negated)

    def _has(self, subject: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        """« a un code promo », « sans code promo », « a 3 commandes », « a 18 ans »."""
        operand = test.phrase.operand if test.phrase else None
        owner = subject.terms if isinstance(subject, ast.Ref) else before
        scope = self.expressions.scope
        if isinstance(operand, ast.Quantified) and operand.quantifier in ("no", "some"):
            test = replace(test, negated=test.negated ^ (operand.quantifier == "no"))
            condition = self._has(subject, replace(test, negated=False, phrase=ast.Phrase(operand.ref)), before)
            return model.Not(condition, span=test.span) if condition and operand.quantifier == "no" else condition
        if isinstance(operand, ast.Ref):
            for terms in ((*owner, *operand.terms), operand.terms):
                if found := self._meanings(terms, test.span):
                    return (
                        found[0][1]
                        if len(found) == 1
                        else self.expressions.refuse("E204", operand.span, [x for x, _ in found])
                    )
                if facts := scope.named(terms, anything):
                    return self._present(facts, operand, owner)
            return self.expressions.report("E208", operand.span)
        if operand is None:
            return self.expressions.report("E122", test.span)
        value = operand.value if isinstance(operand, ast.Portion) else operand
        mark = value.mark if isinstance(value, ast.Value) and value.mark in ("ge", "le") else "eq"
        return self.comparisons.compare(subject, replace(test, kind="compare", value=mark, negated=False), before)

    def _present(self, found: Sequence[Named], ref: ast.Ref, owner: Terms) -> model.Condition | None:
        """Of something that may be absent: that it is there. Of a count: that it is not zero."""
        chosen = self.expressions.scope.one(list(found), ref.span)
        if chosen is None:
            return None
        if isinstance(chosen, model.FactTerm) and not chosen.slot.optional:
            return self.expressions.report("E320", ref.span, term=self.expressions.scope.label(chosen))
        return model.IsGiven(value_of(chosen, ref.span), span=ref.span)

    def _of(self, subject: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        """« pour les clients fidèles », "on sale items"."""
        operand = test.phrase.operand if test.phrase else None
        if isinstance(operand, ast.Ref):
            return self.named(operand, subject.terms if isinstance(subject, ast.Ref) else before)
        return self.expressions.report("E318", test.span)

    def _given(self, subject: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        if subject is not None and not isinstance(subject, ast.Ref):
            return self.expressions.report("E309", subject.span)
        ref = subject if isinstance(subject, ast.Ref) else ast.Ref(before, span=test.span)
        item = self.expressions.reference(ref, anything, before if ref.their else ())
        if item is None:
            return None
        if not isinstance(item, model.FactOf | model.OutcomeOf):
            return self.expressions.report("E309", ref.span)
        return model.IsGiven(item, span=ref.span.to(test.span))

    def _text(self, subject: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        operand = test.phrase.operand if test.phrase else None
        if not isinstance(operand, ast.Quote):
            place = operand.span if operand is not None else test.span
            written = self.expressions.scope.source.cut(place)
            quoted = f"« {written} »" if self.expressions.scope.source.language == "fr" else f'"{written}"'
            return self.expressions.report("E416", place, (Fix(place, quoted),) if operand is not None else ())
        ref = subject if isinstance(subject, ast.Ref) else ast.Ref(before, span=test.span)
        item = self.expressions.reference(ref, lambda kind: isinstance(kind, t.Text), before if ref.their else ())
        return model.TextTest(test.value, item, operand.text, test.exact, span=ref.span.to(test.span)) if item else None

    def _calendar(self, subject: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        """« le lundi », « la livraison est un jour férié »: of today unless a date is named."""
        day: model.Value | None = model.Today(t.Date(), span=test.span)
        spoken = self.expressions.scope.named(before, dated) if before else []
        if isinstance(subject, ast.Ref):
            day = self.expressions.reference(subject, dated)
        elif len(spoken) == 1 and names_own(before, spoken[0]):
            day = value_of(spoken[0], test.span)
        if day is None:
            return None
        if test.phrase is not None:
            return self._month(test, day)
        return model.Calendar(test.value, day, span=test.span)

    def _month(self, test: Test, day: model.Value) -> model.Condition | None:
        """« en mars 2026 »: from its first day to its last."""
        operand = test.phrase.operand if test.phrase else None
        literal = operand.literal if isinstance(operand, ast.Value) else None
        year = literal.value if literal is not None and literal.kind == "number" else None
        if test.value not in MONTHS or not isinstance(year, Decimal) or not 1 <= year <= 9999 or year != int(year):
            return self.expressions.report("E318", test.span)
        month = MONTHS.index(test.value) + 1
        first = date(int(year), month, 1)
        last = first.replace(day=monthrange(int(year), month)[1])
        ends = [model.Literal(end, t.Date(), span=test.span) for end in (first, last)]
        return model.Between(day, ends[0], ends[1], span=test.span)

    # ---- lists of values

    def extended(self, listing: Listing, element: ast.Element, join: str) -> Listing | None:
        """The membership with one value more, if the element is nothing but a value of it."""
        if (
            not isinstance(element, ast.Clause)
            or element.predicates
            or element.subject is None
            or element.subject.detail
        ):
            return None
        operand = element.subject.operand
        value: model.Value | None = None
        kind = listing.item.type
        match operand:
            case ast.Ref() if isinstance(kind, t.Choice):
                said = {key for term in operand.terms for key in keys(term)} if len(operand.terms) == 1 else set()
                option = next((o.key for o in kind.options if o.key in said), None)
                value = model.Literal(option, kind, span=operand.span) if option else None
            case ast.Quote() if isinstance(kind, t.Choice | t.Text):
                value = self.expressions.read(operand, kind)
            case ast.Value(literal) if literal is not None and comparable(kind, kind):
                value = self.expressions.literal(operand, kind)
        if not isinstance(value, model.Literal):
            return None
        return replace(
            listing, values=(*listing.values, value), joins=(*listing.joins, join), spans=(*listing.spans, operand.span)
        )


def finished(listing: Listing, span: Span) -> model.Condition:
    """The condition of a membership."""
    if isinstance(listing.item.type, t.Text):
        tests = tuple(model.TextTest("equals", listing.item, str(v.value), span=span) for v in listing.values)
        condition: model.Condition = model.AnyOf(tests, span=span) if len(tests) > 1 else tests[0]
    else:
        condition = model.Among(listing.item, listing.values, span=span)
    return model.Not(condition, span=span) if listing.negated else condition


def _listed(condition: model.Condition, span: Span) -> Listing | None:
    """« pour la France … » may go on: « … et la Belgique »."""
    if isinstance(condition, model.Among) and len(condition.values) == 1:
        return Listing(condition.item, condition.values, "one_of", False, (), (span,))
    return None


def _negates(ref: ast.Ref) -> bool:
    return any(term.negated for term in ref.terms)


def _taken_apart(clause: ast.Clause) -> tuple[ast.Operand | None, ast.Value | None, tuple[ast.Predicate, ...]]:
    """The subject, a first bound said right after it (« de 5 à 10 kg »), and the rest."""
    subject = clause.subject
    upper = bool(clause.predicates) and clause.predicates[0].marker in ("TO", "UPPER")
    if subject is None:
        return None, None, clause.predicates
    if upper and subject.detail is None and isinstance(subject.operand, ast.Value):
        return None, subject.operand, clause.predicates
    if upper and isinstance(subject.detail, ast.Value):
        return subject.operand, subject.detail, clause.predicates
    return subject.operand, None, clause.predicates
