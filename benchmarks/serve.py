"""Decisions over HTTP: `rulec serve`, with its log and without, beside FastAPI that calls zen-engine, and without HTTP.

    python benchmarks/serve.py [--rules 100] [--seconds 5]      (pip install 'rulec[bench,serve,log]' fastapi)

Each service is one process on this machine, asked by another one over connections that stay open, in turns, `--rounds`
of them; every answer is compared with the plain reference. The peer gets amounts as floats, reads them by a pydantic
model, and writes no log. At the end, more clients at once than the service lets wait: what is not decided must be told
so (503), and nothing else.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from decide import zen_table
from workload import Facts, facts_of, reference, rulec_text, rules_of

import rulec

AT, HELD, WAITING = date(2026, 3, 1), 2_000, 256
_HEAD = (
    "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
)
Answer = Callable[[Any], int]  # the body of an answer → tenths of a percent


@dataclass(frozen=True)
class Peer:
    """A service: its name, its port, where it is asked, what its answers say."""

    name: str
    port: int
    path: str
    bodies: Sequence[bytes]
    answer: Answer


@dataclass
class Told:
    """What came of a turn: seconds of each answer that was right, and how many came with each status."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0


# ---- the services


def endpoint(table: str) -> Any:
    """What one would write by hand: facts read by a model, zen-engine asked, its answer told."""
    import zen
    from fastapi import FastAPI
    from pydantic import BaseModel

    class Given(BaseModel):
        segment: str
        country: str
        loyal: bool
        amount: float
        quantity: int
        channel: str

    app, decision = FastAPI(), zen.ZenEngine().create_decision(zen.ZenDecisionContent(table))

    @app.post("/decide")
    async def decide(given: Given) -> dict[str, Any]:
        found: dict[str, Any] = (await decision.async_evaluate(given.model_dump()))["result"]
        return found

    return app


@contextmanager
def process(command: Sequence[str], folder: Path) -> Iterator[int]:
    """A service that says where it listens; its port."""
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
    running = subprocess.Popen(command, cwd=folder, env=known, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    try:
        for line in running.stderr:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                yield int(found[1])
                return
        raise SystemExit("a service did not begin")
    finally:
        running.kill()
        running.communicate()


def serve_peer(table: str) -> None:
    """Run the endpoint until it is killed."""
    import uvicorn

    uvicorn.run(endpoint(Path(table).read_text("utf-8")), port=0, log_level="info", access_log=False)


@contextmanager
def services(count: int, facts: Sequence[Facts], folder: Path) -> Iterator[list[Peer]]:
    """All of them, running."""
    rules = rules_of(count)
    (folder / "workload.rules").write_text(rulec_text(rules), "utf-8")
    (folder / "table.json").write_text(json.dumps(zen_table(rules)), "utf-8")
    exact = [json.dumps({"facts": each, "at": AT.isoformat()}, default=str).encode() for each in facts]
    plain = [json.dumps(each, default=float).encode() for each in facts]
    own = [sys.executable, "-m", "rulec", "serve", "workload.rules", "--http", "0", "--log"]
    peer = [sys.executable, str(Path(__file__).resolve()), "--peer", "table.json"]
    with ExitStack() as stack:
        told = [
            ("rulec serve, each decision in the log", [*own, "sqlite:///decisions.db"], exact, _of_rulec),
            ("rulec serve, no log", [*own, "none"], exact, _of_rulec),
            ("FastAPI and zen-engine, no log", peer, plain, _of_peer),
        ]
        yield [
            Peer(name, stack.enter_context(process(command, folder)), "/decide", bodies, answer)
            for name, command, bodies, answer in told
        ]


def _of_rulec(said: Any) -> int:
    return round(float(said["outcomes"]["discount"]["value"]) * 1000)


def _of_peer(said: Any) -> int:
    return int(said["tenths"])


# ---- what asks them


async def turn(peer: Peer, expected: Sequence[int], clients: int, seconds: float) -> Told:
    """So many clients, each asking again once it has its answer, for so long."""
    told, end = Told(), perf_counter() + seconds
    await asyncio.gather(*(_client(peer, expected, number, end, told) for number in range(clients)))
    return told


async def _client(peer: Peer, expected: Sequence[int], number: int, end: float, told: Told) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", peer.port)
    at = number * 97
    while perf_counter() < end:
        at = (at + 1) % len(peer.bodies)
        body, began = peer.bodies[at], perf_counter()
        writer.write(_HEAD.format(path=peer.path, length=len(body)).encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        status = int(answer.split(b" ", 2)[1])
        length = re.search(rb"content-length: (\d+)", answer)
        said = json.loads(await reader.readexactly(int(length[1]) if length else 0))
        told.statuses[status] += 1
        if status == 200:
            told.seconds.append(perf_counter() - began)
            told.wrong += peer.answer(said) != expected[at]
    writer.close()


def in_process(count: int, facts: Sequence[Facts], expected: Sequence[int], seconds: float) -> float:
    """Decisions a second by a call of `decide`, the answer as JSON data too."""
    compiled = rulec.loads(rulec_text(rules_of(count)), "en")
    made, began = 0, perf_counter()
    while (now := perf_counter()) - began < seconds:
        decision = compiled.decide(facts[made % HELD], AT).to_json()
        assert _of_rulec(decision) == expected[made % HELD]
        made += 1
    return made / (now - began)


# ---- the figures


def main() -> None:
    """Print them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peer:
        return serve_peer(given.peer)
    facts = facts_of(HELD)
    expected = [tenths for tenths, _ in reference(rules_of(given.rules), facts)]
    with tempfile.TemporaryDirectory() as folder, services(given.rules, facts, Path(folder)) as peers:
        turns: dict[str, list[Told]] = {peer.name: [] for peer in peers}
        for _ in range(given.rounds):
            for peer in peers:
                turns[peer.name].append(asyncio.run(turn(peer, expected, given.clients, given.seconds)))
        for name, told in turns.items():
            assert all(each.wrong == 0 and set(each.statuses) == {200} for each in told), (name, told[0].statuses)
            rate = median(len(each.seconds) / given.seconds for each in told)
            late = median(quantiles(each.seconds, n=100)[98] for each in told)
            print(f"{name}: {rate:,.0f} decisions a second, p99 {late * 1000:.1f} ms")
        print(f"no HTTP: {in_process(given.rules, facts, expected, given.seconds):,.0f} decisions a second")
        crowd = asyncio.run(turn(peers[0], expected, 2 * WAITING, given.seconds))
        assert crowd.wrong == 0
        told_so = ", ".join(f"{count:,} × {status}" for status, count in sorted(crowd.statuses.items()))
        print(f"{2 * WAITING} clients at once, {WAITING} of which may wait: {told_so}")
        assert set(crowd.statuses) <= {200, 503}
    return None


if __name__ == "__main__":
    main()
