"""Facts: every way to give them, everything that can be wrong with them."""

import dataclasses
import json
import pickle
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulec.diagnostics.catalogue import entries
from rulec.runtime.facts import FactsError, FactsReader, InputProblem, as_mapping, dump_facts, read_facts
from rulec.runtime.facts_json import parse_facts
from rulec.runtime.messages import MESSAGES
from rulec.runtime.types import (
    IN_DOUBT,
    Amount,
    Bounds,
    Choice,
    Date,
    DateTime,
    Duration,
    ListOf,
    Number,
    Option,
    Percentage,
    Quantity,
    Record,
    Slot,
    Text,
    Time,
    Type,
    YesNo,
)

LINE = Record(
    "ligne",
    (
        Slot("prix", Amount("EUR"), ("prix",), bounds=Bounds(Decimal(0))),
        Slot("produit.code", Text(), ("produit", "code")),
        Slot("quantite", Number(True), ("quantité",), default=Decimal(1)),
        Slot("lots", ListOf(Record("lot", (Slot("poids", Number(), ("poids",)),))), ("lots",), optional=True),
    ),
    "ligne",
)
SHOP = (
    Slot("client.fidele", YesNo(), ("client", "fidèle"), ("loyal",)),
    Slot("client.pays", Text(), ("client", "pays")),
    Slot("client.inscription", Date(), ("client", "date d'inscription"), optional=True),
    Slot("commande.montant_ht", Amount("EUR", "net"), ("commande", "montant HT"),
         bounds=Bounds(Decimal(0), Decimal(1000))),
    Slot("livraison.pays", Text(), ("livraison", "pays")),
    Slot("livraison.adresse.ville", Text(), ("livraison", "adresse de livraison", "ville")),
    Slot("canal", Choice((Option("boutique", "boutique"), Option("web", "Web"))), ("canal de vente",)),
    Slot("taux", ListOf(Percentage()), ("taux",), bounds=Bounds(high=Decimal("0.5"))),
    Slot("lignes", ListOf(LINE), ("lignes",)),
    Slot("age", Number(True), ("âge",), bounds=Bounds(low=Decimal(18))),
)  # fmt: skip
PLAIN = (Slot("commande", Amount("EUR"), ("commande",)), Slot("client_fidele", YesNo(), ("client fidèle",)))
READER = FactsReader(SHOP, "fr")


def read(given: object) -> dict[str, object]:
    return READER.read(given)


def refused(given: object) -> FactsError:
    with pytest.raises(FactsError) as caught:
        READER.read(given)
    return caught.value


@pytest.mark.parametrize("given", [
    {"client": {"fidele": True}}, {"Client": {"FIDÈLE": "oui"}}, {"client.fidele": True}, {"client fidèle": True},
    {"fidele": True}, {"fidèle": "vrai"}, {"loyal": True}, {"client loyal": True}, {"fidèle du client": True},
    {"client_fidele": True}, {"fidele": True, "loyal": "oui", "client": {"fidele": True}},
    {"client": {"fidele": True}, "canal": None, "livraison": None, "pays": None},
])  # fmt: skip
def test_one_fact_is_given_in_many_ways(given: object) -> None:
    assert read(given) == {"client.fidele": True}


@pytest.mark.parametrize(("given", "facts"), [
    ({"le montant HT de la commande": 620}, {"commande.montant_ht": Decimal(620)}),
    ({"commande": "620 € HT"}, {"commande.montant_ht": Decimal(620)}),
    ({"Date d’inscription": "1er mars 2026"}, {"client.inscription": date(2026, 3, 1)}),
    ({"la date de l'inscription": date(2026, 3, 1)}, {"client.inscription": date(2026, 3, 1)}),
    ({"pays de la livraison": "FR"}, {"livraison.pays": "FR"}),
    ({"livraison": {"adresse de livraison": {"ville": "Lyon"}}}, {"livraison.adresse.ville": "Lyon"}),
    ({"livraison": {"ville": "Lyon"}}, {"livraison.adresse.ville": "Lyon"}),
    ({"livraison": {"adresse.ville": "Lyon"}}, {"livraison.adresse.ville": "Lyon"}),
    ({"ville": "Lyon"}, {"livraison.adresse.ville": "Lyon"}),
    ({"adresse": {"ville": "Lyon"}}, {"livraison.adresse.ville": "Lyon"}),
    ({"canal": "WEB"}, {"canal": "web"}),
    ({"canal de vente": "boutique"}, {"canal": "boutique"}),
    ({"taux": ["10 %", 0]}, {"taux": (Decimal("0.1"), Decimal(0))}),
    ({"lignes": [{"prix": "3 €"}, {}]}, {"lignes": ({"prix": 3, "quantite": 1}, {"quantite": 1})}),
    ({"lignes": ({"produit": {"code": "A"}, "quantité": 2, "lots": [{"poids": 5}]},)},
     {"lignes": ({"produit.code": "A", "quantite": 2, "lots": ({"poids": 5},)},)}),
    ({"lignes": []}, {"lignes": ()}),
    ({}, {}),
])  # fmt: skip
def test_keys_and_terms(given: object, facts: object) -> None:
    assert read(given) == facts


