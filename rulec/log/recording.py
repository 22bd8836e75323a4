"""A decision and what it was made of in, an entry of the log out."""

from datetime import timedelta

from rulec.log.entry import DECISION, Entry, now
from rulec.ruleset import RuleSet
from rulec.runtime.decision import Decision
from rulec.runtime.supervision import PROPOSE


def decided(
    rules: RuleSet, facts: object, decision: Decision, name: str = "", patience: timedelta | None = None
) -> Entry:  # fmt: skip
    """The entry of a decision. `facts`: as they were given to `decide`. `name`: under which the rules are served.

    `patience`: how long it waits for a person, if it is only proposed; None: for ever.
    """
    content = {"name": name, "facts": rules.facts_as_json(facts), "decision": decision.to_json()}
    if patience is not None and decision.supervision.level == PROPOSE:
        content["until"] = (now() + patience).isoformat(timespec="microseconds")
    return Entry(DECISION, content)
