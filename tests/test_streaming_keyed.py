"""Events key by key in batches, as a cluster takes them: the firings are those of the replay, and little is kept.

RULEC_EVENTS_RANDOM: how many histories (few in CI, tens of thousands in long runs).
"""

import json
import os
from collections import Counter, defaultdict
from random import Random

import pytest
from event_plans import ZONE, plan_of, random_plan, random_records
from test_events_store import line

from rulec.events.kernel import Message
from rulec.events.records import Record
from rulec.events.replay import replay
from rulec.events.times import FIRST, LAST, SECOND, read_time
from rulec.plan.tree import Plan, Watch
from rulec.streaming.keyed import ASIDE, REPEATED, TAKEN, TOLD, Held, Keyed, Told, clock_of, ticks

HISTORIES = int(os.environ.get("RULEC_EVENTS_RANDOM", "96"))
SHARES = 8
DAY = 86_400 * SECOND
Subject = tuple[str, str]


def told(message: Message) -> dict[str, str]:
    return {"kind": message.kind, "id": message.id, "digest": message.firing.digest if message.firing else ""}


class Cluster:
    """What Spark does for the keys of a plan: states, timers and the clock, which goes on between two batches."""

    def __init__(self, plan: Plan) -> None:
        self.keys, self.tick, self.next = Keyed(plan, told), 0, 0
        self.held, self.told = dict[Subject, Held](), list[Told]()

    def batch(self, lines: list[str], now: int | None = None) -> None:
        """Take lines, those of a key in no order; then wake whom it is time for."""
        given = defaultdict[Subject, list[str]](list)
        for each in lines:
            found = self.keys.line(each.encode(), now)
            if found is not None:
                self.next = max(self.next, (found.at - FIRST) // 1_000)
                if found.entity:
                    given[found.entity, found.key].append(found.text)
                else:
                    self.told.append(Told(ASIDE, 1, found.text))
        for subject, texts in given.items():
            self._keep(subject, *self.keys.take(subject, self.held.get(subject), texts, self.tick))
        self._wake()
        self.tick = self.next
        self._wake()

    def pass_to(self, moment: int) -> None:
        """Time passes up to a moment."""
        self.next = max(self.next, ticks(moment))
        self.batch([])

    def _wake(self) -> None:
        for subject, held in list(self.held.items()):
            if 0 < held.wake <= self.tick:
                self._keep(subject, *self.keys.wake(subject, held, self.tick))

    def _keep(self, subject: Subject, held: Held | None, told: list[Told]) -> None:
        self.told += told
        self.held.pop(subject, None)
        if held is not None:
            assert not 0 < held.wake <= self.tick  # or it would never be woken
            self.held[subject] = held

    def bodies(self, kind: str) -> list[dict[str, str]]:
        return [json.loads(each.body) for each in self.told if each.kind == kind]

    def standing(self) -> dict[str, str]:
        """The firings that stand after all that was told."""
        found: dict[str, str] = {}
        for each in self.bodies(TOLD):
            if each["kind"] == "withdrawn":
                del found[each["id"]]
            else:
                assert each["kind"] == "corrected" or each["id"] not in found
                found[each["id"]] = each["digest"]
        return found


def taken(cluster: Cluster, given: list[Record]) -> list[Record]:
    """The records of those that were not too late when they first came."""
    late = Counter(each["id"] for each in cluster.bodies(ASIDE) if each["code"] == "E708")
    came = Counter(each.id for each in given)
    return [each for each in given if late[each.id] < came[each.id]]


@pytest.mark.parametrize("share", range(SHARES))
def test_batches_of_keys_give_what_the_whole_history_gives(share: int) -> None:
    fired = late = repeats = 0
    for seed in range(share, HISTORIES, SHARES):
        random = Random(seed)
        plan = random_plan(random)
        for _ in range(6):
            records, cluster = random_records(random, 25), Cluster(plan)
            left = list(records)
            while left:
                count = random.choice((1, 2, 5, 25))
                batch, left = left[:count], left[count:]
                cluster.batch([line(each) for each in random.sample(batch, len(batch))])
                if random.random() < 0.1:
                    cluster.pass_to(clock_of(cluster.tick) + random.choice((0, 1_800, 86_400)) * SECOND)
            cluster.pass_to(clock_of(cluster.tick) + random.choice((0, 0, 1, 40)) * DAY)
            kept = taken(cluster, records)
            expected = [each for each in replay(plan, kept, LAST) if each.at < clock_of(cluster.tick)]
            assert cluster.standing() == {each.id: each.digest for each in expected}, seed
            counts = Counter(each.kind for each in cluster.told)
            assert counts[TAKEN] + counts[REPEATED] + counts[ASIDE] == len(records)
            assert counts[TAKEN] == len({each.id for each in kept})
            fired, late, repeats = fired + len(expected), late + counts[ASIDE], repeats + counts[REPEATED]
    assert min(fired, late, repeats) > 0


def test_what_comes_late_withdraws_what_was_told() -> None:
    plan = plan_of([Watch("signex", "lacking", "b", after="a", amount=1, unit="day")], [""], (2, "day"))
    cluster, start = Cluster(plan), read_time("2026-03-01", ZONE)
    cluster.batch([line(Record("1", start, "client", "k", "a", {}))])
    cluster.batch([line(Record("2", start + 2 * DAY, "client", "l", "a", {}))])
    cluster.batch([line(Record("3", start + DAY // 2, "client", "k", "b", {}))])
    assert [each["kind"] for each in cluster.bodies(TOLD)] == ["fired", "withdrawn"]
    assert cluster.standing() == {}


def test_a_key_is_forgotten_once_its_windows_are_past() -> None:
    plan = plan_of(
        [
            Watch("signex", "count", "a", count=2, amount=3, unit="day"),
            Watch("signey", "lacking", "b", after="a", amount=2, unit="day"),
            Watch("signez", "follows", "b", after="a", amount=1, unit="month"),
        ],
        ["", "", ""],
        (1, "day"),
    )  # fmt: skip
    cluster, start = Cluster(plan), read_time("2026-03-01", ZONE)
    for number in range(800):
        event = "ab"[number % 7 == 0]
        cluster.batch([line(Record(f"{number}", start + number * DAY // 4, "client", f"{number // 2}", event, {}))])
        assert len(cluster.held) < 150  # those of a month and a day
    assert len(cluster.bodies(TOLD)) > 400
    for day in (235, 240):
        cluster.pass_to(start + day * DAY)
    assert cluster.held == {}
    known = Record("facts", start + 240 * DAY, "client", "k", "a", {"loyal": True})
    cluster.batch([line(known)])
    for day in (300, 305):
        cluster.pass_to(start + day * DAY)
    (held,) = cluster.held.values()
    assert held.wake == 0
    assert json.loads(held.body)[0] == [{"loyal": True}, {}, {}]


def test_what_cannot_be_taken_is_set_aside_with_its_reason() -> None:
    plan = plan_of([Watch("signex", "each", "a")], [""], (1, "day"))
    cluster, start = Cluster(plan), read_time("2026-03-01", ZONE)
    first, other = Record("1", start, "client", "k", "a", {}), Record("1", start + SECOND, "client", "k", "b", {})
    cluster.batch(
        [line(first), line(first), "", " ", "[1]", "\ufeff" + line(Record("2", start, "client", "l", "a", {}))]
    )
    cluster.batch(
        [line(first), line(other), line(Record("3", start + 9 * DAY, "client", "k", "a", {}))], start + 2 * DAY
    )
    cluster.pass_to(start + 3 * DAY)
    cluster.batch([line(first)])
    broken = cluster.keys.line(b"\xff", None)
    assert broken is not None
    assert json.loads(broken.text) == {
        "code": "E700", "message": "Ce n'est pas un événement : UTF-8", "id": "", "record": "\\xff"
    }  # fmt: skip
    assert [each["code"] for each in cluster.bodies(ASIDE)] == ["E700", "E709", "E710", "E708"]
    assert json.loads(cluster.bodies(ASIDE)[2]["record"])["id"] == "1"
    assert Counter(each.kind for each in cluster.told) == {TAKEN: 2, REPEATED: 2, TOLD: 2, ASIDE: 4}


def test_what_is_told_can_be_written_whatever_is_in_it() -> None:
    plan, at = plan_of([Watch("signex", "each", "a")], [""]), read_time("2026-03-01", ZONE)
    half = {"said": "é \ud800"}
    happened = line(Record("1", at, "client", "k", "a", {}))
    _, told = Keyed(plan, lambda message: half).take(("client", "k"), None, [happened], 0)
    assert "é" in told[1].body
    assert json.loads(told[1].body.encode()) == half
