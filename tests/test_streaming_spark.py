"""`rulec events run --engine spark` on a real Spark, killed in the middle of batches: it fires what the replay does.

RULEC_SPARK_KILLS: how often (2 in CI).
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from test_events_cli import EVENTS, FRENCH, write

import rulec
from rulec.cli import main
from rulec.cli.event_told import TellingIn
from rulec.events.kernel import Message
from rulec.events.records import Record, RecordError, RecordReader
from rulec.events.replay import replay
from rulec.events.times import micros

KILLS = int(os.environ.get("RULEC_SPARK_KILLS", "2"))
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)
EACH, KEYS = 150, 12  # events of a file
ROOT = str(Path(__file__).parent.parent)
COMMAND = [sys.executable, "-m", "rulec", "events", "run", "r.regles", "--engine", "spark", "--master", "local[2]"]
# The compiler of the JVM takes more time than it saves in a run this short.
JAVA = {"PYTHONPATH": ROOT, "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.regles").write_text(FRENCH.format(more="Retard toléré : 2 jours."), encoding="utf-8")
    (tmp_path / "in").mkdir()
    return tmp_path


def lines(random: Random, first: int) -> list[str]:
    """Lines of events of a month, some late, some too late, some twice, some no events.

    A quote that was due at its end is answered in the next month, late.
    """
    day, found = START + timedelta(days=30 * first / EACH), list[str]()
    for name, key, after in (("quote_sent", first, 22.0), ("answer", first - EACH, -1.1)):
        due = (day + timedelta(days=after)).isoformat()
        found.append(json.dumps({"id": f"{name}{key}", "event": name, "time": due, "key": f"q{key}"}))
    for at in range(first, first + EACH):
        late = random.choice((0, 0, 0, 1, 5)) * random.random()
        moment = START + timedelta(days=30 * at / EACH - late)
        event: dict[str, object] = {"id": f"e{at}", "time": moment.isoformat(), "key": f"{random.randint(1, KEYS)}"}
        match random.randrange(6):
            case 0:
                event |= {"entity": "customer", "facts": {"fidèle": random.random() < 0.5}}
            case 1:
                event |= {"entity": "invoice", "facts": {"échéance": (moment + timedelta(days=9)).date().isoformat()}}
            case _:
                event |= {"event": random.choice(("complaint", "paid", "quote_sent", "answer"))}
        found.append(json.dumps(event, ensure_ascii=False))
        if random.random() < 0.1:
            found.append(random.choice((found[-1], f"pas un événement {at}", json.dumps({**event, "key": 12}))))
    return found


def drop(folder: Path, name: str, given: list[str]) -> None:
    """A whole file comes."""
    (folder / name).write_text("".join(f"{each}\n" for each in given), encoding="utf-8")
    (folder / name).rename(folder / "in" / name)


def open_batches(folder: Path) -> set[str]:
    """The batches that have begun and are not committed."""
    begun, done = (
        {each.name for each in (folder / "out/_checkpoint" / name).glob("[0-9]*")} for name in ("offsets", "commits")
    )
    return begun - done


def kill_in_a_batch(folder: Path, random: Random) -> int:
    """Run until a batch has begun, then kill; how many batches were not committed."""
    running = subprocess.Popen(
        [*COMMAND, "--in", "in", "-o", "out"], cwd=folder, env={**os.environ, **JAVA}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    before = open_batches(folder)
    while running.poll() is None and not open_batches(folder) - before:
        time.sleep(0.05)
    time.sleep(random.uniform(0, 3))
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    return len(open_batches(folder))


def files(folder: Path, name: str) -> list[dict[str, Any]]:
    """What the files of that name hold."""
    paths = sorted((folder / "out").glob(f"{name}-*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def content(body: dict[str, Any]) -> dict[str, Any]:
    """What is told of a firing, whether it came in time or not."""
    return {name: value for name, value in body.items() if name not in ("kind", "by", "text")}


def test_kills_lose_nothing_and_nothing_fires_twice(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random, given, in_a_batch = Random(7), list[str](), 0
    for number in range(KILLS):
        given += (some := lines(random, number * EACH))
        drop(folder, f"{number}.jsonl", some)
        in_a_batch += kill_in_a_batch(folder, random) > 0
    given += (some := lines(random, KILLS * EACH))
    drop(folder, "last.jsonl", some)
    done = subprocess.run(
        [*COMMAND, "--in", "in", "-o", "out", "--until", END.isoformat()], cwd=folder, env={**os.environ, **JAVA},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    fired, aside = files(folder, "fired"), files(folder, "aside")
    rules = rulec.load(folder / "r.regles")
    kept, wrong = records(given, rules, aside)
    telling = TellingIn(rules.plan, rules.sources, "fr")
    expected = [
        telling(Message("fired", each.id, each.rule, each.entity, each.key, each.trigger, each.at, "", each))
        for each in replay(rules.plan, kept, micros(END))
    ]
    assert standing(fired) == {each["id"]: content(each) for each in expected}
    assert sum(each["code"] in ("E700", "E702") for each in aside) == wrong
    with capsys.disabled():
        kinds = Counter(each["kind"] for each in fired)
        print(f"\n{in_a_batch} of {KILLS} kills in a batch; {len(kept)} events; {dict(kinds)}; {len(aside)} set aside")
    assert in_a_batch > 0
    assert {"fired", "withdrawn"} <= kinds.keys()


def test_a_folder_is_followed_by_the_clock_of_the_wall(folder: Path) -> None:
    now = datetime.now(UTC)
    due = {"id": "q1", "event": "quote_sent", "key": "Q-1", "time": (now - timedelta(days=7, seconds=-1)).isoformat()}
    drop(folder, "e.jsonl", [json.dumps(due), json.dumps({**due, "id": "q2", "time": f"{now + timedelta(days=1)}"})])
    running = subprocess.Popen(
        [*COMMAND, "--in", "in", "-o", "out", "--follow"], cwd=folder, env={**os.environ, **JAVA},
        start_new_session=True, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    end = time.monotonic() + 300
    while running.poll() is None and time.monotonic() < end and not files(folder, "fired"):
        time.sleep(0.5)
    os.killpg(running.pid, signal.SIGINT)
    said = running.communicate()[1]
    assert [each["event"] for each in files(folder, "fired")] == ["q1"], said
    assert [(each["id"], each["code"]) for each in files(folder, "aside")] == [("q2", "E709")]
    assert running.returncode == 130
    assert "Traceback" not in said


def records(given: list[str], rules: rulec.RuleSet, aside: list[dict[str, Any]]) -> tuple[list[Record], int]:
    """The records that were not too late when they first came; how many lines are none."""
    late, came, wrong = Counter(each["id"] for each in aside if each["code"] == "E708"), list[Record](), 0
    reader = RecordReader(rules.plan)
    for each in given:
        try:
            came.append(reader.parsed(each))
        except RecordError:
            wrong += 1
    times = Counter(each.id for each in came)
    return [each for each in came if late[each.id] < times[each.id]], wrong


def standing(fired: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The firings that stand after all that was told, in the order of the batches."""
    found = dict[str, dict[str, Any]]()
    for each in fired:
        if each["kind"] == "withdrawn":
            del found[each["id"]]
        else:
            assert each["kind"] == "corrected" or each["id"] not in found
            found[each["id"]] = content(each)
    return found


