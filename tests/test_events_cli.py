"""rulec events: run, replay, state, in both languages, as a user sees them."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rulec.cli import main
from rulec.log.store import DecisionLog

FRENCH = """
Un client [customer] a :
  - il peut être fidèle [loyal]
Une facture [invoice] a :
  - une échéance (date) [due]
Un devis [quote] a :
  - un total (en €) [total]
On peut :
  - prévenir le gérant [tell]
  - relancer [remind]
Il arrive :
  - un client fait une réclamation [complaint]
  - une facture est payée [paid]
  - un devis est envoyé [quote_sent]
  - une réponse arrive (pour un devis) [answer]
{more}
Quand un client fait 3 réclamations en 30 jours et que le client est fidèle alors prévenir le gérant.
Quand une facture reste impayée 15 jours après son échéance alors relancer.
Quand un devis est envoyé et qu'aucune réponse n'arrive sous 7 jours alors relancer.
"""
ENGLISH = """
A customer has:
  - can be loyal
An invoice has:
  - a due date (date) [due]
A quote has:
  - a total (in €)
We can:
  - tell the manager [tell]
  - remind
What happens:
  - a customer files a complaint [complaint]
  - an invoice is paid [paid]
  - a quote is sent [quote_sent]
  - an answer arrives [answer] (about a quote)

