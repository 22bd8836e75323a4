"""Rules, facts and a goal in, the smallest change of the facts that gives it out; and why it is not given as it is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from rulec.backends.interpreter import interpret
from rulec.explanation import MARKS, RuleTrace, rule_as_json, rule_lines
from rulec.moment import Moment
from rulec.plan.tree import Plan, Promise
from rulec.questions import called
from rulec.runtime.calculate import day_of
from rulec.runtime.decision import Decision
from rulec.runtime.facts import FactsError
from rulec.runtime.shown import show_value
from rulec.runtime.spelling import plain_words
from rulec.runtime.types import Slot, record_of
from rulec.source import Language, Source
from rulec.trace import Probes, trace
from rulec.trial.steps import halved
from rulec.what_if_lists import nearest

if TYPE_CHECKING:  # they need z3, which may not be installed
    pass

_GOAL = "goal"
WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "already": "« {goal} » est déjà atteint.",
        "found": "« {goal} » serait atteint avec :", "was": "{name} = {after} (au lieu de {before})",
        "new": "{name} = {after} (non renseigné jusqu'ici)", "gone": "{name} non renseigné (au lieu de {before})",
        "impossible": "Aucun changement ne donne « {goal} » : c'est prouvé.",
        "unsettled": "rulec n'a pas pu établir ce qui donnerait « {goal} ».",
        "then": "On aurait alors :", "why": "Avec les faits donnés :", "of": "{name} ({list}, n° {at})",
    },
    "en": {
        "already": '"{goal}" is met already.',
        "found": '"{goal}" would be met with:', "was": "{name} = {after} (instead of {before})",
        "new": "{name} = {after} (not given so far)", "gone": "{name} not given (instead of {before})",
        "impossible": 'No change gives "{goal}": that is proven.',
        "unsettled": 'rulec could not settle what would give "{goal}".',
        "then": "There would then be:", "why": "With the facts given:", "of": "{name} ({list}, no. {at})",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that changes. `before`, `after`: as a person writes them, "" where the fact is not given.

    `path`: « order.lines[0].price » for what changes within an element of a list.
    """

    path: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would meet a goal.

    `status`: already (it is met), found, impossible (no facts that may change give it, which is proven), unsettled.
    `changes`: the fewest, then the smallest that were found. `facts`: path → value, with them. `decision`: what comes
    of these facts, tried out. `why_not`: the rules of the outcomes that do not apply as the facts are.
    """

    goal: str
    status: str
    changes: tuple[Change, ...]
    facts: Mapping[str, object]
    decision: Decision | None
    why_not: tuple[RuleTrace, ...]
    language: Language
    results: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = WORDS[self.language]
        lines = [words[self.status].format(goal=self.goal)]
        for each in self.changes:
            way = "new" if not each.before else "was" if each.after else "gone"
            lines.append("  " + words[way].format(name=each.name, before=each.before, after=each.after))
        if self.results and self.status == "found":
            lines += [words["then"], *(f"  {each}" for each in self.results)]
        if self.why_not and self.status != "already":
            lines += [words["why"], *(line for rule in self.why_not for line in rule_lines(rule, self.language))]
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "goal": self.goal,
            "status": self.status,
            "changes": [
                {"path": each.path, "name": each.name, "before": each.before or None, "after": each.after or None}
                for each in self.changes
            ],
            "decision": self.decision.to_json() if self.decision is not None else None,
            "why_not": [rule_as_json(each) for each in self.why_not],
        }


def what_if(
    plan: Plan, sources: Sequence[Source], goal: Promise, facts: Mapping[str, object], at: Moment,
    fixed: Collection[str], budget: float, language: Language,
) -> WhatIf:  # fmt: skip
    """What would meet a goal. `fixed`: the paths of facts that may not change, if they are given."""
    asking = _Asking(plan, goal, at)
    rules = tuple(
        rule
        for outcome in trace(plan, sources, facts, at, language).outcomes
        if outcome.key in goal.outcomes
        for rule in outcome.rules
        if rule.applies is not True
    )
    if asking.met(facts):
        return WhatIf(goal.text, "already", (), facts, interpret(plan, facts, at), rules, language)
    status, new = _searched(asking, facts, fixed, budget)
    if new is None:
        return WhatIf(goal.text, status, (), facts, None, rules, language)
    new = _needed(asking, facts, new)
    decision = interpret(plan, new, at)
    results = tuple(_result(plan, key, decision, language) for key in goal.outcomes)
    return WhatIf(goal.text, status, _changes(plan, facts, new, language), new, decision, rules, language, results)


def fixed_facts(plan: Plan, keys: Sequence[str], change: Iterable[str] | None) -> frozenset[str]:
    """The paths of facts that may not change. `keys`: one for each fact. ValueError: no fact is called so."""
    if change is None:
        return frozenset(slot.path for slot in plan.facts if slot.happens)
    known = {name: slot.path for slot, key in zip(plan.facts, keys, strict=True) for name in (slot.path, key)}
    known = {plain_words(slot.names[-1]): slot.path for slot in plan.facts} | known
    free = set[str]()
    for name in change:
        path = known.get(name) or known.get(plain_words(name))
        if path is None:
            raise ValueError(name)
        free.add(path)
    return frozenset(slot.path for slot in plan.facts) - free


@dataclass(frozen=True)
class _Asking:
    """A goal, to be tried out."""

    plan: Plan
    goal: Promise
    at: Moment

    def met(self, facts: Mapping[str, object]) -> bool:
        """Whether the decision for these facts meets the goal."""
        probes = Probes()
        probes.ask(_GOAL, self.goal.condition)
        try:
            decision = interpret(self.plan, facts, self.at)
            probe = interpret(probes.added_to(self.plan), facts, self.at).outcomes[probes.names[_GOAL]]
        except FactsError:
            return False
        wrong = any(decision.outcomes[key].status == "error" for key in self.goal.outcomes)
        return probe.status == "decided" and probe.value is True and not wrong


def _searched(
    asking: _Asking, facts: Mapping[str, object], fixed: Collection[str], budget: float
) -> tuple[str, dict[str, object] | None]:
    from rulec.analysis.nearest import Nearest  # it needs z3, which may not be installed
    from rulec.analysis.prover import UnsettledError

    day, end = day_of(asking.at, asking.plan.zone), monotonic() + budget

    def in_time() -> bool:
        return monotonic() < end

    try:
        near: Nearest = Nearest(asking.plan, asking.goal, facts, day, budget, monotonic)
        new = near.found(fixed, asking.met)
    except UnsettledError:
        new = nearest(asking.plan.facts, facts, fixed, asking.met, in_time)
        return ("found" if new is not None else "unsettled"), new
    return ("found", new) if new is not None else ("impossible", None)


def _needed(asking: _Asking, facts: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    """The facts, without the changes that the goal does not need, each as near as it may be to what it was."""
    kept = dict(new)
    for path in [path for path in {**facts, **new} if facts.get(path) != new.get(path)]:
        fewer = {each: value for each, value in kept.items() if each != path}
        fewer |= {path: facts[path]} if path in facts else {}
        if asking.met(fewer):
            kept = fewer
    for slot in asking.plan.facts:
        path = slot.path
        if path in facts and path in kept and facts[path] != kept[path]:
            ends = halved(slot.type, kept[path], facts[path], partial(_meets, asking, kept, path))
            if ends is not None and asking.met({**kept, path: ends[0]}):
                kept[path] = ends[0]
    return kept


def _meets(asking: _Asking, facts: Mapping[str, object], path: str, value: object) -> bool:
    return asking.met({**facts, path: value})


def _changes(
    plan: Plan, facts: Mapping[str, object], new: Mapping[str, object], language: Language
) -> tuple[Change, ...]:  # fmt: skip
    def shown(held: Mapping[str, object], path: str) -> str:
        return show_value(kinds[path], held[path], language) if path in held else ""

    kinds = {slot.path: slot.type for slot in plan.facts}
    found = list[Change]()
    for slot in plan.facts:
        before, after = facts.get(slot.path), new.get(slot.path)
        if before != after:
            inside = _inside(slot, before, after, language)
            found += inside or [Change(slot.path, called(slot), shown(facts, slot.path), shown(new, slot.path))]
    return tuple(found)


def _inside(slot: Slot, before: object, after: object, language: Language) -> list[Change]:
    """What changes within elements; nothing where there are more of them, or less."""
    record = record_of(slot.type)
    if record is None or not (isinstance(before, tuple) and isinstance(after, tuple)) or len(before) != len(after):
        return []
    return [
        Change(
            f"{slot.path}[{at}].{each.path}",
            WORDS[language]["of"].format(name=each.names[-1], list=slot.names[-1], at=at + 1),
            *(show_value(each.type, element[each.path], language) for element in pair),
        )
        for at, pair in enumerate(zip(before, after, strict=True))
        for each in record.attributes
        if pair[0].get(each.path) != pair[1].get(each.path)
    ]  # fmt: skip


def _result(plan: Plan, key: str, decision: Decision, language: Language) -> str:
    """« remise : 10 % »."""
    slot = next(slot for slot in plan.outcomes if slot.key == key)
    result = decision.outcomes[key]
    value = show_value(slot.value_type, result.value, language) if result.status == "decided" else MARKS[None]
    return f"{slot.name}{' : ' if language == 'fr' else ': '}{value}"
