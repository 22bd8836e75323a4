"""What the statements about supervision say in, how far an agent may go out: the most cautious one wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rulec.runtime.combine import Places, ordered
from rulec.runtime.decision import ActionResult, Approval, FiredRule, Supervision
from rulec.runtime.kleene import Unknown, join, worst

LEVELS = ("observe", "propose", "act")  # the most cautious first
OBSERVE, PROPOSE, ACT = LEVELS
_SETTLED = frozenset({"decided", "not_applicable"})


@dataclass(frozen=True, slots=True)
class OversightSlot:
    """A statement about supervision: where it stands, and of one that asks for an approval whose (`who`, its key).

    `name`: who, as the author says it. `action`: the approval is asked for where this action is.
    """

    id: str
    text: str
    file: str
    line: int
    who: str = ""
    name: str = ""
    action: str = ""

    @property
    def fired(self) -> FiredRule:
        """The statement among the rules that apply."""
        return FiredRule(self.id, self.text, self.file, self.line, 0)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a statement says: a level, or why it is not known. `fired`: what makes it say so."""

    slot: OversightSlot
    level: str | Unknown
    fired: tuple[FiredRule, ...]


def supervised(
    slots: Sequence[OversightSlot], levels: Mapping[str, object], status: str, actions: Sequence[ActionResult],
    places: Places,
) -> Supervision:  # fmt: skip
    """How far an agent may go with a decision of that status. `levels`: of each statement, one of LEVELS or unknown.

    None says so: propose. What is not known, or a decision that is not settled: propose, never act.
    """
    said = [each for slot in slots for each in _said(slot, levels, actions)]
    sure = [each.level if isinstance(each.level, str) else PROPOSE for each in said]
    silent = not any(not slot.who for slot in slots) or status not in _SETTLED
    level = min([*sure, *([PROPOSE] if silent else [])], key=LEVELS.index)
    doubts = [each.level for each in said if isinstance(each.level, Unknown)]
    why = join(doubts if OBSERVE not in sure else ())
    fired = dict.fromkeys(rule for each in said if each.level == level for rule in each.fired)
    approvals = _approvals([each for each in said if each.slot.who and each.level != ACT])
    return Supervision(level, approvals, tuple(fired), ordered(why.missing, places), tuple(sorted(why.problems)))


def _said(slot: OversightSlot, levels: Mapping[str, object], actions: Sequence[ActionResult]) -> list[_Said]:
    if not slot.action:
        level = levels[slot.id]
        says = slot.who == "" or level != ACT  # an approval that is not asked for says nothing
        return [_Said(slot, level if isinstance(level, Unknown) else str(level), (slot.fired,) if says else ())]
    return [_Said(slot, _asked(action), action.fired) for action in actions if action.key == slot.action]


def _asked(action: ActionResult) -> str | Unknown:
    """Whether an action is asked for, as a level."""
    if action.status in ("decided", "conflict"):
        return PROPOSE
    return Unknown(frozenset(action.missing), frozenset(action.problems), action.status)


def _approvals(said: Sequence[_Said]) -> tuple[Approval, ...]:
    """Each approval once, with all that asks for it; one that is surely asked for is decided."""
    by_who = dict[str, list[_Said]]()
    for each in said:
        by_who.setdefault(each.slot.who, []).append(each)
    return tuple(_approval(who, same) for who, same in by_who.items())


def _approval(who: str, same: Sequence[_Said]) -> Approval:
    sure = [each for each in same if isinstance(each.level, str)]
    status = "decided" if sure else worst(each.level.status for each in same if isinstance(each.level, Unknown))
    fired = dict.fromkeys(rule for each in sure or same for rule in each.fired)
    return Approval(who, same[0].slot.name, status, tuple(fired))
