"""The log of processes that are killed at random under load: no entry that was acknowledged is lost, the chain holds.

RULEC_KILLS: how often (some in CI; 200 in long runs).
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from clusters import Cluster, cluster

from rulec.log.store import DecisionLog
from rulec.log.verify import verify

KILLS = int(os.environ.get("RULEC_KILLS", "2"))
PROCESSES, THREADS = 2, 4
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty log."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/decisions.db"
    made: Cluster = request.getfixturevalue("postgres")
    return made.url


def loaded(url: str, seconds: float) -> tuple[list[str], float]:
    """The entries that processes acknowledged before they were killed, and how long the first took to begin."""
    command = [sys.executable, str(HERE / "log_load.py"), url, str(THREADS)]
    known = {**os.environ, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}"}
    started = time.monotonic()
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, env=known, text=True) for _ in range(PROCESSES)]
    firsts = [each.stdout.readline() for each in running if each.stdout is not None]
    began = time.monotonic() - started
    time.sleep(seconds)
    for each in running:
        each.kill()  # SIGKILL
    lines = [line for each in running for line in each.communicate()[0].splitlines(keepends=True)]
    return [line.strip() for line in (*firsts, *lines) if line.endswith("\n")], began


def test_no_acknowledged_entry_is_lost(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    random, acknowledged, opening, beginning = Random(7), set[str](), list[float](), list[float]()
    for number in range(KILLS):
        new, began = loaded(url, random.uniform(0, 0.3))
        assert new
        acknowledged.update(new)
        started = time.monotonic()
        log = DecisionLog(url)
        opening.append(time.monotonic() - started)
        beginning.append(began)
        assert [id for id in new if log.get(id) is None] == []
        if number % 20 == 19:
            assert verify(log).damage == ()
        log.close()
    log = DecisionLog(url)
    found, written = verify(log), {entry.id for entry in log.entries()}
    log.close()
    assert found.damage == ()
    assert acknowledged <= written
    if "RULEC_KILLS" in os.environ:
        with capsys.disabled():
            kind = url.partition(":")[0]
            print(
                f"\n{kind}: {KILLS} kills of {PROCESSES} processes, {len(acknowledged)} acknowledged, {len(written)} "
                f"written, opened in at most {max(opening):.3f} s, first answer after at most {max(beginning):.2f} s"
            )
