"""Supervision: how far an agent may go by itself, whose approval is asked for, the same in every backend."""

import json
import os
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from strategies import Case, cases
from test_pairs import GOLDEN, compiled, pairs, told

from rulec import RuleSet, loads
from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan, module_source
from rulec.cli import main
from rulec.cli.decided import plain_spaces
from rulec.plan.supervised import supervised
from rulec.plan.verify import verify
from rulec.runtime.decision import Decision
from rulec.runtime.facts import FactsError
from rulec.runtime.supervision import LEVELS

AT = date(2026, 3, 1)
RANDOM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
SHOP = """
Un client [customer] a :
  - il peut être fidèle [loyal]
  - un âge (nombre entier), facultatif [age]
Une commande [order] a :
  - un montant (en €), principal [amount]
  - un poids (en kg), facultatif [weight]
On décide :
  - la remise (pourcentage), les règles doivent être d'accord, 0 % par défaut [discount]
  - les frais (en €), facultatif [fee]
On peut :
  - livrer [deliver]
Si la commande dépasse 500 € alors la remise est de 10 %
Si la commande dépasse 9 000 € alors la remise est de 20 %
"""
USUAL = """
Autonomie : exécuter si la remise est d'au plus 10 % et la commande ne dépasse pas 5 000 €, sinon proposer.
Demander l'accord du gérant [manager] si la remise dépasse 5 %.
"""


def shop(said: str) -> RuleSet:
    return loads(SHOP + said)


def level(said: str, **facts: object) -> str:
    return shop(said).decide(facts, AT).supervision.level


# ---- the same in every backend


@given(case=cases(each=20, judged=True, overseeing=True))
@RANDOM
def test_generated_python_supervises_as_the_interpreter(case: Case) -> None:
    verify(case.plan)
    decide = compile_plan(case.plan)
    for facts, at in case.asked:
        try:
            expected = interpret(case.plan, facts, at)
        except FactsError:
            continue
        assert decide(facts, at).supervision == expected.supervision
        assert expected.supervision.level in LEVELS
        if expected.status not in ("decided", "not_applicable"):
            assert expected.supervision.level != "act"


@given(case=cases(each=20, judged=True, overseeing=True))
@settings(RANDOM, max_examples=6)
def test_the_module_supervises_as_the_interpreter(case: Case) -> None:
    names: dict[str, Any] = {"__name__": "compiled"}
    sys.modules["compiled"] = ModuleType("compiled")  # dataclasses look their module up
    exec(compile(module_source(case.plan), "compiled", "exec"), names)
    for facts, at in case.asked:
        try:
            expected = interpret(case.plan, facts, at).to_json()
        except FactsError:
            continue
        said = names["evaluate"](names["OUTLINE"], names["FAST"], lambda: names["FULL"], facts, at).to_json()
        assert said == expected


def test_random_plans_speak_of_supervision() -> None:
    found = set[str]()

    @given(case=cases(each=20, judged=True, overseeing=True))
    @RANDOM
    def draw(case: Case) -> None:
        decide = compile_plan(case.plan)
        for facts, at in case.asked:
            try:
                said = decide(facts, at).supervision
            except FactsError:
                continue
            found.add(said.level)
            found.update(each.status for each in said.approvals)
            found.update(["missing"] if said.missing else [])

    draw()
    assert found >= {*LEVELS, "decided", "missing"}


# ---- both languages

PAIRS = pairs("supervision.tsv")


@pytest.mark.parametrize(("verdict", "french", "english"), PAIRS, ids=[pair[1][-60:] for pair in PAIRS])
def test_both_languages_supervise_the_same(verdict: str, french: str, english: str) -> None:
    fr, en = compiled(french, "fr"), compiled(english, "en")
    codes = [] if verdict == "clear" else [verdict]
    assert [each.code for each in fr.diagnostics] == [each.code for each in en.diagnostics] == codes
    assert (fr.plan is None) == (en.plan is None) == bool(codes)
    if fr.plan and en.plan:
        assert told(fr.plan) == told(en.plan)


