"""Amounts that leave the decision: the bound on their decimals holds, and what cannot be paid is refused."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from strategies import Case, cases

from rulec.backends.interpreter import interpret
from rulec.pipeline import compile_text
from rulec.plan.decimals import ANY, Decimals
from rulec.runtime.types import Amount, ListOf, Number, Record, Slot, Type


def priced(type_: Type) -> Type:
    """The type with amounts for numbers."""
    match type_:
        case Number():
            return Amount("EUR")
        case ListOf(item):
            return ListOf(priced(item))
        case Record():
            return replace(type_, attributes=tuple(map(priced_slot, type_.attributes)))
        case _:
            return type_


def priced_slot(slot: Slot) -> Slot:
    return replace(slot, type=priced(slot.type))


@given(case=cases(each=5))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
def test_no_value_has_more_decimals_than_its_bound(case: Case) -> None:
    plan = replace(case.plan, facts=tuple(map(priced_slot, case.plan.facts)))
    bounds = Decimals(plan)
    for facts, at in case.asked:
        for key, result in interpret(plan, facts, at).outcomes.items():
            slot = next(slot for slot in plan.outcomes if slot.key == key)
            bound = bounds.outcome(slot)
            for value in result.value if isinstance(result.value, tuple) else (result.value,):
                if isinstance(value, Decimal) and bound != ANY:
                    assert value == value.quantize(Decimal(1).scaleb(-bound)) if value < 10**20 else True


VOCABULARY = """
Une commande a :
  - un montant (en €), principal
  - un poids (en kg)
  - un nombre d'articles (nombre entier)
  - un délai (en jours)
  - des lignes (liste de ligne)
Une ligne a :
  - un prix (en €)
  - une quantité (nombre entier)
On connaît :
  - un taux (pourcentage)
  - un tarif (en € par kg)
On décide :
  - l'avoir (en €)
  - la prime (en €)
  - la remise (pourcentage)
  - les points (nombre), s'additionnent
  - la décote (pourcentage), s'enchaînent
  - les primes (liste de montants en €), en liste
"""


@pytest.mark.parametrize(
    "value",
    [
        "le montant", "le montant plus 4,5 €", "le montant × 3", "le nombre d'articles × montant",
        "le montant / 0,5 × 2",
        "de 10 % du montant, arrondi au centime", "le plus élevé du montant et de 5 €", "le montant, plafonné à 50 €",
        "le montant / 3, arrondi à l'euro supérieur", "la prime", "la somme des prix des lignes", "points × montant",
        "la somme des (quantité × prix) des lignes", "le prix de la première ligne",
    ],
)  # fmt: skip
def test_what_can_be_paid_is_accepted(value: str) -> None:
    rule = f"Si le poids dépasse 3 kg alors l'avoir est {value}\nSi le poids dépasse 9 kg alors les points sont de 5\n"
    assert not [each.code for each in compile_text(VOCABULARY + rule).diagnostics if each.code.startswith("E")], value


SHIPPED = """
Un colis a :
  - un prix (en €)
Une commande a :
  - des colis (liste de colis)
On connaît :
  - des commandes (liste de commande)
  - des montants (liste de montants en €)
  - un tarif (en € par kg)
On décide :
  - les frais (en €)
  - la taxe (en €)
Constante : le forfait vaut 5 €.
"""


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("la somme des charges des commandes", []),
        ("la somme des charges des commandes / 3", ["E360"]),
        ("le forfait × 2", []),
        ("le forfait × 1,5", []),
        ("le forfait × 1,555", ["E360"]),
        ("la somme des (montant × 2) des montants", []),
        ("la somme des (montant / 3) des montants", ["E360"]),
    ],
)
def test_what_is_made_of_lists_of_lists_and_of_constants_is_bound_too(value: str, codes: list[str]) -> None:
    charge = "La charge d'une commande est la somme des (prix × 2) de ses colis.\n"
    text = f"{SHIPPED}{charge}Les frais sont {value}\nLa taxe est le forfait + le forfait × 2\n"
    assert [each.code for each in compile_text(text).diagnostics if each.code.startswith("E")] == codes


@pytest.mark.parametrize(
    "value",
    [
        "de 10 % du montant", "montant / 4", "montant / 3", "montant / nombre d'articles", "taux × montant",
        "le tarif × poids", "montant × 1,5", "de 0,005 €", "de 10 % du montant, arrondi à 3 décimales",
        "le montant × remise", "le montant × décote", "la moyenne des prix des lignes",
        "le montant au prorata du délai sur 30 jours",
        "le montant plus 0,001 €", "le plus élevé du montant et de montant / 8", "le montant plus la TVA à 20 %",
    ],
)  # fmt: skip
def test_what_may_hold_fractions_of_a_cent_is_refused_with_the_rounding(value: str) -> None:
    rule = f"Si le poids dépasse 3 kg alors l'avoir est {value}\nSi le poids dépasse 9 kg alors les points sont de 5\n"
    rule += "Si le poids dépasse 8 kg alors remise de 5 % et décote de 2 %\n"
    assert [each.code for each in compile_text(VOCABULARY + rule).diagnostics if each.code.startswith("E")] == ["E360"]
