"""What stands after « alors » in, effects out: values for outcomes, actions, and conditions said along with them."""

from dataclasses import field, replace

from rulec.diagnostics import Fix
from rulec.runtime import types as t
from rulec.runtime.plain import Plain, changing, plain
from rulec.semantics import model
from rulec.semantics.clauses import LINKS
from rulec.semantics.conditions import Conditions
from rulec.semantics.effect_doubts import EffectDoubts
from rulec.semantics.effect_values import EffectValues
from rulec.semantics.expressions import Expressions
from rulec.semantics.filters import Filters, Joined
from rulec.semantics.groups import (
    GIVING,
    giving_at,
    joined_elements,
    leading_groups,
    one_group,
    one_noun,
    only_reference,
    own_noun,
    shared_word,
    union,
    with_tail,
)
from rulec.semantics.limiting import Limiting
from rulec.semantics.making import Making
from rulec.semantics.measures import additive, comparable
from rulec.semantics.targets import Targets
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.words import words
from rulec.tree import Span

_CHOOSING = frozenset({"OR", "AND_OR", "COMMA_OR", "NOR"})
_STEPS = ("ROUNDING", "MULTIPLE_OF")
_ADJUSTING = frozenset({"ROUNDED", "ROUNDING", "MULTIPLE_OF", "CAPPED", "AT_LEAST"})
_LIMITING = ("au minimum", "au maximum", "at minimum", "at maximum")


@plain
class Done(Plain):
    """Effects, the condition said along with them (None: none), and the outcome that the next case may leave out."""

    effects: tuple[model.Effect, ...]
    condition: model.Condition | None = None
    outcome: model.OutcomeTerm | None = None


