"""Lists of values within conditions: « le pays est la France, la Belgique ou la Suisse » is one condition."""

from dataclasses import replace

from rulec.runtime import types as t
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model
from rulec.semantics.comparisons import Terms
from rulec.semantics.connectives import AND
from rulec.semantics.expressions import Expressions
from rulec.semantics.scope import keys
from rulec.syntax import ast
from rulec.tree import Span


@plain
class Listing(Plain):
    """A membership that may go on: « le pays est la France, » … `joins`: what stood before each further value."""

    item: model.Value
    values: tuple[model.Literal, ...]
    how: str  # is, neither, one_of, or the test of a text: contains, starts, ends, matches
    negated: bool = False
    joins: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    exact: bool = False

    @property
    def of_texts(self) -> bool:
        """« commence par « A » », and not « est « A » »."""
        return self.how not in ("is", "neither", "one_of")


@plain
class Said(Plain):
    """What a clause says. `subject`: the names that the next clause may leave out. `negation`: it has a « pas ».

    `state`: « client fidèle », of « le client fidèle a une carte »: what the next clause is said of, too.
    """

    condition: model.Condition
    subject: Terms = ()
    listing: Listing | None = None
    negation: bool = False
    group: bool = False
    state: model.Condition | None = None


@plain
class Part(Plain):
    """A condition of the chain, the connective before it ("" for the first) and its place."""

    said: Said
    joined: str
    span: Span


def extended(listing: Listing, element: ast.Element, join: str, expressions: Expressions) -> Listing | None:
    """The membership with one value more, if the element is nothing but a value of it."""
    if not isinstance(element, ast.Clause) or element.predicates or element.subject is None or element.subject.detail:
        return None
    operand = element.subject.operand
    value: model.Value | None = None
    kind = listing.item.type
    match operand:
        case ast.Ref() if isinstance(kind, t.Choice):
            said = {key for term in operand.terms for key in keys(term)} if len(operand.terms) == 1 else set()
            option = next((o.key for o in kind.options if o.key in said), None)
            value = model.Literal(option, kind, span=operand.span) if option else None
            if value is None and (named_set := expressions.scope.set_of(operand)):
                return _with_set(listing, named_set, kind, join, operand.span)
        case ast.Quote():
            value = expressions.read(operand, kind)
        case ast.Value():
            value = expressions.literal(operand, kind)
        case _:
            return None
    if not isinstance(value, model.Literal):
        return None if isinstance(operand, ast.Ref) else listing  # an error was reported
    return replace(
        listing, values=(*listing.values, value), joins=(*listing.joins, join), spans=(*listing.spans, operand.span)
    )


def _with_set(
    listing: Listing, named_set: model.SetTerm, kind: t.Choice, join: str, span: Span
) -> Listing | None:
    """« la France ou un pays lointain »: all the values of a named set."""
    if not set(named_set.options) <= {option.key for option in kind.options}:
        return None
    values = tuple(model.Literal(option, kind, span=span) for option in named_set.options)
    return replace(
        listing, values=(*listing.values, *values), joins=(*listing.joins, join), spans=(*listing.spans, span)
    )


def finished(listing: Listing, span: Span) -> model.Condition:
    """The condition of a membership."""
    if listing.of_texts:
        texts = [str(value.value) for value in listing.values]
        told = tuple(model.TextTest(listing.how, listing.item, text, listing.exact, span=span) for text in texts)
        return model.All(told, span=span) if set(listing.joins) & AND else model.AnyOf(told, span=span)
    if isinstance(listing.item.type, t.Text):
        tests = tuple(model.TextTest("equals", listing.item, str(v.value), span=span) for v in listing.values)
        condition: model.Condition = model.AnyOf(tests, span=span) if len(tests) > 1 else tests[0]
    else:
        condition = model.Among(listing.item, listing.values, span=span)
    return model.Not(condition, span=span) if listing.negated else condition


def listed(condition: model.Condition, span: Span) -> Listing | None:
    """« pour la France … » may go on: « … et la Belgique »."""
    if isinstance(condition, model.Among) and len(condition.values) == 1:
        return Listing(condition.item, condition.values, "one_of", False, (), (span,))
    return None
