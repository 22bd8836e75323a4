"""Branches and rows that never apply: dead ones for no facts at all, masked ones because those before them win."""

from collections.abc import Iterator

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, all_of, both, either, negated, opposite
from rulec.analysis.prover import UnsettledError
from rulec.analysis.question import Analysis, firsts
from rulec.plan.lower import gives_of
from rulec.plan.tree import Rule, Table


def dead(analysis: Analysis) -> Iterator[Finding]:
    """Branches of rules and rows of tables for which there are no facts, then those that another always masks."""
    found = set[At]()
    for statement in analysis.plan.statements:
        for number, applies in _ways(analysis, statement):
            at = At(statement, number)
            if _never(analysis, applies):
                found.add(at)
                yield Finding("W604", at)
    yield from _masked(analysis, found)


def _ways(analysis: Analysis, statement: Rule | Table) -> Iterator[tuple[int, Term]]:
    """Each branch or row, where it applies for one of its outcomes or actions at least."""
    reader = analysis.statements
    if isinstance(statement, Rule):
        for branch, goes in zip(statement.branches, reader.branches(statement), strict=True):
            keys = [*(give.outcome for give in branch.gives), *(do.action for do in branch.does)]
            spoken = either(opposite(reader.silenced(statement, key).yes) for key in keys)
            yield branch.number, both([goes.yes, spoken])
        return
    spoken = either(opposite(reader.silenced(statement, key).yes) for key in sorted(gives_of(statement)))
    unless = reader.condition(statement, statement.unless)
    for number, row in enumerate(reader.rows(statement), 1):
        yield number, both([all_of([row, negated(unless)]).yes, spoken])


def _masked(analysis: Analysis, found: set[At]) -> Iterator[Finding]:
    told = set[At]()
    for table in analysis.plan.tables:
        if table.combine == "first":
            for outcome in sorted(gives_of(table)):
                given = analysis.statements.givings(table, outcome)
                for way in firsts(given):
                    told |= {At(table, way.number)} if _never(analysis, way.fires.yes) else set()
    for slot in analysis.plan.outcomes:
        if slot.combine == "first":
            given = [way for giver in analysis.reads.giving(slot.key) for way in analysis.ways(giver, slot.key)]
            for way in firsts(given):
                sole = isinstance(way.statement, Rule) and gives_of(way.statement) == {slot.key}
                told |= {At(way.statement, way.number)} if sole and _never(analysis, way.fires.yes) else set()
    yield from (Finding("W605", at) for at in sorted(told - found, key=lambda at: (at.statement.id, at.number)))


def _never(analysis: Analysis, applies: Term) -> bool:
    try:
        return analysis.prover.never(applies)
    except UnsettledError:
        return False
