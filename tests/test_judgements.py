"""Judgements: an input of the decision, a free variable of the proofs, the same in every backend that takes them."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from strategies import Case, cases

import rulec
from rulec.artefacts.pydantic_model import source_for
from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan, module_source
from rulec.backends.sql import query_of
from rulec.backends.sql_text import NotInSqlError
from rulec.cli import main
from rulec.plan import tree as t
from rulec.plan.kinds import PlanError
from rulec.plan.verify import verify
from rulec.runtime.decision import Decision
from rulec.runtime.types import IN_DOUBT, is_doubt

AT = date(2026, 3, 1)
RULES = """\
Un client [customer] a :
  - un message (texte) [message]
  - un montant (en €) [amount]
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount]
  - le score (nombre) [score]
On peut :
  - transmettre au gérant [refer], avec un motif (texte) [reason]
  - accepter [accept] ou refuser [decline] (un seul)
À l'appréciation : un client est mécontent [unhappy], d'après son message
  « il menace de partir »
  oui : « Je pars. »
  dans le doute : transmettre au gérant avec le motif « à relire » et refuser
À l'appréciation : un sujet [topic] parmi livraison [delivery], facture [invoice], d'après le message
  « ce dont il parle »
  facture : « Le montant est faux. »
  dans le doute : transmettre au gérant
