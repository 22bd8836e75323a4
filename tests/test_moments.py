"""Moments compared with what rules write: a moment without zone, a time of day, a day; the same on every backend."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan
from rulec.pipeline import compile_text
from rulec.source import Language

AT = date(2026, 3, 1)
RULES: dict[Language, str] = {
    "fr": """
On connaît :
  - un instant (date et heure) [moment]
On décide :
  - la remise (pourcentage), s'additionnent, 0 % par défaut [discount]
Si l'instant est après 2026-03-01T09:30 alors remise 1 %
Si l'instant est après 18 h alors remise 10 %
Si l'instant est après le 1er mars 2026 alors remise 20 %
""",
    "en": """
We know:
  - a moment (date and time)
We decide:
  - the discount (percentage), add up, 0% by default
If the moment is after 2026-03-01T09:30 then discount 1%
If the moment is after 6pm then discount 10%
If the moment is after 1 March 2026 then discount 20%
""",
}
DECIDED = [
    ("2026-03-01T09:30+01:00", "0"),
    ("2026-03-01T08:31Z", "0.01"),  # half past nine in Paris is half past eight in London
    ("2026-03-01T17:00Z", "0.01"),
    ("2026-03-01T17:01Z", "0.11"),
    ("2026-03-01T23:00Z", "0.21"),  # midnight in Paris: the day after
    ("2026-02-28T18:30+01:00", "0.10"),
]


@pytest.mark.parametrize("language", RULES)
@pytest.mark.parametrize(("given", "discount"), DECIDED)
def test_a_moment_is_compared_in_the_zone_of_the_rules(language: Language, given: str, discount: str) -> None:
    plan = compile_text(RULES[language], language=language).plan
    assert plan is not None
    facts = {"moment": datetime.fromisoformat(given)}
    decision = interpret(plan, facts, AT)
    assert decision.outcomes["discount"].value == Decimal(discount)
    assert compile_plan(plan)(facts, AT) == decision
