"""A plan in, small changes of what its rules say out: operators, thresholds, connectives, values, one at a time.

What examples do not notice of them, they do not check (mutation analysis: R. A. DeMillo, R. J. Lipton, F. G. Sayward,
Hints on Test Data Selection, IEEE Computer, 1978).
"""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

from rulec.plan.tree import (
    All,
    AnyOf,
    Arithmetic,
    Choose,
    Compare,
    Const,
    Count,
    Decided,
    Defined,
    Definition,
    Expr,
    Fact,
    Give,
    In,
    Not,
    Plan,
    Rule,
)  # fmt: skip
from rulec.runtime import types as t
from rulec.runtime.plain import Plain, plain
from rulec.tree import NOWHERE, Node, Span
from rulec.trial.coverage import atoms_of, is_one
from rulec.trial.steps import beside

_SWAPPED = {"lt": "le", "le": "lt", "gt": "ge", "ge": "gt", "eq": "ne", "ne": "eq"}
_MIRRORED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
_MOVED = {"lt": -1, "le": 1, "gt": 1, "ge": -1}  # where « < » to « ≤ » does not lead already
N = TypeVar("N", bound=Node)


@plain
class Told(Plain):
    """What is changed. `what`: a word of `tell_changes`. `before`, `after`: values of `kind`, or words."""

    what: str
    before: object = None
    after: object = None
    kind: t.Type | None = None


@plain
class Change(Plain):
    """One change. `step`: the id of the rule or table, or the key of the definition. `row`: of a table, from 0."""

    step: str
    span: Span
    told: Told
    plan: Plan
    row: int = -1


Way = tuple[Any, Told, Span]  # a node in place of another, what it changes, where
Ways = Callable[[Node, Span], Iterator[Way]]


def changes_of(plan: Plan) -> Iterator[Change]:
    """Every change, rule by rule, then definitions."""
    makes = _Makes(plan)
    for at, rule in enumerate(plan.rules):
        for new, told, span in makes.of_rule(rule):
            rules = (*plan.rules[:at], new, *plan.rules[at + 1 :])
            yield Change(rule.id, span, told, replace(plan, rules=rules))
    for at, definition in enumerate(plan.definitions):
        for new, told, span in makes.of_definition(definition):
            definitions = (*plan.definitions[:at], new, *plan.definitions[at + 1 :])
            yield Change(definition.key, span, told, replace(plan, definitions=definitions))


def next_value(kind: t.Type | None, value: object) -> object:
    """Another value of a type; None where there is no obvious one."""
    match kind, value:
        case _, bool():
            return not value
        case t.Choice(options), str():
            return next((option.key for option in options if option.key != value), None)
        case _, tuple():
            return None
        case _:
            return beside(kind, value, 1)


