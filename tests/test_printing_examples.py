"""An example printed and read again is the same example, in both languages, whatever it gives and expects."""

import os
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models import TEXTS, literals
from test_pairs import ENDINGS
from test_printing import declared

from rulec.diagnostics import Diagnostics
from rulec.files import open_source
from rulec.formatting import examples_reader, reads_of
from rulec.printing.examples import example
from rulec.printing.names import Speech
from rulec.runtime import types as t
from rulec.semantics import model
from rulec.semantics.rules import Rules
from rulec.source import LANGUAGES, Language
from rulec.syntax import ast

EXAMPLES = int(os.environ.get("RULEC_EXAMPLES", "60"))
FRENCH, ENGLISH = declared("fr").vocabulary, declared("en").vocabulary
REFUSED = {"E463"}  # values out of the bounds of a fact


@st.composite
def examples(draw: st.DrawFn) -> model.Example:
    """A case over the shared declarations: facts, a date or none, and what comes of it."""
    facts = draw(st.lists(st.sampled_from(FRENCH.facts), max_size=4, unique=True))
    supposed = tuple(draw(_supposed(fact)) for fact in facts)
    outcomes = draw(st.lists(st.sampled_from(FRENCH.outcomes), max_size=3, unique=True))
    expected = [draw(_outcome(outcome.slot)) for outcome in outcomes]
    if draw(st.booleans()) or not expected:
        expected.append(draw(_other()))
    at = draw(st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1)).map(lambda day: model.Literal(day, t.Date())))
    return model.Example(draw(st.sampled_from(["Port", "l'été"])), "x", 1, 0, supposed, at, tuple(expected))


def _supposed(fact: model.FactTerm) -> st.SearchStrategy[model.Supposed]:
    held = literal(fact.slot.type)
    return (st.none() | held if fact.slot.optional else held).map(lambda value: model.Supposed(fact.slot.path, value))


def literal(kind: t.Type) -> st.SearchStrategy[model.Literal]:
    """A value that a fact or an outcome may have."""
    match kind:
        case t.YesNo():
            return st.booleans().map(lambda yes: model.Literal(yes, t.YesNo()))
        case t.Choice(options):
            return st.sampled_from([model.Literal(option.key, kind) for option in options])
        case t.Text():
            return TEXTS.map(lambda text: model.Literal(text, t.Text()))
        case _:
            return literals(kind)


def _outcome(slot: t.OutcomeSlot) -> st.SearchStrategy[model.Expected]:
    statuses = st.sampled_from(["conflict", "error", "not_applicable", "undetermined"])
    values = literal(slot.type).map(lambda value: model.ExpectValue(slot.key, (value,)))
    nothing = st.just(model.ExpectNothing(slot.key))
    return values | nothing | statuses.map(lambda status: model.ExpectStatus(slot.key, status))


def _other() -> st.SearchStrategy[model.Expected]:
    reasons = TEXTS.map(lambda text: model.ExpectAction("refer", (("reason", model.Literal(text, t.Text())),)))
    acts = st.sampled_from(["ask_approval", "accept", "decline"])
    missing = st.sampled_from([fact.slot.path for fact in FRENCH.facts])
    return st.one_of(
        st.just(model.ExpectNoAction()), reasons, acts.map(model.ExpectAction), acts.map(model.ExpectNoAction),
        missing.map(model.ExpectMissing),
    )  # fmt: skip


def read_back(text: str, language: Language) -> model.Example | None:
    """The example of a text; None where it is refused for its values."""
    found = Diagnostics()
    of = declared(language)
    source = open_source(0, f"x.{ENDINGS[language]}", text, language, found)
    reader = examples_reader(source, Rules(of.vocabulary, source, found))
    said = [
        case
        for read in reads_of(source, of)
        if isinstance(read.statement, ast.Example)
        for case in reader.read(read.statement, read.span)
    ]
    errors = {each.code for each in found if each.code.startswith("E")}
    if errors and errors <= REFUSED:
        return None
    assert not errors, f"{errors} {text}"
    assert said, text
    return said[0]


def meant(said: model.Example) -> object:
    """What an example gives and expects, without the words of a language."""
    facts = {each.path: _held(each.value) for each in said.supposed}
    return facts, _held(said.at), {_bare(each) for each in said.expected}, said.title


def _bare(said: model.Expected) -> object:
    match said:
        case model.ExpectValue(key, values):
            return key, tuple(_held(each) for each in values)
        case model.ExpectAction(key, parameters):
            return "does", key, tuple((name, _held(value)) for name, value in parameters)
        case other:
            return other


def _held(value: model.Value | model.Rows | None) -> object:
    return value.value if isinstance(value, model.Literal) else value


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(said=examples())
def test_an_example_that_is_printed_reads_as_the_same_example(language: Language, said: model.Example) -> None:
    of = {"fr": FRENCH, "en": ENGLISH}[language]
    text = "\n".join(example(Speech(language, of), said)) + "\n"
    back = read_back(text, language)
    assert back is None or meant(back) == meant(said), text
