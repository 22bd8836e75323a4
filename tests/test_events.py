"""Rules that wait for events: what is kept of a key step by step gives what counting the whole history afresh gives.

RULEC_EVENTS_RANDOM: how many histories (few in CI, tens of thousands in long runs).
"""

import json
import os
from dataclasses import replace
from random import Random

import pytest
from event_plans import random_plan, random_records

from rulec.events.kernel import Kernel, Message
from rulec.events.records import Record, RecordError
from rulec.events.replay import replay
from rulec.events.rules import Firing
from rulec.events.stream import Stream
from rulec.ruleset import loads

HISTORIES = int(os.environ.get("RULEC_EVENTS_RANDOM", "96"))
SHARES = 8


def told(firing: Firing) -> tuple[str, str]:
    return firing.id, firing.digest


def standing(messages: list[Message]) -> dict[str, str]:
    """The firings that stand after all that was told."""
    found: dict[str, str] = {}
    for each in messages:
        if each.firing is None:
            assert each.kind == "withdrawn"
            del found[each.id]
        else:
            assert each.kind == "corrected" or each.id not in found
            found[each.id] = each.firing.digest
    return found


def stored(stream: Stream) -> Stream:
    """The stream as it goes on after its states were written as JSON and read again."""
    again = Stream(stream.kernel, stream.clock)
    for (entity, key), state in stream.states.items():
        again.hold((entity, key), stream.kernel.state_of(entity, key, json.loads(json.dumps(state.to_json()))))
    return again


@pytest.mark.parametrize("share", range(SHARES))
def test_step_by_step_gives_what_the_whole_history_gives(share: int) -> None:
    fired = changed = late = 0
    for seed in range(share, HISTORIES, SHARES):
        random = Random(seed)
        plan, stream, messages, taken = random_plan(random), None, list[Message](), list[Record]()
        for _ in range(6):
            stream, messages, taken = Stream(Kernel(plan)), [], []
            for record in random_records(random):
                try:
                    messages += stream.take(record)
                    taken.append(record)
                except RecordError:
                    assert record.at < stream.horizon
                    late += 1
                stream = stored(stream) if random.random() < 0.2 else stream
                if random.random() < 0.1:
                    messages += stream.advance(stream.clock + random.choice((0, 1_800, 86_400)) * 1_000_000)
            ahead = random.choice((0, 0, 86_400, 40 * 86_400))
            messages += stream.advance(stream.clock + ahead * 1_000_000)
            expected = replay(plan, taken, stream.clock)
            assert len({each.id for each in expected}) == len(expected)
            assert standing(messages) == dict(map(told, expected)), seed
            fired += len(expected)
            changed += sum(each.kind != "fired" for each in messages)
    assert min(fired, changed, late) > 0


EVERY_WAY = """
Un client [client] a :
  - une échéance (date) [due]
  - un solde (nombre) [balance]
  - il peut être fidèle [loyal]
On peut :
  - compter
Il arrive :
  - un client fait un achat [a]
  - un client fait une réclamation [b]
Quand un client fait un achat alors compter.
Quand un client fait une réclamation et que le client est fidèle alors compter.
Quand un client fait 2 achats en 3 jours alors compter.
Quand un client fait 3 achats en 30 jours alors compter.
Quand un client fait 2 réclamations en 30 jours alors compter.
Quand un client fait un achat et que le client fait une réclamation sous 2 jours alors compter.
Quand un client fait un achat et que le client ne fait pas de réclamation sous 2 jours alors compter.
Quand un client fait un achat et que le client ne fait pas d'achat sous 2 jours alors compter.
Quand un client ne fait pas de réclamation 1 jour après son échéance alors compter.
"""


def test_no_history_breaks_what_rules_assume_of_it() -> None:
    """Of several rules that wait for the same event, all fire, with a decision each."""
    plan = loads(EVERY_WAY).plan
    assert any(each.assumed for each in plan.promises)
    named = {each: f"client.{each}" for each in ("due", "balance", "loyal")}
    met = 0
    for seed in range(HISTORIES):
        told = [
            replace(each, facts={named[path]: value for path, value in each.facts.items()})
            for each in random_records(Random(seed))
        ]
        fired = replay(plan, told, max(each.at for each in told) + 40 * 86_400_000_000)
        assert [each.content for each in fired if each.decision is None] == [], seed
        places = [(each.key, each.at, each.trigger) for each in fired]
        met += len(places) - len(set(places))
    assert met > HISTORIES
