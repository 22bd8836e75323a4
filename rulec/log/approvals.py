"""Decisions that wait for a person in, answers out: approved, changed or refused, once, in the chain of the log.

A decision waits where the rules let an agent only propose it. Its answer is an entry of kind REVIEW about it, with
`verdict` (of VERDICTS), `by` (who), `for` (the keys of those for whom they speak), `reason`, and for a changed one
`given`: the outcomes and the actions, by key, as they are to be done; the decision keeps those of the rules. Where the
approval of several is asked for, that of all but the last is an entry of kind AGREEMENT, with the verdict AGREE.
Content of a decision: `until`, when it expires, ISO, UTC; `waits`, false where it was of no use to ask.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, select

from rulec.log.approvers import NAMED, Approvers, Role, roles, said
from rulec.log.entry import AGREEMENT, DECISION, REVIEW, Entry, Json, now, sealed
from rulec.log.errors import LogError
from rulec.log.store import DecisionLog
from rulec.log.tables import entries
from rulec.runtime.supervision import PROPOSE

APPROVE, EDIT, REFUSE, EXPIRE = VERDICTS = ("approve", "edit", "refuse", "expire")
AGREE = "agree"
WAITING = "waiting"
_REASONED = frozenset({EDIT, REFUSE})
_LONGEST = 2_000  # characters of a reason
_LONGEST_NAME = 100
_PROPOSED = f'%"level":"{PROPOSE}"%'  # in the canonical body, of which facts are no part


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that is proposed, and its answer; None while it waits. `agreements`: of some of several."""

    decision: Entry
    answer: Entry | None = None
    agreements: tuple[Entry, ...] = ()

    @property
    def status(self) -> str:
        """`waiting`, or the verdict."""
        return WAITING if self.answer is None else str(self.answer.content["verdict"])

    @property
    def until(self) -> str:
        """When it expires; "" for never."""
        return str(self.decision.content.get("until", ""))

    @property
    def awaited(self) -> list[Role]:
        """Those whose approval is asked for, and lacks; none where anybody may answer, or somebody has."""
        agreed = _agreed(self.agreements)
        return [role for role in roles(self.decision) if role.key not in agreed and self.answer is None]

    def to_json(self) -> dict[str, Json]:
        """Plain data: the decision, its status, whose approval lacks, its answer and what is to be done after it."""
        told: dict[str, Json] = {"awaited": [{"who": each.key, "name": each.said} for each in self.awaited]}
        told |= {"agreements": [each.to_json() for each in self.agreements]} if self.agreements else {}
        told |= {"answer": self.answer.to_json(), "done": as_done(self.decision, self.answer)} if self.answer else {}
        return {"id": self.decision.id, "status": self.status, **self.decision.to_json(), **told}


def proposals(log: DecisionLog, answered: bool = False, since: str = "", until: str = "") -> Iterator[Proposal]:
    """The decisions that wait, the oldest first; `answered`: those that have an answer too. Raises `LogError`."""
    for entry in _proposed(log, answered, since, until):
        several = len(roles(entry)) > 1
        yield _proposal(entry, log.about(entry.id)) if answered or several else Proposal(entry)


def proposal(log: DecisionLog, id: str) -> Proposal:
    """The one of an id, or of the beginning of one. Raises `LogError`: E730 where there is none, E731 for a decision
    that waits for nobody."""
    entry = log.get(id) or log.find(id)
    if entry is None or entry.kind != DECISION:
        raise LogError("E730", id=id, url=log.shown)
    if not waits(entry):
        raise LogError("E731", id=entry.id)
    return _proposal(entry, log.about(entry.id))


def answer(
    log: DecisionLog, id: str, verdict: str, by: str, reason: str = "", given: Json = None, at: datetime | None = None,
    approvers: Approvers = NAMED,
) -> Entry:  # fmt: skip
    """Answer a decision that waits; the entry, durable. `given`: of an edit, see above. `at`: now.

    `approvers`: who speaks for whom. Raises `LogError` where it has an answer (E732) or is expired (E733, which is
    recorded), where a name (E734) or a reason (E735) lacks, where the approval of another is asked for (E738), and
    for an edit where that of several is (E744).
    """
    asked = proposal(log, id).decision
    by, reason = checked(asked, by, reason, verdict in _REASONED)
    own = spoken_for(asked, by, approvers)
    if verdict == EDIT and len(roles(asked)) > 1:
        raise LogError("E744", id=asked.id, who=said(roles(asked)))
    content: dict[str, Json] = {"about": asked.id, "name": asked.name, "verdict": verdict, "by": by}
    content |= {"for": sorted(own)} if own else {}
    content |= {"reason": reason} if reason else {}
    content |= {"given": given} if verdict == EDIT else {}
    moment = at or now()
    expired = _expired(asked, moment)
    new = _expiry(asked, moment) if expired else Entry(REVIEW, content, time=_iso(moment))
    written = write_answer(log, new, asked)
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


