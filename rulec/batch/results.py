"""Decisions in, columns of a table out: outcomes as exact values, statuses, the rules that fired."""

import json
from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

import pyarrow as pa

from rulec.plan.decimals import Decimals
from rulec.plan.supervised import is_overseen
from rulec.plan.tree import Plan
from rulec.runtime.decision import Decision, FiredRule, OutcomeResult
from rulec.runtime.shown import plain_number
from rulec.runtime.types import Choice, Date, DateTime, ListOf, OutcomeSlot, Record, Text, Time, Type, YesNo

REJECTED = "rejected"
_MOST_PLACES = 18
_DIGITS = 38  # of Arrow's decimals
_TEXTS = pa.list_(pa.string())
_CODED = pa.dictionary(pa.int32(), pa.string())


class Results:
    """The columns that decisions of a plan fill.

    For each outcome: its value (`key`), `key.status`, `key.fired`; then `status`, `missing`, `actions` where there may
    be any, `supervision` and `approvals` where rules speak of it, `problems`. Numbers are decimals where the rules
    bound their digits, otherwise text; moments are ISO text.
    """

    def __init__(self, plan: Plan) -> None:
        places = Decimals(plan)
        self.columns: list[tuple[str, Any, Callable[[Decision], object]]] = []
        for slot in plan.outcomes:
            self.columns += _of_outcome(slot, places.outcome(slot))
        self.columns += [("status", _CODED, lambda each: each.status), ("missing", _TEXTS, lambda each: each.missing)]
        if plan.actions:
            self.columns.append(("actions", _TEXTS, _actions))
        if is_overseen(plan):
            self.columns.append(("supervision", _CODED, lambda each: each.supervision.level))
            self.columns.append(("approvals", _TEXTS, lambda each: [one.who for one in each.supervision.approvals]))
        language = plan.language
        self.columns.append(
            ("problems", _TEXTS, lambda each: [f"{one.code} {one.message(language)}" for one in each.problems])
        )
        self.schema = pa.schema([(name, kind) for name, kind, _ in self.columns])

    def arrays(self, decisions: Sequence[Decision]) -> list[Any]:
        """The columns of some decisions."""
        return [_array(kind, list(map(told, decisions))) for _, kind, told in self.columns]

    def refused(self, problems: Sequence[Sequence[str]]) -> list[Any]:
        """The columns of rows that cannot be read, with what is wrong with each."""
        given: dict[str, Sequence[object]] = {"status": [REJECTED] * len(problems), "problems": list(problems)}
        return [_array(kind, given.get(name, [None] * len(problems))) for name, kind, _ in self.columns]


def _array(kind: Any, values: Sequence[object]) -> Any:
    return pa.array(values, pa.string()).dictionary_encode() if kind == _CODED else pa.array(values, kind)


def _of_outcome(slot: OutcomeSlot, places: int) -> list[tuple[str, Any, Callable[[Decision], object]]]:
    key, kind = slot.key, _kind(slot.value_type, places)
    plain = _plain(slot.value_type, places)

    def value(decision: Decision) -> object:
        result = decision.told.outcomes[key]
        return plain(result.value) if result.status == "decided" else None

    def status(decision: Decision) -> object:
        return decision.told.outcomes[key].status

    def fired(decision: Decision) -> object:
        return [_label(rule) for rule in _all_fired(decision.told.outcomes[key])]

    return [(key, kind, value), (f"{key}.status", _CODED, status), (f"{key}.fired", _TEXTS, fired)]


def _all_fired(result: OutcomeResult) -> list[FiredRule]:
    rules = [*result.fired, *(rule for each in result.elements for rule in each.fired)]
    return list(dict.fromkeys(rules))


def _label(rule: FiredRule) -> str:
    """The title of a rule, or its file and line; then which way it goes, or which row it is."""
    name = rule.title or f"{rule.file}:{rule.line}"
    return f"{name} #{rule.branch}" if rule.branch > 1 else name


def _kind(type_: Type, places: int) -> Any:
    match type_:
        case YesNo():
            return pa.bool_()
        case Choice() | Text():
            return pa.string()
        case Date():
            return pa.date32()
        case ListOf(item):
            return pa.list_(_kind(item, places))
        case _ if _is_decimal(type_, places):
            return pa.decimal128(_DIGITS, places)
        case _:
            return pa.string()


def _is_decimal(type_: Type, places: int) -> bool:
    return places <= _MOST_PLACES and not isinstance(type_, Time | DateTime | Record)


def _plain(type_: Type, places: int) -> Callable[[Any], object]:
    """What turns a value as held into one of the column."""
    if isinstance(type_, ListOf):
        each = _plain(type_.item, places)
        return lambda values: [None if value is None else each(value) for value in values]
    return _as_held if _kind(type_, places) != pa.string() else _as_text


def _as_held(value: Any) -> object:
    return value


def _as_text(value: Any) -> object:
    match value:
        case Decimal():
            return plain_number(value)
        case date() | time():
            return value.isoformat()
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


def _actions(decision: Decision) -> list[str]:
    """Each action as JSON: its key, its status, its parameters."""
    told = decision.to_json()["actions"]
    assert isinstance(told, list)
    return [
        json.dumps({key: each[key] for key in ("key", "status", "parameters")}, ensure_ascii=False) for each in told
    ]