def test_the_meaning_of_every_pair_is_the_one_kept() -> None:
    kept = GOLDEN / "supervision.plan.txt"
    parts = []
    for verdict, french, english in PAIRS:
        plan = compiled(french, "fr").plan
        parts.append(f"# {french} | {english}\n{told(plan) if plan else verdict}\n")
    meaning = "\n".join(parts)
    if os.environ.get("RULEC_KEEP"):
        kept.write_text(meaning, encoding="utf-8")
    assert meaning == kept.read_text(encoding="utf-8")


# ---- what it means


def test_without_a_word_an_agent_proposes() -> None:
    assert level("", commande="600 €") == "propose"


def test_the_first_case_that_holds_says_how_far() -> None:
    said = "Autonomie : exécuter si client fidèle, observer si la commande dépasse 500 €, sinon proposer"
    assert level(said, client_fidele=True, commande="600 €") == "act"
    assert level(said, client_fidele=False, commande="600 €") == "observe"
    assert level(said, client_fidele=False, commande="400 €") == "propose"


def test_the_most_cautious_statement_wins() -> None:
    act, propose, observe = (f"Autonomie : {word}" for word in ("exécuter", "proposer", "observer"))
    assert level(act, commande="600 €") == "act"
    assert level(f"{act}\n{propose}", commande="600 €") == "propose"
    assert level(f"{observe}\n{act}\n{propose}", commande="600 €") == "observe"


@pytest.mark.parametrize(
    ("amount", "status"), [(None, "undetermined"), ("9500", "conflict"), ("600", "decided")]
)  # fmt: skip
def test_what_is_not_settled_is_only_proposed(amount: str | None, status: str) -> None:
    decision = shop("Autonomie : exécuter").decide({"commande": amount}, AT)
    assert decision.status == status
    assert decision.supervision.level == ("act" if status == "decided" else "propose")


def test_a_calculation_that_fails_is_only_proposed() -> None:
    rules = shop("Autonomie : exécuter si le poids est renseigné et 100 € / poids > 3 €/kg, sinon observer")
    said = rules.decide({"commande": "600 €", "poids": "0 kg"}, AT).supervision
    assert (said.level, [each.code for each in said.problems]) == ("propose", ["E551"])


def test_a_fact_that_lacks_keeps_it_at_propose_and_is_named() -> None:
    rules = shop("Autonomie : exécuter si client fidèle, sinon proposer")
    decision = rules.decide({"commande": "600 €"}, AT)
    assert (decision.status, decision.supervision.level) == ("decided", "propose")
    assert decision.supervision.missing == ("customer.loyal",)
    assert decision.missing == ()
    assert [each.path for each in rules.questions({"commande": "600 €"}, AT)] == ["customer.loyal"]


def test_a_fact_that_changes_nothing_is_not_named() -> None:
    said = shop("Autonomie : exécuter si client fidèle, sinon exécuter").decide({"commande": "600 €"}, AT).supervision
    assert (said.level, said.missing) == ("act", ())
    said = (
        shop("Autonomie : observer\nDemander l'accord du gérant si client fidèle")
        .decide({"commande": "1"}, AT)
        .supervision
    )
    assert (said.level, said.missing) == ("observe", ())


def test_an_approval_caps_the_level_and_says_whose() -> None:
    rules = shop(USUAL)
    free = rules.decide({"commande": "400 €"}, AT).supervision
    assert (free.level, free.approvals) == ("act", ())
    asked = rules.decide({"commande": "600 €"}, AT).supervision
    assert asked.level == "propose"
    assert [(each.who, each.name, each.status) for each in asked.approvals] == [("manager", "du gérant", "decided")]
    (rule,) = asked.approvals[0].fired
    assert rule.title == "Demander l'accord du gérant [manager] si la remise dépasse 5 %."
    open_ = rules.decide({}, AT).supervision
    assert [(each.who, each.status) for each in open_.approvals] == [("manager", "undetermined")]


