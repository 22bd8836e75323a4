"""Periods as their users meet them: decided at a date, by a date that is named or not known, warned of, explained."""

from datetime import date
from decimal import Decimal

import pytest

import rulec
from rulec.pipeline import compile_text

VOCABULARY = """
We know:
  - a count (number)
  - an order date (date)
We decide:
  - the discount (percentage)
"""
RULES = """
Until 28 February 2026:
  Rule "R": if count > floor then discount 5%
  Constant: the floor is 3.
From 1 March 2026:
  Rule "R": if count > floor then discount 10%
  Constant: the floor is 4.
"""


@pytest.mark.parametrize(
    ("day", "count", "discount"), [("2026-02-28", 4, "0.05"), ("2026-03-01", 4, None), ("2026-03-01", 5, "0.1")]
)
def test_rules_and_constants_follow_the_date_of_the_decision(day: str, count: int, discount: str | None) -> None:
    decision = rulec.loads(VOCABULARY + RULES, language="en").decide({"count": count}, at=date.fromisoformat(day))
    found = decision.outcomes["discount"]
    assert found.value == (Decimal(discount) if discount else None)
    assert found.status == ("decided" if discount else "not_applicable")


def test_a_date_that_is_not_known_leaves_the_rule_unknown() -> None:
    ruleset = rulec.loads(VOCABULARY + "From 1 March 2026 (by the order date):\n  Discount 10%\n", language="en")
    assert ruleset.decide({}, at=date(2020, 1, 1)).outcomes["discount"].status == "undetermined"
    assert ruleset.decide({"order date": "2026-03-01"}, at=date(2020, 1, 1))["discount"] == Decimal("0.1")


def test_a_table_gives_nothing_outside_of_its_period() -> None:
    table = 'In 2026:\n  Table "T":\n  | count || discount |\n  | 3 || 5% |\n  | else || 1% |\n'
    ruleset = rulec.loads(VOCABULARY + table, language="en")
    assert ruleset.decide({"count": 9}, at=date(2026, 12, 31))["discount"] == Decimal("0.01")
    assert ruleset.decide({"count": 9}, at=date(2027, 1, 1)).outcomes["discount"].status == "not_applicable"


@pytest.mark.parametrize(
    ("periods", "days"),
    [
        (("Until 31 March 2026", "From 3 April 2026"), "from 1 April 2026 to 2 April 2026"),
        (("Until 31 March 2026", "From 2 April to 31 May 2026"), "on 1 April 2026; after 31 May 2026"),
        (("In 2026", "In 2027"), "before 1 January 2026; after 31 December 2027"),
        (("In 2026", "From 1 January 2027"), ""),
    ],
)
def test_days_without_a_value_are_named(periods: tuple[str, str], days: str) -> None:
    said = "".join(f"{period}:\n  Constant: the floor is 3.\n" for period in periods)
    compiled = compile_text(VOCABULARY + said + "If count > floor then discount 5%\n", language="en")
    assert [dict(each.values)["days"] for each in compiled.diagnostics] == ([days] if days else [])
