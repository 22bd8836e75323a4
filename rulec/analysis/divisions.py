"""Divisions by zero that may happen: in a condition or a value that is then not known."""

from collections.abc import Iterator, Sequence
from functools import partial

from rulec.analysis.covering import alike
from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, Truth, Value, all_of, both, either, negated, opposite
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import Analysis
from rulec.analysis.statements import Giving, Statement, gives
from rulec.analysis.translate import Meaning
from rulec.plan.tree import Arithmetic, Const, Defined, DefinedGiven, Definition, Rule, Table
from rulec.runtime.decision import Decision
from rulec.runtime.types import OutcomeSlot
from rulec.tree import NOWHERE, walk

ERROR = "E551"


def divisions(analysis: Analysis) -> Iterator[Finding]:
    """Each division whose divisor is zero in a case, told once, of the first statement that then cannot be decided."""
    definitions = {each.key: each for each in analysis.plan.definitions}
    told = set[int]()
    for statement in analysis.plan.statements:
        for division, home in _divisions(statement, definitions):
            if id(division) not in told:
                found = list(_dividing(analysis, statement, division, home))
                told |= {id(division)} if found else set()
                yield from found


def _divisions(
    statement: Statement, definitions: dict[str, Definition]
) -> Iterator[tuple[Arithmetic, Statement | Definition]]:  # fmt: skip
    """The divisions that a statement reads, where they stand: in itself, or in definitions."""
    waiting, seen = list[Statement | Definition]([statement]), set[str]()
    while waiting:
        home = waiting.pop(0)
        for node in walk(home):
            match node:
                case Arithmetic("div", _, right) if not (isinstance(right, Const) and right.value):
                    yield node, home
                case Defined(key) | DefinedGiven(key) if key not in seen:
                    seen.add(key)
                    waiting.append(definitions[key])
                case _:
                    pass


def _dividing(
    analysis: Analysis, statement: Statement, division: Arithmetic, home: Statement | Definition
) -> Iterator[Finding]:  # fmt: skip
    part = division if division.span != NOWHERE else None
    at, other = At(home), At(statement) if home is not statement else None
    paths = analysis.reads.of([statement])
    try:
        divisor = analysis.statements.along(statement, lambda: analysis.statements.value(division.right))
        zero = both([divisor.known, divisor.term == 0]) if isinstance(divisor, Value) else False
        model = analysis.prover.case(zero, _undecided(analysis, statement), shown=paths)
    except UnsettledError:
        return analysis.leave("N628", at, "", other, part)
    if model is None:
        return None
    case = analysis.shown(model, paths, _shows)
    if case is None:
        return analysis.leave("N628", at, "", other, part)
    yield Finding("W621", at, other, case=case, part=part)
    return None


def _shows(decision: Decision) -> bool:
    """Whether something cannot be decided for that alone."""
    results = [each for result in decision.outcomes.values() for each in (result, *result.elements)]
    told = [(each.status, each.problems) for each in results]
    told += [(each.status, each.problems) for each in decision.actions]
    return any(status == "error" and ERROR in {each.code for each in problems} for status, problems in told)


def _undecided(analysis: Analysis, statement: Statement) -> Term:
    """That an outcome or an action is not known for what is not known of a statement."""
    terms = [*_unasked(analysis, statement)] if isinstance(statement, Rule) else []
    for slot in analysis.plan.outcomes:
        own = analysis.statements.givings(statement, slot.key) if gives(statement, slot.key) else []
        before, after = _others(analysis, slot, statement) if own else ([], [])
        for at, way in enumerate(own):
            beside = own[:at] if isinstance(statement, Table) and statement.combine == "first" else []
            settled = either([*(other.fires.yes for other in beside), _settled(slot, way, before, after)])
            open_ = either([_unknown(way.fires), both([way.fires.yes, _unknown(way.value)])])
            terms.append(both([open_, opposite(settled)]))
    return either(terms)


def _unasked(analysis: Analysis, rule: Rule) -> Iterator[Term]:
    """That it is not known whether a rule asks for an action, or with what."""
    reader = analysis.statements
    for branch, goes in zip(rule.branches, reader.branches(rule), strict=True):
        for do in branch.does:
            asked = all_of([goes, negated(reader.silenced(rule, do.action))])
            values = [reader.along(rule, partial(reader.value, value)) for _, value in do.parameters]
            yield either([_unknown(asked), both([asked.yes, either(map(_unknown, values))])])


def _others(analysis: Analysis, slot: OutcomeSlot, statement: Statement) -> tuple[list[Giving], list[Giving]]:
    """The ways of the other statements, those before it and those after it."""
    givers = analysis.reads.giving(slot.key) if slot.combine in ("first", "max", "min", "any") else [statement]
    place = givers.index(statement)
    before, after = (
        [way for giver in some for way in analysis.ways(giver, slot.key)]
        for some in (givers[:place], givers[place + 1 :])
    )
    return before, after


def _settled(slot: OutcomeSlot, way: Giving, before: Sequence[Giving], after: Sequence[Giving]) -> Term:
    """That the same is decided whether a way goes or not, by what others surely give."""
    if slot.combine != "first":
        return either(both([other.fires.yes, _enough(slot, way, other)]) for other in (*before, *after))
    same: Term = False
    for other in reversed(after):
        same = either([both([other.fires.yes, alike(way, other)]), both([opposite(other.fires.yes), same])])
    return either([*(other.fires.yes for other in before), same])


def _enough(slot: OutcomeSlot, way: Giving, other: Giving) -> Term:
    """That a way adds nothing to another one."""
    one, two = way.value, other.value
    if slot.combine == "any" or not isinstance(one, Value) or not isinstance(two, Value):
        return alike(way, other)
    return both([one.known, two.known, two.term >= one.term if slot.combine == "max" else two.term <= one.term])


def _unknown(value: Meaning) -> Term:
    return opposite(value.settled if isinstance(value, Truth) else value.known)
