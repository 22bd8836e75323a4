"""Operands in, typed values out: literals take the type that is needed, names are found by it."""

from collections.abc import Sequence
from dataclasses import field, replace
from decimal import Decimal
from typing import Any

from rulec.diagnostics import Fix
from rulec.runtime import types as t
from rulec.runtime.calculate import exact_div
from rulec.runtime.literals import Literal
from rulec.runtime.plain import changing
from rulec.runtime.shown import expected, show_value
from rulec.semantics import dates, model
from rulec.semantics.formulas import Formulas
from rulec.semantics.measures import Misfit, additive, comparable, held, per_unit, type_of
from rulec.semantics.scope import Named, Scope, Wants
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.tree import Span


def anything(kind: t.Type) -> bool:
    """Every type will do."""
    return True


def wants_like(literal: Literal) -> Wants:
    """The types that a literal can be compared with."""
    like = type_of(literal)

    def fits(kind: t.Type) -> bool:
        if isinstance(like, t.Amount) and isinstance(kind, t.Amount):
            return kind.currency == like.currency and (not like.kind or not kind.kind or kind.kind == like.kind)
        if isinstance(like, t.Date):
            return isinstance(kind, t.Date | t.DateTime)
        if isinstance(like, t.Time):
            return isinstance(kind, t.Time | t.DateTime) or kind == t.Duration("second")
        return comparable(like, kind)

    return fits


