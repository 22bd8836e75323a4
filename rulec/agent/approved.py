"""A tool call that waits for a person, by the id of its decision in the log, in; what became of it out."""

from collections.abc import Mapping

from rulec.agent.gate_texts import ALLOW, ASK, DENY
from rulec.log.approvals import APPROVE, EDIT, REFUSE, WAITING, Proposal, expire, proposal
from rulec.log.approvers import said
from rulec.log.entry import canonical
from rulec.log.errors import LogError
from rulec.log.store import DecisionLog

_SAID = {APPROVE: (ALLOW, "approved"), REFUSE: (DENY, "refused"), EDIT: (DENY, "changed")}
Answered = tuple[str, str, dict[str, str]]  # a verdict, why as a text of gates, what fills it


def answered(log: DecisionLog, id: str, facts: Mapping[str, object]) -> Answered:
    """The verdict; what a person changed is another call, which the agent must make. `facts`: of the call.

    Raises `LogError` where the log fails.
    """
    try:
        found = proposal(log, id)
    except LogError as error:
        if error.code not in ("E730", "E731"):
            raise
        return DENY, "not asked", {}
    if canonical(facts) != canonical(found.decision.facts) or found.decision.id != id:
        return DENY, "another", {}
    if found.status == WAITING and found.until:
        expire(log)
        found = proposal(log, id)
    return _told(found)


def _told(found: Proposal) -> Answered:
    if found.answer is None:
        return ASK, "who", {"who": said(found.awaited)} if found.awaited else {}
    verdict, why = _SAID.get(found.status, (DENY, "expired"))
    return verdict, why, {"by": found.answer.by, "reason": str(found.answer.content.get("reason", ""))}
