"""A plan and its examples decided in, what they reach out: rules, cases, definitions, conditions that matter.

A condition is shown where two examples prove that it alone changes the result of what it stands in: in each of them
the result would change with it, in one it holds, in the other it does not (masking MC/DC: J. J. Chilenski, An
Investigation of Three Forms of the Modified Condition Decision Coverage Criterion, DOT/FAA/AR-01/18, 2001).
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace

from rulec.backends.interpreter import interpret
from rulec.plan.lower import FORBIDDING, gives_of
from rulec.plan.tree import All, AnyOf, Applies, Const, Count, Expr, Not, Plan, Rule, Table
from rulec.runtime.decision import Decision, FiredRule
from rulec.runtime.kleene import Truth, Unknown, all_of, any_of, count_of, negate
from rulec.runtime.plain import Plain, plain
from rulec.trace import Probes
from rulec.tree import NOWHERE, Span
from rulec.trial.defined import DefinitionCover, ask_of, covers, used
from rulec.trial.run import Result

Held = Mapping[int, Truth]  # by the id of an atomic condition


@plain
class ConditionCover(Plain):
    """An atomic condition. `held`, `failed`: whether it did so in some example that reaches it."""

    span: Span
    held: bool
    failed: bool
    shown: bool


@plain
class CaseCover(Plain):
    """One way that a rule may go, from 1; 0 for its « sauf si ». `reached`: an example goes it."""

    number: int
    reached: bool
    conditions: tuple[ConditionCover, ...]


@plain
class RuleCover(Plain):
    """A rule. `reached`: it applies in some example."""

    rule: Rule
    reached: bool
    cases: tuple[CaseCover, ...]


@plain
class RowsCover(Plain):
    """A table. `reached`: for each row, in order, whether the decision of some example rests on it."""

    table: Table
    reached: tuple[bool, ...]


@plain
class Share(Plain):
    """How many of all."""

    reached: int
    total: int

    @property
    def percentage(self) -> int:
        """Rounded down: 100 is all of them."""
        return self.reached * 100 // self.total if self.total else 100


@plain
class Coverage(Plain):
    """What the examples of a rule set reach."""

    rules: tuple[RuleCover, ...]
    tables: tuple[RowsCover, ...] = ()
    definitions: tuple[DefinitionCover, ...] = ()

    @property
    def shares(self) -> tuple[Share, Share, Share, Share, Share]:
        """Of the rules, their cases, the atomic conditions, the rows of tables, the ways of definitions."""
        ways = [way.reached for each in self.definitions for way in each.ways]
        cases = [case for rule in self.rules for case in rule.cases if case.number]
        conditions = [each for rule in self.rules for case in rule.cases for each in case.conditions]
        return (
            Share(sum(rule.reached for rule in self.rules), len(self.rules)),
            Share(sum(case.reached for case in cases), len(cases)),
            Share(sum(each.shown for each in conditions), len(conditions)),
            Share(sum(sum(each.reached) for each in self.tables), sum(len(each.reached) for each in self.tables)),
            Share(sum(ways), len(ways)),
        )


def coverage_of(plan: Plan, results: Sequence[Result]) -> Coverage:
    """What these examples reach."""
    plan = replace(plan, promises=(), oversight=())  # of facts that break an assumption, what they reach is told too
    twin = twins(plan)
    rules = [rule for rule in plan.rules if rule.id not in twin]
    probes = Probes()
    for rule in rules:
        probes.ask(rule.id, Applies(rule.id, tuple(sorted(gives_of(rule)))))
        for expr in _conditions(rule):
            for atom in atoms_of(expr):
                probes.ask(id(atom), atom)
    definitions = used(plan)
    ask_of(definitions, probes)
    probed = probes.added_to(plan)
    seen = [Seen(probes, interpret(probed, *looked_at)) for result in results for looked_at in result.looked_at]
    fired = {(rule.id, rule.branch) for result in results for rule in fired_in(result.decision)}
    tables = (
        RowsCover(table, tuple((table.id, number) in fired for number in range(1, len(table.lines) + 1)))
        for table in plan.tables
    )
    told = covers(definitions, [each.truth for each in seen])
    return Coverage(tuple(_rule(rule, seen) for rule in rules), tuple(tables), told)


def fired_in(decision: Decision) -> Iterator[FiredRule]:
    """What the decision rests on."""
    for outcome in decision.outcomes.values():
        yield from outcome.fired
    for action in decision.actions:
        yield from action.fired


def twins(plan: Plan) -> set[str]:
    """The ids of what a rule forbids beside what it gives: one rule to its author."""
    whole = {rule.id for rule in plan.rules}
    return {each for each in whole if each.endswith(FORBIDDING) and each.removesuffix(FORBIDDING) in whole}


@plain
class Seen(Plain):
    """An example with the truth of every atomic condition."""

    probes: Probes
    decision: Decision

    def truth(self, key: Hashable) -> Truth:
        """Whether something held."""
        result = self.decision.outcomes[self.probes.names[key]]
        return bool(result.value) if result.status == "decided" else Unknown()

    def held(self, expr: Expr) -> dict[int, Truth]:
        """The truth of the atomic conditions of an expression."""
        return {id(atom): self.truth(id(atom)) for atom in atoms_of(expr)}


def _rule(rule: Rule, seen: Sequence[Seen]) -> RuleCover:
    applying = [each for each in seen if each.truth(rule.id) is True]
    cases = []
    left, some = list(seen), list[Seen]()
    for branch in rule.branches:
        told = [(each, holds(branch.condition, each.held(branch.condition))) for each in left]
        taken = [each for each, truth in told if truth is True]
        reached = any(each.truth(rule.id) is True for each in taken)
        cases.append(CaseCover(branch.number, reached, _covers(branch.condition, left)))
        left = [each for each, truth in told if truth is False]
        some += taken
    if rule.unless != Const(False):
        silenced = any(holds(rule.unless, each.held(rule.unless)) is True for each in some)
        cases.append(CaseCover(0, silenced, _covers(rule.unless, some)))
    return RuleCover(rule, bool(applying), tuple(cases))


def _covers(expr: Expr, reaching: Sequence[Seen]) -> tuple[ConditionCover, ...]:
    """Each atomic condition of an expression, over the examples that reach it."""
    rows = [each.held(expr) for each in reaching]
    found = []
    for atom in atoms_of(expr):
        if atom.span == NOWHERE:
            continue
        values = [row[id(atom)] for row in rows]
        telling = {row[id(atom)] for row in rows if decides(expr, row, atom)}
        found.append(ConditionCover(atom.span, True in values, False in values, telling == {True, False}))
    return tuple(found)


def decides(expr: Expr, row: Held, atom: Expr) -> bool:
    """Whether the result, which is known, changes with this condition, the others being what they are.

    Others that are not known made no difference to the result: any value will do, as for conditions not evaluated.
    """
    if isinstance(row[id(atom)], Unknown) or isinstance(holds(expr, row), Unknown):
        return False
    fills = (True, False) if any(isinstance(truth, Unknown) for truth in row.values()) else (True,)
    filled = [{at: fill if isinstance(truth, Unknown) else truth for at, truth in row.items()} for fill in fills]
    return any(holds(expr, {**each, id(atom): True}) is not holds(expr, {**each, id(atom): False}) for each in filled)


def holds(expr: Expr, held: Held) -> Truth:
    """Whether an expression holds, given its atomic conditions."""
    if id(expr) in held:
        return held[id(expr)]
    match expr:
        case All(items):
            return all_of(holds(item, held) for item in items)
        case AnyOf(items):
            return any_of(holds(item, held) for item in items)
        case Count(low, high, items):
            return count_of(low, high, [holds(item, held) for item in items])
        case Not(item):
            return negate(holds(item, held))
        case _:  # a constant: every other expression is an atomic condition
            return expr == Const(True)


def atoms_of(expr: Expr) -> Iterator[Expr]:
    """The conditions that an expression joins, down to those that join nothing."""
    if isinstance(expr, Not) and joined(expr.item):
        yield from atoms_of(expr.item)
    elif parts := joined(expr):
        for part in parts:
            yield from atoms_of(part)
    elif not isinstance(expr, Const) and expr != All(()):
        yield expr


def joined(expr: Expr) -> tuple[Expr, ...]:
    """The conditions that an expression joins; « entre 5 et 10 kg » is one, though it compares twice."""
    return expr.items if isinstance(expr, All | AnyOf | Count) and not is_one(expr) else ()


def is_one(expr: All | AnyOf | Count) -> bool:
    """Whether its parts stand in one place of the text: they are one condition to its author."""
    return len({item.span for item in expr.items}) < len(expr.items)


def _conditions(rule: Rule) -> Iterator[Expr]:
    yield from (branch.condition for branch in rule.branches)
    yield rule.unless
