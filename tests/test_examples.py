"""The examples: both languages decide the same, and what is kept beside the rules. RULEC_KEEP=1 keeps it anew."""

import json
import os
import runpy
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import rulec

EXAMPLES = Path(__file__).parents[1] / "examples"
REMISES = EXAMPLES / "remises"
BOTH = ("remises.regles", "discounts.rules")
AT = "2026-03-01"
ROWS, SEED = 10_000, 2026
LINE = "Si commande > 500€ ET client fidèle ALORS remise 10%"
OF_ONE_LANGUAGE = ("id", "title", "file", "line", "name", "rules")  # what tells texts apart, not decisions


def as_kept(path: Path, found: object) -> object:
    """What a file keeps; with RULEC_KEEP, first write there what was found."""
    if os.environ.get("RULEC_KEEP"):
        path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    kept: object = json.loads(path.read_text(encoding="utf-8"))
    return kept


def decided(data: Any) -> Any:
    """A decision's JSON without what belongs to one language."""
    match data:
        case dict():
            return {key: decided(value) for key, value in data.items() if key not in OF_ONE_LANGUAGE}
        case list():
            return [decided(each) for each in data]
        case _:
            return data


def orders(rows: int) -> Iterator[Mapping[str, object]]:
    """The facts that `orders.py` makes."""
    make: Callable[[int, int], Iterator[Mapping[str, object]]] = runpy.run_path(str(REMISES / "orders.py"))["orders"]
    return make(rows, SEED)


def year(rules: rulec.RuleSet) -> dict[str, object]:
    """How many orders of the year get each value of each outcome, and how many each action."""
    outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    actions: Counter[str] = Counter()
    for facts in orders(ROWS):
        decision = rules.decide(facts, AT)
        for key, result in decision.outcomes.items():
            outcomes[key][str(result.value) if result.status == "decided" else result.status] += 1
        actions.update(action.key for action in decision.actions if action.status == "decided")
    counts = {key: dict(sorted(counter.items())) for key, counter in outcomes.items()}
    return {"orders": ROWS, "outcomes": counts, "actions": dict(actions)}


@pytest.mark.parametrize("name", BOTH)
def test_the_order_is_decided_as_kept(name: str) -> None:
    facts = json.loads((REMISES / "order.json").read_text(encoding="utf-8"))
    decision = rulec.load(REMISES / name).decide(facts, AT)
    assert decided(decision.to_json()) == as_kept(REMISES / "decision.json", decided(decision.to_json()))


@pytest.mark.parametrize("name", BOTH)
def test_the_year_is_decided_as_kept(name: str) -> None:
    found = year(rulec.load(REMISES / name))
    assert found == as_kept(REMISES / "year.json", found)


def test_both_languages_decide_every_order_alike() -> None:
    french, english = (rulec.load(REMISES / name) for name in BOTH)
    for facts in orders(500):
        told = [decided(rules.decide(facts, AT).to_json()) for rules in (french, english)]
        for decision in told:
            for action in decision["actions"]:
                del action["parameters"]["reason"]  # a text for people, in their language
        assert told[0] == told[1], facts


def test_the_rows_come_from_the_seed() -> None:
    script = [sys.executable, str(REMISES / "orders.py"), "--rows", "20"]
    done = subprocess.run(script, capture_output=True, check=True, text=True, encoding="utf-8")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines == list(orders(20))
    assert len({json.dumps(facts) for facts in orders(ROWS)}) > 0.99 * ROWS


def test_the_sentence_runs_alone_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "r.regles").write_text(LINE, encoding="utf-8")
    facts = ["--fact", "commande=620 €", "--fact", "client fidèle=oui"]
    run = [sys.executable, "-m", "rulec", "run", "r.regles", *facts]
    environment = {**os.environ, "PYTHONPATH": str(Path(rulec.__file__).parents[1])}
    plain, why = (
        subprocess.run([*run, *more], cwd=tmp_path, env=environment, capture_output=True, check=True).stdout.decode()
        for more in ([], ["--why"])
    )
    assert plain == f"remise : 10 %\n  règle de r.regles, ligne 1\n    {LINE}\n"
    assert why.splitlines() == [
        "remise : 10 %",
        "  ✓ la règle (r.regles:1) s'applique",
        f"      {LINE}",
        "      ✓ commande > 500€   [commande = 620 €]",
        "      ✓ client fidèle   [client fidèle = oui]",
    ]
