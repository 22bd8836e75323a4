"""Every folder of examples/: both languages mean the same, no finding, their cases and the decision kept hold.

`decision.json` of a policy is written from a calculation by hand: the date, the values, the actions.
"""

import json
import re
import runpy
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from test_pairs import told

import rulec
from rulec.files import RULE_FILES
from rulec.pipeline import Compiled, compile_paths
from rulec.plan.tree import Plan
from rulec.runtime import types as t
from rulec.trial.run import run_examples

EXAMPLES = Path(__file__).parents[1] / "examples"
FOLDERS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir())
POLICIES = [folder for folder in FOLDERS if (folder / "facts.json").exists()]
LEAST_CASES = 20


def rules_of(folder: Path, language: str) -> Path:
    """The rule file of a folder that is written in a language."""
    files = [path for path in folder.iterdir() if path.suffix in RULE_FILES and path.name != "README.md"]
    [found] = [path for path in files if compiled(path).language == language]
    return found


@cache
def compiled(path: Path) -> Compiled:
    return compile_paths([path])


def slots(plan: Plan) -> object:
    """What is known, decided and done, without the names that people say."""
    return (
        [(each.path, unnamed(each.type), each.optional, each.default, each.bounds) for each in plan.facts],
        [
            (each.key, unnamed(each.type), each.combine, each.default, each.order, each.distinct, each.each)
            for each in plan.outcomes
        ],
        [(each.key, [(key, kind) for key, _, kind in each.parameters], each.group) for each in plan.actions],
        [(branch.number, branch.gives == ()) for rule in plan.rules for branch in rule.branches],
    )


def unnamed(kind: t.Type) -> object:
    """A type, its values by their keys."""
    match kind:
        case t.Choice(options):
            return [option.key for option in options]
        case t.ListOf(item):
            return ("list", unnamed(item))
        case t.Record(entity, attributes):
            return (entity, [(each.path, unnamed(each.type), each.optional, each.bounds) for each in attributes])
        case _:
            return kind


def meaning(plan: Plan) -> str:
    """What a plan does; texts of several words are for people, in their language."""
    return re.sub(r"value='[^']* [^']*'", "value=''", re.sub(r" line=\d+", "", told(plan)))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_both_languages_mean_the_same(folder: Path) -> None:
    french, english = (compiled(rules_of(folder, language)) for language in ("fr", "en"))
    assert [each.code for side in (french, english) for each in side.diagnostics] == []
    assert french.plan is not None
    assert english.plan is not None
    assert slots(french.plan) == slots(english.plan)
    assert meaning(french.plan) == meaning(english.plan)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_both_languages_hold_the_same_cases(folder: Path) -> None:
    sides = [compiled(rules_of(folder, language)) for language in ("fr", "en")]
    cases = []
    for side in sides:
        assert side.plan is not None
        results = run_examples(side.plan, side.examples)
        assert [each.example.title for each in results if not each.passed] == []
        cases.append([(each.facts, each.example.at and each.at) for each in results])
    assert cases[0] == cases[1]
    assert len(cases[0]) + len(kept_cases(folder)) >= LEAST_CASES


def kept_cases(folder: Path) -> list[Any]:
    """The cases beside the rules: facts, and what must be decided on them."""
    kept = folder / "cases.jsonl"
    return [json.loads(line) for line in kept.read_text("utf-8").splitlines()] if kept.exists() else []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_cases_kept_are_decided_as_calculated(folder: Path, language: str) -> None:
    rules = rulec.load(rules_of(folder, language))
    for case in kept_cases(folder):
        decision = rules.decide(case["facts"], "2026-03-01")
        values = {key: result.value for key, result in decision.outcomes.items()}
        assert values == {key: Decimal(value) for key, value in case["outcomes"].items()}, case
        assert [action.key for action in decision.actions if action.status == "decided"] == case["actions"], case


@pytest.mark.parametrize("folder", POLICIES, ids=lambda path: path.name)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_case_kept_is_decided_as_calculated(folder: Path, language: str) -> None:
    facts, kept = (json.loads((folder / name).read_text("utf-8")) for name in ("facts.json", "decision.json"))
    decision = rulec.load(rules_of(folder, language)).decide(facts, kept["at"])
    actions = [action.key for action in decision.actions if action.status == "decided"]
    values = {key: result.value for key, result in decision.outcomes.items()}
    assert (decision.status, actions) == ("decided", kept["actions"])
    assert json.loads(json.dumps(values, default=str)) == kept["outcomes"]


def test_the_rates_of_the_carrier_are_those_of_the_script(tmp_path: Path) -> None:
    write: Callable[[Path], None] = runpy.run_path(str(EXAMPLES / "port" / "tarifs.py"))["write"]
    write(tmp_path)
    for name in ("tarifs.csv", "rates.csv"):
        made = (tmp_path / name).read_text(encoding="utf-8")
        assert made == (EXAMPLES / "port" / name).read_text(encoding="utf-8")
        assert len(made.splitlines()) == 201