def test_a_file_without_vocabulary() -> None:
    facts = {"commande": Decimal(620), "client_fidele": True}
    assert read_facts(PLAIN, {"commande": "620 €", "client fidèle": "oui"}, "fr") == facts
    assert read_facts(PLAIN, {"Commande": 620, "client_fidele": True}, "fr") == facts


@pytest.mark.parametrize(
    ("language", "name", "said"), [("fr", "en forfait jours", "forfait jours"), ("en", "on trial", "trial")]
)
def test_a_term_without_its_preposition(language: str, name: str, said: str) -> None:
    slot = Slot("person.x", YesNo(), ("person", name))
    other = Slot("trip.x", YesNo(), ("trip", name))
    assert read_facts((slot,), {said: True}, language) == {"person.x": True}
    assert read_facts((slot, other), {f"person {said}": True}, language) == {"person.x": True}
    with pytest.raises(FactsError):  # of whom?
        read_facts((slot, other), {said: True}, language)
    number = Slot("trip.n", Number(), ("trip", said))
    assert read_facts((slot, number), {said: 3}, language) == {"trip.n": Decimal(3)}


def test_a_path_by_itself_is_never_ambiguous() -> None:
    slots = (Slot("pays", Text(), ("pays",)), Slot("client.pays", Text(), ("client", "pays")))
    assert read_facts(slots, {"pays": "FR", "client.pays": "BE"}, "fr") == {"pays": "FR", "client.pays": "BE"}
    assert read_facts(slots, {"Pays": "FR"}, "fr") == {"pays": "FR"}


def test_a_fact_and_an_entity_of_one_name() -> None:
    slots = (
        Slot("commande", Amount("EUR"), ("commande",)),
        Slot("commande.poids", Quantity("kg"), ("commande", "poids")),
    )
    given = {"commande": 5, "Commande": {"poids": "500 g"}}
    assert read_facts(slots, given, "fr") == {"commande": Decimal(5), "commande.poids": Decimal("0.5")}


@pytest.mark.parametrize(("given", "code", "said"), [
    ({"fidel": True}, "E501", "« client.fidele »"),
    ({"clent": {}}, "E501", "« client »"),
    ({"client": {"fidel": None}}, "E501", "« client.fidel »"),
    ({"météo": "pluie"}, "E502", "client, commande, livraison"),
    ({"pays": "FR"}, "E503", "client.pays, livraison.pays"),
    ({"fidele": True, "loyal": False}, "E504", "« true » (sous « fidele ») et « false » (sous « loyal »)"),
    ({"lignes": [{}], "Lignes": []}, "E504", "« […] »"),
    ({"lignes": [{}, {"prix": -1}]}, "E519", "« lignes[2].prix »"),
    ({"lignes": [{"prix": "x"}]}, "E505", "« lignes[1].prix »"),
    ({"lignes": [{"pri": 1}]}, "E501", "« lignes[1].pri »"),
    ({"lignes": [{"zzz": 1}]}, "E502", "prix, produit, quantite, lots"),
    ({"lignes": [3]}, "E521", "« lignes[1] »"),
    ({"lignes": [{"prix": 1, "Prix": 2}]}, "E504", "« lignes[1].prix »"),
    ({"lignes": [{"lots": [{}, {"poids": "x"}]}]}, "E505", "« lignes[1].lots[2].poids »"),
    ({"lignes": 3}, "E505", "une liste"),
    ({"client": {"fidele": "peut-être"}}, "E505", "« client.fidele » reçoit « peut-être » ; il faut oui ou non."),
    ({"commande": {"montant_ht": 0.5}}, "E506", "Decimal"),
    ({"canal": {}}, "E505", "« {} »"),
    ({"canal": "boutik"}, "E509", "boutique"),
    ({"taux": ["10 %", 10]}, "E508", "« taux #2 »"),
    ({"commande": 5000}, "E519", "0\u00a0€\u00a0HT … 1\u00a0000\u00a0€\u00a0HT"),
    ({"commande": -1}, "E519", "« -1 »"),
    ({"taux": ["60 %"]}, "E519", "≤ 50\u00a0%"),
    ({"age": 17}, "E519", "≥ 18"),
    ("620 €", "E520", "« 620 € »"),
    (None, "E520", "null"),
    ([], "E520", "[]"),
    (dict, "E520", "type"),
    ({"client": True}, "E521", "client.fidele, client.pays"),
    ({"livraison": [1]}, "E521", "[…]"),
    ({1: 2}, "E522", "La clé 1"),
    ({"client": {b"fidele": True}}, "E522", "client.fidele"),
    ({"client.pays": "\ud800"}, "E523", "encodage"),
])  # fmt: skip
def test_what_is_wrong(given: object, code: str, said: str) -> None:
    error = refused(given)
    assert [problem.code for problem in error.problems] == [code]
    assert said in str(error)
    assert error.problems[0].message("en") != error.problems[0].message("fr")


