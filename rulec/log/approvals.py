"""Decisions that wait for a person in, answers out: approved, changed or refused, once, in the chain of the log.

A decision waits where the rules let an agent only propose it. Its answer is an entry of kind REVIEW about it, with
`verdict` (of VERDICTS), `by` (who), `reason`, and for a changed one `given`: the outcomes and the actions, by key, as
they are to be done; the decision keeps those of the rules. Content `until` of a decision: when it expires, ISO, UTC.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from rulec.log.entry import DECISION, REVIEW, Entry, Json, now, sealed
from rulec.log.errors import LogError
from rulec.log.store import DecisionLog
from rulec.log.tables import entries
from rulec.runtime.supervision import PROPOSE

APPROVE, EDIT, REFUSE, EXPIRE = VERDICTS = ("approve", "edit", "refuse", "expire")
WAITING = "waiting"
_REASONED = frozenset({EDIT, REFUSE})
_LONGEST = 2_000  # characters of a reason
_LONGEST_NAME = 100
_PROPOSED = f'%"level":"{PROPOSE}"%'  # in the canonical body, of which facts are no part


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that is proposed, and its answer; None while it waits."""

    decision: Entry
    answer: Entry | None = None

    @property
    def status(self) -> str:
        """`waiting`, or the verdict."""
        return WAITING if self.answer is None else str(self.answer.content["verdict"])

    @property
    def until(self) -> str:
        """When it expires; "" for never."""
        return str(self.decision.content.get("until", ""))

    def to_json(self) -> dict[str, Json]:
        """Plain data: the decision, its status, its answer."""
        answer = {} if self.answer is None else {"answer": self.answer.to_json()}
        return {"id": self.decision.id, "status": self.status, **self.decision.to_json(), **answer}


def proposals(log: DecisionLog, answered: bool = False, since: str = "", until: str = "") -> Iterator[Proposal]:
    """The decisions that wait, the oldest first; `answered`: those that have an answer too. Raises `LogError`."""
    for entry in _proposed(log, answered, since, until):
        yield Proposal(entry, _answer_in(log.about(entry.id)) if answered else None)


def proposal(log: DecisionLog, id: str) -> Proposal:
    """The one of an id, or of the beginning of one. Raises `LogError`: E730 where there is none, E731 for a decision
    that waits for nobody."""
    entry = log.get(id) or log.find(id)
    if entry is None or entry.kind != DECISION:
        raise LogError("E730", id=id, url=log.shown)
    if entry.supervision.get("level") != PROPOSE:
        raise LogError("E731", id=entry.id)
    return Proposal(entry, _answer_in(log.about(entry.id)))


def answer(
    log: DecisionLog, id: str, verdict: str, by: str, reason: str = "", given: Json = None, at: datetime | None = None
) -> Entry:
    """Answer a decision that waits; the entry, durable. `given`: of an edit, see above. `at`: now.

    Raises `LogError` where it has an answer (E732) or is expired (E733, which is recorded), where a name (E734) or a
    reason (E735) lacks.
    """
    asked = proposal(log, id).decision
    by, reason = checked(asked, by, reason, verdict in _REASONED)
    content: dict[str, Json] = {"about": asked.id, "name": asked.name, "verdict": verdict, "by": by}
    content |= {"reason": reason} if reason else {}
    content |= {"given": given} if verdict == EDIT else {}
    moment = at or now()
    expired = _expired(asked, moment)
    new = _expiry(asked, moment) if expired else Entry(REVIEW, content, time=_iso(moment))
    written = write_answer(log, new)
    if expired:
        raise LogError("E733", id=asked.id, until=str(asked.content["until"])[:16].replace("T", " "))
    return written


def expire(log: DecisionLog, at: datetime | None = None) -> list[Entry]:
    """Answer those that nobody answered in their time; the entries. Raises `LogError`."""
    moment, found = at or now(), list[Entry]()
    for waiting in list(proposals(log)):
        if _expired(waiting.decision, moment):
            try:
                found.append(write_answer(log, _expiry(waiting.decision, moment)))
            except LogError as error:
                if error.code != "E732":  # another one was faster
                    raise
    return found


def checked(asked: Entry, by: str, reason: str, reasoned: bool) -> tuple[str, str]:
    """The name and the reason of an answer, as they are kept. Raises `LogError`: E734, E735."""
    by, reason = " ".join(by.split()), reason.strip()
    if not by or len(by) > _LONGEST_NAME:
        raise LogError("E734", id=asked.id)
    if (reasoned and not reason) or len(reason) > _LONGEST:
        raise LogError("E735", id=asked.id, longest=str(_LONGEST))
    return by, reason


def write_answer(log: DecisionLog, new: Entry) -> Entry:
    """Write an answer, where there is none yet: no other writer comes between."""
    with log.writing() as connection:
        query = select(entries.c.id).where(entries.c.about == new.about, entries.c.kind == REVIEW)
        before = connection.execute(query).scalars().first()
        if before is None:
            return log.add(connection, [(new, *sealed(new))])[0]
    first = log.get(before)
    assert first is not None
    raise LogError("E732", id=new.about, by=first.by or "rulec", time=first.time[:16].replace("T", " "))


def _expired(asked: Entry, moment: datetime) -> bool:
    until = asked.content.get("until")
    return bool(until) and moment >= datetime.fromisoformat(str(until))


def _expiry(asked: Entry, moment: datetime) -> Entry:
    return Entry(REVIEW, {"about": asked.id, "name": asked.name, "verdict": EXPIRE}, time=_iso(moment))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _answer_in(about: list[Entry]) -> Entry | None:
    return next((entry for entry in about if entry.kind == REVIEW and entry.content.get("verdict") in VERDICTS), None)


def _proposed(log: DecisionLog, answered: bool, since: str, until: str) -> Iterator[Entry]:
    """The decisions that are proposed, as pages of the log are read."""
    review = entries.alias()
    none = ~exists().where(review.c.about == entries.c.id, review.c.kind == REVIEW)
    query = select(entries.c.number).where(entries.c.kind == DECISION, entries.c.body.like(_PROPOSED))
    query = query if answered else query.where(none)
    query = query.where(entries.c.time >= since) if since else query
    query = query.where(entries.c.time < until) if until else query
    for (number,) in log.rows(query.order_by(entries.c.number)):
        entry = next(log.entries(DECISION, after=number - 1))
        if entry.supervision.get("level") == PROPOSE:
            yield entry


def as_done(asked: Entry, answered: Entry | None) -> Mapping[str, Json]:
    """What is to be done after an answer: `outcomes` (key → value) and `actions` (key → parameters); {} for nothing."""
    if answered is None or answered.content.get("verdict") not in (APPROVE, EDIT):
        return {}
    decision, given = asked.decision, answered.content.get("given") or {}
    outcomes = {key: each["value"] for key, each in decision.get("outcomes", {}).items() if "value" in each}
    actions = {e["key"]: e.get("parameters", {}) for e in decision.get("actions", ()) if e.get("status") == "decided"}
    changed = {key: {**actions.get(key, {}), **each} for key, each in given.get("actions", {}).items()}
    return {"outcomes": {**outcomes, **given.get("outcomes", {})}, "actions": {**actions, **changed}}
