"""A decision and new rules in, what these decide on the same facts out, as an entry beside it.

Content of an entry of kind SHADOW: `about` (the decision), `name`, `decision` (as the new rules make it) and `differs`:
the keys of the outcomes and actions that are decided otherwise, and `supervision`. Where nothing could be decided, the
status of `decision` is REJECTED (the facts do not fit: `problems`, each a code and a key) or FAILED.
"""

from collections.abc import Mapping

from rulec.log.again import again, differences
from rulec.log.entry import SHADOW, Entry, Json
from rulec.ruleset import RuleSet
from rulec.runtime.facts import FactsError

REJECTED, FAILED = "rejected", "failed"


def shadowed(rules: RuleSet, entry: Entry) -> Entry:
    """The entry of what the rules decide for the facts, the date and the answers of judgements of another."""
    try:
        decision = again(rules, entry)
    except FactsError as error:
        problems = [{"code": each.code, "key": each.key} for each in error.problems]
        return _entry(rules, entry, REJECTED, {"problems": problems})
    except Exception:  # what new rules do wrong is told in the log, and harms nobody
        return _entry(rules, entry, FAILED, {})
    assert decision is not None  # nothing of a decision that is being made is erased
    told = decision.to_json()
    differs = [each.key for each in differences(entry.decision, told)]
    return Entry(SHADOW, {"about": entry.id, "name": entry.name, "decision": told, "differs": differs})


def _entry(rules: RuleSet, entry: Entry, status: str, more: Mapping[str, Json]) -> Entry:
    decision = {"status": status, "at": entry.decision["at"], "rules": rules.plan.digest}
    return Entry(SHADOW, {"about": entry.id, "name": entry.name, "decision": decision, **more})


def result_of(entry: Entry) -> str:
    """What a shadow shows: same, differ, rejected or failed."""
    return entry.status if entry.status in (REJECTED, FAILED) else "differ" if entry.content["differs"] else "same"
