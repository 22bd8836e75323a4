"""A request as JSON data in, what it asks out; or the first thing that is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rulec.agent.wrong import LIST, MOST_ROWS, OBJECT, TEXT, TEXTS, RequestError
from rulec.moment import Moment
from rulec.ruleset import RuleSet
from rulec.runtime.refused import given_text
from rulec.syntax.nearest import nearest

SAFE_DIGITS = 15  # decimal digits that a binary number always keeps
LONGEST_GOAL = 1_000  # characters
LONGEST_AT = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: for which facts (or rows of facts), at which date, and of a what-if the goal.

    `change`: the facts that may change, by key or name; None: all.
    """

    facts: object
    at: Moment
    goal: str = ""
    change: tuple[str, ...] | None = None


# The members of the request of each operation: shape, whether it is required.
MEMBERS: Mapping[str, Mapping[str, tuple[str, bool]]] = {
    "decide": {"facts": (OBJECT, True), "at": (TEXT, False)},
    "decide-many": {"facts": (LIST, True), "at": (TEXT, False)},
    "why": {"facts": (OBJECT, True), "at": (TEXT, False)},
    "what-if": {"facts": (OBJECT, True), "goal": (TEXT, True), "at": (TEXT, False), "change": (TEXTS, False)},
    "questions": {"facts": (OBJECT, True), "at": (TEXT, False)},
}


def asked(rules: RuleSet, operation: str, given: object) -> Asked:
    """What a request asks. Raises `RequestError` or `MomentError`; the facts are not read here."""
    members = MEMBERS[operation]
    if not isinstance(given, dict):
        raise RequestError("E985", "JSON", OBJECT, given=given_text(given))
    for key in given:
        if key not in members:
            shown = given_text(key)
            raise RequestError("E983", shown, closest=" | ".join(nearest(shown, members) or members))
    for key, (shape, required) in members.items():
        if given.get(key) is None:
            if required:
                raise RequestError("E984", key)
        elif not _fits(shape, given[key], LONGEST_AT if key == "at" else LONGEST_GOAL):
            raise RequestError("E985", key, shape, given=given_text(given[key]))
    change = given.get("change")
    free = None if change is None else tuple(change)
    return Asked(given["facts"], rules.moment(given.get("at")), given.get("goal") or "", free)


def exact(value: object) -> object:
    """JSON data with its binary numbers as the decimals that were written, where no digit can be lost."""
    if isinstance(value, float):
        written = Decimal(repr(value))
        return written if written.is_finite() and len(written.as_tuple().digits) <= SAFE_DIGITS else value
    if isinstance(value, dict):
        return {key: exact(each) for key, each in value.items()}
    return [exact(each) for each in value] if isinstance(value, list) else value


def _fits(shape: str, value: object, longest: int) -> bool:
    if shape == OBJECT:
        return isinstance(value, dict)
    if shape == TEXT:
        return isinstance(value, str) and len(value) <= longest
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_ROWS:
        return False
    return shape == LIST or all(isinstance(each, str) for each in value)
