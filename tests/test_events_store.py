"""Events that are kept: batches, restarts and new versions of rules change nothing of what fires, once each.

RULEC_EVENTS_RANDOM: how many histories, a quarter of it on PostgreSQL (20 in CI).
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from clusters import Cluster, cluster
from event_plans import ZONE, plan_of, random_plan, random_records
from sqlalchemy import select

from rulec.events.kernel import Message
from rulec.events.records import Record, RecordError, RecordReader
from rulec.events.replay import replay
from rulec.events.store import EventStore
from rulec.events.tables import aside, messages, records
from rulec.events.taking import Taking
from rulec.events.times import LAST, SECOND, moment_at, read_time
from rulec.plan.tree import Plan, Watch

MANY = int(os.environ.get("RULEC_EVENTS_RANDOM", "20"))
HISTORIES = {"sqlite": MANY, "postgres": MANY // 4}
DAY = 86_400 * SECOND


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to keep events; PostgreSQL is emptied by `fresh`."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/events.db"
    made: Cluster = request.getfixturevalue("postgres")
    made.psql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return made.url


def line(record: Record) -> str:
    said = {"id": record.id, "key": record.key, "time": moment_at(record.at, ZONE).isoformat(), "facts": record.facts}
    return json.dumps({**said, **({"event": record.event} if record.event else {"entity": record.entity})})


def told(message: Message) -> tuple[Any, Any]:
    return {"kind": message.kind, "id": message.id, "digest": message.firing.digest if message.firing else ""}, None


def standing(store: EventStore) -> dict[str, str]:
    found: dict[str, str] = {}
    for (body,) in store.rows(select(messages.c.body).order_by(messages.c.number)):
        each = json.loads(body)
        if each["kind"] == "withdrawn":
            del found[each["id"]]
        else:
            assert each["kind"] == "corrected" or each["id"] not in found
            found[each["id"]] = each["digest"]
    return found


def taken(store: EventStore, plan: Plan) -> list[Record]:
    from rulec.events.records import record_of

    return [record_of(json.loads(body)) for (body,) in store.rows(select(records.c.body))]


def test_batches_and_restarts_change_nothing(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    kind, fired = ("sqlite" if url.startswith("sqlite") else "postgres"), 0
    for seed in range(HISTORIES[kind]):
        random = Random(seed)
        plan, here = random_plan(random), url
        if kind == "sqlite":
            here = f"sqlite:///{tmp_path}/{seed}.db"
        else:
            request.getfixturevalue("postgres").psql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        waiting = random_records(random, 25)
        end = max(each.at for each in waiting) + random.choice((0, 1, 40)) * DAY
        while waiting:
            store = EventStore(here)
            taking = Taking(store, plan, told)
            for _ in range(random.randint(1, 3)):
                size = random.randint(1, 8)
                taking.take([line(each) for each in waiting[:size]])
                waiting = waiting[size:]
            if not waiting:
                taking.advance(end)
                expected = replay(plan, taken(store, plan), end)
                assert standing(store) == {each.id: each.digest for each in expected}, seed
                fired += len(expected)
            store.close()
    assert fired


LINES = [
    '{"id": "1", "event": "a", "time": "2026-03-01", "key": "k"}',
    '{"id": "2", "event": "a", "time": "2026-03-02", "key": "k"}',
    '{"id": "3", "event": "un client se plaint", "time": "2026-03-03T10:00:00", "key": "k"}',
]


def test_each_record_is_taken_ignored_or_set_aside(url: str) -> None:
    store = EventStore(url)
    taking = Taking(store, plan_of([Watch("signe", "each", "a")], [""]), told)
    wrong = {
        "oops": "E700", "[1]": "E700", '{"id": "9"}': "E701", LINES[0].replace('"1"', "1"): "E702",
        LINES[0].replace("key", "kye"): "E703", LINES[0].replace('"a"', '"c"'): "E704",
        LINES[0].replace("2026-03-01", "1er mars"): "E705", LINES[0].replace('"event": "a"', '"entity": "x"'): "E706",
        LINES[0].replace("}", ', "facts": {"balance": "beaucoup"}}'): "E707",
        LINES[0].replace("}", ', "facts": {"signe": true}}'): "E707",
        LINES[0].replace('"1"', '"8"').replace("03-01", "02-01"): "E708",
        LINES[0].replace("03-01", "03-02"): "E710",
        '{"id": "1", "id": "2"}': "E700",
    }  # fmt: skip
    taking.take([*LINES, *LINES, *wrong])
    assert (taking.counts.taken, taking.counts.repeats, taking.counts.aside) == (3, 3, len(wrong))
    taking.take([b'{"id": "\xff"}'])
    found = dict(store.rows(select(aside.c.text, aside.c.code)))
    assert {text: found[text] for text in wrong} == wrong
    assert len(found) == len(wrong) + 1
    taking.take([LINES[0].replace('"1"', '"7"').replace("03-01", "03-09")], now=read_time("2026-03-05", ZONE))
    assert store.untold(100)[-1][1]["code"] in ("E709", *wrong.values())
    assert len(standing(store)) == 2
    store.close()


def test_what_is_wrong_with_facts_is_told_in_the_language_that_is_asked_for() -> None:
    reader = RecordReader(plan_of([Watch("signe", "each", "a")], [""]))
    _, refused = reader.line(LINES[0].replace("}", ', "facts": {"balance": "beaucoup"}}'))
    assert isinstance(refused, RecordError)
    assert "Ses faits" in refused.message("fr")
    assert "reçoit « beaucoup »" in refused.message("fr")
    assert 'is given "beaucoup"' in refused.message("en")


def test_hostile_records_are_set_aside_or_taken_and_never_stop_the_others(url: str) -> None:
    store, zone = EventStore(url), "2026-03-01T02:30:00+14:00"
    overdue = Watch("signe", "overdue", "b", date="due", amount=2)
    watches = [overdue, Watch("autre", "follows", "a", "a", amount=1, unit="month")]
    taking = Taking(store, plan_of(watches, ["", ""]), told)
    refused: dict[str | bytes, str] = {
        LINES[0].replace('"1"', '"\\ud800"'): "E702", LINES[0].replace('"k"', '"\\ud800"'): "E702",
        LINES[0].replace('"k"', '"a\\u0000b"'): "E702", b'{"id": "\x00"}': "E700", "\0": "E700", "{" * 5000: "E700",
        "[" * 100_000: "E700", '{"id": 1e999999}': "E702", '{"id": ' + "9" * 5000 + "}": "E702",
        LINES[0].replace("2026-03-01", "0001-01-01"): "E705", LINES[0].replace("2026-03-01", "9999-12-31"): "E705",
        '{"\\ud800": 1}': "E703", LINES[0].replace('"a"', '{"a": 1}'): "E702",
    }  # fmt: skip
    for line, code in refused.items():
        counts = taking.take([line])
        assert [each.code for each in counts.refused] == [code], line
    fine = [
        LINES[0].replace("}", ', "facts": {"due": "9999-12-31"}}'),
        LINES[0].replace('"1"', '"é😀"').replace("03-01", "03-02"),
        LINES[0].replace('"1"', '"2"').replace("2026-03-01", zone.replace("03-01", "03-03")),
        LINES[0].replace('"1"', '"3"').replace("03-01", "03-04").replace("}", ', "facts": {"due": "0001-01-01"}}'),
    ]  # fmt: skip
    assert taking.take(fine).taken == 4
    taking.advance(LAST)
    assert len(standing(store)) == 8  # three that follow, one overdue, and the rule that waits for either
    assert len(store.untold(100)) == len(refused)
    store.close()


def test_a_new_version_of_the_rules_fires_nothing_of_the_past_again(url: str) -> None:
    store = EventStore(url)
    two = plan_of([Watch("signe", "count", "a", count=2, amount=30, unit="day")], [""])
    Taking(store, two, told).take(LINES)
    assert len(standing(store)) == 1
    three = plan_of(
        [Watch("signe", "count", "a", count=2, amount=30, unit="day"), Watch("autre", "each", "a")], ["", ""]
    )
    assert three.digest != two.digest
    taking = Taking(store, three, told)
    taking.take([LINES[0]])
    assert len(standing(store)) == 1  # it has fired, and the other waits for what comes
    taking.take([LINES[0].replace('"1"', '"4"').replace("03-01", "03-04")])
    assert len(standing(store)) == 2  # the other rule; the one that waits for either applied already
    store.close()


def test_ten_thousand_things_due_in_one_minute_all_fire(tmp_path: Path) -> None:
    store = EventStore(f"sqlite:///{tmp_path}/events.db")
    plan = plan_of([Watch("signe", "lacking", "b", after="a", amount=7, unit="day")], [""])
    taking = Taking(store, plan, told)
    taking.take(
        [f'{{"id": "{at}", "event": "a", "time": "2026-03-01T10:00:00", "key": "{at}"}}' for at in range(10_000)]
    )
    taking.advance(read_time("2026-03-08T09:59:59", ZONE))
    assert standing(store) == {}
    taking.advance(read_time("2026-03-08T10:00:00", ZONE))
    assert len(standing(store)) == 10_000
    store.close()