def test_all_problems_are_reported_together() -> None:
    error = refused({"pays": "FR", "client": {"fidele": 3, "x": 1}, 3: 4, "commande": "beaucoup"})
    assert [problem.code for problem in error.problems] == ["E503", "E505", "E502", "E522", "E505"]
    assert len(str(error).splitlines()) == 5


def test_rules_without_facts() -> None:
    with pytest.raises(FactsError, match="—"):
        read_facts((), {"x": 1}, "en")


# ---- objects that hold facts


@dataclasses.dataclass
class Client:
    fidele: bool
    pays: str | None = None


class Canal(Enum):
    WEB = "web"


class Order(pydantic.BaseModel):
    montant: str = pydantic.Field(serialization_alias="montant_ht")


class Facts(pydantic.BaseModel):
    commande: Order
    canal: Canal


def test_dataclasses_and_models() -> None:
    assert read({"client": Client(True)}) == {"client.fidele": True}
    assert read(Facts(commande=Order(montant="620 €"), canal=Canal.WEB)) == {
        "commande.montant_ht": Decimal(620), "canal": "web",
    }  # fmt: skip
    assert as_mapping(Client(True)) == {"fidele": True, "pays": None}


class Failing(Mapping[str, object]):
    def __getitem__(self, key: str) -> object:
        raise RuntimeError

    def __iter__(self) -> Iterator[str]:
        return iter("a")

    def __len__(self) -> int:
        return 1


class Odd:
    def model_dump(self, by_alias: bool) -> object:
        return by_alias


def test_objects_that_fail() -> None:
    assert refused(Failing()).problems[0].code == "E524"
    assert refused({"client": Failing()}).problems[0] == InputProblem("E524", "client", (("given", "RuntimeError"),))
    assert refused(Odd()).problems[0].code == "E520"
    assert refused({"client": Order}).problems[0].code == "E521"


def test_other_mappings() -> None:
    class Proxy(Failing):
        def __getitem__(self, key: str) -> object:
            return "web"

        def __iter__(self) -> Iterator[str]:
            return iter(["canal"])

    assert read(Proxy()) == {"canal": "web"}


def test_the_error_in_the_language_of_the_rules() -> None:
    with pytest.raises(FactsError, match="These rules read no fact"):
        read_facts(SHOP, {"zzz": 1}, "en")


# ---- JSON


def test_json_numbers_are_exact() -> None:
    assert parse_facts('{"a": 0.1, "b": 12345678901234567890123}', "fr") == {
        "a": Decimal("0.1"), "b": Decimal("12345678901234567890123"),
    }  # fmt: skip


@pytest.mark.parametrize(("text", "code", "said"), [
    ("{'a': 1}", "E525", "ligne 1, colonne 2"), ("", "E525", "ligne 1"), ('{"a": 1, "a": 2}', "E526", "« a »"),
    ("[" * 100_000, "E527", "imbriqués"), ('{"a": 1e99999999999999999999}', "E527", "long"),
])  # fmt: skip
def test_what_is_not_json(text: str, code: str, said: str) -> None:
    with pytest.raises(FactsError, match=said) as caught:
        parse_facts(text, "fr")
    assert caught.value.problems[0].code == code


# ---- any input of any shape


class Wild:
    """Some object."""


