"""Statements in, the facts that they read out, by whatever way: definitions, other rules, outcomes."""

from collections.abc import Iterable

from rulec.plan.lower import gives_of
from rulec.plan.tree import (
    Applies,
    Decided,
    Defined,
    DefinedGiven,
    Fact,
    Given,
    Item,
    Member,
    MemberGiven,
    OutcomeGiven,
    Plan,
    Rule,
    Table,
    Today,
)
from rulec.tree import Node, walk

TODAY = "today()"  # among the paths: the date of the decision is read


class Reads:
    """What the statements of one plan read."""

    def __init__(self, plan: Plan) -> None:
        self._rules = {rule.id: rule for rule in plan.statements}
        self._definitions = {each.key: each for each in plan.definitions}
        self._giving = dict[str, list[Rule | Table]]()
        for rule in plan.statements:
            for key in sorted(gives_of(rule)):
                self._giving.setdefault(key, []).append(rule)

    def of(self, nodes: Iterable[Node]) -> list[str]:
        """The paths that they read, those of elements as « lines[].price », in a fixed order."""
        found, seen, waiting = set[str](), set[int](), list(nodes)
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            each = node.each if isinstance(node, Rule | Table) else ""
            waiting += [self._rules[other] for other in node.exceptions] if isinstance(node, Rule | Table) else []
            for below in walk(node):
                found |= set(_paths(below, each))
                waiting += self._behind(below)
        return sorted(found)

    def _behind(self, node: Node) -> list[Node]:
        match node:
            case Applies(rule):
                return [self._rules[rule]]
            case Decided(outcome) | OutcomeGiven(outcome):
                return list(self._giving.get(outcome, ()))
            case Defined(key) | DefinedGiven(key):
                return [self._definitions[key]]
            case _:
                return []

    def giving(self, key: str) -> list[Rule | Table]:
        """The statements that give an outcome or ask for an action, in the order of the text."""
        return self._giving.get(key, [])


def _paths(node: Node, each: str) -> list[str]:
    match node:
        case Fact(path) | Given(path):
            return [path]
        case Member(Item(name), key) | MemberGiven(Item(name), key, _) if name == each:
            return [f"{each}[].{key}"]
        case Today():
            return [TODAY]
        case _:
            return []
