"""A decision and what it was made of in, an entry of the log out."""

from rulec.log.entry import DECISION, Entry
from rulec.ruleset import RuleSet
from rulec.runtime.decision import Decision


def decided(rules: RuleSet, facts: object, decision: Decision, name: str = "") -> Entry:
    """The entry of a decision. `facts`: as they were given to `decide`. `name`: under which the rules are served."""
    return Entry(DECISION, {"name": name, "facts": rules.facts_as_json(facts), "decision": decision.to_json()})