class _Makes:
    """The changes of one plan, whose types tell how a value is moved."""

    def __init__(self, plan: Plan) -> None:
        self.types: dict[tuple[type, str], t.Type] = {
            **{(Fact, slot.path): slot.type for slot in plan.facts},
            **{(Decided, slot.key): slot.type for slot in plan.outcomes},
            **{(Defined, each.key): each.type for each in plan.definitions},
        }
        self.titles = {each.id: each.title for each in plan.statements}

    def of_rule(self, rule: Rule) -> Iterator[Way]:
        """The changes of a rule."""
        atoms = _atoms(*(branch.condition for branch in rule.branches), rule.unless)
        yield from everywhere(rule, lambda node, span: self.ways(node, span, atoms), rule.span)
        for at, branch in enumerate(rule.branches):
            if branch.condition == Const(False):
                continue
            never = replace(branch, condition=Const(False))
            branches = (*rule.branches[:at], never, *rule.branches[at + 1 :])
            yield replace(rule, branches=branches), Told("never", branch.number, len(rule.branches)), rule.span
        if rule.unless != Const(False):
            yield replace(rule, unless=Const(False)), Told("unless"), rule.unless.span
        for other in rule.exceptions:
            left = tuple(each for each in rule.exceptions if each != other)
            yield replace(rule, exceptions=left), Told("exception", self.titles[other]), rule.span

    def of_definition(self, definition: Definition) -> Iterator[Way]:
        """The changes of a definition."""
        value = definition.value
        conditions = [case for case, _ in value.cases] if isinstance(value, Choose) else []
        if isinstance(definition.type, t.YesNo):
            conditions.append(value)
        atoms = _atoms(*conditions)
        yield from everywhere(definition, lambda node, span: self.ways(node, span, atoms), definition.span)

    def ways(self, node: Node, span: Span, atoms: frozenset[int]) -> Iterator[Way]:
        """What may stand in place of a node."""
        if id(node) in atoms:
            yield Not(node), Told("opposite"), span  # type: ignore[arg-type]  # an atom is an expression
        match node:
            case Compare(operator, left, right):
                yield replace(node, operator=_SWAPPED[operator]), Told("operator", operator, _SWAPPED[operator]), span
                for moved, told in self.moved(node, operator, left, right):
                    yield moved, told, span
            case In(item, values) if len(values) > 1:
                for value in values:
                    left_values = tuple(each for each in values if each != value)
                    yield replace(node, values=left_values), Told("value", value, kind=self.type_of(item)), span
            case All(items) if len(items) > 1 and not is_one(node):
                yield AnyOf(items, span=node.span), Told("or"), span
            case AnyOf(items) if len(items) > 1 and not is_one(node):
                yield All(items, span=node.span), Told("and"), span
            case Count(low, high, items):
                for ends in ((low + 1, high), (low, high - 1)):
                    if 0 <= ends[0] <= ends[1] and ends != (low, high):
                        yield replace(node, low=ends[0], high=ends[1]), Told("count", (low, high), ends), span
            case Give(outcome, Const(value)):
                yield from self.other(node, value, self.types[Decided, outcome], span)
            case Arithmetic(_, left, right):
                for name, side in (("left", left), ("right", right)):
                    if isinstance(side, Const) and (after := beside(None, side.value, 1)) is not None:
                        yield replace(node, **{name: Const(after)}), Told("instead", side.value, after), span  # type: ignore[arg-type]  # a side
            case _:
                return

    def other(self, give: Give, value: object, kind: t.Type, span: Span) -> Iterator[Way]:
        """Another value given."""
        kind = kind.item if isinstance(kind, t.ListOf) else kind
        after = next_value(kind, value)
        if after is not None:
            yield replace(give, value=Const(after)), Told("instead", value, after, kind), span

    def moved(self, node: Compare, operator: str, left: Expr, right: Expr) -> Iterator[tuple[Compare, Told]]:
        """A threshold a step further."""
        for name, side, other, read in (("right", right, left, operator), ("left", left, right, _MIRRORED[operator])):
            if isinstance(side, Const) and read in _MOVED:
                kind = self.type_of(other)
                after = beside(kind, side.value, _MOVED[read])
                if after is not None:
                    yield replace(node, **{name: Const(after)}), Told("instead", side.value, after, kind)  # type: ignore[arg-type]  # a side

    def type_of(self, expr: Expr) -> t.Type | None:
        """The type of what a name stands for."""
        match expr:
            case Fact(key) | Decided(key) | Defined(key):
                return self.types.get((type(expr), key))
            case _:
                return None


def _atoms(*conditions: Expr) -> frozenset[int]:
    return frozenset(id(atom) for condition in conditions for atom in atoms_of(condition))


def everywhere(node: N, ways: Ways, span: Span) -> Iterator[tuple[N, Told, Span]]:
    """The tree with each node below replaced in each way, one at a time. `span`: of what stands around."""
    here = node.span if node.span != NOWHERE else span
    yield from ways(node, here)
    for each in fields(node):
        value = getattr(node, each.name)
        if each.name != "span":
            for new, told, place in _in(value, ways, here):
                yield replace(node, **{each.name: new}), told, place


def _in(value: object, ways: Ways, span: Span) -> Iterator[Way]:
    if isinstance(value, Node):
        yield from everywhere(value, ways, span)
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            for new, told, place in _in(item, ways, span):
                yield (*value[:at], new, *value[at + 1 :]), told, place
