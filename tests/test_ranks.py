"""Ranks, orders, shares and what is said of elements together: what a list of items is decided by."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pairs import GOLDEN

from rulec.ruleset import RuleSet, loads
from rulec.source import Language

ITEMS: list[dict[str, Any]] = [
    {"price": 30, "quantity": 1, "product": "A", "state": "in_stock", "fragile": True},
    {"price": 10, "quantity": 9, "product": "B", "state": "out_of_stock", "fragile": False},
    {"price": 50, "quantity": 2, "product": "A", "state": "out_of_stock", "fragile": False},
    {"price": 40, "quantity": 3, "product": "C", "state": "in_stock", "fragile": True},
]
ORDERS: list[dict[str, Any]] = [
    {"amount": 100, "date": "2026-02-01", "paid": False, "lines": [{"mass": 1, "heavy": False}]},
    {
        "amount": 20,
        "date": "2025-01-01",
        "paid": True,
        "lines": [{"mass": 5, "heavy": True}, {"mass": 6, "heavy": True}],
    },
    {"amount": 70, "date": "2025-06-01", "paid": True, "lines": []},
]
FACTS = {"items": ITEMS, "customer": {"orders": ORDERS}, "amounts": [5, 1, 4, 2], "codes": []}


def rules(text: str, language: Language = "fr") -> RuleSet:
    ending = {"fr": "regles", "en": "rules"}[language]
    return loads((GOLDEN / f"lists.{ending}").read_text(encoding="utf-8") + text + "\n", language=language)


FEES = [
    ("la somme des quantités des deux articles les plus chers",
     "the sum of the quantities of the two most expensive items", 5),
    ("la somme des deux quantités les plus élevées des articles",
     "the sum of the two highest quantities of the items", 12),
    ("la quantité de l'article le plus cher", "the quantity of the most expensive item", 2),
    ("la quantité du deuxième article", "the quantity of the second item", 9),
    ("la quantité du 3e article", "the quantity of the 3rd item", 2),
    ("la quantité de l'avant-dernier article", "the quantity of the second to last item", 2),
    ("la quantité du deuxième article le plus cher", "the quantity of the second most expensive item", 3),
    ("la somme des quantités des 2 derniers articles", "the sum of the quantities of the last 2 items", 5),
    ("la somme des quantités des 2 premiers articles triés par prix",
     "the sum of the quantities of the first 2 items sorted by price", 10),
    ("la somme des quantités des 2 premiers articles triés par prix décroissant",
     "the sum of the quantities of the first 2 items sorted by decreasing price", 5),
    ("la somme des quantités des 2 articles dont le prix est le plus élevé",
     "the sum of the quantities of the 2 items whose price is the highest", 5),
    ("la quantité la plus élevée parmi les articles fragiles", "the highest quantity among the fragile items", 3),
    ("le nombre d'articles parmi les articles fragiles", "the number of items among the fragile items", 2),
    ("la quantité moyenne des articles fragiles", "the average quantity of the fragile items", 2),
    ("le nombre de lignes de la plus ancienne commande", "the number of lines of the oldest order", 2),
    ("le nombre de lignes lourdes de la commande la plus récente",
     "the number of heavy lines of the most recent order", 0),
    ("le nombre de produits distincts des articles", "the number of distinct products of the items", 3),
]  # fmt: skip


@pytest.mark.parametrize(("french", "english", "value"), FEES, ids=[fee[1] for fee in FEES])
def test_what_is_asked_of_elements_in_an_order(french: str, english: str, value: int) -> None:
    said: dict[Language, str] = {
        "fr": f"Les frais sont de 1 € × {french}, arrondis au centime",
        "en": f"The fee is €1 × {english}, rounded to the cent",
    }
    for language, text in said.items():
        assert rules(text, language).decide(FACTS)["fee"] == value


CONDITIONS = [
    ("la plus ancienne commande dont le montant dépasse 50 € est payée",
     "the oldest order whose amount exceeds €50 is paid", True),
    ("la plus récente commande qui est payée dépasse 60 €", "the most recent order that is paid exceeds €60", True),
    ("au moins un article parmi les articles fragiles est en rupture",
     "at least one item among the fragile items is out of stock", False),
    ("au moins un article est fragile et en rupture", "at least one item is fragile and out of stock", False),
    ("au moins un article est fragile et sa quantité dépasse 2",
     "at least one item is fragile and its quantity exceeds 2", True),
    ("tous les articles sont fragiles ou en rupture", "all items are fragile or out of stock", True),
    ("aucun article n'est fragile et en rupture", "no item is fragile and out of stock", True),
    ("les articles sont tous fragiles", "the items are all fragile", False),
    ("toutes les deux plus anciennes commandes sont payées", "all the two oldest orders are paid", True),
    ("au moins une des 2 premières commandes est payée", "at least one of the first 2 orders is paid", True),
    ("au moins la moitié des articles sont fragiles", "at least half of the items are fragile", True),
    ("plus de la moitié des articles sont fragiles", "more than half of the items are fragile", False),
    ("plus de 40 % des articles sont fragiles", "more than 40% of the items are fragile", True),
    ("la liste des codes est vide", "the list of codes is empty", True),
    ("la liste des articles n'est pas vide", "the list of items is not empty", True),
]  # fmt: skip


@pytest.mark.parametrize(("french", "english", "holds"), CONDITIONS, ids=[each[1] for each in CONDITIONS])
def test_what_is_said_of_elements(french: str, english: str, holds: bool) -> None:
    said: dict[Language, str] = {
        "fr": f"Si {french} alors les frais sont de 1 €",
        "en": f"If {english} then the fee is €1",
    }
    for language, text in said.items():
        decision = rules(text, language).decide(FACTS)
        assert decision.status == ("decided" if holds else "not_applicable")


EACH = [
    ("l'article est le premier article", "the item is the first item", [1, 0, 0, 0]),
    ("l'article n'est pas le deuxième article", "the item is not the second item", [1, 0, 1, 1]),
    ("l'article est le dernier article fragile", "the item is the last fragile item", [0, 0, 0, 1]),
    ("l'article est le cinquième article", "the item is the fifth item", [0, 0, 0, 0]),
    ("c'est l'article le plus cher", "it is the most expensive item", [0, 0, 1, 0]),
    ("l'article est le plus cher des articles fragiles",
     "the item is the most expensive of the fragile items", [0, 0, 0, 1]),
    ("tous les autres articles coûtent moins de 50 €", "all the other items cost less than €50", [0, 0, 1, 0]),
]  # fmt: skip


@pytest.mark.parametrize(("french", "english", "wanted"), EACH, ids=[each[1] for each in EACH])
def test_which_element_is_which(french: str, english: str, wanted: list[int]) -> None:
    said: dict[Language, str] = {
        "fr": f"Pour chaque article : si {french} alors le rabais est de 1 %, sinon de 0 %",
        "en": f"For each item: if {english} then the rebate is 1%, otherwise 0%",
    }
    for language, text in said.items():
        decided = rules(text, language).decide(FACTS)["rebate"]
        assert decided == tuple(Decimal(each) / 100 for each in wanted)


def test_a_rank_that_is_not_there_is_a_named_problem() -> None:
    decision = rules("Les frais sont de la quantité du cinquième article × 1 €").decide(FACTS)
    assert decision.status == "error"
    assert [each.code for each in decision.outcomes["fee"].problems] == ["E565"]


def test_those_of_one_rank_stay_in_their_order() -> None:
    two = rules(
        "Pour chaque article : si l'article est l'article le plus cher alors le rabais est de 1 %, sinon de 0 %"
    )
    tied = [{**ITEMS[0], "price": 7}, {**ITEMS[1], "price": 7}, {**ITEMS[2], "price": 3}]
    assert two.decide({"items": tied})["rebate"] == (Decimal("0.01"), Decimal("0.01"), 0)  # both are the dearest
    first = rules("Les frais sont de la quantité de l'article le plus cher × 1 €")
    assert first.decide({"items": tied})["fee"] == 1


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=6), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_the_first_of_an_order_are_those_that_no_other_precedes(found: list[tuple[int, bool]], count: int) -> None:
    start = date(2026, 1, 1)
    orders = [
        {"amount": 2**at, "date": str(start + timedelta(days=day)), "paid": paid, "lines": []}
        for at, (day, paid) in enumerate(found)
    ]
    text = f"Les frais sont la somme des montants des {count} plus anciennes commandes qui sont payées"
    paid = sorted((day, 2**at) for at, (day, said) in enumerate(found) if said)
    assert rules(text).decide({"customer": {"orders": orders}})["fee"] == sum(amount for _, amount in paid[:count])
