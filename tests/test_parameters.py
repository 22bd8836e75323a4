"""Definitions with parameters: what is said of a value holds for every value that they are used for."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulec
from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan
from rulec.pipeline import compile_text
from rulec.plan.tree import Plan
from rulec.source import LANGUAGES, Language

AT = date(2026, 3, 1)
RULES: dict[Language, str] = {
    "fr": """
Une ligne [line] a :
  - un poids (en kg), principal [weight]
  - il peut être fragile [fragile]
Une commande [order] a :
  - des lignes (liste de lignes) [lines]
On connaît :
  - une distance (en km) [distance]
  - un pays parmi France [france], Suisse [switzerland] [country]
On décide :
  - les frais (en €) [fee]
  - le bonus (en €) [bonus]
Le trajet [trip] pour une distance (en km) [span] vaut 2 € si la distance est d'au plus 10 km,
  sinon 2 € + 0,50 € par km × (la distance - 10 km).
Le colis [parcel] pour un poids (en kg) [mass] et un pays (pays) [place] vaut
  4 € par kg × le poids si le pays est la Suisse, sinon 3 € par kg × le poids plus le trajet pour 12 km.
Les frais sont le trajet pour (2 × la distance) plus le colis pour 500 g et le pays, arrondis au centime.
Le bonus est la somme des (colis pour le poids de la ligne et la France) des lignes fragiles, arrondi au centime.
""",
    "en": """
A line has:
  - a weight (in kg), main
  - can be fragile
An order has:
  - lines (list of lines)
We know:
  - a distance (in km)
  - a country among France, Switzerland
We decide:
  - the fee (in €)
  - the bonus (in €)
The trip for a distance (in km) [span] is €2 if the distance is at most 10 km,
  otherwise €2 + €0.50 per km × (the distance - 10 km).
The parcel for a weight (in kg) [mass] and a country (country) [place] is
  €4 per kg × the weight if the country is Switzerland, otherwise €3 per kg × the weight plus the trip for 12 km.
The fee is the trip for (2 × the distance) plus the parcel for 500 g and the country, rounded to the cent.
The bonus is the sum of the (parcel for the weight of the line and France) of the fragile lines, rounded to the cent.
""",
}
CENTS = Decimal("0.01")
KILOS = st.decimals(0, 50, places=2)


def trip(distance: Decimal) -> Decimal:
    return Decimal(2) + max(Decimal(0), distance - 10) * Decimal("0.5")


def parcel(weight: Decimal, country: str) -> Decimal:
    return 4 * weight if country == "switzerland" else 3 * weight + trip(Decimal(12))


def plan_of(language: Language) -> Plan:
    compiled = compile_text(RULES[language], language=language)
    assert compiled.plan is not None, [(each.code, each.values) for each in compiled.diagnostics]
    return compiled.plan


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    distance=KILOS, country=st.sampled_from(["france", "switzerland"]), lines=st.lists(st.tuples(KILOS, st.booleans()))
)
@settings(max_examples=40, deadline=None)
def test_each_use_is_of_its_own_values(
    language: Language, distance: Decimal, country: str, lines: list[tuple[Decimal, bool]]
) -> None:
    plan = plan_of(language)
    given_lines = tuple({"weight": weight, "fragile": fragile} for weight, fragile in lines)
    facts = {"distance": distance, "country": country, "order.lines": given_lines}
    decision = interpret(plan, facts, AT)
    assert compile_plan(plan)(facts, AT) == decision
    assert decision["fee"] == round(trip(2 * distance) + parcel(Decimal("0.5"), country) + Decimal("1e-9"), 2)
    assert decision["bonus"] == sum(parcel(weight, "france") for weight, fragile in lines if fragile)


def test_both_languages_say_the_same() -> None:
    french, english = plan_of("fr"), plan_of("en")
    assert [rule.branches for rule in french.rules] == [rule.branches for rule in english.rules]


def test_a_value_that_is_not_known_leaves_open_only_what_depends_on_it() -> None:
    rules = rulec.loads(RULES["fr"])
    assert rules.decide({"distance": "3", "country": "france"}).missing == ("order.lines",)
    assert rules.decide({"country": "france", "order": {"lines": []}})["bonus"] == 0
    assert rules.decide({"country": "france", "order": {"lines": []}}).missing == ("distance",)
    nearby = "Si le trajet pour 3 km dépasse 1 € alors les frais sont de 5 €."
    short = RULES["fr"].replace("Les frais sont le trajet", "Le bonus est le trajet").replace("Le bonus est la", "#")
    assert rulec.loads(short + nearby).decide({})["fee"] == 5


def test_the_elements_of_one_list_are_told_apart_from_those_around() -> None:
    heavier = """
Une ligne [line] a :
  - un poids (en kg), principal [weight]
Une commande [order] a :
  - des lignes (liste de lignes) [lines]
On décide pour chaque ligne :
  - le rang (nombre) [rank]
Le nombre d'au-dessus [above] pour une masse (en kg) [mass] est le nombre de lignes dont le poids dépasse la masse.
Pour chaque ligne : le rang est le nombre d'au-dessus pour le poids de la ligne.
"""
    lines = [{"weight": weight} for weight in ("5", "3", "9", "3")]
    assert rulec.loads(heavier).decide({"order": {"lines": lines}})["rank"] == (1, 2, 0, 2)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            """
On connaît :
  - une distance (en km) [distance]
On décide :
  - les frais (en €) [fee]
Le détour [detour] est la distance plus 5 km.
Le trajet [trip] pour une longueur (en km) [span] vaut 2 € × (la longueur / 1 km).
Les frais sont le trajet pour le détour, arrondi au centime.
""",
        ),
        (
            "en",
            """
We know:
  - a distance (in km)
We decide:
  - the fee (in €)
The detour is the distance plus 5 km.
The trip for a length (in km) [span] is €2 × (the length / 1 km).
The fee is the trip for the detour, rounded to the cent.
""",
        ),
    ],
)
def test_a_definition_without_parameters_stands_beside(language: Language, text: str) -> None:
    assert rulec.loads(text, language).decide({"distance": "3 km"})["fee"] == 2 * (3 + 5)
