"""Branches and rows that never apply: dead ones for no facts at all, masked ones because those before them win."""

from collections.abc import Iterator

from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import Term, all_of, both, either, negated, opposite
from rulec.analysis.masking import Masked
from rulec.analysis.question import Analysis
from rulec.analysis.together import is_event_rule
from rulec.plan.lower import gives_of
from rulec.plan.tree import Const, Rule, Table


def dead(analysis: Analysis) -> Iterator[Finding]:
    """Branches of rules and rows of tables for which there are no facts, then those that another always masks."""
    found = analysis.dead
    for statement in analysis.plan.statements:
        for number, applies in _ways(analysis, statement):
            if analysis.never(statement, applies):
                found.add((statement.id, number))
                yield Finding("W753" if is_event_rule(analysis, statement) else "W604", At(statement, number))
    masked = Masked(analysis)
    for statement in analysis.plan.statements:
        analysis.masked |= {(statement.id, number) for number in masked.of(statement)}
        left = [number for number in masked.of(statement) if (statement.id, number) not in found]
        yield from (Finding("W605", At(statement, number)) for number in left)


def _ways(analysis: Analysis, statement: Rule | Table) -> Iterator[tuple[int, Term]]:
    """Each branch or row that may be dead, where it applies for one of its outcomes or actions at least."""
    reader = analysis.statements
    if isinstance(statement, Rule):
        if _is_alive(analysis, statement):
            return
        for branch, goes in zip(statement.branches, reader.branches(statement), strict=True):
            keys = [*(give.outcome for give in branch.gives), *(do.action for do in branch.does)]
            spoken = either(opposite(reader.silenced(statement, key).yes) for key in keys)
            yield branch.number, both([goes.yes, spoken])
        return
    left = [row for row in range(1, len(statement.lines) + 1) if not analysis.settled.goes(statement, row)]
    if left:
        spoken = either(opposite(reader.silenced(statement, key).yes) for key in sorted(gives_of(statement)))
        unless = reader.condition(statement, statement.unless)
        held = [all_of([reader.row(statement, row - 1), negated(unless)]) for row in left]
        yield from ((row, both([each.yes, spoken])) for row, each in zip(left, held, strict=True))


def _is_alive(analysis: Analysis, rule: Rule) -> bool:
    """Whether a rule surely applies to some facts: nothing but its one condition decides on that, and it is simple."""
    alone = len(rule.branches) == 1 and not rule.exceptions and rule.unless == Const(False)
    return alone and analysis.simple.holds(rule.branches[0].condition)