LEAVES: st.SearchStrategy[object] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(allow_nan=True), st.text(), st.binary(),
    st.dates(), st.datetimes(), st.times(), st.timedeltas(), st.complex_numbers(), st.just(Wild()), st.just(Wild),
    st.sampled_from([10**4000, "\ud800", "1.500 €", "10", "1e9999", "∞", "²", "½", "٣", "12 €" * 50, "9" * 10_000]),
    st.sets(st.integers()),
)  # fmt: skip
KEYS: st.SearchStrategy[object] = st.one_of(
    st.sampled_from([key for slot in SHOP for key in (slot.path, *slot.path.split("."), *slot.names)]),
    st.text(), st.none(), st.integers(), st.binary(), st.just("\udfff"), st.tuples(st.integers()),
)  # fmt: skip
ANYTHING: st.SearchStrategy[object] = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner), st.dictionaries(KEYS, inner)), max_leaves=20
)
TYPES: list[Type] = [slot.type for slot in SHOP] + [
    DateTime(), Time(), Duration("second"), Duration(), Quantity("kg"), Quantity("CV"), Number(), Choice(()),
    ListOf(ListOf(YesNo())),
]  # fmt: skip


def outcome(slots: tuple[Slot, ...], given: object, language: str) -> dict[str, object] | FactsError:
    try:
        return read_facts(slots, given, language)
    except FactsError as error:
        return error


@given(ANYTHING)
def test_nothing_but_facts_errors(given: object) -> None:
    found = outcome(SHOP, given, "fr")
    if isinstance(found, FactsError):
        assert all(problem.message("fr") and problem.message("en") for problem in found.problems)
        assert str(found).encode()
    else:
        assert set(found) <= {slot.path for slot in SHOP}


@given(st.sampled_from(TYPES), ANYTHING, st.sampled_from(["fr", "en"]))
def test_no_value_of_any_type_breaks_the_reader(type_: Type, raw: object, language: str) -> None:
    found = outcome((Slot("x", type_, ("x",)),), {"x": raw}, language)
    assert str(found).encode() if isinstance(found, FactsError) else set(found) <= {"x"}


def test_bounds_bind_numbers_only() -> None:
    slot = Slot("x", Date(), ("x",), bounds=Bounds(low=Decimal(1)))
    assert read_facts((slot,), {"x": "2026-03-01"}, "fr") == {"x": date(2026, 3, 1)}


def test_cycles_and_depth() -> None:
    cycle: dict[str, object] = {"pays": "FR"}
    cycle["client"] = cycle
    assert refused(cycle).problems
    cycle = {}
    cycle["lignes"] = [cycle]
    assert refused(cycle).problems[0].key == "lignes[1].lignes"
    lots: list[object] = []
    lots.append({"lots": lots})
    assert refused({"lignes": [{"lots": lots}]}).problems[0].key == "lignes[1].lots[1].lots"
    assert refused({1 << 100_000: 1, "age": 1 << 100_000}).problems[1].code == "E515"
    deep: object = "x"
    for _ in range(100_000):
        deep = [deep]
    assert refused({"taux": deep}).problems[0].code == "E505"


def test_many_unknown_keys_take_little_time() -> None:
    error = refused({f"inconnu {number}": number for number in range(5_000)})
    assert len(error.problems) == 5_000


# ---- messages


def test_the_catalogue_says_the_same() -> None:
    written = {code: dict(entry.message) for code, entry in entries().items() if "E501" <= code <= "E539"}
    assert written == MESSAGES
    assert all(entries()[code].page["fr"] and entries()[code].page["en"] for code in MESSAGES)


def test_both_languages_fill_the_same_places() -> None:
    for code, texts in MESSAGES.items():
        places = [sorted(set(re.findall(r"\{(\w+)\}", text))) for text in texts.values()]
        assert places[0] == places[1], code


def test_braces_in_what_is_given_stay() -> None:
    assert "« {key} »" in str(refused({"canal": "{key}"}))


def test_a_problem_as_data() -> None:
    problem = InputProblem("E502", "x", (("known", "a"),))
    assert problem.message("en") == 'These rules read no fact "x". They read: a.'
    assert json.dumps([problem.code, problem.key]) == '["E502", "x"]'


def test_an_element_that_fails() -> None:
    problems = refused({"lignes": [{"prix": 1, "code": "a"}, Failing()]}).problems
    assert InputProblem("E524", "lignes[2]", (("given", "RuntimeError"),)) in problems


def test_what_is_held_is_written_as_it_is_read() -> None:
    slots = (*PLAIN, Slot("angry", YesNo(), ("angry",), judged=True))
    reader = FactsReader(slots, "fr")
    held = reader.read({"commande": "620,50 €", "client fidèle": "oui", "angry": "in doubt"})
    written = dump_facts(slots, held)
    assert written == {"commande": "620.5", "client_fidele": True, "angry": "in_doubt"}
    assert reader.read(written) == held


def test_doubt_is_one_and_the_same() -> None:
    assert pickle.loads(pickle.dumps({"angry": IN_DOUBT}))["angry"] is IN_DOUBT
    assert repr(IN_DOUBT) == "IN_DOUBT"
