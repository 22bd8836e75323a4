"""Rules as tools of a model: their definitions, what comes of calls, and whole loops of the client of Anthropic."""

import json
import re
from collections.abc import Mapping
from typing import Any

import anthropic
import jsonschema
import pytest
from services import REMISES
from talking import clerk, talking

import rulec
from rulec.source import Language

NAMES = ("decide", "why", "what_if", "questions")
FACTS: dict[str, Any] = json.loads(REMISES.with_name("order.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_tools_are_defined_as_the_messages_api_takes_them(language: Language) -> None:
    rules = rulec.load(REMISES)
    tools = rules.tools(language=language)
    assert [tool["name"] for tool in tools] == [f"{name}_remises" for name in NAMES]
    for tool in tools:
        assert set(tool) == {"name", "description", "input_schema"}
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", tool["name"])
        jsonschema.Draft202012Validator.check_schema(tool["input_schema"])
        assert "remises" in tool["description"]
    texts = {
        **FACTS,
        "order": {**FACTS["order"], "items": "4"},
        "customer": {**FACTS["customer"], "orders_placed": "24"},
    }
    schema = tools[0]["input_schema"]
    jsonschema.validate({"facts": texts, "at": "2026-03-01"}, schema)
    for wrong in ({}, {"facts": {"comande": "620"}}, {"facts": {"order": {"net_amount": 620}}}, {"facts": {}, "x": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_a_call_gives_what_the_rules_decide() -> None:
    rules = rulec.load(REMISES)
    result = rules.call("decide_remises", {"facts": FACTS, "at": "2026-03-01"})
    assert result["is_error"] is False
    assert json.loads(result["content"]) == {**rules.decide(FACTS, "2026-03-01").to_json(), "questions": []}
    partly = json.loads(rules.call("decide_remises", {"facts": {}})["content"])
    assert [each["key"] for each in partly["questions"]] == [each.path for each in rules.questions({})]
    renamed = rules.call("why_vente", {"facts": FACTS, "at": "2026-03-01"}, name="Vente !")
    assert json.loads(renamed["content"])["text"] == str(rules.why(FACTS, "2026-03-01"))


def test_numbers_of_json_are_read_as_they_were_written() -> None:
    """Clients read JSON numbers as binary ones; those that may have lost a digit are refused."""
    rules = rulec.loads("Si commande > 0,1 € alors remise 10 %")
    answer = json.loads(rules.call("decide_rules", json.loads('{"facts": {"commande": 0.1}}'), name="rules")["content"])
    assert answer["outcomes"]["remise"]["status"] == "not_applicable"
    lost = rules.call("decide_rules", {"facts": {"commande": 0.1 + 0.2}}, name="rules")
    assert (lost["is_error"], json.loads(lost["content"])["problems"][0]["code"]) == (True, "E506")


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [("decide_remises", {"facts": {}, "date": "x"}, "E983"), ("decide_remises", [], "E985"), ("decide", {}, "E979"),
     ("what_if_remises", {"facts": {}, "goal": ""}, "E982"), ("decide_remises", {"facts": {"order": 7}}, "E521")],
)  # fmt: skip
def test_what_is_wrong_with_a_call_is_told_to_the_model(tool: str, arguments: object, code: str) -> None:
    result = rulec.load(REMISES).call(tool, arguments, language="en")
    problem = json.loads(result["content"])["problems"][0]
    assert (result["is_error"], problem["code"]) == (True, code)


# ---- loops


def heard(text: str) -> Mapping[str, Any]:
    """The facts that a person told, as a model would read them."""
    amount = re.search(r"(\d+) ?€|€(\d+)", text)
    told: dict[str, Any] = {"order": {"net_amount": (amount[1] or amount[2]) if amount else "0"}}
    answers = {"fidèle": ("loyal", True), "loyal": ("loyal", True), "à jour": ("late", False), "paid": ("late", False)}
    told["customer"] = {key: value for word, (key, value) in answers.items() if word in text}
    return told


FRENCH = """\
Un client [customer] a :
  - il peut être fidèle [loyal]
  - il peut être en retard de paiement [late]
Une commande [order] a :
  - un montant HT (en €), principal [net_amount]
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount]
Règle « Fidélité » : si le client est fidèle et la commande dépasse 500 € alors remise 10 %
  sauf si le client est en retard de paiement
"""
ENGLISH_RULES = """\
A customer has:
  - can be loyal
  - can be late
An order has:
  - a net amount (in € excl. VAT), main [net_amount]
We decide:
  - the discount (percentage), the highest wins, 0% by default
Rule "Loyalty": if the customer is loyal and the order exceeds €500 then discount 10% unless the customer is late
"""


@pytest.mark.parametrize(
    ("text", "language", "turns"),
    [
        (FRENCH, "fr", ["Quelle remise pour 620 € ?", "Je suis fidèle.", "Je suis à jour.", "Pourquoi ?"]),
        (ENGLISH_RULES, "en", ["What discount for €620?", "I am loyal.", "I have paid.", "Why?"]),
    ],
    ids=["fr", "en"],
)
def test_a_loop_decides_asks_for_what_is_missing_and_says_why(text: str, language: Language, turns: list[str]) -> None:
    """A person answers one question after the other; the model only carries words."""
    rules, messages, replies = rulec.loads(text, language), list[Any](), list[str]()
    tools: Any = rules.tools("shop")
    with talking(clerk(heard)) as model, anthropic.Anthropic(base_url=model.url, api_key="test") as client:
        for turn in turns:
            messages.append({"role": "user", "content": turn})
            while True:
                answer = client.messages.create(model="test", max_tokens=100, messages=messages, tools=tools)
                messages.append({"role": "assistant", "content": answer.content})
                uses = [block for block in answer.content if block.type == "tool_use"]
                if not uses:
                    break
                results = [
                    {"type": "tool_result", "tool_use_id": use.id, **rules.call(use.name, use.input, "shop")}
                    for use in uses
                ]
                messages.append({"role": "user", "content": results})
            replies += [block.text for block in answer.content if block.type == "text"]
    facts = heard(" ; ".join(turns))
    asked = [each.text for each in rules.questions({"order": facts["order"]})]
    assert replies == [*asked, "discount = 0.1", str(rules.why(facts))]
    assert len(asked) == 2