When a customer files 3 complaints in 30 days and the customer is loyal then tell the manager.
When an invoice remains unpaid 15 days after its due date then remind.
When a quote is sent and no answer arrives within 7 days then remind.
"""
EVENTS: list[dict[str, object]] = [
    {"id": "e1", "event": "complaint", "time": "2026-03-01", "key": "C-12"},
    {"id": "e2", "event": "complaint", "time": "2026-03-04T10:00:00", "key": "C-12"},
    {"id": "q1", "event": "quote_sent", "time": "2026-03-04T10:00:00+01:00", "key": "Q-1"},
    {"id": "q2", "event": "quote_sent", "time": "2026-03-04T11:00:00+01:00", "key": "Q-2"},
    {"id": "f7", "entity": "invoice", "time": "2026-03-05", "key": "F-7", "facts": {"due": "2026-03-10"}},
    {"id": "e1", "event": "complaint", "time": "2026-03-01", "key": "C-12"},
    {"id": "a2", "event": "answer", "time": "2026-03-06", "key": "Q-2"},
    {"id": "e3", "event": "complaint", "time": "2026-03-07", "key": "C-12"},
    {"id": "c1", "entity": "customer", "time": "2026-03-08", "key": "C-12", "facts": {"loyal": True}},
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.regles").write_text(FRENCH.format(more=""), encoding="utf-8")
    (tmp_path / "r.rules").write_text(ENGLISH, encoding="utf-8")
    write(tmp_path / "e.jsonl", EVENTS)
    return tmp_path


def write(path: Path, events: list[dict[str, object]]) -> None:
    path.write_text("".join(f"{json.dumps(each)}\n" for each in events), encoding="utf-8")


def told(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, str, str]]:
    """Kind, key, event and status of what is told as JSON."""
    lines = map(json.loads, capsys.readouterr().out.splitlines())
    return [(each["kind"], each["key"], each["event"], each.get("status", "")) for each in lines]


@pytest.mark.parametrize("rules", ["r.regles", "r.rules"])
def test_run_and_replay_tell_the_same(folder: Path, capsys: pytest.CaptureFixture[str], rules: str) -> None:
    expected = [
        ("fired", "C-12", "e3", "undetermined"),
        ("fired", "C-12", "c1", "decided"),
        ("fired", "Q-1", "q1", "decided"),
        ("fired", "F-7", "f7", "decided"),
    ]
    for verb in ("run", "replay"):
        command = ["events", verb, rules, "--in", "e.jsonl", "--until", "2026-03-31", "--format", "json"]
        assert main(command) == 0
        assert told(capsys) == expected
    assert main(["events", "run", rules, "--in", "e.jsonl", "--format", "json"]) == 0
    assert told(capsys) == []  # all of it was told


def test_it_is_told_in_sentences(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["events", "run", "r.regles", "--in", "e.jsonl", "--until", "2026-03-31"]) == 0
    out, err = capsys.readouterr()
    assert "7 mars 2026, client C-12 : un client fait une réclamation 3 fois en 30 jours (e1, 1er mars 2026 ; e2" in out
    assert "On ne sait pas si la règle « r.regles:17 » s'applique." in out
    assert "il manque fidèle (client)" in out
    assert "fin du 25 mars 2026, facture F-7 :" in out
    assert out.count("à faire : relancer") == 2
    assert "Événements pris : 8 ; répétitions ignorées : 1 ; mis de côté : 0." in err
    assert main(["events", "state", "C-12", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "customer.loyal: yes" in out
    assert "to do: prévenir le gérant" in out
    assert main(["events", "state", "C-12", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"] == {"customer.loyal": True}


def test_a_late_event_withdraws_what_no_longer_fires(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "r.regles").write_text(FRENCH.format(more="Retard toléré : 2 jours."), encoding="utf-8")
    sent: dict[str, object] = {"id": "q1", "event": "quote_sent", "time": "2026-03-01", "key": "Q-1"}
    write(folder / "e.jsonl", [sent, {**sent, "id": "q9", "time": "2026-03-09", "key": "Q-9"}])
    answer: dict[str, object] = {"id": "a1", "event": "answer", "time": "2026-03-07T18:00:00", "key": "Q-1"}
    write(folder / "late.jsonl", [answer, {**answer, "id": "a0", "time": "2026-03-02"}])
    assert main(["events", "run", "r.regles", "--in", "e.jsonl", "--format", "json"]) == 0
    assert told(capsys) == [("fired", "Q-1", "q1", "decided")]
    assert main(["events", "run", "r.regles", "--in", "late.jsonl"]) == 1
    out, err = capsys.readouterr()
    assert "ne se déclenche plus (q1). Retiré : a1 est venu après coup." in out
    assert "(E708) : Il vient trop tard : il est du 2026-03-02T00:00:00+01:00" in err
    assert "le retard toléré est de 2 jours" in err


def test_decisions_go_to_the_log_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = "sqlite:///decisions.db"
    for _ in range(2):
        assert main(["events", "run", "r.regles", "--in", "e.jsonl", "--until", "2026-03-31", "--log", url]) == 0
    log = DecisionLog(url)
    entries = list(log.entries("decision"))
    assert [each.status for each in entries] == ["undetermined", "decided", "decided", "decided"]
    assert entries[1].facts["customer.loyal"] is True
    log.close()
    capsys.readouterr()
    assert main(["log", "replay", "r.regles", "--log", url]) == 0


def test_what_is_wrong_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plain.regles").write_text("Si la commande dépasse 500 € alors la remise est de 10 %.", encoding="utf-8")
    for code, *args in (
        ("E714", "run", "plain.regles", "--in", "e.jsonl"),
        ("E901", "run", "r.regles", "--in", "nowhere.jsonl"),
        ("E711", "run", "r.regles", "--in", "e.jsonl", "--store", "events.db"),
        ("E712", "run", "r.regles", "--in", "e.jsonl", "--store", "sqlite:////proc/no/events.db"),
        ("E713", "state", "C-12"),
        ("E713", "state", "C-12", "--store", "sqlite:///none.db"),
        ("E912", "run", "r.regles"),
        ("E914", "run", "r.regles", "--in", "e.jsonl", "--follow", "--until", "2026-03-31"),
        ("E923", "run", "r.regles", "--in", "e.jsonl", "--until", "soon"),
    ):
        assert main(["events", *args]) in (1, 2), code
        assert code in capsys.readouterr().err


def test_a_file_that_grows_is_followed(folder: Path) -> None:
    write(folder / "e.jsonl", EVENTS[:2])
    command = [
        sys.executable,
        "-m",
        "rulec",
        "events",
        "run",
        "r.rules",
        "--in",
        "e.jsonl",
        "--follow",
        "--format",
        "json",
    ]
    root = str(Path(__file__).parent.parent)
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder, env={"PYTHONPATH": root}
    )
    assert running.stdout is not None
    try:
        time.sleep(1)
        with (folder / "e.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(EVENTS[2])[:20])
            stream.flush()
            time.sleep(0.5)
            stream.write(json.dumps(EVENTS[2])[20:] + "\n" + json.dumps(EVENTS[7]) + "\n")
        first, second = (json.loads(running.stdout.readline()) for _ in range(2))
        assert {first["key"], second["key"]} == {"C-12", "Q-1"}  # the quote is overdue by the clock of the wall
    finally:
        running.terminate()
        running.wait()
        running.stdout.close()


def test_a_pipe_is_followed_to_its_end(folder: Path) -> None:
    command = [sys.executable, "-m", "rulec", "events", "run", "r.rules", "--in", "-", "--follow", "--format", "json"]
    lines = "".join(f"{json.dumps(each)}\n" for each in EVENTS)
    root = str(Path(__file__).parent.parent)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, cwd=folder, env={"PYTHONPATH": root})
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 4  # all is due by the clock of the wall
