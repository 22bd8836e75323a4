"""A plan in, what a decision needs to know of it besides its expressions out."""

from rulec.plan.tree import Plan
from rulec.runtime.outline import Outline, RuleSlot


def outline_of(plan: Plan) -> Outline:
    """The slots by path, key and id, each in the order of the plan; the calendars as sets."""
    return Outline(
        facts={slot.path: slot for slot in plan.facts},
        outcomes={slot.key: slot for slot in plan.outcomes},
        actions={slot.key: slot for slot in plan.actions},
        rules={
            rule.id: RuleSlot(at, rule.id, rule.title, rule.file, rule.line, rule.exceptions, rule.each)
            for at, rule in enumerate(plan.rules)
        },
        calendars={name: frozenset(days) for name, days in plan.calendars},
        holiday_years=plan.holiday_years,
        language=plan.language,
        zone=plan.zone,
        digest=plan.digest,
        definitions={each.key: each.names[-1] for each in plan.definitions},
    )
