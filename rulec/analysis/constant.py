"""Conditions that say nothing: parts that are always true, always false, or that those beside them already say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, Truth, both, either, opposite
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import UNSETTLED, Analysis
from rulec.analysis.simple import is_one_word
from rulec.plan.tree import (
    All,
    AnyOf,
    Choose,
    Const,
    Count,
    DefinedGiven,
    Expr,
    Given,
    MemberGiven,
    Not,
    OutcomeGiven,
)
from rulec.runtime.tables import OneOf, Within
from rulec.runtime.types import YesNo
from rulec.tree import NOWHERE, walk

MOST = 100  # parts of one condition: each is compared with all others
_GUARDS = (Const, Given, MemberGiven, OutcomeGiven, DefinedGiven)  # what must be said, whether it may fail or not
Read = Callable[[Expr], Truth]


def constant_parts(analysis: Analysis) -> Iterator[Finding]:
    """The written parts of the conditions of rules, cells and definitions that never make a difference."""
    for at, condition, read, around in _conditions(analysis):
        if around is not True or not analysis.simple.holds(condition):
            try:
                yield from _Condition(analysis, at, condition, read, around).found()
            except UnsettledError:
                analysis.leave(UNSETTLED, At(at.statement), "")


def _conditions(analysis: Analysis) -> Iterator[tuple[At, Expr, Read, Term]]:
    """Each condition that is written, and where it is looked at: an exception, where its rule would apply.

    A cell of one test is none: it parts its column, and may say what a bound says.
    """
    statements = analysis.statements
    for rule in analysis.plan.rules:
        read = partial(statements.condition, rule)
        for branch in rule.branches:
            yield At(rule, branch.number), branch.condition, read, True
        if not isinstance(rule.unless, Const):
            yield At(rule), Not(rule.unless), read, either(read(branch.condition).yes for branch in rule.branches)
    for table in analysis.plan.tables:
        for column in table.columns:
            for number, test in enumerate(column.tests):
                if not isinstance(test, OneOf | Within) and _items(test) and number in column.cells:
                    row = column.cells.index(number) + 1
                    yield At(table, row), test, partial(statements.condition, table), True
    for definition in analysis.plan.definitions:
        chosen = [node for node in walk(definition.value) if isinstance(node, Choose)]
        for condition in (condition for each in chosen for condition, _ in each.cases):
            yield At(definition), condition, statements.truth, True
        if isinstance(definition.type, YesNo) and not chosen:
            yield At(definition), definition.value, statements.truth, True


class _Condition:
    """One condition. `around`: where it is looked at."""

    def __init__(self, analysis: Analysis, at: At, condition: Expr, read: Read, around: Term) -> None:
        self._analysis, self._at, self._root, self._read, self._around = analysis, at, condition, read, around
        self._told, self._settled = dict[int, Finding](), set[int]()
        self._gone = dict[int, Expr]()  # what is found to be spare, and what stands for it

    def found(self) -> Iterator[Finding]:
        """What makes no difference in it."""
        if sum(1 for _ in _parts(self._root)) > MOST:
            self._analysis.leave(UNSETTLED, At(self._at.statement), "")
        elif not self._never():
            settled = -1 if self._constant(self._root) is None else len(self._settled)
            while settled < len(self._settled):  # without one part, another may be spare
                settled = len(self._settled)
                self._spare(self._root)
            yield from self._told.values()

    def _never(self, *terms: Term) -> bool:
        return self._analysis.prover.never(self._around, *terms)

    def _tell(self, code: str, part: Expr, beside: tuple[Expr, ...] = ()) -> None:
        if part.span != NOWHERE:
            self._told[id(part)] = Finding(code, self._at, part=part, beside=beside)

    # ---- what is always true, or always false

    def _constant(self, part: Expr) -> bool | None:
        """Whether a part is always true, or always false; told of the smallest part that is."""
        found = self._constantly(part)
        self._settled |= {id(part)} if found is not None else set()
        return found

    def _constantly(self, part: Expr) -> bool | None:
        items = [self._constant(item) for item in _items(part)]
        if isinstance(part, Not):
            return None if items[0] is None else not items[0]
        if isinstance(part, All | AnyOf):
            settles = isinstance(part, AnyOf)
            if settles in items or (items and set(items) == {not settles}):
                return settles if settles in items else not settles
        if isinstance(part, _GUARDS) or (self._around is True and self._analysis.simple.holds(part)):
            return None
        truth = self._read(part)
        if self._never(opposite(truth.yes)):
            self._tell("W607", part)
            return True
        if self._never(opposite(truth.no)):
            if part is not self._root:  # the whole rule never applies, which is told of it
                self._tell("W615", part)
            return False
        return None

    # ---- what those beside it say

    def _spare(self, part: Expr) -> None:
        """Drop, the last first, the parts without which the whole is the same."""
        items = _items(part)
        joined = isinstance(part, All | AnyOf) and len(items) > 1
        for item in reversed(items):
            if id(item) in self._settled:
                continue
            if joined and not isinstance(item, _GUARDS) and item.span != NOWHERE and self._is_spare(part, item):
                self._tell("W614", item, self._beside(part, item))
                self._settled.add(id(item))
            else:
                self._spare(item)

    def _is_spare(self, around: Expr, part: Expr) -> bool:
        gone = self._gone | {id(part): Const(isinstance(around, All))}
        one, other = (self._read(_without(self._root, each)) for each in (self._gone, gone))
        differ = [_differ(one.yes, other.yes), *([] if one.sure and other.sure else [_differ(one.no, other.no)])]
        if not self._never(either(differ)):
            return False
        self._gone = gone
        return True

    def _beside(self, around: Expr, part: Expr) -> tuple[Expr, ...]:
        """The parts beside it that say it."""
        others = [item for item in _items(around) if item is not part and id(item) not in self._settled]
        conjunction = isinstance(around, All)
        terms = [self._read(item).yes if conjunction else opposite(self._read(item).yes) for item in others]
        wanted = self._read(part).yes
        kept = self._analysis.prover.needed(terms, both([self._around, opposite(wanted) if conjunction else wanted]))
        return tuple(others[place] for place in kept or ())


def _items(part: Expr) -> tuple[Expr, ...]:
    """The parts of which it is made: what is written in one word is one."""
    match part:
        case Not(item):
            return (item,)
        case All(items) | AnyOf(items) | Count(_, _, items):
            return () if is_one_word(part) else items
        case _:
            return ()


def _parts(part: Expr) -> Iterator[Expr]:
    yield part
    for item in _items(part):
        yield from _parts(item)


def _without(part: Expr, gone: Mapping[int, Expr]) -> Expr:
    """A condition with others in place of some of its parts."""
    if id(part) in gone:
        return gone[id(part)]
    items = tuple(_without(item, gone) for item in _items(part))
    match part:
        case Not():
            return replace(part, item=items[0])
        case All() | AnyOf() | Count() if items:
            return replace(part, items=items)
        case _:
            return part


def _differ(one: Term, other: Term) -> Term:
    return either([both([one, opposite(other)]), both([opposite(one), other])])
