"""A plan and its examples in, the decision of each out, with what is not as expected.

Every example is decided twice, by the interpreter and by the generated Python, which must agree.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from rulec.backends.assumed import unassuming
from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan
from rulec.events.rules import EventRules
from rulec.moment import Moment, read_moment
from rulec.plan.conditions import value_of
from rulec.plan.tree import Branch, Const, Expr, Give, Plan, Rule
from rulec.runtime import types as t
from rulec.runtime.decision import ActionResult, Decision
from rulec.runtime.facts import FactsError
from rulec.runtime.kleene import worst
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model
from rulec.semantics.effect_values import nothing_of
from rulec.trial.history import Story, recorded, told

WRONG = frozenset({"conflict", "error"})


@plain
class Wanted(Plain):
    """Something expected, its values as the plan holds them: those of an outcome, or parameters in their order."""

    expected: model.Expected
    values: tuple[object, ...] = ()


@plain
class Failure(Plain):
    """Something not as expected; `wanted` None: nothing was said of `key`, but its status is a conflict or an error.

    `broken`: what is wrong with the facts themselves.
    """

    key: str
    wanted: Wanted | None = None
    broken: FactsError | None = None


@plain
class Result(Plain):
    """An example decided. `agree`: whether both backends decide the same.

    Of one with a history: what it decides in all, the facts and the date of its last moment, and its `story`.
    """

    example: model.Example
    facts: Mapping[str, object]
    at: Moment
    decision: Decision
    failures: tuple[Failure, ...]
    agree: bool
    story: "Story | None" = None

    @property
    def passed(self) -> bool:
        """Whether all is as expected."""
        return self.agree and not self.failures

    @property
    def looked_at(self) -> "Sequence[tuple[Mapping[str, object], date]]":
        """The facts, with their dates, that the rules looked at."""
        return self.story.moments if self.story else ((self.facts, self.at),)


def run_examples(plan: Plan, examples: Sequence[model.Example]) -> tuple[Result, ...]:
    """Every example, in order."""
    today = read_moment(None, plan.zone, "fr")
    if not examples:
        return ()
    decide = compile_plan(plan)
    rules = EventRules(plan) if any(example.history for example in examples) else None
    return tuple(
        _replayed(rules, decide, example, today) if example.history and rules else _run(plan, decide, example, today)
        for example in examples
    )


Decide = Callable[[Mapping[str, object], date], Decision]


def _replayed(rules: EventRules, decide: Decide, example: model.Example, today: Moment) -> Result:
    """An example with a history, run through the replay."""
    plan = rules.plan
    story = told(rules, recorded(rules, example, today, partial(facts_of, plan)))
    facts, at = story.moments[-1]
    try:
        agree = all(interpret(plan, *moment) == decide(*moment) for moment in story.moments)
    except FactsError as error:
        return Result(example, facts, at, story.decision, (Failure("", broken=error),), True, story)
    failures = tuple(failures_of(plan, wanted_of(plan, example, at), story.decision))
    return Result(example, facts, at, story.decision, failures, agree, story)


def _run(plan: Plan, decide: Decide, example: model.Example, today: Moment) -> Result:
    at = today
    if example.at is not None:
        said = evaluated([(example.at, t.Date())], today)[0]
        at = said if isinstance(said, date) else today
    facts = facts_of(plan, example.supposed, at)
    try:
        decision = interpret(plan, facts, at)
    except FactsError as error:
        decision = interpret(unassuming(plan), facts, at)
        return Result(example, facts, at, decision, (Failure("", broken=error),), True)
    failures = tuple(failures_of(plan, wanted_of(plan, example, at), decision))
    return Result(example, facts, at, decision, failures, decide(facts, at) == decision)


def wanted_of(plan: Plan, example: model.Example, at: Moment) -> tuple[Wanted, ...]:
    """What an example expects."""
    return tuple(_wanted(plan, each, at) for each in example.expected)


def failures_of(plan: Plan, wanted: Sequence[Wanted], decision: Decision) -> Iterator[Failure]:
    """What of a decision is not as expected."""
    yield from (failure for each in wanted if (failure := _checked(plan, each, decision)))
    yield from _unexpected(wanted, decision)


def facts_of(plan: Plan, supposed: Sequence[model.Supposed], at: date) -> dict[str, object]:
    """The facts that an example gives, as the plan holds them."""
    kinds = {slot.path: slot.type for slot in plan.facts}
    held = _held(supposed, kinds, at)
    facts = {t.doubt_of(path) if value is t.IN_DOUBT else path: value for path, value in held.items()}
    for each in supposed:
        if isinstance(each.value, model.Rows):
            facts[each.path] = _elements(each.value, at)
    return facts


def _elements(listed: model.Rows, at: date) -> tuple[dict[str, object], ...]:
    """The elements of a list, as the plan holds them."""
    record = t.record_of(listed.type)
    assert record is not None
    kinds = {slot.path: slot.type for slot in record.attributes}
    defaults = {slot.path: slot.default for slot in record.attributes if slot.default is not None}
    return tuple(defaults | _held(row, kinds, at) for row in listed.rows)


def _held(supposed: Sequence[model.Supposed], kinds: Mapping[str, t.Type], at: date) -> dict[str, object]:
    """The facts that have one value, as the plan holds them."""
    given = [(each.path, each.value) for each in supposed if not isinstance(each.value, model.Rows | None)]
    held = evaluated([(value, kinds[path]) for path, value in given], at)
    return {path: value for (path, _), value in zip(given, held, strict=True) if value is not None}


def evaluated(values: Sequence[tuple[model.Value, t.Type]], at: date) -> list[object]:
    """Values as the plan holds them; None for one that cannot be computed (a day after the end of the calendar)."""
    return [_evaluated(value_of(value, kind), kind, at) for value, kind in values]


def _evaluated(expr: Expr, kind: t.Type, at: date) -> object:
    if isinstance(expr, Const):
        return expr.value
    rule = Rule("value", "value", "", 0, (Branch(1, Const(True), (Give("value", expr),)),))
    plan = Plan((), (t.OutcomeSlot("value", kind, "value"),), (), (rule,), ("value",))
    return interpret(plan, {}, at).outcomes["value"].value


def _wanted(plan: Plan, expected: model.Expected, at: Moment) -> Wanted:
    match expected:
        case model.ExpectValue(outcome, values):
            kind = next(slot.type for slot in plan.outcomes if slot.key == outcome)
            item = kind.item if isinstance(kind, t.ListOf) else kind
            return Wanted(expected, tuple(evaluated([(value, item) for value in values], at)))
        case model.ExpectAction(action, parameters):
            slot = next(slot for slot in plan.actions if slot.key == action)
            kinds = {key: kind for key, _, kind in slot.parameters}
            return Wanted(expected, tuple(evaluated([(value, kinds[key]) for key, value in parameters], at)))
        case model.ExpectNothing() | model.ExpectStatus() | model.ExpectMissing() | model.ExpectNoAction():
            return Wanted(expected)


def _checked(plan: Plan, wanted: Wanted, decision: Decision) -> Failure | None:
    """What is not as expected, if anything."""
    expected = wanted.expected
    match expected:
        case model.ExpectValue(key):
            slot = next(slot for slot in plan.outcomes if slot.key == key)
            result = decision.outcomes[key]
            value = wanted.values if isinstance(slot.type, t.ListOf) else wanted.values[0]
            return None if result.status == "decided" and result.value == value else Failure(key, wanted)
        case model.ExpectNothing(key):
            slot = next(slot for slot in plan.outcomes if slot.key == key)
            result = decision.outcomes[key]
            zero = result.status == "decided" and _is_none(slot.type, result.value)
            return None if zero or result.status == "not_applicable" else Failure(key, wanted)
        case model.ExpectStatus(key, status):
            return None if _status(decision, key) == status else Failure(key, wanted)
        case model.ExpectMissing(path):
            return None if path in decision.missing else Failure("", wanted)
        case model.ExpectAction(key, parameters):
            said = {name: value for (name, _), value in zip(parameters, wanted.values, strict=True)}
            return None if any(_is_asked(each, key, said) for each in decision.actions) else Failure(key, wanted)
        case model.ExpectNoAction(key):
            asked = any(not key or each.key == key for each in decision.actions)
            return Failure(key, wanted) if asked else None


def _is_none(kind: t.Type, value: object) -> bool:
    """Whether a value is what « aucune remise » says: 0, no, an empty list."""
    return value == () if isinstance(kind, t.ListOf) else value is not None and value == nothing_of(kind)


def _is_asked(action: ActionResult, key: str, said: Mapping[str, object]) -> bool:
    asked = action.key == key and action.status == "decided"
    return asked and all(name in action.parameters and action.parameters[name] == said[name] for name in said)


def _status(decision: Decision, key: str) -> str:
    """The status of an outcome, or the worst one of an action; "" for an action that no rule asks for."""
    if key in decision.outcomes:
        return decision.outcomes[key].status
    asked = [each.status for each in decision.actions if each.key == key]
    return worst(asked) if asked else ""


def _unexpected(wanted: Sequence[Wanted], decision: Decision) -> Iterator[Failure]:
    """The conflicts and errors of what the example does not speak of."""
    told = {_key(each.expected) for each in wanted}
    for key, result in decision.outcomes.items():
        if result.status in WRONG and key not in told:
            yield Failure(key)
    for key in dict.fromkeys(each.key for each in decision.actions if each.status in WRONG):
        if key not in told and "" not in told:
            yield Failure(key)


def _key(expected: model.Expected) -> str | None:
    """The outcome or action that is expected to be something; "" for all actions; None for a fact."""
    match expected:
        case model.ExpectValue(key) | model.ExpectNothing(key) | model.ExpectStatus(key):
            return key
        case model.ExpectAction(key) | model.ExpectNoAction(key):
            return key
        case model.ExpectMissing():
            return None
