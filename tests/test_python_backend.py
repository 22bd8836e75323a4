"""The Python backend against the interpreter."""

import os

from hypothesis import HealthCheck, given, settings

from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan
from strategies import Case, cases

PAIRS = int(os.environ.get("RULEC_PAIRS", "2000"))


@given(case=cases())
@settings(max_examples=PAIRS, deadline=None, suppress_health_check=list(HealthCheck))
def test_generated_python_decides_as_the_interpreter(case: Case) -> None:
    expected = interpret(case.plan, case.facts, case.at)
    decision = compile_plan(case.plan)(case.facts, case.at)
    assert decision == expected
    assert decision.to_json() == expected.to_json()
