"""A clause in (« le client est fidèle », « commande > 500 € »), its condition out."""

from collections.abc import Sequence
from dataclasses import field, replace
from decimal import Decimal
from itertools import pairwise

from rulec.diagnostics import Fix
from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.comparisons import REVERSED, Comparisons, Terms, counted, is_number, names_own, owners_of
from rulec.semantics.equalities import Equalities, signed
from rulec.semantics.expressions import Expressions, anything, value_of
from rulec.semantics.listings import Listing, Said, listed
from rulec.semantics.meanings import Meanings, yes_no
from rulec.semantics.measures import ordered
from rulec.semantics.months import calendar_of, period_of
from rulec.semantics.predicates import RELATIVE, Test, UnfitError, said_of, said_twice, tells_day
from rulec.semantics.quantities import Quantities
from rulec.semantics.scope import Named, keys
from rulec.semantics.seeming import is_certain, seeming
from rulec.semantics.since import since, speaks_of_date, undated
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.words import WHATEVER, words
from rulec.tree import Span, walk

_EACH = ("for every ", "for each ", "for all ", "pour tout", "pour tous ")  # « pour tous les 100 € » counts
# What leads a condition without a verb.
LINKS = frozenset({"FOR", "ON", "OFF", "TO", "WHO", "IN"})


