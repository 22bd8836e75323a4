"""A plan in, what its event rules do at a moment out: which apply, and what each of them decides.

Whether a rule applies is asked of a plan with an outcome more for each event rule (`Applies`), so that it is decided as
everything else: exceptions, definitions and facts not known count as they do in any decision.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan
from rulec.events.times import moment_at
from rulec.plan.lower import gives_of
from rulec.plan.tree import (
    Applies,
    Branch,
    Const,
    Decided,
    Defined,
    DefinedGiven,
    Do,
    Fact,
    Give,
    Given,
    OutcomeGiven,
    Plan,
    Rule,
    Table,
    Today,
    Watch,
)
from rulec.runtime.decision import ActionResult, Decision, OutcomeResult
from rulec.runtime.facts import FactsError, FactsReader
from rulec.runtime.kleene import worst
from rulec.runtime.types import Date, OutcomeSlot, Slot, YesNo
from rulec.tree import Node, rewrite, walk

Json = Any
Facts = Mapping[str, Json]  # by path, as JSON data
So = frozenset[str]  # the paths of the watches that are so
Because = frozenset[tuple[int, str]]  # records: when, and which
_TODAY = "?today"


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether a rule applies; None where it is not known, for want of the facts `missing`."""

    holds: bool | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fires for a key: at a moment (`part` of it, see `replay`), because of a record (`trigger`).

    `because`: all the records that count, when and which.

    `content`: what it decides, as JSON data. `decision`: all that is decided at that moment, None where the facts
    break an assumption. `facts`: those that it is decided on.
    """

    rule: str
    entity: str
    key: str
    trigger: str
    at: int
    part: int
    because: tuple[tuple[int, str], ...]
    content: Json
    decision: Decision | None = field(default=None, compare=False, repr=False)
    facts: Facts = field(default_factory=dict, compare=False, repr=False)

    @property
    def id(self) -> str:
        """Its identity: the rule, the key, the record that triggers it and when (of one record, several things may)."""
        said = json.dumps([self.rule, self.entity, self.key, self.trigger, self.at, self.part])
        return sha256(said.encode()).hexdigest()[:32]

    @property
    def digest(self) -> str:
        """Of all that it says."""
        said = json.dumps([self.because, self.content], sort_keys=True)
        return sha256(said.encode()).hexdigest()[:16]


class EventRules:
    """The event rules of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        entities = {each.key: each.entity for each in plan.events}
        self.watches: dict[str, tuple[Watch, ...]] = dict.fromkeys(entities.values(), ())
        for watch in plan.watches:
            self.watches[entities[watch.event]] += (watch,)
        self.statements = {each.id: each for each in plan.statements}
        self.waits = dict(_waits(plan))  # rule → the watches that it depends on
        self.rules = {
            entity: tuple(rule for rule, paths in self.waits.items() if paths & {each.path for each in watches})
            for entity, watches in self.watches.items()
        }
        self._places = {rule: f"fires:{at}" for at, rule in enumerate(self.waits)}
        self._memo = dict[tuple[str, So], tuple[Truth | None, ...]]()
        self._none = {each.path: False for each in plan.watches}
        self.slots = tuple(slot for slot in plan.facts if not slot.happens)
        self.dates = {slot.path: slot.type for slot in self.slots}

    def truths(self, entity: str, so: So, facts: Facts, at: int) -> Sequence[Truth]:
        """Whether each rule of `rules[entity]` applies where just these watches are so."""
        known = self._memo.get((entity, so))
        if known is None:
            known = self._memo[entity, so] = self._always(entity, so)
        if None not in known:
            return known  # type: ignore[return-value]  # none of them is None
        decided = self._probe(self.held(so, facts), moment_at(at, self.plan.zone))
        return [_truth(decided.outcomes[self._places[rule]]) for rule in self.rules[entity]]

    def firing(
        self, rule: str, subject: tuple[str, str], trigger: str, point: tuple[int, int], because: Because,
        so: So, facts: Facts, truth: Truth,
    ) -> Firing:  # fmt: skip
        """What a rule decides where it applies, or perhaps does."""
        moment = moment_at(point[0], self.plan.zone)
        try:
            decision = self._decide(self.held(so, facts), moment)
            said = self._said(rule, decision, truth)
        except FactsError as error:
            decision, said = None, {"status": "error", "problems": str(error).splitlines()}
        held = {**facts, **dict.fromkeys(so, True)}
        return Firing(rule, *subject, trigger, *point, tuple(sorted(because)), said, decision, held)

    def parts(self, rule: str, decision: Decision) -> tuple[dict[str, OutcomeResult], list[ActionResult]]:
        """What a decision says of the outcomes and actions of a rule, where the rule or nothing certain gave it."""
        statement = self.statements[rule]
        gives, does = set(gives_of(statement)), _does(statement)

        def counts(part: OutcomeResult | ActionResult) -> bool:
            return part.status != "decided" or rule in {each.id for each in part.fired}

        outcomes = {key: each for key, each in decision.outcomes.items() if key in gives and counts(each)}
        return outcomes, [each for each in decision.actions if each.key in does and counts(each)]

    def _said(self, rule: str, decision: Decision, truth: Truth) -> Json:
        whole = decision.to_json()
        outcomes, actions = self.parts(rule, decision)
        told: list[Any] = whole["actions"]  # type: ignore[assignment]  # plain data
        every: dict[str, Any] = whole["outcomes"]  # type: ignore[assignment]  # plain data
        parts: list[OutcomeResult | ActionResult] = [*outcomes.values(), *actions]
        status = worst(part.status for part in parts) if truth.holds else "undetermined"
        missing = dict.fromkeys([*truth.missing, *(path for part in parts for path in part.missing)])
        return {
            "status": status,
            "missing": list(missing),
            "outcomes": {key: every[key] for key in outcomes},
            "actions": [each for each, result in zip(told, decision.actions, strict=True) if result in actions],
            "supervision": whole["supervision"],
            "rules": decision.rules,
        }

    def held(self, so: So, facts: Facts) -> dict[str, object]:
        """The facts of a decision where just these watches are so, as the plan holds them."""
        return {**self._none, **(self._reader.read(facts) if facts else {}), **dict.fromkeys(so, True)}

    def _always(self, entity: str, so: So) -> tuple[Truth | None, ...]:
        """Whether each rule applies, where that depends neither on facts nor on the date."""
        decided = interpret(self._timeless, {**self._none, **dict.fromkeys(so, True)}, date.min)
        truths = (_truth(decided.outcomes[self._places[rule]]) for rule in self.rules[entity])
        return tuple(truth if truth.holds is not None else None for truth in truths)

    @cached_property
    def _reader(self) -> FactsReader:
        return FactsReader(self.slots, self.plan.language)

    @cached_property
    def _decide(self) -> Any:
        return compile_plan(self.plan)

    @cached_property
    def _probe(self) -> Any:
        return compile_plan(self._asking)

    @cached_property
    def _asking(self) -> Plan:
        """The plan with an outcome for each event rule: whether it applies."""
        asked = [
            Rule(
                place, place, "", 0,
                (Branch(1, Const(True), (Give(place, Applies(rule, _keys(self.statements[rule]))),)),),
            )
            for rule, place in self._places.items()
        ]  # fmt: skip
        return replace(
            self.plan,
            outcomes=(*self.plan.outcomes, *(OutcomeSlot(each.id, YesNo(), each.id) for each in asked)),
            rules=(*self.plan.rules, *asked),
            order=(*self.plan.order, *(each.id for each in asked)),
            promises=(), oversight=(),
        )  # fmt: skip

    @cached_property
    def _timeless(self) -> Plan:
        """The same, knowing no fact but the watches, and not what day it is."""
        slots = [slot if slot.happens else replace(slot, default=None, optional=False) for slot in self.plan.facts]
        paths = {each.path for each in self.plan.watches}
        slots = [replace(slot, default=None) if slot.path in paths else slot for slot in slots]
        plan = rewrite(self._asking, lambda node: Fact(_TODAY) if isinstance(node, Today) else node)
        return replace(plan, facts=(*slots, Slot(_TODAY, Date(), (_TODAY,))))


