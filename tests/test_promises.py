"""Promises and assumptions: what they mean for a decision, in every backend."""

import json
import os
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from strategies import Case, cases
from test_pairs import GOLDEN, compiled, pairs, told

from rulec import FactsError, loads
from rulec.backends.assumed import breaking, unassuming
from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan, module_source
from rulec.cli import main
from rulec.plan.verify import verify
from rulec.ruleset import RuleSet
from rulec.runtime.decision import Decision
from rulec.testing import facts as facts_of

AT = date(2026, 3, 1)
EACH = 20
RANDOM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))


def answer(decide: Any, facts: Mapping[str, object], at: date) -> Decision | tuple[str, ...]:
    """The decision, or what is wrong with the facts."""
    try:
        decision: Decision = decide(facts, at)
    except FactsError as error:
        return tuple(problem.message("fr") for problem in error.problems)
    return decision


@given(case=cases(each=EACH, assuming=True))
@RANDOM
def test_generated_python_keeps_promises_as_the_interpreter(case: Case) -> None:
    verify(case.plan)
    decide, breaks = compile_plan(case.plan), breaking(case.plan)
    for facts, at in case.asked:
        expected = answer(lambda *given: interpret(case.plan, *given), facts, at)
        assert answer(decide, facts, at) == expected
        assert breaks(facts, at) == isinstance(expected, tuple)
        if isinstance(expected, tuple):
            interpret(unassuming(case.plan), facts, at)


@given(case=cases(each=EACH, assuming=True))
@settings(RANDOM, max_examples=4)
def test_the_module_keeps_promises_as_the_interpreter(case: Case) -> None:
    names: dict[str, Any] = {"__name__": "compiled"}
    sys.modules["compiled"] = ModuleType("compiled")  # dataclasses look their module up
    exec(compile(module_source(case.plan), "compiled", "exec"), names)
    for facts, at in case.asked:
        expected = answer(lambda *given: interpret(case.plan, *given), facts, at)
        try:
            said = names["evaluate"](names["OUTLINE"], names["FAST"], lambda: names["FULL"], facts, at).to_json()
        except names["FactsError"] as error:
            said = tuple(problem.message("fr") for problem in error.problems)
        assert said == (expected.to_json() if isinstance(expected, Decision) else expected)


# ---- both languages

PAIRS = pairs("promises.tsv")


@pytest.mark.parametrize(("verdict", "french", "english"), PAIRS, ids=[pair[1][-60:] for pair in PAIRS])
def test_both_languages_promise_the_same(verdict: str, french: str, english: str) -> None:
    fr, en = compiled(french, "fr"), compiled(english, "en")
    codes = [] if verdict == "clear" else [verdict]
    assert [each.code for each in fr.diagnostics] == [each.code for each in en.diagnostics] == codes
    assert (fr.plan is None) == (en.plan is None) == bool(codes)
    assert fr.plan is None or en.plan is None or told(fr.plan) == told(en.plan)


def test_the_meaning_of_every_promise_is_the_one_kept() -> None:
    plans = [(each, compiled(each[1], "fr").plan) for each in PAIRS]
    meaning = "\n".join(f"# {fr} | {en}\n{told(plan) if plan else verdict}\n" for (verdict, fr, en), plan in plans)
    kept = GOLDEN / "promises.plan.txt"
    if os.environ.get("RULEC_KEEP"):
        kept.write_text(meaning, encoding="utf-8")
    assert meaning == kept.read_text(encoding="utf-8")


# ---- what a promise means for an outcome

VOCABULARY = """
Un client a :
  - un pays parmi France, Belgique
  - un nombre de commandes (nombre entier)
  - un code promo (texte), facultatif
  - il peut être fidèle
  - il peut être actif
On décide :
  - la remise (pourcentage), la plus élevée l'emporte
  - le port (en €)
  - le score (nombre), s'additionnent
Si le client est fidèle alors la remise est de 40 %
Si le nombre de commandes dépasse 3 alors la remise est de 10 %
Si le client est actif alors le score est de 1
"""
LOYAL = {"fidele": True, "actif": True, "nombre_de_commandes": 2, "pays": "France"}


def rules(text: str) -> RuleSet:
    return loads(VOCABULARY + text)


def status(text: str, facts: Mapping[str, object], key: str = "remise") -> str:
    """What becomes of an outcome, in both backends alike."""
    made = rules(text)
    decision = made.decide(facts, AT)
    assert decision == interpret(made.plan, made._read(facts), AT)
    return decision.outcomes[key].status


def test_an_outcome_that_breaks_a_promise_is_not_given() -> None:
    made = rules("Toujours : la remise est d'au plus 30 %.")
    decision = made.decide(LOYAL, AT)
    (problem,) = decision.outcomes["remise"].problems
    assert (decision.status, problem.code, decision.outcomes["remise"].value) == ("error", "E572", None)
    assert problem.message("fr") == "Promesse rompue (regles, ligne 15) : « Toujours : la remise est d'au plus 30 % »."
    assert problem.message("en") == 'Broken promise (regles, line 15): "Toujours : la remise est d\'au plus 30 %".'
    assert decision.outcomes["score"].value == 1
    assert made.decide({**LOYAL, "fidele": False, "nombre_de_commandes": 5}, AT)["remise"] == Decimal("0.1")


