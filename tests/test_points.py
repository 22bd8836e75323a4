"""Which rules never win: what classes of values settle is what the solver proves, for facts of all types."""

from collections.abc import Callable
from random import Random
from time import monotonic

import pytest

from rulec.analysis.analyse import analyse
from rulec.analysis.findings import Finding
from rulec.analysis.points import Points
from rulec.pipeline import compile_text
from rulec.plan.tree import Plan
from rulec.tree import Node

HEAD = """\
We know:
  - an amount (in €), from €0 to €4
  - a quantity (whole number), from 0 to 4
  - a weight (in kg)
  - a day (date)
  - a country among Spain, Italy, Greece
  - a loyal customer (yes/no)
  - a note (text)
  - an extra (in €), optional
We decide:
  - the discount (percentage), the first rule wins, optional
"""
FOUND = ("W604", "W605", "W606")


def condition(random: Random) -> str:
    low = random.randrange(4)
    high = low + random.randint(0, 2)
    said = [
        f"the amount is from €{low} inclusive to €{high + 1} exclusive", f"the amount exceeds €{low}",
        f"the amount is at most €{high}", f"the quantity is from {low} to {high}", f"the quantity is less than {high}",
        f"the quantity is {low}", f"the weight is less than {low} kg", f"the weight is at least {high} kg",
        f"the weight is {high} kg", f"the day is after {low + 1} March 2026",
        f"the day is before {high + 1} March 2026", f"the extra is given and the extra exceeds €{low}",
        "the country is Spain", "the country is Spain or Italy", "the country is not Greece",
        "non-loyal customer", 'the note is "a"', 'the note is not "b"', "the extra is given",
        "the extra is missing",
    ]  # fmt: skip
    return " and ".join(random.sample(said, random.choice([1, 1, 1, 2, 2, 3])))


def found(plan: Plan) -> list[Finding]:
    return [each for each in analyse(plan, True, 60, monotonic) if each.code in FOUND]


def rules(random: Random) -> str:
    said = [f"If {condition(random)} then the discount is {random.randrange(4)}%" for _ in range(14)]
    return "\n".join(said) + "\n"


CELLS: dict[str, tuple[str, ...]] = {
    "amount": ("from €1 inclusive to €3 exclusive", "more than €2", "up to €3", "€2", "less than €0"),
    "quantity": ("from 1 to 3", "less than 2", "4", "not 2"),
    "weight": ("less than 2 kg", "at least 1 kg", "3 kg"),
    "day": ("after 2 March 2026", "before 3 March 2026"),
    "country": ("Spain", "Spain, Italy", "not Greece"),
    "loyal customer": ("yes", "no"),
    "note": ('"a"', 'not "b"'),
    "extra": ("more than €2", "up to €3", "missing"),
}


def rows(random: Random, count: int = 14) -> str:
    """A table, of any policy, with or without what is given otherwise."""
    columns = random.sample([*CELLS], 3)
    policy = random.choice(["the first row wins", "the first row wins", "the highest wins", "the lowest wins"])
    lines = [f'Table "T" ({policy}):', f"| {' | '.join(columns)} || discount |"]
    for _ in range(count):
        cells = [random.choice(["-", "-", *CELLS[column]]) for column in columns]
        lines.append(f"| {' | '.join(cells)} || {random.randrange(4)}% |")
    lines += random.choice([[], [f"| otherwise | - | - || {random.randrange(4)}% |"]])
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("make", [rules, rows])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_settled_without_the_solver_is_what_it_proves(
    seed: int, make: Callable[[Random], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = HEAD + make(Random(seed))
    plan = compile_text(text, language="en").plan
    assert plan is not None, text
    settled = list[bool]()
    alone = Points.alone

    def noted(points: Points, line: int, others: int) -> int | None:
        answer = alone(points, line, others)
        settled.append(answer is not None)
        return answer

    monkeypatch.setattr(Points, "alone", noted)
    quick = found(plan)
    monkeypatch.setattr(Points, "alone", lambda points, line, others: None)
    monkeypatch.setattr(Points, "holds", lambda points, line: False)
    assert quick == found(plan)
    assert any(settled), text


@pytest.mark.parametrize("seed", range(6))
def test_pairs_that_surely_contradict_each_other_are_those_of_the_solver(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    policy = random.choice(["only one rule applies", "rules must agree"])
    said = [f"If {condition(random)} then the discount is {random.randrange(3)}%" for _ in range(5)]
    text = HEAD.replace("the first rule wins", policy) + "\n".join(said) + "\n" + random.choice(["", rows(random, 3)])
    plan = compile_text(text, language="en").plan
    assert plan is not None, text

    def pairs() -> set[tuple[Node, Node]]:
        told = [each for each in analyse(plan, True, 60, monotonic) if each.code == "E601"]
        assert all(each.case is not None for each in told)
        return {(each.at.statement, each.other.statement) for each in told if each.other is not None}

    quick = pairs()
    monkeypatch.setattr(Points, "meeting", lambda points, line: None)
    assert quick == pairs()
    assert quick, text
