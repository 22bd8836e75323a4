"""The benchmarks' own rules: what rulec decides against the plain reference."""

import sys
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import rulec

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))
workload = import_module("workload")


def test_the_workload_says_what_its_reference_decides() -> None:
    rules, facts = workload.rules_of(30), workload.facts_of(200)
    compiled = rulec.loads(workload.rulec_text(rules), "en")
    decided = [compiled.decide(each, date(2026, 3, 1)) for each in facts]
    fired = [[rule.line for rule in decision.outcomes["discount"].fired] for decision in decided]
    first = workload.VOCABULARY.count("\n")
    expected = workload.reference(rules, facts)
    assert [decision["discount"] for decision in decided] == [Decimal(tenths) / 1000 for tenths, _ in expected]
    assert fired == [[first + number] if number else [] for _, number in expected]
    assert len({number for _, number in expected}) > 10
