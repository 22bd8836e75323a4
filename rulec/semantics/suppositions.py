"""What an example says of a case in (« une commande de 620 € et un client fidèle »), facts with their values out.

What is wrong is reported and left out: nothing is run where there is an error.
"""

import re
from dataclasses import field, replace
from decimal import Decimal

from rulec.diagnostics import Fix, Related
from rulec.runtime import types as t
from rulec.runtime.bounds import bounds_text, inside
from rulec.runtime.plain import changing
from rulec.runtime.shown import show_value
from rulec.semantics import model
from rulec.semantics.conditions import Conditions
from rulec.semantics.expectations import constant
from rulec.semantics.expressions import anything
from rulec.semantics.measures import additive
from rulec.source import Language
from rulec.syntax import ast
from rulec.tree import Span, walk

_MOST_OFFERED = 4
_A_DAY: dict[Language, str] = {"fr": "le 3 mars 2026", "en": "on 3 March 2026"}


@changing
class Case:
    """What is given so far: facts by path, and the date of the decision."""

    facts: dict[str, model.Supposed] = field(default_factory=dict)
    at: model.Value | None = None


@changing
class Suppositions:
    """Reads what is given within a scope."""

    conditions: Conditions
    element: str = ""  # of a list, what its elements are bound to

    def read(self, chain: ast.Chain) -> Case:
        """The facts of a chain; what fixes no value is reported."""
        case = Case()
        rest = self._dates(chain, case)
        if rest.items:
            self.add(self.conditions.read(rest), case)
        return case

    def add(self, condition: model.Condition | None, case: Case) -> None:
        """Take the facts that a condition fixes."""
        if condition is not None:
            self._fix(condition, case)

    def date(self, value: model.Value, case: Case) -> None:
        """Take the date of the decision."""
        if case.at is not None and case.at != value:
            self._refuse("E461", value.span, term=self._cut(value.span), related=(Related(case.at.span, "first"),))
        case.at = value

    def doubt(self, clause: ast.Clause, case: Case) -> bool:
        """Whether it says that a judgement is in doubt, which is then taken: « un client mécontent dans le doute »."""
        if [each.marker for each in clause.predicates] != ["DOUBTFUL"]:
            return False
        ref = clause.subject.operand if clause.subject else None
        named = self.conditions.expressions.scope.named(ref.terms, anything) if isinstance(ref, ast.Ref) else []
        judged = [each for each in named if isinstance(each, model.FactTerm) and each.slot.judged]
        if len(judged) != 1:
            self._refuse("E417", clause.span, text=self._cut(clause.span))
            return True
        slot = judged[0].slot
        self.take(slot.path, model.Literal(t.IN_DOUBT, slot.type, span=clause.span), clause.span, case)
        return True

    def _dates(self, chain: ast.Chain, case: Case) -> ast.Chain:
        """« le 3 mars 2026 » is the date of the decision; commas between facts stand for « et »."""
        kept: list[ast.Element | ast.Connective] = []
        joined: ast.Connective | None = None
        for item in chain.items:
            if isinstance(item, ast.Connective):
                joined = replace(item, kind="AND") if item.kind in ("COMMA", "COMMA_AND") else item
            elif isinstance(item, ast.Clause) and self.doubt(item, case):
                continue
            elif (day := _day(item)) is not None:
                value = self.conditions.expressions.literal(day, t.Date())
                if value is not None:
                    self.date(value, case)
            else:
                kept += [joined, _counted(item)] if kept and joined is not None else [_counted(item)]
        return replace(chain, items=tuple(kept))

    # ---- what a condition fixes

    def _fix(self, condition: model.Condition, case: Case) -> None:
        match condition:
            case model.All(items):
                for item in items:
                    self._fix(item, case)
            case model.Always():
                pass
            case model.Compare("eq", model.Today(), day) | model.Compare("eq", day, model.Today()) if constant(day):
                self.date(day, case)
            case model.Compare("eq", item, value) if constant(value):
                self._give(item, value, condition, case)
            case model.Among(item, (value,)):
                self._give(item, value, condition, case)
            case model.TextTest("equals", item, pattern):
                self._give(item, model.Literal(pattern, t.Text(), span=condition.span), condition, case)
            case model.Holds(item):
                self._give(item, model.Literal(True, t.YesNo(), span=condition.span), condition, case)
            case model.Not(model.Holds(item)):
                self._give(item, model.Literal(False, t.YesNo(), span=condition.span), condition, case)
            case model.Not(model.IsGiven(item)):
                self._give(item, None, condition, case)
            case _:  # whatever else is a condition leaves a choice
                self._open(condition, case)

    def _give(self, item: model.Value, value: model.Value | None, condition: model.Condition, case: Case) -> None:
        if isinstance(item, model.OutcomeOf):
            self._refuse("E462", condition.span, term=self._outcome(item.key))
            return
        if not isinstance(item, model.FactOf) or not self._own(item):
            self._open(condition, case)
            return
        if item.defined:
            self._refuse("E462", condition.span, term=self.conditions.expressions.scope.fact(item.path).slot.names[-1])
            return
        self.take(item.path, value, condition.span, case)
        fact = self.conditions.expressions.scope.fact(item.path)
        if isinstance(value, model.Literal) and fact.slot.bounds and not inside(fact.slot.bounds, value.value):
            bounds = bounds_text(fact.slot.bounds, fact.slot.type, self._language)
            self._refuse("E463", value.span, text=self._cut(value.span), bounds=bounds)

    def _own(self, item: model.FactOf) -> bool:
        """Whether the fact is one of those that are given here: of the element of a list, or of nothing."""
        if item.of is None:
            return not self.element
        return isinstance(item.of, model.ItemOf) and item.of.name == self.element

    def take(self, path: str, value: model.Value | model.Rows | None, span: Span, case: Case) -> None:
        """The value of a fact; a second one is reported."""
        known = case.facts.setdefault(path, model.Supposed(path, value, span=span))
        if known.value != value:
            label = self.conditions.expressions.scope.label(self.conditions.expressions.scope.fact(path))
            self._refuse("E461", span, term=label, related=(Related(known.span, "first"),))

    def _open(self, condition: model.Condition, case: Case) -> None:
        """« commande > 500 € »: an example needs one value; one is shown."""
        place = condition.span
        texts = self._offers(condition)[:_MOST_OFFERED]
        self._refuse("E460", place, fixes=tuple(Fix(place, text) for text in texts), text=self._cut(place))

    def _offers(self, condition: model.Condition) -> list[str]:
        match condition:
            case _ if any(isinstance(node, model.FactOf) and node.of is not None for node in walk(condition)):
                return self._to_complete(condition)
            case model.Compare(operator, model.FactOf(path, kind), model.Literal(value)) if isinstance(value, Decimal):
                step = {"gt": Decimal(1), "lt": Decimal(-1), "ne": Decimal(1)}.get(operator, Decimal(0))
                step = step / 100 if isinstance(kind, t.Percentage) else step
                return [self._equal(path, condition, kind, value + step)]
            case model.Between(model.FactOf(path, kind), model.Literal(low), model.Literal(high)) if isinstance(
                low, Decimal
            ) and isinstance(high, Decimal):
                return [self._equal(path, condition, kind, low if condition.low_included else (low + high) / 2)]
            case model.Among(model.FactOf(path, kind), values):
                return [self._equal(path, condition, kind, value.value) for value in values]
            case model.Not(model.Among(model.FactOf(path, t.Choice(options) as kind), values)):
                denied = {value.value for value in values}
                return [self._equal(path, condition, kind, o.key) for o in options if o.key not in denied]
            case model.AnyOf(items):
                return [self._cut(item.span) for item in items]
            case _:
                return self._to_complete(condition)

    def _to_complete(self, condition: model.Condition) -> list[str]:
        """A sentence whose value is left to the author; without any fact, the condition is about the day.

        A list of elements has no value that a sentence says.
        """
        facts = [node for node in walk(condition) if isinstance(node, model.FactOf)]
        if not facts:
            return [_A_DAY[self._language]]
        said = [each for each in facts if each.of is None and not isinstance(each.type, t.ListOf)]
        return [self._sentence(each.path, condition, each.type, "…") for each in said[:1]]

    def _equal(self, path: str, condition: model.Condition, kind: t.Type, value: object) -> str:
        return self._sentence(path, condition, kind, show_value(kind, value, self._language))

    def _sentence(self, path: str, condition: model.Condition, kind: t.Type, value: str) -> str:
        """« la commande est de 501 € », with the words of the author where they stand first."""
        scope = self.conditions.expressions.scope
        fact, written = scope.fact(path), self._cut(condition.span)
        named = re.match(rf".*?\b{re.escape(fact.slot.names[-1])}\b", written, re.IGNORECASE)
        left = next((node.span for node in walk(condition) if isinstance(node, model.FactOf)), Span())
        first = left.start <= condition.span.start or scope.with_article(left).start <= condition.span.start
        name = scope.whole(left) if first else named[0] if named else scope.label(fact)
        french = self._language == "fr"
        verb = ("est de" if additive(kind) else "est") if french else "is"
        return f"{name} {verb} {value}"

    # ---- words

    def _refuse(
        self, code: str, span: Span, fixes: tuple[Fix, ...] = (), related: tuple[Related, ...] = (),
        **values: str,
    ) -> None:  # fmt: skip
        self.conditions.expressions.scope.diagnostics.add(code, span, fixes=fixes, related=related, **values)

    def _outcome(self, key: str) -> str:
        outcomes = self.conditions.expressions.scope.vocabulary.outcomes
        return next(each.slot.name for each in outcomes if each.slot.key == key)

    def _cut(self, span: Span) -> str:
        return self.conditions.expressions.scope.source.cut(span)

    @property
    def _language(self) -> Language:
        return self.conditions.expressions.scope.source.language


def _counted(item: ast.Element) -> ast.Element:
    """« 3 articles », alone: there are three of them."""
    match item:
        case ast.Clause(ast.Phrase(ast.Portion(ast.Value(_, ""), ast.Ref())), ()):
            said = ast.Predicate("HAS", "", item.subject, span=item.span)
            return ast.Clause(None, (said,), span=item.span)
        case _:
            return item


def _day(element: ast.Element) -> ast.Value | None:
    """« le 3 mars 2026 », "on 3 March 2026", with nothing else said of it."""
    if not isinstance(element, ast.Clause):
        return None
    phrase = element.subject
    if phrase is None and len(element.predicates) == 1 and element.predicates[0].marker == "ON":
        phrase = element.predicates[0].phrase
    elif element.predicates:
        return None
    value = phrase.operand if phrase and phrase.detail is None else None
    dated = isinstance(value, ast.Value) and value.literal is not None and value.literal.kind == "date"
    return value if dated and isinstance(value, ast.Value) else None
