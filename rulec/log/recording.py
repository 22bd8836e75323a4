"""A decision and what it was made of in, an entry of the log out."""

from datetime import timedelta

from rulec.log.entry import DECISION, Entry, Json, now
from rulec.ruleset import RuleSet
from rulec.runtime.decision import Decision
from rulec.runtime.supervision import PROPOSE


def decided(
    rules: RuleSet, facts: object, decision: Decision, name: str = "", patience: timedelta | None = None,
    waits: bool = True,
) -> Entry:  # fmt: skip
    """The entry of a decision. `facts`: as they were given to `decide`. `name`: under which the rules are served.

    `waits`: whether it waits for a person, if something is only proposed; `patience`: how long, None: for ever.
    """
    waits &= _proposes(decision)
    content: dict[str, Json] = {"name": name, "facts": rules.facts_as_json(facts), "decision": decision.to_json()}
    if decision.supervision.level == PROPOSE and not waits:
        content["waits"] = False
    elif decision.supervision.level == PROPOSE and patience is not None:
        content["until"] = (now() + patience).isoformat(timespec="microseconds")
    return Entry(DECISION, content)


def _proposes(decision: Decision) -> bool:
    """Whether there is something that a person can confirm: none where no rule applies, and nobody is asked."""
    statuses = {each.status for each in decision.outcomes.values()} | {each.status for each in decision.actions}
    return bool(decision.supervision.approvals) or statuses != {"not_applicable"}
