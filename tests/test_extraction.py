"""Values that a text writes: asked for as judgements are, read by rulec from the words that are quoted."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from messages_server import Service, serving
from test_judge import AT, MADE, judge_at

import rulec
from rulec.formatting import file_of, formatted
from rulec.pipeline import compile_text
from rulec.translation import translated

RULES = """\
Un client [customer] a :
  - un message (texte) [message]
On décide :
  - la remise (pourcentage) [discount]
  - le score (nombre) [score]
On peut :
  - transmettre au gérant [refer]
À l'appréciation : un montant réclamé (en €), de 0 à 10 000 € [claimed], d'après le message
  « la somme que le client demande »
  120 € : « Rendez-moi mes 120 €. »
  dans le doute : transmettre au gérant
À l'appréciation : une date de panne (date) [failed_on], d'après le message
  « le jour de la panne »
  dans le doute : transmettre au gérant
Si le montant réclamé semble supérieur à 100 € alors la remise est de 10 %
Si le montant réclamé semble inférieur ou égal à 100 € alors la remise est de 5 %
Si la date de panne semble avant le 1er mars 2026 alors le score est de 3
"""
MAIL = "Rendez-moi mes 150,50 €, la machine est en panne depuis le 12 février 2026."


@pytest.fixture(scope="module")
def rules() -> rulec.RuleSet:
    return rulec.loads(RULES)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a key of the tests")
    with serving(Service(lambda text, questions: {})) as running:
        yield running
    while MADE:
        MADE.pop().close()


def answering(service: Service, amount: tuple[str, str], day: tuple[str, str]) -> None:
    told = dict(zip(["q1", "q2"], [amount, day], strict=True))
    service.answers = lambda text, questions: {
        each: {"answer": told[each][0], "quote": told[each][1]} for each in questions
    }


def test_a_value_is_read_from_the_words_of_the_text(rules: rulec.RuleSet, service: Service) -> None:
    answering(service, ("150,50 €", "mes 150,50 €"), ("12 février 2026", "depuis le 12 février 2026"))
    judge = judge_at(service.url)
    for cached in (False, True):
        decision = rules.decide({"message": MAIL}, at=AT, judge=judge)
        assert (decision["discount"], decision["score"]) == (Decimal("0.1"), 3)
        assert [(each.answer, each.cached) for each in decision.judgements] == [
            (Decimal("150.50"), cached), (date(2026, 2, 12), cached),
        ]  # fmt: skip
    assert len(service.asked) == 1
    assert "120 €" in service.asked[0]["system"][0]["text"]


@pytest.mark.parametrize(
    ("answer", "quote", "reason"),
    [
        ("150,50 €", "cent cinquante euros", "quote"),  # no words of the text
        ("15 €", "mes 150,50 €", "quote"),  # another value than the one quoted
        ("mes", "mes 150,50 €", "value"),  # no amount
        ("in doubt", "", "unsure"),
        ("12 février 2026", "le 12 février 2026", "value"),
    ],
)
def test_whatever_else_is_in_doubt(
    rules: rulec.RuleSet, service: Service, answer: str, quote: str, reason: str
) -> None:
    answering(service, (answer, quote), ("12 février 2026", "le 12 février 2026"))
    decision = rules.decide({"message": MAIL}, at=AT, judge=judge_at(service.url))
    assert [each.reason for each in decision.judgements] == [reason, ""]
    assert (decision.outcomes["discount"].status, decision["score"]) == ("in_doubt", 3)
    assert [action.key for action in decision.actions] == ["refer"]


def test_a_value_out_of_bounds_is_in_doubt(rules: rulec.RuleSet, service: Service) -> None:
    answering(service, ("20 000 €", "20 000 €"), ("in doubt", ""))
    decision = rules.decide({"message": "Je veux 20 000 €."}, at=AT, judge=judge_at(service.url))
    assert [each.reason for each in decision.judgements] == ["value", "unsure"]


def test_such_rules_are_said_again() -> None:
    compiled = compile_text(RULES, "x.regles")
    file = file_of(RULES, ("x.regles",), compiled)
    told = formatted(file, compiled)
    assert "Si le montant réclamé semble supérieur à 100 € alors la remise est de 10 %" in told
    assert "Si la date de panne semble avant le 1er mars 2026" in told
    english = translated(file, compiled, "en")
    assert "seems above €100" in english.text, english.unsaid
