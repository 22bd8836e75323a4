"""What is printed of a model reads as the same model, in the language it came from and in the other."""

from dataclasses import replace
from functools import cache

import pytest
from sampling import one_in
from test_pairs import PAIRS, compiled, pairs, vocabulary

from rulec.diagnostics import Diagnostics
from rulec.files import open_source
from rulec.formatting import oversight_in, promises_in, reads_of
from rulec.pipeline import Compiled, compile_text
from rulec.plan.alike import comparable
from rulec.plan.tree import Plan
from rulec.printing.layout import lines_of
from rulec.printing.names import Speech
from rulec.printing.promises import promises
from rulec.printing.rules import precedence, statement
from rulec.printing.supervision import oversight
from rulec.semantics.rules import Rules
from rulec.source import LANGUAGES, Language
from rulec.syntax import ast

EVERY = [*PAIRS, *pairs("promises.tsv"), *pairs("supervision.tsv")]
CLEAR = [pair[1:] for pair in EVERY if pair[0] in ("clear", "stated")]
SOME = one_in(5, CLEAR)
WHOLE = "Si client fidèle alors remise 10 %\n"


@cache
def declared(language: Language) -> Compiled:
    """The declarations that all the pairs share."""
    rule = {"fr": WHOLE, "en": "If loyal customer then discount 10%\n"}[language]
    return compile_text(vocabulary(language) + rule, language=language)


def printed(text: str, language: Language, target: Language) -> str:
    """The rules of a text, below the shared declarations, as they are printed in a language."""
    whole = vocabulary(language) + text.replace("\\n", "\n") + "\n"
    of = declared(language)
    source = open_source(0, "x.regles" if language == "fr" else "x.rules", whole, language, Diagnostics())
    speech = Speech(target, declared(target).vocabulary)
    rules = Rules(of.vocabulary, source, Diagnostics())
    lines: list[str] = []
    for read in reads_of(source, of):
        match read.statement:
            case ast.Rule() as rule:
                lines += statement(speech, list(rules.read(rule, read.span)))
            case ast.Precedence(strong, weak):
                lines += lines_of(precedence(speech, strong, weak), 0)
            case ast.Promise():
                lines += promises(speech, promises_in(rules, read))
            case ast.Autonomy() | ast.Approval() as said:
                lines += oversight(speech, oversight_in(rules, said, read.span), language == target)
            case _:
                pass
    return "\n".join(lines)


def meant(plan: Plan | None) -> list[object]:
    """What a plan decides, whatever its places and titles."""
    assert plan is not None
    made = comparable(plan)
    rules = [(rule.branches, rule.unless, rule.exceptions, rule.because) for rule in made.rules]
    return [*rules, *made.promises, *(replace(each, name="") for each in made.oversight)]


@pytest.mark.parametrize(("french", "english"), SOME, ids=[pair[0][:50] for pair in SOME])
def test_every_pair_is_said_again_in_both_languages(french: str, english: str) -> None:
    texts: dict[Language, str] = {"fr": french, "en": english}
    for language in LANGUAGES:
        made = compiled(texts[language], language)
        plan = made.plan
        if plan is None or plan.tables or any(each.defined for each in made.vocabulary.facts):
            pytest.skip("definitions and tables stay as they are written")
        if "par défaut" in french and ":\\n" in french:
            pytest.skip("the default of a period stays as it is written")
        first = meant(plan)
        said = {target: printed(texts[language], language, target) for target in LANGUAGES}
        for target, text in said.items():
            assert meant(compiled(text.replace("\n", "\\n"), target).plan) == first, text
