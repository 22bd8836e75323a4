"""The service and its log: a decision is answered once it is durably written, and never otherwise."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from services import REMISES, ROOT, Local, answering, call, local, serving

import rulec
from rulec.log.store import DecisionLog
from rulec.log.verify import verify
from rulec.service.keeping import Keeper

FACTS: dict[str, Any] = json.loads(REMISES.with_name("order.json").read_text(encoding="utf-8"))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/decisions.db"


@pytest.fixture
def service(url: str) -> Iterator[Local]:
    """Rules of the example, with a log."""
    made = local(REMISES, keeper=Keeper(DecisionLog(url)))
    yield made
    asyncio.run(made.service.answering.close())


def test_what_is_answered_is_what_is_written(service: Local, url: str) -> None:
    rules = rulec.load(REMISES)
    answer = service.post("/decide", {"facts": FACTS, "at": "2026-03-01"}).json()
    many = service.post("/decide-many", {"facts": [{}, {"sale": "?"}, FACTS]}).json()["decisions"]
    for path, body in (("/why", {"facts": FACTS}), ("/questions", {"facts": {}}), ("/decide", {"facts": {"x": 1}})):
        service.post(path, body)  # nothing is decided by these
    with closing(DecisionLog(url)) as log:
        entries = list(log.entries())
        assert verify(log).damage == ()
    assert [each.id for each in entries] == [answer["id"], many[0]["id"], many[2]["id"]]
    assert {**entries[0].decision, "id": entries[0].id} == answer
    assert {**entries[0].decision} == rules.decide(FACTS, "2026-03-01").to_json()
    assert [each.name for each in entries] == ["remises"] * 3
    assert rules.decide(entries[0].facts, "2026-03-01").to_json() == entries[0].decision
    assert "id" not in many[1]


def test_what_cannot_be_written_is_not_answered(service: Local, url: str) -> None:
    assert service.post("/decide", {"facts": FACTS}).status_code == 200
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        database.execute("ALTER TABLE rulec_entries RENAME TO elsewhere")
    for path, body in (("/decide", {"facts": FACTS}), ("/decide-many", {"facts": [FACTS]})):
        answer = service.post(path, body)
        assert (answer.status_code, answer.json()["problems"][0]["code"]) == (503, "E997")
        assert "outcomes" not in answer.text
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        database.execute("ALTER TABLE elsewhere RENAME TO rulec_entries")
    assert service.post("/decide", {"facts": FACTS}).status_code == 200


def test_decisions_that_come_together_are_written_together(service: Local, url: str) -> None:
    async def together() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=service.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            asking = [client.post("/decide", json={"facts": {**FACTS, "sale": at % 2 == 0}}) for at in range(100)]
            return list(await asyncio.gather(*asking))

    answers = {each.json()["id"]: each.json() for each in asyncio.run(together())}
    with closing(DecisionLog(url)) as log:
        written = {each.id: {**each.decision, "id": each.id} for each in log.entries()}
        assert verify(log).damage == ()
    assert len(written) == 100
    assert written == answers


def test_the_command_writes_to_the_log_that_it_is_told(tmp_path: Path, url: str) -> None:
    with serving(REMISES, folder=tmp_path, RULEC_LOG=url, log=()) as (address, _):
        ids = [httpx2.post(f"{address}/decide", json={"facts": FACTS}).json()["id"]]
    with serving(REMISES, "--log", url, folder=tmp_path) as (address, _):
        ids.append(httpx2.post(f"{address}/decide", json={"facts": FACTS}).json()["id"])
    with serving(REMISES, folder=tmp_path) as (address, _):
        assert "id" not in httpx2.post(f"{address}/decide", json={"facts": FACTS}).json()
    with closing(DecisionLog(url)) as log:
        assert [each.id for each in log.entries()] == ids


# ---- killed


@contextmanager
def process(url: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The service in a process that is killed at the end, and its port."""
    command = [sys.executable, "-m", "rulec", "serve", str(REMISES), "--log", url, "--http", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True)
    assert running.stderr is not None
    try:
        said = running.stderr.readline()
        assert "http://" in said, said + running.stderr.read()
        port = urlsplit(said[said.index("http://") :].split()[0]).port
        assert port is not None
        yield running, port
    finally:
        running.send_signal(signal.SIGKILL)
        running.communicate()


def test_a_killed_service_starts_again_and_goes_on(url: str) -> None:
    with process(url) as (_, port):
        first = call(port, "POST", "/decide", {"facts": FACTS})[1]["id"]
    with answering(local(REMISES, keeper=Keeper(DecisionLog(url)))) as port:
        second = call(port, "POST", "/decide", {"facts": FACTS})[1]["id"]
    with closing(DecisionLog(url)) as log:
        assert [each.id for each in log.entries()] == [first, second]