@changing
class Expressions:
    """Reads operands within a scope. `formulas` reads what is calculated in more than one step."""

    scope: Scope
    formulas: Formulas = field(init=False)

    def __post_init__(self) -> None:
        self.formulas = Formulas(self)

    def said(self, kind: t.Type) -> str:
        """A type in words; the example of a moment is a day, as rules write none."""
        language = self.scope.source.language
        if not isinstance(kind, t.DateTime):
            return expected(kind, language)
        moment = expected(kind, language).partition(",")[0]
        return moment + "," + expected(t.Date(), language).partition(",")[2]

    def report(self, code: str, span: Span, fixes: tuple[Fix, ...] = (), **values: object) -> None:
        """Report an error at a place, with the words that stand there."""
        told: dict[str, Any] = {"text": self.scope.source.cut(span), **values}
        self.scope.diagnostics.add(code, span, fixes=fixes, **told)

    def refuse(self, code: str, span: Span, readings: Sequence[str], keep: Span | None = None) -> None:
        """Refuse what has several readings: each may be written instead at `keep` (by default, at the place)."""
        place = keep or self.scope.with_article(span)
        fixes = tuple(Fix(place, reading) for reading in readings)
        one, other = readings[0], readings[-1]
        self.report(code, span, fixes, readings=" | ".join(readings), one=one, other=other)

    def refuse_group(self, spans: Sequence[Span], place: Span, before: str = "", after: str = "") -> None:
        """Refuse « les clients fidèles et les professionnels »: those who are one of them, or those who are both?

        `place`, `before`, `after`: where those who are both may be written instead, and between which words.
        """
        source, whole = self.scope.source, self.scope.with_article
        either, both = (" ou ", " et ") if source.language == "fr" else (" or ", " and ")
        one = Fix(whole(spans[0]).to(spans[-1]), either.join(source.cut(whole(span)) for span in spans))
        other = Fix(place, before + both.join(source.cut(span) for span in spans) + after)
        self.report("E449", spans[0].to(spans[-1]), (one, other))

    def refuse_attachment(self, others: Sequence[Span], last: Span, tail: Span) -> None:
        """Refuse « fidèle ou professionnel en France »: both in France, or the last only?"""
        source, whole = self.scope.source, self.scope.with_article
        both = " et " if source.language == "fr" else " and "
        names, end = source.cut(whole(others[0]).to(last)), source.cut(tail)
        before = source.cut(Span(source.number, whole(others[0]).start, whole(last).start))
        readings = [f"({names}){both}{end}", f"{before}({source.cut(whole(last))}{both}{end})"]
        self.refuse("E414", others[0].to(tail), readings)

    def reference(
        self, ref: ast.Ref, wants: Wants, before: tuple[ast.Term, ...] = ()
    ) -> model.FactOf | model.OutcomeOf | None:
        """What a reference denotes among the types wanted; reports nothing, doubt or a wrong type."""
        terms = (*before, *ref.terms)
        if not terms:
            return self.report("E315", ref.span)
        found: list[Named] = []
        for owner in (before, *((term,) for term in before), ()):
            found = found or self.scope.named((*owner, *ref.terms), wants)
        if found:
            chosen = self.scope.one(found, ref.span)
            return value_of(chosen, ref.span) if chosen else None
        return self._wrong_type(ref, terms)

    def _wrong_type(self, ref: ast.Ref, terms: tuple[ast.Term, ...]) -> None:
        other = self.scope.named(terms, anything) or self.scope.named(ref.terms, anything)
        applied = [fact for each in ref.terms for fact in self.scope.applied(each)]
        if other:
            self.report("E302", ref.span, actual=self.said(other[0].slot.type))
        elif applied:
            from rulec.semantics.parameters import report_bare  # which reads values itself

            report_bare(self, applied[0], ref)
        else:
            self.report("E208", ref.span)

    def literal(self, value: ast.Value, wanted: t.Type | None) -> model.Literal | None:
        """A literal as a value of the type wanted."""
        if value.mark:
            return self.report("E323", value.span)
        if wanted is None:
            return model.Literal(value.literal.value, type_of(value.literal), span=value.span)
        found = held(value.literal, wanted)
        if isinstance(found, Misfit):
            fixes = tuple(Fix(value.span, each) for each in self._instead(value, found)) or self._units(value, wanted)
            self.report(found.code, value.span, fixes, expected=self.said(wanted))
            return None
        return model.Literal(found, wanted, span=value.span)

    def _instead(self, value: ast.Value, found: Misfit) -> tuple[str, ...]:
        """A bare number where a percentage is needed: 0,1 is 10 %, or 0,1 %?"""
        number = value.literal.value
        if found.code != "E303" or not isinstance(number, Decimal):
            return (found.instead,) if found.instead else ()
        language = self.scope.source.language
        hundredth = exact_div(number, Decimal(100))
        readings = (number, hundredth) if number < 1 else (hundredth,)
        return tuple(show_value(t.Percentage(), each, language) for each in readings)

    def _units(self, value: ast.Value, wanted: t.Type) -> tuple[Fix, ...]:
        literal = value.literal
        if literal.kind != "number" or not isinstance(wanted, t.Amount | t.Quantity | t.Duration | t.Rate):
            return ()
        return (Fix(value.span, show_value(wanted, literal.value, self.scope.source.language)),)

    def read(
        self, operand: ast.Operand, wanted: t.Type | None, before: tuple[ast.Term, ...] = ()
    ) -> model.Value | None:
        """An operand as a value of the type wanted (None: whatever it is); None where an error was reported."""
        value = self._read(operand, wanted, before)
        if value is None or wanted is None or comparable(value.type, wanted):
            return value
        return self.report("E301", operand.span, expected=self.said(wanted))

    def _read(self, operand: ast.Operand, wanted: t.Type | None, before: tuple[ast.Term, ...]) -> model.Value | None:
        match operand:
            case ast.Value():
                return self.literal(operand, wanted)
            case ast.WordValue():
                return self._word(operand, wanted)
            case ast.Quote():
                return self._quote(operand, wanted)
            case ast.Today():
                return model.Today(t.Date(), span=operand.span)
            case ast.Ref():
                return self._ref(operand, wanted, before)
            case ast.Portion():
                return self._portion(operand, wanted)
            case ast.Binary("add" | "sub") if dates.is_date(self, operand.left):
                return self.fitting(dates.total(self, operand), wanted)
            case ast.Binary():
                return self._binary(operand, wanted)
            case ast.Taxed():
                return self._taxed(operand, wanted)
            case ast.Shifted():
                return self.fitting(dates.shifted(self, operand), wanted)
            case ast.MonthEnd():
                return self.fitting(dates.month_end(self, operand), wanted)
            case ast.MonthDays():
                return self.fitting(dates.month_days(self, operand), wanted)
            case ast.Elapsed():
                return self.fitting(dates.elapsed(self, operand), wanted)
            case ast.Signed():
                return self._signed(operand, wanted)
            case (
                ast.Scaled() | ast.ProRata() | ast.Power() | ast.Extreme() | ast.Followed() | ast.Piece()
                | ast.Brackets()
            ):  # fmt: skip
                return self.formulas.read(operand, wanted)
            case ast.Group(chain):
                inner = only_operand(chain) or self._filtered(chain)
                return self.read(inner, wanted) if inner else self._no_value(operand)
            case ast.Applied():
                from rulec.semantics.parameters import called  # few rule sets define anything with parameters

                return called(self, operand, wanted)
            case ast.Picked() | ast.Listed() | ast.Aggregated():
                from rulec.semantics.aggregates import Aggregates  # few rules ask for lists

                return Aggregates(self).read(operand, wanted)
            case ast.Pronoun() | ast.Quantified() | ast.Superlative():
                return self._no_value(operand)

    def _filtered(self, chain: ast.Chain) -> ast.Operand | None:
        from rulec.semantics.aggregates import filtered_operand  # few rules ask for lists

        return filtered_operand(self, chain)

    def fitting(self, value: model.Value | None, wanted: t.Type | None) -> model.Value | None:
        """A value that was calculated from dates, where the type wanted allows it."""
        if value is None or wanted is None or comparable(value.type, wanted):
            return value
        if isinstance(value, model.Elapsed) and wanted in (t.Number(), t.Number(whole=True), t.Duration(value.unit)):
            return replace(value, type=wanted)
        return self.report("E301", value.span, expected=self.said(wanted))

    def value_of(self, named: Named, span: Span) -> model.Value:
        """The value of a fact or of an outcome."""
        return value_of(named, span)

    def _no_value(self, operand: ast.Operand) -> None:
        self.report("E309", operand.span)

    def _word(self, operand: ast.WordValue, wanted: t.Type | None) -> model.Literal | None:
        yes = operand.word in ("yes", "free")
        if wanted is None or isinstance(wanted, t.YesNo):
            return model.Literal(yes, t.YesNo(), span=operand.span)
        if operand.word == "free" and additive(wanted):
            return model.Literal(Decimal(0), wanted, span=operand.span)
        self.report("E301", operand.span, expected=self.said(wanted))
        return None

    def _quote(self, operand: ast.Quote, wanted: t.Type | None) -> model.Literal | None:
        if wanted is None or isinstance(wanted, t.Text):
            return model.Literal(operand.text, t.Text(), span=operand.span)
        if isinstance(wanted, t.Choice):
            for option in wanted.options:
                if fold(option.label) == fold(operand.text):
                    return model.Literal(option.key, wanted, span=operand.span)
        self.report("E301", operand.span, expected=self.said(wanted))
        return None

    def _ref(self, ref: ast.Ref, wanted: t.Type | None, before: tuple[ast.Term, ...]) -> model.Value | None:
        if isinstance(wanted, t.Choice) and (option := option_of(ref, wanted)):
            return model.Literal(option, wanted, span=ref.span)
        if wanted is None:
            return self.reference(ref, anything, before)
        return self.reference(ref, lambda kind: comparable(kind, wanted), before)

    def _portion(self, operand: ast.Portion, wanted: t.Type | None) -> model.Value | None:
        literal = operand.value.literal
        if literal.kind != "percentage":
            return self._no_value(operand)
        rate = model.Literal(literal.value, t.Percentage(), span=operand.value.span)
        between = fold(self.scope.source.text[operand.value.span.end : operand.of.span.start]).split()
        repeated = operand.of.span.start == operand.value.span.end  # « 3 % du salaire si A, 6 % si B »
        if not repeated and (not between or between[0].rstrip("'") not in _OF_BASE):
            return self._no_value(operand)  # « dépasse de 10 % le montant » is no part of the amount
        base = self._base(operand.of, wanted)
        return model.Arithmetic("mul", rate, base, base.type, span=operand.span) if base else None

    def _base(self, of: ast.Operand, wanted: t.Type | None) -> model.Value | None:
        if isinstance(of, ast.Value):
            return self.literal(of, wanted)
        if not isinstance(of, ast.Ref):
            return self.read(of, wanted if wanted is not None and additive(wanted) else None)
        if wanted is None or not additive(wanted):
            return self.reference(of, lambda kind: additive(kind) and not isinstance(kind, t.Percentage))
        return self.reference(of, lambda kind: comparable(kind, wanted))

    def _binary(self, operand: ast.Binary, wanted: t.Type | None) -> model.Value | None:
        if operand.operator in ("add", "sub"):
            if isinstance(operand.left, ast.Extreme):
                return self._extreme_and_more(operand, operand.left)
            if (rated := self._one_and_rate(operand)) is not None:
                return rated
            if self._scales(operand, wanted):  # « le montant moins 10 % »
                how = "up" if operand.operator == "add" else "down"
                return self.read(ast.Scaled(how, operand.left, operand.right, span=operand.span), wanted)
            left = self.read(operand.left, self._known(operand, wanted))
            right = self._added(operand.right, left.type) if left else None
            if left is None or right is None:
                return None
            if not additive(left.type):
                self.report("E310", operand.span)
                return None
            kind = right.type if isinstance(left.type, t.Amount) and not left.type.kind else left.type
            return model.Arithmetic(operand.operator, left, right, kind, span=operand.span)
        return self._product(operand, wanted)

    def _added(self, said: ast.Operand, kind: t.Type) -> model.Value | None:
        """The second part of a sum: « 5 € + 1 € par kg »."""
        rate = isinstance(said, ast.Value) and said.literal is not None and said.literal.kind == "rate"
        return self.rated(said, kind) if rate and isinstance(kind, t.Amount) else self.read(said, kind)

    def rated(self, said: ast.Operand, kind: t.Amount) -> model.Value | None:
        """« 1 € par kg » of the only thing measured in kilos."""
        rate = self.read(said, None)
        per = rate.type.per if rate is not None and isinstance(rate.type, t.Rate) else ""
        found = self.scope.facts((), lambda other: isinstance(other, t.Quantity) and per_unit(per, other) is not None)
        if rate is None or len(found) != 1:
            return self.read(said, kind)
        return model.Arithmetic("mul", rate, value_of(found[0], said.span), kind, span=said.span)

    def _extreme_and_more(self, operand: ast.Binary, extreme: ast.Extreme) -> None:
        """« le plus élevé de A et B plus 3 »: three more than one of both, or B plus three?"""
        source, whole = self.scope.source, self.scope.with_article(operand.span)
        last = extreme.items[-1].span
        cut = {at: source.text[at:end] for at, end in ((whole.start, last.start), (last.start, operand.span.end))}
        head, tail = cut.values()
        rest = source.text[extreme.span.end : operand.span.end]
        said = source.text[whole.start : extreme.span.end]
        self.refuse("E333", operand.span, [f"({said}){rest}", f"{head}({tail})"], keep=whole)

    def _one_and_rate(self, operand: ast.Binary) -> model.Value | None:
        """« 1 + taux », « 1 - remise »: a percentage beside a bare number is a number."""
        left, right = operand.left, operand.right
        number = isinstance(left, ast.Value) and left.literal is not None and left.literal.kind == "number"
        if not number or not isinstance(left, ast.Value) or not self._is_rate(right):
            return None
        one = self.literal(left, t.Number())
        if isinstance(right, ast.Ref):
            rate: model.Value | None = self.reference(right, lambda kind: isinstance(kind, t.Percentage))
        else:
            rate = self.read(right, None)
        return model.Arithmetic(operand.operator, one, rate, t.Number(), span=operand.span) if one and rate else None

    def _scales(self, operand: ast.Binary, wanted: t.Type | None) -> bool:
        """Whether a rate of nothing is added to what is measured, or taken off it: « moins 10 % », « la remise »."""
        left, right = operand.left, operand.right
        if isinstance(right, ast.Ref):
            if not self._is_rate(right) or self.scope.named(right.terms, _measured):
                return False
        elif not isinstance(right, ast.Value) or right.literal.kind != "percentage":
            return False
        if wanted is None and isinstance(left, ast.Ref):
            return len(self.scope.named(left.terms, _measured)) == 1
        return _measured(type_of(left.literal) if isinstance(left, ast.Value) else wanted)

    def _is_rate(self, operand: ast.Operand) -> bool:
        """« 5 % », « le taux », « taux / 12 »: a percentage, and nothing that could be a number."""
        match operand:
            case ast.Value(literal):
                return literal is not None and literal.kind == "percentage"
            case ast.Ref(terms):
                found = self.scope.named(terms, lambda kind: isinstance(kind, t.Percentage))
                return len(found) == 1 and not self.scope.named(terms, lambda kind: isinstance(kind, t.Number))
            case ast.Binary("mul" | "div", left, ast.Value(literal)):
                return literal is not None and literal.kind == "number" and self._is_rate(left)
            case ast.Group(chain) if inner := only_operand(chain):
                return self._is_rate(inner)
            case _:
                return False

    def _known(self, operand: ast.Binary, wanted: t.Type | None) -> t.Type | None:
        """The type of a sum: the one wanted, else that of a literal in it."""
        if wanted is not None:
            return wanted
        for side in (operand.left, operand.right):
            if isinstance(side, ast.Value):
                return type_of(side.literal)
            if isinstance(side, ast.Ref):
                found = self.scope.named(side.terms, additive)
                if len(found) == 1:
                    return found[0].slot.type
        return None

    def _taxed(self, operand: ast.Taxed, wanted: t.Type | None) -> model.Value | None:
        """« plus la TVA à 20 % » makes HT TTC, « hors TVA à 20 % » TTC HT; nothing else does."""
        before, after = ("net", "gross") if operand.how == "add" else ("gross", "net")
        item = self.read(operand.item, t.Amount(wanted.currency, before) if isinstance(wanted, t.Amount) else None)
        rate = self.read(operand.rate, t.Percentage())
        if item is None or rate is None:
            return None
        if not isinstance(item.type, t.Amount) or item.type.kind == after:
            return self.report("E331", operand.span)
        kind = t.Amount(item.type.currency, after)
        one = model.Literal(Decimal(1), t.Number(), span=rate.span)
        factor = model.Arithmetic("add", one, rate, t.Number(), span=rate.span)
        return model.Arithmetic("mul" if after == "gross" else "div", item, factor, kind, span=operand.span)

    def _product(self, operand: ast.Binary, wanted: t.Type | None) -> model.Value | None:
        left = self._factor(operand.left, wanted)
        right = self._factor(operand.right, wanted)
        if left is None or right is None:
            return None
        kind = _product_type(operand.operator, left.type, right.type)
        if kind is None:
            self.report("E310", operand.span)
            return None
        return model.Arithmetic(operand.operator, left, right, kind, span=operand.span)

    def _factor(self, operand: ast.Operand, wanted: t.Type | None) -> model.Value | None:
        if not isinstance(operand, ast.Ref):
            return self.read(operand, None)
        for wants in (
            lambda k: wanted is not None and comparable(k, wanted),
            lambda k: isinstance(k, t.Number),
            lambda k: additive(k) or isinstance(k, t.Rate),
        ):
            found = self.scope.named(operand.terms, wants)
            if len(found) == 1:
                return value_of(found[0], operand.span)
        return self.reference(operand, lambda k: additive(k) or isinstance(k, t.Rate))

    def _signed(self, operand: ast.Signed, wanted: t.Type | None) -> model.Value | None:
        item = self.read(operand.item, wanted)
        if item is None or operand.sign == "+":
            return item
        if not additive(item.type):
            self.report("E310", operand.span)
            return None
        if isinstance(item, model.Literal) and isinstance(item.value, Decimal):
            return model.Literal(-item.value, item.type, span=operand.span)
        zero = model.Literal(Decimal(0), item.type, span=operand.span)
        return model.Arithmetic("sub", zero, item, item.type, span=operand.span)


