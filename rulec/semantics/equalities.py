"""What something is said to be in, a condition out: « est fidèle », « est la France », « vaut 20 % »."""

from dataclasses import replace

from rulec.diagnostics import Fix
from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.comparisons import Comparisons, Terms, names_own
from rulec.semantics.expressions import Expressions, anything, value_of
from rulec.semantics.listings import Listing, Said, finished
from rulec.semantics.meanings import Meanings, yes_no
from rulec.semantics.predicates import Test
from rulec.semantics.scope import Named, keys
from rulec.syntax import ast
from rulec.tree import Span


@changing
class Equalities:
    """Reads « est » within a scope."""

    expressions: Expressions
    comparisons: Comparisons
    meanings: Meanings

    def read(self, subject: ast.Operand | None, test: Test, before: Terms) -> Said | None:
        """What the subject is said to be."""
        operand = test.phrase.operand if test.phrase else None
        match operand:
            case None:
                return self.expressions.report("E122", test.span)
            case ast.Ref():
                return self._is_named(subject, operand, test, before)
            case ast.Quote() if subject is None or isinstance(subject, ast.Ref | ast.Pronoun):
                return self._is_quote(subject, operand, test, before)
            case ast.Value(_, mark) | ast.Portion(ast.Value(_, mark)) if mark in ("ge", "le"):
                marked = replace(test, kind="compare", value=mark, negated=False)
                condition = self.comparisons.compare(subject, marked, before)
                return Said(signed(condition, test)) if condition else None
            case ast.WordValue(word) if (flag := self._flag(subject, before)) is not None:
                holds = model.Holds(flag, span=test.span)
                return Said(signed(model.Not(holds, span=test.span) if word == "no" else holds, test))
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
        said = {term.key for term in owner}
        others = tuple(term for term in ref.terms if term.key not in said)  # « le client est un client fidèle »
        for terms in ((*owner, *others), ref.terms):
            found = self.meanings.all(terms, test.span)
            if isinstance(subject, ast.Ref) and terms is ref.terms:
                found = [each for each in found if self._free(owner, each[1])]
            if len(found) == 1:
                negated = (test.negated or test.kind == "neither") ^ any(term.negated for term in ref.terms)
                meant = found[0][1]
                if isinstance(meant, model.Among) and len(meant.values) > 1:  # a named set
                    listing = Listing(meant.item, meant.values, test.kind, negated, (), (ref.span,))
                    return Said(finished(listing, test.span), owner, listing, negated)
                condition = model.Not(meant, span=test.span) if negated else meant
                return Said(condition, owner, None, negated)
            if found:
                return self.expressions.refuse("E204", ref.span, [label for label, _ in found])
        if not owner:
            return self.expressions.report("E208", ref.span)
        both = self.meanings.at_once(ast.Ref((*owner, *others), span=ref.span)) if not test.negated else None
        if both is not None:  # « est un professionnel fidèle »
            return Said(both, owner)
        if listed := self._lists(owner):
            return self._no_value(listed, ref)
        compared = self.comparisons.compare(subject, replace(test, kind="compare", value="eq"), before)
        return Said(signed(compared, test)) if compared else None

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
        option = min(said & {option.key for option in kind.options}) if isinstance(kind, t.Choice) else ""
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


def signed(condition: model.Condition, test: Test) -> model.Condition:
    """The condition, denied where the test is."""
    return model.Not(condition, span=test.span) if test.negated else condition
