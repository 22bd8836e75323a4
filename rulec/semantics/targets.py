"""Names after « alors » in, what they decide or do out."""

from rulec.diagnostics import Fix
from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.clauses import Clauses
from rulec.semantics.expressions import Expressions
from rulec.semantics.making import Making
from rulec.semantics.scope import keys
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.words import words
from rulec.tree import Span


@changing
class Targets:
    """Finds outcomes and actions within a scope."""

    expressions: Expressions
    clauses: Clauses
    defining: model.OutcomeTerm | None = None  # what a definition defines: nothing else is decided in it

    @property
    def _french(self) -> bool:
        return self.expressions.scope.source.language == "fr"

    def target(self, ref: ast.Ref) -> model.OutcomeTerm | None:
        """The outcome that a reference names: one of its terms does, the others may say whose it is."""
        scope = self.expressions.scope
        found = scope.outcomes(ref.terms)
        if self.defining is not None:
            found = [self.defining] if any(keys(term) & self.defining.names for term in ref.terms) else []
        others = [term for term in ref.terms if not any(keys(term) & each.names for each in found)]
        if not scope.owners(others) and not scope.vocabulary.inferred:
            return None
        return found[0] if len(found) == 1 else None

    def acts(self, ref: ast.Ref) -> bool:
        """Whether a reference names an action."""
        return bool(self.expressions.scope.actions(ref.terms))

    def action(self, clause: Making, ref: ast.Ref) -> model.ActionTerm | None:
        """The action that a reference names; « de niveau 1 » after it is a parameter."""
        for action in self.expressions.scope.actions(ref.terms) if self.defining is None else ():
            others = [term for term in ref.terms if not keys(term) & action.names]
            if others and clause.value is None and self._group_of(clause, others):
                return action
            if not others or (len(others) == 1 and clause.value is not None):
                if others and not self.parameter(clause, action, others[0], clause.value):
                    continue
                return action
        return None

    def _group_of(self, clause: Making, others: list[ast.Term]) -> bool:
        """« refuser les clients en retard de paiement »: whom it concerns is the condition."""
        if self.expressions.scope.owners(others):
            return True  # « refuser la commande »: the decision is about one
        ref = ast.Ref(tuple(others), span=others[0].span.to(others[-1].span))
        if not self.clauses.meanings.means(ref):
            return False
        clause.groups.append(("", ref))
        return True

    def only_outcome(
        self, value: ast.Operand | None, span: Span, off: ast.Predicate | None = None
    ) -> model.OutcomeTerm | None:
        """As "10% off" says it, the only outcome of that type. `off`: what follows the value, if it says so."""
        literal = value.literal if isinstance(value, ast.Value) else None
        outcomes = self.expressions.scope.vocabulary.outcomes
        kinds = {"percentage": t.Percentage, "amount": t.Amount, "number": t.Number}
        wanted = kinds.get(literal.kind) if literal else None
        fitting = [each for each in outcomes if wanted and isinstance(each.slot.type, wanted)]
        if len(fitting) == 1:
            return fitting[0]
        names = [each.slot.name for each in fitting or outcomes] if literal is not None else []
        text = self.expressions.scope.source.cut(span)
        link = " de " if self._french else " "
        source = self.expressions.scope.source
        adding = tuple(fold(each) for each in words(source.language).tables["structure"]["ADD"])
        if fold(source.text[: span.start]).rstrip().endswith(adding):
            to = "à" if self._french else "to the"
            summed = [each.slot.name for each in fitting if each.slot.combine in ("sum", "compound")]
            fixes = tuple(Fix(span, f"{text} {to} {name}") for name in summed[:4])
            self.expressions.report("E423", span, fixes, readings=" | ".join(names))
            return None
        if off is not None and self.expressions.scope.vocabulary.inferred:
            self.expressions.report("E423", span, (self._named_discount(text, span, off),), readings="discount")
            return None
        self.expressions.report(
            "E423", span, tuple(Fix(span, f"{name}{link}{text}") for name in names[:4]), readings=" | ".join(names)
        )
        return None

    def _named_discount(self, text: str, span: Span, off: ast.Predicate) -> Fix:
        """ "10% off orders over €500" as "discount 10% for orders over €500", where no vocabulary names a discount."""
        end = off.phrase.span.start if off.phrase else off.span.end
        return Fix(span.to(Span(span.source, off.span.start, end)), f"discount {text}{' for ' if off.phrase else ''}")

    def parameter(self, clause: Making, action: model.ActionTerm, term: ast.Term, said: ast.Operand | None) -> bool:
        """Take a parameter of the action, if the term names one."""
        for (key, _, kind), names in zip(action.slot.parameters, action.parameters, strict=True):
            if keys(term) & names and said is not None:
                value = self.expressions.read(said, kind)
                if value is not None:
                    clause.parameters.append((key, value))
                clause.value = None
                return True
        return False
