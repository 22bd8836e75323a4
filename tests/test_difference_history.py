"""Two versions of rules that wait, on one history of events: what would have fired otherwise."""

import json
from pathlib import Path

import pytest

from rulec.cli import main
from rulec.events.records import RecordReader
from rulec.events.replay import replay
from rulec.ruleset import loads

RULES = """
Un client [customer] a :
  - il peut être fidèle [loyal]
On décide :
  - une priorité (nombre), facultative [priority]
On peut :
  - prévenir le gérant [tell]
Il arrive :
  - un client fait une réclamation [complaint]
  - un client fait un achat [purchase]
Quand un client fait {count} réclamations en 30 jours et que le client est fidèle alors prévenir le gérant.
Quand un client fait un achat alors la priorité est {priority}.
"""
OLD, NEW = RULES.format(count=3, priority=1), RULES.format(count=2, priority=2)
EVENTS = [
    {"id": "c", "entity": "customer", "time": "2026-03-01", "key": "A", "facts": {"loyal": True}},
    {"id": "e1", "event": "complaint", "time": "2026-03-01", "key": "A"},
    {"id": "e2", "event": "complaint", "time": "2026-03-05", "key": "A"},
    {"id": "e3", "event": "complaint", "time": "2026-03-12", "key": "A"},
    {"id": "p1", "event": "purchase", "time": "2026-03-12", "key": "B"},
    {"id": "p1", "event": "purchase", "time": "2026-03-12", "key": "B"},
    {"id": "x", "event": "nothing of the kind", "time": "2026-03-12", "key": "B"},
]


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    for name, text in (("old.regles", OLD), ("new.regles", NEW)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    lines = "".join(json.dumps(each) + "\n" for each in EVENTS)
    (tmp_path / "events.jsonl").write_text(lines, encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("old.regles", "new.regles")]
    return ["diff", *paths, "--on", str(tmp_path / "events.jsonl"), "--budget", "1"]


def test_what_each_would_have_fired_is_what_its_replay_fires(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, "--format", "json"]) == 1
    past = json.loads(capsys.readouterr().out)["past"]
    fired = []
    for text in (OLD, NEW):
        plan = loads(text).plan
        records = [RecordReader(plan).read(each) for each in EVENTS[:6]]
        fired.append([(each.key, each.trigger) for each in replay(plan, records)])
    parts = {each["key"]: each for each in past["decisions"]}
    assert [sum(part[side] for part in parts.values()) for side in ("before", "after")] == list(map(len, fired))
    changes = {(each["kind"], each["key"], each["event"]) for each in parts["tell"]["firings"]}
    assert changes == {("new", *other) for other in set(fired[1]) - set(fired[0])} | {
        ("gone", *one) for one in set(fired[0]) - set(fired[1])
    }
    (otherwise,) = parts["priority"]["firings"]
    assert (otherwise["kind"], otherwise["before"], otherwise["after"]) == ("otherwise", "1", "2")
    assert (past["events"], past["things"], past["refused"], past["unread"]) == (5, 2, 0, 1)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("text", "    en plus : 5 mars 2026, client A (e1, e2) : demandé"),
        ("markdown", "  - en moins : 12 mars 2026, client A (e1, e2, e3) : demandé"),
        ("html", "autrement : 12 mars 2026, client B (p1) : 1 → 2"),
    ],
)
def test_it_is_told_in_every_form(
    given: list[str], form: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, "--format", form]) == 1
    out = capsys.readouterr().out
    assert said in out
    assert "déclenchements qui changent : 3 sur 3 (100 %)" in out.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_part_that_changes_may_be_limited(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*given, "--max-change", "100%"]) == 0
    assert main([*given, "--max-change", "99%"]) == 1
    assert main([*given, "--max-change", "0%", "--at", "2026-03-01"]) == 0
    assert "qui changent : 0 sur 0" in capsys.readouterr().out


def test_facts_that_break_an_assumption_are_no_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither tried where the proof takes too long, nor counted among past facts."""
    known = "On connaît :\n  - une commande (en €)\n  - un client fidèle (oui/non)\n"
    decided = "On décide :\n  - une remise (pourcentage), facultative\n"
    assumed = "On suppose : la commande dépasse 100 € si client fidèle\n"
    text = f"{known}{decided}{assumed}Si client fidèle alors la remise est de {{}} %\n"
    for name, rate in (("old.regles", 10), ("new.regles", 12)):
        (tmp_path / name).write_text(text.format(rate), encoding="utf-8")
    facts = tmp_path / "facts.jsonl"
    rows = [{"client fidèle": True, "commande": amount} for amount in ("50 €", "500 €")]
    facts.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("old.regles", "new.regles")]
    assert main(["diff", *paths, "--budget", "0", "--on", str(facts), "--format", "json"]) == 1
    past = json.loads(capsys.readouterr().out)["past"]
    assert (past["rows"], past["changed"], past["unread"]) == (1, 1, 1)
