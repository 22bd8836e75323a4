"""The Python backend against the interpreter."""

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from strategies import MOMENTS, Case, case_of, cases

from rulec.backends.interpreter import interpret
from rulec.backends.outline import outline_of
from rulec.backends.python import compile_plan, module_source
from rulec.backends.python_code import IMPORTS, fast_code, full_code, sheets_code
from rulec.backends.python_text import python_text
from rulec.plan import tree as t
from rulec.plan.verify import verify
from rulec.runtime.evaluate import evaluate
from rulec.runtime.standalone import decide_raw
from rulec.runtime.standalone import run as shell
from rulec.runtime.types import (
    ActionSlot,
    Amount,
    Choice,
    Number,
    Option,
    OutcomeSlot,
    Percentage,
    Slot,
    Text,
    YesNo,
)

AT = date(2026, 3, 1)
PAIRS = int(os.environ.get("RULEC_PAIRS", "2000"))
EACH = 20  # decisions a plan
PHASES = (Phase.generate,)  # making a whole plan smaller takes minutes


@given(case=cases(each=EACH, judged=True))
@settings(max_examples=PAIRS // EACH, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
def test_generated_python_decides_as_the_interpreter(case: Case) -> None:
    decide = compile_plan(case.plan)
    for facts, at in case.asked:
        expected, decision = interpret(case.plan, facts, at), decide(facts, at)
        assert decision == expected
        assert decision.to_json() == expected.to_json()


@pytest.mark.parametrize("seed", range(120))
def test_the_same_plans_decide_alike_everywhere(seed: int) -> None:
    case = case_of(Random(seed), EACH, judged=seed % 3 == 0)
    verify(case.plan)
    decide, outline = compile_plan(case.plan), outline_of(case.plan)
    names: dict[str, Any] = {}
    exec(IMPORTS + sheets_code(case.plan) + fast_code(case.plan) + full_code(case.plan), names)
    for facts, at in case.asked:
        expected = interpret(case.plan, facts, at)
        assert decide(facts, at) == expected
        assert evaluate(outline, names["FAST"], lambda: names["FULL"], facts, at) == expected


# ---- any text is data

HOSTILE = [
    "'); __import__('os').abort(); ('",
    '"""',
    "\\",
    "x\ny = 1",
    "{0}{}%s",
    "f'{1/0}'",
    "\x00\u2028\ud800",
    "ligne\r\n    raise SystemExit",
    "None",
    "s.enter",
    "é « à »",
]


def hostile_plan(texts: Sequence[str]) -> tuple[t.Plan, dict[str, object]]:
    """A plan in which every name and value is one of the texts."""
    kind = Choice(tuple(Option(text, text) for text in texts))
    slots = tuple(Slot(text, Text(), (text,), synonyms=(text,)) for text in texts)
    outcomes = tuple(OutcomeSlot(text, kind, text) for text in texts)
    actions = tuple(ActionSlot(text + "!", text, ((text, text, Text()),), text) for text in texts)
    rules = tuple(
        t.Rule(
            text, text, text, number,
            (t.Branch(1, t.TextTest("equals", t.Fact(text), text, True), (t.Give(text, t.Const(text)),),
                      (t.Do(text + "!", ((text, t.Const(text)),)),)),),
            t.Holiday(text, t.Today()), because=text,
        )
        for number, text in enumerate(texts)
    )  # fmt: skip
    calendars = tuple((text, (1,)) for text in texts)
    plan = t.Plan(slots, outcomes, actions, rules, tuple(texts), calendars, digest=texts[0])
    return plan, {text: text for text in texts}


@given(texts=st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1)), min_size=1, unique=True))
@settings(deadline=None, max_examples=100)
def test_hostile_texts_are_data(texts: list[str]) -> None:
    plan, facts = hostile_plan(texts)
    decide = compile_plan(plan)
    for given_facts in (facts, {}):
        assert decide(given_facts, AT) == interpret(plan, given_facts, AT)
    assert [decide(facts, AT)[text] for text in texts] == texts


def test_only_values_of_the_runtime_become_text() -> None:
    with pytest.raises(TypeError, match="object is no value of the runtime"):
        python_text(object())
    held = (None, True, 3, Decimal("1E+3"), date(2026, 3, 1), MOMENTS[0], time(9, 30), frozenset({1}), {"a": ("b",)})
    assert eval(python_text(held), {"Decimal": Decimal, "date": date, "datetime": datetime, "time": time}) == held


# ---- size

Y = t.Fact("y")


def one_outcome(*rules: t.Rule) -> t.Plan:
    slots = (OutcomeSlot("o", Number(), "o", "first"),)
    return t.Plan((Slot("y", YesNo(), ("y",)),), slots, (), rules, tuple(rule.id for rule in rules))


@pytest.mark.parametrize("facts", [{"y": True}, {}])
def test_conditions_nest_deep(facts: dict[str, object]) -> None:
    deep: t.Expr = Y
    for _ in range(100):
        deep = t.Not(t.AnyOf((deep, t.Const(False))))
    plan = one_outcome(t.Rule("r", "R", "f", 1, (t.Branch(1, deep, (t.Give("o", t.Const(Decimal(1))),)),)))
    assert compile_plan(plan)(facts, AT) == interpret(plan, facts, AT)