@pytest.mark.parametrize(
    ("promise", "facts", "expected"),
    [
        ("Toujours : la remise est d'au plus 40 %", {}, "decided"),
        ("Jamais : la remise ne dépasse 30 %", {}, "error"),
        ("Jamais : un client fidèle a plus de 30 % de remise", {}, "error"),
        ("Jamais : un client fidèle a plus de 30 % de remise", {"fidele": False, "nombre_de_commandes": 9}, "decided"),
        ("Toujours : un client actif a au plus 30 % de remise", {}, "error"),
        ("Toujours : un client actif a au plus 30 % de remise", {"actif": False}, "decided"),
        ("Toujours : la remise est d'au plus 30 % si le client est actif", {}, "error"),
        ("Toujours : la remise est d'au plus 30 % si le client est actif", {"actif": False}, "decided"),
        ("Toujours : si le client est actif alors la remise est d'au plus 30 %", {}, "error"),
        ("Toujours : la remise est d'au plus 30 %, sauf si le client est actif", {}, "decided"),
        ("Toujours : la remise est d'au plus 30 %, sauf si le client est actif", {"actif": False}, "error"),
        ("Toujours : le client est actif ou la remise est d'au plus 30 %", {}, "decided"),
        ("Toujours :\n  - la remise est d'au plus 50 %\n  - le score est d'au plus 3", {}, "decided"),
        ("Toujours :\n  - la remise est d'au plus 50 %\n  - la remise est d'au moins 50 %", {}, "error"),
    ],
)
def test_a_promise_holds_where_it_says_so(promise: str, facts: dict[str, object], expected: str) -> None:
    assert status(promise, {**LOYAL, **facts}) == expected


def test_what_may_break_a_promise_is_not_given_until_it_is_known() -> None:
    promise = "Toujours : la remise est d'au plus 30 % si le client est actif"
    facts = {key: value for key, value in LOYAL.items() if key != "actif"}
    decision = rules(promise).decide(facts, AT)
    assert (decision.outcomes["remise"].status, decision.outcomes["remise"].missing) == (
        "undetermined", ("client.actif",),
    )  # fmt: skip
    assert status(promise, {**facts, "fidele": False, "nombre_de_commandes": 9}) == "decided"


def test_nothing_is_broken_where_nothing_is_decided() -> None:
    nobody = {**LOYAL, "fidele": False}
    assert status("Toujours : la remise est d'au plus 30 %", nobody) == "not_applicable"
    assert status("Toujours : la remise est d'au plus 30 % et le client n'est pas actif", nobody) == "not_applicable"
    assert status("Toujours : la remise est d'au plus 50 % ou le port est d'au plus 5 €", LOYAL) == "decided"
    assert status("Toujours : la remise est d'au plus 50 % et le port est d'au plus 5 €", LOYAL) == "decided"
    assert status("Toujours : la remise est renseignée", nobody) == "error"
    given = "Toujours : la remise est renseignée ou le client n'est pas actif"
    assert status(given, {"fidele": False, "nombre_de_commandes": 1}) == "undetermined"
    assert status("Toujours : la remise est d'au plus 30 %", {"actif": True}) == "undetermined"


def test_a_promise_that_cannot_be_worked_out_is_not_kept() -> None:
    text = "Toujours : le score est d'au plus 10 / nombre de commandes"
    assert status(text, {**LOYAL, "nombre_de_commandes": 0}, "score") == "error"
    assert status(text, LOYAL, "score") == "decided"


def test_a_promise_may_rest_on_definitions() -> None:
    text = """
Le plafond d'un client est 50 % si le client est actif, 20 % sinon.
Le total d'un client est la remise + 5 %.
Toujours : la remise est d'au plus le plafond.
Toujours : le total est d'au plus 48 % si le pays est la France.
"""
    made = rules(text)
    assert [promise.outcomes for promise in made.plan.promises] == [("remise",), ("remise",)]
    assert status(text, {**LOYAL, "pays": "Belgique"}) == "decided"
    assert status(text, LOYAL) == "decided"
    assert status(text, {**LOYAL, "actif": False}) == "error"


# ---- what is assumed


def test_facts_that_break_an_assumption_are_refused() -> None:
    made = rules("On suppose : le nombre de commandes est d'au moins 1.")
    with pytest.raises(FactsError) as refused:
        made.decide({**LOYAL, "nombre_de_commandes": 0}, AT)
    assert [problem.code for problem in refused.value.problems] == ["E532"]
    assert str(refused.value) == (
        "Ces faits ne sont pas de ceux que les règles supposent (regles, ligne 15) : "
        "« On suppose : le nombre de commandes est d'au moins 1 »."
    )
    assert made.decide(LOYAL, AT).status == "decided"
    missing = {key: value for key, value in LOYAL.items() if key != "nombre_de_commandes"}
    assert made.decide(missing, AT)["remise"] == Decimal("0.4")
    with pytest.raises(FactsError):
        made.why({**LOYAL, "nombre_de_commandes": 0}, AT)


