"""Arithmetic, rounding, dates and text tests: exact, and the same on every machine."""

import time as clock
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulec.runtime.calculate import (
    compounded,
    date_part,
    day_of,
    elapsed,
    exact_add,
    exact_div,
    exact_mul,
    exact_sub,
    exact_sum,
    greatest,
    least,
    rounded,
    shifted,
    time_of,
    wall,
)
from rulec.runtime.errors import CalculationError, Problem
from rulec.runtime.texts import fold_text, matches, text_test

PARIS = "Europe/Paris"
D = Decimal
numbers = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=6)
days = st.dates(date(1800, 1, 1), date(2200, 12, 31))


# ---- numbers


def test_division_is_to_34_digits_half_even() -> None:
    assert str(exact_div(D(2), D(3))) == "0.6666666666666666666666666666666667"
    assert exact_add(D("0.1"), D("0.2")) == D("0.3")
    assert str(exact_add(D("1e33"), D("0.5"))) == "1000000000000000000000000000000000"
    assert str(exact_add(D("1000000000000000000000000000000001"), D("0.5"))) == "1000000000000000000000000000000002"
    assert str(exact_mul(D(-1), D(0))) == "0"


def test_the_context_of_the_thread_does_not_matter_and_is_left_alone() -> None:
    with localcontext() as context:
        context.prec = 2
        context.clear_flags()
        assert exact_mul(D("1.23"), D("4.56")) == D("5.6088")
        assert rounded(D("123.456"), D("0.01"), "nearest") == D("123.46")
        assert not any(getcontext().flags.values())


@pytest.mark.parametrize(
    ("calculate", "code"),
    [
        (lambda: exact_div(D(1), D(0)), "E551"),
        (lambda: exact_div(D(0), D(0)), "E551"),
        (lambda: exact_mul(D("1e6000"), D("1e6000")), "E552"),
        (lambda: exact_add(D("9e6144"), D("9e6144")), "E552"),
        (lambda: exact_sub(D("Infinity"), D("Infinity")), "E552"),
        (lambda: shifted(date(9999, 12, 1), D(1), "month", PARIS), "E555"),
        (lambda: shifted(date(1, 1, 1), D(-1), "day", PARIS), "E555"),
        (lambda: shifted(date(2026, 1, 1), D("1e9"), "day", PARIS), "E555"),
        (lambda: shifted(date(2026, 1, 1), D("1.5"), "day", PARIS), "E557"),
        (lambda: shifted(datetime(9999, 12, 31, tzinfo=UTC), D(1), "day", PARIS), "E555"),
        (lambda: wall(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))), PARIS), "E555"),
    ],
)
def test_what_has_no_result(calculate: object, code: str) -> None:
    with pytest.raises(CalculationError) as caught:
        calculate()  # type: ignore[operator]  # a lambda of the table
    assert caught.value.code == code
    assert Problem(code).message("fr")


@given(values=st.lists(numbers, max_size=4))
def test_sums_do_not_depend_on_the_order(values: list[Decimal]) -> None:
    assert {str(exact_sum(each)) for each in permutations(values)} == {str(exact_sum(values))}
    assert len({str(compounded(each)) for each in permutations(values)}) == 1


def test_reductions_one_after_the_other() -> None:
    assert compounded([D("0.1"), D("0.2")]) == D("0.28")
    assert exact_sum([]) == 0 == compounded([])
    assert (least(D(2), D(1)), greatest(D(2), D(1))) == (D(1), D(2))


@given(value=numbers, step=st.sampled_from([D("0.01"), D("0.05"), D(1), D(10), D("0.5")]))
def test_rounding_is_to_the_nearest_multiple(value: Decimal, step: Decimal) -> None:
    nearest, up, down = (rounded(value, step, mode) for mode in ("nearest", "up", "down"))
    assert all(Fraction(each) % Fraction(step) == 0 for each in (nearest, up, down))
    assert down <= value <= up
    assert up - down in (0, step)
    assert nearest in (up, down)
    assert abs(nearest - value) <= step / 2
    if abs(nearest - value) == step / 2:
        assert abs(nearest) > abs(value)  # half away from zero


# ---- dates


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        (date(2026, 1, 31), 1, "month", date(2026, 2, 28)),
        (date(2024, 1, 31), 1, "month", date(2024, 2, 29)),
        (date(2026, 3, 31), -1, "month", date(2026, 2, 28)),
        (date(2024, 2, 29), 12, "month", date(2025, 2, 28)),
        (date(2026, 12, 15), 1, "month", date(2027, 1, 15)),
        (date(2026, 2, 28), 1, "day", date(2026, 3, 1)),
    ],
)
def test_a_shift(start: date, amount: int, unit: str, end: date) -> None:
    assert shifted(start, D(amount), unit, PARIS) == end