Si le client semble mécontent et le montant dépasse 100 € alors la remise est de 10 %
Si le montant dépasse 500 € alors la remise est de 5 % et accepter
Si le sujet semble livraison alors le score est de 3
"""


@pytest.fixture(scope="module")
def rules() -> rulec.RuleSet:
    return rulec.loads(RULES)


def asked(decision: Decision) -> list[tuple[str, dict[str, object], str]]:
    return [(action.key, dict(action.parameters), action.status) for action in decision.actions]


def test_an_answer_is_a_fact_like_any_other(rules: rulec.RuleSet) -> None:
    decision = rules.decide({"customer": {"amount": "200 €", "unhappy": True}, "topic": "livraison"}, at=AT)
    assert (decision.status, decision["discount"], decision["score"]) == ("decided", Decimal("0.1"), 3)
    assert decision.actions == ()


def test_one_that_is_not_given_is_missing(rules: rulec.RuleSet) -> None:
    decision = rules.decide({"customer": {"amount": "200 €"}, "topic": "facture"}, at=AT)
    assert (decision.status, decision.missing, decision.actions) == ("undetermined", ("customer.unhappy",), ())


@pytest.mark.parametrize("doubt", ["in doubt", "in_doubt", "Dans le  doute", IN_DOUBT])
def test_in_doubt_what_is_settled_stays_and_the_actions_are_asked_for(rules: rulec.RuleSet, doubt: object) -> None:
    decision = rules.decide({"customer": {"amount": "200 €", "unhappy": doubt}, "topic": "livraison"}, at=AT)
    assert (decision.status, decision.missing, decision["score"]) == ("in_doubt", ("customer.unhappy",), 3)
    assert decision.outcomes["discount"].status == "in_doubt"
    assert asked(decision) == [("refer", {"reason": "à relire"}, "decided"), ("decline", {}, "decided")]
    assert [fired.title for fired in decision.actions[0].fired] == ["client mécontent"]


def test_doubt_that_changes_nothing_asks_for_nothing(rules: rulec.RuleSet) -> None:
    decision = rules.decide({"customer": {"amount": "50 €", "unhappy": "in doubt"}, "topic": "facture"}, at=AT)
    assert (decision.status, decision["discount"], decision.actions) == ("decided", 0, ())


def test_what_doubt_asks_for_may_conflict_with_what_rules_do(rules: rulec.RuleSet) -> None:
    decision = rules.decide({"customer": {"amount": "600 €", "unhappy": "in doubt"}, "topic": "facture"}, at=AT)
    assert {key: status for key, _, status in asked(decision)} == {
        "accept": "conflict", "refer": "decided", "decline": "conflict",
    }  # fmt: skip


def test_what_is_missing_besides_doubt_is_told_apart(rules: rulec.RuleSet) -> None:
    decision = rules.decide({"customer": {"unhappy": "in doubt"}, "topic": "facture"}, at=AT)
    assert decision.outcomes["discount"].missing == ("customer.amount", "customer.unhappy")
    assert decision.status == "in_doubt"


def test_only_a_judgement_is_in_doubt(rules: rulec.RuleSet) -> None:
    with pytest.raises(rulec.FactsError):
        rules.decide({"customer": {"amount": "in doubt"}}, at=AT)
    assert not is_doubt(None)


# ---- every backend


def test_python_decides_as_the_interpreter_whatever_is_in_doubt() -> None:
    seen = Counter[str]()

    @given(case=cases(each=20, judged=True))
    @settings(
        max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        derandomize=True,
    )  # fmt: skip
    def compared(case: Case) -> None:
        verify(case.plan)
        decide = compile_plan(case.plan)
        for facts, at in case.asked:
            expected = interpret(case.plan, facts, at)
            assert decide(facts, at) == expected
            doubts = [action for action in expected.actions if any(rule.id.endswith("?") for rule in action.fired)]
            seen.update([expected.status, "asked for" if doubts else ""])

    compared()
    assert seen["in_doubt"] > 10
    assert seen["asked for"] > 10


def test_the_module_that_stands_alone_takes_doubt_too(rules: rulec.RuleSet, tmp_path: Path) -> None:
    facts = {"customer": {"amount": "200 €", "unhappy": "dans le doute"}, "topic": "livraison"}
    (tmp_path / "alone.py").write_text(module_source(rules.plan), encoding="utf-8")
    command = [sys.executable, "-I", str(tmp_path / "alone.py"), "-", "--at", "2026-03-01"]
    run = subprocess.run(command, input=json.dumps(facts), capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == rules.decide(facts, at=AT).to_json()


def test_sql_cannot_say_it(rules: rulec.RuleSet) -> None:
    with pytest.raises(NotInSqlError) as caught:
        query_of(rules.plan, "duckdb")
    assert caught.value.rule == "customer.unhappy"


def test_the_schema_and_the_models_take_an_answer_or_doubt(rules: rulec.RuleSet) -> None:
    schema = rules.schema()
    assert schema["properties"]["customer"]["required"] == ["message", "amount"]
    told = schema["properties"]["customer"]["properties"]["unhappy"]
    assert told["anyOf"] == [{"type": "boolean"}, {"const": "in_doubt"}]
    written: dict[str, object] = {}
    exec(source_for(rules.plan.facts, rules.language), written)
    for model in (rules.model(), written["Facts"]):
        for answer, held in (("oui", True), ("dans le doute", "in_doubt"), (None, None)):
            made = model(customer={"message": "Je pars.", "amount": "200 €", "unhappy": answer})  # type: ignore[operator]  # a model
            assert made.customer.unhappy == held
            assert made.topic is None
    doubtful = rules.model()(customer={"message": "Je pars.", "amount": "200 €", "unhappy": "in doubt"})
    assert rules.decide(doubtful, at=AT).outcomes["discount"].status == "in_doubt"


def test_proofs_consider_every_answer(rules: rulec.RuleSet) -> None:
    told = [(each.code, dict(each.values).get("outcome")) for each in rules.prove()]
    assert told == [("W603", "score")]  # where the subject is « facture »


def test_rows_take_answers_and_say_what_is_missing(rules: rulec.RuleSet) -> None:
    import pyarrow as pa

    table = pa.table({"amount": ["200", "200", "50"], "unhappy": [True, None, None], "topic": ["delivery"] * 3})
    made = rules.decide_many(table, at=AT)
    assert made["discount.status"].to_pylist() == ["decided", "undetermined", "decided"]


def test_explanations_tell_doubt(rules: rulec.RuleSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"customer": {"amount": "200 €", "unhappy": "in doubt"}, "topic": "livraison"}
    assert "mécontent (client) = dans le doute" in str(rules.why(facts, at=AT))
    path = tmp_path / "x.regles"
    path.write_text(RULES, encoding="utf-8")
    main(["run", str(path), "--fact", "montant=200 €", "--fact", "mécontent=dans le doute", "--fact", "sujet=facture"])
    told = capsys.readouterr().out
    assert "remise : dans le doute : mécontent (client)" in told
    assert "dans le doute : client mécontent (x.regles, ligne 10)" in told


# ---- the guard against bugs of the compiler


@pytest.mark.parametrize(
    "broken",
    [
        {"judgements": ()},
        {"text": "customer.amount"},
        {"text": "nowhere"},
        {"answers": (("yes", ()),)},
        {"doubt": (t.Do("nothing"),)},
        {"doubt": (t.Do("refer", (("reason", t.Fact("customer.message")),)),)},
    ],
)
def test_a_malformed_judgement_is_told(rules: rulec.RuleSet, broken: dict[str, object]) -> None:
    first, *others = rules.plan.judgements
    judged = broken["judgements"] if "judgements" in broken else (replace(first, **broken), *others)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(PlanError):
        verify(replace(rules.plan, judgements=judged))  # type: ignore[arg-type]  # wrong on purpose
    verify(rules.plan)