def test_what_is_wrong_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "e.jsonl", EVENTS)
    (folder / "old").mkdir()
    (folder / "old" / "fired-000000000-00000.jsonl").write_text("{}\n", encoding="utf-8")
    (folder / "other" / "_checkpoint").mkdir(parents=True)
    (folder / "other" / "_checkpoint" / "rules.json").write_text('{"rules": "others"}', encoding="utf-8")
    spark = ["--in", "e.jsonl", "--engine", "spark"]
    for code, *args in (
        ("E912", *spark),
        ("E914", "--in", "-", "--engine", "spark", "-o", "out"),
        ("E914", *spark, "-o", "out", "--store", "sqlite:///events.db"),
        ("E914", "--in", "e.jsonl", "-o", "out"),
        ("E914", "--in", "in", "--engine", "spark", "-o", "in"),
        ("E901", "--in", "nowhere", "--engine", "spark", "-o", "out"),
        ("E974", *spark, "-o", "out", "--master", "host:7077"),
        ("E750", *spark, "-o", "old"),
        ("E750", *spark, "-o", "other"),
        ("E902", *spark, "-o", "e.jsonl/out"),
    ):
        assert main(["events", "run", "r.regles", *args]) in (1, 2), code
        assert code in capsys.readouterr().err
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert main(["events", "run", "r.regles", *spark, "-o", "out", "--lang", "en"]) == 1
    assert "apt install default-jre-headless" in capsys.readouterr().err
    assert not (folder / "out").exists()


@pytest.mark.parametrize("library", ["pyspark", "google.protobuf"])
def test_what_to_install_is_said(
    library: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [*sys.modules]:
        if name.startswith((library, "rulec.streaming", "rulec.cluster")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    assert main(["events", "run", "r.regles", "--in", "in", "--engine", "spark", "-o", "out"]) == 2
    assert "pip install 'rulec[spark]'" in capsys.readouterr().err
