"""The decision log on SQLite and on PostgreSQL: in order, written by many at once, chained, and tampering found."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from clusters import Cluster, cluster
from hypothesis import given, settings
from hypothesis import strategies as st
from logs import decision, rules
from sqlalchemy import text

from rulec.log.entry import DECISION, Entry, hash_of, opened, sealed
from rulec.log.errors import LogError
from rulec.log.store import DecisionLog
from rulec.log.verify import verify
from rulec.log.writer import Writer

RULES = rules()
Change = Callable[..., None]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster("-c fsync=off") as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty log."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/decisions.db"
    made: Cluster = request.getfixturevalue("postgres")
    made.psql("DROP TABLE IF EXISTS rulec_entries, rulec_head")
    return made.url


@pytest.fixture
def log(url: str) -> Iterator[DecisionLog]:
    made = DecisionLog(url)
    yield made
    made.close()


def change(log: DecisionLog, *statements: str) -> None:
    """What somebody with access to the database may do."""
    with log.writing() as connection:
        for each in statements:
            connection.execute(text(each))


def names(log: DecisionLog) -> list[str]:
    return [each.facts["customer.name"] for each in log.entries()]


def test_what_is_written_is_read_again(log: DecisionLog) -> None:
    new = decision(RULES)
    written = log.append(new)
    found = log.get(new.id)
    assert found == written
    assert (found.number, found.before, found.kind, found.name) == (1, "0" * 64, DECISION, "remises")
    assert found.facts["order.lines"] == [{"product": "vis", "price": "3"}, {"product": "clou", "price": "2"}]
    assert found.decision == new.decision
    assert found.rules == RULES.plan.digest
    assert log.get("nothing") is None
    assert RULES.decide(found.facts, found.decision["at"]).to_json() == found.decision


def test_entries_come_in_order_by_kind_and_time(log: DecisionLog) -> None:
    times = [f"2026-03-0{day}T10:00:00.000000+00:00" for day in (1, 2, 3)]
    log.append_many([replace(decision(RULES, name), time=time) for name, time in zip("abc", times, strict=True)])
    assert names(log) == ["a", "b", "c"]
    assert [each.time for each in log.entries(since="2026-03-02", until="2026-03-03")] == [times[1]]
    assert list(log.entries(kind="review")) == []
    assert [each.number for each in log.entries(after=1)] == [2, 3]


def test_all_of_a_group_is_written_or_nothing(log: DecisionLog) -> None:
    first = log.append(decision(RULES, "a"))
    with pytest.raises(LogError) as error:
        log.append_many([decision(RULES, "b"), replace(decision(RULES), id=first.id)])
    assert error.value.code == "E957"
    assert (names(log), log.head()) == (["a"], (1, first.hash))
    assert log.append_many([]) == []


def test_threads_and_connections_write_one_chain(url: str, log: DecisionLog) -> None:
    logs = [log, *(DecisionLog(url) for _ in range(2))]
    threads = [
        threading.Thread(target=lambda log=log: [log.append(decision(RULES)) for _ in range(10)])
        for log in logs
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in logs[1:]:
        other.close()
    found = verify(log)
    assert (found.entries, found.number, found.damage) == (60, 60, ())


def test_a_writer_groups_what_waits_and_refuses_alone(log: DecisionLog) -> None:
    writer = Writer(log)
    new = [decision(RULES) for _ in range(50)]
    futures = [writer.put(each) for each in (*new, new[0])]
    writer.close()
    assert [each.result().id for each in futures[:-1]] == [each.id for each in new]
    assert isinstance(futures[-1].exception(), LogError)
    assert [each.id for each in log.entries()] == [each.id for each in new]
    assert verify(log).damage == ()


# ---- tampering


def swap(first: int, second: int, column: str) -> list[str]:
    return [
        f"UPDATE rulec_entries SET {column} = -1 WHERE {column} = {first}",
        f"UPDATE rulec_entries SET {column} = {first} WHERE {column} = {second}",
        f"UPDATE rulec_entries SET {column} = {second} WHERE {column} = -1",
    ]


FORGED = "rulec_entries SET body = replace(body, 'decided', 'conflict')"
TAMPERED: dict[str, tuple[list[str], list[tuple[str, int]]]] = {
    "a body": ([f"UPDATE {FORGED} WHERE number = 3"], [("changed", 3)]),
    "a fact": (["UPDATE rulec_entries SET sealed = replace(sealed, 'Zoé', 'Léa') WHERE number = 2",
                "UPDATE rulec_entries SET sealed = replace(sealed, 'Zo\\u00e9', 'Bob') WHERE number = 2"],
               [("changed", 2)]),
    "all facts": (["UPDATE rulec_entries SET sealed = '{}' WHERE number = 2"], [("erased", 2)]),
    "what is no data": (["UPDATE rulec_entries SET sealed = '[', body = '{' WHERE number = 4"], [("changed", 4)]),
    "a time": (["UPDATE rulec_entries SET time = '2020-01-01' WHERE number = 5"], [("changed", 5)]),
    "the first": (["DELETE FROM rulec_entries WHERE number = 1"], [("removed", 1)]),
    "some in the middle": (["DELETE FROM rulec_entries WHERE number IN (3, 4)"], [("removed", 3)]),
    "the last two": (["DELETE FROM rulec_entries WHERE number > 4"], [("cut", 5)]),
    "all": (["DELETE FROM rulec_entries"], [("cut", 1)]),
    "two in the place of each other": (swap(2, 5, "number"), [("moved", 2), ("moved", 5)]),
    "the end of the chain": (["UPDATE rulec_head SET number = 4"], [("added", 6)]),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_tampered_with_is_found_at_the_entry(log: DecisionLog, what: str) -> None:
    log.append_many([decision(RULES) for _ in range(6)])
    assert verify(log).damage == ()
    statements, found = TAMPERED[what]
    change(log, *statements)
    assert list(dict.fromkeys((each.kind, each.number) for each in verify(log).damage)) == found


def test_an_entry_forged_with_its_hash_is_found_by_the_next(log: DecisionLog) -> None:
    _, second, *_ = log.append_many([decision(RULES, name) for name in "abcd"])
    body, kept = sealed(replace(decision(RULES, "e"), id=second.id, time=second.time))
    values = {"body": body, "sealed": kept, "hash": hash_of(2, second.before, body)}
    with log.writing() as connection:
        forging = "UPDATE rulec_entries SET body = :body, sealed = :sealed, hash = :hash WHERE number = 2"
        connection.execute(text(forging), values)
    assert [(each.kind, each.number, each.id) for each in verify(log).damage] == [("changed", 2, second.id)]


def test_a_chain_made_anew_is_found_by_a_head_noted_before(log: DecisionLog) -> None:
    log.append_many([decision(RULES, name) for name in "abc"])
    noted = log.head()
    change(log, "DELETE FROM rulec_entries", f"UPDATE rulec_head SET number = 0, hash = '{'0' * 64}'")
    log.append_many([decision(RULES, name) for name in "abd"])
    assert verify(log).damage == ()
    assert [(each.kind, each.number) for each in verify(log, noted).damage] == [("changed", 3)]
    log.append(decision(RULES, "e"))
    assert verify(log, log.head()).damage == ()
    assert [each.kind for each in verify(log, (9, "f" * 64)).damage] == ["cut"]


def test_an_entry_that_cannot_be_read_is_said(log: DecisionLog) -> None:
    log.append(decision(RULES))
    change(log, "UPDATE rulec_entries SET body = '{'")
    with pytest.raises(LogError, match=r"Entry 1 .* cannot be read"):
        list(log.entries())


# ---- addresses


@pytest.mark.parametrize(
    "wrong", ["decisions.db", "mysql://a/b", "sqlite://", "sqlite:///:memory:", "nothing:///x", ""]
)
def test_an_address_of_another_kind_is_refused(wrong: str) -> None:
    with pytest.raises(LogError) as error:
        DecisionLog(wrong)
    assert error.value.code == "E946"


def test_a_log_that_is_not_there_is_not_made_by_those_who_read(tmp_path: Path, postgres: Cluster) -> None:
    postgres.psql("DROP TABLE IF EXISTS rulec_entries, rulec_head")
    for url in (f"sqlite:///{tmp_path}/x.db", postgres.url):
        with pytest.raises(LogError) as error:
            DecisionLog(url, create=False)
        assert error.value.code == "E948"
    assert not (tmp_path / "x.db").exists()


def test_what_a_database_says_is_told_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database at all, but long enough to be taken for one", encoding="utf-8")
    for url in (
        f"sqlite:///{tmp_path}/x.db",
        "postgresql://me:secret@127.0.0.1:1/decisions",
        f"sqlite:///{tmp_path}/a/b",
    ):
        with pytest.raises(LogError) as error:
            DecisionLog(url)
        assert error.value.code == "E947"
        assert "secret" not in error.value.message("fr")


def test_a_log_of_another_form_is_refused(url: str, log: DecisionLog) -> None:
    change(log, "UPDATE rulec_head SET format = 9")
    with pytest.raises(LogError) as error:
        DecisionLog(url)
    assert error.value.code == "E949"


def test_sqlite_writes_to_the_disk_before_it_answers(tmp_path: Path) -> None:
    log = DecisionLog(f"sqlite:///{tmp_path}/decisions.db")
    with log.writing() as connection:
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode")] == [
            2, "wal",
        ]  # fmt: skip
    log.close()
    with closing(sqlite3.connect(tmp_path / "decisions.db")) as other:
        assert other.execute("SELECT number FROM rulec_head").fetchall() == [(0,)]


# ---- what an entry says

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100)
@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), VALUES)
def test_what_is_sealed_is_opened_again(facts: dict[str, object], value: object) -> None:
    outcomes = {"a": {"status": "decided", "value": value}}
    content = {"facts": facts, "decision": {"outcomes": outcomes}, "reason": value}
    new = Entry("decision", content)
    body, kept = sealed(new)
    assert opened(0, "", "", body, kept) == new
    erased = opened(0, "", "", body, "{}")
    assert set(erased.erased) == set(json.loads(body)["sealed"])
