"""A decision that waits for a person in, the form that asks for their answer out; what they fill in, as an answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from rulec.agent.answers import Json
from rulec.explanation import WORDS
from rulec.log.approvals import APPROVE, EDIT, REFUSE, Proposal
from rulec.log.approvers import said
from rulec.log.changes import places
from rulec.log.telling import facts_said, shown, verdict_said
from rulec.plan.tree import Plan
from rulec.runtime.shown import expected
from rulec.service.asking import Form
from rulec.source import Language

MOST = 5  # values that a form lets change
_PARTS = ("outcomes", "actions")
_TEXTS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "proposed": "Les règles proposent : {told}.", "facts": "Faits : {told}.", "who": "Accord demandé : {told}.",
        "nothing": "rien", "verdict": "Approuver, modifier ou refuser ?", "by": "Qui répond",
        "reason": "Pourquoi (pour modifier ou refuser)", APPROVE: "Approuver", EDIT: "Modifier", REFUSE: "Refuser",
        "change": "Pour modifier : {expected} ; proposé : {now}",
    },
    "en": {
        "proposed": "The rules propose: {told}.", "facts": "Facts: {told}.", "who": "Approval asked for: {told}.",
        "nothing": "nothing", "verdict": "Approve, change or refuse?", "by": "Who answers",
        "reason": "Why (to change or to refuse)", APPROVE: "Approve", EDIT: "Change", REFUSE: "Refuse",
        "change": "To change: {expected}; proposed: {now}",
    },
}  # fmt: skip


def approval_form(proposal: Proposal, plan: Plan, named: bool, wrong: str, language: Language) -> Form:
    """What a person is asked. `named`: it is known who they are. `wrong`: what was wrong with their last answer."""
    text, colon = _TEXTS[language], WORDS[language]["colon"]
    proposed, facts = _proposed(proposal, plan, language), facts_said(proposal.decision, plan, language)
    told = ", ".join(f"{name}{colon}{now}" for name, now in proposed) or text["nothing"]
    lines = [text["proposed"].format(told=told)]
    lines += [text["facts"].format(told=facts)] if facts else []
    lines += [text["who"].format(told=said(proposal.awaited))] if proposal.awaited else []
    several = len(proposal.awaited) + len(proposal.agreements) > 1
    verdicts = [APPROVE, REFUSE] if several else [APPROVE, EDIT, REFUSE]
    members: dict[str, Any] = {
        "verdict": {
            "type": "string", "title": text["verdict"],
            "enum": verdicts, "enumNames": [text[each] for each in verdicts],
        },
        **({} if named else {"by": {"type": "string", "title": text["by"]}}),
        "reason": {"type": "string", "title": text["reason"]},
        **({} if several else dict(_changes(proposal, plan, language))),
    }  # fmt: skip
    required = [each for each in ("verdict", "by") if each in members]
    schema = {"type": "object", "properties": members, "required": required}
    return Form("\n".join(filter(None, [wrong, *lines])), schema)


def answer_in(content: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, as an answer over HTTP; what was left empty is not there."""
    filled = {key: value for key, value in content.items() if value not in ("", None)}
    found: dict[str, Any] = {key: value for key, value in filled.items() if key.partition(".")[0] not in _PARTS}
    if filled.get("verdict") != EDIT:
        return found
    for key, value in filled.items():
        part, _, name = key.partition(".")
        if part == "outcomes":
            found.setdefault(part, {})[name] = value
        elif part == "actions":
            action, _, parameter = name.partition(".")
            found.setdefault(part, {}).setdefault(action, {})[parameter] = value
    return found


def _proposed(proposal: Proposal, plan: Plan, language: Language) -> list[tuple[str, str]]:
    """What is proposed: each outcome that is decided with its value, each action."""
    decision = proposal.decision.decision
    slots = {slot.key: slot for slot in plan.outcomes}
    found = [
        (slot.name, shown(each["value"], slot.value_type, language))
        for key, each in decision.get("outcomes", {}).items()
        if "value" in each and (slot := slots.get(key)) is not None
    ]
    verb = verdict_said("asked", language)
    return found + [(str(each["name"]), verb) for each in decision.get("actions", ()) if each["status"] == "decided"]


def _changes(proposal: Proposal, plan: Plan, language: Language) -> Iterator[tuple[str, Json]]:
    """A field for each of the first values that may be changed."""
    for place in [each for each in places(plan, proposal.decision) if each.now is not None][:MOST]:
        now, wanted = shown(place.now, place.type, language), expected(place.type, language, as_data=True)
        told = _TEXTS[language]["change"].format(expected=wanted, now=now)
        yield place.path, {"type": "string", "title": place.name, "description": told}
