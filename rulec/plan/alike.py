"""A plan in, the same plan without what moves when lines do out: two texts that decide the same compare equal."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from rulec.plan.tree import Applies, Column, Decides, Plan, Rule, Table
from rulec.runtime.tables import NONE
from rulec.runtime.types import Choice, ListOf, Option, Record, Slot, Type
from rulec.semantics.model import Example, Literal, Rows
from rulec.tree import Node, rewrite

S = TypeVar("S")
_PLACE = re.compile(r".*:\d+")


def comparable(plan: Plan) -> Plan:
    """The plan without places, and the ids and titles made from them."""
    ids = {each.id: str(number) for number, each in enumerate(plan.statements)}

    def renamed(node: Node) -> Node:
        return replace(node, rule=ids[node.rule]) if isinstance(node, Applies) else node

    def unplaced(rule: Rule) -> Rule:
        exceptions = tuple(ids[each] for each in rule.exceptions)
        title = _untitled(rule.title)
        return replace(rewrite(rule, renamed), id=ids[rule.id], title=title, file="", line=0, exceptions=exceptions)

    def undrawn(table: Table) -> Table:
        exceptions = tuple(ids[each] for each in table.exceptions)
        lines = tuple(0 for _ in table.lines)
        made = rewrite(table, renamed)
        return replace(
            made, id=ids[table.id], title=_untitled(table.title), file="", line=0, exceptions=exceptions,
            rows_file="", lines=lines, columns=tuple(map(_tested, made.columns)),
            decides=tuple(map(_given, made.decides)),
        )  # fmt: skip

    return replace(
        plan, rules=tuple(map(unplaced, plan.rules)), tables=tuple(map(undrawn, plan.tables)),
        definitions=tuple(replace(each, file="", line=0) for each in plan.definitions),
        judgements=tuple(replace(each, file="", line=0) for each in plan.judgements),
        order=tuple(ids[each] for each in plan.order), digest="",
        promises=tuple(
            replace(each, id=str(number), text="", file="", line=0) for number, each in enumerate(plan.promises)
        ),
        oversight=tuple(
            replace(each, id=str(number), text="", file="", line=0) for number, each in enumerate(plan.oversight)
        ),
    )  # fmt: skip


def _tested(column: Column) -> Column:
    """The column with each test once, however often it is said otherwise."""
    tests, cells = _once(column.tests, column.cells)
    return replace(column, tests=tests, cells=cells)


def _given(column: Decides) -> Decides:
    values, cells = _once(column.values, (*column.cells, column.default))
    return replace(column, values=values, cells=cells[:-1], default=cells[-1])


def _once(said: tuple[S, ...], cells: tuple[int, ...]) -> tuple[tuple[S, ...], tuple[int, ...]]:
    used: dict[S, int] = {}
    numbers = tuple(NONE if at == NONE else used.setdefault(said[at], len(used)) for at in cells)
    return tuple(used), numbers


def _untitled(title: str) -> str:
    """A title that the author gave; "" for one made of a place."""
    return "" if _PLACE.fullmatch(title) else title


def cases(examples: Sequence[Example]) -> tuple[Example, ...]:
    """The examples without their places."""
    return tuple(
        replace(each, file="", line=0, supposed=tuple(sorted(each.supposed, key=lambda fact: fact.path)))
        for each in examples
    )


def cases_without_words(examples: Sequence[Example]) -> tuple[Example, ...]:
    """The examples without the names of things either."""

    def unnamed(node: Node) -> Node:
        if isinstance(node, Rows):
            return replace(node, type=ListOf(_bare(node.type.item)))
        return replace(node, type=_bare(node.type)) if isinstance(node, Literal) else node

    return tuple(rewrite(each, unnamed) for each in cases(examples))


def without_words(plan: Plan) -> Plan:
    """The comparable plan without the names of things either: what both languages share."""
    plain = comparable(plan)
    return replace(
        plain, facts=tuple(map(_unnamed, plain.facts)), language="",
        outcomes=tuple(replace(each, name="", type=_bare(each.type)) for each in plain.outcomes),
        actions=tuple(
            replace(each, name="", parameters=tuple((key, "", _bare(kind)) for key, _, kind in each.parameters))
            for each in plain.actions
        ),
        definitions=tuple(replace(each, names=(), type=_bare(each.type)) for each in plain.definitions),
        oversight=tuple(replace(each, name="") for each in plain.oversight),
        events=tuple(replace(each, name="") for each in plain.events),
    )  # fmt: skip


def _unnamed(slot: Slot) -> Slot:
    return replace(slot, names=(), synonyms=(), type=_bare(slot.type))


def _bare(kind: Type) -> Type:
    match kind:
        case Choice(options):
            return Choice(tuple(Option(option.key, "") for option in options))
        case Record():
            return replace(kind, name="", attributes=tuple(map(_unnamed, kind.attributes)))
        case ListOf(item):
            return ListOf(_bare(item))
        case _:
            return kind
