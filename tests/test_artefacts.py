"""Schemas and models of facts: they accept what a decision accepts, and no name breaks them or runs."""

import inspect
import json
import types
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulec.artefacts import pydantic_reading
from rulec.artefacts.identifiers import class_name, field_name, identifiers
from rulec.artefacts.json_schema import json_schema
from rulec.artefacts.pydantic_model import model_for
from rulec.artefacts.pydantic_source import source_for
from rulec.runtime.facts import read_facts
from rulec.runtime.types import (
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
    Rate,
    Record,
    Slot,
    Text,
    Time,
    Type,
    YesNo,
)

CHANNEL = Choice((Option("shop", "Boutique"), Option("web", "Web"), Option("a", "livre"), Option("b", "livré")))
LINE = Record(
    "ligne",
    (
        Slot("prix", Amount("EUR"), ("prix",), bounds=Bounds(Decimal(0))),
        Slot("produit.code", Text(), ("produit", "code")),
        Slot("quantite", Number(True), ("quantité",), default=Decimal(1)),
    ),
    "ligne",
)
SLOTS = (
    Slot("client.fidele", YesNo(), ("client", "fidèle")),
    Slot("client.age", Number(True), ("client", "âge"), bounds=Bounds(Decimal("17.5"), Decimal(120))),
    Slot("client.adresse.ville", Text(), ("client", "adresse", "ville")),
    Slot("commande.montant", Amount("EUR", "net"), ("commande", "montant HT"), bounds=Bounds(Decimal(0))),
    Slot("commande.poids", Quantity("kg"), ("commande", "poids"), optional=True),
    Slot("commande.tarif", Rate(Amount("EUR"), "km"), ("commande", "tarif"), default=Decimal("0.529")),
    Slot("option.remise", Percentage(), ("option", "remise"), optional=True, bounds=Bounds(high=Decimal("0.3"))),
    Slot("option.delai", Duration(), ("option", "délai"), default=Decimal(30)),
    Slot("option.nombre", Number(True), ("option", "nombre"), default=Decimal("3E+0"), bounds=Bounds(low=Decimal(1))),
    Slot("canal", CHANNEL, ("canal",)),
    Slot("libre", Choice(()), ("libre",), optional=True),
    Slot("jour", Date(), ("jour",), default=date(2026, 3, 1)),
    Slot("recu", DateTime(), ("reçu",), default=datetime(2026, 3, 1, tzinfo=UTC)),
    Slot("heure", Time(), ("heure",), default=time(18, 30)),
    Slot("taux", ListOf(Percentage()), ("taux",), default=(Decimal("0.1"),), bounds=Bounds(low=Decimal(0))),
    Slot("indice", Number(), ("indice",), optional=True),
    Slot("lignes", ListOf(LINE), ("lignes",), optional=True),
    Slot("colis", ListOf(Record("canal", (Slot("poids", Quantity("kg"), ("poids",)),))), ("colis",)),
)  # fmt: skip
GIVEN = {
    "client": {"fidele": "oui", "age": "42", "adresse": {"ville": "Lyon"}},
    "commande": {"montant": "1 620,50 € HT", "poids": "5 kg", "tarif": "0,60 €/km"},
    "option": {"remise": "10 %", "delai": "2 jours"},
    "canal": "boutique",
    "jour": "2026-03-02",
    "recu": "2026-03-01T18:30:00+01:00",
    "heure": "18:45",
    "taux": ["10 %", "0.2"],
    "indice": "12,5",
    "lignes": [{"prix": "3 €", "produit": {"code": "A"}, "quantite": 2}, {"prix": 1, "produit": {"code": "B"}}],
    "colis": [],
}
WRONG: list[tuple[str, object]] = [
    ("client.fidele", 1), ("client.fidele", "peut-être"), ("client.fidele", None), ("client.age", "12.5"),
    ("client.age", True), ("client.age", 17), ("client.adresse.ville", 3), ("commande.montant", 1.5),
    ("commande.montant", "620 $"), ("commande.montant", "620 € TTC"), ("commande.montant", "1.500 €"),
    ("commande.montant", -1), ("commande.montant", "NaN"), ("commande.montant", Decimal("NaN")),
    ("commande.montant", "1234567890123456789012345678901234567"), ("commande.montant", []),
    ("commande.montant", "vite"),
    ("commande.poids", "5 l"), ("option.remise", 10), ("option.remise", "50 %"), ("option.delai", "2 mois"),
    ("canal", "boutik"), ("canal", 3), ("canal", "LIVRE"), ("jour", 20260301), ("jour", "31/02/2026"), ("jour", True),
    ("recu", "2026-03-01T18:30"), ("heure", "25:00"), ("taux", "x"), ("taux", [10]), ("lignes", 3), ("lignes", [3]),
    ("colis", [{}]), ("lignes", [{"prix": -1, "produit": {"code": "A"}}]), ("inconnu", 1),
    ("client.inconnu", 1),
]  # fmt: skip


