"""What each rule asks for in, the actions of the decision out."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rulec.runtime.combine import Places, ordered
from rulec.runtime.decision import ActionResult, FiredRule
from rulec.runtime.kleene import Truth, Unknown, any_of, join
from rulec.runtime.outline import Outline

Parameters = tuple[tuple[str, object], ...]  # key, value; an `Unknown` value may be anything


class Request(NamedTuple):
    """An action that a rule asks for where `truth` is true."""

    rule: FiredRule
    action: str
    parameters: Parameters
    truth: Truth


def combine_actions(outline: Outline, requests: Iterable[Request], places: Places) -> tuple[ActionResult, ...]:
    """The actions asked for, or perhaps asked for, in the order of the text; the same parameters count once."""
    entries = dict[tuple[str, Parameters], list[Request]]()
    for request in requests:
        if request.truth is not False:
            entries.setdefault((request.action, request.parameters), []).append(request)
    asked = dict[str, list[Truth]]()
    for (action, _), same in entries.items():
        asked.setdefault(action, []).extend(request.truth for request in same)
    rivals = {key: any_of(truth for rival in outline.rivals(key) for truth in asked.get(rival, ())) for key in asked}
    return tuple(_action(outline, same, rivals[action], places) for (action, _), same in entries.items())


def _action(outline: Outline, same: list[Request], rival: Truth, places: Places) -> ActionResult:
    """One action; `rival`: whether another of its group is asked for."""
    _, action, parameters, _ = same[0]
    truth = any_of(request.truth for request in same)
    conditions = join(each for each in (truth, rival) if isinstance(each, Unknown))
    values = join(value for _, value in parameters if isinstance(value, Unknown))
    known: Mapping[str, object] = {key: value for key, value in parameters if not isinstance(value, Unknown)}
    fired = tuple(dict.fromkeys(request.rule for request in same if request.truth is True))
    name = outline.actions[action].name
    if truth is True and rival is True:
        return ActionResult(action, name, known, fired, "conflict")
    if truth is True and rival is False and len(known) == len(parameters):
        return ActionResult(action, name, known, fired, "decided")
    missing = ordered(conditions.missing, places) + ordered(values.missing - conditions.missing, places)
    problems = tuple(sorted(conditions.problems | values.problems))
    return ActionResult(action, name, known, fired, join([conditions, values]).status, missing, problems)
