"""`rulec serve --mcp`: real sessions of the client of the package `mcp`, over stdio and HTTP, of both eras."""

import asyncio
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx2
import jsonschema
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_sessions import ERAS, Person, codes, data, session, stdio
from mcp_types import CallToolResult
from services import ENGLISH, REMISES, serving, watch_over

import rulec
from rulec.service.answering import answering_for
from rulec.service.limits import Keys, Limits
from rulec.service.mcp_server import Tools

FACTS: dict[str, Any] = json.loads(REMISES.with_name("order.json").read_text(encoding="utf-8"))
FACTS["customer"]["orders_placed"], FACTS["order"]["items"] = "24", "4"  # tools take numbers as texts
KEY = "une-cle-assez-longue"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(REMISES, f"discounts={ENGLISH}", "--mcp") as (found, _):
        yield f"{found}/mcp"


@cache
def tools() -> Tools:
    return Tools(watch_over(remises=REMISES, discounts=ENGLISH), answering_for(Limits(), None), Keys([]))


# ---- whole sessions


async def talk(client: Client) -> None:
    """Decide, be asked, be told why and what would have to change."""
    listed = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert {name for name in listed if name.endswith("remises")} == {
        "decide_remises", "why_remises", "what_if_remises", "questions_remises",
    }  # fmt: skip
    arguments = {"facts": FACTS, "at": "2026-03-01"}
    jsonschema.validate(arguments, listed["decide_remises"].input_schema)
    decision = data(await client.call_tool("decide_remises", arguments))
    assert decision == {**rulec.load(REMISES).decide(FACTS, "2026-03-01").to_json(), "questions": []}
    jsonschema.validate(decision, listed["decide_remises"].output_schema or {})
    why = data(await client.call_tool("why_remises", arguments))
    assert why["text"] == str(rulec.load(REMISES).why(FACTS, "2026-03-01"))
    jsonschema.validate(why, listed["why_remises"].output_schema or {})
    asked = data(await client.call_tool("questions_remises", {"facts": {}}))
    assert [each["text"] for each in asked["questions"]] == [q.text for q in rulec.load(REMISES).questions({})]
    less = {"facts": {**FACTS, "order": {"net_amount": "400"}}, "goal": "remise ≥ 10 %", "change": ["montant HT"]}
    found = data(await client.call_tool("what_if_remises", less))
    assert found["changes"][0]["path"] == "order.net_amount"


@pytest.mark.parametrize("era", ERAS)
def test_a_session_over_stdio(era: str) -> None:
    async def whole() -> None:
        async with session(stdio(REMISES), era) as client:
            await talk(client)

    asyncio.run(whole())


@pytest.mark.parametrize("era", ERAS)
def test_a_session_over_http(url: str, era: str) -> None:
    async def whole() -> None:
        async with session(url, era) as client:
            await talk(client)

    asyncio.run(whole())


def test_a_key_is_shown_over_http() -> None:
    async def whole(address: str) -> None:
        async with (
            httpx2.AsyncClient(headers={"x-api-key": KEY}) as http,
            session(streamable_http_client(address, http_client=http)) as client,
        ):
            assert (await client.list_tools()).tools
        async with httpx2.AsyncClient() as stranger:
            assert (await stranger.post(address, json={})).status_code == 401

    with serving(REMISES, "--mcp", RULEC_API_KEY=KEY) as (found, _):
        asyncio.run(whole(f"{found}/mcp"))


def test_pages_of_other_places_are_refused(url: str) -> None:
    for headers in ({"origin": "http://evil.example"}, {"host": "evil.example"}):
        assert httpx2.post(url, json={}, headers=headers).status_code in (403, 421)


# ---- what is missing is asked for


@pytest.mark.parametrize("server", ["stdio", "http", "here"])
@pytest.mark.parametrize("era", ERAS)
def test_a_person_is_asked_for_the_facts_that_are_missing(url: str, server: str, era: str) -> None:
    person = Person({"customer.segment": "private", "customer.late": False, "sale": False})
    known = {"order": {"net_amount": "620", "weight": "12"}, "customer": {"loyal": True, "orders_placed": "3"}}

    async def whole() -> dict[str, Any]:
        at = {"stdio": stdio(REMISES), "http": url, "here": tools().server()}[server]
        async with session(at, era, person) as client:
            return data(await client.call_tool("decide_remises", {"facts": known, "at": "2026-03-01"}))

    decision = asyncio.run(whole())
    told = {**known, "customer.segment": "private", "customer.late": False, "sale": False}
    assert decision == {**rulec.load(REMISES).decide(told, "2026-03-01").to_json(), "questions": []}
    (form,) = person.shown
    assert form.message.splitlines()[0] == "Pour décider, il manque :"
    assert list(form.requested_schema["properties"]) == ["customer.segment", "customer.late", "sale"]
    assert form.requested_schema["properties"]["customer.segment"]["enum"] == ["private", "business", "reseller"]