def built(slots: Sequence[Slot], language: Any = "fr") -> type[pydantic.BaseModel]:
    """The model of the generated source."""
    module = types.ModuleType("generated")
    exec(compile(source_for(slots, language), "generated.py", "exec", dont_inherit=True), module.__dict__)
    found: type[pydantic.BaseModel] = module.Facts
    return found


def built_beside(slots: Sequence[Slot]) -> type[pydantic.BaseModel]:
    """The same, on the reading module itself rather than on its text."""
    names = dict(vars(pydantic_reading))
    exec(source_for(slots).split(inspect.getsource(pydantic_reading))[1], names)
    found: type[pydantic.BaseModel] = names["Facts"]
    return found


MODELS = [model_for(SLOTS), built(SLOTS), built_beside(SLOTS)]


def changed(path: str, value: object) -> dict[str, Any]:
    """GIVEN with another value at a path."""
    facts: dict[str, Any] = json.loads(json.dumps(GIVEN))
    *owners, last = path.split(".")
    inner = facts
    for owner in owners:
        inner = inner[owner]
    inner[last] = value
    return facts


@pytest.mark.parametrize("model", MODELS)
def test_models_read_what_a_decision_reads(model: type[pydantic.BaseModel]) -> None:
    expected = read_facts(SLOTS, {**GIVEN, "option": {**GIVEN["option"], "nombre": 3}}, "fr")  # type: ignore[dict-item]  # a dict
    for facts in (model.model_validate(GIVEN), model.model_validate_json(json.dumps(GIVEN))):
        assert read_facts(SLOTS, facts, "fr") == expected


@pytest.mark.parametrize("model", MODELS)
def test_defaults(model: type[pydantic.BaseModel]) -> None:
    facts: Any = model.model_validate({**GIVEN, "option": {"remise": None}, "jour": date(2026, 1, 1)})
    assert (facts.option.remise, facts.option.delai, facts.option.nombre) == (None, 30, 3)
    facts = model.model_validate({key: GIVEN[key] for key in ("client", "commande", "canal", "colis")})
    assert (facts.option, facts.jour, facts.taux) == (None, date(2026, 3, 1), (Decimal("0.1"),))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("path", "value"), WRONG)
def test_models_refuse_what_a_decision_refuses(model: type[pydantic.BaseModel], path: str, value: object) -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        model.model_validate(changed(path, value))
    assert [tuple(error["loc"])[: path.count(".") + 1] for error in caught.value.errors()] == [tuple(path.split("."))]


@pytest.mark.parametrize("model", MODELS)
def test_json_numbers(model: type[pydantic.BaseModel]) -> None:
    facts: Any = model.model_validate_json(json.dumps(changed("commande.montant", 620.1)))
    assert facts.commande.montant == Decimal("620.1")
    for number in ("0.12345678901234567890", "NaN", "-Infinity"):
        with pytest.raises(pydantic.ValidationError):
            model.model_validate_json(json.dumps(GIVEN).replace('"12,5"', number))


@pytest.mark.parametrize("model", MODELS)
def test_values_of_python(model: type[pydantic.BaseModel]) -> None:
    facts: Any = model.model_validate(changed("client.fidele", True) | {"commande": {"montant": "€620"}})
    assert (facts.client.fidele, facts.commande.montant) == (True, 620)


def test_refusals_say_the_key_the_value_and_what_is_expected() -> None:
    with pytest.raises(pydantic.ValidationError, match=r"« commande\.poids » reçoit « 5 l », qui ne se convertit pas"):
        MODELS[0].model_validate(changed("commande.poids", "5 l"))
    with pytest.raises(pydantic.ValidationError, match="'5 l': une quantité en kg"):
        MODELS[1].model_validate(changed("commande.poids", "5 l"))


def test_english() -> None:
    slots = (Slot("order", Amount("EUR"), ("order",)), Slot("discount", Percentage(), ("discount",)),
             Slot("delay", Duration(), ("delay",)), Slot("weight", Quantity("CV"), ("weight",)))  # fmt: skip
    given = {"order": "€1,234.50", "discount": "10%", "delay": "1 day", "weight": 5}
    for model in (model_for(slots, "en"), built(slots, "en")):
        assert model.model_validate(given).model_dump() == {
            "order": Decimal("1234.5"), "discount": Decimal("0.1"), "delay": 1, "weight": 5,
        }  # fmt: skip


