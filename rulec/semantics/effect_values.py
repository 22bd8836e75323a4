"""An effect whose clause is read in, the effect out: its value of the outcome's type, with limits and rounding."""

from dataclasses import replace
from decimal import Decimal

from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.comparisons import counted, is_number
from rulec.semantics.expressions import Expressions, value_of
from rulec.semantics.making import Making
from rulec.semantics.measures import additive, ordered
from rulec.semantics.scope import Named, keys
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.words import words

ROUNDING = {
    "cent": ("0.01", "nearest"), "cent_up": ("0.01", "up"), "cent_down": ("0.01", "down"),
    "ten": ("10", "nearest"), "hundred": ("100", "nearest"),
    **{f"places_{places}": (str(Decimal(1).scaleb(-places)), "nearest") for places in range(1, 7)},
    "unit": ("1", "nearest"), "unit_up": ("1", "up"), "unit_down": ("1", "down"),
}  # fmt: skip


@changing
class EffectValues:
    """Makes effects within a scope."""

    expressions: Expressions

    def effect(self, clause: Making) -> model.Effect | None:
        """The effect of a clause; None where an error was reported."""
        if clause.action is not None:
            if clause.forbids or clause.value is not None:
                return self.expressions.report("E427", clause.span)
            parameters = self._parameters(clause, clause.action.slot)
            return None if parameters is None else model.Do(clause.action.slot.key, parameters, span=clause.span)
        outcome = clause.outcome
        assert outcome is not None  # what is neither decided nor done is refused before
        if clause.forbids:
            if nothing_of(outcome.slot.type) is None:
                return self.expressions.report("E429", clause.span, term=outcome.slot.name)
            return model.Forbid(outcome.slot.key, span=clause.span)
        if clause.increases and outcome.slot.combine != "sum":
            return self.expressions.report("E438", clause.span, term=outcome.slot.name)
        value = self._value(clause, outcome.slot.type)
        return model.Give(outcome.slot.key, value, span=clause.span) if value else None

    def kind_of(self, clause: Making) -> t.Type | None:
        """The type of a value that nothing else tells the type of; None where it cannot be told."""
        said = clause.value
        if isinstance(said, ast.Value) and clause.base is not None:
            said = ast.Portion(said, clause.base, span=clause.span)
        value = self.expressions.read(said, None) if said is not None else None
        return value.type if value is not None else None

    def _value(self, clause: Making, kind: t.Type) -> model.Value | None:
        value = self._plain(clause, kind)
        if value and clause.per is not None:
            value = self._per(value, clause.value, clause.per)
        return self._adjusted(value, clause, kind)

    def _parameters(
        self, clause: Making, action: t.ActionSlot
    ) -> tuple[tuple[str, model.Value], ...] | None:  # fmt: skip
        """What an action is asked with; limits and a rounding are those of the parameter said last."""
        if not clause.limits and not clause.rounding:
            return tuple(clause.parameters)
        if not clause.parameters:
            return self.expressions.report("E427", clause.span)
        *before, (last, said) = clause.parameters
        kind = next(kind for key, _, kind in action.parameters if key == last)
        value = self._adjusted(said, clause, kind)
        return None if value is None else (*before, (last, value))

    def _adjusted(self, value: model.Value | None, clause: Making, kind: t.Type) -> model.Value | None:
        """The value with its limits, rounded."""
        for which, limit in clause.limits:
            bound = self.expressions.read(limit, kind)
            value = model.Limited(which, value, bound, kind, span=clause.span) if value and bound else None
        if value and (clause.rounding or clause.limits) and not ordered(kind):
            return self.expressions.report("E310", clause.span)
        if value and clause.rounding:
            if isinstance(kind, t.Percentage):
                return self.expressions.report("E437", clause.span)
            value = self._rounded(value, clause, kind)
        return value

    def _rounded(self, value: model.Value, clause: Making, kind: t.Type) -> model.Value | None:
        if clause.step is None:
            step, mode = ROUNDING[clause.rounding]
            return model.Rounded(value, Decimal(step), mode, kind, span=clause.span)
        multiple = self.expressions.literal(clause.step, kind)
        if multiple is None:
            return None
        if not isinstance(multiple.value, Decimal) or multiple.value <= 0:
            return self.expressions.report("E310", clause.step.span)
        return model.Rounded(value, multiple.value, clause.rounding, kind, span=clause.span)

    def _per(self, value: model.Value, said: ast.Operand | None, ref: ast.Ref) -> model.Value | None:
        """« 10 € de remise par article »: as many times as there are. `said`: the value as it is written."""
        scope = self.expressions.scope
        owners = frozenset[str]().union(*(fact.chain[0] for fact in scope.vocabulary.facts if len(fact.chain) > 1))
        if all(keys(term) & owners for term in ref.terms):
            return self._for_one(value, ref)  # « par commande »: the decision is about one
        found = scope.named(counted(ref.terms), is_number) or scope.named(ref.terms, is_number)
        if not found:
            return self.expressions.report("E208", ref.span)
        chosen = scope.one(found, ref.span)
        if chosen is None:
            return None
        if not additive(value.type) or isinstance(value.type, t.Percentage):
            return self.expressions.report("E310", value.span.to(ref.span))
        return _times(value, said, value_of(chosen, ref.span))

    def _for_one(self, value: model.Value, ref: ast.Ref) -> model.Value | None:
        """« 5 € par produit » of the one product; where its quantity is told, that or as many times?"""
        scope = self.expressions.scope
        hints = {fold(each) for each in words(scope.source.language).tables["hints"]["quantity"]}
        facts = [each for each in scope.named(ref.terms, is_number) if isinstance(each, model.FactTerm)]
        numbers: list[Named] = [each for each in facts if fold(each.slot.names[-1]) in hints]
        if isinstance(value.type, t.Number):  # « 5 points par commande »
            numbers += [each for each in scope.named(counted(ref.terms), is_number) if each not in numbers]
        if not numbers:
            return value
        said, whole = scope.source.cut(value.span), value.span.to(ref.span)
        self.expressions.refuse("E792", whole, [said, f"{said} × {scope.label(numbers[0])}"], keep=whole)
        return None

    def _plain(self, clause: Making, kind: t.Type) -> model.Value | None:
        said = clause.value
        if said is None:
            if isinstance(kind, t.YesNo) and clause.yes is not None:
                return model.Literal(clause.yes, kind, span=clause.span)
            if clause.limits and isinstance(clause.outcome, model.OutcomeTerm):
                return self.expressions.report("E427", clause.span)
            return self.expressions.report("E431", clause.span, expected=self.expressions.said(kind))
        literal = said.literal if isinstance(said, ast.Value) else None
        if (
            literal is not None
            and literal.kind == "percentage"
            and additive(kind)
            and not isinstance(kind, t.Percentage)
        ):
            if clause.base is None:
                return self.expressions.report("E422", said.span)
            assert isinstance(said, ast.Value)
            return self.expressions.read(ast.Portion(said, clause.base, span=clause.span), kind)
        if isinstance(said, ast.Ref) and isinstance(kind, t.YesNo):
            return self._truth(said, kind)
        if literal is not None and literal.kind == "rate" and isinstance(kind, t.Amount):
            return self.expressions.rated(said, kind)
        value = self.expressions.read(said, kind)
        if clause.yes is False and isinstance(value, model.Literal) and isinstance(value.value, bool):
            return replace(value, value=not value.value)
        return value

    def _truth(self, said: ast.Ref, kind: t.YesNo) -> model.Value | None:
        return self.expressions.reference(said, lambda other: other == kind)


def nothing_of(kind: t.Type) -> object:
    """What « pas de remise » gives: 0, no; None where nothing says it."""
    if isinstance(kind, t.YesNo):
        return False
    return Decimal(0) if additive(kind) else None


def _times(value: model.Value, said: ast.Operand | None, many: model.Value) -> model.Value:
    """« 5 € plus 1 € par article »: what comes last is multiplied; « (5 € + 1 €) par article »: all of it."""
    place = value.span.to(many.span)
    if isinstance(value, model.Arithmetic) and isinstance(said, ast.Binary) and value.operator in ("add", "sub"):
        return replace(value, right=_times(value.right, said.right, many), span=place)
    return model.Arithmetic("mul", value, many, value.type, span=place)
