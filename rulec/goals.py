"""A goal as written in (« remise ≥ 10 % »), the condition that a decision must meet out; or what is wrong with it."""

from rulec.diagnostics import Diagnostics
from rulec.files import open_source
from rulec.plan.lower_promises import lower_promise
from rulec.plan.tree import Plan, Promise
from rulec.semantics import model
from rulec.semantics.names import names_of
from rulec.semantics.rules import Rules
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.grammar import SentenceError, parse_tokens
from rulec.syntax.lexer import lex
from rulec.syntax.parse import read_raw
from rulec.syntax.shape import Shaping, shape
from rulec.syntax.tokens import Token
from rulec.syntax.unreadable import report_unreadable, report_words
from rulec.tree import Span, walk

_NAMES: dict[Language, str] = {"fr": "but.regles", "en": "goal.rules"}


def goal_of(
    text: str, plan: Plan, vocabulary: model.Vocabulary, language: Language, diagnostics: Diagnostics
) -> tuple[Source, Promise | None]:  # fmt: skip
    """The goal, as a promise that is not kept yet; None where an error was reported."""
    source = open_source(0, _NAMES[language], " ".join(text.split()), language, diagnostics)
    rules = Rules(vocabulary, source, diagnostics)
    chain = _chain(source, rules, diagnostics)
    said = rules.conditions.read(chain) if chain is not None else None
    if said is None or diagnostics.failed:
        return source, None
    promise = model.Promise("always", "goal", source.text, source.name, 1, said)
    made = lower_promise(promise, {each.key: each for each in plan.definitions})
    if not any(isinstance(node, model.OutcomeOf) for node in walk(said)) and not made.outcomes:
        diagnostics.add("E380", chain.span if chain else Span(), text=source.text)
        return source, None
    return source, made


def _chain(source: Source, rules: Rules, diagnostics: Diagnostics) -> ast.Chain | None:
    """The condition as it is written."""
    names = names_of(rules.vocabulary, source.language)
    raws = read_raw(source, diagnostics)
    items = raws[0].items if len(raws) == 1 else ()
    said = shape(lex(source, items, names, diagnostics), Shaping(source, False, diagnostics))
    if diagnostics.failed or report_words(source, said, diagnostics):
        return None
    if not said:
        diagnostics.add("E982", Span(0, 0, len(source.text)), text=source.text)
        return None
    start = Span(0, said[0].span.start, said[0].span.start)
    tokens = [Token("PROMISE", "", "always", start), Token("COLON", "", ":", start), *said]
    try:
        statement = parse_tokens(tokens)
    except SentenceError as stop:
        report_unreadable(source, said, SentenceError(max(stop.at - 2, 0), stop.states), diagnostics)
        return None
    assert isinstance(statement, ast.Promise)
    item = statement.items[0]
    if len(statement.items) > 1 or item.when or item.unless:
        diagnostics.add("E982", item.span, text=source.text)
        return None
    return item.said
