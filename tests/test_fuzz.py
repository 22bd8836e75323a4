"""Any text gives a plan or errors in their place, in good time; what has a plan is decided alike by both backends.

RULEC_FUZZ inputs of seed RULEC_SEED; a long campaign: `python tests/fuzzing.py INPUTS SEED`.
"""

import os
from random import Random

import pytest
from fuzz_texts import LONGEST, Input, Texts
from fuzzing import Hung, campaign, examine, limited

from rulec.pipeline import compile_text

INPUTS = int(os.environ.get("RULEC_FUZZ", "500"))
SEED = int(os.environ.get("RULEC_SEED", "1"))


def test_any_text_gives_a_plan_or_errors() -> None:
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        print(text)

    report = campaign(INPUTS, SEED, say=say)
    print(report)
    assert not report.failures, "\n".join(said)
    assert report.inputs == INPUTS
    assert report.accepted > INPUTS // 10
    assert len(report.codes) > min(40, INPUTS // 40)


HEAD = "On décide :\n  - la remise (pourcentage)\n"
PRICE = "On connaît :\n  - un poids (en kg)\n  - un prix (en €)\n" + HEAD
ITEMS = "An item has:\n  - a price (in €), main\n  - a quantity (whole number)\n  - can be fragile\n"
LISTED = f"{ITEMS}We know:\n  - items (list of item)\nFor each item we decide:\n  - the rebate (percentage)\n"
ONCE_BROKEN = [  # found by campaigns, made short
    "– \u2028",
    "Loyal customers never get a discount.\nIf order > €30 then discount 5%",
    LISTED + "For each item whose to the ten price exceeds €10: the rebate is 5%",
    LISTED + "If at least one item whose price exceeds who or whose quantity exceeds 2 is fragile then discount 10%",
    "Exemples :\n  |",
    "Exemples « seuils » :\n  |\n  commande\n  ||\n  remise\n  |",
    "Si la commande est entre aujourd'hui et 500 € alors remise 10 %",
    PRICE + "Si le prix est entre 2 × le poids et 500 € alors la remise est de 10 %",
    "dernier",
    "Si la durée de",
    "On connaît :\n  - un prix (en €), de 0 à 100 €\nOn décide :\n  - la remise (pourcentage)\n"
    "Si le prix dépasse 5 € alors remise 5 %",
    "On connaît :\n  - une date (date)\nOn décide :\n  - la remise (pourcentage)\n"
    "Si la date est aujourd'hui alors remise 5 %\n"
    "Exemple « E » : étant donné la date est aujourd'hui alors remise 5 %",
    "Si client fidèle alors remise 5 %\nTable « R » :\n| poids || remise |" + "\n|" * 4000,
    "Un article a :\n  - un prix (en €)\nOn connaît :\n  - des articles (liste d'article)\n"
    + HEAD
    + """
Si au moins un article est à 5 € alors la remise est de 10 %
Exemple « le plus cher » :
  étant donné le prix le plus élevé des articles dépasse 100 €
  alors la remise est de 10 %
Exemple « 20 € » :
  étant donné le prix le plus élevé des articles est de 20 €
  alors la remise est de 10 %""",
    "On connaît :\n  - des pays (liste) parmi France, Suisse\n",
    "Un article a :\n  - un prix (en €), principal\n  - une quantité (nombre)\n  - il peut être fragile\nOn connaît :\n"
    "  - des articles (liste d'article)\n"
    + HEAD
    + "Si le prix de l'article dont la quantité est la plus élevée dépasse 10 € alors la remise est de 10 %\n"
    "Si au moins un article est fragile alors la remise est de 10 %",
    HEAD + "Si client fidèle dans les 3 derniers",
    "Si la commande est inférieure à 500 € alors remise 10 %" + "\n10 %" * 1900,
    HEAD + "Tout le monde a.",
    "accordons",
    "on offre",
    "Si le poids est inférieur à 10 dans les kg, le cadeau est oui.",
    HEAD + "Si 18 h des conditions suivantes :\n  - client fidèle\nalors remise 10 %",
    HEAD + "Si au moins 0,5 des conditions suivantes :\n  - client fidèle\nalors remise 10 %",
    "I\n" * 5000,
    "Dès 500 €, remise 10 %" + "." * 9900,
    "Tout le monde a" + " a" * 4900,
    "Quel que soit le" + " a" * 4900,
    "Si client fidèle alors remise 10 %" + "\nsinon si commande > 5 € alors remise 5 %" * 200,
]


@pytest.mark.parametrize("text", ONCE_BROKEN, ids=lambda text: text[-40:])
def test_what_was_broken_once(text: str) -> None:
    examine(Input("fr", text), Random(1))


def test_a_text_is_made_again_from_its_number() -> None:
    texts = [Texts(SEED).text(number) for number in range(50)]
    assert texts == [Texts(SEED).text(number) for number in range(50)]
    assert len({each.text for each in texts}) > 45
    assert {each.language for each in texts} == {"fr", "en"}
    assert all(len(each.text.encode("utf-8", "surrogatepass")) <= LONGEST for each in texts)


def test_a_failure_is_found_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("gone")

    said: list[str] = []
    monkeypatch.setattr("fuzzing.verify", broken)
    report = campaign(100, SEED, every=50, say=said.append)
    assert report.failed > 0
    assert list(report.failures) == [kind for kind in report.failures if kind.startswith("KeyError")]
    assert said[0].startswith(f"FAILURE seed {SEED} number ")
    assert any("100 inputs" in text for text in said)


def test_a_text_that_hangs_is_given_up() -> None:
    def hang() -> None:
        with limited(0.05):
            while True:
                compile_text("Si commande > 500 € alors remise 10 %")

    with pytest.raises(Hung):
        hang()
