"""Decisions that were executed without a person in, a part of them to be reviewed out, and what a person says of them.

Which ones are in a part is told by the hash of their entry alone: nobody chooses, and all find the same. What is said
is an entry of kind REVIEW about the decision, with `verdict` RIGHT or WRONG, `by` and `reason`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from rulec.log.approvals import checked, write_answer
from rulec.log.entry import DECISION, REVIEW, Entry, Json
from rulec.log.errors import LogError
from rulec.log.store import DecisionLog
from rulec.runtime.supervision import ACT

RIGHT, WRONG = "right", "wrong"
_SIGNS = 13  # of the hash that are compared with the part


@dataclass(frozen=True, slots=True)
class Sample:
    """A decision to be reviewed, and what was said of it; None where nothing was."""

    decision: Entry
    review: Entry | None = None

    def to_json(self) -> dict[str, Json]:
        """Plain data."""
        review = {} if self.review is None else {"review": self.review.to_json()}
        return {**self.decision.to_json(), **review}


def is_sampled(entry: Entry, share: Decimal) -> bool:
    """Whether a decision was executed without a person, and is in a part (0 to 1) of all those."""
    return entry.supervision.get("level") == ACT and int(entry.hash[:_SIGNS], 16) < share * 16**_SIGNS


def samples(
    log: DecisionLog, share: Decimal, reviewed: bool = False, since: str = "", until: str = ""
) -> Iterator[Sample]:  # fmt: skip
    """Those of a part that nobody has reviewed; `reviewed`: the others too."""
    for entry in log.entries(DECISION, since, until):
        if is_sampled(entry, share):
            review = next((each for each in log.about(entry.id) if each.kind == REVIEW), None)
            if review is None or reviewed:
                yield Sample(entry, review)


def review(log: DecisionLog, id: str, verdict: str, by: str, reason: str = "") -> Entry:
    """Say that a decision was right or wrong, once; the entry, durable.

    Raises `LogError`: E730 where there is no such decision, E743 where a person was asked before it was executed, E732
    where it was reviewed; E734, E735 where a name or the reason of a wrong one lacks.
    """
    entry = log.get(id) or log.find(id)
    if entry is None or entry.kind != DECISION:
        raise LogError("E730", id=id, url=log.shown)
    if entry.supervision.get("level") != ACT:
        raise LogError("E743", id=entry.id)
    by, reason = checked(entry, by, reason, verdict == WRONG)
    content: dict[str, Json] = {"about": entry.id, "name": entry.name, "verdict": verdict, "by": by}
    return write_answer(log, Entry(REVIEW, {**content, **({"reason": reason} if reason else {})}))
