"""A model printed and read again is the same model, in both languages, whatever it is made of."""

import os
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from models import rules
from test_pairs import ENDINGS, vocabulary
from test_printing import declared

from rulec.diagnostics import Diagnostics
from rulec.files import open_source
from rulec.formatting import reads_of
from rulec.plan.conditions import condition_of
from rulec.printing.names import Speech
from rulec.printing.rules import statement
from rulec.semantics import model
from rulec.semantics.rules import Rules
from rulec.source import LANGUAGES, Language
from rulec.syntax import ast

EXAMPLES = int(os.environ.get("RULEC_EXAMPLES", "60"))
FRENCH, ENGLISH = declared("fr").vocabulary, declared("en").vocabulary
REFUSED = {"E412", "E453"}  # values that are never together, cases that another hides


def read_back(text: str, language: Language) -> list[model.Rule]:
    """The rules of a text below nothing, read with the shared declarations; every finding fails."""
    found = Diagnostics()
    source = open_source(0, f"x.{ENDINGS[language]}", text, language, found)
    of = declared(language)
    reader = Rules(of.vocabulary, source, found)
    made = [
        rule
        for read in reads_of(source, of)
        if isinstance(read.statement, ast.Rule)
        for rule in reader.read(read.statement, read.span)
    ]
    errors = [each.code for each in found if each.code.startswith("E")]
    assume(not errors or set(errors) - REFUSED)  # contradictions are refused, however they are said
    assert not errors, f"{errors} {text}"
    return made


def meant(rule: model.Rule) -> object:
    """What a rule decides: conditions as they are executed, effects without the words of a language."""
    branches = [(condition_of(branch.condition), [_bare(each) for each in branch.effects]) for branch in rule.branches]
    unless = condition_of(rule.unless) if rule.unless is not None else None
    title = "" if rule.title.startswith("x") else rule.title
    return branches, unless, title, rule.because


def _bare(effect: model.Effect) -> object:
    if isinstance(effect, model.Give):
        return effect.outcome, _value(effect.value)
    return effect


def _value(value: model.Value) -> object:
    match value:
        case model.Literal(held):
            return held
        case model.Arithmetic(operator, left, right):
            return operator, _value(left), _value(right)
        case model.Limited(which, item, limit):
            return which, _value(item), _value(limit)
        case model.Rounded(item, step, mode):
            return _value(item), step, mode
        case other:
            return replace(other, span=value.span)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_what_is_printed_reads_as_the_same_rule(language: Language, data: st.DataObject) -> None:
    of = {"fr": FRENCH, "en": ENGLISH}[language]
    rule = data.draw(rules(FRENCH))
    text = "\n".join(statement(Speech(language, of), [rule])) + "\n"
    assert [meant(each) for each in read_back(text, language)] == [meant(rule)], text


def test_the_shared_declarations_share_their_keys() -> None:
    assert [fact.slot.path for fact in FRENCH.facts] == [fact.slot.path for fact in ENGLISH.facts]
    assert vocabulary("fr") != vocabulary("en")
