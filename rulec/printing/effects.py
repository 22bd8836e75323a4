"""An effect of the model in, what « alors » is followed by out."""

from typing import assert_never

from rulec.printing.conditions import truth
from rulec.printing.names import Speech
from rulec.printing.values import part
from rulec.runtime import types as t
from rulec.semantics import model


def effects(speech: Speech, said: tuple[model.Effect, ...]) -> str:
    """Effects joined by « et »."""
    return f" {speech.word('structure', 'AND')} ".join(effect(speech, each) for each in said)


def effect(speech: Speech, said: model.Effect) -> str:
    """One effect."""
    match said:
        case model.Give(outcome, given):
            return _give(speech, outcome, given)
        case model.Forbid(outcome):
            name = speech.outcomes[outcome].slot.name
            return speech.choose(f"pas {speech.of(name)}", f"no {name}")
        case model.Do(action, parameters):
            return _do(speech, action, parameters)
        case _:
            assert_never(said)


def _give(speech: Speech, key: str, given: model.Value) -> str:
    subject, name = speech.outcome(key), speech.outcomes[key].slot.name
    if isinstance(given, model.Literal) and isinstance(given.type, t.YesNo):
        return truth(speech, subject, name, yes=bool(given.value))
    shown = part(speech, given)
    if not speech.french or not _measure(given):
        return f"{subject} {speech.is_(name)} {shown}"
    return f"{subject} {speech.is_(name)} {speech.of(shown)}"


def _measure(given: model.Value) -> bool:
    """Whether « est de » is said of it: a literal that is a measure, a part of something."""
    match given:
        case model.Literal(_, kind):
            return not isinstance(kind, t.Choice | t.Text | t.Date | t.DateTime)
        case model.Rounded(item) | model.Limited(_, item):
            return _measure(item)
        case model.Arithmetic(_, left):
            return isinstance(left, model.Literal)
        case model.Extreme() | model.Joined() | model.Piece() | model.Brackets():
            return False
        case model.ItemOf() | model.Called() | model.Filtered() | model.Collected() | model.Aggregated():
            return False
        case model.Distinct() | model.SortedBy() | model.Taken():
            return False
        case model.FactOf() | model.OutcomeOf() | model.Today() | model.Elapsed() | model.Shifted():
            return False
        case _:
            assert_never(given)


def _do(speech: Speech, key: str, parameters: tuple[tuple[str, model.Value], ...]) -> str:
    action = speech.actions[key].slot
    names = {parameter: name for parameter, name, _ in action.parameters}
    with_ = speech.word("structure", "WITH")
    said = [f"{with_} {speech.noun(names[each])} {part(speech, given)}" for each, given in parameters]
    return " ".join([action.name, *said])
