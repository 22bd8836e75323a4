"""What a decision needs to know of the rules besides their conditions and values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rulec.runtime.decision import FiredRule
from rulec.runtime.promises import PromiseSlot
from rulec.runtime.supervision import OversightSlot
from rulec.runtime.tables import TableSlot
from rulec.runtime.types import ActionSlot, OutcomeSlot, Slot


@dataclass(frozen=True, slots=True)
class RuleSlot:
    """A rule: where it stands, `index` among all from 0, and the ids of the rules that silence it.

    `each`: path of the list for each element of which it is decided ("" for the whole decision).
    `rows`: of a table, those that certainly apply, while a decision is in progress.
    """

    index: int
    id: str
    title: str
    file: str
    line: int
    exceptions: tuple[str, ...] = ()
    each: str = ""
    rows: tuple[FiredRule, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedSlot:
    """A judgement: where it stands, and the actions with their parameters that are asked for in doubt."""

    path: str
    title: str
    file: str
    line: int
    doubt: tuple[tuple[str, tuple[tuple[str, object], ...]], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The facts by path, the outcomes, actions, rules and tables by key, each in order; and the calendars.

    `rules` holds the tables too.

    `calendars`: name → holidays as ordinals, known for the years `holiday_years` (first, last).
    `definitions`: what is calculated, by key. `judgements`: in the order of the text. `promises`: what is promised or
    assumed, by id. `oversight`: what is said of supervision, in the order of the text.
    """

    facts: Mapping[str, Slot]
    outcomes: Mapping[str, OutcomeSlot]
    actions: Mapping[str, ActionSlot]
    rules: Mapping[str, RuleSlot]
    tables: Mapping[str, TableSlot]
    calendars: Mapping[str, frozenset[int]]
    holiday_years: tuple[int, int]
    language: str
    zone: str
    digest: str
    definitions: Mapping[str, Slot] = field(default_factory=dict)
    judgements: tuple[JudgedSlot, ...] = ()
    promises: Mapping[str, PromiseSlot] = field(default_factory=dict)
    oversight: tuple[OversightSlot, ...] = ()

    def rivals(self, action: str) -> tuple[str, ...]:
        """The other actions of its group."""
        group = self.actions[action].group
        return tuple(key for key, other in self.actions.items() if group and other.group == group and key != action)
