"""Decisions and those that new rules make of them in, how many change and from what to what out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rulec.difference.past import Past, PastPart
from rulec.log.again import differences
from rulec.log.entry import DECISION, SHADOW, Entry, Json
from rulec.log.shadow import FAILED, REJECTED, shadowed
from rulec.log.store import DecisionLog
from rulec.log.telling import sides_said, supervision_said
from rulec.plan.tree import Plan
from rulec.ruleset import RuleSet
from rulec.runtime.calculate import exact_sum
from rulec.runtime.refused import ValueProblem
from rulec.runtime.types import Amount, Duration, Number, Quantity, Type
from rulec.runtime.values import read_value
from rulec.source import Language

CASES = 2  # told of each change
_SUMMED = (Amount, Number, Quantity, Duration)
_AHEAD = 20_000  # decisions of which the comparison may still come
Move = tuple[str, str]


@dataclass
class Pairs:
    """Decisions with what new rules make of them. Counted on the way:

    `uncompared`: decisions without a comparison; `others`: comparisons with other versions of the new rules.
    """

    log: DecisionLog
    since: str = ""
    until: str = ""
    name: str | None = None
    uncompared: int = 0
    others: int = 0

    def kept(self, digest: str) -> Iterator[tuple[Entry, Entry]]:
        """Those that were compared when they were made, with the rules of a digest."""
        ahead = dict[str, Entry]()
        for entry in self._entries():
            if entry.kind == DECISION:
                ahead[entry.id] = entry
                if len(ahead) > _AHEAD:
                    del ahead[next(iter(ahead))]
                    self.uncompared += 1
            elif entry.kind == SHADOW:
                decision = ahead.pop(entry.about, None) or self.log.get(entry.about)
                if entry.rules != digest:
                    self.others += 1
                elif decision is not None:
                    yield decision, entry
        self.uncompared += len(ahead)

    def again(self, rules: RuleSet) -> Iterator[tuple[Entry, Entry]]:
        """All of them, made again now."""
        for entry in self._entries(DECISION):
            if any(path.startswith("/facts/") for path in entry.erased):
                self.uncompared += 1
            else:
                yield entry, shadowed(rules, entry)

    def _entries(self, kind: str = "") -> Iterator[Entry]:
        found = self.log.entries(kind, self.since, self.until)
        return (entry for entry in found if self.name is None or entry.name == self.name)


@dataclass
class _Part:
    """What is counted of one outcome, action, or of the supervision."""

    name: str
    type: Type | None = None
    moves: Counter[Move] = field(default_factory=Counter)
    sums: list[Decimal] = field(default_factory=lambda: [Decimal(0), Decimal(0)])


class Compared:
    """Counts pairs. `cases`: the first decisions of each change; `refused`: those that the new rules cannot make."""

    def __init__(self, plan: Plan, language: Language) -> None:
        self._language = language
        self._parts = {slot.key: _Part(slot.name, slot.type) for slot in plan.outcomes}
        self._parts |= {slot.key: _Part(slot.name) for slot in plan.actions}
        self._rows, self._changed = 0, 0
        self.cases = dict[tuple[str, str, str], list[Entry]]()
        self.refused = list[tuple[Entry, Entry]]()

    def add(self, pairs: Iterable[tuple[Entry, Entry]]) -> "Compared":
        """Count these."""
        for entry, shadow in pairs:
            self._rows += 1
            if shadow.status in (REJECTED, FAILED):
                self.refused.append((entry, shadow))
                continue
            found = [*differences(entry.decision, shadow.decision)]
            self._changed += bool(found)
            for each in found:
                self._move(each.key, entry, each.before, each.after)
            self._sum(entry.decision, shadow.decision)
        return self

    def past(self) -> Past:
        """All that was counted."""
        changed, refused = self._changed + len(self.refused), len(self.refused)
        return Past(self._rows, changed, refused, 0, tuple(_part(key, each) for key, each in self._parts.items()))

    def names(self) -> dict[str, str]:
        """The names of all that was counted, by key."""
        return {key: each.name for key, each in self._parts.items()}

    def _move(self, key: str, entry: Entry, before: Json, after: Json) -> None:
        name = supervision_said(self._language) if key == "supervision" else key
        part = self._parts.setdefault(key, _Part(name))
        move = sides_said(before, after, part.type, self._language)
        part.moves[move] += 1
        cases = self.cases.setdefault((key, *move), [])
        if len(cases) < CASES:
            cases.append(entry)

    def _sum(self, before: Mapping[str, Json], after: Mapping[str, Json]) -> None:
        for key, part in self._parts.items():
            if isinstance(part.type, _SUMMED):
                for side, decision in enumerate((before, after)):
                    value = decision.get("outcomes", {}).get(key, {}).get("value")
                    part.sums[side] = exact_sum([part.sums[side], _number(part.type, value, self._language)])


def _part(key: str, part: _Part) -> PastPart:
    often = sorted(part.moves.items(), key=lambda each: (-each[1], each[0]))
    moves = tuple((before, after, count) for (before, after), count in often)
    kind = part.type if isinstance(part.type, _SUMMED) else None
    return PastPart(key, sum(part.moves.values()), moves, kind, (part.sums[0], part.sums[1]))


def _number(type_: Type, value: Json, language: Language) -> Decimal:
    try:
        read = None if value is None else read_value(type_, value, language)
    except ValueProblem:  # what rules of another type decided
        read = None
    return read if isinstance(read, Decimal) else Decimal(0)
