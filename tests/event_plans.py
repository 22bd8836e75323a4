"""Plans that wait for events, and histories of events at random."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from rulec.events.records import Record
from rulec.events.times import read_time
from rulec.plan.tree import Plan, Watch
from rulec.ruleset import loads
from rulec.runtime.types import EventSlot

ZONE = "Europe/Paris"
TEXT = """
On connaît :
  - l'échéance (date) [due]
  - le solde (nombre) [balance]
  - fidèle (oui/non) [loyal]
{facts}
On peut :
{actions}
{rules}
"""
CONDITIONS = (
    "",
    " et fidèle",
    " et le solde dépasse 10",
    " et pas fidèle",
    " et aujourd'hui est après le 30 mars 2026",
)
EVENTS = (EventSlot("a", "client", "un client achète"), EventSlot("b", "client", "un client se plaint"))


def watch(path: str, random: Random) -> Watch:
    """Something to wait for."""
    how = random.choice(("each", "count", "count", "follows", "lacking", "overdue"))
    event, after = random.choice("ab"), random.choice("ab")
    amount, unit = random.choice(
        ((1, "day"), (2, "day"), (3, "day"), (1, "month"), (3600, "second"), (90000, "second"))
    )
    match how:
        case "each":
            return Watch(path, how, event)
        case "count":
            return Watch(path, how, event, count=random.randint(2, 4), amount=amount, unit=unit)
        case "overdue":
            return Watch(path, how, event, date="due", amount=random.choice((-1, 0, 1, 2)), unit="day")
        case _:
            return Watch(path, how, event, after=after, amount=amount, unit=unit)


def plan_of(watches: Sequence[Watch], conditions: Sequence[str], lateness: tuple[int, str] = (0, "second")) -> Plan:
    """A rule for each watch, and one that waits for two of them."""
    names = [each.path for each in watches]
    heads = [f"Si {name}{condition}" for name, condition in zip(names, conditions, strict=False)]
    if len(names) > 1:
        heads.append(f"Si {names[0]} ou {names[1]}")
    actions = [f"action{'abcdefgh'[at]}" for at in range(len(heads))]
    text = TEXT.format(
        facts="\n".join(f"  - {name} (oui/non)" for name in names),
        actions="\n".join(f"  - {action}" for action in actions),
        rules="\n".join(f"{head} alors {action}." for head, action in zip(heads, actions, strict=True)),
    )
    plan = loads(text).plan
    paths = {slot.names[-1]: slot.path for slot in plan.facts}
    waited = tuple(replace(each, path=paths[each.path]) for each in watches)
    known = {each.path for each in waited}
    facts = tuple(replace(slot, default=False, happens=True) if slot.path in known else slot for slot in plan.facts)
    return replace(plan, facts=facts, events=EVENTS, watches=waited, lateness=lateness)


def random_plan(random: Random) -> Plan:
    """A plan that waits for one to three things."""
    count = random.randint(1, 3)
    watches = [watch(f"signe{'xyz'[at]}", random) for at in range(count)]
    lateness = random.choice(((0, "second"), (0, "second"), (1, "day"), (3, "day"), (1, "month")))
    return plan_of(watches, [random.choice(CONDITIONS) for _ in watches], lateness)


STARTS = ("2026-03-27", "2026-10-23", "2026-01-29", "2028-02-27")  # near changes of the clock and ends of months
STEPS = (0, 0, 1, 1800, 3600, 40_000, 86_400, 86_400, 2 * 86_400, 3 * 86_400, 20 * 86_400)


def random_records(random: Random, most: int = 14) -> list[Record]:
    """Records of two keys, mostly in the order of time, some late, some twice."""
    start = at = read_time(random.choice(STARTS), ZONE)
    found = list[Record]()
    for number in range(random.randint(1, most)):
        at += random.choice(STEPS) * 1_000_000
        if random.random() < 0.2:
            at = max(start, at - random.choice(STEPS) * 2_000_000)
        event = random.choice(("a", "b", "a", "b", ""))
        facts: dict[str, object] = {}
        if not event or random.random() < 0.2:
            facts = random.choice(told(random))
        id = f"{random.choice('mnop')}{number}"
        found.append(Record(id, at, "client", random.choice(("k", "l", "k")), event, facts))
        if random.random() < 0.1:
            found.append(random.choice(found))
    return found


def told(random: Random) -> list[dict[str, object]]:
    """Facts that a record may tell."""
    return [
        {"loyal": random.random() < 0.5},
        {"balance": str(random.randint(5, 15))},
        {"due": f"2026-{random.randint(1, 4):02}-{random.randint(1, 28):02}"},
        {"due": "2026-10-25", "loyal": True},
        {"due": "2026-03-29"},
    ]