@pytest.mark.parametrize("facts", [{"y": True}, {}])
def test_five_thousand_rules(facts: dict[str, object]) -> None:
    rules = (
        t.Rule(f"r{n}", "R", "f", n, (t.Branch(1, t.All((Y, t.Const(n > 4000))), (t.Give("o", t.Const(Decimal(n))),)),))
        for n in range(5000)
    )
    plan = one_outcome(*rules)
    decision = compile_plan(plan)(facts, AT)
    assert decision == interpret(plan, facts, AT)
    assert decision.outcomes["o"].value == (Decimal(4001) if facts else None)


# ---- the stand-alone module


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A module compiled from a rule on a yes/no and a number."""
    condition = t.All((Y, t.Compare("gt", t.Fact("n"), t.Const(Decimal(500)))))
    rule = t.Rule(
        "r", "Remise « été »", "f.regles", 1, (t.Branch(1, condition, (t.Give("o", t.Const(Decimal("0.10"))),)),)
    )
    slots = (Slot("y", YesNo(), ("fidèle",)), Slot("n", Amount("EUR"), ("commande",)))
    plan = t.Plan(slots, (OutcomeSlot("o", Percentage(), "remise"),), (), (rule,), ("r",), digest="abc")
    path = tmp_path_factory.mktemp("module") / "remise.py"
    path.write_text(module_source(plan), encoding="utf-8")
    return path


def run(module: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """The module run by a Python that sees the standard library alone."""
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-W", "error", str(module), *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, encoding="utf-8", cwd=module.parent)


def test_the_module_decides_alone(module: Path) -> None:
    done = run(module, "--at", "2026-03-01", given='{"fidèle": "oui", "commande": "620 €"}')
    assert done.stderr == ""
    data = json.loads(done.stdout)
    assert (data["status"], data["outcomes"]["o"]["value"], data["at"]) == ("decided", "0.1", "2026-03-01")
    facts = module.parent / "facts.json"
    facts.write_text('{"y": true}', encoding="utf-8")
    data = json.loads(run(module, str(facts)).stdout)
    assert (data["status"], data["missing"]) == ("undetermined", ["n"])
    at = "2026-03-01T09:30:00+01:00"
    assert json.loads(run(module, "--at", at, given="{}").stdout)["at"] == at


@pytest.mark.parametrize(
    ("arguments", "given_text", "said"),
    [
        ((), "{", "JSON"),
        ((), "[1]", "objet"),
        ((), '{"comande": 3}', "comande"),
        ((), '{"commande": "beaucoup"}', "beaucoup"),
        (("nowhere.json",), "", "nowhere.json"),
        (("--at", "demain"), "{}", "demain"),
        (("--at", "2026-03-01T09:30"), "{}", "2026-03-01T09:30"),
    ],
)
def test_bad_input_gives_a_message(module: Path, arguments: tuple[str, ...], given_text: str, said: str) -> None:
    done = run(module, *arguments, given=given_text)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_module_imports_nothing_but_the_standard_library(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = [node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_no_name_of_the_module_is_defined_twice(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    assigned = [node for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign))]
    names += [name.id for node in assigned for name in ast.walk(node) if isinstance(name, ast.Name) and is_stored(name)]
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert not imported & set(names)


def is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


@given(case=cases(each=EACH))
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
def test_the_module_decides_as_the_interpreter(case: Case) -> None:
    names: dict[str, Any] = {"__name__": "compiled"}
    sys.modules["compiled"] = ModuleType("compiled")  # dataclasses look their module up
    exec(compile(module_source(case.plan), "compiled", "exec"), names)
    paths = (names["FAST"], lambda: names["FULL"])
    for facts, at in case.asked:
        decision = names["evaluate"](names["OUTLINE"], *paths, facts, at)
        assert decision.to_json() == interpret(case.plan, facts, at).to_json()


def test_the_shell_in_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = one_outcome(t.Rule("r", "R", "f", 1, (t.Branch(1, Y, (t.Give("o", t.Const(Decimal(1))),)),)))
    decide = compile_plan(plan)

    def decided(facts: object, at: object = None) -> dict[str, object]:
        return decide_raw(outline_of(plan), decide, facts, at)

    assert decided({"y": True}, AT)["at"] == "2026-03-01"
    assert str(decided({"y": True})["at"]) >= "2026"
    for wrong in (3, "demain"):
        with pytest.raises(ValueError, match="n'est pas une date"):
            decided({}, wrong)
    path = tmp_path / "facts.json"
    for text, code in ((b'{"y": "oui"}', 0), (b"{", 1), (b"\xff", 1)):
        path.write_bytes(text)
        monkeypatch.setattr(sys, "argv", ["module", str(path), "--at", "2026-03-01"])
        assert shell(decided, "fr") == code
    assert '"status": "decided"' in capsys.readouterr().out
