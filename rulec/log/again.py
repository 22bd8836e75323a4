"""Rules and an entry in, the decision that they make of its facts out, and how it differs from the one written down."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rulec.log.entry import Entry, Json
from rulec.ruleset import RuleSet
from rulec.runtime.decision import Decision

FACTS = "/facts/"


@dataclass(frozen=True, slots=True)
class Difference:
    """An outcome, an action or the supervision that is decided otherwise. JSON data; None where it is not there."""

    key: str
    before: Json
    after: Json

    def to_json(self) -> dict[str, Json]:
        """Plain data."""
        return {"key": self.key, "before": self.before, "after": self.after}


def facts_of(entry: Entry, rules: RuleSet) -> dict[str, Json] | None:
    """What the rules read of the facts and answers of judgements of an entry; None where some were erased."""
    if any(path.startswith(FACTS) for path in entry.erased):
        return None
    known = {slot.path for slot in rules.plan.facts}
    return {path: value for path, value in {**entry.facts, **answers_of(entry)}.items() if path in known}


def answers_of(entry: Entry) -> dict[str, Json]:
    """What was judged, as facts."""
    return {each["key"]: each.get("answer", "in_doubt") for each in entry.judgements}


def again(rules: RuleSet, entry: Entry) -> Decision | None:
    """The decision for the facts and the date of an entry; None where some were erased. Raises FactsError."""
    facts = facts_of(entry, rules)
    return None if facts is None else rules.decide(facts, str(entry.decision["at"]))


def differences(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Difference]:
    """What two decisions, as `Decision.to_json` gives them, say otherwise: outcomes, then actions, then supervision."""
    one, other = before.get("outcomes", {}), after.get("outcomes", {})
    for key in dict.fromkeys((*one, *other)):
        yield from _differing(key, _outcome(one.get(key)), _outcome(other.get(key)))
    asked, wanted = _actions(before), _actions(after)
    for key in dict.fromkeys((*asked, *wanted)):
        yield from _differing(key, asked.get(key), wanted.get(key))
    yield from _differing("supervision", _level(before), _level(after))


def _differing(key: str, before: Json, after: Json) -> Iterator[Difference]:
    if before != after:
        yield Difference(key, before, after)


def _outcome(result: Mapping[str, Json] | None) -> Json:
    return None if result is None else {name: result[name] for name in ("status", "value") if name in result}


def _actions(decision: Mapping[str, Json]) -> dict[str, list[Json]]:
    """By key, what each action is asked for with."""
    found = dict[str, list[Json]]()
    for each in decision.get("actions", ()):
        found.setdefault(each["key"], []).append({"status": each["status"], "parameters": each["parameters"]})
    return found


def _level(decision: Mapping[str, Json]) -> Json:
    return decision.get("supervision", {}).get("level")