def test_a_moment_keeps_its_time_of_day() -> None:
    noon = datetime(2026, 3, 28, 11, tzinfo=UTC)  # noon in Paris, the day before summer time
    assert shifted(noon, D(1), "day", PARIS) == datetime(2026, 3, 29, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("unit", "start", "end", "count"),
    [
        ("day", date(2026, 2, 27), date(2026, 3, 1), 2),
        ("day", date(2026, 3, 1), date(2026, 2, 27), -2),
        ("month", date(2026, 1, 31), date(2026, 2, 28), 1),
        ("month", date(2026, 1, 31), date(2026, 2, 27), 0),
        ("month", date(2026, 3, 15), date(2026, 1, 16), -1),
        ("year", date(2008, 3, 1), date(2026, 2, 28), 17),
        ("year", date(2008, 3, 1), date(2026, 3, 1), 18),
        ("year", date(2008, 2, 29), date(2009, 2, 28), 1),
        ("day", datetime(2026, 1, 1, 23, tzinfo=UTC), datetime(2026, 1, 2, 22, tzinfo=UTC), 0),
        ("day", datetime(2026, 1, 1, 23, tzinfo=UTC), date(2026, 1, 3), 1),
        ("day", datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 11, tzinfo=UTC), 1),
        ("month", date(1, 1, 1), date(9999, 12, 31), 119987),
    ],
)
def test_whole_units_between(unit: str, start: date, end: date, count: int) -> None:
    assert elapsed(unit, start, end, PARIS) == count


@given(start=days, end=days)
def test_elapsed_months_are_those_that_a_shift_makes(start: date, end: date) -> None:
    start, end = min(start, end), max(start, end)
    months = elapsed("month", start, end, PARIS)
    assert shifted(start, months, "month", PARIS) <= end < shifted(start, months + 1, "month", PARIS)
    assert elapsed("month", end, start, PARIS) == -months
    assert elapsed("year", start, end, PARIS) == months // 12


def test_parts_of_a_date() -> None:
    day = date(2026, 5, 4)
    parts = [date_part(part, day, PARIS) for part in ("year", "quarter", "month", "day", "weekday")]
    assert parts == [2026, 2, 5, 4, 1]
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert (day_of(late, PARIS), time_of(late, PARIS)) == (date(2027, 1, 1), time(0, 30))


# ---- texts


@pytest.mark.parametrize(
    ("test", "text", "pattern", "result"),
    [
        ("equals", "  L’ÉTÉ\u00a0 dernier ", "l'ete dernier", True),
        ("equals", "Straße", "STRASSE", True),
        ("equals", "œuvre", "OEUVRE", True),
        ("equals", "İ", "i", True),
        ("starts", "Église Saint-Paul", "eglise", True),
        ("starts", "ruelle", "rue ", False),
        ("ends", "facture.PDF ", ".pdf", True),
        ("contains", "remboursé hier", "REMBOURSE", True),
        ("matches", "FR-2026-0001", "fr-????-*", True),
        ("matches", "FR-26-0001", "fr-????-*", False),
        ("matches", "(a.b)", "(a.b)", True),
        ("matches", "axb", "a.b", False),
        ("matches", "", "*", True),
        ("matches", "", "?", False),
    ],
)
def test_folded_texts(test: str, text: str, pattern: str, result: bool) -> None:
    assert text_test(test, False, text, pattern) is result


def test_exact_texts() -> None:
    assert not text_test("equals", True, "Été", "été")
    assert text_test("equals", True, "été", "été")
    assert not text_test("starts", True, " a", "a")


@given(text=st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


def reference(text: str, pattern: str) -> bool:
    """What a pattern means, by its definition."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(reference(text[at:], pattern[1:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and reference(text[1:], pattern[1:])


@given(text=st.text("ab", max_size=8), pattern=st.text("ab*?", max_size=6))
@settings(max_examples=150)
def test_patterns_agree_with_their_definition(text: str, pattern: str) -> None:
    assert matches(text, pattern) == reference(text, pattern)


def test_short_patterns_agree_with_their_definition() -> None:
    words = ["".join(word) for length in range(4) for word in product("ab", repeat=length)]
    patterns = ["".join(word) for length in range(4) for word in product("ab*?", repeat=length)]
    assert all(matches(word, pattern) == reference(word, pattern) for word in words for pattern in patterns)


def test_no_pattern_is_slow() -> None:
    start = clock.perf_counter()
    assert not matches("a" * 100_000, "a*" * 30 + "b")
    assert clock.perf_counter() - start < 2