def test_an_action_that_asks_for_an_approval_asks_for_it() -> None:
    rules = loads(
        SHOP.replace("livrer [deliver]", "demander l'accord du gérant [ask_manager], avec un motif (texte) [why]")
        + "Autonomie : exécuter\nSi la commande dépasse 800 € alors demander l'accord du gérant avec le motif « gros »"
    )
    assert rules.decide({"commande": "600 €"}, AT).supervision.level == "act"
    said = rules.decide({"commande": "900 €"}, AT).supervision
    assert said.level == "propose"
    assert [(each.who, each.name, each.status) for each in said.approvals] == [("ask_manager", "du gérant", "decided")]
    assert [each.title for each in said.approvals[0].fired] == ["regles:16"]


def test_the_same_approval_is_asked_once() -> None:
    more = (
        "Demander l'accord du gérant [manager] si la commande dépasse 550 €\nDemander l'accord de Zoé si client fidèle"
    )
    said = shop(f"{USUAL}{more}").decide({"commande": "600 €", "client_fidele": True}, AT).supervision
    assert [(each.who, len(each.fired)) for each in said.approvals] == [("manager", 2), ("zoe", 1)]


def test_a_judgement_is_asked_where_supervision_depends_on_it() -> None:
    text = (
        "Un client a :\n  - un message (texte)\nOn décide :\n  - la remise (pourcentage), 0 % par défaut\n"
        "On peut :\n  - prévenir le gérant\n"
        "À l'appréciation : un client est mécontent [unhappy], d'après son message\n  « il se plaint »\n"
        "  oui : « J'attends. »\n  non : « Bonjour. »\n  dans le doute : prévenir le gérant\n"
        "Autonomie : proposer si le client semble mécontent, sinon exécuter\n"
    )
    rules = loads(text)
    facts = {"message": "Bonjour"}
    assert rules.decide(facts, AT).supervision.missing == ("client.unhappy",)
    assert rules.decide({**facts, "mécontent": False}, AT).supervision.level == "act"
    doubt = rules.decide({**facts, "mécontent": "dans le doute"}, AT)
    assert (doubt.supervision.level, [each.key for each in doubt.actions]) == ("propose", ["prevenir_le_gerant"])

    class Judge:
        async def answers(self, text: str, questions: Any) -> Any:
            from rulec.judgement.answers import Answer

            return [Answer(each.path, False, "Bonjour") for each in questions]

    assert rules.decide(facts, AT, Judge()).supervision.level == "act"


def test_rules_without_a_vocabulary_are_supervised() -> None:
    rules = loads("Si commande > 500 € alors remise 10 %\nAutonomie : exécuter si stock > 3, sinon proposer")
    assert rules.decide({"commande": "600 €", "stock": 5}, AT).supervision.level == "act"
    assert rules.decide({"commande": "600 €", "stock": 2}, AT).supervision.level == "propose"


def test_why_tells_the_conditions_and_what_is_not_settled() -> None:
    rules = shop(USUAL)
    facts: dict[str, object] = {"commande": "600 €"}
    why = rules.why(facts, AT)
    assert why.decision == rules.decide(facts, AT)
    level, approval = why.supervision
    assert (level.name, level.value) == ("supervision", "proposer")
    assert (approval.name, approval.value) == ("accord du gérant", "oui")
    assert "✓ la remise dépasse 5 %   [remise = 10 %]" in plain_spaces(str(why))
    unknown = rules.why({}, AT).supervision[0]
    assert (unknown.value, unknown.missing) == ("proposer", ("montant (commande)",))
    assert shop("").why(facts, AT).supervision == ()
    assert list(why.to_json()["supervision"]) == ["supervision", "supervision_manager"]


def test_a_table_tells_how_far_for_each_row() -> None:
    import pyarrow as pa

    table = pa.Table.from_pylist([{"commande": amount} for amount in ("400 €", "600 €", None, "5 kg")])
    rows = shop(USUAL).decide_many(table, AT).to_pylist()
    assert [row["supervision"] for row in rows] == ["act", "propose", "propose", None]
    assert [row["approvals"] for row in rows] == [[], ["manager"], ["manager"], None]
    assert "supervision" not in shop("").decide_many(table, AT).column_names


