"""Services that are killed at random under load: no decision, and no approval, that was acknowledged is lost.

RULEC_KILLS: how often (some in CI; 50 and more in long runs).
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest
from clusters import Cluster, cluster
from services import KEPT_WAITING, ROOT

from rulec.log.approvals import proposal
from rulec.log.entry import REVIEW
from rulec.log.store import DecisionLog
from rulec.log.verify import verify

KILLS = int(os.environ.get("RULEC_KILLS", "2"))
SERVICES, THREADS = 2, 3  # that share the log; clients of each
RULES = """
On connaît :
  - un montant (en €) [amount]
On décide :
  - le geste (en €) [gesture]
Si le montant dépasse 10 € alors le geste est de 5 €.
Autonomie : exécuter si le montant ne dépasse pas 10 €, sinon proposer.
Demander l'accord du gérant si le montant dépasse 100 €.
"""


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


@dataclass
class Known:
    """What was acknowledged: the decisions, and by decision the answers. `wrong`: answers of another status."""

    decisions: set[str] = field(default_factory=set)
    answers: dict[str, list[str]] = field(default_factory=dict)
    wrong: list[tuple[int, Any]] = field(default_factory=list)


class Running:
    """A service in a process of its own; `began`: seconds until it answered."""

    def __init__(self, folder: Path, url: str) -> None:
        started = time.monotonic()
        command = [sys.executable, "-m", "rulec", "serve", "gestes.regles", "--http", "0", "--log", url]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "fr_FR.UTF-8"}
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, cwd=folder, env=environment, text=True, encoding="utf-8"
        )
        assert self.process.stderr is not None
        said = self.process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        assert found, said + self.process.stderr.read()
        self.port = int(found[1])
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            call(connection, "GET", "/health")
        self.began = time.monotonic() - started

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.communicate()


def call(connection: HTTPConnection, method: str, path: str, body: object = None) -> tuple[int, Any]:
    connection.request(method, path, json.dumps(body), {"content-type": "application/json"})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def load(port: int, known: Known) -> None:
    """Decide and answer, each decision twice, until the service is gone."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection, suppress(OSError, HTTPException):
        while True:  # until it is killed
            status, told = call(connection, "POST", "/decide", {"facts": {"amount": "500"}})
            if status != 200:
                known.wrong.append((status, told))
                continue
            known.decisions.add(told["id"])
            for said in ({"verdict": "approve", "by": "gérant"}, {"verdict": "refuse", "by": "gérant", "reason": "x"}):
                status, answered = call(connection, "POST", f"/approvals/{told['id']}", said)
                if status not in (200, 409):
                    known.wrong.append((status, answered))
                elif status == 200:
                    known.answers.setdefault(told["id"], []).append(answered["answer"]["verdict"])


def loaded(folder: Path, url: str, seconds: float) -> tuple[Known, float]:
    """What was acknowledged until the services were killed, so many seconds after the first answer.

    Beside it, the seconds that the slowest took to begin.
    """
    known, running = Known(), [Running(folder, url) for _ in range(SERVICES)]
    clients = [Thread(target=load, args=(each.port, known)) for each in running for _ in range(THREADS)]
    for each in clients:
        each.start()
    patience = time.monotonic() + KEPT_WAITING
    while not known.answers and time.monotonic() < patience:
        time.sleep(0.01)
    time.sleep(seconds)
    for service in running:
        service.kill()
    for each in clients:
        each.join()
    return known, max(each.began for each in running)


def test_no_acknowledged_decision_or_approval_is_lost(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gestes.regles").write_text(RULES, encoding="utf-8")
    random, decisions, answers, began, opening = Random(11), 0, 0, list[float](), list[float]()
    for _ in range(KILLS):
        known, seconds = loaded(tmp_path, url, random.uniform(0, 0.9))
        assert known.wrong == []
        assert known.answers
        began.append(seconds)
        started = time.monotonic()
        log = DecisionLog(url)
        opening.append(time.monotonic() - started)
        for id_ in known.decisions:
            found = proposal(log, id_)
            assert found.status in (known.answers.get(id_) or ("waiting", "approve", "refuse"))
            assert len(known.answers.get(id_, ())) <= 1
        decisions, answers = decisions + len(known.decisions), answers + len(known.answers)
        log.close()
    log = DecisionLog(url)
    assert verify(log).damage == ()
    answered = [entry.about for entry in log.entries(REVIEW)]
    assert len(answered) == len(set(answered))
    log.close()
    assert max(opening) < 2  # seconds
    if "RULEC_KILLS" in os.environ:
        with capsys.disabled():
            print(
                f"\n{url.partition(':')[0]}: {KILLS} kills of {SERVICES} services, {decisions} decisions and {answers} "
                f"approvals acknowledged, none lost; log opened in at most {max(opening):.3f} s, services answered "
                f"after at most {max(began):.2f} s"
            )
