"""Two plans and past facts in, how many decisions change out: by outcome, from what to what, with sums."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from rulec.backends.python import compile_plan
from rulec.difference.both import Both, became_of, kind_of
from rulec.difference.facts import known_to
from rulec.difference.result import Became
from rulec.moment import Moment
from rulec.plan.tree import Plan
from rulec.runtime.calculate import exact_sum
from rulec.runtime.facts import FactsError, FactsReader
from rulec.runtime.plain import Plain, changing, plain
from rulec.runtime.types import Amount, Duration, ListOf, Number, OutcomeSlot, Quantity, Type

Tell = Callable[[str, Became, Became], tuple[str, str]]  # key, before, after → their words
_SUMMED = (Amount, Number, Quantity, Duration)


@plain
class PastPart(Plain):
    """One outcome or action. `moves`: from what to what, how often, the most frequent first.

    `type`: of what is summed, None where there are no sums; `sums`: of the values decided before and after.
    """

    key: str
    changed: int
    moves: tuple[tuple[str, str, int], ...]
    type: Type | None = None
    sums: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))

    def share(self, rows: int) -> Decimal:
        """The part of some rows that changes, as a fraction."""
        return Decimal(self.changed) / rows if rows else Decimal(0)


@plain
class Past(Plain):
    """Past facts decided twice. `rows`: how many; `changed`: those of which some decision changes.

    `refused`: those of which one side alone takes the facts, among the changed; `unread`: those that neither takes,
    which count nowhere else.
    """

    rows: int
    changed: int
    refused: int
    unread: int
    parts: tuple[PastPart, ...]

    @property
    def share(self) -> Decimal:
        """The part that changes, as a fraction."""
        return Decimal(self.changed) / self.rows if self.rows else Decimal(0)


@changing
class _Count:
    """What is counted of one outcome or action."""

    changed: int
    moves: Counter[tuple[str, str]]
    sums: list[Decimal]


class Replay:
    """Decides past facts by both plans, at one date."""

    def __init__(self, both: Both, at: Moment, tell: Tell) -> None:
        self._both, self._at, self._tell = both, at, tell
        plans = both.old, both.new
        self._sides = [(plan, reader_of(plan, other), compile_plan(plan)) for plan, other in (plans, plans[::-1])]
        self._counts = {key: _Count(0, Counter(), [Decimal(0), Decimal(0)]) for key in both.keys}

    def all(self, rows: Iterable[object]) -> Past:
        """The count of all rows; a row that cannot be read at all is a `FactsError`."""
        count = Counter[str]()
        for row in rows:
            count[self._one(row)] += 1
        decided = count["same"] + count["changed"] + count["refused"]
        changed = count["changed"] + count["refused"]
        return Past(decided, changed, count["refused"], count["unread"], tuple(map(self._part, self._counts)))

    def _one(self, row: object) -> str:
        """What becomes of a row: same, changed, refused by one side, unread by both."""
        decisions = []
        for plan, reader, decide in self._sides:
            try:
                given = None if isinstance(row, FactsError) else reader.read(row)
                decisions.append(None if given is None else decide(known_to(plan.facts, given), self._at))
            except FactsError:
                decisions.append(None)
        one, other = decisions
        if one is None or other is None:
            return "unread" if one is other else "refused"
        changes = [self._counted(key, became_of(one, key), became_of(other, key)) for key in self._counts]
        return "changed" if any(changes) else "same"

    def _counted(self, key: str, before: Became, after: Became) -> bool:
        found = self._counts[key]
        for side, became in enumerate((before, after)):
            found.sums[side] = exact_sum([found.sums[side], *_numbers(became)])
        if kind_of(before) == kind_of(after):
            return False
        found.changed += 1
        found.moves[self._tell(key, before, after)] += 1
        return True

    def _part(self, key: str) -> PastPart:
        found, slots = self._counts[key], self._both.outcomes.get(key)
        often = sorted(found.moves.items(), key=lambda each: (-each[1], each[0]))
        moves = tuple((before, after, count) for (before, after), count in often)
        kind = _summed(slots.old, slots.new) if slots is not None else None
        one, other = found.sums
        return PastPart(key, found.changed, moves, kind, (one, other))


def reader_of(plan: Plan, other: Plan) -> FactsReader:
    """What reads facts for a plan: those that the other plan alone knows are no mistake."""
    own = {slot.path for slot in plan.facts} | {each.key for each in plan.definitions}
    more = tuple(slot for slot in other.facts if slot.path not in own)
    return FactsReader((*plan.facts, *more), plan.language, tuple(each.slot for each in plan.definitions))


def _summed(old: OutcomeSlot, new: OutcomeSlot) -> Type | None:
    """The type of what both sides sum; None where that says nothing."""
    kinds = [slot.type.item if isinstance(slot.type, ListOf) else slot.type for slot in (old, new)]
    same = isinstance(kinds[1], _SUMMED) and kinds[0] == kinds[1]
    return kinds[1] if same else None


def _numbers(became: Became) -> Iterator[Decimal]:
    value = None if isinstance(became, tuple) else became.value
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, Decimal):
            yield each
