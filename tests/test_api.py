"""The Python API: load, decide, why, questions, schema, model; and that threads may share a rule set."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pydantic
import pytest

import rulec
from rulec.explanation import Explanation
from rulec.moment import MomentError

LINE = "Si commande > 500€ ET client fidèle ALORS remise 10%"
DECLARED = """
Un client a :
  - il peut être fidèle [loyal]
  - un segment parmi particulier, revendeur
Une commande a :
  - un montant (en €), principal [amount]
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount]
On peut :
  - prévenir le gérant [tell]

Règle « Fidèle » : si la commande dépasse 500 € et que le client est fidèle alors la remise est de 10 %.
Règle « Revendeur » : si le segment est revendeur alors la remise est de 15 % et prévenir le gérant.
Par exception à la règle « Revendeur » : si la commande est d'au plus 10 € alors la remise est de 0 %.
"""


@pytest.fixture(scope="module")
def rules() -> rulec.RuleSet:
    """The declared rules."""
    return rulec.loads(DECLARED)


# ---- load


def test_every_public_name_exists() -> None:
    assert all(getattr(rulec, name) is not None for name in rulec.__all__)
    assert set(rulec.__all__) <= set(dir(rulec))
    with pytest.raises(AttributeError, match="nothing"):
        rulec.nothing  # noqa: B018 - the access is the test


def test_importing_rulec_imports_nothing_else() -> None:
    script = "import sys, rulec; print([name for name in sys.modules if name.startswith(('rulec.', 'lark'))])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout.strip() == b"[]"


def test_load_reads_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    one, two = tmp_path / "a.regles", tmp_path / "sub" / "b.regles"
    one.write_text(LINE, encoding="utf-8")
    two.write_text("Si commande > 100 € alors port 0 €", encoding="utf-8")
    for loaded in (rulec.load(tmp_path), rulec.load(one, two), rulec.load(str(one), str(two))):
        assert [outcome.key for outcome in loaded.plan.outcomes] == ["remise", "port"]
    assert [source.name for source in rulec.load(one).sources] == ["a.regles"]


def test_rules_with_errors_raise_their_report(tmp_path: Path) -> None:
    with pytest.raises(rulec.CompileError) as caught:
        rulec.loads("Si commande > 500 € alors")
    assert caught.value.diagnostics
    assert "-- ERREUR E" in str(caught.value)
    with pytest.raises(rulec.CompileError, match="E901"):
        rulec.load(tmp_path / "none.regles")


def test_the_language_of_a_text() -> None:
    assert rulec.loads("If order > €500 then discount 10%", "en").language == "en"
    assert rulec.loads("Language: English\nIf order > €500 then discount 10%").language == "en"


# ---- decide


def test_decide_gives_values_by_key(rules: rulec.RuleSet) -> None:
    decision = rules.decide({"commande": "620 €", "client fidèle": "oui", "segment": "particulier"})
    assert (decision["discount"], decision.status) == (Decimal("0.1"), "decided")
    assert [fired.title for fired in decision.outcomes["discount"].fired] == ["Fidèle"]
    assert decision.actions == ()


@dataclass
class Client:
    loyal: bool
    segment: str


@dataclass
class Facts:
    commande: dict[str, Decimal]
    client: Client


@pytest.mark.parametrize(
    "facts",
    [
        {"commande": {"amount": 620}, "client": {"loyal": True, "segment": "particulier"}},
        {"commande.amount": "620", "client.loyal": True, "client.segment": "particulier"},
        {"Montant de la commande": "620,00 €", "FIDELE": "oui", "segment": "particulier"},
        Facts({"montant": Decimal("620.00")}, Client(True, "particulier")),
    ],
)
def test_facts_in_every_form(rules: rulec.RuleSet, facts: object) -> None:
    assert rules.decide(facts)["discount"] == Decimal("0.1")


def test_an_exception_silences_its_rule(rules: rulec.RuleSet) -> None:
    facts: dict[str, object] = {"commande": 5, "client fidèle": False, "segment": "revendeur"}
    assert rules.decide(facts)["discount"] == 0
    assert rules.decide({**facts, "commande": 11})["discount"] == Decimal("0.15")


def test_wrong_facts_raise_all_that_is_wrong(rules: rulec.RuleSet) -> None:
    with pytest.raises(rulec.FactsError) as caught:
        rules.decide({"commande": 1.5, "segmant": "particulier", "client fidèle": "bof"})
    assert [problem.code for problem in caught.value.problems] == ["E506", "E501", "E505"]
    assert "« segmant »" in str(caught.value)


def test_the_date_of_the_decision(rules: rulec.RuleSet) -> None:
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert rules.decide({}, date(2026, 3, 1)).at == rules.decide({}, "2026-03-01").at == "2026-03-01"
    assert rules.decide({}, moment).at == rules.decide({}, "2026-03-01T09:30+00:00").at
    assert rules.decide({}).at == rules.moment().isoformat()
    for wrong, code in (("demain", "E923"), ("2026-03-01T09:30", "E924"), (datetime(2026, 3, 1), "E924"), (3, "E923")):
        with pytest.raises(MomentError) as caught:
            rules.decide({}, wrong)  # type: ignore[arg-type]  # that is the test
        assert caught.value.code == code
        assert caught.value.help in str(caught.value)


# ---- why


def test_why_tells_each_rule_and_condition(rules: rulec.RuleSet) -> None:
    why = rules.why({"commande": "620 €", "client fidèle": "oui", "segment": "particulier"})
    (outcome,), (action,) = why.outcomes, why.actions
    assert (outcome.key, outcome.status, action.asked) == ("discount", "decided", False)
    loyal = next(rule for rule in outcome.rules if rule.title == "Fidèle")
    assert loyal.applies is True
    amount, customer = loyal.branches[0].parts
    assert (amount.held, customer.held) == (True, True)
    assert amount.text.endswith("commande dépasse 500 €")
    assert customer.text.endswith("est fidèle")
    assert [(read.name, read.value) for read in customer.reads] == [("fidèle (client)", "oui")]
    text = str(why)
    assert "✓ la règle « Fidèle »" in text
    assert "✗ la règle « Revendeur »" in text
    assert "the rule" in why.text("en")


def test_why_says_what_is_missing_and_what_is_set_aside(rules: rulec.RuleSet) -> None:
    text = str(rules.why({"client fidèle": True, "segment": "particulier"}))
    assert "  il manque : montant (commande)" in text
    assert "? la règle « Fidèle »" in text
    assert "[montant (commande) = non renseigné]" in text
    text = str(rules.why({"commande": 5, "client fidèle": False, "segment": "revendeur"}))
    assert "écartée par l'exception" in text


def test_why_tells_conflicts_problems_and_parameters() -> None:
    text = """
