"""Values: what is accepted, what is refused and how, and the way there and back."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rulec.runtime.refused import ValueProblem, given_text
from rulec.runtime.shown import dump_value, expected, show_number, show_value, unit_name
from rulec.runtime.types import (
    Amount,
    Choice,
    Date,
    DateTime,
    Duration,
    ListOf,
    Number,
    Option,
    Percentage,
    Quantity,
    Rate,
    Record,
    Slot,
    Text,
    Time,
    Type,
    YesNo,
)
from rulec.runtime.values import read_value

EURO = Amount("EUR")
NET = Amount("EUR", "net")
CHANNEL = Choice((Option("boutique", "boutique"), Option("web", "Web"), Option("fr", "France"),
                  Option("livre", "livre"), Option("livre_2", "livré")))  # fmt: skip
PARIS = timezone(timedelta(hours=1))


class Channel(Enum):
    WEB = "web"


ACCEPTED: list[tuple[Type, str, object, object]] = [
    (EURO, "fr", 620, Decimal(620)),
    (EURO, "fr", Decimal("620.5"), Decimal("620.5")),
    (EURO, "fr", "620", Decimal(620)),
    (EURO, "fr", " 620 € ", Decimal(620)),
    (EURO, "fr", "€620", Decimal(620)),
    (EURO, "fr", "620.50", Decimal("620.5")),
    (EURO, "fr", "1\u00a0234,50\u00a0€", Decimal("1234.5")),
    (EURO, "fr", "1 234,50 euros", Decimal("1234.5")),
    (EURO, "fr", "- 5 €", Decimal(-5)),
    (EURO, "fr", "+5 €", Decimal(5)),
    (EURO, "fr", "1.500", Decimal("1.5")),  # a program's number, not a person's
    (EURO, "fr", "-0", Decimal(0)),
    (EURO, "en", "€1,234.50", Decimal("1234.5")),
    (EURO, "en", "-€5", Decimal(-5)),
    (NET, "fr", "620 € HT", Decimal(620)),
    (NET, "en", "€620 excl. VAT", Decimal(620)),
    (NET, "fr", "620 €", Decimal(620)),
    (Percentage(), "fr", "10 %", Decimal("0.1")),
    (Percentage(), "fr", Decimal("0.10"), Decimal("0.1")),
    (Percentage(), "fr", "0,10", Decimal("0.1")),
    (Percentage(), "fr", "150 %", Decimal("1.5")),
    (Percentage(), "fr", 1, Decimal(1)),
    (Percentage(), "fr", "dix pour cent", Decimal("0.1")),
    (YesNo(), "fr", True, True),
    (YesNo(), "fr", "VRAI", True),
    (YesNo(), "fr", " oui", True),
    (YesNo(), "en", "no", False),
    (YesNo(), "en", "false", False),
    (Number(True), "fr", "12,0", Decimal(12)),
    (Number(True), "fr", Decimal("1E+3"), Decimal(1000)),
    (Number(), "fr", "12,5", Decimal("12.5")),
    (Quantity("kg"), "fr", "500 g", Decimal("0.5")),
    (Quantity("kg"), "fr", 5, Decimal(5)),
    (Quantity("CV"), "fr", "5 cv", Decimal(5)),
    (Rate(EURO, "km"), "fr", "0,529 € par km", Decimal("0.529")),
    (Rate(EURO, "km"), "fr", "5 €/m", Decimal(5000)),
    (Rate(EURO, "nuit"), "fr", "50 € par nuit", Decimal(50)),
    (Rate(EURO, "nuit"), "fr", "50 €/nuit", Decimal(50)),
    (Rate(Quantity("km"), "h"), "en", "90 km/h", Decimal(90)),
    (Duration(), "fr", "2 semaines", Decimal(14)),
    (Duration(), "fr", 30, Decimal(30)),
    (Duration("second"), "fr", "2 h", Decimal(7200)),
    (Duration("second"), "fr", "30 minutes", Decimal(1800)),
    (Date(), "fr", "1er mars 2026", date(2026, 3, 1)),
    (Date(), "fr", "2026-03-01", date(2026, 3, 1)),
    (Date(), "fr", date(2026, 3, 1), date(2026, 3, 1)),
    (DateTime(), "fr", "2026-03-01T18:30:15.25Z", datetime(2026, 3, 1, 18, 30, 15, 250000, UTC)),
    (DateTime(), "fr", "1er mars 2026 à 18 h 30 (+01:00)", datetime(2026, 3, 1, 18, 30, tzinfo=PARIS)),
    (DateTime(), "fr", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
    (Time(), "fr", "18 h 30", time(18, 30)),
    (Time(), "en", "6:30pm", time(18, 30)),
    (Time(), "fr", "18:30:15", time(18, 30, 15)),
    (Time(), "fr", time(18), time(18)),
    (CHANNEL, "fr", "WEB", "web"),
    (CHANNEL, "fr", "la France", "fr"),
    (CHANNEL, "fr", "livre", "livre"),
    (CHANNEL, "fr", "livré", "livre_2"),
    (CHANNEL, "fr", Channel.WEB, "web"),
    (Choice(()), "fr", "n'importe quoi", "n'importe quoi"),
    (Text(), "fr", "bonjour", "bonjour"),
    (ListOf(EURO), "fr", [1, "2 €"], (Decimal(1), Decimal(2))),
    (ListOf(EURO), "en", "€1,234.50, €2", (Decimal("1234.5"), Decimal(2))),
    (ListOf(Text()), "fr", "a; b", ("a", "b")),
    (ListOf(Text()), "fr", "", ()),
    (ListOf(Record("ligne")), "fr", [{"a": 1}], ({"a": 1},)),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "language", "raw", "held"), ACCEPTED)
def test_what_is_accepted(type_: Type, language: str, raw: object, held: object) -> None:
    assert read_value(type_, raw, language) == held


REFUSED: list[tuple[Type, str, object, str]] = [
    (EURO, "fr", 1.5, "E506"),
    (Number(), "fr", 1.0, "E506"),
    (Percentage(), "fr", 0.1, "E506"),
    (EURO, "fr", float("nan"), "E507"),
    (EURO, "fr", float("inf"), "E507"),
    (EURO, "fr", Decimal("NaN"), "E507"),
    (EURO, "fr", Decimal("sNaN"), "E507"),
    (EURO, "fr", Decimal("-Infinity"), "E507"),
    (EURO, "fr", True, "E505"),
    (EURO, "fr", "abc", "E505"),
    (EURO, "fr", "", "E505"),
    (EURO, "fr", "1e3", "E505"),
    (EURO, "fr", "620 € de plus", "E505"),
    (EURO, "fr", "12 34 €", "E505"),
    (EURO, "fr", "5 kg", "E505"),
    (EURO, "fr", "x" * 1000, "E505"),
    (EURO, "fr", None, "E505"),
    (EURO, "fr", [], "E505"),
    (EURO, "fr", b"620", "E505"),
    (EURO, "fr", "500 $", "E511"),
    (EURO, "fr", "620 € HT", "E512"),
    (NET, "fr", "620 € TTC", "E512"),
    (EURO, "fr", "1.500 €", "E516"),
    (EURO, "fr", 10**4000, "E515"),
    (EURO, "fr", -(10**34), "E515"),
    (EURO, "fr", Decimal("1E-40"), "E515"),
    (EURO, "fr", Decimal("1E+400"), "E515"),
    (EURO, "fr", Decimal("1234567890123456789012345678901234.5"), "E515"),
    (EURO, "fr", "1" * 40 + " €", "E515"),
    (Percentage(), "fr", "10", "E508"),
    (Percentage(), "en", Decimal("-1.01"), "E508"),
    (Percentage(), "fr", "10 €", "E505"),
    (YesNo(), "fr", 1, "E505"),
    (YesNo(), "fr", "peut-être", "E505"),
    (YesNo(), "fr", "oui" * 1000, "E505"),
    (Number(True), "fr", "12.5", "E514"),
    (Number(), "fr", "12 kg", "E505"),
    (Quantity("kg"), "fr", "5 l", "E513"),
    (Quantity("CV"), "fr", "5 kg", "E513"),
    (Quantity("CV"), "fr", "5 chevaux", "E505"),
    (Rate(EURO, "km"), "fr", "5 €", "E505"),
    (Rate(EURO, "km"), "fr", "5 $/km", "E513"),
    (Rate(EURO, "km"), "fr", "5 €/l", "E513"),
    (Rate(EURO, "km"), "fr", "5 € HT par km", "E512"),
    (Duration(), "fr", "1 mois", "E513"),
    (Duration(), "fr", "1,5 jour", "E514"),
    (Duration(), "en", "5 business days", "E516"),
    (Duration(), "fr", "18 h", "E505"),
    (Date(), "fr", "31/02/2026", "E517"),
    (Date(), "fr", "2026-02-30", "E517"),
    (Date(), "en", "01/02/2026", "E516"),
    (Date(), "fr", "demain", "E505"),
    (Date(), "fr", "18 h", "E505"),
    (Date(), "fr", 20260301, "E505"),
    (Date(), "fr", datetime(2026, 3, 1), "E505"),
    (Date(), "fr", "2026-03-01T10:00:00Z", "E505"),
    (DateTime(), "fr", "2026-03-01T18:30", "E518"),
    (DateTime(), "fr", datetime(2026, 3, 1), "E518"),
    (DateTime(), "fr", "2026-03-01", "E505"),
    (DateTime(), "fr", "demain 18:30Z", "E505"),
    (DateTime(), "fr", "2026-03-01 18:30+99:99", "E505"),
    (DateTime(), "fr", 3, "E505"),
    (DateTime(), "fr", "0001-01-01T00:00+14:00", "E517"),
    (Time(), "fr", "25:00", "E517"),
    (Time(), "fr", "1er mars 2026", "E505"),
    (Time(), "fr", time(18, tzinfo=UTC), "E505"),
    (CHANNEL, "fr", "boutik", "E509"),
    (CHANNEL, "fr", "zzz", "E505"),
    (CHANNEL, "fr", "LIVRE", "E510"),
    (CHANNEL, "fr", 3, "E505"),
    (Text(), "fr", 3, "E505"),
    (Text(), "fr", "\ud800", "E523"),
    (ListOf(EURO), "fr", [1, "x"], "E505"),
    (ListOf(ListOf(EURO)), "fr", [[1], [1, "x"]], "E505"),
    (ListOf(EURO), "fr", {1}, "E505"),
    (ListOf(Record("ligne")), "fr", "a, b", "E505"),
    (Record("ligne"), "fr", 3, "E505"),
    (Record("ligne"), "fr", {1: 2}, "E505"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "language", "raw", "code"), REFUSED)
def test_what_is_refused(type_: Type, language: str, raw: object, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        read_value(type_, raw, language)
    assert caught.value.code == code
    for each in ("fr", "en"):
        message = caught.value.message(each, "la_cle")
        assert "la_cle" in message
        assert "…" not in message.replace("[…]", "").replace("{…}", "") or len(str(raw)) > 30
        assert "None" not in message


def test_the_place_in_a_list_is_said() -> None:
    with pytest.raises(ValueProblem) as caught:
        read_value(ListOf(ListOf(EURO)), [[1], [1, "x"]], "fr")
    assert caught.value.message("fr", "prix").startswith("« prix #2 #2 » reçoit « x »")


class Broken(Mapping[str, object]):
    def __getitem__(self, key: str) -> object:
        raise RuntimeError

    def __iter__(self) -> Iterator[str]:
        return iter("a")

    def __len__(self) -> int:
        return 1


def test_an_object_that_fails_is_no_record() -> None:
    with pytest.raises(ValueProblem, match="E505"):
        read_value(Record("ligne"), Broken(), "fr")


def test_messages_name_the_value_and_what_is_expected() -> None:
    with pytest.raises(ValueProblem) as caught:
        read_value(Percentage(), 10, "fr")
    assert "« 10\u00a0% »" in caught.value.message("fr", "remise")
    assert "1\u00a0000\u00a0%" in caught.value.message("fr", "remise")
    with pytest.raises(ValueProblem) as caught:
        read_value(CHANNEL, "boutik", "en")
    assert "Did you mean boutique?" in caught.value.message("en", "channel")


@pytest.mark.parametrize(
    ("raw", "text"),
    [(None, "null"), (True, "true"), (10**50, "10^40 …"), (-(10**50), "-10^40 …"), ("a\nb", "a b"), ([], "[]"),
     ({}, "{}"), ("\ud800", "?"), ("x" * 100, "x" * 59 + "…"), ({1}, "set")],
)  # fmt: skip
def test_what_was_given_is_said_shortly(raw: object, text: str) -> None:
    assert given_text(raw) == text


PRICED = Record("ligne", (Slot("prix", EURO, ("prix",)), Slot("lu", YesNo(), ("lu",))))
SHOWN: list[tuple[Type, object, str, str]] = [
    (EURO, Decimal(620), "620\u00a0€", "€620"),
    (EURO, Decimal("1234.5"), "1\u00a0234,50\u00a0€", "€1,234.50"),
    (EURO, Decimal("-1234.567"), "-1\u00a0234,567\u00a0€", "-€1,234.567"),
    (EURO, Decimal("620.00"), "620\u00a0€", "€620"),
    (Amount("CHF"), Decimal(5), "5\u00a0CHF", "5\u00a0CHF"),
    (NET, Decimal(620), "620\u00a0€\u00a0HT", "€620 excl. VAT"),
    (Percentage(), Decimal("0.1"), "10\u00a0%", "10%"),
    (Number(), Decimal("1E+3"), "1\u00a0000", "1,000"),
    (YesNo(), True, "oui", "yes"),
    (YesNo(), False, "non", "no"),
    (Date(), date(2026, 3, 1), "1er mars 2026", "1 March 2026"),
    (Date(), date(2026, 3, 2), "2 mars 2026", "2 March 2026"),
    (DateTime(), datetime(2026, 3, 1, 18, 30, tzinfo=PARIS), "1er mars 2026 à 18 h 30 (+01:00)",
     "1 March 2026 at 18:30 (+01:00)"),
    (Time(), time(18), "18 h", "18:00"),
    (Time(), time(18, 5, 7), "18:05:07", "18:05:07"),
    (Quantity("kg"), Decimal(5), "5 kg", "5 kg"),
    (Rate(EURO, "km"), Decimal("0.529"), "0,529\u00a0€ par km", "€0.529 per km"),
    (Rate(Quantity("km"), "h"), Decimal(90), "90 km par heure", "90 km per hour"),
    (Duration(), Decimal(30), "30 jours", "30 days"),
    (Duration(), Decimal(1), "1 jour", "1 day"),
    (Duration(), Decimal(0), "0 jour", "0 days"),
    (Duration("working_day"), Decimal(5), "5 jours ouvrés", "5 working days"),
    (Duration("second"), Decimal(7200), "2 heures", "2 hours"),
    (Duration("second"), Decimal(90), "90 secondes", "90 seconds"),
    (Duration("second"), Decimal(120), "2 minutes", "2 minutes"),
    (CHANNEL, "fr", "France", "France"),
    (CHANNEL, "gone", "gone", "gone"),
    (ListOf(CHANNEL), ("web", "fr"), "Web, France", "Web, France"),
    (Text(), "a", "a", "a"),
    (Record("ligne"), {}, "()", "()"),
    (PRICED, {"prix": Decimal(3), "lu": True}, "(prix : 3\u00a0€, lu : oui)", "(prix: €3, lu: yes)"),
    (PRICED, {"lu": False}, "(lu : non)", "(lu: no)"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "value", "french", "english"), SHOWN)
def test_what_a_person_reads(type_: Type, value: object, french: str, english: str) -> None:
    assert (show_value(type_, value, "fr"), show_value(type_, value, "en")) == (french, english)


EXPECTED: list[tuple[Type, str, str]] = [
    (EURO, "un montant en €, par exemple « 620\u00a0€ »", 'an amount in €, for example "€620"'),
    (YesNo(), "oui ou non", "a yes or no"),
    (CHANNEL, "une de ces valeurs : boutique, Web, France, livre, livré",
     "one of: boutique, Web, France, livre, livré"),
    (Choice(()), "un texte", "a text"),
    (Text(), "un texte", "a text"),
    (ListOf(Text()), "une liste, chaque élément étant un texte", "a list, each item being a text"),
    (Record("ligne"), "un objet (des clés et leurs valeurs)", "an object (keys and their values)"),
    (Number(True), "un nombre entier, par exemple « 12 »", 'a whole number, for example "12"'),
    (Rate(EURO, "km"), "un tarif en € par km, par exemple « 0,50\u00a0€ par km »",
     'a rate in € per km, for example "€0.50 per km"'),
    (Duration("second"), "une durée en secondes, par exemple « 2 heures »",
     'a duration in seconds, for example "2 hours"'),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "french", "english"), EXPECTED)
def test_what_is_expected(type_: Type, french: str, english: str) -> None:
    assert (expected(type_, "fr"), expected(type_, "en")) == (french, english)


def test_a_long_list_of_options_is_cut() -> None:
    many = Choice(tuple(Option(f"k{n}", f"v{n}") for n in range(200)))
    assert expected(many, "en").endswith("v19 … (200 in all)")


DUMPED: list[tuple[Type, object, object]] = [
    (EURO, Decimal("1E+3"), "1000"),
    (EURO, Decimal("620.50"), "620.5"),
    (EURO, Decimal("1E-10"), "0.0000000001"),
    (YesNo(), True, True),
    (Date(), date(2026, 3, 1), "2026-03-01"),
    (DateTime(), datetime(2026, 3, 1, 18, 30, tzinfo=UTC), "2026-03-01T18:30:00+00:00"),
    (Time(), time(18, 30), "18:30:00"),
    (CHANNEL, "web", "web"),
    (ListOf(Percentage()), (Decimal("0.10"),), ["0.1"]),
    (PRICED, {"prix": Decimal("3.0")}, {"prix": "3"}),
]


@pytest.mark.parametrize(("type_", "value", "dumped"), DUMPED)
def test_plain_data(type_: Type, value: object, dumped: object) -> None:
    assert dump_value(type_, value) == dumped


# ---- there and back

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**15), max_value=10**15)
PAID = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15)
COUNTS = st.integers(-(10**9), 10**9).map(Decimal)
PLAIN_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
LABELS = st.sampled_from([option.key for option in CHANNEL.options])
MOMENTS = st.datetimes(
    datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.integers(-14 * 60, 14 * 60).map(
        lambda minutes: timezone(timedelta(minutes=minutes))
    )
)  # fmt: skip
TYPED: st.SearchStrategy[tuple[Type, object]] = st.one_of(
    st.tuples(st.sampled_from([EURO, NET, Amount("CHF", "gross")]), PAID),
    st.tuples(st.sampled_from([Number(), Quantity("kg"), Quantity("CV"), Rate(EURO, "km"), Rate(Quantity("km"), "h"),
                               Rate(NET, "nuit")]), DECIMALS),
    st.tuples(st.sampled_from([Number(True), *(Duration(unit) for unit in (
        "day", "month", "second", "working_day", "business_day"))]), COUNTS),
    st.tuples(st.just(Percentage()), st.decimals(-1, 1, places=9)),  # beyond, a bare number has two readings
    st.tuples(st.just(YesNo()), st.booleans()),
    st.tuples(st.just(Text()), PLAIN_TEXT),
    st.tuples(st.just(Date()), st.dates()),
    st.tuples(st.just(DateTime()), MOMENTS),
    st.tuples(st.just(Time()), st.times()),
    st.tuples(st.just(CHANNEL), LABELS),
    st.tuples(st.just(ListOf(EURO)), st.lists(PAID).map(tuple)),
    st.tuples(st.just(ListOf(Date())), st.lists(st.dates()).map(tuple)),
)  # fmt: skip


@given(TYPED, st.sampled_from(["fr", "en"]))
@example((Date(), date(1, 1, 1)), "fr")
@example((Number(), Decimal("-0.000000001")), "en")
def test_there_and_back(typed: tuple[Type, object], language: str) -> None:
    type_, value = typed
    assert read_value(type_, dump_value(type_, value), language) == value
    assert read_value(type_, show_value(type_, value, language), language) == value
    assert read_value(type_, value, language) == value


def _more_zeros(value: Decimal) -> Decimal:
    sign, digits, exponent = value.as_tuple()
    return Decimal((sign, (*digits, 0, 0), int(exponent) - 2))


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_equal_numbers_are_dumped_alike(value: Decimal) -> None:
    if -34 <= value.adjusted() < 34:
        held = read_value(Number(), value, "fr") if len(value.as_tuple().digits) <= 34 else Decimal(0)
        assert isinstance(held, Decimal)
        assert dump_value(Number(), held) == dump_value(Number(), _more_zeros(held))
        assert "E" not in str(dump_value(Number(), held))


def test_all_digits_are_kept() -> None:
    digits = "12345678901234567890123456789012.34"
    assert read_value(EURO, f"-{digits}", "fr") == Decimal(f"-{digits}")
    assert read_value(EURO, f"-€{digits}", "en") == Decimal(f"-{digits}")
    assert read_value(EURO, digits, "fr") == Decimal(digits)
    assert show_number(Decimal(digits), "en") == "12,345,678,901,234,567,890,123,456,789,012.34"


@pytest.mark.parametrize(
    ("currency", "fine", "too_fine", "count"),
    [("EUR", "10.050", "10.055", "2"), ("JPY", "100.0", "100.5", "0"), ("TND", "1.125", "1.1255", "3")],
)
def test_an_amount_has_at_most_the_decimals_of_its_currency(
    currency: str, fine: str, too_fine: str, count: str
) -> None:  # fmt: skip
    assert read_value(Amount(currency), Decimal(fine), "fr") == read_value(Amount(currency), fine, "en")
    for given_as in (too_fine, Decimal(too_fine), f"{too_fine} {currency}"):
        with pytest.raises(ValueProblem) as stop:
            read_value(Amount(currency), given_as, "en")
        assert (stop.value.code, stop.value.values["count"]) == ("E529", count)
    assert read_value(Rate(Amount(currency), "kg"), Decimal(too_fine), "fr") == Decimal(too_fine)


def test_units_by_name() -> None:
    assert unit_name(NET, "fr") == "€\u00a0HT"
    assert unit_name(Text(), "fr") == ""
