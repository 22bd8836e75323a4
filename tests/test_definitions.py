"""Definitions as their users meet them: what is calculated, asked for, refused, warned of and explained."""

from decimal import Decimal

import pytest

import rulec
from rulec.pipeline import compile_text
from rulec.runtime.facts import FactsError
from rulec.source import Language

VOCABULARY: dict[Language, str] = {
    "fr": """
Un client [customer] a :
  - un nombre de commandes (nombre entier) [orders]
  - il peut être fidèle [loyal]
Une commande [order] a :
  - un montant HT (en €), principal [net]
On connaît :
  - une distance (en km) [distance]
  - une puissance (en CV) [power]
On décide :
  - la remise (pourcentage), la plus élevée l'emporte [discount]
  - l'indemnité (en €) [allowance]
""",
    "en": """
A customer has:
  - a number of orders (whole number) [orders]
  - can be loyal
An order has:
  - a net amount (in € excl. VAT), main [net]
We know:
  - a distance (in km)
  - a power (in CV)
We decide:
  - the discount (percentage), the highest wins
  - the allowance (in €)
""",
}
LOYAL = """
Un client est fidèle si son nombre de commandes est d'au moins 3.
Si client fidèle alors remise 10 %
"""
RATE = """
Le tarif vaut 0,529 € par km si la puissance est 3 CV, 0,606 € par km si elle est 4 CV.
L'indemnité est de distance × tarif, arrondie au centime.
"""


def rules(text: str, language: Language = "fr") -> rulec.RuleSet:
    return rulec.loads(VOCABULARY[language] + text, language=language)


def codes(text: str, language: Language = "fr") -> list[str]:
    return [each.code for each in compile_text(VOCABULARY[language] + text, language=language).diagnostics]


def test_what_is_defined_is_not_asked_for() -> None:
    loyal = rules(LOYAL)
    assert loyal.decide({"orders": 3})["discount"] == Decimal("0.1")
    assert loyal.decide({"orders": 2}).status == "not_applicable"
    assert loyal.decide({}).missing == ("customer.orders",)
    assert [each.path for each in loyal.questions({})] == ["customer.orders"]
    assert "loyal" not in str(loyal.schema())


@pytest.mark.parametrize("given", [{"loyal": True}, {"customer": {"loyal": True}}, {"client fidèle": "oui"}])
def test_what_is_calculated_is_not_given(given: object) -> None:
    with pytest.raises(FactsError) as stop:
        rules(LOYAL).decide(given)
    assert [each.code for each in stop.value.problems] == ["E528"]


def test_a_null_for_what_is_calculated_is_nothing() -> None:
    assert rules(LOYAL).decide({"orders": 3, "loyal": None}).status == "decided"


def test_a_definition_without_a_value_here_is_a_named_problem() -> None:
    rate = rules(RATE)
    assert rate.decide({"distance": 100, "power": "4 CV"})["allowance"] == Decimal("60.60")
    refused = rate.decide({"distance": 100, "power": "5 CV"}).outcomes["allowance"]
    assert [each.code for each in refused.problems] == ["E570"]
    assert "tarif" in refused.problems[0].message("fr")
    assert rate.decide({"distance": 100}).missing == ("power",)
    guarded = rules(RATE.replace("L'indemnité est", "Si le tarif est renseigné alors l'indemnité est"))
    assert guarded.decide({"distance": 100, "power": "5 CV"}).outcomes["allowance"].status == "not_applicable"


def test_a_problem_names_the_definition() -> None:
    text = (
        "Le ratio d'une commande est 100 € divisé par son montant HT.\nSi le ratio de la commande > 2 alors remise 5 %"
    )
    problem = rules(text).decide({"net": 0}).outcomes["discount"].problems[0]
    assert problem.message("fr") == "La définition de « ratio » (regles, ligne 13) divise 100 par zéro."


def test_why_shows_what_was_calculated() -> None:
    why = rules(RATE).why({"distance": 100, "power": "4 CV"})
    (rate,) = why.definitions
    assert [(read.name, read.value) for read in rate.reads] == [("puissance", "4 CV")]
    assert "tarif = 0,606 € par km (regles:14)" in str(why).replace("\xa0", " ")
    assert why.to_json()["definitions"]["tarif"]["value"] == rate.value


def test_what_nothing_uses_is_warned_of() -> None:
    assert codes("Constante : le seuil vaut 3.") == ["W421"]
    assert codes("Constante : le seuil vaut 3.\nSi le nombre de commandes > seuil alors remise 5 %") == []
    unused = (
        "Constante : le seuil vaut 3.\nConstante : le double vaut 2 fois le seuil.\nSi commande > 5 € alors remise 5 %"
    )
    assert codes(unused) == ["W421"]


