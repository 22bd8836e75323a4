"""A plan in order in, the same one without definitions on elements out: each stands where its name stood."""

from dataclasses import replace

from rulec.plan.tree import (
    Collect,
    Compare,
    CountWhere,
    Definition,
    Expr,
    Filter,
    Item,
    Member,
    MemberGiven,
    Plan,
    Sorted,
)
from rulec.semantics.element_terms import INSIDE
from rulec.tree import Node, rewrite, walk

_BINDING = Filter | Collect | CountWhere | Sorted


def inlined(plan: Plan) -> Plan:
    """The plan in which no key holds INSIDE. Definitions stand after those that they read."""
    if not any(INSIDE in each.key for each in plan.definitions):
        return plan
    values: dict[str, Expr] = {}

    def change(node: Node) -> Node:
        if not isinstance(node, Member | MemberGiven) or node.key not in values:
            return node
        value = replace(said_of(node.item, node.key.rpartition(INSIDE)[0], values[node.key]), span=node.span)
        # a value is equal to itself where it is known, and unknown for the same reasons
        return value if isinstance(node, Member) else Compare("eq", value, value, span=node.span)

    kept: list[Definition] = []
    for each in plan.definitions:
        made = rewrite(each, change)
        if INSIDE in each.key:
            values[each.key] = made.value
        else:
            kept.append(made)
    return replace(
        plan, definitions=tuple(kept), rules=tuple(rewrite(each, change) for each in plan.rules),
        tables=tuple(rewrite(each, change) for each in plan.tables),
        promises=tuple(rewrite(each, change) for each in plan.promises),
        oversight=tuple(rewrite(each, change) for each in plan.oversight),
    )  # fmt: skip


def said_of(item: Expr, bound: str, value: Expr) -> Expr:
    """A value of the element that is bound to a name, said of an item; no name of the item is bound in it."""
    taken = {node.name for node in walk(item) if isinstance(node, Item)}
    names = {node.name for node in walk(value) if isinstance(node, _BINDING)}
    fresh: dict[str, str] = {}
    for name in sorted(names):
        new = name
        while new in taken or (new != name and new in names) or new in fresh.values():
            new += "'"
        fresh[name] = new

    def change(node: Node) -> Node:
        if isinstance(node, Item):
            return item if node.name == bound else replace(node, name=fresh.get(node.name, node.name))
        return replace(node, name=fresh[node.name]) if isinstance(node, _BINDING) else node

    return rewrite(value, change)
