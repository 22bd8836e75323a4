"""Approvals over MCP: real sessions of the client of the package `mcp`: a person approves, changes, refuses."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
from mcp.client.streamable_http import streamable_http_client
from mcp_sessions import ERAS, Person, codes, data, session, stdio
from mcp_types import CallToolResult
from services import serving, watch_over

from rulec.log.approvals import proposal
from rulec.log.store import DecisionLog
from rulec.log.verify import verify
from rulec.service.answering import answering_for
from rulec.service.keeping import Keeper
from rulec.service.limits import Keys, Limits
from rulec.service.mcp_server import Tools

TEXT = """
On connaît :
  - un montant (en €) [amount]
On décide :
  - le geste (en €), au plus 20 €, le plus élevé l'emporte, 0 € par défaut [gesture]
On peut :
  - écrire au client [write], avec un motif (texte) [reason]
Si le montant dépasse 10 € alors le geste est de 5 €.
Si le montant dépasse 10 € alors écrire au client avec le motif « retard ».
Autonomie : exécuter si le montant ne dépasse pas 10 €, sinon proposer.
Demander l'accord du gérant [manager] si le montant dépasse 100 €.
Demander l'accord de la comptable si le montant dépasse 1 000 €.
"""
URL = "sqlite:///decisions.db"
KEYS = {"gérant": "cle-du-gerant-1234", "agent": "cle-de-l-agent-123"}
YES = {"verdict": "approve", "by": "gérant"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gestes.regles").write_text(TEXT, encoding="utf-8")
    (tmp_path / "cles").write_text("".join(f"{name}={key}\n" for name, key in KEYS.items()), encoding="utf-8")
    return tmp_path


@pytest.fixture
def tools(folder: Path) -> Iterator[Tools]:
    """The tools of a service in this process, with a log."""
    keeper = Keeper(DecisionLog(URL))
    yield Tools(watch_over(gestes=folder / "gestes.regles"), answering_for(Limits(), keeper=keeper), Keys([]))
    keeper.close()


def called(server: Any, era: str, person: Person | None, *calls: tuple[str, dict[str, Any]]) -> list[CallToolResult]:
    """What comes of these calls in a session."""

    async def whole() -> list[CallToolResult]:
        async with session(server, era, person) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(whole())


def decide(amount: str) -> tuple[str, dict[str, Any]]:
    return "decide_gestes", {"facts": {"amount": amount}, "at": "2026-03-01"}


def entries() -> list[str]:
    with closing(DecisionLog(URL, create=False)) as log:
        assert verify(log).damage == ()
        return [entry.kind for entry in log.entries()]


# ---- whole sessions


@pytest.mark.parametrize("era", ERAS)
def test_a_person_approves_in_a_session_over_stdio(folder: Path, era: str) -> None:
    person = Person(YES)
    server = stdio("gestes.regles", "--log", URL, folder=folder)
    decided, listed, all_ = called(
        server, era, person, decide("500"), ("list_approvals", {}), ("list_approvals", {"all": True})
    )
    approval = data(decided)["approval"]
    assert (approval["status"], approval["answer"]["by"], approval["answer"]["for"]) == (
        "approve", "gérant", ["manager"],
    )  # fmt: skip
    assert approval["done"] == {"outcomes": {"gesture": "5"}, "actions": {"write": {"reason": "retard"}}}
    (form,) = person.shown
    assert form.message.splitlines() == [
        "Les règles proposent : geste : 5\u00a0€, écrire au client : demandé.",
        "Faits : montant : 500\u00a0€.",
        "Accord demandé : du gérant.",
    ]
    assert list(form.requested_schema["properties"]) == [
        "verdict", "by", "reason", "outcomes.gesture", "actions.write.reason",
    ]  # fmt: skip
    assert data(listed) == {"approvals": []}
    assert [each["id"] for each in data(all_)["approvals"]] == [data(decided)["id"]]
    assert entries() == ["decision", "review"]


@pytest.mark.parametrize("era", ERAS)
def test_whose_key_it_is_decides_who_is_asked_over_http(folder: Path, era: str) -> None:
    """An agent's key cannot answer for the manager, nor does its user; the manager's own session does."""
    agent, manager = Person(YES), Person({"verdict": "edit", "reason": "geste", "outcomes.gesture": "7 €"})

    async def whole(address: str) -> list[CallToolResult]:
        found, id_ = list[CallToolResult](), ""
        for name, person in (("agent", agent), ("gérant", manager)):
            async with (
                httpx2.AsyncClient(headers={"x-api-key": KEYS[name]}) as http,
                session(streamable_http_client(address, http_client=http), era, person) as client,
            ):
                if not id_:
                    found.append(await client.call_tool(*decide("500")))
                    id_ = data(found[0])["id"]
                    found.append(await client.call_tool("answer_approval", {"id": id_, "verdict": "approve"}))
                found.append(await client.call_tool("answer_approval", {"id": id_}))
        return found

    with serving("gestes.regles", "--mcp", "--log", URL, "--key-file", "cles", folder=folder) as (url, _):
        decided, told, shown, answered = asyncio.run(whole(f"{url}/mcp"))
    assert data(decided)["approval"] == {"status": "waiting", "awaited": [{"who": "manager", "name": "du gérant"}]}
    assert (codes(told), codes(shown), agent.shown) == (["E738"], ["E738"], [])
    (form,) = manager.shown
    assert "by" not in form.requested_schema["properties"]
    found = data(answered)
    assert (found["status"], found["answer"]["by"], found["answer"]["given"]) == (
        "edit", "gérant", {"outcomes": {"gesture": "7"}},
    )  # fmt: skip
    assert found["done"]["outcomes"] == {"gesture": "7"}


# ---- what a person says


@pytest.mark.parametrize("era", ERAS)
def test_a_person_is_asked_again_until_what_they_say_fits(tools: Tools, era: str) -> None:
    person = Person(
        {"verdict": "approve", "by": "Zoé"}, {"verdict": "refuse", "by": "gérant"},
        {"verdict": "edit", "by": "gérant", "reason": "x", "outcomes.gesture": "99 €"},
        {"verdict": "refuse", "by": "gérant", "reason": "plafond", "outcomes.gesture": "99 €"},
    )  # fmt: skip
    (decided,) = called(tools.server(), era, person, decide("500"))
    approval = data(decided)["approval"]
    assert (approval["status"], approval["answer"]["reason"], approval["done"]) == ("refuse", "plafond", {})
    wrong = [form.message.splitlines()[0] for form in person.shown]
    assert len(wrong) == 4
    assert "« Zoé » ne le donne pas" in wrong[1]
    assert "dit pourquoi" in wrong[2]
    assert "20" in wrong[3]
    assert entries() == ["decision", "review"]


@pytest.mark.parametrize("era", ERAS)
def test_a_decision_that_nobody_answers_waits_and_is_kept_once(tools: Tools, era: str) -> None:
    for person in (None, Person(), Person({})):
        (decided,) = called(tools.server(), era, person, decide("500"))
        assert data(decided)["approval"] == {"status": "waiting", "awaited": [{"who": "manager", "name": "du gérant"}]}
    assert entries() == ["decision"] * 3


@pytest.mark.parametrize("era", ERAS)
def test_the_facts_come_first_and_then_the_approval(tools: Tools, era: str) -> None:
    person = Person({"amount": "50"}, {"verdict": "approve", "by": "Zoé"})
    (decided,) = called(tools.server(), era, person, ("decide_gestes", {"facts": {}}))
    assert (data(decided)["status"], data(decided)["approval"]["status"]) == ("decided", "approve")
    assert entries() == ["decision", "review"]
    silent = Person({})
    (decided,) = called(tools.server(), era, silent, ("decide_gestes", {"facts": {}}))
    assert (data(decided)["approval"]["status"], len(silent.shown)) == ("waiting", 1)


@pytest.mark.parametrize("era", ERAS)
def test_what_an_agent_may_do_by_itself_asks_nobody(tools: Tools, era: str) -> None:
    person = Person(YES)
    (decided,) = called(tools.server(), era, person, decide("5"))
    assert ("approval" in data(decided), person.shown) == (False, [])


@pytest.mark.parametrize("era", ERAS)
def test_the_approval_of_several_over_mcp(tools: Tools, era: str) -> None:
    person = Person(YES, {"verdict": "approve", "by": "comptable"})
    (decided,) = called(tools.server(), era, person, decide("5000"))
    id_, approval = data(decided)["id"], data(decided)["approval"]
    assert (approval["status"], [each["name"] for each in approval["awaited"]]) == ("waiting", ["de la comptable"])
    (answered,) = called(tools.server(), era, person, ("answer_approval", {"id": id_}))
    assert data(answered)["status"] == "approve"
    assert [form.requested_schema["properties"]["verdict"]["enum"] for form in person.shown] == [
        ["approve", "refuse"]
    ] * 2
    assert entries() == ["decision", "agreement", "review"]


# ---- what a model may not


def test_a_model_cannot_answer_in_a_person_s_place(tools: Tools) -> None:
    (decided,) = called(tools.server(), "auto", None, decide("500"))
    id_ = data(decided)["id"]
    found = called(
        tools.server(), "auto", None,
        ("answer_approval", {"id": id_}), ("answer_approval", {"id": id_, **YES}), ("answer_approval", {"id": 3}),
        ("answer_approval", {"id": "nothing"}), ("answer_approval", {}), ("list_approvals", {"every": True}),
        ("list_approvals", {"all": "yes"}),
    )  # fmt: skip
    assert [codes(each)[0] for each in found] == ["E746", "E983", "E984", "E730", "E984", "E983", "E985"]
    assert entries() == ["decision"]


@pytest.mark.parametrize("state", ["decided", "other", "nothing"])
def test_what_a_client_remembers_wrongly_answers_nothing_else(tools: Tools, state: str) -> None:
    """The decision that comes back must be the one that was made of these facts; else it is a new one."""
    (first, other) = called(tools.server(), "auto", None, decide("500"), decide("700"))
    ids = {"decided": data(first)["id"], "other": data(other)["id"], "nothing": "nothing"}

    async def whole() -> CallToolResult:
        async with session(tools.server(), person=Person()) as client:
            name, arguments = decide("500")
            again = f'{{"decided": "{ids[state]}", "left": 0}}'
            found = await client.session.call_tool(name, arguments, request_state=again, allow_input_required=True)
            assert isinstance(found, CallToolResult)
            return found

    told = data(asyncio.run(whole()))
    assert (told["id"] == ids["decided"]) == (state == "decided")
    with closing(DecisionLog(URL)) as log:
        assert [proposal(log, each).status for each in (*ids.values(), told["id"]) if each != "nothing"] == [
            "waiting"
        ] * (2 + 1)


def test_the_tools_describe_what_they_take_and_give(tools: Tools) -> None:
    async def whole() -> None:
        async with session(tools.server()) as client:
            listed = {tool.name: tool for tool in (await client.list_tools()).tools}
            decided = data(await client.call_tool(*decide("500")))
            jsonschema.validate(decided, listed["decide_gestes"].output_schema or {})
            waiting = data(await client.call_tool("list_approvals", {}))
            jsonschema.validate(waiting, listed["list_approvals"].output_schema or {})
            assert list(listed["answer_approval"].input_schema["properties"]) == ["id"]
            annotations = {name: listed[name].annotations for name in ("list_approvals", "answer_approval")}
            assert [each and each.read_only_hint for each in annotations.values()] == [True, False]

    asyncio.run(whole())
