"""A checked model in, the plan out: units converted, exceptions and « dans tous les autres cas » spelled out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rulec.plan import tree as p
from rulec.plan.conditions import condition_of, value_of
from rulec.runtime import types as t
from rulec.semantics import model
from rulec.semantics.effects import nothing_of
from rulec.syntax.fold import fold


def lower(given: model.Model, language: str, digest: str) -> p.Plan:
    """The plan of a model. `p.Plan.order` is left to `ordered`, which may find a cycle."""
    kinds = {outcome.key: outcome.type for outcome in given.outcomes}
    rules = [each for rule in given.rules for each in _rules(rule, kinds)]
    excepted = _exceptions(given, rules)
    complete = [replace(rule, exceptions=excepted.get(rule.id, ())) for rule, _ in rules]
    filled = tuple(_fallback(rule, source, rules) for rule, (_, source) in zip(complete, rules, strict=True))
    return p.Plan(given.facts, given.outcomes, given.actions, filled, (), language=language, digest=digest)


Lowered = tuple[p.Rule, model.Rule]


def _rules(rule: model.Rule, kinds: dict[str, t.Type]) -> Iterator[Lowered]:
    """A rule, and beside it what it forbids: « pas de remise » comes before every rule that gives some."""
    forbids = any(isinstance(e, model.Forbid) for branch in rule.branches for e in branch.effects)
    gives = any(not isinstance(e, model.Forbid) for branch in rule.branches for e in branch.effects)
    if gives or not forbids:
        yield (
            _rule(rule, rule.id, tuple(_branch(n, b, kinds, forbidden=False) for n, b in enumerate(rule.branches, 1))),
            rule,
        )
    if forbids:
        branches = tuple(_branch(n, b, kinds, forbidden=True) for n, b in enumerate(rule.branches, 1))
        yield _rule(rule, f"{rule.id}#no", branches), rule


def _rule(rule: model.Rule, number: str, branches: tuple[p.Branch, ...]) -> p.Rule:
    unless = condition_of(rule.unless) if rule.unless is not None else p.Const(False)
    return p.Rule(number, rule.title, rule.file, rule.line, branches, unless, because=rule.because, span=rule.span)


def _branch(number: int, branch: model.Branch, kinds: dict[str, t.Type], *, forbidden: bool) -> p.Branch:
    gives, does = [], []
    for effect in branch.effects:
        match effect:
            case model.Give(outcome, value) if not forbidden:
                gives.append(p.Give(outcome, value_of(value, kinds[outcome]), span=effect.span))
            case model.Forbid(outcome) if forbidden:
                gives.append(p.Give(outcome, p.Const(nothing_of(kinds[outcome])), span=effect.span))
            case model.Do(action, parameters) if not forbidden:
                said = tuple((key, value_of(value, value.type)) for key, value in parameters)
                does.append(p.Do(action, said, span=effect.span))
            case _:
                pass
    return p.Branch(number, condition_of(branch.condition), tuple(gives), tuple(does), span=branch.span)


def gives_of(rule: p.Rule) -> frozenset[str]:
    """The outcomes that a rule may give and the actions that it may ask for."""
    outcomes = {give.outcome for branch in rule.branches for give in branch.gives}
    return frozenset(outcomes | {do.action for branch in rule.branches for do in branch.does})


def _exceptions(given: model.Model, rules: Sequence[Lowered]) -> dict[str, tuple[str, ...]]:
    """For each rule, the rules that silence it."""
    found: dict[str, list[str]] = {}
    for rule, source in rules:
        found.setdefault(rule.id, [])
        for other, theirs in rules:
            if other.id == rule.id:
                continue
            forbids = other.id.endswith("#no") and other is not rule and not rule.id.endswith("#no")
            named = bool(theirs.exception_to) and fold(theirs.exception_to) == fold(source.title)
            stronger = any(
                fold(s) == fold(theirs.title) and fold(w) == fold(source.title) for s, w in given.precedences
            )
            if ((forbids and gives_of(other) & gives_of(rule)) or named or stronger) and other.id not in found[rule.id]:
                found[rule.id].append(other.id)
    return {number: tuple(others) for number, others in found.items()}


def _fallback(rule: p.Rule, source: model.Rule, rules: Sequence[Lowered]) -> p.Rule:
    """« Dans tous les autres cas »: where no other rule of the file that gives one of the same outcomes applies."""
    if not source.fallback:
        return rule
    own = gives_of(rule)
    others = [
        p.Applies(other.id, tuple(sorted(gives_of(other) & own)))
        for other, theirs in rules
        if other.id != rule.id and theirs.file == source.file and not theirs.fallback and gives_of(other) & own
    ]
    otherwise = p.Not(p.AnyOf(tuple(others)))
    branches = tuple(
        replace(
            branch, condition=otherwise if branch.condition == p.Const(True) else p.All((otherwise, branch.condition))
        )
        for branch in rule.branches
    )
    return replace(rule, branches=branches)
