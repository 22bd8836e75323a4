"""Literals: what a text at a place is worth, in its language, and what is refused."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulec.runtime.literals import Literal, Refusal, scan_literal
from rulec.runtime.shown import show_value
from rulec.runtime.types import Amount

D = Decimal
READ = [
    ("fr", "1 234,56 €", "amount", D("1234.56"), "EUR"),
    ("fr", "1\u202f234,56\u00a0€", "amount", D("1234.56"), "EUR"),
    ("fr", "1.234.567,8 €", "amount", D("1234567.8"), "EUR"),
    ("fr", "€ 500", "amount", D(500), "EUR"),
    ("fr", "500 CHF", "amount", D(500), "CHF"),
    ("fr", "500 francs suisses", "amount", D(500), "CHF"),
    ("fr", "10 k€", "amount", D(10000), "EUR"),
    ("fr", "2 M€", "amount", D(2000000), "EUR"),
    ("fr", "dix pour cent", "percentage", D("0.1"), ""),
    ("fr", "dix kilos", "quantity", D(10), "kg"),
    ("fr", "2.5 kg", "quantity", D("2.5"), "kg"),
    ("fr", "vingt et un jours", "duration", D(21), "day"),
    ("fr", "soixante-quinze jours", "duration", D(75), "day"),
    ("fr", "deux semaines", "duration", D(14), "day"),
    ("fr", "2 ans", "duration", D(24), "month"),
    ("fr", "5 jours ouvrés", "duration", D(5), "working_day"),
    ("fr", "5 jours ouvrables", "duration", D(5), "business_day"),
    ("fr", "48 h", "duration", D(172800), "second"),
    ("fr", "9 h", "time", time(9), ""),
    ("fr", "9h30", "time", time(9, 30), ""),
    ("fr", "1er mars 2026", "date", date(2026, 3, 1), ""),
    ("fr", "31/12/2026", "date", date(2026, 12, 31), ""),
    ("fr", "31.12.2026", "date", date(2026, 12, 31), ""),
    ("fr", "2026-12-31", "date", date(2026, 12, 31), ""),
    ("fr", "0,529 € par km", "rate", D("0.529"), "EUR/km"),
    ("fr", "90 km/h", "rate", D(90), "km/h"),
    ("fr", "12,5 m²", "quantity", D("12.5"), "m²"),
    ("fr", "10 points", "points", D("0.1"), ""),
    ("fr", "0,1234567890123456789012345678901234 %", "percentage", D("0.001234567890123456789012345678901234"), ""),
    ("fr", "2 millions d'euros", "amount", D(2000000), "EUR"),
    ("fr", "1,5 million d’euros HT", "amount", D(1500000), "EUR"),
    ("fr", "un milliard d'euros", "amount", D(10**9), "EUR"),
    ("fr", "deux mille euros", "amount", D(2000), "EUR"),
    ("fr", "cinq cents euros", "amount", D(500), "EUR"),
    ("fr", "2 millions", "number", D(2000000), ""),
    ("fr", "50 centimes", "amount", D("0.5"), "EUR"),
    ("fr", "cinquante centimes d'euro par km", "rate", D("0.5"), "EUR/km"),
    ("fr", "premier janvier 2026", "date", date(2026, 1, 1), ""),
    ("en", "€1,234.56", "amount", D("1234.56"), "EUR"),
    ("en", "€10k", "amount", D(10000), "EUR"),
    ("en", "€2 million", "amount", D(2000000), "EUR"),
    ("en", "€1.5 million incl. VAT", "amount", D(1500000), "EUR"),
    ("en", "2 million euros", "amount", D(2000000), "EUR"),
    ("en", "a million euros", "amount", D(1000000), "EUR"),
    ("en", "five hundred euros", "amount", D(500), "EUR"),
    ("en", "2 thousand km", "quantity", D(2000), "km"),
    ("en", "2 million", "number", D(2000000), ""),
    ("en", "50 euro cents", "amount", D("0.5"), "EUR"),
    ("en", "50 pence", "amount", D("0.5"), "GBP"),
    ("en", "a month", "duration", D(1), "month"),
    ("en", "an hour", "duration", D(3600), "second"),
    ("en", "first of January 2026", "date", date(2026, 1, 1), ""),
    ("en", "ten percent", "percentage", D("0.1"), ""),
    ("en", "twenty-five days", "duration", D(25), "day"),
    ("en", "5 working days including Saturdays", "duration", D(5), "business_day"),
    ("en", "January 1, 2026", "date", date(2026, 1, 1), ""),
    ("en", "1st of January 2026", "date", date(2026, 1, 1), ""),
    ("en", "12/31/2026", "date", date(2026, 12, 31), ""),
    ("en", "9am", "time", time(9), ""),
    ("en", "12am", "time", time(0), ""),
    ("en", "12:30 p.m.", "time", time(12, 30), ""),
    ("en", "18:05", "time", time(18, 5), ""),
    ("en", "2026-03-01T09:30Z", "datetime", datetime(2026, 3, 1, 9, 30, tzinfo=UTC), ""),
]  # fmt: skip
REFUSED = [
    ("fr", "1.500 €", "E110", ("1\u00a0500 €", "1,500 €")),
    ("en", "€1,5", "E110", ("€1,500", "€1.5")),
    ("fr", "1 23 €", "E111", ()),
    ("fr", "31/02/2026", "E112", ()),
    ("fr", "2026-02-30", "E112", ()),
    ("fr", "01/02/26", "E113", ("1er février 2026", "1er février 1926")),
    ("en", "01/02/2026", "E114", ("1 February 2026", "2 January 2026")),
    ("fr", "1er janvier", "E115", ("1er janvier 2026",)),
    ("fr", "premier janvier", "E115", ("1er janvier 2026",)),
    ("en", "first of January", "E115", ("1 January 2026",)),
    ("en", "50 cents", "E748", ("€0.50", "$0.50")),
    ("en", "2.5 cents", "E748", ("€0.025", "$0.025")),
    ("fr", "1" * 35, "E116", ()),
    ("en", "5 business days", "E117", ("5 working days", "5 working days including Saturdays")),
    ("en", "13pm", "E118", ()),
    ("fr", "12h75", "E118", ()),
    ("fr", "24 h 30", "E118", ()),
]
NOT_READ = [
    ("fr", "un m"),
    ("fr", "deux h"),
    ("fr", "un jour férié"),
    ("fr", "trois articles"),
    ("fr", "premier article"),
    ("en", "may be"),
    ("en", "a kilo"),
    ("en", "a second order"),
    ("en", "a day off"),
    ("en", "a business day"),
    ("en", "first of two"),
    ("fr", "€"),
    ("fr", ""),
]


@pytest.mark.parametrize(("language", "text", "kind", "value", "unit"), READ)
def test_a_literal_is_read_whole(language: str, text: str, kind: str, value: object, unit: str) -> None:
    found = scan_literal(text, 0, language)
    assert isinstance(found, Literal)
    assert (found.kind, found.value, found.unit, found.end) == (kind, value, unit, len(text))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_number_without_groups_ends_at_a_space(language: str) -> None:
    found = scan_literal("12345 6789 €", 0, language)
    assert isinstance(found, Literal)
    assert (found.value, found.end) == (D(12345), len("12345"))


@pytest.mark.parametrize(("language", "text", "tax"), [
    ("fr", "500 € HT", "net"), ("fr", "500 € toutes taxes comprises", "gross"), ("fr", "500 €", ""),
    ("en", "€500 excl. VAT", "net"), ("en", "€500 including VAT", "gross"),
])  # fmt: skip
def test_the_tax_belongs_to_the_amount(language: str, text: str, tax: str) -> None:
    found = scan_literal(text, 0, language)
    assert isinstance(found, Literal)
    assert (found.tax, found.end) == (tax, len(text))


@pytest.mark.parametrize(("language", "text", "code", "readings"), REFUSED)
def test_two_readings_or_none_are_refused(language: str, text: str, code: str, readings: tuple[str, ...]) -> None:
    found = scan_literal(text, 0, language)
    assert isinstance(found, Refusal)
    assert (found.code, found.readings) == (code, readings)


@pytest.mark.parametrize(("language", "text"), NOT_READ)
def test_what_is_no_literal_is_none(language: str, text: str) -> None:
    assert scan_literal(text, 0, language) is None


@given(st.text(alphabet="0123456789 .,:/-€%hkgmHTansjouréewk\u202fé", max_size=40), st.sampled_from(("fr", "en")))
def test_a_literal_stays_within_its_text(text: str, language: str) -> None:
    for at in range(len(text)):
        found = scan_literal(text, at, language)
        assert found is None or at <= found.start < found.end <= len(text)


@given(st.decimals(min_value=0, max_value=10**15, places=2), st.sampled_from(("fr", "en")))
def test_an_amount_reads_as_it_is_shown(value: Decimal, language: str) -> None:
    found = scan_literal(show_value(Amount("EUR"), value, language), 0, language)
    assert isinstance(found, Literal)
    assert found.value == value
