"""Rules and rows that change nothing: wherever they count, others that stay give the same."""

from collections.abc import Iterator, Mapping, Sequence

from rulec.analysis.covering import POLICIES, Group
from rulec.analysis.findings import At, Finding
from rulec.analysis.logic import either
from rulec.analysis.question import Analysis
from rulec.plan.lower import gives_of
from rulec.plan.tree import Applies, Rule, Table
from rulec.runtime.types import OutcomeSlot
from rulec.tree import walk


def redundant(analysis: Analysis) -> Iterator[Finding]:
    """Rules and rows of tables that others cover; of two that do the same, the later one is told."""
    groups = {slot.key: _of_rules(analysis, slot) for slot in analysis.plan.outcomes if slot.combine in POLICIES}
    for rule in reversed(_candidates(analysis)):
        keys = sorted(gives_of(rule))
        if all(key in groups and groups[key].spares(rule.id) for key in keys) and _applies(analysis, groups, rule):
            for key in keys:
                groups[key].drop(rule.id)
            yield Finding("W606", At(rule), outcome=keys[0])
    for table in analysis.plan.tables:
        if table.combine in POLICIES:
            yield from _rows(analysis, table)


def _of_rules(analysis: Analysis, slot: OutcomeSlot) -> Group:
    ways = [way for giver in analysis.reads.giving(slot.key) for way in analysis.ways(giver, slot.key)]
    return Group(analysis, slot, ways, [way.statement.id for way in ways])


def _candidates(analysis: Analysis) -> list[Rule]:
    """The rules that only give values, and that no other speaks of."""
    read = {node.rule for node in walk(analysis.plan) if isinstance(node, Applies)}
    read |= {other for rule in analysis.plan.statements for other in rule.exceptions}
    return [
        rule for rule in analysis.plan.rules
        if rule.id not in read and gives_of(rule) and not any(branch.does for branch in rule.branches)
    ]  # fmt: skip


def _applies(analysis: Analysis, groups: Mapping[str, Group], rule: Rule) -> bool:
    """Whether a rule counts somewhere: one that never does is told for that."""
    own = [way for key in gives_of(rule) for way in groups[key].own(rule.id)]
    lost = {way.number for way in own if analysis.is_lost(rule, way.number)}
    left = [way for way in own if way.number not in lost]
    return bool(left) and not analysis.never(rule, either(way.fires.yes for way in left))


def _rows(analysis: Analysis, table: Table) -> Iterator[Finding]:
    """The rows of a table that the others cover, for all outcomes to which they give a value."""
    slots, groups = {slot.key: slot for slot in analysis.plan.outcomes}, list[Group]()
    last = len(table.lines) - table.has_default
    for decides in table.decides:
        like = slots[decides.outcome]
        slot = OutcomeSlot(like.key, like.type, like.name, table.combine, order=table.order)
        ways = [way for way in analysis.statements.givings(table, like.key) if way.number <= last]
        dead = analysis.is_lost(table, len(table.lines))
        otherwise = analysis.statements.otherwise(table, decides) if not dead else None
        groups.append(Group(analysis, slot, ways, [str(way.number) for way in ways], otherwise))
    numbers, told = [number for number in range(last, 0, -1) if not analysis.is_lost(table, number)], -1
    while told:  # without one row, another may be spare
        spare = [number for number in numbers if _drop(groups, str(number))]
        yield from (Finding("W606", At(table, number), outcome=table.decides[0].outcome) for number in spare)
        numbers, told = [number for number in numbers if number not in spare], len(spare)


def _drop(groups: Sequence[Group], name: str) -> bool:
    """Take a row away, if it is spare for all outcomes to which it gives a value."""
    own = [group for group in groups if group.own(name)]
    if not own or not all(group.spares(name) for group in own):
        return False
    for group in own:
        group.drop(name)
    return True
