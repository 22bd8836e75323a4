"""Readings of a statement in, a case that they decide differently out: what the owner is asked about."""

from collections.abc import Sequence
from time import monotonic

from rulec.backends.python import compile_plan
from rulec.clarify.canonical import Reading
from rulec.difference.both import became_of, kind_of
from rulec.difference.compare import compare
from rulec.difference.facts import known_to
from rulec.difference.result import Change, Compared, Difference
from rulec.difference.telling import Telling
from rulec.plan.tree import Plan
from rulec.runtime.plain import Plain, plain
from rulec.source import Language


@plain
class Answer(Plain):
    """What is decided in the case by some of the readings. `readings`: their numbers, from 0."""

    decision: str
    readings: tuple[int, ...]


@plain
class Question(Plain):
    """A case in which readings differ. `facts`: in words."""

    facts: str
    answers: tuple[Answer, ...]


def question(readings: Sequence[Reading], language: Language, budget: float) -> Question | None:
    """A case that tells two of the readings apart; None where none is found. `budget`: seconds for each pair."""
    first = readings[0]
    for other in readings[1:]:
        found = compare(_plan(first), _plan(other), budget, monotonic, most=1)
        for part in found.compared:
            if part.changes:
                return _asked(readings, other, part.key, part.changes[0], language)
    return None


def _plan(reading: Reading) -> Plan:
    assert reading.rules.plan is not None  # a reading is what compiles
    return reading.rules.plan


def _asked(readings: Sequence[Reading], other: Reading, key: str, change: Change, language: Language) -> Question:
    telling = Telling(readings[0].rules, other.rules, language, ("", ""), ("", ""))
    told = telling.told(Difference((), (Compared(key, (change,)),))).parts[0]
    groups = dict[object, Answer]()
    for number, reading in enumerate(readings):
        plan = _plan(reading)
        decision = compile_plan(plan)(known_to(plan.facts, dict(change.case.facts)), change.case.at)
        became = became_of(decision, key)
        colon = " : " if language == "fr" else ": "
        said = f"{telling.name(key)}{colon}{telling.became(plan, key, became)}"
        known = groups.get(kind_of(became), Answer(said, ()))
        groups[kind_of(became)] = Answer(known.decision, (*known.readings, number))
    return Question(told.changes[0].case, tuple(groups.values()))
