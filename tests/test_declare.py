"""Declarations written from a vocabulary declare that vocabulary again."""

import pytest

from rulec.pipeline import compile_text
from rulec.runtime import types as t
from rulec.semantics.declare import declarations, said
from rulec.source import LANGUAGES, Language

KINDS: list[t.Type] = [
    t.YesNo(), t.Number(), t.Number(whole=True), t.Percentage(), t.Amount("EUR"), t.Amount("EUR", "net"),
    t.Amount("EUR", "gross"), t.Amount("USD"), t.Quantity("kg"), t.Rate(t.Amount("EUR"), "km"),
    t.Rate(t.Amount("EUR"), "day"), t.Rate(t.Quantity("km"), "h"), t.Duration("day"), t.Duration("month"),
    t.Duration("working_day"), t.Duration("business_day"), t.Duration("second"), t.Text(), t.Date(), t.DateTime(),
    t.Time(), t.ListOf(t.Text()),
]  # fmt: skip
KNOW = {"fr": "On connaît :\n  - une mesure ({})\n", "en": "We know:\n  - a measure ({})\n"}
WRITTEN = {
    "fr": "Si le client a plus de 3 commandes et le client ne paie pas par carte alors le statut est « Or ».\n"
    "Si le pays est la France ou la Suisse alors prévenir le gérant.\n",
    "en": 'If the customer has more than 3 orders and the customer does not pay by card then the status is "Gold".\n'
    "If the country is the Netherlands or France then warn the manager.\n",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=repr)
def test_a_type_as_it_is_said_is_that_type(kind: t.Type, language: Language) -> None:
    compiled = compile_text(KNOW[language].format(said(kind, language)), language=language)
    assert [each.code for each in compiled.diagnostics] == []
    (fact,) = compiled.vocabulary.facts
    assert fact.slot.type == kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_inferred_can_be_declared(language: Language) -> None:
    inferred = compile_text(WRITTEN[language], language=language)
    assert inferred.plan is not None
    written = compile_text(declarations(inferred.vocabulary, language) + WRITTEN[language], language=language)
    assert written.plan is not None, [(each.code, each.values) for each in written.diagnostics]
    assert [rule.branches for rule in written.plan.rules] == [rule.branches for rule in inferred.plan.rules]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_is_said_with_its_values(language: Language) -> None:
    kind = t.Choice((t.Option("gold", "Or"), t.Option("silver", "Argent")))
    assert said(kind, language).endswith("Or, Argent")
    assert said(t.Record("line"), language) == "line"


@pytest.mark.parametrize(
    ("said", "key", "options"),
    [
        ("parmi devis, rien [none]", "suite", ["devis", "none"]),
        ("parmi devis, rien, la première règle l'emporte [next]", "next", ["devis", "rien"]),
        ("parmi devis, rien, selon l'ordre rien, devis [next]", "next", ["devis", "rien"]),
        ("parmi devis [quote], rien [none], facultative [next]", "next", ["quote", "none"]),
        ("parmi devis (en anglais « quote ») [quote], rien (en anglais « none ») [none]", "suite", ["quote", "none"]),
    ],
)
def test_a_key_is_of_what_was_named_last(said: str, key: str, options: list[str]) -> None:
    compiled = compile_text(f"On décide :\n  - la suite {said}\nLa suite est rien.\n", language="fr")
    assert compiled.plan is not None
    (outcome,) = compiled.plan.outcomes
    assert isinstance(outcome.type, t.Choice)
    assert (outcome.key, [each.key for each in outcome.type.options]) == (key, options)