@changing
class Effects:
    """Reads effects within a scope."""

    expressions: Expressions
    conditions: Conditions
    values: EffectValues = field(init=False)
    targets: Targets = field(init=False)
    limiting: Limiting = field(init=False)
    doubts: EffectDoubts = field(init=False)

    def __post_init__(self) -> None:
        self.values = EffectValues(self.expressions)
        self.targets = Targets(self.expressions, self.conditions.clauses)
        self.limiting = Limiting(self.expressions)
        self.doubts = EffectDoubts(self.expressions, self.targets)

    def read(self, chain: ast.Chain, context: model.OutcomeTerm | None, *, several: bool = False) -> Done | None:
        """The effects of a chain; None where an error was reported. `context`: the outcome spoken of before.
        `several`: the chain is that of one case among others.
        """
        made = self.made(chain, context, several=several)
        effects = [self.values.effect(clause) for clause in made] if made is not None else [None]
        if made is None or any(effect is None for effect in effects):
            return None
        context = next((clause.outcome for clause in reversed(made) if clause.outcome), context)
        return self._together(made, [effect for effect in effects if effect is not None], context)

    def made(
        self, chain: ast.Chain, context: model.OutcomeTerm | None, *, several: bool = False
    ) -> list[Making] | None:
        """The clauses of a chain, each read but for its value; None where an error was reported."""
        if pair := next((each for each in chain.items if isinstance(each, ast.Prefixed)), None):
            return self.doubts.choice(chain) if pair.prefix == "either" else self.expressions.report("E427", chain.span)
        made: list[Making] = []
        failed = False
        groups = leading_groups(chain)
        leading = groups.groups if all(self._means_group(ref) for _, ref in groups.groups) else []
        elements: list[Joined] | None = groups.rest if leading else joined_elements(chain)
        if self.conditions.clauses.has_lists:
            elements = Filters(self.expressions).together(elements or [])
        for joined, element in elements or ():
            if made and made[-1].groups and self._attached(made[-1], joined, element):
                return None
            if made and made[-1].groups and (ref := only_reference(element)) and self._means_group(ref):
                made[-1].groups.append((joined, ref))
                continue
            if made and made[-1].groups and (ref := self._also_for(element)):
                made[-1].groups.append(("OR", ref))
                continue
            if (joined in _CHOOSING and not leading) or chain.not_both:
                return self.doubts.choice(chain)
            making = Making(element.span, groups=leading, joined=joined, several=several)
            clause = self._element(element, context, made, making)
            leading = []
            failed = failed or clause is None
            if clause is not None and clause.outcome:
                context = clause.outcome
        return None if failed or elements is None else made

    @property
    def _french(self) -> bool:
        return self.expressions.scope.source.language == "fr"

    def _together(
        self, made: list[Making], effects: list[model.Effect], context: model.OutcomeTerm | None
    ) -> Done | None:
        for clause in made:
            if clause.groups and not self._group(clause):
                return None
        conditions = [each for clause in made for each in clause.conditions]
        told = [each.outcome for each in effects if isinstance(each, model.Give | model.Forbid)]
        twice = next(
            (clause for at, clause in enumerate(made) if clause.outcome and clause.outcome.slot.key in told[:at]), None
        )
        if twice is not None and twice.outcome is not None and told.count(twice.outcome.slot.key) > 1:
            return self.expressions.report("E424", twice.span, term=twice.outcome.slot.name)
        plain = made[0].gift is not None and not any(self.doubts.has_verb(clause.span) for clause in made[1:])
        if made[1:] and made[0].conditions and not plain:
            return self.doubts.midway(made)
        condition = None
        if conditions:
            condition = conditions[0] if len(conditions) == 1 else model.All(tuple(conditions), span=made[0].span)
        return Done(tuple(effects), condition, context)

    # ---- one clause

    def _limits(self, clause: Making, predicates: list[ast.Predicate]) -> bool:
        """« 10 % du montant HT, au minimum 5 € »: a floor or a cap of what is calculated."""
        if len(predicates) != 1 or predicates[0].marker != "CMP" or predicates[0].value not in ("ge", "le"):
            return False
        phrase = predicates[0].phrase.operand if predicates[0].phrase else None
        written = fold(self.expressions.scope.source.cut(predicates[0].span))
        calculated = clause.base is not None or not isinstance(clause.value, ast.Value | None)
        if not calculated or not isinstance(phrase, ast.Value) or not written.startswith(_LIMITING):
            return False
        clause.limits.append(("min" if predicates[0].value == "le" else "max", phrase))
        return True

    def _also_for(self, element: ast.Element) -> ast.Ref | None:
        """« … et aux professionnels »: one more group that the effect before is for."""
        if not isinstance(element, ast.Clause) or element.subject is not None or len(element.predicates) != 1:
            return None
        said = element.predicates[0]
        ref = said.phrase.operand if said.marker in ("FOR", "TO") and said.phrase and not said.phrase.detail else None
        return ref if isinstance(ref, ast.Ref) and self._means_group(ref) else None

    def _means_group(self, ref: ast.Ref) -> bool:
        """Whether a reference tells whom something is for, and is neither decided nor done itself."""
        return (
            not self.targets.target(ref) and not self.targets.acts(ref) and self.conditions.clauses.meanings.means(ref)
        )

    def _group(self, clause: Making) -> bool:
        """« pour la France et la Belgique », « les professionnels et les revendeurs ont … »."""
        found = [self.conditions.clauses.meanings.named(ref) for _, ref in clause.groups]
        conditions = [each for each in found if each is not None]
        if len(conditions) != len(found):
            return False
        together = union(conditions, clause.groups, self.expressions.scope.source)
        if len(clause.groups) == 2 and self._shares_word(clause.groups[0][1], clause.groups[1][1]):
            return False
        if together is None:
            self.doubts.group(clause)
            return False
        clause.conditions.append(together)
        return True

    def _shares_word(self, one: ast.Ref, other: ast.Ref) -> bool:
        """« les clients et fournisseurs fidèles ont … »: is it said of both, or of the last?"""
        source, entities = self.expressions.scope.source, self.expressions.scope.index.entities
        if own_noun(one, entities) or own_noun(other, entities):
            return False
        either, place = "ou" if self._french else "or", one.span.to(other.span)
        readings = shared_word(source.cut(one.span), source.cut(other.span), either, source.language)
        if readings:
            self.expressions.refuse("E414", place, readings, keep=place)
        return bool(readings)

    def _attached(self, clause: Making, joined: str, element: ast.Element) -> bool:
        """« pour les clients fidèles ou professionnels en France »: is it said of both, or of the last?"""
        ref, tail = with_tail(element, self.expressions.scope)
        if joined not in ("AND", "OR") or ref is None or tail is None or not self._means_group(ref):
            return False
        source = self.expressions.scope.source
        if one_noun([source.cut(each.span) for each in (*(known for _, known in clause.groups), ref)], source.language):
            return False
        start = len(source.text[: self.expressions.scope.with_article(clause.groups[0][1].span).start].rstrip())
        start = source.text.rfind(" ", 0, start) + 1  # « pour »
        self.doubts.attachment(clause, ref, tail, Span(source.number, start, tail.end), "")
        return True

    def _element(
        self, element: ast.Element, context: model.OutcomeTerm | None, made: list[Making], clause: Making
    ) -> Making | None:
        if not isinstance(element, ast.Clause):
            return self.expressions.report("E427", element.span)
        clauses = self.conditions.clauses
        predicates = list(clauses.quantities.valued(element.predicates) if clauses.has_lists else element.predicates)
        subject = element.subject
        if subject is None and predicates and predicates[0].marker in ("GRANT", "INCREASE"):
            clause.increases = predicates[0].marker == "INCREASE"
            subject = predicates.pop(0).phrase
        if subject is None and made and self._limits(made[-1], predicates):
            return made[-1]
        if made and self.limiting.refused(made[-1], element, predicates):
            return None
        if (
            subject is None
            and predicates
            and predicates[0].marker in LINKS | {"WITH", "WITHOUT", "CMP", "CALENDAR"}
            and made
        ):
            return made[-1] if self._circumstance(made[-1], predicates) else None
        if subject is None and predicates and predicates[0].marker in _ADJUSTING and made:
            return made[-1] if self._predicates(made[-1], predicates) else None
        if subject is None and len(predicates) > 1 and predicates[0].marker == "ALWAYS_TRUE":
            if not self._everyone(clause, predicates):
                return None
            subject = predicates.pop(0).phrase
        giving = giving_at(predicates) or 0
        if subject is None and giving and predicates[0].marker in ("CMP", "BETWEEN"):  # « les moins de 26 ans ont … »
            if not self._circumstance(clause, predicates[:giving]):
                return None
            subject = predicates[giving].phrase
            del predicates[: giving + 1]
        if not self._subject(clause, subject, predicates, context):
            return None
        if not self._predicates(clause, predicates):
            return None
        made.append(clause)
        return clause

    def _everyone(self, clause: Making, predicates: list[ast.Predicate]) -> bool:
        """« Tout le monde a … », « tous ceux qui sont fidèles ont … »: what is said of whom is the condition."""
        everyone = predicates.pop(0)
        giving = giving_at(predicates) or 0
        if everyone.phrase is not None:
            gift = predicates[giving].phrase or everyone.phrase
            source = self.expressions.scope.source
            before = source.text[: gift.span.start].rstrip()
            place = Span(source.number, everyone.span.start, len(before))
            self.conditions.clauses.all_or_some(everyone.phrase, everyone.span, place)
            return False
        if giving:
            told = predicates[:giving]
            del predicates[:giving]
            return self._circumstance(clause, told)
        return True

    def _subject(
        self,
        clause: Making,
        subject: ast.Phrase | None,
        predicates: list[ast.Predicate],
        context: model.OutcomeTerm | None,
    ) -> bool:
        """What the clause is about; false where an error was reported."""
        if subject is None:
            return self._without_subject(clause, predicates, context)
        operand = subject.operand
        giving = bool(predicates) and predicates[0].marker in GIVING
        match operand:
            case ast.Quantified("every" | "some", ast.Ref() as ref) if giving:
                return self._named(clause, ref, predicates, context)
            case ast.Quantified("no", ast.Ref() as ref) if giving:  # « aucun client fidèle n'a de remise »
                predicates[0] = replace(predicates[0], marker="HAS_NOT")
                return self._named(clause, ref, predicates, context)
            case ast.Pronoun() if giving and subject.detail is None:
                return self._given(clause, predicates, context)
            case ast.Ref():
                clause.value = subject.detail
                return self._named(clause, operand, predicates, context)
            case ast.Quantified("no", ast.Ref() as ref):
                clause.forbids = True
                return self._named(clause, ref, predicates, context)
            case ast.Portion(value, ast.Ref() as of) if outcome := self.targets.target(of):
                clause.outcome, clause.value = outcome, value
            case ast.Pronoun():
                clause.outcome, clause.value = context, subject.detail
            case ast.WordValue(word) if subject.detail is None and word in ("yes", "no", "free"):
                clause.outcome, clause.value = context, operand
            case _:
                clause.outcome, clause.value = context, operand
        if clause.outcome is None:
            off = predicates[0] if predicates and predicates[0].marker == "OFF" else None
            clause.outcome = self.targets.only_outcome(clause.value, operand.span, off)
        return clause.outcome is not None

    def _without_subject(
        self, clause: Making, predicates: list[ast.Predicate], context: model.OutcomeTerm | None
    ) -> bool:
        if not predicates:
            self.expressions.report("E122", clause.span)
            return False
        head = predicates[0]
        phrase = head.phrase.operand if head.phrase else None
        if head.marker == "NOT" and isinstance(phrase, ast.Ref):
            predicates.pop(0)
            clause.forbids = True
            return self._named(clause, phrase, predicates, context)
        if head.marker == "CMP" and head.value == "gt" and isinstance(phrase, ast.Ref) and self.targets.target(phrase):
            name = self.expressions.scope.source.cut(phrase.span)
            self.expressions.refuse("E421", head.span, [f"pas de {name}" if self._french else f"no {name}"])
            return False
        if head.marker in ("IS", "IS_NOT", "CAPPED", "AT_LEAST") and context is not None:
            clause.outcome = context
            return True
        self.expressions.report("E427", head.span)
        return False

    def _named(
        self, clause: Making, ref: ast.Ref, predicates: list[ast.Predicate], context: model.OutcomeTerm | None
    ) -> bool:
        if outcome := self.targets.target(ref):
            clause.outcome = outcome
            clause.yes = not any(term.negated for term in ref.terms)
            return True
        if action := self.targets.action(clause, ref):
            clause.action = action
            return True
        giving = giving_at(predicates)
        if giving is None and (valued := self.expressions.scope.valued(ref)):  # « statut Or »
            clause.outcome, clause.value = valued[0], ast.Ref((valued[1],), span=valued[1].span)
            return True
        if giving is not None:
            return self._given_to(clause, ref, predicates, giving, context)
        if context is not None and not clause.forbids and self._like(ref, context):
            clause.outcome, clause.value = context, ref  # « …, le taux réduit si … »
            return True
        said = predicates[0].phrase.operand if predicates and predicates[0].phrase else None
        if isinstance(said, ast.Ref) and (given := list(self.expressions.scope.options((*ref.terms, *said.terms)))):
            fact, option = given[0]  # « le client est professionnel »
            self.expressions.report("E456", said.span, term=option.label, name=self.expressions.scope.label(fact))
            return False
        self.expressions.report("E425", ref.span, term=self.expressions.scope.source.cut(ref.span))
        return False

    def _like(self, ref: ast.Ref, context: model.OutcomeTerm) -> bool:
        """Whether a reference may stand for a value of an outcome."""
        kind = context.slot.type
        if isinstance(kind, t.Choice | t.Text):
            return True
        measured = not isinstance(kind, t.YesNo) and kind != t.Number()
        return measured and bool(self.expressions.scope.named(ref.terms, lambda other: comparable(other, kind)))

    def _given_to(
        self,
        clause: Making,
        ref: ast.Ref,
        predicates: list[ast.Predicate],
        giving: int,
        context: model.OutcomeTerm | None,
    ) -> bool:
        """« Les revendeurs ont 15 % de remise »: whom it is given to is the condition."""
        clauses = self.conditions.clauses
        if giving and clause.groups and not self._of_one_group(clause, ref):
            gift = predicates[giving].phrase
            end = self.expressions.scope.source.cut(gift.span) if gift else ""
            whole = self.expressions.scope.with_article(clause.groups[0][1].span).to(clause.span)
            tail = predicates[0].span.to(predicates[giving - 1].span)
            then = " alors " if self._french else " then "
            self.doubts.attachment(clause, ref, tail, whole, f"{then}{end}")
            return False
        if giving:
            told = ast.Clause(ast.Phrase(ref, span=ref.span), tuple(predicates[:giving]), span=clause.span)
            said = clauses.read(told, ())
            if said is None:
                return False
            clause.conditions.append(said.condition)
            del predicates[:giving]
        elif clause.groups or clauses.meanings.means(ref):
            clause.groups.append((clause.joined if clause.groups else "", ref))
        elif not self.expressions.scope.owners(ref.terms):
            clauses.meanings.named(ref)
            return False
        return self._given(clause, predicates, context)

    def _of_one_group(self, clause: Making, ref: ast.Ref) -> bool:
        """« les clients fidèles et actifs en France »: two words of one group, which what follows is said of."""
        refs = [each for _, each in clause.groups] + [ref]
        found = [self.conditions.clauses.meanings.named(each) for each in refs]
        joins = {joined for joined, _ in clause.groups[1:]} | {clause.joined}
        source = self.expressions.scope.source
        return joins == {"AND"} and one_group([each for each in found if each], refs, source)

    def _given(self, clause: Making, predicates: list[ast.Predicate], context: model.OutcomeTerm | None) -> bool:
        """« … ont 15 % de remise »."""
        head = predicates.pop(0)
        clause.forbids = head.marker == "HAS_NOT"
        if head.phrase is None:
            self.expressions.report("E122", head.span)
            return False
        clause.gift = head.phrase.span.to(predicates[-1].span) if predicates else head.phrase.span
        return self._subject(clause, head.phrase, predicates, context)

    def _circumstance(self, clause: Making, predicates: list[ast.Predicate]) -> bool:
        """« … pour les clients fidèles », « … dès 150 € »: the condition said after an effect."""
        phrase = predicates[-1].phrase.operand if predicates[-1].phrase else None
        only = len(predicates) == 1 and predicates[0].marker in LINKS
        span = predicates[0].span.to(predicates[-1].span)
        clause.circumstances.append(span)
        if only and not clause.groups and isinstance(phrase, ast.Ref) and self._means_group(phrase):
            clause.groups.append(("", phrase))
            return True
        clauses = self.conditions.clauses
        if predicates[0].marker in LINKS:
            said = clauses.circumstance(predicates, span)
        else:
            said = clauses.read(ast.Clause(None, tuple(predicates), span=span), ())
        if said is not None:
            clause.conditions.append(said.condition)
        return said is not None

    # ---- what follows

    def _predicates(self, clause: Making, predicates: list[ast.Predicate]) -> bool:
        while predicates:
            head = predicates[0]
            phrase = head.phrase.operand if head.phrase else None
            match head.marker:
                case "IS" if phrase is None and len(predicates) > 1 and predicates[1].marker == "CMP":
                    self.expressions.report("E323", predicates[1].span)
                    return False
                case "IS" | "HAS" | "GRANT" if clause.value is None and not clause.forbids:
                    clause.value = phrase
                    if head.phrase and head.phrase.detail:
                        return self._rest(head)
                case "CMP" if head.value != "eq" and self._bound_alone(clause):
                    self.expressions.report("E323", head.span)
                    return False
                case "CMP" if head.value == "eq" and clause.value is None and not clause.forbids:
                    clause.value = phrase
                case "IS_NOT" if isinstance(phrase, ast.WordValue) or phrase is None:
                    clause.yes = phrase is not None and phrase.word == "no"
                case "ROUNDED" if phrase is None and [each.marker in _STEPS for each in predicates[1:2]] == [True]:
                    pass
                case "ROUNDING":
                    clause.rounding = head.value
                case "MULTIPLE_OF" if isinstance(phrase, ast.Value):
                    clause.rounding, clause.step = head.value, phrase
                case "CAPPED" | "AT_LEAST" if phrase is not None:
                    clause.limits.append(("min" if head.marker == "CAPPED" else "max", phrase))
                case "OFF" if phrase is None:
                    pass
                case "PER" if isinstance(phrase, ast.Ref) and clause.value is not None:
                    clause.per = phrase
                case "WITH" if clause.action is not None:
                    if not self._with(clause, head):
                        return False
                case "ON" | "OFF" if (
                    isinstance(phrase, ast.Ref) and self._is_base(clause, phrase) and len(predicates) == 1
                ):
                    clause.base = phrase
                case "ON" if isinstance(phrase, ast.Ref) and self._vain_base(clause, phrase, len(predicates) > 1):
                    return self._base_of_rate(head)
                case "ROUNDED" if phrase is None:
                    return self._rounded_to(head)
                case "IS" | "IS_NOT" | "INCREASE" | "PER" | "ROUNDED" | "CAPPED" | "AT_LEAST" | "GRANT":
                    return self._rest(head)
                case "SEEMS" | "SEEMS_NOT":
                    return self._rest(head)
                case _:
                    limited = self.limiting.refused(clause, head, predicates)
                    return not limited and self._circumstance(clause, predicates)
            predicates.pop(0)
        return True

    def _bound_alone(self, clause: Making) -> bool:
        """« la remise est d'au moins 10 % »: a bound where the value should stand."""
        kind = clause.outcome.slot.type if clause.outcome else None
        return clause.value is None and not clause.forbids and kind is not None and not isinstance(kind, t.YesNo)

    def _rest(self, head: ast.Predicate) -> bool:
        self.expressions.report("E427", head.span)
        return False

    def _rounded_to(self, head: ast.Predicate) -> bool:
        """« arrondi » alone: to what?"""
        said, steps = self.expressions.scope.source.cut(head.span), words(self.expressions.scope.source.language)
        readings = [f"{said} {steps.tables['rounding'][key][at]}" for key, at in (("cent", -1), ("unit", 1))]
        self.expressions.refuse("E328", head.span, readings, keep=head.span)
        return False

    def _is_base(self, clause: Making, ref: ast.Ref) -> bool:
        """Whether « 10 % sur le montant HT » says what the percentage is taken of."""
        literal = clause.value.literal if isinstance(clause.value, ast.Value) else None
        amount = clause.outcome is not None and not isinstance(clause.outcome.slot.type, t.Percentage)
        named = self.expressions.scope.named(ref.terms, lambda k: additive(k) and not isinstance(k, t.Percentage))
        return bool(literal and literal.kind == "percentage" and amount and named)

    def _vain_base(self, clause: Making, ref: ast.Ref, described: bool) -> bool:
        """Whether « sur le montant HT » follows a percentage that stays one; « sur les commandes de moins de 50 € »,
        which more is said of, is a condition.
        """
        if described and self.expressions.scope.owners(ref.terms):
            return False
        rate = clause.outcome is not None and isinstance(clause.outcome.slot.type, t.Percentage)
        told = self.conditions.clauses.meanings.means(ref)
        return rate and not told and bool(self.expressions.scope.named(ref.terms, additive))

    def _base_of_rate(self, head: ast.Predicate) -> bool:
        gap = Span(head.span.source, head.span.start - 1, head.span.end)
        self.expressions.report("E436", head.span, (Fix(gap, ""),))
        return False

    def _parameter_named(
        self, clause: Making, action: model.ActionTerm, ref: ast.Ref, detail: ast.Operand | None
    ) -> bool:
        """« le niveau 1 », « le niveau urgent », « le motif code promo »: a parameter, then its value."""
        if detail is not None:
            return len(ref.terms) == 1 and self.targets.parameter(clause, action, ref.terms[0], detail)
        first, *others = sorted(ref.terms, key=lambda term: term.span.start)
        value = ast.Ref(tuple(others), span=others[0].span.to(others[-1].span)) if others else None
        return self.targets.parameter(clause, action, first, value)

    def _with(self, clause: Making, head: ast.Predicate) -> bool:
        """« avec le motif « X » »."""
        phrase = head.phrase
        if phrase is not None and clause.action is not None and isinstance(phrase.operand, ast.Ref):
            if self._parameter_named(clause, clause.action, phrase.operand, phrase.detail):
                return True
        if phrase is not None and clause.action is not None and isinstance(phrase.operand, ast.Portion):
            portion = phrase.operand
            if isinstance(portion.of, ast.Ref) and self.targets.parameter(
                clause, clause.action, portion.of.terms[0], portion.value
            ):
                return True
        names = [name for _, name, _ in clause.action.slot.parameters] if clause.action else []
        self.expressions.report("E428", head.span, known=", ".join(names))
        return False
