"""Combining, against brute force: every way that the rules may go, every value that an unknown one may be.

RULEC_EXAMPLES: how many sets of rules, for each way of combining (50 in CI).
"""

import os
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulec.runtime.combine import combine, conclude
from rulec.runtime.decision import FiredRule, OutcomeResult
from rulec.runtime.errors import Problem
from rulec.runtime.kleene import NOTHING, Unknown, Way
from rulec.runtime.sorts import listed
from rulec.runtime.types import COMBINATIONS, Bounds, Choice, Date, ListOf, Number, Option, OutcomeSlot, Type

EXAMPLES = int(os.environ.get("RULEC_EXAMPLES", "50"))
NUMBER = Number()
VALUES = [Decimal(0), Decimal("0.5"), Decimal(1), Decimal(2)]
STRANGE = [Decimal(7), Decimal(-7), Decimal("0.25")]  # what an unknown value may turn out to be, besides VALUES
CHOICE = Choice(tuple(Option(key, key) for key in "abc"))
PLACES = {f"{kind}{rule}{way}": at for at, (kind, rule, way) in enumerate(product("vc", range(4), range(3)))}


def fired(rule: int, branch: int = 0) -> FiredRule:
    return FiredRule(f"r{rule}", f"R{rule}", "a.regles", rule, branch)


def unknown(path: str) -> Unknown:
    return Unknown(frozenset((path,)))


@st.composite
def rules(draw: st.DrawFn, values: Sequence[object], vague_too: bool = True) -> list[list[Way]]:
    """Up to three rules; each condition and value that is not known lacks a fact of its own."""
    found = []
    for rule in range(draw(st.integers(0, 3))):
        ways = []
        for way in range(draw(st.integers(0, 2))):
            vague = vague_too and draw(st.integers(0, 7)) == 0
            value = unknown(f"v{rule}{way}") if vague else draw(st.sampled_from([NOTHING, *values]))
            ways.append(Way(way + 1, value, unknown(f"c{rule}{way}")))
        last = draw(st.sampled_from([NOTHING, NOTHING, *values]))
        found.append([*ways, Way(3 if last is not NOTHING else 0, last)])
    return found


def possible(way: Way, strange: Sequence[object], values: Sequence[object]) -> list[object]:
    return [*values, *strange] if isinstance(way.value, Unknown) else [way.value]


def result(slot: OutcomeSlot, values: Sequence[object]) -> tuple[str, object]:
    """What the policy makes of these values: its meaning, as plainly as it can be said."""
    given: list[Any] = [value for value in values if value is not NOTHING]
    if not given:
        return ("not_applicable", None) if slot.default is None else ("decided", slot.default)
    if (slot.combine == "any" and len(set(given)) > 1) or (slot.combine == "unique" and len(given) > 1):
        return "conflict", None
    if slot.combine == "compound":
        rest = Decimal(1)
        for value in given:
            rest *= 1 - value
        return "decided", 1 - rest
    order = {value: rank for rank, value in enumerate(slot.order)}
    listed = tuple(dict.fromkeys(given)) if slot.distinct else tuple(given)
    make: dict[str, Any] = {
        "max": lambda: max(given),
        "min": lambda: min(given),
        "sum": lambda: sum(given),
        "collect": lambda: listed,
        "priority": lambda: min(given, key=lambda value: order.get(value, 9)),
    }
    return "decided", make.get(slot.combine, lambda: given[0])()


def all_results(slot: OutcomeSlot, ways: Sequence[Sequence[Sequence[object]]]) -> set[tuple[str, object]]:
    """All that may come out; `ways`: rule → way → the values that it may give."""
    return {result(slot, values) for values in product(*([v for way in rule for v in way] for rule in ways))}


def reasons(
    slot: OutcomeSlot, found: Sequence[Sequence[Way]], strange: Sequence[object], values: Sequence[object]
) -> set[str]:
    """The facts that can change the outcome: a way against one after it, or two values of one way, all else alike."""
    opened = [[possible(way, strange, values) for way in rule] for rule in found]
    missing = set()
    for at, rule in enumerate(opened):
        others = [[v for way in other for v in way] for other in (*opened[:at], *opened[at + 1 :])]
        for rest in product(*others):
            outcome = [[result(slot, (*rest[:at], v, *rest[at:])) for v in way] for way in rule]
            for number in range(len(rule)):
                later = {each for ways in outcome[number + 1 :] for each in ways}
                if len(set(outcome[number])) > 1:
                    missing.add(f"v{at}{number}")
                if later and len(later | set(outcome[number])) > 1 and any({one} != later for one in outcome[number]):
                    missing.add(f"c{at}{number}")
    return missing


