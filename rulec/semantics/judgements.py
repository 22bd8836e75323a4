"""A judgement as written in, what it means out: what is judged, from which text, and what is done in doubt."""

from collections.abc import Iterator, Sequence

from rulec.runtime import types as t
from rulec.runtime.refused import ValueProblem
from rulec.runtime.shown import expected
from rulec.runtime.values import read_value
from rulec.semantics import model
from rulec.semantics.rules import Rules
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.tree import Node, Span, walk


def read_judgement(rules: Rules, said: ast.Judgement, span: Span) -> model.Judgement | None:
    """What a judgement means; None where an error was reported. `span`: the whole statement."""
    before = len(rules.diagnostics)
    item = said.declared.items[0]
    judged = [fact for fact in rules.vocabulary.facts if fact.slot.judged and fact.span == item.span]
    if len(judged) != 1:  # of an element of a list, or of what stands in two places
        return rules.diagnostics.add("E479", item.span, term=item.name)
    for part, code in ((said.text, "E493"), (said.means, "E494"), (said.doubt, "E495")):
        if part is None:
            return rules.diagnostics.add(code, item.span, term=item.name)
    assert said.text is not None
    assert said.means is not None
    assert said.doubt is not None
    text = _text(rules, said.text, judged[0])
    answers = tuple(_answers(rules, said.answers, judged[0].slot.type))
    doubt = _doubt(rules, said.doubt)
    if text is None or rules.diagnostics.failed_since(before):
        return None
    line = rules.source.place(span.start)[0]
    means = said.means.text
    return model.Judgement(judged[0].slot.path, text, means, answers, doubt, rules.source.name, line, span=span)


def _text(rules: Rules, ref: ast.Ref | ast.Picked, judged: model.FactTerm) -> str | None:
    """The path of the text; None where an error was reported."""
    found: model.Value | None = None
    if isinstance(ref, ast.Ref):
        owner = tuple(ast.Term("+".join(sorted(link)), span=ref.span) for link in judged.chain[-2:-1])
        before = owner if ref.their else ()
        found = rules.effects.expressions.reference(ref, lambda kind: isinstance(kind, t.Text), before)
        if found is None:
            return None
    if isinstance(found, model.FactOf) and not found.defined:
        return found.path
    return rules.diagnostics.add("E496", ref.span, text=rules.source.cut(ref.span))


def _answers(
    rules: Rules, said: Sequence[ast.Answered], kind: t.Type
) -> Iterator[tuple[object, tuple[str, ...]]]:  # fmt: skip
    """Texts with the answer that each has."""
    for each in said:
        try:
            yield _answer(each.answer, kind, rules), tuple(quote.text for quote in each.texts)
        except ValueProblem:
            language = rules.source.language
            rules.diagnostics.add("E498", each.span, text=each.answer, expected=expected(kind, language))


def _answer(said: str, kind: t.Type, rules: Rules) -> object:
    if isinstance(kind, t.YesNo) and said in ("yes", "no"):
        return said == "yes"
    if isinstance(kind, t.Choice):
        said = next((option.key for option in kind.options if fold(option.label) == fold(said)), said)
    return read_value(kind, said, rules.source.language)


def _doubt(rules: Rules, chain: ast.Chain) -> tuple[model.Do, ...]:
    """The actions asked for in doubt, with parameters that are said."""
    done = rules.effects.read(chain, None)
    if done is None:
        return ()
    fits = done.condition is None and all(isinstance(effect, model.Do) for effect in done.effects)
    actions = tuple(effect for effect in done.effects if isinstance(effect, model.Do))
    fits = fits and all(isinstance(value, model.Literal) for each in actions for _, value in each.parameters)
    if not fits:
        rules.diagnostics.add("E497", chain.span, text=rules.source.cut(chain.span))
    return actions


def unmarked(nodes: Sequence[Node]) -> Iterator[model.FactOf]:
    """The answers of judgements that are used as if they were certain."""
    for node in nodes:
        yield from (each for each in walk(node) if isinstance(each, model.FactOf) and each.judged and not each.seems)