On connaît :
  - un total (en €)
  - un nombre d'articles (nombre entier)
On décide :
  - le score (en €)
On peut :
  - accepter ou refuser (un seul)
  - transmettre au gérant, avec un motif (texte)
Si le total dépasse 0 € alors le score est le total divisé par le nombre d'articles, arrondi au centime.
Si le total dépasse 10 € alors accepter et transmettre au gérant avec le motif « grand ».
Si le nombre d'articles est de 0 alors refuser.
"""
    rules = rulec.loads(text)
    said = str(rules.why({"total": 20, "nombre d'articles": 0})).splitlines()
    assert "score : calcul impossible" in said
    assert any("par zéro" in line for line in said)
    assert "accepter : demandé, en conflit avec une autre action" in said
    assert "transmettre au gérant : demandé (motif : grand)" in said
    why = rules.why({"total": 20})
    assert [(action.key, action.asked) for action in why.actions] == [
        ("accepter", False),
        ("refuser", False),
        ("transmettre_au_gerant", True),
    ]
    assert "refuser : peut-être demandé\n  il manque : nombre d'articles" in str(why)
    assert "refuser : non demandé" in str(rules.why({"total": 20, "nombre d'articles": 1}))


def test_why_agrees_with_decide(rules: rulec.RuleSet) -> None:
    amounts: list[object] = [None, 5, 620]
    given = [
        {"commande": amount, "client fidèle": loyal, "segment": segment}
        for amount in amounts
        for loyal in (None, True, False)
        for segment in (None, "revendeur", "particulier")
    ]
    for facts in given:
        why, decision = rules.why(facts, "2026-03-01"), rules.decide(facts, "2026-03-01")
        assert why.decision.to_json() == decision.to_json()
        assert isinstance(why, Explanation)
        assert why.to_json()["at"] == "2026-03-01"
        for fired in decision.outcomes["discount"].fired:
            assert next(rule for rule in why.outcomes[0].rules if rule.id == fired.id).applies is True


# ---- questions


def test_questions_ask_for_what_can_still_change_the_decision(rules: rulec.RuleSet) -> None:
    asked = rules.questions({"commande": "20 €"})
    assert [question.path for question in asked] == ["client.segment"]
    assert asked[0].text == "Segment (client) : particulier ou revendeur ?"
    assert [option.key for option in asked[0].options] == ["particulier", "revendeur"]
    asked = rules.questions({"client.segment": "particulier"})
    assert {question.text for question in asked} == {
        "Montant (commande) : un montant en €, par exemple « 620\u00a0€ » ?",
        "Fidèle (client) : oui ou non ?",
    }
    assert rules.questions({"commande": "20 €", "segment": "revendeur"}) == ()


# ---- schema, model


def test_schema_and_model_describe_the_facts(rules: rulec.RuleSet) -> None:
    schema = rules.schema()
    assert set(schema["properties"]) == {"client", "commande"}
    model: Any = rules.model()
    assert rules.model() is model
    made: Any = model(commande={"amount": "620 €"}, client={"loyal": "oui", "segment": "particulier"})
    assert made.commande.amount == 620
    assert rules.decide(made)["discount"] == Decimal("0.1")
    with pytest.raises(pydantic.ValidationError, match="beaucoup"):
        model(commande={"amount": "beaucoup"}, client={"loyal": True, "segment": "particulier"})


# ---- threads


def test_threads_share_a_rule_set() -> None:
    shared = rulec.loads(DECLARED)

    def discount(number: int) -> object:
        facts = {"commande": number, "client fidèle": True, "segment": "revendeur" if number % 2 else "particulier"}
        if number % 50 == 0:
            shared.why(facts)
            shared.schema()
        return shared.decide(facts)["discount"]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(discount, range(1000)))
    assert found == [
        Decimal("0.15") if n % 2 and n > 10 else Decimal("0.1") if n > 500 and not n % 2 else 0 for n in range(1000)
    ]
