"""durable_rules as the matcher: it tells what the plain matcher tells, and none of its defects reaches a user.

Each defect is shown in the library itself, in a process of its own, and then kept from doing harm.
"""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from event_plans import plan_of, random_plan, random_records
from test_events import standing
from test_events_cli import ENGLISH, EVENTS, write

from rulec.cli import main
from rulec.events.durable import SHARD, Durable
from rulec.events.kernel import Kernel, Message
from rulec.events.machine import plain_match
from rulec.events.records import Record, RecordError
from rulec.events.replay import replay
from rulec.events.stream import Stream
from rulec.plan.tree import Plan, Watch

pytest.importorskip("durable")
HEAD = "from durable.lang import *\nfound = []\ndef note(c): found.append(1)\n"
ONE = "with ruleset('s'):\n  when_all(m.n >= 1)(note)\n"


def raw(script: str, seconds: float = 30) -> subprocess.CompletedProcess[str]:
    """What the library does by itself."""
    return subprocess.run(
        [sys.executable, "-c", HEAD + script], capture_output=True, text=True, timeout=seconds, check=False
    )


def hangs(script: str, seconds: float = 3) -> bool:
    """Whether the library is still at work on it after so long."""
    try:
        raw(script, seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def many(count: int) -> Plan:
    """A plan that waits for many things."""
    plan = plan_of([Watch("signe", "each", "a")], [""])
    return Plan(**{**plan.parts()[0], **plan.parts()[1], "watches": tuple(
        Watch(f"w{at}", "count", "a", count=at % 5 + 1, amount=1) for at in range(count)
    )})  # fmt: skip


def test_it_tells_what_the_plain_matcher_tells() -> None:
    for seed in range(5):
        random = Random(seed)
        plan = many(random.choice((1, 59, 60, 61, 200)))
        durable = Durable(plan)
        for _ in range(40):
            some = [each for each in plan.watches if random.random() < 0.7]
            numbers = {each.path: (random.randint(0, 6), each.count) for each in some}
            assert durable(("client", "k"), numbers) == plain_match(("client", "k"), numbers)


def test_histories_fire_what_their_replay_fires() -> None:
    fired = 0
    for seed in range(60):
        random = Random(seed)
        plan = random_plan(random)
        stream, messages, taken = Stream(Kernel(plan, Durable(plan))), list[Message](), list[Record]()
        for record in random_records(random, 20):
            try:
                messages += stream.take(record)
                taken.append(record)
            except RecordError:
                assert record.at < stream.horizon
        messages += stream.advance(stream.clock)
        expected = replay(plan, taken, stream.clock)
        assert standing(messages) == {each.id: each.digest for each in expected}
        fired += len(expected)
    assert fired


def test_run_tells_the_same_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.rules").write_text(ENGLISH, encoding="utf-8")
    write(tmp_path / "e.jsonl", EVENTS)
    said = []
    for matcher in ("plain", "durable"):
        store = f"sqlite:///{matcher}.db"
        command = ["events", "run", "r.rules", "--in", "e.jsonl", "--store", store, "--until", "2026-03-31"]
        assert main([*command, "--matcher", matcher, "--format", "json"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert len(said[0].splitlines()) == 4


# ---- its defects, one by one


def numbers(plan: Plan, number: int) -> dict[str, tuple[int, int]]:
    return {each.path: (number, each.count) for each in plan.watches}


def test_more_tests_at_once_than_it_bears() -> None:
    rules = "with ruleset('s'):\n  for at in range(70):\n    when_all(getattr(m, f'n{at}') >= 1)(note)\n"
    done = raw(f"{rules}post('s', {{'id': '1', **{{f'n{{at}}': 1 for at in range(70)}}}})")
    assert "error code: 303" in done.stderr
    plan = many(200)
    assert SHARD <= 64
    assert len(Durable(plan)(("client", "k"), numbers(plan, 9))) == 200


def test_a_set_of_more_rules_than_it_loads() -> None:
    rules = "with ruleset('s'):\n  for at in range({}):\n    when_all(getattr(m, f'n{{at}}') >= 1)(note)\n"
    post = "post('s', {'id': '1', 'n5': 1})\nprint(len(found))"
    assert raw(rules.format(200) + post).stdout.strip() == "1"
    assert hangs(rules.format(800) + post)
    plan = many(800)
    assert len(Durable(plan)(("client", "k"), numbers(plan, 9))) == 800


def test_conditions_that_it_never_ends() -> None:
    empty = "{'s': {'r': {'all': [{'m': {'$and': []}}], 'run': note}}}"
    assert hangs(f"from durable.engine import Host\nh = Host()\nh.set_rulesets({empty})\nh.post('s', {{'id': '1'}})")
    assert hangs("with ruleset('s'):\n  when_all(m.id > 3)(note)\npost('s', {'id': 5, 'n': 1})")
    # rulec writes no other condition than a whole number of a name of its own that is at least another
    assert Durable(many(1))(("id", "5"), {"w0": (5, 3)}) == {"w0"}


def test_more_live_keys_than_it_bears() -> None:
    done = raw(
        f"{ONE}for at in range(3000):\n  assert_fact('s', {{'id': '1', 'sid': f'{{at}}', 'n': 1}})\nprint('all')"
    )
    assert done.returncode != 0
    assert "all" not in done.stdout
    durable = Durable(many(1))
    assert all(durable(("client", f"{at}"), {"w0": (at % 2, 1)}) == ({"w0"} if at % 2 else set()) for at in range(3000))


def test_what_matches_nothing_is_an_error_and_the_same_fact_again_too() -> None:
    assert "MessageNotHandledException" in raw(f"{ONE}post('s', {{'id': '1', 'n': 0}})").stderr
    assert "MessageObservedException" in raw(f"{ONE}assert_fact('s', {{'n': 1}})\nassert_fact('s', {{'n': 1}})").stderr
    durable = Durable(many(1))
    assert [len(durable(("client", "k"), {"w0": (number, 1)})) for number in (0, 1, 1, 0, 1)] == [0, 1, 1, 0, 1]


def test_a_set_cannot_be_defined_twice() -> None:
    done = raw(f"{ONE}post('s', {{'id': '1', 'n': 1}})\n{ONE}post('s', {{'id': '2', 'n': 1}})")
    assert "already registered" in done.stderr
    assert [len(Durable(many(1))(("client", "k"), {"w0": (1, 1)})) for _ in range(3)] == [1, 1, 1]


def test_an_event_fires_one_rule_alone() -> None:
    rules = "with ruleset('s'):\n  for at in range(3):\n    when_all(m.n >= at)(note)\n"
    assert raw(f"{rules}post('s', {{'id': '1', 'n': 5}})\nprint(len(found))").stdout.strip() == "1"
    plan = many(3)
    assert len(Durable(plan)(("client", "k"), numbers(plan, 5))) == 3


def test_texts_pass_for_numbers_and_exact_ones_cannot_be_given() -> None:
    rules = "with ruleset('s'):\n  when_all(m.n > 500)(note)\n"
    assert raw(f"{rules}post('s', {{'id': '1', 'n': '600'}})\nprint(len(found))").stdout.strip() == "1"
    assert "TypeError" in raw(f"from decimal import Decimal\n{rules}post('s', {{'id': '1', 'n': Decimal(600)}})").stderr
    assert "error code: 204" in raw(f"{rules}post('s', {{'id': '1', 'n': 1e-7}})").stderr
    # rulec gives it counts of its own alone; facts are decided on as ever
    plan = plan_of([Watch("signe", "count", "a", count=2, amount=30)], [" et le solde dépasse 10"])
    stream, at = Stream(Kernel(plan, Durable(plan))), 1_772_319_600_000_000
    told = [
        each
        for n in range(3)
        for each in stream.take(Record(f"{n}", at + n, "client", "k", "a", {"balance": "10.0000001"}))
    ]
    assert [each.firing.content["status"] for each in told if each.firing] == ["decided"]


def test_errors_of_actions_are_swallowed() -> None:
    rules = "def wrong(c): raise ValueError()\nwith ruleset('s'):\n  when_all(m.n >= 1)(wrong)\n"
    assert raw(f"{rules}post('s', {{'id': '1', 'n': 5}})").returncode == 0
    assert Durable(many(2))(("client", "k"), {"w0": (1, 1), "w1": (2, 2)}) == {"w0", "w1"}


def test_its_windows_never_expire_and_its_timers_go_by_the_clock_of_the_wall() -> None:
    source = Path(Durable.__init__.__code__.co_filename).read_text(encoding="utf-8")
    assert not any(word in source for word in ("timeout", "start_timer", "c.s", "count(m", "span"))
    plan = plan_of(
        [Watch("signe", "count", "a", count=2, amount=30), Watch("rien", "lacking", "b", "a", amount=7)], [""]
    )
    stream, at, day = Stream(Kernel(plan, Durable(plan))), 1_772_319_600_000_000, 86_400_000_000
    told = [each for n in range(3) for each in stream.take(Record(f"{n}", at + n * 40 * day, "client", "k", "a", {}))]
    assert [each.at for each in told if each.rule.endswith("13")] == []  # never two in thirty days
    assert len({each.at for each in told}) == 2  # two absences, at their moments, in no time
