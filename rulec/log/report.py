"""The entries of a log in, what an owner wants to know of them out: counted, in one pass."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from math import ceil

from rulec.log.entry import DECISION, REVIEW, Entry, Json
from rulec.log.minutes import Minutes
from rulec.log.review import WRONG
from rulec.log.store import DecisionLog
from rulec.runtime.supervision import ACT, LEVELS

ANSWERED = ("approve", "edit", "refuse")
CORRECTED = ("edit", "refuse", WRONG)
_STOPPED = ("undetermined", "in_doubt", "conflict", "error")  # as the status of a decision, the worst last


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said against a decision."""

    id: str
    verdict: str
    by: str
    reason: str

    def to_json(self) -> dict[str, Json]:
        """Plain data."""
        return {"id": self.id, "verdict": self.verdict, "by": self.by, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Spared:
    """Decisions of the rules of a name that saved a person that many minutes each; `approved`: by one who was asked."""

    name: str
    count: int
    minutes: Decimal
    approved: bool = False


@dataclass
class Report:
    """What was counted.

    `statuses`, `levels`, `names`: of decisions. `outcomes`: by key, how often each value, or status where there is
    none; `actions`: how often each is asked for. `days`: by day, decisions by level. `verdicts`: of people, and
    `expire`. `waits`: seconds from a decision to its answer. `acted`: by name, decisions executed without a person;
    `wrong`: those that one said were wrong; `approved`: proposals that one approved as they were. `calls`, `cost`: of
    judgements that a model was asked for, in US dollars.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    actions: Counter[str] = field(default_factory=Counter)
    days: dict[str, Counter[str]] = field(default_factory=dict)
    verdicts: Counter[str] = field(default_factory=Counter)
    corrections: list[Correction] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    acted: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    approved: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    cost: Decimal = Decimal(0)

    @property
    def decisions(self) -> int:
        """How many were made."""
        return self.statuses.total()

    @property
    def stopped(self) -> dict[str, int]:
        """What might have been done wrong: by status what the rules did not decide, and what a person refused."""
        found = {status: self.statuses[status] for status in _STOPPED}
        return {each: count for each, count in {**found, "refuse": self.verdicts["refuse"]}.items() if count}

    def spared(self, minutes: Minutes) -> list[Spared]:
        """What saved time, of the rules of which minutes are declared: decisions that nobody had to make, and proposals
        that were only to be approved, where it is declared how long that takes."""
        found = list[Spared]()
        for name in self.acted:
            task = minutes.get(name, minutes.get(""))
            if task is not None:
                found.append(Spared(name, max(0, self.acted[name] - self.wrong[name]), task.decision))
            if task is not None and task.approval is not None:
                found.append(Spared(name, self.approved[name], task.decision - task.approval, approved=True))
        return found

    def wait(self, share: float) -> float | None:
        """The seconds within which that part of the answers came (nearest rank); None where there is none."""
        ordered = sorted(self.waits)
        return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None

    def to_json(self, minutes: Minutes) -> dict[str, Json]:
        """Plain data."""
        saved = dict[str, Decimal]()
        for each in self.spared(minutes):
            saved[each.name] = saved.get(each.name, Decimal(0)) + each.count * each.minutes
        return {
            "decisions": self.decisions, "statuses": dict(self.statuses), "levels": dict(self.levels),
            "rules": dict(self.names), "outcomes": {key: dict(found) for key, found in self.outcomes.items()},
            "actions": dict(self.actions), "days": {day: dict(found) for day, found in sorted(self.days.items())},
            "verdicts": dict(self.verdicts), "corrections": [each.to_json() for each in self.corrections],
            "stopped": self.stopped, "minutes_saved": {name: str(total) for name, total in saved.items()},
            "seconds_to_answer": {"p50": self.wait(0.5), "p99": self.wait(0.99)},
            "judgements": {"asked": self.calls, "cost": str(self.cost)},
        }  # fmt: skip


def report(log: DecisionLog, since: str = "", until: str = "", name: str | None = None) -> Report:
    """What happened in these times; `name`: to the rules served under it. Raises `LogError`."""
    found, proposed = Report(), dict[str, str]()
    entries: Iterable[Entry] = log.entries("", since, until)
    for entry in entries:
        if name is not None and entry.name != name:
            continue
        if entry.kind == DECISION:
            _decision(found, entry)
            if entry.supervision.get("level") != ACT:
                proposed[entry.id] = entry.time
        elif entry.kind == REVIEW:
            _review(found, entry, proposed.pop(entry.about, "") or _time_of(log, entry.about))
    return found


def _time_of(log: DecisionLog, id: str) -> str:
    entry = log.get(id)
    return entry.time if entry is not None else ""


def _decision(found: Report, entry: Entry) -> None:
    level = str(entry.supervision.get("level", LEVELS[1]))
    found.statuses[entry.status] += 1
    found.levels[level] += 1
    found.names[entry.name] += 1
    found.days.setdefault(entry.time[:10], Counter())[level] += 1
    found.acted[entry.name] += level == ACT
    for key, outcome in entry.decision.get("outcomes", {}).items():
        value = outcome.get("value")
        told = str(outcome.get("status", "")) if "value" not in outcome else _shown(value)
        found.outcomes.setdefault(key, Counter())[told] += 1
    found.actions.update(each["key"] for each in entry.decision.get("actions", ()) if each["status"] == "decided")
    for judged in entry.judgements:
        if judged.get("model") and not judged.get("cached"):
            found.calls += 1
            found.cost += Decimal(judged.get("cost", "0"))


def _review(found: Report, entry: Entry, decided: str) -> None:
    verdict = str(entry.content.get("verdict", ""))
    found.verdicts[verdict] += 1
    if verdict in ANSWERED and decided:
        found.waits.append((datetime.fromisoformat(entry.time) - datetime.fromisoformat(decided)).total_seconds())
    if verdict in CORRECTED:
        found.corrections.append(Correction(entry.about, verdict, entry.by, str(entry.content.get("reason") or "")))
    if verdict == "approve":
        found.approved[entry.name] += 1
    if verdict == WRONG:
        found.wrong[entry.name] += 1


def _shown(value: Json) -> str:
    """A value as a text; one that was erased is a sign."""
    if value is None:
        return "•••"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
