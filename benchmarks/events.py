"""Events of many keys on a simulated clock: how many a second, in how much memory, and that they fire what they should.

python benchmarks/events.py --events 1000000 --keys 100000
python benchmarks/events.py --events 100000 --keys 10000 --store sqlite:///events.db
"""

import argparse
import json
import resource
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from random import Random

import rulec
from rulec.events.kernel import Kernel
from rulec.events.records import Record
from rulec.events.replay import RECORD, replay
from rulec.events.store import EventStore
from rulec.events.stream import Stream
from rulec.events.taking import Taking
from rulec.events.times import SECOND, micros
from rulec.plan.tree import Plan

RULES = """
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
  - an invoice is sent [sent]
  - an invoice is paid [paid]
  - a quote is sent [quote_sent]
  - an answer arrives [answer] (about a quote)

When a customer files 3 complaints in 30 days and the customer is loyal then tell the manager.
When an invoice remains unpaid 15 days after its due date then remind.
When a quote is sent and no answer arrives within 7 days then remind.
When a quote is sent and an answer arrives within 2 days then tell the manager.
"""
START, DAY = micros(datetime(2026, 1, 1, tzinfo=UTC)), 86_400 * SECOND
YEAR = 365 * DAY


def events(count: int, keys: int) -> Iterator[Record]:
    """Events of a year, in the order of time. What becomes of a key is drawn when the one before has happened."""
    random = Random(5)
    step, waiting, at = YEAR // count, list[tuple[int, int, str, str, str]](), START
    for number in range(count):
        at = START + number * step
        if waiting and waiting[0][0] <= at:
            due, _, entity, key, event = heappop(waiting)
            yield Record(f"{number}", max(due, at), entity, key, event, {})
            continue
        entity = random.choice(("customer", "quote", "invoice"))
        key = f"{random.randrange(keys // 3)}"
        if entity == "customer":
            yield Record(f"{number}", at, entity, key, "complaint", {"customer.loyal": random.random() < 0.7})
        elif entity == "quote":
            yield Record(f"{number}", at, entity, key, "quote_sent", {})
            if random.random() < 0.6:
                heappush(waiting, (at + random.randrange(10 * DAY), number, entity, key, "answer"))
        else:
            day = (datetime.fromtimestamp(at // SECOND, UTC) + timedelta(days=30)).date().isoformat()
            yield Record(f"{number}", at, entity, key, "sent", {"invoice.due": day})
            if random.random() < 0.8:
                heappush(waiting, (at + random.randrange(60 * DAY), number, entity, key, "paid"))


def peak() -> float:
    """The most memory that the process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def stream(plan: Plan, count: int, keys: int) -> set[str]:
    """In memory: every event taken, as it comes."""
    held, fired, started = Stream(Kernel(plan)), list[str](), time.process_time()
    for number, record in enumerate(events(count, keys), 1):
        fired += [each.id for each in held.take(record)]
        if number % (count // 4) == 0:
            spent = time.process_time() - started
            print(f"{number:>9,} events  {number / spent:>8,.0f} a second of CPU  {len(fired):>8,} firings  "
                  f"{len(held.states):>7,} keys  {peak():,.0f} MB")  # fmt: skip
    assert len(set(fired)) == len(fired)
    return set(fired)


def stored(plan: Plan, count: int, keys: int, url: str) -> set[str]:
    """Through JSON and a database, a thousand events a transaction."""
    store, lines, started = EventStore(url), list[str](), time.perf_counter()
    taking = Taking(store, plan, lambda told: ({"id": told.id}, None))
    for record in events(count, keys):
        moment = datetime.fromtimestamp(record.at // SECOND, UTC) + timedelta(microseconds=record.at % SECOND)
        said = {"id": record.id, "event": record.event, "key": record.key, "time": moment.isoformat()}
        lines.append(json.dumps({**said, "facts": record.facts}))
        if len(lines) == 1_000:
            taking.take(lines)
            lines.clear()
    taking.take(lines)
    spent = time.perf_counter() - started
    print(f"{count:>9,} events  {count / spent:>8,.0f} a second, on {url.partition(':')[0]}  {peak():,.0f} MB")
    fired = {body["id"] for _, body, _ in store.waiting(10**9)}
    store.close()
    return fired


def checked(plan: Plan, count: int, keys: int, fired: set[str]) -> None:
    """The firings are those of the replay of each key by itself."""
    by_key, last = dict[tuple[str, str], list[Record]](), START
    for record in events(count, keys):
        by_key.setdefault((record.entity, record.key), []).append(record)
        last = max(last, record.at)
    expected, started = set[str](), time.process_time()
    for records in by_key.values():
        expected.update(each.id for each in replay(plan, records, last) if (each.at, each.part) <= (last, RECORD))
    same = (
        "the same"
        if expected == fired
        else f"NOT the same: {len(expected - fired)} lack, {len(fired - expected)} too many"
    )
    print(f"replay of {len(by_key):,} keys: {len(expected):,} firings, {same} ({time.process_time() - started:,.0f} s)")
    assert expected == fired


def due_together(plan: Plan, count: int) -> None:
    """As many absences due in one minute."""
    held = Stream(Kernel(plan))
    for number in range(count):
        list(
            held.take(
                Record(f"{number}", START + number * 60 * SECOND // count, "quote", f"{number}", "quote_sent", {})
            )
        )
    started = time.process_time()
    fired = sum(1 for _ in held.advance(START + 7 * DAY + 60 * SECOND))
    print(f"{count:,} due in one minute: {fired:,} fire, in {time.process_time() - started:.1f} s")
    assert fired == count


def main(given: Sequence[str] | None = None) -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--keys", type=int, default=10_000)
    parser.add_argument("--store", help="a database: keep the events there")
    asked = parser.parse_args(given)
    plan = rulec.loads(RULES, "en").plan
    if asked.store:
        fired = stored(plan, asked.events, asked.keys, asked.store)
    else:
        fired = stream(plan, asked.events, asked.keys)
    checked(plan, asked.events, asked.keys, fired)
    if not asked.store:
        due_together(plan, 10_000)


if __name__ == "__main__":
    main()
