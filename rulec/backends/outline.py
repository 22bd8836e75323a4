"""A plan in, what a decision needs to know of it besides its expressions out."""

from rulec.plan.tree import Const, Judgement, Plan, Table
from rulec.runtime.outline import JudgedSlot, Outline, RuleSlot
from rulec.runtime.promises import PromiseSlot
from rulec.runtime.supervision import OversightSlot
from rulec.runtime.tables import Output, TableSlot
from rulec.runtime.types import ListOf, OutcomeSlot


def outline_of(plan: Plan) -> Outline:
    """The slots by path, key and id, each in the order of the plan; the calendars as sets."""
    return outline_with(plan, rule_slots(plan), table_slots(plan))


def rule_slots(plan: Plan) -> dict[str, RuleSlot]:
    """The rules and tables by id."""
    return {
        rule.id: RuleSlot(at, rule.id, rule.title, rule.file, rule.line, rule.exceptions, rule.each)
        for at, rule in enumerate(plan.statements)
    }


def table_slots(plan: Plan) -> dict[str, TableSlot]:
    """The tables by id."""
    slots = {slot.key: slot for slot in plan.outcomes}
    return {table.id: _table(table, slots) for table in plan.tables}


def outline_with(plan: Plan, rules: dict[str, RuleSlot], tables: dict[str, TableSlot]) -> Outline:
    """The outline of a plan whose rules and tables are these."""
    return Outline(
        facts={slot.path: slot for slot in plan.facts},
        outcomes={slot.key: slot for slot in plan.outcomes},
        actions={slot.key: slot for slot in plan.actions},
        rules=rules,
        tables=tables,
        calendars={name: frozenset(days) for name, days in plan.calendars},
        holiday_years=plan.holiday_years,
        language=plan.language,
        zone=plan.zone,
        digest=plan.digest,
        definitions={each.key: each.slot for each in plan.definitions},
        judgements=tuple(_judged(each, plan) for each in plan.judgements),
        promises={
            each.id: PromiseSlot(each.id, each.text, each.file, each.line, each.outcomes, each.given, each.assumed)
            for each in plan.promises
        },
        oversight=tuple(
            OversightSlot(each.id, each.text, each.file, each.line, each.who, each.name, each.action)
            for each in plan.oversight
        ),
    )


def _judged(said: Judgement, plan: Plan) -> JudgedSlot:
    """A judgement, called after what is judged."""
    title = " ".join(next(slot.names for slot in plan.facts if slot.path == said.path))
    doubt = tuple(
        (do.action, tuple((key, expr.value) for key, expr in do.parameters if isinstance(expr, Const)))
        for do in said.doubt
    )
    return JudgedSlot(said.path, title, said.file, said.line, doubt)


def _table(table: Table, slots: dict[str, OutcomeSlot]) -> TableSlot:
    """A table with its outcomes under its own policy."""
    outputs = tuple(
        Output(_within(table, slots[decided.outcome]), decided.cells, decided.default) for decided in table.decides
    )
    return TableSlot(table.id, table.title, table.rows_file, table.lines, outputs)


def _within(table: Table, slot: OutcomeSlot) -> OutcomeSlot:
    listed = isinstance(slot.type, ListOf) and slot.combine == "collect" != table.combine
    kind = slot.type.item if listed and isinstance(slot.type, ListOf) else slot.type
    return OutcomeSlot(
        slot.key, kind, slot.name, table.combine, order=table.order, distinct=table.distinct
    )  # fmt: skip