# ---- names

NASTY = ["class", "None", "True", "match", "__init__", "__class__", "model_config", "model_dump", "schema", "copy",
         "json", "dict", "validate", "construct", "1er", "", "é", "   ", "a b", "a-b", "a_b", 'x"; import os; "',
         "x'\n    import os", "\\", "{x}", "str", "int", "bool", "tuple", "typing", "decimal", "datetime", "pydantic",
         "self", "cls", "facts", "_facts", "Facts", "lambda", "日本", "print", "root", "fields", "\u2028", "async",
         "model_fields", "re", "object", "_reads_number", "_SAID"]  # fmt: skip
TYPES: list[Type] = [YesNo(), Number(), Number(True), Text(), Date(), DateTime(), Time(), CHANNEL, ListOf(Date()),
                     Percentage(), Choice((Option('"""', "x"), Option("\\", "'\n")))]  # fmt: skip


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_no_name_breaks_a_model(depth: int) -> None:
    slots = [Slot(".".join([*[name.replace(".", "")] * depth, f"{name}"]), TYPES[at % len(TYPES)],
                  (name,) * (depth + 1), optional=True) for at, name in enumerate(NASTY)]  # fmt: skip
    for model in (model_for(slots), built(slots)):
        assert model.model_validate({}).model_dump(exclude_none=True) == {}
        assert model.model_json_schema()


def test_every_member_of_a_model_keeps_its_name() -> None:
    members = [name for name in dir(pydantic.BaseModel) if not name.startswith("_")]
    assert not set(identifiers(members)) & set(members)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=".")), unique=True, max_size=8))
def test_no_text_breaks_a_model(names: list[str]) -> None:
    slots = [Slot(f"{name}.{name}", TYPES[at % len(TYPES)], (name, name)) for at, name in enumerate(names)]
    for model in (model_for(slots), built(slots)):
        aliases = [field.alias for field in model.model_fields.values()]
        assert aliases == names


def test_identifiers() -> None:
    assert field_name("montant HT") == "montant_ht"
    assert field_name("2e choix") == "f_2e_choix"
    assert field_name("class") == "class_"
    assert class_name("adresse de livraison") == "AdresseDeLivraison"
    assert class_name("2e") == "Entity2e"
    assert class_name("none") == "None_"
    assert identifiers(["a b", "a-b", "a_b", "c"], {"c"}) == ["a_b", "a_b_2", "a_b_3", "c_2"]


# ---- JSON Schema


def test_the_schema_of_complete_facts() -> None:
    schema = json_schema(SLOTS, "fr")
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["required"] == ["client", "commande", "canal", "colis"]
    assert schema["additionalProperties"] is False
    client, order = schema["properties"]["client"], schema["properties"]["commande"]
    assert client["required"] == ["fidele", "age", "adresse"]
    assert client["title"] == "client"
    assert client["properties"]["fidele"] == {"title": "fidèle", "description": "oui ou non", "type": "boolean"}
    assert client["properties"]["age"]["minimum"] == 17.5
    assert order["properties"]["montant"]["type"] == ["string", "number"]
    assert order["properties"]["montant"]["minimum"] == 0
    assert order["properties"]["tarif"]["default"] == "0.529"
    assert schema["properties"]["canal"]["enum"] == ["shop", "web", "a", "b"]
    assert schema["properties"]["taux"]["default"] == ["0.1"]
    element = schema["properties"]["lignes"]["items"]
    assert (element["title"], element["required"]) == ("ligne", ["prix", "produit"])
    assert element["properties"]["prix"]["minimum"] == 0
    assert element["additionalProperties"] is False
    assert json.dumps(schema)


def test_a_model_describes_itself_in_the_same_words() -> None:
    described = model_for(SLOTS).model_json_schema()
    assert described["properties"]["canal"] == json_schema(SLOTS, "fr")["properties"]["canal"]


def test_where_a_fact_and_an_entity_share_a_name_the_facts_below_stand() -> None:
    slots = (Slot("a", Text(), ("a",)), Slot("a.b", Text(), ("a", "b")))
    assert json_schema(slots, "fr")["properties"]["a"]["required"] == ["b"]
    assert model_for(()).model_validate({}).model_dump() == {}
    assert built(()).model_validate({}).model_dump() == {}