@changing
class Clauses:
    """Reads clauses within a scope."""

    expressions: Expressions
    comparisons: Comparisons = field(init=False)
    meanings: Meanings = field(init=False)
    equalities: Equalities = field(init=False)
    quantities: Quantities = field(init=False)
    has_lists: bool = field(init=False)

    def __post_init__(self) -> None:
        self.has_lists = any(scope.index.lists for scope in self.expressions.scope.around())
        self.quantities = Quantities(self)
        self.comparisons = Comparisons(self.expressions)
        self.meanings = Meanings(self.expressions)
        self.equalities = Equalities(self.expressions, self.comparisons, self.meanings)

    def read(self, clause: ast.Clause, before: Terms) -> Said | None:
        """What the clause says; None where an error was reported."""
        try:
            said = self._read(clause, before)
        except UnfitError as unfit:
            return self.expressions.report("E318", unfit.predicate.span)
        return None if said is None or is_certain(self.expressions, said, clause) else said

    def _read(self, clause: ast.Clause, before: Terms) -> Said | None:
        if clause.predicates and clause.predicates[0].marker not in ("TO", "UPPER"):
            if clause.subject is not None and clause.subject.detail is not None:
                return self.expressions.report("E326", clause.subject.detail.span)
        if self.has_lists:
            clause = self.quantities.gathered(clause, before)
            if self.quantities.about(clause, before):
                return self.quantities.read(clause, before)
        subject, first, predicates = _taken_apart(clause)
        if not predicates and first is None and subject is not None:
            bare = self._bare(subject, clause, before)
            whole = self.expressions.scope.with_article(clause.span)
            return replace(bare, condition=replace(bare.condition, span=whole)) if bare else None
        tests = said_of(predicates, first)
        if (twice := said_twice(tests)) is not None:
            return self.expressions.report("E326", twice.span)
        if subject is None and first is None and predicates and predicates[0].marker in LINKS:
            return self.circumstance(predicates, clause.span, before)
        if isinstance(subject, ast.Value) and len(tests) == 2 and {each.kind for each in tests} == {"compare"}:
            return self._surrounded(subject, tests, before)
        if isinstance(subject, ast.Ref) and _says_whose(predicates) and self._is_no_list(subject):
            return self._whose(subject, predicates, clause.span)
        if (state := undated(subject, tests, self.meanings)) is not None:
            return self.expressions.report("E459", state.span)
        if isinstance(subject, ast.Ref) and self._qualifies(_apart(subject)[0], tests):
            return self._qualified(subject, clause, tests)
        owner = self._owner(subject, before)
        subject, tests = self._owned(subject, tests, owner)
        if (reach := _after_denied(tests)) is not None:
            return self._how_far(clause, *reach)
        found = self._each(subject, tests, before)
        conditions = [said.condition for said in found if said is not None]
        if len(conditions) != len(found) or not conditions:
            return None
        if len(conditions) == 1:
            single = next(said for said in found if said is not None)
            whole = self.expressions.scope.with_article(clause.span)
            return replace(single, condition=replace(single.condition, span=whole), subject=owner)
        return Said(model.All(tuple(conditions), span=clause.span), owner)

    def _is_no_list(self, subject: ast.Ref) -> bool:
        """Whether it names what there is one of: « les conducteurs retraités dont … », beside lists of other things."""
        entities = self.expressions.scope.index.entities
        return not self.has_lists or any(keys(term) & entities for term in subject.terms)

    def _owned(
        self, subject: ast.Operand | None, tests: list[Test], owner: Terms
    ) -> tuple[ast.Operand | None, list[Test]]:
        """« la commande a un poids de plus de 5 kg »: what it has is what is compared."""
        head = tests[0] if tests and tests[0].kind == "has" and not tests[0].negated else None
        ref = head.phrase.operand if head and head.phrase else None
        if not isinstance(ref, ast.Ref) or head is None or head.phrase is None:
            return subject, tests
        detail = head.phrase.detail
        compared = isinstance(detail, ast.Value) or (len(tests) > 1 and tests[1].kind in ("compare", "range"))
        terms = (*ref.terms, *owner)
        if not compared or not self.expressions.scope.named(terms, ordered):
            return subject, tests
        if detail is not None:
            equal = Test("is", phrase=ast.Phrase(detail, span=detail.span), span=head.span)
            return ast.Ref(terms, span=ref.span), [equal, *tests[1:]]
        return ast.Ref(terms, span=ref.span), tests[1:]

    def _each(self, subject: ast.Operand | None, tests: list[Test], before: Terms) -> list[Said | None]:
        """What each test says; « dépasse 500 € le lundi » says of today, since no date is spoken of, that it is one.

        So does « dépasse 500 € avant le 1er mars 2026 ».
        """
        found: list[Said | None] = []
        for test in tests:
            today = tells_day(test) and bool(found) and not any(said and _of_date(said) for said in found)
            if today and test.value.startswith(RELATIVE):
                return [self.expressions.report("E326", test.span)]
            found.append(self._test(None if today else subject, test, () if today else before))
        return found

    def _how_far(self, clause: ast.Clause, denied: ast.Phrase, tail: Span) -> None:
        """« n'est pas un client fidèle en France »: is that he is in France denied too?"""
        source, scope = self.expressions.scope.source, self.expressions.scope
        both, no, is_ = (" et ", "non", "est") if source.language == "fr" else (" and ", "not", "is")
        place = scope.with_article(clause.span)
        end, before = source.cut(tail), source.cut(Span(source.number, place.start, tail.start)).rstrip()
        readings = [f"{end}{both}{before}"]
        if clause.subject is not None:
            of, what = (source.cut(scope.with_article(span)) for span in (clause.subject.span, denied.span))
            readings.append(f"{no} ({of} {is_} {what} {end})")
        self.expressions.refuse("E413", place, readings, keep=place)

    def _qualifies(self, subject: ast.Ref, tests: list[Test]) -> bool:
        """Whether the subject is a condition of its own: « un client fidèle a plus de 3 commandes »."""
        told = {test.kind for test in tests} <= {"has", "compare", "range", "is", "text", "of"}
        valued = any(test.phrase and isinstance(test.phrase.operand, ast.WordValue) for test in tests)
        valued |= bool(self.expressions.scope.named(subject.terms, ordered))  # « le stock », beside « en stock »
        scope = self.expressions.scope
        if scope.vocabulary.inferred:
            refs = (each.phrase and isinstance(each.phrase.operand, ast.Ref) for each in tests)
            owning = {each.kind for each in tests} == {"has"} and all(refs)
            return owning and any(names_own(subject.terms, each) for each in scope.named(subject.terms, yes_no))
        return told and not valued and self.meanings.means(subject)

    def _qualified(self, subject: ast.Ref, clause: ast.Clause, tests: list[Test]) -> Said | None:
        """Both: what the subject says, and what is said of it."""
        state, dates = _apart(subject)
        first = self.meanings.named(state)
        entities = self.expressions.scope.index.entities
        others = (*(term for term in state.terms if keys(term) & entities), *dates)
        owner = ast.Ref(others, span=subject.span) if others else None
        found = [self._test(owner, test, ()) for test in tests]
        conditions = [said.condition for said in found if said is not None]
        if first is None or len(conditions) != len(found):
            return None
        whole = self.expressions.scope.with_article(clause.span)
        return Said(model.All((first, *conditions), span=whole), others, state=first)

    def _whose(self, subject: ast.Ref, predicates: Sequence[ast.Predicate], span: Span) -> Said | None:
        """« les clients (fidèles) dont le nombre de commandes dépasse 3 »."""
        entities = self.expressions.scope.index.entities
        only_named = self.expressions.scope.vocabulary.inferred and not self.meanings.means(subject)
        state = None if only_named or self.expressions.scope.owners(subject.terms) else self.meanings.named(subject)
        others = tuple(term for term in subject.terms if only_named or keys(term) & entities)
        said = self.circumstance(predicates, span, others)
        if said is None or (state is None and others != subject.terms):
            return None
        return replace(said, condition=model.All((state, said.condition), span=span)) if state is not None else said

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
            each = fold(self.expressions.scope.source.cut(head.span)).startswith(_EACH)
            if not isinstance(ref, ast.Ref) and (head.marker != "FOR" or each):
                return self.expressions.report("E318", head.span)
            if not isinstance(ref, ast.Ref):
                left.insert(0, ast.Predicate("HAS", "", head.phrase, span=head.span))
                break
            if head.phrase is not None and head.phrase.detail is not None:
                subject = head.phrase
                break
            if self.meanings.means(ref, before) or not (left or head.marker == "WHO"):
                condition = self.meanings.named(ref, before)
                if condition is None:
                    return None
                if left and since(left[0].value, left[0].phrase) and not speaks_of_date(ref):
                    return self.expressions.report("E459", ref.span)
                found.append(Said(condition, ref.terms, listed(condition, ref.span), group=True))
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
                condition = self.meanings.named(subject, before)
                return Said(condition, subject.terms, negation=_negates(subject)) if condition else None
            case ast.Portion(ast.Value(_, mark)) | ast.Value(_, mark) if mark in ("ge", "le"):
                test = Test("compare", mark, ast.Phrase(subject, span=subject.span), span=clause.span)
                return self._test(None, test, before)
            case ast.Quantified("some", ast.Ref() as ref) if (some := self._some(None, ref, before)) is not None:
                return Said(some, before)
            case ast.Quantified("no", ref):
                test = Test("has", "", ast.Phrase(ref, span=ref.span), negated=True, span=clause.span)
                return self._test(None, test, before)
            case ast.Quantified():
                self.expressions.report("E210", subject.span)
            case _:
                self.expressions.report("E309", subject.span)
        return None

    # ---- with a verb

    def _test(self, subject: ast.Operand | None, test: Test, before: Terms) -> Said | None:
        said = self._tested(subject, test, before)
        return seeming(self.expressions, said, test) if said is not None and test.seems else said

    def _tested(self, subject: ast.Operand | None, test: Test, before: Terms) -> Said | None:
        spare = test.phrase if test.kind == "given" else test.phrase and test.phrase.detail
        if spare is not None:
            return self.expressions.report("E326", spare.span)
        if isinstance(subject, ast.Pronoun):
            subject = None
        if isinstance(subject, ast.Quantified):
            return self.expressions.report("E210", subject.span)
        if self.has_lists and self.quantities.tests(subject, test, before):
            if test.kind not in ("text", "one_of", "empty") and not self._speaks_of(subject):
                return None
            said = self.quantities.test(subject, test, before)
            return Said(signed(said, test), negation=test.negated) if said else None
        match test.kind:
            case "always":
                if test.phrase is not None and not self._of_no_matter(test.phrase, test.span):
                    return self.all_or_some(test.phrase, test.span)
                return Said(model.Always(span=test.span))
            case "is" | "neither" | "exactly" | "one_of":
                return self.equalities.read(subject, test, before)
            case "has":
                condition = self._has(subject, test, before)
            case "of":
                condition = self._of(subject, test, before)
            case "compare" if (
                test.value in ("eq", "ne")
                and test.phrase
                and isinstance(test.phrase.operand, ast.Ref | ast.Quote | ast.WordValue)
            ):
                return self.equalities.read(
                    subject, replace(test, kind="is", negated=test.negated ^ (test.value == "ne")), before
                )
            case "compare" if (during := self._during(test, self._owner(subject, before))) is not None:
                condition = during
            case "compare":
                condition = self.comparisons.compare(subject, test, before)
            case "range":
                condition = self.comparisons.range(subject, test, before)
            case "given":
                condition = self._given(subject, test, before)
            case "text":
                condition = self._text(subject, test, before)
                if isinstance(condition, model.TextTest) and not test.negated and test.phrase:
                    value = model.Literal(condition.pattern, t.Text(), span=test.phrase.span)
                    spans = (test.phrase.span,)
                    listing = Listing(condition.item, (value,), test.value, spans=spans, exact=test.exact)
                    return Said(condition, (), listing)
            case "empty":
                return self.expressions.report("E372", subject.span if subject is not None else test.span)
            case _:  # calendar
                condition = self._calendar(subject, test, before)
        return Said(signed(condition, test), negation=test.negated) if condition else None

    def _during(self, test: Test, owner: Terms) -> model.Condition | None:
        """« pendant les soldes », « dans les pays proches »: a state, or one of several values."""
        ref = test.phrase.operand if test.phrase and test.value == "within" else None
        if not isinstance(ref, ast.Ref) or not self.meanings.means(ref, owner):
            return None
        return self.meanings.named(ref, owner)

    def _of_no_matter(self, phrase: ast.Phrase, span: Span) -> bool:
        """« quel que soit le montant » names what does not matter, and no condition."""
        if fold(self.expressions.scope.source.cut(span)).split()[0] not in WHATEVER:
            return False
        ref = phrase.operand
        return isinstance(ref, ast.Ref) and phrase.detail is None and not self.meanings.means(ref)

    def all_or_some(self, phrase: ast.Phrase, span: Span, effect: Span | None = None) -> None:
        """« dans tous les cas fidèles »: in all cases, or in some? `effect`: up to what is then given, where it is."""
        source = self.expressions.scope.source
        known = words(source.language)
        always = source.cut(Span(source.number, span.start, phrase.span.start)).strip()
        if fold(always).split()[0] in WHATEVER:
            always = known.say("structure", "ALWAYS_TRUE")
            always = always.capitalize() if source.text[span.start].isupper() else always
        when, then = known.say("structure", "IF"), known.say("structure", "THEN")
        when = when.capitalize() if always[:1].isupper() else when
        readings = [always, f"{when} {source.cut(phrase.span)}"]
        if effect is not None:
            verb = source.cut(Span(source.number, span.end, effect.end)).strip()
            readings = [f"{always} {verb}", f"{readings[1]} {then}"]
        self.expressions.refuse("E458", span, readings, keep=effect or span)

    def _has(self, subject: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        """« a un code promo », « sans code promo », « a 3 commandes », « a 18 ans »."""
        operand = test.phrase.operand if test.phrase else None
        owner = subject.terms if isinstance(subject, ast.Ref) else before
        scope = self.expressions.scope
        if isinstance(operand, ast.Quantified) and operand.quantifier in ("no", "some"):
            test = replace(test, negated=test.negated ^ (operand.quantifier == "no"))
            condition = self._has(subject, replace(test, negated=False, phrase=ast.Phrase(operand.ref)), before)
            return model.Not(condition, span=test.span) if condition and operand.quantifier == "no" else condition
        if isinstance(operand, ast.Ref) and (some := self._some(subject, operand, owner)) is not None:
            return some
        if isinstance(operand, ast.Ref):
            for terms in ((*owner, *operand.terms), operand.terms):
                if owner and terms is operand.terms and not self._speaks_of(subject):
                    return None
                if found := self.meanings.all(terms, test.span):
                    return (
                        found[0][1]
                        if len(found) == 1
                        else self.expressions.refuse("E204", operand.span, [x for x, _ in found])
                    )
                if facts := scope.named(terms, anything):
                    if test.value == "owns" and terms is operand.terms and isinstance(subject, ast.Ref):
                        owners = owners_of(facts)
                        if owners and not scope.vocabulary.inferred:
                            fixes = tuple(Fix(subject.span, name) for name in owners)
                            return self.expressions.report("E208", subject.span.to(operand.span), fixes)
                    return self._present(facts, operand, owner)
            return self.expressions.report("E208", operand.span)
        if operand is None:
            return self.expressions.report("E122", test.span)
        value = operand.value if isinstance(operand, ast.Portion) else operand
        mark = value.mark if isinstance(value, ast.Value) and value.mark in ("ge", "le") else "eq"
        return self.comparisons.compare(subject, replace(test, kind="compare", value=mark, negated=False), before)

    def _some(self, subject: ast.Operand | None, ref: ast.Ref, owner: Terms) -> model.Condition | None:
        """« a des commandes », « a au moins une commande », of a « nombre de commandes »: at least one."""
        scope, terms = self.expressions.scope, counted(ref.terms)
        if terms == ref.terms or self.meanings.all((*owner, *ref.terms), ref.span):
            return None
        counts = [each for each in scope.named((*owner, *terms), is_number) if names_own((*owner, *terms), each)]
        if len(counts) != 1 or scope.named((*owner, *ref.terms), anything):
            return None
        least = model.Literal(Decimal(1), counts[0].slot.type, span=ref.span)
        place = subject.span.to(ref.span) if subject is not None else ref.span
        return model.Compare("ge", value_of(counts[0], ref.span), least, span=place)

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
        if not self._speaks_of(subject):
            return None
        if isinstance(operand, ast.Ref):
            return self.meanings.named(operand, subject.terms if isinstance(subject, ast.Ref) else before)
        return self.expressions.report("E318", test.span)

    def _speaks_of(self, subject: ast.Operand | None) -> bool:
        """Whether the subject is only whom or what is spoken of; no word of another is dropped."""
        scope = self.expressions.scope
        if not isinstance(subject, ast.Ref) or scope.vocabulary.inferred or scope.owners(subject.terms):
            return True
        self.expressions.report("E208", subject.span)
        return False

    def _given(self, subject: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        if subject is not None and not isinstance(subject, ast.Ref):
            return self.expressions.report("E309", subject.span)
        ref = subject if isinstance(subject, ast.Ref) else ast.Ref(before, span=test.span)
        item = self.expressions.reference(ref, anything, before if ref.their else ())
        if item is None:
            return None
        return model.IsGiven(item, span=ref.span.to(test.span))

    def _text(self, subject: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        operand = test.phrase.operand if test.phrase else None
        if test.value == "contains" and isinstance(operand, ast.Portion | ast.Quantified):  # « contient 3 articles »
            return self._has(subject, replace(test, kind="has", value="owns", negated=False), before)
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
        day = self.comparisons.day(subject, before, test.span)
        if day is None:
            return None
        if test.phrase is not None:
            return period_of(test, day, self.expressions)
        return calendar_of(test.value, day, test.span)


def _after_denied(tests: Sequence[Test]) -> tuple[ast.Phrase, Span] | None:
    """« (n'est pas) un client fidèle », « en France »: what is denied, and the place of what is said after it."""
    for one, other in pairwise(tests):
        told = other.kind == "of" or (other.kind == "has" and other.value != "owns")
        if told and one.negated and one.kind in ("is", "of") and one.phrase and isinstance(one.phrase.operand, ast.Ref):
            return one.phrase, other.span
    return None


def _of_date(said: Said) -> bool:
    """Whether something said speaks of a day."""
    return any(isinstance(getattr(each, "type", None), t.Date | t.DateTime) for each in walk(said.condition))


def _says_whose(predicates: Sequence[ast.Predicate]) -> bool:
    """« dont le nombre de commandes dépasse 3 »."""
    head = predicates[0] if len(predicates) > 1 else None
    return head is not None and head.marker == "WHO" and head.phrase is not None and head.phrase.detail is None


def _apart(ref: ast.Ref) -> tuple[ast.Ref, Terms]:
    """« un client fidèle inscrit »: the condition, and the date that is said beside it."""
    dates = tuple(term for term in ref.terms if term.key.startswith("@") and "+" not in term.key)
    rest = tuple(term for term in ref.terms if term not in dates)
    return (replace(ref, terms=rest), dates) if dates and rest else (ref, ())


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