def spoken_for(asked: Entry, by: str, approvers: Approvers) -> frozenset[str]:
    """The keys of those for whom a name speaks. Raises `LogError` E738 where the approval of others is asked for."""
    own, wanted = approvers.spoken_for(by, asked), roles(asked)
    if wanted and not own:
        raise LogError("E738", id=asked.id, who=said(wanted), by=by)
    return own


def write_answer(log: DecisionLog, new: Entry, asked: Entry | None = None) -> Entry:
    """Write an answer, where there is none yet: no other writer comes between.

    `asked`: what is answered; where others must approve it too, an approval is written as an agreement.
    """
    with log.writing() as connection:
        before = log.about(new.about)
        known = _agreed(each for each in before if each.kind == AGREEMENT)
        own = frozenset(new.content.get("for", ()))
        first = next((each for each in before if each.kind == REVIEW), None)
        if first is None and own and own <= known and new.content["verdict"] == APPROVE:
            first = next(each for each in before if own & _agreed([each]))
        if first is None:
            lacking = {role.key for role in roles(asked)} - known - own if asked else set()
            if lacking and new.content["verdict"] == APPROVE:
                new = replace(new, kind=AGREEMENT, content={**new.content, "verdict": AGREE})
            return log.add(connection, [(new, *sealed(new))])[0]
    raise LogError("E732", id=new.about, by=first.by or "rulec", time=first.time[:16].replace("T", " "))


def _expired(asked: Entry, moment: datetime) -> bool:
    until = asked.content.get("until")
    return bool(until) and moment >= datetime.fromisoformat(str(until))


def _expiry(asked: Entry, moment: datetime) -> Entry:
    return Entry(REVIEW, {"about": asked.id, "name": asked.name, "verdict": EXPIRE}, time=_iso(moment))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _proposal(asked: Entry, about: list[Entry]) -> Proposal:
    """A decision with what was answered to it."""
    answers = (entry for entry in about if entry.kind == REVIEW and entry.content.get("verdict") in VERDICTS)
    return Proposal(asked, next(answers, None), tuple(entry for entry in about if entry.kind == AGREEMENT))


def _agreed(agreements: Iterable[Entry]) -> frozenset[str]:
    """The keys of those who agree."""
    return frozenset(key for entry in agreements for key in entry.content.get("for", ()))


def _proposed(log: DecisionLog, answered: bool, since: str, until: str) -> Iterator[Entry]:
    """The decisions that are proposed, as pages of the log are read."""
    review = entries.alias()
    none = ~exists().where(review.c.about == entries.c.id, review.c.kind == REVIEW)
    query = select(entries.c.id).where(entries.c.kind == DECISION, entries.c.body.like(_PROPOSED))
    query = query if answered else query.where(none)
    query = query.where(entries.c.time >= since) if since else query
    query = query.where(entries.c.time < until) if until else query
    for (id,) in log.rows(query.order_by(entries.c.number)):
        entry = log.get(id)
        if entry is not None and waits(entry):
            yield entry


def waits(entry: Entry) -> bool:
    """Whether a decision waits, or waited, for a person."""
    return entry.supervision.get("level") == PROPOSE and entry.content.get("waits") is not False


def as_done(asked: Entry, answered: Entry | None) -> Mapping[str, Json]:
    """What is to be done after an answer: `outcomes` (key → value) and `actions` (key → parameters); {} for nothing."""
    if answered is None or answered.content.get("verdict") not in (APPROVE, EDIT):
        return {}
    decision, given = asked.decision, answered.content.get("given") or {}
    outcomes = {key: each["value"] for key, each in decision.get("outcomes", {}).items() if "value" in each}
    actions = {e["key"]: e.get("parameters", {}) for e in decision.get("actions", ()) if e.get("status") == "decided"}
    changed = {key: {**actions.get(key, {}), **each} for key, each in given.get("actions", {}).items()}
    return {"outcomes": {**outcomes, **given.get("outcomes", {})}, "actions": {**actions, **changed}}
