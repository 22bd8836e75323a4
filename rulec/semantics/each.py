"""What a rule or table decides in, the elements of a list that it is about out: « Pour chaque ligne fragile : … »."""

from collections.abc import Iterable

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.aggregates import Aggregates
from rulec.semantics.conditions import Conditions
from rulec.semantics.effects import Effects
from rulec.semantics.expressions import Expressions
from rulec.semantics.filters import Filters
from rulec.semantics.groups import joined_elements
from rulec.semantics.lists import Found, Lists
from rulec.semantics.scope import Scope
from rulec.syntax import ast
from rulec.tree import Span


@changing
class Each:
    """Finds the elements that statements are about."""

    effects: Effects

    @property
    def _expressions(self) -> Expressions:
        return self.effects.expressions

    def said(self, each: ast.Chain) -> Found | None:
        """The elements that a heading names, all those of a list or some; None where an error was reported."""
        clauses, text = self.effects.conditions.clauses, self._expressions.scope.source.cut(each.span)
        elements = Filters(self._expressions).together(joined_elements(each)) if clauses.has_lists else []
        if elements is None:
            return None
        clause = elements[0][1] if len(elements) == 1 else None
        listed = clauses.quantities.listed(clause) if isinstance(clause, ast.Clause) else None
        if listed is None:
            return self._expressions.report("E372", each.span, text=text)
        found = Aggregates(self._expressions).elements(listed)
        if found is not None and (found.rest or found.distinct or not found.path):
            return self._expressions.report("E372", each.span, text=text)
        return found

    def implied(self, rule: ast.Rule, span: Span) -> Found | None:
        """The list for the elements of which all is decided that a rule decides; None for another rule."""
        scope = self._expressions.scope
        expressions = Expressions(Scope(scope.vocabulary, scope.source, Diagnostics()))
        quiet = Effects(expressions, Conditions(expressions))
        context = None
        if rule.topic is not None and isinstance(clause := rule.topic.items[0], ast.Clause) and clause.subject:
            named = clause.subject.operand
            context = quiet.targets.target(named) if isinstance(named, ast.Ref) and not clause.predicates else None
        made = [each for case in rule.cases for each in quiet.made(case.effects, context) or ()]
        return self.of([each.outcome for each in made], span)

    def of(self, decided: Iterable[model.OutcomeTerm | None], span: Span) -> Found | None:
        """The list for the elements of which these outcomes are decided; refused where only some of them are."""
        lists = {each.slot.each if each is not None else "": each for each in decided}
        one = next((each for path, each in lists.items() if path), None)
        if one is None:
            return None
        if len(lists) > 1:
            return self._expressions.report("E376", span, term=one.slot.name)
        return Lists(self._expressions).at(one.slot.each, span)
