"""What is asked of lists is printed so that it reads as the same, in the language it came from and in the other."""

import os
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from models import on_lists
from sampling import one_in
from test_pairs import ENDINGS, GOLDEN, pairs

from rulec.diagnostics import Diagnostics
from rulec.files import open_source
from rulec.formatting import file_of, formatted, reads_of
from rulec.pipeline import Compiled, compile_text
from rulec.plan.alike import comparable
from rulec.plan.conditions import condition_of
from rulec.plan.tree import Plan
from rulec.printing.names import Speech
from rulec.printing.rules import statement
from rulec.runtime.types import Percentage
from rulec.semantics import model
from rulec.semantics.rules import Rules
from rulec.source import LANGUAGES, Language
from rulec.syntax import ast

# of one sentence: a rule below definitions is not printed with their names in the other vocabulary
CLEAR = [pair[1:] for pair in pairs("lists.tsv") if pair[0] in ("clear", "stated") and "\\n" not in pair[1]]
SOME = one_in(5, CLEAR)
WRITTEN = [
    # as written, as it is printed
    ("Si tous les articles dont la quantité dépasse 2 sont en stock alors remise 1 %",
     "Si tous les articles dont (la quantité dépasse 2) sont en stock alors la remise est de 1 %"),
    ("Si au plus 2 commandes du client qui sont payées alors remise 1 %",
     "Si au plus 2 commandes du client sont payées alors la remise est de 1 %"),
    ("Si au moins un article dont (le prix dépasse 10 € ou la quantité dépasse 2) alors remise 1 %",
     "Si au moins un article dont (le prix dépasse 10 € ou la quantité dépasse 2)\n  alors la remise est de 1 %"),
    ("Si aucun article dont le prix dépasse 10 € et le code du client est « A » alors remise 1 %",
     "Si (aucun article dont le prix dépasse 10 €) et le code du client est « A »\n  alors la remise est de 1 %"),
    ("Les frais sont de 2 × (la somme des prix des articles dont (la quantité dépasse 2))",
     "Les frais sont de 2 × (la somme des prix des articles dont (la quantité dépasse 2))"),
    ("Si le prix de l'article dont l'article est fragile et dont la quantité est la plus élevée dépasse 1 €\n"
     "  alors remise 1 %",
     "Si le prix de l'article dont (l'article est fragile) dont la quantité est la plus élevée dépasse 1 €\n"
     "  alors la remise est de 1 %"),
    ("Si la date de la première commande est avant le 1er mars 2026 alors remise 1 %",
     "Si la date de la première commande est avant le 1er mars 2026 alors la remise est de 1 %"),
]  # fmt: skip


EXAMPLES = int(os.environ.get("RULEC_EXAMPLES", "60"))
REFUSED = {"E412", "E453", "E405"}  # what can never be, however it is said


@cache
def vocabulary(language: Language) -> str:
    """The declarations of lists."""
    return (GOLDEN / f"lists.{ENDINGS[language]}").read_text(encoding="utf-8")


def compiled(text: str, language: Language) -> Compiled:
    """What comes of a text below the declarations of lists."""
    return compile_text(f"{vocabulary(language)}{text}\n", f"x.{ENDINGS[language]}", language)


def printed(text: str, language: Language, target: Language) -> str:
    """The rules of a text as they are printed in a language."""
    of, other = compiled(text, language), compiled("", target)
    source = open_source(0, f"x.{ENDINGS[language]}", f"{vocabulary(language)}{text}\n", language, Diagnostics())
    rules = Rules(of.vocabulary, source, Diagnostics())
    speech = Speech(target, other.vocabulary)
    lines = [
        line
        for read in reads_of(source, of)
        if isinstance(read.statement, ast.Rule)
        for line in statement(speech, list(rules.read(read.statement, read.span)))
    ]
    return "\n".join(lines)


def meant(plan: Plan | None, text: str) -> list[object]:
    """What a plan decides."""
    assert plan is not None, text
    return [(rule.branches, rule.unless, rule.each) for rule in comparable(plan).rules]


@pytest.mark.parametrize(("french", "english"), SOME, ids=[pair[0][:60] for pair in SOME])
def test_every_pair_is_said_again_in_both_languages(french: str, english: str) -> None:
    texts: dict[Language, str] = {"fr": french, "en": english}
    for language in LANGUAGES:
        first = meant(compiled(texts[language], language).plan, texts[language])
        for target in LANGUAGES:
            said = printed(texts[language], language, target)
            assert meant(compiled(said, target).plan, said) == first, said
            assert printed(said, target, target) == said


@pytest.mark.parametrize(("text", "canonical"), WRITTEN)
def test_lists_are_said_in_one_form(text: str, canonical: str) -> None:
    assert printed(text, "fr", "fr") == canonical


def test_what_is_decided_for_each_element_is_said_again() -> None:
    text = """\
Une ligne [line] a :
  - un prix (en €), principal [price]
  - il peut être fragile [fragile]
Une commande [order] a :
  - des lignes (liste de ligne) [lines]
On décide pour chaque ligne :
  - la remise de ligne (pourcentage) [line_discount]
On décide :
  - le total (pourcentage) [total]
Règle « Ligne » :
  Pour chaque ligne :
    si la ligne est fragile et le prix de la ligne dépasse 3 €
    alors la remise de ligne est de 5 %
    sinon la remise de ligne est de 0 %
Le total est la somme des remises de ligne
"""
    of = compile_text(text, "x.regles", "fr")
    new = formatted(file_of(text, ("x.regles",), of), of)
    assert meant(compile_text(new, "x.regles", "fr").plan, new) == meant(of.plan, text)
    assert "Pour chaque ligne :\n" in new


@cache
def declared(language: Language) -> Compiled:
    """The declarations of lists, compiled."""
    return compiled("", language)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_any_condition_on_lists_reads_as_it_is_printed(language: Language, data: st.DataObject) -> None:
    condition = data.draw(on_lists(declared("fr").vocabulary))
    given_ = model.Give("discount", model.Literal(Decimal("0.01"), Percentage()))
    rule = model.Rule("x:1", "x:1", "x", 1, (model.Branch(condition, (given_,)),))
    of = declared(language)
    text = "\n".join(statement(Speech(language, of.vocabulary), [rule])) + "\n"
    found = Diagnostics()
    source = open_source(0, f"x.{ENDINGS[language]}", text, language, found)
    reader = Rules(of.vocabulary, source, found)
    read = [
        made
        for each in reads_of(source, of)
        if isinstance(each.statement, ast.Rule)
        for made in reader.read(each.statement, each.span)
    ]
    errors = {each.code for each in found if each.code.startswith("E")}
    assume(not errors or errors - REFUSED)
    assert not errors, f"{errors} {text}"
    assert [condition_of(each.branches[0].condition) for each in read] == [condition_of(condition)], text