@pytest.mark.parametrize("era", ERAS)
def test_forms_go_on_until_nothing_lacks_or_nobody_answers(era: str) -> None:
    """What is missing may depend on what was answered; a form left empty, or declined, is the last one."""

    def asked(person: Person | None) -> dict[str, Any]:
        async def whole() -> dict[str, Any]:
            async with session(tools().server(), era, person) as client:
                return data(await client.call_tool("decide_discounts", {"facts": {"order": {"net_amount": 620}}}))

        return asyncio.run(whole())

    first = {"customer.segment": "private", "customer.loyal": True}
    second = {"customer.late": "no", "sale": "no", "customer.orders_placed": "30", "order.weight": "3 kg"}
    person = Person(first, second)
    assert (asked(person)["status"], len(person.shown)) == ("decided", 2)
    for answers in ((), ({},), ({"customer.segment": ""},)):
        silent = Person(*answers)
        decision = asked(silent)
        assert (decision["status"], len(silent.shown)) == ("undetermined", 1)
        assert "customer.segment" in [each["key"] for each in decision["questions"]]
    assert asked(None)["status"] == "undetermined"


@pytest.mark.parametrize("era", ERAS)
def test_an_answer_that_does_not_fit_is_told(era: str) -> None:
    async def whole() -> CallToolResult:
        person = Person({"order.weight": "lourd"})
        async with session(tools().server(), era, person) as client:
            return await client.call_tool("decide_remises", {"facts": {"order": {"net_amount": 620}}})

    assert codes(asyncio.run(whole())) == ["E505"]


# ---- what is wrong


WRONG: list[tuple[str, dict[str, Any] | None, str]] = [
    ("decide_remises", {"facts": {}, "facets": {}}, "E983"),
    ("decide_remises", {"commande": "620 €"}, "E983"),
    ("decide_remises", {}, "E984"),
    ("decide_remises", None, "E984"),
    ("decide_remises", {"facts": [1]}, "E985"),
    ("decide_remises", {"facts": {"order": {"net_amount": "620", "colour": "red"}}}, "E502"),
    ("decide_remises", {"facts": {"order": {"net_amount": 620.123456}}}, "E529"),
    ("decide_remises", {"facts": {"order": {"net_amount": 1e300}}}, "E515"),
    ("decide_remises", {"facts": {"sale": "peut-être"}}, "E505"),
    ("decide_remises", {"facts": {}, "at": "demain"}, "E923"),
    ("what_if_remises", {"facts": {}, "goal": ""}, "E982"),
    ("what_if_remises", {"facts": {}}, "E984"),
    ("decide_remise", {"facts": {}}, "E979"),
    ("", {}, "E979"),
]


@pytest.mark.parametrize("era", ERAS)
def test_a_wrong_call_is_told_what_is_wrong(era: str) -> None:
    async def whole() -> None:
        async with session(tools().server(), era) as client:
            for name, arguments, code in WRONG:
                result = await client.call_tool(name, arguments)
                assert codes(result)[0] == code, (name, arguments, result)

    asyncio.run(whole())


def test_what_a_client_brings_back_may_be_anything() -> None:
    states = ["", "x", "[]", '{"answers": 3}', '{"answers": {"sale": {"a": 1}}, "left": "x"}', "[" * 10_000,
              '{"answers": {"nothing": 1}, "left": -5}', '{"left": 1e999}']  # fmt: skip

    async def whole() -> None:
        async with session(tools().server(), person=Person()) as client:
            for state in states:
                result = await client.session.call_tool(
                    "decide_remises", {"facts": FACTS}, request_state=state, allow_input_required=True
                )
                assert isinstance(result, CallToolResult), state
                assert not result.is_error or codes(result), state

    asyncio.run(whole())


def test_requests_that_are_no_mcp_are_refused(url: str) -> None:
    head = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    for body in (b"", b"{", b"[]", b"\xff", b'{"jsonrpc": "2.0"}', b'{"jsonrpc": "2.0", "id": 1, "method": "x"}'):
        answer = httpx2.post(url, content=body, headers=head)
        assert 400 <= answer.status_code < 500, (body, answer.status_code)
    assert httpx2.post(url, content=b" " * 2_000_000, headers=head).status_code == 413
