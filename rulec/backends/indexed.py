"""A plan in, its outline and its lines out; where the plan is kept, so are they."""

from functools import partial
from typing import Any

from rulec.backends.lines import lines_of
from rulec.backends.outline import outline_with, rule_slots, table_slots
from rulec.plan.tree import Plan
from rulec.runtime.index import Line, Lines
from rulec.runtime.outline import Outline, RuleSlot


def indexed(plan: Plan) -> tuple[Outline, Lines]:
    """What deciding by the index needs; neither rules nor tables are read if it was made before."""
    rules, tables, inputs, lines, *rest = plan.once(partial(_data, plan))
    outline = outline_with(plan, {each[1]: RuleSlot(*each) for each in rules}, tables)
    return outline, Lines(inputs, [Line(*each) for each in lines], *rest)


def _data(plan: Plan) -> tuple[Any, ...]:
    """The same as numbers, texts and nodes."""
    made = lines_of(plan)
    rules = [
        (each.index, each.id, each.title, each.file, each.line, each.exceptions, each.each)
        for each in rule_slots(plan).values()
    ]
    lines = [
        (each.step, each.rank, each.rule, each.number, each.settled, each.sole, each.gives, each.does)
        for each in made.lines
    ]
    return rules, table_slots(plan), made.inputs, lines, made.always, made.is_plain, made.firsts
