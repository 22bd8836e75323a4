"""Months, quarters, years and working days: what is decided on each day, and days counted within them."""

import calendar
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulec
from rulec.semantics.stretches import MONTHS, days_of, months_of

VOCABULARY = """On connaît :
  - une date de début (date) [start]
  - une date de fin (date) [end]
On décide :
  - le nombre (nombre entier) [number]
  - l'accord (oui/non), non par défaut [yes]
"""
DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))


def holds(condition: str, day: date, at: str = "2026-03-15") -> bool:
    """Whether a condition on the last day holds."""
    rules = rulec.loads(f"{VOCABULARY}Si la date de fin est {condition} alors l'accord est oui\n", language="fr")
    return bool(rules.decide({"end": day}, at=at)["yes"])


def counted(count: str, start: date, end: date, at: str = "2026-03-15") -> Decimal:
    """A number of days."""
    rules = rulec.loads(f"{VOCABULARY}Le nombre est le nombre de {count}\n", language="fr")
    return cast(Decimal, rules.decide({"start": start, "end": end}, at=at)["number"])


@pytest.mark.parametrize(
    ("condition", "within", "without"),
    [
        ("en 2026", ("2026-01-01", "2026-12-31"), ("2025-12-31", "2027-01-01")),
        ("en janvier ou mars", ("2020-01-31", "2026-03-01"), ("2026-02-01",)),
        ("de novembre à février", ("2025-11-01", "2026-02-28", "2026-12-15"), ("2026-03-01", "2026-10-31")),
        ("de juin à août 2026", ("2026-06-01", "2026-08-31"), ("2025-07-01", "2026-09-01")),
        ("au premier semestre", ("2020-01-01", "2026-06-30"), ("2026-07-01",)),
        ("au second semestre 2026", ("2026-07-01", "2026-12-31"), ("2026-06-30", "2025-12-31")),
        ("au 1er trimestre 2026", ("2026-01-01", "2026-03-31"), ("2026-04-01", "2025-02-01")),
        ("du lundi au vendredi", ("2026-03-16", "2026-03-20"), ("2026-03-21", "2026-03-15")),
        ("du samedi au lundi", ("2026-03-21", "2026-03-22", "2026-03-23"), ("2026-03-24", "2026-03-20")),
        ("un jour ouvré", ("2026-05-04",), ("2026-05-01", "2026-05-02", "2026-05-03")),
        ("en mars ou avril 2026", ("2026-03-31", "2026-04-01"), ("2025-03-31", "2027-04-01", "2026-05-01")),
        ("en 2025 ou 2027", ("2025-01-01", "2027-12-31"), ("2026-06-01",)),
        ("au mois d'août", ("2020-08-31",), ("2026-09-01",)),
        ("demain", ("2026-03-16",), ("2026-03-15", "2026-03-17")),
        ("hier", ("2026-03-14",), ("2026-03-15",)),
        ("la semaine dernière", ("2026-03-02", "2026-03-08"), ("2026-03-01", "2026-03-09")),
        ("la semaine prochaine", ("2026-03-16", "2026-03-22"), ("2026-03-15", "2026-03-23")),
        ("le mois prochain", ("2026-04-01", "2026-04-30"), ("2026-05-01", "2025-04-15")),
        ("le trimestre prochain", ("2026-04-01", "2026-06-30"), ("2026-03-31", "2026-07-01")),
        ("l'année prochaine", ("2027-01-01", "2027-12-31"), ("2026-12-31", "2028-01-01")),
        ("dépassée", ("2026-03-14",), ("2026-03-15", "2026-03-16")),
        ("un jour ouvrable", ("2026-05-02", "2026-05-04"), ("2026-05-01", "2026-05-03")),
    ],
)
def test_a_stretch_of_the_calendar_has_its_first_and_its_last_day(
    condition: str, within: tuple[str, ...], without: tuple[str, ...]
) -> None:
    assert [holds(condition, date.fromisoformat(day)) for day in within] == [True] * len(within)
    assert [holds(condition, date.fromisoformat(day)) for day in without] == [False] * len(without)


@given(DAYS, DAYS, st.integers(2020, 2030))
def test_the_days_of_the_months_add_up_to_those_of_the_year(start: date, end: date, year: int) -> None:
    between = "jours entre la date de début et la date de fin"
    days = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]  # the first day is not counted
    assert counted(f"{between} en {year}", start, end) == sum(day.year == year for day in days)
    march = counted(f"{between} en mars {year}", start, end)
    assert march == sum((day.year, day.month) == (year, 3) for day in days)


def test_days_are_counted_within_the_month_of_the_decision() -> None:
    between, start, end = "jours entre la date de début et la date de fin", date(2026, 1, 20), date(2026, 3, 10)
    assert counted(f"{between} ce mois-ci", start, end) == 10
    assert counted(f"{between} le mois dernier", start, end) == 28
    assert counted(f"jours ouvrés{between.removeprefix('jours')} ce mois-ci", start, end) == 7
    assert counted("jours du mois", start, end) == 31
    assert counted("jours du mois de la date de fin", start, date(2024, 2, 3)) == 29


@pytest.mark.parametrize("year", [0, 10_000])
def test_a_year_that_no_date_has_is_none(year: int) -> None:
    assert days_of("march", year) is None


def test_months_that_come_before_are_no_stretch_of_one_year() -> None:
    assert months_of("november-february") is None
    assert months_of("holiday") is None
    assert [months_of(month) for month in MONTHS] == [(n, n) for n in range(1, 13)]
    assert days_of("february", 2024) == (date(2024, 2, 1), date(2024, 2, calendar.monthrange(2024, 2)[1]))