def check(slot: OutcomeSlot, found: list[list[Way]], values: Sequence[object], strange: Sequence[object]) -> None:
    outcome = combine(slot, [(fired(at), ways) for at, ways in enumerate(found)], PLACES, "fr")
    opened = [[possible(way, strange, values) for way in rule] for rule in found]
    expected = all_results(slot, opened)
    if len(expected) == 1:
        status, value = expected.pop()
        assert (outcome.status, outcome.value) == (status, value)
        assert outcome.missing == ()
        assert outcome.default == (status == "decided" and all(w.value is NOTHING for ways in found for w in ways))
    else:
        assert outcome.status == "undetermined"
        assert set(outcome.missing) == reasons(slot, found, strange, values)
        kinds = [path[0] for path in outcome.missing]
        assert kinds == sorted(kinds)


@pytest.mark.parametrize("policy", [policy for policy in COMBINATIONS if policy != "priority"])
@pytest.mark.parametrize("default", [None, Decimal(0), Decimal(1), Decimal(2)])
@given(found=rules(VALUES))
@settings(max_examples=EXAMPLES, deadline=None)
def test_combining_agrees_with_brute_force(policy: str, default: object, found: list[list[Way]]) -> None:
    type_: Type = ListOf(NUMBER) if policy == "collect" else NUMBER
    default = (default,) if policy == "collect" and default is not None else default
    check(OutcomeSlot("o", type_, "o", policy, default), found, VALUES, STRANGE)


@pytest.mark.parametrize("default", [None, "b"])
@given(found=rules("abc", vague_too=False))
@settings(max_examples=150, deadline=None)
def test_priority_agrees_with_brute_force(default: object, found: list[list[Way]]) -> None:
    check(OutcomeSlot("o", CHOICE, "o", "priority", default, ("b", "a", "c")), found, "abc", "")


@given(found=rules(["a", "b", ("a", "b"), ()]))
@settings(max_examples=150, deadline=None)
def test_a_list_without_repetition_is_settled_only_if_it_is(found: list[list[Way]]) -> None:
    slot = OutcomeSlot("o", ListOf(CHOICE), "o", "collect", distinct=True)
    outcome = combine(slot, [(fired(at), ways) for at, ways in enumerate(found)], PLACES, "fr")
    opened = [[possible(way, ["c"], ["a", "b"]) for way in rule] for rule in found]
    combinations = product(*([value for way in rule for value in way] for rule in opened))
    expected = {listed(slot, [value for value in values if value is not NOTHING]) for values in combinations}
    if outcome.status == "decided":
        assert expected == {outcome.value}
    elif outcome.status == "not_applicable":
        assert expected == {()}
    else:
        assert outcome.missing


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        ([[Way(1, "a", unknown("c00")), Way(0, NOTHING)], [Way(1, "a")]], ("a",)),
        ([[Way(1, "a")], [Way(1, "a", unknown("c10")), Way(0, NOTHING)], [Way(1, "b")]], ("a", "b")),
        ([[Way(1, "a", unknown("c00")), Way(0, NOTHING)], [Way(1, "b")], [Way(1, "a")]], None),
        ([[Way(1, "b")], [Way(1, "a", unknown("c10")), Way(0, NOTHING)], [Way(1, "b")], [Way(1, "a")]], ("b", "a")),
        ([[Way(1, unknown("v00"), unknown("c00")), Way(0, NOTHING)], [Way(1, "a")]], None),
        ([[Way(1, "a", unknown("c00")), Way(0, NOTHING)], [Way(1, unknown("v10"))]], None),
    ],
)
def test_a_repetition_makes_no_difference_to_a_list_without(ways: list[list[Way]], expected: object) -> None:
    slot = OutcomeSlot("o", ListOf(CHOICE), "o", "collect", distinct=True)
    outcome = combine(slot, [(fired(at), each) for at, each in enumerate(ways)], PLACES, "fr")
    assert (outcome.status == "decided", outcome.value) == (expected is not None, expected)


def decide(policy: str, given: Sequence[tuple[int, object]], **options: Any) -> OutcomeResult:
    slot = OutcomeSlot("o", options.pop("type", NUMBER), "remise", policy, **options)
    return conclude(slot, [(fired(rule, 1), value) for rule, value in given], "fr")