def _truth(result: OutcomeResult) -> Truth:
    if result.status == "decided":
        return Truth(bool(result.value))
    return Truth(None, result.missing)


def _keys(statement: Rule | Table) -> tuple[str, ...]:
    """The outcomes and actions of a rule."""
    return tuple(dict.fromkeys([*gives_of(statement), *_does(statement)]))


def _does(statement: Rule | Table) -> list[str]:
    return [node.action for node in walk(statement) if isinstance(node, Do)]


def _waits(plan: Plan) -> Iterator[tuple[str, frozenset[str]]]:
    """The rules that depend on what is waited for, by their conditions, definitions and what others decide."""
    watched = {each.path for each in plan.watches}
    defined = {each.key: each for each in plan.definitions}
    givers = dict[str, list[str]]()
    rules = {each.id: each for each in plan.statements}
    for each in plan.statements:
        for key in gives_of(each):
            givers.setdefault(key, []).append(each.id)

    def found(node: Node, seen: set[str]) -> Iterator[str]:
        for each in walk(node):
            further: Iterable[Node] = ()
            match each:
                case Fact(path) | Given(path):
                    yield from {path} & watched
                case Defined(key) | DefinedGiven(key) if key not in seen:
                    seen.add(key)
                    further = [defined[key]]
                case Applies(rule) if rule not in seen:
                    seen.add(rule)
                    further = [rules[rule]]
                case Decided(outcome) | OutcomeGiven(outcome) if outcome not in seen:
                    seen.add(outcome)
                    further = [rules[rule] for rule in givers.get(outcome, ())]
                case _:
                    pass
            for below in further:
                yield from found(below, seen)

    for each in plan.statements:
        if paths := frozenset(found(each, set())):
            yield each.id, paths
