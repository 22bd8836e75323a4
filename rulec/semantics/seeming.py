"""What a clause says in, the same marked as a judgement out: « semble »; what is said as certain is refused."""

from dataclasses import replace

from rulec.diagnostics import Fix
from rulec.runtime import types as t
from rulec.semantics import model
from rulec.semantics.articles import agreement_of
from rulec.semantics.expressions import Expressions
from rulec.semantics.listings import Said
from rulec.semantics.predicates import Test
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.words import words
from rulec.tree import Node, Span, rewrite, walk

_ELIDING = "aeiouyœæh"


def seeming(expressions: Expressions, said: Said, test: Test) -> Said | None:
    """What seems to be; None (and an error) where it is known for sure."""
    facts = [node for node in walk(said.condition) if isinstance(node, model.FactOf | model.OutcomeOf)]
    if not facts or not all(isinstance(fact, model.FactOf) and fact.judged for fact in facts):
        return expressions.report("E417", test.span)
    listing = said.listing
    if listing is not None:
        listing = replace(listing, item=rewrite(listing.item, _seems))
    return replace(said, condition=rewrite(said.condition, _seems), listing=listing)


def _seems(node: Node) -> Node:
    return replace(node, seems=True) if isinstance(node, model.FactOf) and node.judged else node


def is_certain(expressions: Expressions, said: Said, clause: ast.Clause) -> bool:
    """Whether a judgement is said as if it were certain: an error, with what to write."""
    facts = [each for each in walk(said.condition) if isinstance(each, model.FactOf) and each.judged and not each.seems]
    if not facts:
        return False
    seems = words(expressions.scope.source.language).say("structure", "SEEMS")
    expressions.report("E492", clause.span, _fixes(expressions, said.condition, clause), seems=seems)
    return True


def _fixes(expressions: Expressions, condition: model.Condition, clause: ast.Clause) -> tuple[Fix, ...]:
    """Another verb, or the whole said with one."""
    scope = expressions.scope
    known = words(scope.source.language)
    head = clause.predicates[0] if clause.predicates else None
    if head is not None and head.marker in ("IS", "IS_NOT") and head.phrase is not None and len(clause.predicates) == 1:
        verb = known.say("structure", "SEEMS" if head.marker == "IS" else "SEEMS_NOT")
        start = scope.with_article(head.phrase.span).start
        return (Fix(Span(head.span.source, head.span.start, start), f"{verb} "),)
    text = _whole(expressions, condition)
    return (Fix(scope.with_article(clause.span), text),) if text else ()


def _whole(expressions: Expressions, condition: model.Condition) -> str:
    """« le client semble mécontent », « le motif semble livraison »; "" for what is said of several things."""
    negated = isinstance(condition, model.Not)
    said = condition.item if isinstance(condition, model.Not) else condition
    if not isinstance(said, model.Holds | model.Among) or not isinstance(said.item, model.FactOf):
        return ""
    names = expressions.scope.fact(said.item.path).slot.names
    if isinstance(said, model.Holds):
        return f"{_seems_to_be(expressions, names[-2], negated=negated)} {names[-1]}"
    options = said.item.type.options if isinstance(said.item.type, t.Choice) else ()
    labels = [option.label for value in said.values for option in options if option.key == value.value]
    either = words(expressions.scope.source.language).say("structure", "OR")
    return f"{_seems_to_be(expressions, names[-1], negated=negated)} {f' {either} '.join(labels)}"


def _seems_to_be(expressions: Expressions, name: str, *, negated: bool) -> str:
    """« le client semble », « les avis ne semblent pas »: a name with its article, and the verb."""
    scope = expressions.scope
    verbs = words(scope.source.language).tables["structure"]["SEEMS_NOT" if negated else "SEEMS"]
    if scope.source.language == "en":
        return f"the {name} {verbs[0]}"
    agreement = agreement_of(dict(scope.vocabulary.articles).get(fold(name), ""))
    if agreement.plural:
        return f"les {name} {verbs[1]}"
    if fold(name)[:1] in _ELIDING:
        return f"l'{name} {verbs[0]}"
    return f"{'la' if agreement.gender == 'f' else 'le'} {name} {verbs[0]}"
