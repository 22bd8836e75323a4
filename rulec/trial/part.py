"""A plan and one of its rules or tables in, the plan of what that alone depends on out: as little as decides it."""

from collections.abc import Iterator
from dataclasses import replace

from rulec.plan.lower import gives_of
from rulec.plan.tree import Applies, Decided, Defined, DefinedGiven, OutcomeGiven, Plan, Rule, Table
from rulec.tree import Node, walk


def part_of(plan: Plan, step: Rule | Table) -> Plan:
    """The rule or table with its exceptions, and all that these read; whether it applies is as in the whole plan."""
    ids, keys, definitions = set[str](), set[str](), set[str]()
    waiting: list[Node] = [step]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Rule | Table):
            if node.id in ids:
                continue
            ids.add(node.id)
            waiting += [each for each in plan.statements if each.id in node.exceptions]
        for key in _read(node):
            if key not in keys:
                keys.add(key)
                found = [each for each in plan.definitions if each.key == key]
                definitions.update(each.key for each in found)
                waiting += [*found, *(each for each in plan.statements if each.id == key or key in gives_of(each))]
    return _only(plan, ids, keys, definitions)


def _read(node: Node) -> Iterator[str]:
    """The outcomes and definitions that a node reads, and the rules of which it asks whether they apply."""
    for each in walk(node):
        match each:
            case Decided(key) | OutcomeGiven(key) | Defined(key) | DefinedGiven(key) | Applies(key):
                yield key
            case _:
                continue


def _only(plan: Plan, ids: set[str], keys: set[str], definitions: set[str]) -> Plan:
    rules = tuple(rule for rule in plan.rules if rule.id in ids)
    tables = tuple(table for table in plan.tables if table.id in ids)
    statements: list[Rule | Table] = [*rules, *tables]
    given = keys.union(*(gives_of(each) for each in statements))
    return replace(
        plan, rules=rules, tables=tables, order=tuple(each for each in plan.order if each in ids),
        outcomes=tuple(slot for slot in plan.outcomes if slot.key in given),
        definitions=tuple(each for each in plan.definitions if each.key in definitions),
    )  # fmt: skip