def test_the_rules_that_fired() -> None:
    one, two, ten = Decimal(1), Decimal(2), Decimal(10)
    agreed = decide("any", [(0, one), (1, one)])
    assert (agreed.value, agreed.fired) == (one, (fired(0, 1), fired(1, 1)))
    clash = decide("any", [(0, one), (1, two)])
    assert (clash.status, clash.value, clash.fired) == ("conflict", None, (fired(0, 1), fired(1, 1)))
    assert decide("unique", [(0, one), (1, one)]).status == "conflict"
    assert decide("unique", [(0, one)]).fired == (fired(0, 1),)
    assert decide("first", [(0, two), (1, two)]).fired == (fired(0, 1),)
    assert decide("max", [(0, one), (1, ten), (2, ten)]).fired == (fired(1, 1), fired(2, 1))
    assert decide("sum", [(0, one), (1, ten)]).fired == (fired(0, 1), fired(1, 1))
    assert decide("priority", [(0, False), (1, True)], order=(True, False)).value is True
    assert decide("priority", [(0, False), (1, True)]).value is True
    assert decide("priority", [(0, "c"), (1, "b")], type=CHOICE, order=("a",)).value == "b"


def test_an_open_branch_that_makes_no_difference_is_not_named() -> None:
    ways = [Way(1, Decimal(1), unknown("c00")), Way(2, Decimal(1))]
    outcome = combine(OutcomeSlot("o", NUMBER, "o"), [(fired(3), ways)], PLACES, "fr")
    assert (outcome.status, outcome.fired) == ("decided", (fired(3, 0),))


def test_a_value_out_of_bounds_is_an_error() -> None:
    bounds = Bounds(Decimal(0), Decimal(5))
    for policy, values in [("max", [(0, Decimal(7))]), ("sum", [(0, Decimal(3)), (1, Decimal(4))])]:
        outcome = decide(policy, values, bounds=bounds)
        assert (outcome.status, outcome.value) == ("error", None)
        details = (("outcome", "remise"), ("value", "7"), ("bounds", "0 … 5"))
        assert outcome.problems == (Problem("E553", details),)
    assert decide("any", [], default=Decimal(9), bounds=bounds).status == "error"
    assert decide("any", [(0, Decimal(5))], bounds=bounds).status == "decided"
    listed = decide("collect", [(0, Decimal(1)), (1, Decimal(-1))], type=ListOf(NUMBER), bounds=Bounds(Decimal(0)))
    assert listed.problems[0].message("fr") == "Le résultat « remise » vaut -1, hors de ses bornes (0 …)."
    assert decide("max", [(0, date(2026, 1, 1))], type=Date(), bounds=bounds).status == "decided"


def test_what_adds_up_to_too_much_is_an_error() -> None:
    huge = Decimal("9e6144")
    outcome = decide("sum", [(0, huge), (1, huge)])
    assert (outcome.status, outcome.problems[0].code) == ("error", "E556")


def test_a_list_takes_the_elements_of_lists() -> None:
    assert decide("collect", [(0, ("a", "b")), (1, "a")], type=ListOf(CHOICE)).value == ("a", "b", "a")
    assert decide("collect", [(0, ("a", "b")), (1, "a")], type=ListOf(CHOICE), distinct=True).value == ("a", "b")
    nested = decide("collect", [(0, ("a", "b")), (1, ("a",))], type=ListOf(ListOf(CHOICE)))
    assert nested.value == (("a", "b"), ("a",))
    assert decide("collect", [], type=ListOf(CHOICE), default=()).value == ()


@pytest.mark.parametrize("default", [Decimal(1), Decimal(2), None])
def test_a_reduction_of_a_hundred_percent_leaves_nothing_to_others(default: object) -> None:
    whole = Decimal(1)
    found = [[Way(1, NOTHING, unknown("c00")), Way(3, whole)], [Way(1, NOTHING, unknown("c10")), Way(3, whole)]]
    check(OutcomeSlot("o", NUMBER, "o", "compound", default), found, VALUES, STRANGE)
    vague = [[Way(1, whole, unknown("c00")), Way(0, NOTHING)], [Way(1, Decimal(2), unknown("c10")), Way(0, NOTHING)]]
    check(OutcomeSlot("o", NUMBER, "o", "compound", default), vague, VALUES, STRANGE)


def test_nothing_shows_as_such() -> None:
    assert repr(NOTHING) == "NOTHING"


def test_the_worst_reason_gives_the_status() -> None:
    problem = Problem("E551", (("rule", "R"), ("file", "f"), ("line", "1")))
    broken = Unknown(problems=frozenset((problem,)), status="error")
    ways = [Way(1, unknown("v01"), unknown("c00")), Way(2, broken)]
    outcome = combine(OutcomeSlot("o", NUMBER, "o"), [(fired(0), ways)], PLACES, "fr")
    assert (outcome.status, outcome.missing, outcome.problems) == ("error", ("c00", "v01"), (problem,))
