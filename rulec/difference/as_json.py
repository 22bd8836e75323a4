"""A difference as told in, plain data for programs out."""

from rulec.difference.result import Became
from rulec.difference.telling import Told, ToldChange, ToldPart
from rulec.plan.tree import Plan
from rulec.runtime.decision import Decision
from rulec.runtime.shown import dump_value


def as_json(told: Told, old: Plan, new: Plan) -> dict[str, object]:
    """All of it: decimals as text, dates ISO; `where` is null where only the case is known."""
    difference = told.difference
    return {
        "equal": told.equal,
        "proven": difference.proven,
        "vocabulary": [
            {"what": term.what, "key": term.key, "text": text}
            for term, text in zip(difference.vocabulary, told.vocabulary, strict=True)
        ],
        "beside": list(told.beside),
        "decisions": [_part(part, old, new) for part in told.parts],
        **({} if told.past is None else {"past": told.past.data}),
    }


def _part(part: ToldPart, old: Plan, new: Plan) -> dict[str, object]:
    return {
        "key": part.key,
        "name": part.name,
        "proven": not part.unproven,
        "why": part.unproven,
        "more": part.more,
        "changes": [_change(part.key, each, old, new) for each in part.changes],
    }


def _change(key: str, each: ToldChange, old: Plan, new: Plan) -> dict[str, object]:
    slots = {slot.path: slot for slot in (*old.facts, *new.facts)}
    case = each.change.case
    return {
        "where": each.where if each.change.region is not None else None,
        "before": {"text": each.before, "same": each.change.same[0], **_became(key, each.change.before)},
        "after": {"text": each.after, "same": each.change.same[1], **_became(key, each.change.after)},
        "case": {
            "text": each.case,
            "facts": {path: dump_value(slots[path].type, value) for path, value in case.facts},
            "at": case.at.isoformat() if each.change.dated else None,
            "old": each.replay[0],
            "new": each.replay[1],
        },
    }


def _became(key: str, became: Became) -> dict[str, object]:
    """The status, and the value or the actions, as a decision has them."""
    asked = became if isinstance(became, tuple) else ()
    outcomes = {} if isinstance(became, tuple) else {key: became}
    decision = Decision(outcomes, asked, "", "", "fr")
    data = decision.to_json()
    if isinstance(became, tuple):
        return {"status": decision.status if asked else "not_applicable", "actions": data["actions"]}
    told = data["outcomes"]
    assert isinstance(told, dict)
    value = {"value": told[key]["value"]} if "value" in told[key] else {}
    return {"status": became.status, **value}
