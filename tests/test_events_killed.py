"""`rulec events run` killed at random: no event is lost, nothing fires twice.

RULEC_KILLS: how often (some in CI; 200 in long runs; a quarter of it on PostgreSQL).
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from clusters import Cluster, cluster
from sqlalchemy import select
from test_events_cli import ENGLISH

from rulec import load
from rulec.events.records import record_of
from rulec.events.replay import replay
from rulec.events.store import EventStore
from rulec.events.tables import messages, records

KILLS = int(os.environ.get("RULEC_KILLS", "2"))
HERE = Path(__file__).parent
KEYS = 25 * KILLS
START, STEP = datetime(2026, 1, 1, tzinfo=UTC), timedelta(minutes=9_000 / KEYS)
EACH = 500  # events that come between two kills


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to keep events."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/events.db"
    made: Cluster = request.getfixturevalue("postgres")
    return made.url


def events(random: Random, first: int, count: int) -> list[str]:
    """Lines of events, in the order of time."""
    lines = []
    for at in range(first, first + count):
        moment = (START + at * STEP).isoformat()
        event = random.choice(("complaint", "complaint", "quote_sent", "answer"))
        key = random.randint(1, KEYS)
        lines.append(json.dumps({"id": str(at), "event": event, "time": moment, "key": f"{key}"}) + "\n")
        if random.random() < 0.02:
            lines.append(random.choice(lines))
        if random.random() < 0.02:
            lines.append(f"not an event {at}\n")
    return lines


def test_no_event_is_lost_and_nothing_fires_twice(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random, kills, told, killed = Random(11), KILLS if url.startswith("sqlite") else max(2, KILLS // 4), list[str](), 0
    (tmp_path / "r.rules").write_text(ENGLISH, encoding="utf-8")
    given, taken, numbers = tmp_path / "e.jsonl", 0, 0
    told_of = {"entity": "customer", "time": "2026-01-01"}
    facts = [{**told_of, "id": f"f{key}", "key": f"{key}", "facts": {"loyal": key % 3 > 0}} for key in range(KEYS)]
    given.write_text("".join(f"{json.dumps(each)}\n" for each in facts), encoding="utf-8")
    command = [
        sys.executable, str(HERE / "event_load.py"), "events", "run", "r.rules", "--in", "e.jsonl", "--store", url,
        "--format", "json",
    ]  # fmt: skip
    known = {**os.environ, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}"}
    for number in range(kills + 1):
        with given.open("a", encoding="utf-8") as stream:
            stream.writelines(events(random, taken, EACH))
        taken, numbers = taken + EACH, number
        running = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=known
        )
        if number < kills:
            time.sleep(random.uniform(0.5, 1.5))
            running.kill()  # SIGKILL
        out, err = running.communicate()
        assert running.returncode in (-9, 1), err
        killed += running.returncode == -9
        told += [json.loads(line)["id"] for line in out.splitlines(keepends=True) if line.endswith("\n")]
    store = EventStore(url)
    kept = [record_of(json.loads(body)) for (body,) in store.rows(select(records.c.body))]
    fired = [id for (id,) in store.rows(select(messages.c.id))]
    undelivered = store.waiting(10)
    store.close()
    expected = [each.id for each in replay(load(tmp_path / "r.rules").plan, kept)]
    assert len(kept) == taken + len(facts)
    assert sorted(fired) == sorted(expected)  # each once
    assert not undelivered
    assert set(told) == set(expected)
    repeats = sum(Counter(told).values()) - len(set(told))
    with capsys.disabled():
        print(f"\n{killed} of {numbers} runs killed, {len(kept)} events, {len(fired)} firings, {repeats} told again")
