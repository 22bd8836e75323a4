"""A subject and what it is compared with in, a typed comparison out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from rulec.diagnostics import Fix
from rulec.runtime import types as t
from rulec.runtime.literals import Literal
from rulec.runtime.plain import changing
from rulec.semantics import dates, model
from rulec.semantics.dates import dated
from rulec.semantics.expressions import Expressions, anything, value_of, wants_like
from rulec.semantics.measures import comparable, ordered, type_of
from rulec.semantics.predicates import Test
from rulec.semantics.scope import Named, Wants, keys
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.words import words
from rulec.tree import Span, walk

Terms = tuple[ast.Term, ...]
_STATED = {"week": 7, "year": 12, "quarter": 3, "hour": 3600, "minute": 60}
_COUNTED_AFTER = {"fr": ("au moins", "plus de"), "en": ("at least", "more than")}
_REACHED = ("revolus", "accomplis")  # « a 18 ans révolus »: 18 or more
REVERSED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}


def is_number(kind: t.Type) -> bool:
    """Plain numbers."""
    return isinstance(kind, t.Number)


def at_a_time(kind: t.Type) -> bool:
    """Times of day, and moments."""
    return isinstance(kind, t.Time | t.DateTime)


def not_flag(kind: t.Type) -> bool:
    """What is compared with another fact; of two yes/no facts, « A est B » compares nothing."""
    return not isinstance(kind, t.YesNo)


def has_unit(kind: t.Type) -> bool:
    """What a bare number cannot be compared with."""
    return isinstance(kind, t.Amount | t.Percentage | t.Quantity | t.Duration | t.Rate)


def like(value: ast.Value, other: ast.Operand | None) -> ast.Value:
    """A bare number with the unit said later: « entre 100 et 500 € », « du 1er au 31 mars 2026 »."""
    model_of = other.literal if isinstance(other, ast.Value) else None
    literal = value.literal
    if model_of is None or literal.kind != "number" or model_of.kind in ("number", "time", "datetime"):
        return value
    number = Decimal(str(literal.value))
    held: object = number
    if model_of.kind == "date":
        try:
            held = model_of.value.replace(day=int(number))  # type: ignore[attr-defined]  # a date, by its kind
        except ValueError:
            return value
    elif model_of.kind in ("percentage", "points"):
        held = number / 100
    elif model_of.kind == "duration":
        held = number * _STATED.get(model_of.stated, 1)
    return replace(value, literal=replace(model_of, value=held, start=literal.start, end=literal.end))


def unmarked(value: ast.Value, operator: str) -> ast.Value:
    """The value without a mark that says what the comparison says: « à partir de 500 € et plus »."""
    return replace(value, mark="") if value.mark in (operator, "ago") else value


def _in_years(side: ast.Operand, kind: t.Type) -> ast.Operand:
    """« 18 ans » as a number of years, where a number is compared."""
    literal = side.literal if isinstance(side, ast.Value) else None
    if not isinstance(side, ast.Value) or literal is None or not is_number(kind) or literal.stated != "year":
        return side
    years = Decimal(str(literal.value)) / 12
    return replace(side, literal=replace(literal, kind="number", unit="", value=years, stated=""))


def _with_end(operator: str, value: ast.Value) -> tuple[str, ast.Value]:
    """« jusqu'à 500 € inclus », « jusqu'à 500 € exclus »: the comparison that the mark makes of it."""
    if value.mark == "INCLUSIVE" and operator in ("le", "ge"):
        return operator, replace(value, mark="")
    if value.mark == "EXCLUSIVE" and operator in ("le", "ge"):
        return {"le": "lt", "ge": "gt"}[operator], replace(value, mark="")
    return operator, value


def _bound(side: ast.Operand) -> ast.Operand:
    """A bound without its « inclus » or « exclus », which the range has read."""
    return replace(side, mark="") if isinstance(side, ast.Value) and side.mark in ("INCLUSIVE", "EXCLUSIVE") else side


@changing
class Comparisons:
    """Reads comparisons within a scope."""

    expressions: Expressions

    # ---- the two sides

    def compare(self, subject: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        """`subject` compared as the test says. `before`: the subject of the clause before, if there was one."""
        right = test.phrase.operand if test.phrase else None
        if right is None:
            return self.expressions.report("E122", test.span)
        if test.value == "within":
            test = replace(test, value="le" if self._is_duration(subject) else "ahead_le")
        if isinstance(right, ast.Portion) and test.value.startswith("ago_"):  # "for more than 3 items"
            test = replace(test, value=test.value.removeprefix("ago_"))
        if isinstance(right, ast.Shifted) and test.value.startswith("off_"):
            return self._counted_from(subject, test, right, before)
        if test.value.startswith(("ago_", "ahead_")) or (isinstance(right, ast.Value) and right.mark == "ago"):
            return self._relative(subject, test, right, before)
        if isinstance(right, ast.Portion) and test.value == "gt" and self._comes_after(test, right):
            return None
        if isinstance(right, ast.Portion):
            return self._portion(subject, test, right, before)
        if isinstance(right, ast.Value):
            return self._with_literal(subject, *_with_end(test.value, right), before)
        return self._sides(subject, test.value, right, before, test.span)

    def _comes_after(self, test: Test, right: ast.Portion) -> bool:
        """« après 3 relances »: with the third already, or with the fourth?"""
        source = self.expressions.scope.source
        said = source.text[test.span.start : right.span.start].strip()
        if right.value.literal.kind != "number" or fold(said) not in ("apres", "after"):
            return False
        readings = [each.capitalize() if said[:1].isupper() else each for each in _COUNTED_AFTER[source.language]]
        place = Span(source.number, test.span.start, test.span.start + len(said))
        self.expressions.refuse("E452", test.span, readings, keep=place)
        return True

    def _is_duration(self, subject: ast.Operand | None) -> bool:
        """« le délai est sous 30 jours »: no date, but how long something takes."""
        if not isinstance(subject, ast.Ref) or self.expressions.scope.named(subject.terms, dated):
            return False
        return bool(self.expressions.scope.named(subject.terms, lambda kind: isinstance(kind, t.Duration)))

    def range(self, subject: ast.Operand | None, test: Test, before: Terms) -> model.Condition | None:
        """`subject` between two bounds."""
        low = test.phrase.operand if test.phrase else None
        high = test.other.operand if test.other else None
        if low is None or high is None:
            return self.expressions.report("E122", test.span)
        counted: ast.Ref | None = None
        if isinstance(high, ast.Portion) and isinstance(high.of, ast.Ref):
            counted, high = high.of, high.value
        low = like(low, high) if isinstance(low, ast.Value) else low
        sample = next((side for side in (high, low) if isinstance(side, ast.Value)), None)
        if counted is not None and sample is not None:
            item = self._counted(subject, counted, sample, before)
        elif sample is not None:
            item = self.item(subject, sample, before)
        else:
            item = self.expressions.reference(_ref(subject, before), ordered)
        if item is None:
            return None
        bottom, top = (
            self.expressions.read(_in_years(_bound(side), item.type), _part_of(item.type, side)) for side in (low, high)
        )
        if bottom is None or top is None:
            return None
        return self._between(item, bottom, top, test)

    def _between(self, item: model.Value, low: model.Value, high: model.Value, test: Test) -> model.Condition | None:
        timed = _is_time(low) and _is_time(high)
        marked = isinstance(test.other and test.other.operand, ast.Value) and "CLUSIVE" in str(
            getattr(test.other and test.other.operand, "mark", "")
        )
        included = test.high_included and (not timed or marked)
        if isinstance(low, model.Literal) and isinstance(high, model.Literal) and not timed:
            if low.value > high.value:  # type: ignore[operator]  # both of the item's ordered type
                return self.expressions.report("E314", test.span)
        return model.Between(item, low, high, test.low_included, included, span=test.span)

    def item(self, subject: ast.Operand | None, value: ast.Value, before: Terms) -> model.Value | None:
        """The subject, as something that the literal can be compared with."""
        literal = value.literal
        if subject is not None and not isinstance(subject, ast.Ref | ast.Pronoun):
            asked = isinstance(subject, ast.Picked | ast.Aggregated)
            return self.expressions.read(subject, type_of(literal) if asked else None)
        if literal.kind == "number":
            return self._of_number(subject, value, before)
        if literal.kind == "duration" and literal.stated == "year":
            if (terms := self._whose_age(subject, before)) is not None and (ages := self._ages(terms)):
                return self._one_age(ages, subject, value)
            if years := self._years(subject, before):
                return years
            if age := self._age(subject, before):
                return age
        if subject is None and literal.kind == "date":
            return self.day(None, before, value.span)
        return self._of(subject, self._fitting(subject, literal, before), before, value.span)

    def _fitting(self, subject: ast.Operand | None, literal: Literal, before: Terms) -> Wants:
        """What the literal compares with; where nothing does, what differs by its unit alone: the error says so."""
        wants, family = wants_like(literal), type(type_of(literal))
        terms = subject.terms if isinstance(subject, ast.Ref) else before
        if literal.kind == "time" and self.expressions.scope.named(terms, at_a_time):
            return at_a_time  # « le rendez-vous est après 18 h » speaks of its time, and not of how long it takes
        if not terms or self.expressions.scope.named(terms, wants):
            return wants
        return lambda kind: isinstance(kind, family)

    def _of(self, subject: ast.Operand | None, wants: Wants, before: Terms, span: Span) -> model.Value | None:
        if isinstance(subject, ast.Ref):
            told, named = dates.told(subject.terms) if wants(t.Date()) else (), self.expressions.scope.named
            if told and (named(told, wants) or not named(subject.terms, wants)):
                subject = replace(subject, terms=told)
            return self.expressions.reference(subject, wants, before if subject.their else ())
        if before:
            return self.expressions.reference(ast.Ref(before, span=span), wants)
        found = [each for each in self.expressions.scope.facts((), wants) if not isinstance(each.slot.type, t.Duration)]
        if not found:  # « au-delà de 30 jours »: a length of time says nothing of what it is the length of
            return self.expressions.report("E315", span)
        chosen = self.expressions.scope.one(found, span, before=True)
        return value_of(chosen, span) if chosen else None

    def _of_number(
        self, subject: ast.Ref | ast.Pronoun | None, value: ast.Value, before: Terms
    ) -> model.Value | None:  # fmt: skip
        """What a bare number is compared with: a number said by its own name, never any number of an entity.

        Where the name is that of something with a unit, it is returned, and the unit is then asked for.
        """
        terms = subject.terms if isinstance(subject, ast.Ref) else before
        scope = self.expressions.scope
        place = subject.span if subject is not None else value.span
        if self._says_age(value) and (of := self._whose_age(subject, before)) is not None and (ages := self._ages(of)):
            return self._one_age(ages, subject, value)
        if not terms:
            return self.expressions.report("E315", value.span)
        numbers = scope.named(terms, is_number)
        own = [each for each in numbers if names_own(terms, each) or (isinstance(each, model.FactTerm) and each.main)]
        if not own and all(key.startswith("#") for term in terms for key in term.key.split("+")):
            own = scope.named(counted(terms), is_number)
        if own:
            chosen = scope.one(own, place)
            return value_of(chosen, place) if chosen else None
        if (age := self._age(subject, before)) and self._is_birth(age):
            of = self._whose_age(subject, before)
            return self._one_age(self._ages(of), subject, value) if of is not None else age
        united = [each for each in scope.named(terms, has_unit) if names_own(terms, each) or not numbers]
        if len(united) == 1:
            return value_of(united[0], value.span)
        offers = [scope.label(each) for each in (*scope.named(terms, has_unit), *numbers)]
        if not offers:
            return self._of(subject, is_number, before, value.span)
        self.expressions.report(
            "E322", place, tuple(Fix(place, label) for label in offers if subject is not None),
            one=offers[0], other=offers[-1],
        )
        return None

    def _with_literal(
        self, subject: ast.Operand | None, operator: str, right: ast.Value, before: Terms
    ) -> model.Condition | None:
        item = self.item(subject, right, before)
        if item is None:
            return None
        years = right.literal.kind == "duration" and right.literal.stated == "year" and is_number(item.type)
        if years and subject is not None and not any(isinstance(each, ast.Ref | ast.Pronoun) for each in walk(subject)):
            return self.expressions.report("E310", subject.span.to(right.span))  # « (5 + 3) a moins de 26 ans »
        age = isinstance(item, model.Elapsed) and item.unit == "year" and isinstance(item.end, model.Today)
        if age or years or (is_number(item.type) and self._aged_over(subject, right, before)):
            return self._aged(item, operator, right)
        if isinstance(item, model.Elapsed) and isinstance(item.type, t.Number):
            right = dates.as_count(right, item.unit)
        value = self.expressions.literal(unmarked(right, operator), _part_of(item.type, right))
        return model.Compare(operator, item, value, span=self._place(subject, right)) if value else None

    def _place(self, subject: ast.Operand | None, right: ast.Operand) -> Span:
        return subject.span.to(right.span) if subject is not None else right.span

    # ---- ages and dates relative to today

    def _years(self, subject: ast.Operand | None, before: Terms) -> model.Value | None:
        """A number of years: « âge », of type number."""
        terms = subject.terms if isinstance(subject, ast.Ref) else before
        scope = self.expressions.scope
        found = (
            [each for each in scope.named(terms, is_number) if self._hinted("age", scope.label(each))] if terms else []
        )
        return value_of(found[0], subject.span if subject else Span()) if len(found) == 1 else None

    def _age(self, subject: ast.Operand | None, before: Terms) -> model.Elapsed | None:
        """The whole years since a date of birth."""
        terms = subject.terms if isinstance(subject, ast.Ref) else before
        scope = self.expressions.scope
        if scope.named(terms, lambda kind: isinstance(kind, t.Duration) and kind.unit == "month") and terms:
            return None
        found: Sequence[Named] = scope.named(terms, dated)
        born = [each for each in found if self._born(scope.label(each))]
        if len(born or found) != 1:
            return None
        item = value_of((born or found)[0], subject.span if subject else Span())
        return model.Elapsed("year", item, model.Today(t.Date()), t.Number(whole=True), span=item.span)

    def _hinted(self, hint: str, label: str) -> bool:
        """Whether a word of a name tells what it is."""
        hints = words(self.expressions.scope.source.language).tables["hints"][hint]
        return bool({fold(word) for word in hints} & set(fold(label).split()))

    def _says_age(self, value: ast.Value) -> bool:
        """ "under 18", "over 18" alone: an age in years."""
        source = self.expressions.scope.source
        before = source.text[max(0, value.span.start - 20) : value.span.start]
        return source.language == "en" and before.lower().split()[-1:] in (["under"], ["over"])

    def _aged_over(self, subject: ast.Operand | None, right: ast.Value, before: Terms) -> bool:
        """ "customers over 60": said of whom it is the age."""
        if not isinstance(subject, ast.Ref | ast.Pronoun | None):
            return False
        return self._says_age(right) and self._whose_age(subject, before) is not None

    def _whose_age(self, subject: ast.Ref | ast.Pronoun | None, before: Terms) -> Terms | None:
        """Whom « moins de 26 ans » is said of: an entity, or () where nobody is named; None of anything else."""
        terms = subject.terms if isinstance(subject, ast.Ref) else before
        return terms if self.expressions.scope.owners(terms) else None

    def _ages(self, terms: Terms) -> list[Named]:
        """The numbers called « âge », and the dates of birth."""
        scope = self.expressions.scope
        found = [*scope.named(terms, is_number), *scope.named(terms, dated)]
        first = fold(words(scope.source.language).tables["hints"]["age"][0])
        return [each for each in found if first in fold(scope.label(each)).split() or self._born(scope.label(each))]

    def _one_age(
        self, ages: Sequence[Named], subject: ast.Ref | ast.Pronoun | None, value: ast.Value
    ) -> model.Value | None:  # fmt: skip
        """The age in years, of the only one that tells it; two are offered in place of whom it is said of."""
        span = subject.span if subject is not None else value.span
        if len(ages) > 1 and subject is None:  # « les moins de 26 ans »
            labels = [self.expressions.scope.label(each) for each in ages]
            return self.expressions.report("E204", span, readings=" | ".join(labels), one=labels[0], other=labels[-1])
        chosen = self.expressions.scope.one(ages, span)
        if chosen is None or is_number(chosen.slot.type):
            return value_of(chosen, span) if chosen else None
        item = value_of(chosen, span)
        return model.Elapsed("year", item, model.Today(t.Date()), t.Number(whole=True), span=span)

    def _born(self, label: str) -> bool:
        return self._hinted("birth", label)

    def _is_birth(self, age: model.Elapsed) -> bool:
        scope = self.expressions.scope
        return isinstance(age.start, model.FactOf) and self._born(scope.label(scope.fact(age.start.path)))

    def _aged(self, item: model.Value, operator: str, right: ast.Value) -> model.Condition | None:
        """« plus de 18 ans » has two readings; the other comparisons of an age have one."""
        literal = right.literal
        assert literal is not None
        years = Decimal(str(literal.value)) / (12 if literal.kind == "duration" else 1)
        if operator == "eq" and fold(self.expressions.scope.source.cut(right.span)).endswith(_REACHED):
            operator = "ge"
        if operator == "gt":
            fr = self.expressions.scope.source.language == "fr"
            readings = [f"au moins {years + n} ans" if fr else f"at least {years + n} years" for n in (0, 1)]
            before = self.expressions.scope.source.text[: right.span.start].rstrip()
            if before.endswith(">"):
                sign = Span(right.span.source, len(before) - 1, right.span.end)
                readings = [f"≥ {years + n} {'ans' if fr else 'years'}" for n in (0, 1)]
                return self.expressions.refuse("E430", right.span, readings, keep=sign)
            return self.expressions.refuse("E430", right.span, readings, keep=self._words_before(right))
        return model.Compare(
            operator, item, model.Literal(years, t.Number(whole=True), span=right.span), span=right.span
        )

    def _words_before(self, right: ast.Value) -> Span:
        """The place of « plus de 18 ans »: the comparison with its value."""
        text = self.expressions.scope.source.text
        start = right.span.start
        for article in ("les ", "the "):  # « dépasse les 18 ans »
            start -= len(article) if text[:start].lower().endswith(f" {article}") else 0
        for word in words(self.expressions.scope.source.language).tables["compare"]["gt"]:
            head = fold(text[max(0, start - len(word) - 1) : start]).rstrip()
            if head == fold(word):
                return Span(right.span.source, start - len(word) - 1, right.span.end)
        return right.span

    def _relative(
        self, subject: ast.Operand | None, test: Test, right: ast.Operand, before: Terms
    ) -> model.Condition | None:
        """« il y a plus de 2 ans », « dans moins de 5 jours »."""
        literal = right.literal if isinstance(right, ast.Value) else None
        if literal is None or literal.kind != "duration" or literal.unit not in dates.UNITS:
            return self.expressions.report("E317", right.span)
        item = self._of(subject, dated, before, test.span)
        if item is None:
            return None
        ahead = test.value.startswith("ahead_")
        operator = test.value.rpartition("_")[2]
        today = model.Today(t.Date(), span=right.span)
        amount = model.Literal(Decimal(str(literal.value)), t.Duration(literal.unit), span=right.span)
        bound = dates.moved(today, amount, right.span, later=ahead)
        return _from_day(operator, item, today, bound, later=ahead, span=test.span)

    def _counted_from(
        self, subject: ast.Operand | None, test: Test, right: ast.Shifted, before: Terms
    ) -> model.Condition | None:
        """« moins de 5 jours après la livraison », « dans les 14 jours suivant la livraison »."""
        bound = dates.shifted(self.expressions, right)
        item = self.day(subject, before, test.span) if bound else None
        if bound is None or item is None:
            return None
        operator = test.value.rpartition("_")[2]
        return _from_day(operator, item, bound.date, bound, later=right.later, span=test.span)

    def day(self, subject: ast.Operand | None, before: Terms, span: Span) -> model.Value | None:
        """The date spoken of; where none is named, that of the decision."""
        if subject is not None and not isinstance(subject, ast.Pronoun):
            return dates.day_of(self.expressions, subject, before)
        before = dates.told(before) or before
        spoken = self.expressions.scope.named(before, dated) if before else []
        if len(spoken) == 1 and names_own(before, spoken[0]):
            return value_of(spoken[0], span)
        return model.Today(t.Date(), span=span)

    # ---- other operands

    def _portion(
        self, subject: ast.Operand | None, test: Test, right: ast.Portion, before: Terms
    ) -> model.Condition | None:
        """« plus de 3 articles », « plus de 10 % de remise », « plus de 10 % de la commande »."""
        operator, bound = _with_end(test.value, right.value)
        test, right, literal = replace(test, value=operator), replace(right, value=bound), bound.literal
        if subject is not None and not isinstance(subject, ast.Ref | ast.Pronoun):
            return self._sides(subject, test.value, right, before, test.span)
        if isinstance(right.of, ast.Ref) and literal.stated == "year" and self._in_number(subject, right.of, before):
            years = _in_years(right.value, t.Number())
            right = replace(right, value=years) if isinstance(years, ast.Value) else right
        if isinstance(right.of, ast.Ref) and (literal.kind != "percentage" or self._is_rate(right.of)):
            item = self._counted(subject, right.of, right.value, before)
            if item is None:
                return None
            value = self.expressions.literal(unmarked(right.value, test.value), item.type)
            place = self._place(subject, right)
            return model.Compare(test.value, item, value, span=place) if value else None
        return self._sides(subject, test.value, right, before, test.span)

    def _in_number(self, subject: ast.Operand | None, of: ast.Ref, before: Terms) -> bool:
        """« 5 ans d'ancienneté », where the seniority is a number, of years by its name."""
        own, scope = subject.terms if isinstance(subject, ast.Ref) else before, self.expressions.scope
        found = scope.named((*own, *of.terms), lambda kind: isinstance(kind, t.Number | t.Duration))
        years = [each for each in found if is_number(each.slot.type) and self._hinted("age", scope.label(each))]
        return len(found) == len(years) == 1

    def _is_rate(self, of: ast.Ref) -> bool:
        return bool(self.expressions.scope.named(of.terms, lambda kind: isinstance(kind, t.Percentage)))

    def _counted(self, subject: ast.Operand | None, of: ast.Ref, value: ast.Value, before: Terms) -> model.Value | None:
        """What « 3 articles » counts: a number named so, or « nombre d'articles »."""
        wants = wants_like(value.literal)
        scope = self.expressions.scope
        own = subject.terms if isinstance(subject, ast.Ref) else before
        if isinstance(subject, ast.Ref) and not scope.owners(own) and not scope.vocabulary.inferred:
            return self.expressions.report("E208", subject.span.to(of.span))
        if isinstance(subject, ast.Ref) and (owners := self._of_another(own, of, wants)):
            fixes = tuple(Fix(subject.span, name) for name in owners)
            return self.expressions.report("E208", subject.span.to(of.span), fixes)
        for terms in ((*own, *counted(of.terms)), counted(of.terms), (*own, *of.terms), of.terms):
            found = scope.named(terms, wants)
            if found:
                chosen = scope.one(found, of.span)
                return value_of(chosen, of.span) if chosen else None
        return self.expressions.reference(of, wants)

    def _of_another(self, own: Terms, of: ast.Ref, wants: Wants) -> list[str]:
        """« le salarié a 10 ans d'ancienneté », where seniority is that of the customer."""
        scope, ways = self.expressions.scope, (counted(of.terms), of.terms)
        if scope.vocabulary.inferred or any(scope.named((*own, *each), wants) for each in ways):
            return []
        return owners_of([each for terms in ways for each in scope.named(terms, wants)])

    def _sides(
        self, subject: ast.Operand | None, operator: str, right: ast.Operand, before: Terms, span: Span
    ) -> model.Condition | None:
        """Two facts, or calculations: their types choose each other."""
        left = dates.spoken(
            subject if subject is not None and not isinstance(subject, ast.Pronoun) else _ref(None, before)
        )
        right = dates.spoken(right)
        if isinstance(left, ast.Ref) and not left.terms:
            return self.expressions.report("E315", span)
        if isinstance(left, ast.Ref) and isinstance(right, ast.Ref):
            return self._two_facts(left, operator, right, before)
        if isinstance(left, ast.Ref):
            value = self.expressions.read(right, self._only_type(left))
            item: model.Value | None = (
                self.expressions.reference(left, lambda k: value is not None and comparable(k, value.type))
                if value
                else None
            )
        else:
            item = self.expressions.read(left, None)
            if item is not None and operator not in ("eq", "ne") and not ordered(item.type):
                return self.expressions.report("E316", span)
            value = self.expressions.read(right, item.type) if item else None
        if item is not None and operator not in ("eq", "ne") and not ordered(item.type):
            return self.expressions.report("E316", right.span)
        return model.Compare(operator, item, value, span=left.span.to(right.span)) if item and value else None

    def _only_type(self, ref: ast.Ref) -> t.Type | None:
        found = self.expressions.scope.named(ref.terms, ordered)
        return found[0].slot.type if len({each.slot.type for each in found}) == 1 else None

    def _two_facts(self, left: ast.Ref, operator: str, right: ast.Ref, before: Terms) -> model.Condition | None:
        scope = self.expressions.scope
        wants: Wants = not_flag if operator in ("eq", "ne") else ordered
        pairs = [
            (one, other)
            for one in scope.named(left.terms, wants)
            for other in self._owned(right, before or left.terms, wants)
            if comparable(one.slot.type, other.slot.type) and one is not other
        ]
        if not pairs:
            if self._taxes_differ(left, right):
                return self.expressions.report("E305", right.span, expected=self._type_said(left))
            known = self.expressions.reference(left, wants) and self.expressions.reference(right, wants)
            return self.expressions.report("E301", right.span, expected=self._type_said(left)) if known else None
        lefts, rights = _distinct(one for one, _ in pairs), _distinct(other for _, other in pairs)
        one, other = scope.one(lefts, left.span), scope.one(rights, right.span)
        if one is None or other is None:
            return None
        return model.Compare(
            operator, value_of(one, left.span), value_of(other, right.span), span=left.span.to(right.span)
        )

    def _taxes_differ(self, left: ast.Ref, right: ast.Ref) -> bool:
        scope = self.expressions.scope
        kinds = [[each.slot.type for each in scope.named(ref.terms, anything)] for ref in (left, right)]
        return all(len(kind) == 1 and isinstance(kind[0], t.Amount) for kind in kinds)

    def _owned(self, ref: ast.Ref, owner: Terms, wants: Wants) -> list[Named]:
        scope = self.expressions.scope
        return (ref.their and scope.named((*owner, *ref.terms), wants)) or scope.named(ref.terms, wants)

    def _type_said(self, ref: ast.Ref) -> str:
        found = self.expressions.scope.named(ref.terms, anything)
        return self.expressions.said(found[0].slot.type) if found else ""


