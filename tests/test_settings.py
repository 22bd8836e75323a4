"""The calendar, the closures and the time zone of a rule set."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import rulec
from rulec.pipeline import compile_paths, compile_text
from rulec.source import Language

DELIVERY = {
    "fr": "On connaît :\n  - une date de commande (date) [ordered]\nOn décide :\n  - la livraison (date) [delivery]\n"
    "La livraison est la date de commande plus 5 jours ouvrés.\n",
    "en": "We know:\n  - an order date (date) [ordered]\nWe decide:\n  - the delivery (date)\n"
    "The delivery is the order date plus 5 working days.\n",
}
HOLIDAY = {
    "fr": "On décide :\n  - le repos (oui/non), non par défaut [rest]\nSi un jour férié alors repos oui\n",
    "en": "We decide:\n  - the rest (yes/no), no by default\nIf on a public holiday then rest yes\n",
}


def delivery(text: str, language: Language, ordered: str) -> object:
    return rulec.loads(text + DELIVERY[language], language=language).decide({"ordered": ordered})["delivery"]


@pytest.mark.parametrize(
    ("french", "english", "day"),
    [
        ("", "", date(2026, 5, 13)),  # 8 May 2026 is a Friday: a holiday in France
        ("Calendrier : France\n", "Calendar: France\n", date(2026, 5, 13)),
        ("Calendrier : Allemagne.\n", "Calendar: Germany.\n", date(2026, 5, 12)),
        (
            "L'entreprise est fermée le 11 mai 2026 et du 13 au 14 mai 2026.\n",
            "The company is closed on 11 May 2026 and from 13 to 14 May 2026.\n",
            date(2026, 5, 18),  # 14 May is Ascension Day as well
        ),
    ],
)
def test_working_days_follow_the_calendar_and_the_closures(french: str, english: str, day: date) -> None:
    assert delivery(french, "fr", "2026-05-05") == day
    assert delivery(english, "en", "2026-05-05") == day


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_closure_is_no_public_holiday(language: Language) -> None:
    closed = {"fr": "Fermeture : le 11 mai 2026\n", "en": "Closure: 11 May 2026\n"}[language]
    rules = rulec.loads(closed + HOLIDAY[language], language=language)
    assert rules.decide({}, at=date(2026, 5, 11))["rest"] is False
    assert rules.decide({}, at=date(2026, 5, 8))["rest"] is True


def test_a_region_has_its_own_holidays() -> None:
    friday = date(2026, 4, 3)  # Good Friday
    for head, rest in (("", False), ("Calendrier : Alsace-Moselle\n", True)):
        assert rulec.loads(head + HOLIDAY["fr"], language="fr").decide({}, at=friday)["rest"] is rest


@pytest.mark.parametrize(("head", "day"), [("", "2026-03-01"), ("Fuseau horaire : America/New_York\n", "2026-02-28")])
def test_the_day_of_a_decision_is_that_of_the_zone(head: str, day: str) -> None:
    text = head + "On décide :\n  - le jour (date) [day]\nLe jour est aujourd'hui.\n"
    at = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    assert str(rulec.loads(text, language="fr").decide({}, at=at)["day"]) == day


def test_what_an_imported_file_sets_holds_for_all(tmp_path: Path) -> None:
    (tmp_path / "house.rules").write_text("Calendar: Germany\nTime zone: Europe/Berlin\n", encoding="utf-8")
    main = tmp_path / "main.rules"
    main.write_text("Use house\nCalendar: Germany\n" + DELIVERY["en"], encoding="utf-8")
    plan = compile_paths([main]).plan
    assert plan is not None
    assert plan.zone == "Europe/Berlin"
    assert not {date(2026, 5, 8).toordinal()} & set(dict(plan.calendars)["worked"])


def test_settings_alone_are_no_empty_file() -> None:
    text = "Calendrier : Belgique\nFuseau horaire : Europe/Brussels\n"
    assert not list(compile_text(text, language="fr").diagnostics)
