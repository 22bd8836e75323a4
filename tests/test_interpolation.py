"""Values between points: even between two, the same beyond the ends, exact."""

from decimal import Decimal

import pytest

import rulec

VOCABULARY = """On connaît :
  - un poids (en kg) [weight]
On décide :
  - les frais (en €) [fee]
  - le taux (pourcentage) [rate]
"""


@pytest.mark.parametrize(
    ("weight", "fee"),
    [
        ("0", "4"), ("1", "4"), ("1.9", "4.5"), ("10", "9"), ("11", "9.67"), ("12", "10.33"), ("13", "11"),
        ("500", "11"),
    ],
)  # fmt: skip
def test_a_value_moves_evenly_from_point_to_point(weight: str, fee: str) -> None:
    said = "Les frais sont par interpolation du poids : 4 € à 1 kg, 9 € à 10 kg, 11 € à 13 kg, arrondis au centime.\n"
    decision = rulec.loads(VOCABULARY + said, language="fr").decide({"weight": Decimal(weight)})
    assert decision["fee"] == Decimal(fee)


@pytest.mark.parametrize(("weight", "rate"), [("0", "0.10"), ("15", "0.075"), ("30", "0.05")])
def test_a_value_may_go_down(weight: str, rate: str) -> None:
    said = "Le taux est par interpolation du poids : 10 % à 10 kg, 5 % à 20 kg.\n"
    decision = rulec.loads(VOCABULARY + said, language="fr").decide({"weight": Decimal(weight)})
    assert decision["rate"] == Decimal(rate)


def test_an_interpolated_rate_is_taken_of_what_it_goes_by() -> None:
    rules = """On connaît :
  - un montant (en €) [amount]
On décide :
  - les frais (en €) [fee]
Les frais sont par interpolation du montant : 10 % à 100 €, 5 % à 300 €, arrondis au centime.
"""
    decide = rulec.loads(rules, language="fr").decide
    assert [decide({"amount": n})["fee"] for n in (100, 200, 400)] == [Decimal(10), Decimal(15), Decimal(20)]
