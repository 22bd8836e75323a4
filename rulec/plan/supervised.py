"""A plan in, the same plan with what it says of supervision as outcomes out: to be compared, proven and told as such.

« supervision » is the level, where all that is decided is settled; of each approval there is whether it is asked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from rulec.plan.alike import without_words
from rulec.plan.tree import (
    AnyOf,
    Applies,
    Branch,
    Choose,
    Const,
    Expr,
    Give,
    Oversight,
    Plan,
    Rule,
)
from rulec.runtime.supervision import ACT, LEVELS, PROPOSE
from rulec.runtime.types import Choice, Option, OutcomeSlot, YesNo

KEY = "supervision"
NAMES: Mapping[str, Mapping[str, str]] = {
    "fr": {"act": "exécuter", "propose": "proposer", "observe": "observer", "approval": "accord {who}"},
    "en": {"act": "act", "propose": "propose", "observe": "observe", "approval": "approval of {who}"},
}


def both_supervised(old: Plan, new: Plan) -> tuple[Plan, Plan]:
    """Two plans with their supervision as outcomes of both; as they are where they say the same of it."""
    if without_words(old).oversight == without_words(new).oversight:
        return old, new
    asked = {each.who: each.name for plan in (old, new) for each in plan.oversight if each.who}
    return _with(old, asked), _with(new, asked)


def supervised(plan: Plan) -> Plan:
    """The plan with its supervision as outcomes; as it is where no statement speaks of it."""
    asked = {each.who: each.name for each in plan.oversight if each.who}
    return _with(plan, asked) if is_overseen(plan) else plan


def is_overseen(plan: Plan) -> bool:
    """Whether a statement speaks of supervision, and not only the name of an action."""
    return any(not each.action for each in plan.oversight)


def _with(plan: Plan, asked: Mapping[str, str]) -> Plan:
    taken = [*(slot.key for slot in plan.outcomes), *(slot.key for slot in plan.actions)]
    keys = {who: _free(f"{KEY}_{who}", taken) for who in asked}
    level = _free(KEY, taken)
    rules = [rule for each in plan.oversight for rule in _rules(each, plan, level, keys)]
    names = NAMES[plan.language]
    options = tuple(Option(key, names[key]) for key in LEVELS)
    slots = [OutcomeSlot(level, Choice(options), KEY, "priority", PROPOSE, order=LEVELS)]
    slots += [
        OutcomeSlot(keys[who], YesNo(), names["approval"].format(who=name), default=False)
        for who, name in asked.items()
    ]
    return replace(
        plan, outcomes=(*plan.outcomes, *slots), rules=(*plan.rules, *rules), oversight=(),
        order=(*plan.order, *(rule.id for rule in rules)),
    )  # fmt: skip


def _free(key: str, taken: Iterable[str]) -> str:
    return key if key not in taken else _free(f"{key}_", taken)


def _rules(said: Oversight, plan: Plan, level: str, keys: Mapping[str, str]) -> Iterator[Rule]:
    """The rules that give what a statement says; for an action, one for each rule that asks for it."""
    if not said.who:
        cases = [*_cases(said.level), (Const(True), _otherwise(said.level))]
        yield _rule(said.id, said, [(condition, (Give(level, value),)) for condition, value in cases])
        return
    asking = _by_rules(said, plan) if said.action else [(said.id, said, _asked(said.level))]
    for name, asks, condition in asking:
        yield _rule(name, asks, [(condition, (Give(level, Const(PROPOSE)), Give(keys[said.who], Const(True))))])


def _rule(name: str, said: Oversight | Rule, cases: Iterable[tuple[Expr, tuple[Give, ...]]]) -> Rule:
    branches = tuple(
        Branch(number, condition, gives, span=gives[0].value.span) for number, (condition, gives) in enumerate(cases, 1)
    )
    title = said.title if isinstance(said, Rule) else f"{said.file}:{said.line}"
    return Rule(f"{name}~", title, said.file, said.line, branches, because=said.because, span=said.span)


def _by_rules(said: Oversight, plan: Plan) -> Iterator[tuple[str, Rule, Expr]]:
    """The rules that ask for the action, each where it applies."""
    for rule in plan.rules:
        if any(do.action == said.action for branch in rule.branches for do in branch.does):
            yield f"{said.id}{rule.id}", rule, Applies(rule.id, (said.action,))


def _cases(level: Expr) -> list[tuple[Expr, Expr]]:
    return list(level.cases) if isinstance(level, Choose) else []


def _otherwise(level: Expr) -> Expr:
    return level.otherwise or Const(ACT) if isinstance(level, Choose) else level


def _asked(level: Expr) -> Expr:
    """Where an approval is asked for."""
    held = [condition for condition, value in _cases(level) if value == Const(PROPOSE)]
    if not isinstance(level, Choose):
        return Const(level == Const(PROPOSE))
    return AnyOf(tuple(held)) if len(held) > 1 else held[0]