def differences(capsys: pytest.CaptureFixture[str], folder: Path, old: str, new: str) -> tuple[int, str]:
    for name, text in (("old", old), ("new", new)):
        rules = SHOP.replace("les règles doivent être d'accord", "la plus élevée l'emporte")
        (folder / f"{name}.regles").write_text(rules + text, encoding="utf-8")
    status = main(["diff", str(folder / "old.regles"), str(folder / "new.regles"), "--lang", "fr"])
    return status, capsys.readouterr().out


def test_what_changes_of_supervision_is_proven(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = USUAL.replace("dépasse 5 %", "dépasse 15 %")
    status, out = differences(capsys, tmp_path, old, old.replace("5 000", "6 000"))
    assert status == 1
    assert "supervision :\n  - si la commande est entre 5 000,01 € et 6 000 € : proposer → exécuter" in out
    assert "Inchangé : remise, frais, accord du gérant, livrer." in out
    old = USUAL
    assert differences(capsys, tmp_path, old, old.replace("5 000", "6 000"))[0] == 0  # the manager is asked anyway
    status, out = differences(capsys, tmp_path, old, USUAL.replace("dépasse 5 %", "dépasse 15 %"))
    assert "accord du gérant :" in out
    assert "proposer → exécuter" in out
    assert differences(capsys, tmp_path, old, f"# the same\n{old}")[0] == 0
    moved = "\n".join(reversed(USUAL.splitlines()))
    assert differences(capsys, tmp_path, old, moved)[0] == 0


@pytest.mark.parametrize(
    ("rules", "said", "who"),
    [
        (SHOP, USUAL, "manager"),
        (SHOP, "Demander l'accord du gérant [manager].", "manager"),
        (
            SHOP.replace("livrer [deliver]", "demander l'accord du gérant [ask]"),
            "Autonomie : exécuter.\nSi la commande dépasse 700 € alors demander l'accord du gérant.",
            "ask",
        ),
    ],
)
def test_what_is_proven_of_supervision_is_what_decisions_say(rules: str, said: str, who: str) -> None:
    plan = loads(rules + said).plan
    outcomes = supervised(plan)
    verify(outcomes)
    for amount in (400, 600, 800, 6000):
        facts = {"order.amount": Decimal(amount)}
        expected, told = interpret(plan, facts, AT).supervision, interpret(outcomes, facts, AT)
        assert told["supervision"] == expected.level
        assert told[f"supervision_{who}"] is (who in [each.who for each in expected.approvals])


def test_json_says_the_same() -> None:
    told = json.loads(json.dumps(shop(USUAL).decide({"commande": "600 €"}, AT).to_json()))["supervision"]
    assert told == {
        "level": "propose",
        "approvals": [
            {
                "who": "manager", "name": "du gérant", "status": "decided",
                "fired": [
                    {
                        "id": "regles:17", "title": "Demander l'accord du gérant [manager] si la remise dépasse 5 %.",
                        "file": "regles", "line": 17, "branch": 0,
                    }
                ],
            }
        ],
        "fired": told["approvals"][0]["fired"],
        "missing": [], "problems": [],
    }  # fmt: skip


def test_a_decision_is_kept_with_its_supervision() -> None:
    import pickle

    decision = shop(USUAL).decide({"commande": "600 €"}, AT)
    again: Decision = pickle.loads(pickle.dumps(decision))
    assert again == decision
    assert again.supervision == decision.supervision
    assert Decision(decision.outcomes, decision.actions, AT, decision.rules, "fr") != decision


def test_the_command_line_says_how_far(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.regles").write_text(SHOP + USUAL, encoding="utf-8")
    for amount, lines in (
        ("400 €", ["supervision : exécuter"]),
        ("600 €", ["supervision : proposer ; accord du gérant demandé"]),
    ):
        assert main(["run", str(tmp_path / "x.regles"), "--fact", f"commande={amount}", "--lang", "fr"]) == 0
        out = capsys.readouterr().out.splitlines()
        assert [line for line in out if line.startswith("supervision")] == lines
