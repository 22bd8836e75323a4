"""A checked model in, the plan out: units converted, exceptions and « dans tous les autres cas » spelled out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import partial

from rulec.plan import tree as p
from rulec.plan.conditions import choice_of, condition_of, value_of
from rulec.plan.lower_promises import lower_promise
from rulec.plan.lower_supervision import lower_oversight
from rulec.plan.lower_tables import lower_table
from rulec.plan.lower_watches import lower_watch, one_at_a_time
from rulec.runtime import types as t
from rulec.runtime.calculate import zoned
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.effect_values import nothing_of
from rulec.semantics.element_terms import INSIDE
from rulec.semantics.rules import Meaning
from rulec.syntax.fold import fold
from rulec.syntax.settings import Settings
from rulec.tree import Node, rewrite


def lower(written: model.Model, settings: Settings, language: str, digest: str) -> p.Plan:
    """The plan of a model. `p.Plan.order` is left to `ordered`, which may find a cycle."""
    known = _Known(settings.zone, {each.slot.path: each for each in written.definitions if each.parameters})
    kinds = {outcome.key: outcome.type for outcome in written.outcomes}
    given = replace(
        written,
        definitions=tuple(rewrite(each, known) for each in written.definitions if not each.parameters),
        tables=tuple(rewrite(each, known) for each in written.tables),
        promises=tuple(rewrite(each, known) for each in written.promises),
        oversight=tuple(rewrite(each, known) for each in written.oversight),
    )
    rules = [each for rule in given.rules for each in _rules(rule, kinds, known)]
    optional = frozenset(_optional(given.facts))
    plain_tables = [lower_table(table, kinds, optional) for table in given.tables]
    excepted = _exceptions(given, rules, plain_tables)
    complete = [replace(rule, exceptions=excepted[rule.id]) if excepted[rule.id] else rule for rule, _ in rules]
    others, exclusive = _by_file(rules, plain_tables), exclusive_actions(given.actions)
    filled = tuple(
        _fallback(rule, source, others, exclusive) for rule, (_, source) in zip(complete, rules, strict=True)
    )
    outcomes = tuple(
        replace(each, type=t.ListOf(each.type)) if each.combine == "collect" else each for each in given.outcomes
    )
    definitions = tuple(map(_definition, given.definitions))
    defined = {each.key: each for each in definitions}
    promises = tuple(lower_promise(each, defined) for each in given.promises)
    first = {id(rule): at for at, (_, rule) in reversed([*enumerate(rules)])}
    places = [*(first[id(rule)] for rule in given.rules), len(rules)]
    tables = tuple(
        replace(table, exceptions=excepted.get(table.id, ()), before=places[table.before]) for table in plain_tables
    )
    return p.Plan(
        given.facts, outcomes, given.actions, filled, (), language=language, digest=digest, definitions=definitions,
        tables=tables, zone=settings.zone, judgements=tuple(map(_judgement, given.judgements)),
        promises=(*promises, *one_at_a_time(given, language)),
        oversight=lower_oversight(given.oversight, given.actions, language),
        events=given.events, watches=tuple(map(lower_watch, given.watches)), lateness=settings.lateness,
    )  # fmt: skip


def _optional(facts: Sequence[t.Slot]) -> Iterator[str]:
    """The paths of what may be absent, those of elements after the one of their list."""
    for slot in facts:
        if slot.optional and slot.default is None:
            yield slot.path
        record = t.record_of(slot.type)
        for path in _optional(record.attributes) if isinstance(slot.type, t.ListOf) and record else ():
            yield f"{slot.path}{INSIDE}{path}"


@changing
class _Known:
    """What all that is written is read with: the zone of moments written without one, definitions with parameters."""

    zone: str
    definitions: dict[str, model.Definition]
    read: dict[str, model.Definition] = field(default_factory=dict)

    def __call__(self, node: Node) -> Node:
        if isinstance(node, model.Literal) and isinstance(node.value, datetime) and node.value.tzinfo is None:
            return replace(node, value=zoned(node.value, self.zone))
        if isinstance(node, model.Called) and node.body is None:
            if node.path not in self.read:
                self.read[node.path] = rewrite(self.definitions[node.path], self)
            return replace(node, body=self.read[node.path])
        return node


FORBIDDING = "#no"  # ends the id of what a rule forbids
Lowered = tuple[p.Rule, model.Rule]


def _rules(rule: model.Rule, kinds: dict[str, t.Type], known: Callable[[Node], Node]) -> Iterator[Lowered]:
    """A rule, and beside it what it forbids: « pas de remise » comes before every rule that gives some."""
    forbids = any(isinstance(e, model.Forbid) for branch in rule.branches for e in branch.effects)
    gives = any(not isinstance(e, model.Forbid) for branch in rule.branches for e in branch.effects)
    if not forbids:
        yield _rule(rule, rule.id, partial(_meant, kinds, known, False)), rule
        return
    said = rule.like.meaning if rule.like else Meaning(rule.branches, rule.unless)
    own = replace(rule, branches=said.branches, unless=said.unless, like=None)
    if gives:
        yield _rule(own, rule.id, partial(_meant, kinds, known, False)), rule
    yield _rule(own, f"{rule.id}{FORBIDDING}", partial(_meant, kinds, known, True)), rule


def _meant(
    kinds: dict[str, t.Type], known: Callable[[Node], Node], forbidden: bool, meaning: Meaning
) -> tuple[tuple[p.Branch, ...], p.Expr]:
    """The branches of a rule, and what it does not apply to."""
    branches = [rewrite(each, known) for each in meaning.branches]
    unless = condition_of(rewrite(meaning.unless, known)) if meaning.unless is not None else p.Const(False)
    return tuple(_branch(n, b, kinds, forbidden=forbidden) for n, b in enumerate(branches, 1)), unless


def _definition(given: model.Definition) -> p.Definition:
    slot, rule = given.slot, given.rule
    return p.Definition(slot.path, slot.type, slot.names, rule.file, rule.line, choice_of(given), span=rule.span)


def _judgement(said: model.Judgement) -> p.Judgement:
    doubt = tuple(
        p.Do(each.action, tuple((key, value_of(value, value.type)) for key, value in each.parameters), span=each.span)
        for each in said.doubt
    )
    return p.Judgement(
        said.path, said.text, said.means, said.answers, doubt, said.file, said.line, span=said.span
    )  # fmt: skip


def _rule(rule: model.Rule, number: str, lowered: Callable[[Meaning], tuple[tuple[p.Branch, ...], p.Expr]]) -> p.Rule:
    branches, unless = rule.like.lowered(lowered) if rule.like else lowered(Meaning(rule.branches, rule.unless))
    return p.Rule(
        number, rule.title, rule.file, rule.line, branches, unless, because=rule.because, each=rule.each, span=rule.span
    )  # fmt: skip


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


def gives_of(rule: p.Rule | p.Table) -> frozenset[str]:
    """The outcomes that a rule or table may give and the actions that it may ask for."""
    if isinstance(rule, p.Table):
        return frozenset(decided.outcome for decided in rule.decides)
    outcomes = {give.outcome for branch in rule.branches for give in branch.gives}
    return frozenset(outcomes | {do.action for branch in rule.branches for do in branch.does})


def _exceptions(
    given: model.Model, rules: Sequence[Lowered], tables: Sequence[p.Table]
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """For each rule, the rules that silence it: what forbids its outcomes, its exceptions, what prevails over it."""
    titled: dict[str, list[str]] = {}
    silencing: dict[str, list[str]] = {}
    prevailing: dict[str, list[str]] = {}
    forbidding: dict[str, list[str]] = {}
    for table in tables:
        titled.setdefault(fold(table.title), []).append(table.id)
    for rule, source in rules:
        titled.setdefault(fold(source.title), []).append(rule.id)
        if source.exception_to:
            silencing.setdefault(fold(source.exception_to), []).append(rule.id)
        if rule.id.endswith(FORBIDDING):
            for key in gives_of(rule):
                forbidding.setdefault(key, []).append(rule.id)
    for strong, weak in given.precedences:
        prevailing.setdefault(fold(weak), []).extend(titled.get(fold(strong), ()))
    found: dict[str, tuple[str, ...]] = {}
    everything: list[p.Rule | p.Table] = [*(rule for rule, _ in rules), *tables]
    for each in everything:
        others = list(silencing.get(fold(each.title), ()))
        if not each.id.endswith(FORBIDDING):
            others += [other for key in sorted(gives_of(each)) for other in forbidding.get(key, ())]
        others = [other for other in others if other != each.id]
        found[each.id] = tuple(dict.fromkeys([*others, *prevailing.get(fold(each.title), ())]))
    return found


def _fallback(
    rule: p.Rule,
    source: model.Rule,
    others: dict[tuple[str, str], list[str]],
    exclusive: dict[str, tuple[str, ...]],
) -> p.Rule:
    """« Dans tous les autres cas »: where no other rule of the file that gives one of the same outcomes applies.

    `others`: by file and outcome, the rules that give it and are no such rule themselves. `exclusive`: the actions
    that exclude each other count as one outcome.
    """
    if not source.fallback:
        return rule
    giving: dict[str, list[str]] = {}
    for key in sorted({same for own in gives_of(rule) for same in exclusive.get(own, (own,))}):
        for other in others.get((source.file, key), ()):
            giving.setdefault(other, []).append(key)
    otherwise = p.Not(p.AnyOf(tuple(p.Applies(other, tuple(keys)) for other, keys in giving.items())))
    branches = tuple(
        replace(
            branch, condition=otherwise if branch.condition == p.Const(True) else p.All((otherwise, branch.condition))
        )
        for branch in rule.branches
    )
    return replace(rule, branches=branches)


def exclusive_actions(actions: Sequence[t.ActionSlot]) -> dict[str, tuple[str, ...]]:
    """For each action of a group, all those of the group."""
    groups = {action.group for action in actions if action.group}
    members = {group: tuple(each.key for each in actions if each.group == group) for group in groups}
    return {action.key: members[action.group] for action in actions if action.group}


def _by_file(rules: Sequence[Lowered], tables: Sequence[p.Table]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for table in tables:
        for key in sorted(gives_of(table)):
            found.setdefault((table.file, key), []).append(table.id)
    for rule, source in rules:
        if not source.fallback:
            for key in sorted(gives_of(rule)):
                found.setdefault((source.file, key), []).append(rule.id)
    return found
