"""The Python backend against the interpreter."""

import os

from hypothesis import HealthCheck, Phase, given, settings
from strategies import Case, cases

from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan

PAIRS = int(os.environ.get("RULEC_PAIRS", "2000"))
EACH = 20  # decisions a plan
PHASES = (Phase.generate,)  # making a whole plan smaller takes minutes


@given(case=cases(each=EACH))
@settings(max_examples=PAIRS // EACH, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
def test_generated_python_decides_as_the_interpreter(case: Case) -> None:
    decide = compile_plan(case.plan)
    for facts, at in case.asked:
        expected, decision = interpret(case.plan, facts, at), decide(facts, at)
        assert decision == expected
        assert decision.to_json() == expected.to_json()
