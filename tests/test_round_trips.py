"""Definitions and tables said again in one form, and in the other language and back, are the same."""

import os

from hypothesis import HealthCheck, assume, given, settings
from round_trips import HEAD, files

from rulec.formatting import file_of, formatted
from rulec.pipeline import Compiled, compile_text
from rulec.plan.alike import comparable, without_words
from rulec.plan.tree import Plan
from rulec.source import Language
from rulec.translation import translated

EXAMPLES = int(os.environ.get("RULEC_EXAMPLES", "12"))
NAMES: dict[Language, str] = {"fr": "x.regles", "en": "x.rules"}
MEANT = {"E404", "E412", "E453", "E485", "E486"}  # what a random file may well say twice, and no form of it may not


def read(text: str, language: Language) -> Compiled:
    """What a file says."""
    return compile_text(text, NAMES[language], language)


def plan_of(text: str, language: Language) -> Plan:
    """The plan of a text that has one."""
    compiled = read(text, language)
    assert compiled.plan is not None, (text, [(each.code, each.values) for each in compiled.diagnostics])
    return compiled.plan


def again(text: str, language: Language) -> str:
    """A file in its one form."""
    compiled = read(text, language)
    return formatted(file_of(text, (NAMES[language],), compiled), compiled)


def said_in(target: Language, text: str, language: Language) -> str:
    """A file in the other language."""
    compiled = read(text, language)
    made = translated(file_of(text, (NAMES[language],), compiled), compiled, target)
    assert made.text, (text, text.splitlines()[made.unsaid - 1])
    return made.text


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=files())
def test_one_form_and_the_other_language_and_back(text: str) -> None:
    compiled = read(text, "fr")
    codes = {each.code for each in compiled.diagnostics if each.code.startswith("E")}
    assume(not codes & MEANT)
    assert compiled.plan is not None, (text, codes)
    form = again(text, "fr")
    assert comparable(plan_of(form, "fr")) == comparable(compiled.plan)
    assert again(form, "fr") == form
    english = said_in("en", text, "fr")
    assert without_words(plan_of(english, "en")) == without_words(compiled.plan)
    assert again(english, "en") == english
    back = said_in("fr", english, "en")
    assert without_words(plan_of(back, "fr")) == without_words(compiled.plan)
    assert said_in("en", back, "fr") == english
    assert back == form or "[" in form[len(HEAD) :]  # the articles of names that are defined are those of one language