def _from_day(
    operator: str, item: model.Value, start: model.Value, bound: model.Value, *, later: bool, span: Span
) -> model.Condition:
    """`item` compared with a bound counted from a day: less than so far after it is not before it."""
    first = model.Compare(operator if later else REVERSED.get(operator, operator), item, bound, span=span)
    if operator in ("gt", "ge", "eq"):
        return first
    return model.All((first, model.Compare("ge" if later else "le", item, start, span=span)), span=span)


def owners_of(found: Sequence[Named]) -> list[str]:
    """Whose the facts are; none where one of them belongs to nothing, or is decided."""
    names = [each.slot.names for each in found if isinstance(each, model.FactTerm)]
    owned = len(names) == len(found) and all(len(each) > 1 for each in names)
    return list(dict.fromkeys(each[-2] for each in names)) if owned else []


def names_own(terms: Sequence[ast.Term], named: Named) -> bool:
    """Whether a term is the thing's own name, and not that of what it belongs to."""
    own = named.chain[-1] if isinstance(named, model.FactTerm) else named.names
    return any(keys(term) & own for term in terms)


def _is_time(value: model.Value) -> bool:
    return isinstance(value, model.Literal) and isinstance(value.type, t.Time)


def _distinct(found: Iterable[Named]) -> list[Named]:
    kept: list[Named] = []
    for each in found:
        if each not in kept:
            kept.append(each)
    return kept


def _ref(subject: ast.Operand | None, before: Terms) -> ast.Ref:
    return subject if isinstance(subject, ast.Ref) else ast.Ref(before)


def counted(terms: Terms) -> Terms:
    """Terms that speak of what is counted as the names of their counts: « articles » → « nombre d'articles »."""
    return tuple(replace(term, key="+".join(k[1:] if k.startswith("#") else f"~{k}" for k in term.key.split("+")))
                 if "#" in term.key else term for term in terms)  # fmt: skip


def _part_of(kind: t.Type, operand: ast.Operand) -> t.Type:
    """What a value is compared with; of a moment, its time (« après 18 h ») or its day (« après le 1er mars »)."""
    literal = operand.literal if isinstance(operand, ast.Value) else None
    told = literal is not None and literal.kind in ("date", "time")
    return type_of(literal) if literal and told and isinstance(kind, t.DateTime) else kind
