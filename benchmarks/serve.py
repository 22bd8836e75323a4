"""Decisions over HTTP on this machine: `rulec serve` with and without its log, beside FastAPI that calls zen-engine.

    python benchmarks/serve.py [--rules 100] [--seconds 5] [--log URL]        (pip install rulec[serve,log,bench])

Each service has a process of its own; this one asks over a few connections that stay open, the next request as soon as
an answer has come. Services take turns, round after round; every answer is checked. What is printed for each: answers a
second, and the time that half and 99 % of them took. The last lines ask over more connections than a service takes.
"""

import argparse
import asyncio
import json
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, sleep
from typing import Any

import uvloop
from decide import floats, zen_table
from workload import Facts, facts_of, reference, rulec_text, rules_of

import rulec

AT = date(2026, 3, 1)
CONNECTIONS, ROUNDS, FACTS = 16, 3, 2_000
Request = bytes
Tenths = Callable[[dict[str, object]], int]  # of an answer: what it gives, in 0.1 %
HERE = Path(__file__).parent


# ---- asking


class Asking(asyncio.Protocol):
    """One connection: sends a request, waits for the answer, sends the next."""

    def __init__(self, requests: Sequence[Request], first: int, until: float) -> None:
        self.requests, self.at, self.until = requests, first, until
        self.answers = list[tuple[int, float, bytes]]()  # number of the request, seconds, all of the answer
        self.held, self.done = b"", asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        self.sent = perf_counter()
        self.transport.write(self.requests[self.at])

    def data_received(self, data: bytes) -> None:
        self.held += data
        head, found, body = self.held.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]):
            return
        now = perf_counter()
        self.answers.append((self.at, now - self.sent, self.held))
        self.held, self.at = b"", (self.at + 1) % len(self.requests)
        if now < self.until:
            self.send()
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.done.set_result(None)


async def ask(port: int, requests: Sequence[Request], connections: int, seconds: float) -> list[Asking]:
    """Ask over that many connections for that long."""
    loop, until = asyncio.get_running_loop(), perf_counter() + seconds
    starts = [at * len(requests) // connections for at in range(connections)]
    made = [
        (await loop.create_connection(lambda at=at: Asking(requests, at, until), "127.0.0.1", port))[1] for at in starts
    ]
    await asyncio.gather(*(each.done for each in made))
    return made


def posted(body: object) -> Request:
    """A request as it is sent."""
    data = json.dumps(body).encode()
    head = f"POST /decide HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {len(data)}"
    return head.encode() + b"\r\n\r\n" + data


# ---- services


@contextmanager
def running(*command: str, port: int) -> Iterator[int]:
    """A process that answers on a port."""
    started = monotonic()
    process = subprocess.Popen([sys.executable, *command])
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                sleep(0.02)
        print(f"{' '.join(command)[:60]}…: ready after {monotonic() - started:.2f} s")
        yield port
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def rulec_tenths(answer: dict[str, object]) -> int:
    """What rulec decided."""
    return round(float(answer["outcomes"]["discount"]["value"]) * 1000)  # type: ignore[index]  # of a decision


def zen_tenths(answer: dict[str, object]) -> int:
    """What zen-engine decided."""
    return int(answer["result"]["tenths"])  # type: ignore[index]  # of a decision


# ---- the run


def measured(
    name: str, port: int, requests: Sequence[Request], expected: Sequence[int], tenths: Tenths, seconds: float
) -> tuple[float, float, float]:
    """Answers a second, and the milliseconds that half and 99 % took."""
    started = perf_counter()
    found = [each for asking in uvloop.run(ask(port, requests, CONNECTIONS, seconds)) for each in asking.answers]
    took = perf_counter() - started
    for number, _, whole in found:
        head, _, body = whole.partition(b"\r\n\r\n")
        assert head.split(b" ")[1] == b"200", whole
        assert tenths(json.loads(body)) == expected[number], (name, number)
    times = sorted(each[1] * 1e3 for each in found)
    return len(found) / took, median(times), quantiles(times, n=100)[98]


def saturated(port: int, requests: Sequence[Request], connections: int, seconds: float) -> Counter[str]:
    """What is answered over many connections, by status."""
    found = [each for asking in uvloop.run(ask(port, requests, connections, seconds)) for each in asking.answers]
    return Counter(whole.split(b" ", 2)[1].decode() for _, _, whole in found)


def in_process(rules: rulec.RuleSet, facts: Sequence[Facts]) -> float:
    """Decisions a second, called from Python."""
    rates = []
    for _ in range(ROUNDS):
        started = perf_counter()
        for each in facts:
            rules.decide(each, AT)
        rates.append(len(facts) / (perf_counter() - started))
    return median(rates)


def main() -> None:
    """Run all, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--log", default="", help="another log beside the one on SQLite")
    told = parser.parse_args()
    rules, facts = rules_of(told.rules), facts_of(FACTS)
    expected = [tenths for tenths, _ in reference(rules, facts)]
    asked = [posted({"facts": floats(each), "at": AT.isoformat()}) for each in facts]
    floating = [posted(floats(each)) for each in facts]
    with TemporaryDirectory() as folder, ExitStack() as stack:
        text, table = Path(folder, "discounts.rules"), Path(folder, "table.json")
        text.write_text(rulec_text(rules), encoding="utf-8")
        table.write_text(json.dumps(zen_table(rules)), encoding="utf-8")
        logs = {"no log": "none", "log on SQLite": f"sqlite:///{folder}/decisions.db"}
        logs |= {f"log on {told.log.partition(':')[0]}": told.log} if told.log else {}
        services = {}
        for name, url in logs.items():
            port = free_port()
            command = ["-m", "rulec", "serve", str(text), "--log", url, "--http", str(port)]
            services[f"rulec serve, {name}"] = stack.enter_context(running(*command, port=port)), asked, rulec_tenths
        port = free_port()
        command = [str(HERE / "zen_service.py"), str(table), str(port)]
        services["FastAPI and zen-engine"] = stack.enter_context(running(*command, port=port)), floating, zen_tenths
        print(f"{told.rules:,} rules, {CONNECTIONS} connections, {ROUNDS} rounds of {told.seconds:g} s\n")
        print(f"{'':28}{'a second':>10}{'median ms':>11}{'p99 ms':>9}")
        print(f"{'in process':28}{in_process(rulec.load(text), facts):>10,.0f}")
        rounds = [
            {
                name: measured(name, port, requests, expected, tenths, told.seconds)
                for name, (port, requests, tenths) in services.items()
            }
            for _ in range(ROUNDS)
        ]
        for name in services:
            rate, half, most = (median(each[name][at] for each in rounds) for at in range(3))
            print(f"{name:28}{rate:>10,.0f}{half:>11.2f}{most:>9.2f}")
        for name, (port, requests, _) in services.items():
            statuses = saturated(port, requests, 600, told.seconds)
            print(f"600 connections, {name}: {dict(statuses)}")


if __name__ == "__main__":
    main()
