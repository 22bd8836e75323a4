"""What is so at a moment and after it in, the rules that fire out: a rule fires when it comes to apply."""

from collections.abc import Mapping
from typing import NamedTuple

from rulec.events.rules import Because, EventRules, Facts, Firing

ARMED, IN_QUESTION, FIRED = 0, 1, 2  # how a rule stands for a key
States = dict[str, int]  # rule → how it stands, where it is not armed


class Moment(NamedTuple):
    """A moment of a key. `pulses`: the watches that are so at this moment alone; `lasting`: those that stay so.

    Each has the records that make it so. `part`: see `replay`. `trigger`: the record at hand, or that of the time that
    runs out.
    """

    at: int
    part: int
    trigger: str
    pulses: Mapping[str, Because]
    lasting: Mapping[str, Because]
    facts: Facts


def fired(
    rules: EventRules, subject: tuple[str, str], states: States, moment: Moment, tells: bool = True
) -> list[Firing]:
    """The firings of a moment; `states` becomes what it is after it. Without `tells`, none is made."""
    found = dict[str, Firing]()
    for pulses in [moment.pulses, {}] if moment.pulses else [{}]:
        because = {**moment.lasting, **pulses}
        so = frozenset(because)
        truths = rules.truths(subject[0], so, moment.facts, moment.at)
        for rule, truth in zip(rules.rules[subject[0]], truths, strict=True):
            before = states.get(rule, ARMED)
            after = _after(before, truth.holds)
            if after == before:
                continue
            if after == ARMED:
                del states[rule]
                continue
            states[rule] = after
            if tells:
                counted = frozenset(each for path in rules.waits[rule] & so for each in because[path])
                found[rule] = rules.firing(
                    rule, subject, moment.trigger, (moment.at, moment.part), counted, so, moment.facts, truth
                )  # fmt: skip
    return list(found.values())


def _after(before: int, holds: bool | None) -> int:
    """How a rule stands that does, does not or perhaps does apply: one that has fired stays so until it does not."""
    if holds is None:
        return max(before, IN_QUESTION)
    return FIRED if holds else ARMED