def test_an_outcome_named_after_a_thing_is_no_attribute_of_it() -> None:
    text = "Une location a :\n  - une durée (en jours)\nOn décide :\n  - le prix de la location (en €)\n"
    plan = compile_text(f"{text}Le prix de la location est de 5 €\n").plan
    assert plan is not None
    assert [slot.path for slot in plan.facts] == ["location.duree"]


def test_definitions_may_stand_in_any_order_and_in_long_chains() -> None:
    chain = [f"Constante : l'étape n{at} vaut l'étape n{at - 1} plus 1." for at in range(300, 0, -1)]
    text = "\n".join(
        [*chain, "Constante : l'étape n0 vaut 0.", "Si le nombre de commandes > étape n300 alors remise 5 %"]
    )
    found = rules(text)
    assert found.decide({"orders": 301})["discount"] == Decimal("0.05")
    assert found.decide({"orders": 300}).status == "not_applicable"


def test_a_rate_counts_in_its_unit() -> None:
    text = "Constante : le tarif vaut 2 € par km.\nL'indemnité est de 500 m × le tarif, arrondie au centime."
    assert rules(text).decide({})["allowance"] == 1
    english = "Constant: the rate is €2 per km.\nThe allowance is the rate × distance, rounded to the cent."
    assert rules(english, "en").decide({"distance": "500 m"})["allowance"] == 1


def test_an_attribute_of_every_entity_that_bears_it() -> None:
    text = """
Une adresse [address] a :
  - un pays parmi France, Suisse
Un colis [parcel] a :
  - une adresse de départ (adresse) [origin]
  - une adresse d'arrivée (adresse) [target]
Une adresse est lointaine si son pays est la Suisse.
Si l'adresse d'arrivée est lointaine et l'adresse de départ n'est pas lointaine alors remise 10 %
"""
    found = rules(text)
    facts = {"parcel": {"origin": {"pays": "France"}, "target": {"pays": "Suisse"}}}
    assert found.decide(facts)["discount"] == Decimal("0.1")
    facts["parcel"]["origin"], facts["parcel"]["target"] = facts["parcel"]["target"], facts["parcel"]["origin"]
    assert found.decide(facts).status == "not_applicable"


WAGE = """
Le SMIC vaut 12,02 € à partir du 1er janvier 2026, 11,88 € à partir du 1er novembre 2024.
L'indemnité est le SMIC.
"""


@pytest.mark.parametrize(
    ("at", "value"),
    [("2024-11-01", "11.88"), ("2025-12-31", "11.88"), ("2026-01-01", "12.02"), ("2030-01-01", "12.02")],
)
def test_a_value_holds_from_its_day_until_the_next(at: str, value: str) -> None:
    assert rules(WAGE).decide({}, at=at)["allowance"] == Decimal(value)


def test_before_its_first_day_a_value_is_not_known() -> None:
    before = rules(WAGE).decide({}, at="2024-10-31").outcomes["allowance"]
    assert (before.status, [each.code for each in before.problems]) == ("error", ["E570"])
    bonus = rules("L'indemnité est de 5 € à partir du 1er mars 2026.")
    assert bonus.decide({}, at="2026-02-28").status == "not_applicable"
    assert bonus.decide({}, at="2026-03-01")["allowance"] == 5


def test_a_value_may_go_by_a_date_of_the_facts() -> None:
    text = VOCABULARY["fr"].replace("  - un montant HT", "  - une date de commande (date) [day]\n  - un montant HT")
    dated = rulec.loads(text + WAGE.replace("2024.", "2024 (selon la date de commande)."))
    assert dated.decide({"day": "2025-01-01"}, at="2030-01-01")["allowance"] == Decimal("11.88")
    assert dated.decide({}).missing == ("order.day",)


WORKED: dict[Language, str] = {
    "fr": "On connaît :\n  - un temps passé (en heures) [time]\nOn décide :\n  - le coût (en €) [cost]\n"
    "Le coût est de 1 € par heure × temps passé, arrondi à l'euro supérieur\n",
    "en": "We know:\n  - a time spent (in hours) [time]\nWe decide:\n  - the cost (in €) [cost]\n"
    "The cost is €1 per hour × time spent, rounded up to the euro\n",
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_rate_per_hour_is_exact(language: Language) -> None:
    worked = rulec.loads(WORKED[language], language=language)
    costs = [worked.decide({"time": f"{minutes} minutes"})["cost"] for minutes in (420, 540)]
    assert costs == [7, 9]  # not one more for the digits that 1/3600 has no end of