def test_rows_that_break_an_assumption_are_set_aside() -> None:
    pytest.importorskip("pyarrow")
    import pyarrow as pa

    made = rules("On suppose : le nombre de commandes est d'au moins 1.\nToujours : la remise est d'au plus 30 %")
    given = [(0, True), (5, False), (5, True)]
    rows = [{**LOYAL, "nombre_de_commandes": count, "fidele": loyal} for count, loyal in given]
    table = made.decide_many(pa.Table.from_pylist(rows), AT).to_pylist()
    assert [row["status"] for row in table] == ["rejected", "decided", "error"]
    assert "On suppose" in table[0]["problems"][0]
    assert "Toujours" in table[2]["problems"][0]
    assert [row["remise"] for row in table] == [None, Decimal("0.1"), None]


def test_a_plan_can_be_asked_without_its_assumptions() -> None:
    made = rules("On suppose : le nombre de commandes est d'au moins 1.\nToujours : la remise est d'au plus 30 %")
    facts = made._read({**LOYAL, "nombre_de_commandes": 0})
    assert breaking(made.plan)(facts, AT)
    assert not breaking(unassuming(made.plan))(facts, AT)
    assert interpret(unassuming(made.plan), facts, AT).outcomes["remise"].status == "error"


# ---- the command line

SAID = """On connaît :
  - une commande (en €) [order] (en anglais « order »)
  - un client fidèle (oui/non) [loyal] (en anglais « loyal customer »)
On décide :
  - la remise (pourcentage), la plus élevée l'emporte [discount] (en anglais « discount »)
Si la commande dépasse 500 € alors la remise est de 10 %
jamais : remise < 0 %
Jamais : remise ≤ 5 % si le client fidèle
JAMAIS : remise ≤ 5 % et commande > 2000 €
on suppose :
  - commande > 0 €
  - commande < 1 000 000 €
Exemple « rien » : étant donné une commande de 0 € alors aucune remise
"""


def test_promises_are_said_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.regles"
    path.write_text(SAID, encoding="utf-8")
    assert main(["format", str(path)]) == 0
    assert path.read_text(encoding="utf-8").splitlines()[6:12] == [
        "Jamais : la remise est inférieure à 0 %",
        "Toujours : si le client est fidèle alors la remise dépasse 5 %",
        "Jamais : la remise ne dépasse pas 5 % et la commande dépasse 2 000 €",
        "On suppose :",
        "  - la commande dépasse 0 €",
        "  - la commande est inférieure à 1 000 000 €",
    ]
    capsys.readouterr()
    assert main(["translate", str(path), "--to", "en"]) == 0
    said = capsys.readouterr().out
    assert "Always: if customer is loyal then the discount exceeds 5%\n" in said
    assert "We assume:\n  - the order exceeds €0\n" in said
    assert main(["check", str(path), "--paraphrase"]) == 1  # the facts of the example are none that are assumed
    said = capsys.readouterr().out
    assert "Promesses prouvées : 3 sur 3." in said
    assert "(Les preuves ne valent que pour ces faits ; d'autres faits sont refusés.)" in said
    assert "(rulec check le prouve ou montre un cas ; à chaque décision, ce qui y manque n'est pas donné.)" in said


def test_what_became_of_each_promise_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.regles"
    path.write_text(SAID + "Toujours : la remise est d'au plus 5 %\n", encoding="utf-8")

    def statuses(*options: str) -> list[str]:
        main(["check", str(path), "--format", "json", *options])
        return [each["status"] for each in json.loads(capsys.readouterr().out)["promises"]]

    assert statuses() == ["proven", "proven", "proven", "refuted"]
    assert statuses("--budget", "0") == ["unproven"] * 4
    with path.open("a", encoding="utf-8") as more:
        more.write("On suppose : commande < 0 €\n")
    assert statuses() == ["unproven"] * 4


def test_an_example_that_breaks_an_assumption_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.regles"
    path.write_text(SAID, encoding="utf-8")
    assert main(["test", str(path), "--coverage"]) == 1
    assert "Ces faits ne sont pas de ceux que les règles supposent (r.regles, ligne 11)" in capsys.readouterr().out
    assert main(["test", str(path), "--generate"]) == 0
    proposed = capsys.readouterr().out
    assert "commande de 500 €" in proposed
    assert "-" not in proposed.partition("\n\n")[2]


def test_what_sql_cannot_say_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.regles"
    path.write_text(SAID, encoding="utf-8")
    assert main(["build", str(path), "--target", "sql", "-o", str(tmp_path / "r.sql")]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "« jamais : remise < 0 % » ne peut pas se dire exactement en SQL." in said


def test_random_facts_keep_to_what_is_assumed() -> None:
    made = loads(SAID.partition("Exemple")[0])

    @given(facts_of(made))
    @RANDOM
    def allowed(drawn: dict[str, object]) -> None:
        assert made.decide(drawn, AT).status != "error"

    allowed()
