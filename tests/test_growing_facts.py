"""More facts never unsettle what is settled, and facts that are not said to be missing settle nothing."""

import os
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from strategies import Case, cases

from rulec.backends.interpreter import interpret

EXAMPLES = int(os.environ.get("RULEC_EXAMPLES", "40"))
CHECKS = list(HealthCheck)
SETTINGS = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=CHECKS, phases=(Phase.generate,))
SETTLED = ("decided", "not_applicable")


@given(case=cases(each=10), random=st.randoms(use_true_random=False))
@SETTINGS
def test_what_is_settled_stays_so(case: Case, random: Random) -> None:
    required = {slot.path for slot in case.plan.facts if not slot.optional and slot.default is None}
    for facts, at in case.asked:
        fewer = {path: value for path, value in facts.items() if path not in required or random.random() < 0.5}
        before, after = interpret(case.plan, fewer, at), interpret(case.plan, facts, at)
        for key, result in before.outcomes.items():
            if result.status in SETTLED:
                assert (after.outcomes[key].status, after.outcomes[key].value) == (result.status, result.value)
        asked = {(action.key, *action.parameters.items()) for action in after.actions if action.status == "decided"}
        settled = {(action.key, *action.parameters.items()) for action in before.actions if action.status == "decided"}
        assert settled <= asked


@given(case=cases(each=10))
@SETTINGS
def test_only_what_is_missing_can_settle_an_outcome(case: Case) -> None:
    required = {slot.path for slot in case.plan.facts if not slot.optional and slot.default is None}
    for facts, at in case.asked:
        fewer = {path: value for path, value in facts.items() if path not in required}
        for key, result in interpret(case.plan, fewer, at).outcomes.items():
            others = {path: value for path, value in facts.items() if path not in result.missing}
            if result.status == "undetermined":
                assert interpret(case.plan, others, at).outcomes[key].status not in SETTLED
