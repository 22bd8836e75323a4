"""Rules that change while they are served: each answer comes from one whole version, a broken one is never served.

RULEC_RELOADS: how many versions are written while requests come (1,000 in a long run); one in ten is broken.
"""

import json
import os
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any

import pytest
from services import EVERY, KEPT_WAITING, answering, call, local

import rulec

RELOADS = int(os.environ.get("RULEC_RELOADS", "20"))
CLIENTS = 3
GOOD = """\
On connaît :
  - la taille (nombre) [size]
On décide :
  - le numéro (nombre) [number]
  - le double (nombre) [double]
Si la taille dépasse 0 alors le numéro est de {number} et le double est de {double}.
Exemple « {number} » : étant donné une taille de 1 alors le double est de {double}
"""
BROKEN = (
    GOOD.replace("Si la taille", "Si la tayle"),  # an unknown word
    GOOD.replace("le double est de {double}\n", "le double est de 0\n"),  # an example that does not hold
    GOOD.partition("Si")[0],  # a file cut short: nothing gives what it decides
    "",
)


def version(number: int, text: str = GOOD) -> str:
    return text.format(number=number, double=2 * number)


def wait_until(port: int, digest: str, refused: bool) -> dict[str, Any]:
    """The health of the service once it serves these rules, or has refused those that came after."""
    end = time.monotonic() + KEPT_WAITING
    while True:
        health: dict[str, Any] = call(port, "GET", "/health")[1]
        (rules,) = health["rules"]
        if rules["digest"] == digest and ("refused" in rules) is refused:
            return health
        assert time.monotonic() < end, health
        time.sleep(EVERY)


def ask_on(port: int, stop: threading.Event, answers: list[tuple[int, Any]]) -> None:
    """Keep asking on one connection."""
    connection = HTTPConnection("127.0.0.1", port, timeout=KEPT_WAITING)
    while not stop.is_set():
        connection.request("POST", "/decide", b'{"facts": {"size": 1}}', {"content-type": "application/json"})
        answer = connection.getresponse()
        answers.append((answer.status, json.loads(answer.read())))
    connection.close()


def test_answers_under_reload_come_from_one_whole_version(tmp_path: Path) -> None:
    path, random = tmp_path / "r.regles", Random(1)
    path.write_text(version(0), encoding="utf-8")
    numbers = {rulec.load(path).plan.digest: 0}
    stop, answers = threading.Event(), list[tuple[int, Any]]()
    refusals = 0
    with answering(local(path)) as port:
        clients = [threading.Thread(target=ask_on, args=(port, stop, answers)) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        served = next(iter(numbers))
        for number in range(1, RELOADS + 1):
            broken = number % 10 == 0
            text = version(number, random.choice(BROKEN) if broken else GOOD)
            write(path, text, random)
            if broken:
                refusals += 1
            else:
                served = rulec.loads(text).plan.digest
                numbers[served] = number
            wait_until(port, served, broken)
        stop.set()
        for client in clients:
            client.join()
        last = list(numbers)[-3:]
        for digest in last:
            assert values(call(port, "POST", f"/rules/{digest}/decide", {"facts": {"size": 1}})[1]) == numbers[digest]
    assert refusals == RELOADS // 10
    assert len(answers) > RELOADS
    assert {status for status, _ in answers} == {200}
    seen = [values(answer) for _, answer in answers]
    assert all(numbers[answer["rules"]] == number for (_, answer), number in zip(answers, seen, strict=True))
    assert len(set(seen)) > RELOADS // 2
    print(f"{len(answers)} answers from {len(set(seen))} versions, {refusals} refused")


def values(answer: dict[str, Any]) -> int:
    """The number of the version that an answer comes from; all of it must come from that one."""
    outcomes = answer["outcomes"]
    number = int(outcomes["number"]["value"])
    assert int(outcomes["double"]["value"]) == 2 * number
    return number


def write(path: Path, text: str, random: Random) -> None:
    """Write a file as people and programs do: in place, or another that takes its place."""
    if random.random() < 0.5:
        path.write_text(text, encoding="utf-8")
    else:
        beside = path.with_suffix(".new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)


def test_a_refusal_is_told_and_forgotten_once_the_rules_are_mended(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "r.regles"
    path.write_text(version(1), encoding="utf-8")
    digest = rulec.load(path).plan.digest
    with answering(local(path)) as port, caplog.at_level("INFO", "rulec.service"):
        path.write_text(version(2, BROKEN[0]), encoding="utf-8")
        health = wait_until(port, digest, True)
        assert health["status"] == "stale"
        assert "E202" in health["rules"][0]["refused"]["why"]
        path.unlink()
        path.write_text(version(1), encoding="utf-8")
        assert wait_until(port, digest, False)["status"] == "ok"
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert f"« r » : les nouvelles règles sont refusées, {digest[:12]} restent en service." in caplog.text


def test_files_that_rules_use_are_watched_too(tmp_path: Path) -> None:
    """A file that they import, and one that came with the new version."""
    (tmp_path / "seuils.regles").write_text("Constante : le seuil vaut 10 kg.\n", encoding="utf-8")
    path = tmp_path / "r.regles"
    text = "Utiliser seuils\nOn connaît :\n  - le poids (en kg)\nOn décide :\n  - le port (en €)\n"
    path.write_text(text + "Si le poids dépasse le seuil alors port 5 €.\n", encoding="utf-8")
    service = local(path)
    first = service.watch.sets.first.digest
    with answering(service) as port:
        (tmp_path / "seuils.regles").write_text("Constante : le seuil vaut 20 kg.\n", encoding="utf-8")
        end = time.monotonic() + KEPT_WAITING
        while call(port, "GET", "/health")[1]["rules"][0]["digest"] == first and time.monotonic() < end:
            time.sleep(EVERY)
        outcome = call(port, "POST", "/decide", {"facts": {"poids": "15"}})[1]["outcomes"]["port"]
    assert outcome["status"] == "not_applicable"
