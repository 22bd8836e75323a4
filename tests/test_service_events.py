"""rulec serve --events: events are taken over HTTP, what is due fires as time passes, firings are listed."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from services import call, serving
from test_events_cli import ENGLISH, FRENCH

from rulec.events.store import EventStore
from rulec.events.tables import messages
from rulec.log.store import DecisionLog


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "r.rules"
    path.write_text(ENGLISH, encoding="utf-8")
    return path


def happened(id: str, event: str, key: str, before: timedelta = timedelta()) -> dict[str, object]:
    return {"id": id, "event": event, "key": key, "time": (datetime.now(UTC) - before).isoformat()}


def test_events_are_taken_and_what_they_fire_is_listed(rules: Path, tmp_path: Path) -> None:
    with serving(rules, "--events", f"sqlite:///{tmp_path}/events.db") as (address, _):
        port = urlsplit(address).port or 0
        sent = happened("q1", "quote_sent", "Q-1", timedelta(days=7) - timedelta(seconds=2))
        assert call(port, "POST", "/events", sent) == (200, {"taken": 1, "repeats": 0, "aside": []})
        some = [sent, {**sent, "id": "q2", "event": "quote"}, happened("q3", "quote_sent", "Q-3", timedelta(days=-1))]
        status, said = call(port, "POST", "/events", some)
        assert (status, said["taken"], said["repeats"]) == (200, 0, 1)
        assert [(each["id"], each["code"]) for each in said["aside"]] == [("q2", "E704"), ("q3", "E709")]
        assert said["aside"][0]["message"].startswith("The rules declare no event")  # theirs, not of the system
        end = time.monotonic() + 30
        while not (found := call(port, "GET", "/firings")[1]["firings"]):
            assert time.monotonic() < end
            time.sleep(0.2)
        assert [(each["kind"], each["key"], each["event"]) for each in found] == [("fired", "Q-1", "q1")]
        assert found[0]["actions"][0]["key"] == "remind"
        assert "the answer does not arrive within 7 days" in found[0]["text"]["en"]
        after = found[0]["number"]
        assert call(port, "GET", f"/firings?after={after}") == (200, {"firings": [], "next": after})
        assert call(port, "GET", "/firings?key=Q-9")[1]["firings"] == []
        wrong: list[object] = [{}, [], [1], "x", None]
        for body in wrong:
            assert call(port, "POST", "/events", body)[0] in (200, 422)
        assert call(port, "GET", "/firings?after=x")[0] == 422
        described = call(port, "GET", "/openapi.json")[1]["paths"]
        assert {"/events", "/firings"} <= set(described)


def test_each_firing_is_a_decision_of_the_log_once(rules: Path, tmp_path: Path) -> None:
    store, url = f"sqlite:///{tmp_path}/events.db", f"sqlite:///{tmp_path}/decisions.db"
    some = [happened(f"{n}", "complaint", "C-1", timedelta(hours=9 - n)) for n in range(3)]
    with serving(rules, "--events", store, "--log", url) as (address, _):
        port = urlsplit(address).port or 0
        assert call(port, "POST", "/events", some)[1]["taken"] == 3
        assert len(call(port, "GET", "/firings")[1]["firings"]) == 1
    marked = EventStore(store)
    with marked.writing() as writing:  # as it is where the service is killed before it marks what it has logged
        writing.run(messages.update().values(delivered=False))
    marked.close()
    known = {"id": "f", "entity": "customer", "key": "C-1", "facts": {"loyal": True}}
    with serving(rules, "--events", store, "--log", url) as (address, _):
        port = urlsplit(address).port or 0
        assert call(port, "POST", "/events", {**known, "time": datetime.now(UTC).isoformat()})[1]["taken"] == 1
        listed = call(port, "GET", "/firings")[1]["firings"]
    with closing(DecisionLog(url)) as log:
        entries = list(log.entries("decision"))
    assert [each.status for each in entries] == ["undetermined", "decided"]
    assert [each.id for each in entries] == [f"{each['id']}-{each['number']}" for each in listed]
    assert entries[1].facts["customer.loyal"] is True


def test_what_cannot_be_logged_yet_is_not_listed_yet(rules: Path, tmp_path: Path) -> None:
    some = [happened(f"{n}", "complaint", "C-1", timedelta(hours=9 - n)) for n in range(3)]
    with serving(
        rules, "--events", f"sqlite:///{tmp_path}/events.db", "--log", f"sqlite:///{tmp_path}/decisions.db"
    ) as (address, _):
        port = urlsplit(address).port or 0
        renamed(tmp_path / "decisions.db", "rulec_entries", "away")
        assert call(port, "POST", "/events", some)[1]["taken"] == 3
        assert call(port, "GET", "/firings")[1]["firings"] == []
        renamed(tmp_path / "decisions.db", "away", "rulec_entries")
        end = time.monotonic() + 30
        while not call(port, "GET", "/firings")[1]["firings"]:
            assert time.monotonic() < end
            time.sleep(0.2)


def renamed(database: Path, table: str, name: str) -> None:
    """A table of a SQLite file bears another name."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO {name}")


def test_rules_that_wait_for_nothing_say_so(tmp_path: Path) -> None:
    path = tmp_path / "plain.regles"
    path.write_text("Si la commande dépasse 500 € alors la remise est de 10 %.", encoding="utf-8")
    with serving(path, "--events", f"sqlite:///{tmp_path}/events.db") as (address, _):
        port = urlsplit(address).port or 0
        status, said = call(port, "POST", "/events", happened("1", "paid", "F"))
        assert (status, said["problems"][0]["code"]) == (422, "E714")


def test_new_rules_take_over_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "r.regles"
    path.write_text(FRENCH.format(more=""), encoding="utf-8")
    with serving(path, "--events", f"sqlite:///{tmp_path}/events.db") as (address, _):
        port = urlsplit(address).port or 0
        facts = {"id": "c", "entity": "customer", "key": "C", "facts": {"loyal": True}, "time": "2026-01-01"}
        first = [facts, *(happened(f"{n}", "complaint", "C", timedelta(hours=9 - n)) for n in range(2))]
        assert call(port, "POST", "/events", first)[1]["taken"] == 3
        before = call(port, "GET", "/rules")[1]
        path.write_text(FRENCH.format(more="").replace("3 réclamations", "4 réclamations"), encoding="utf-8")
        end = time.monotonic() + 30
        while call(port, "GET", "/rules")[1] == before:
            assert time.monotonic() < end
            time.sleep(0.2)
        for number, fired in ((2, 0), (3, 1)):
            call(port, "POST", "/events", happened(f"{number}", "complaint", "C"))
            assert len(call(port, "GET", "/firings?key=C")[1]["firings"]) == fired