_OF_BASE = ("de", "du", "des", "d", "of", "off", "sur", "on")


def _measured(kind: t.Type | None) -> bool:
    return isinstance(kind, t.Amount | t.Quantity)


def _product_type(operator: str, left: t.Type, right: t.Type) -> t.Type | None:
    scalar = (t.Number, t.Percentage)
    if operator == "mul" and isinstance(right, t.Rate):
        left, right = right, left
    if isinstance(left, t.Rate):
        if isinstance(right, scalar):
            return left
        return left.of if operator == "mul" and per_unit(left.per, right) is not None else None
    if operator == "div" and isinstance(left, t.Amount) and (per := _per(right)):
        return t.Rate(left, per)
    if not (additive(left) and additive(right)):
        return None
    if operator == "mul":
        if isinstance(left, t.Percentage) and isinstance(right, t.Number):
            return left
        if isinstance(left, scalar):
            return t.Number() if isinstance(right, t.Number) and isinstance(left, t.Number) else right
        return left if isinstance(right, scalar) else None
    if isinstance(right, scalar):
        return t.Number() if isinstance(left, t.Number) else left
    return t.Number() if comparable(left, right) else None


def _per(kind: t.Type) -> str:
    """What an amount divided by a value of a type is per."""
    match kind:
        case t.Quantity(unit):
            return unit
        case t.Duration("day" | "month" as unit):
            return unit
        case _:
            return ""


def value_of(named: Named, span: Span) -> model.FactOf | model.OutcomeOf:
    """The value of a fact or of an outcome."""
    if isinstance(named, model.OutcomeTerm):
        return model.OutcomeOf(named.slot.key, named.slot.type, named.of, span=span)
    slot = named.slot
    optional = slot.optional and slot.default is None and not named.defined
    return model.FactOf(slot.path, slot.type, named.defined, named.of, optional, slot.judged, span=span)


def option_of(ref: ast.Ref, wanted: t.Choice) -> str | None:
    """The value of a list that a reference names."""
    if len(ref.terms) != 1:
        return None
    said = set(ref.terms[0].key.split("+"))
    found = [option.key for option in wanted.options if option.key in said]
    return found[0] if found else None


def only_operand(chain: ast.Chain) -> ast.Operand | None:
    """The operand of a chain that is nothing else: « (a + b) »."""
    if len(chain.items) == 1 and isinstance(clause := chain.items[0], ast.Clause):
        if clause.subject and not clause.predicates and not clause.subject.detail:
            return clause.subject.operand
    return None
