"""What a decision is: outcomes and actions, each with the rules that gave it or the facts that it lacks; its JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from rulec.runtime.errors import Problem, no_outcome, not_decided
from rulec.runtime.kleene import worst
from rulec.runtime.shown import plain_number


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that certainly applies. `branch`: which way it goes, from 1; 0 where that is not known and makes no
    difference. A row of a table is one: its `branch` is the number of the row.

    `rows`: of a table, while a decision is in progress.
    """

    id: str
    title: str
    file: str
    line: int
    branch: int
    rows: tuple["FiredRule", ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeResult:
    """What became of one outcome.

    `status`: one of STATUSES. `value`: as `runtime.types` holds it; None where nothing is decided. `fired`: the rules
    that gave the value, or that conflict, in the order of the text. `missing`: paths of the facts that can still change
    it, those of conditions first. `default`: whether the value is the default. `elements`: of an outcome decided for
    each element of a list, what became of it for each, in their order.
    """

    status: str
    value: object = None
    fired: tuple[FiredRule, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    default: bool = False
    elements: tuple["OutcomeResult", ...] = ()


@dataclass(frozen=True, slots=True)
class ActionResult:
    """An action that rules ask for, or may ask for.

    `parameters`: key → value, those that are known. `status`: decided; conflict with another action of its group; or,
    where it is not known whether the action is asked for or with what parameters, the worst reason.
    """

    key: str
    name: str
    parameters: Mapping[str, object]
    fired: tuple[FiredRule, ...]
    status: str
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Approval:
    """An agreement that is asked for. `who`: a key; `name`: who, as the author says it.

    `status`: decided, or where it is not known whether it is asked for, the worst reason. `fired`: what asks for it.
    """

    who: str
    name: str
    status: str
    fired: tuple[FiredRule, ...]


@dataclass(frozen=True, slots=True)
class Supervision:
    """How far an agent may go by itself: `level` is observe, propose or act.

    `fired`: the statements that say so. `missing`, `problems`: what keeps other statements from being known.
    """

    level: str
    approvals: tuple[Approval, ...] = ()
    fired: tuple[FiredRule, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


UNSAID = Supervision("propose")  # where no statement says how far


class Told(NamedTuple):
    """All of a decision but its date: what decisions may share."""

    outcomes: Mapping[str, OutcomeResult]
    actions: tuple[ActionResult, ...]
    rules: str
    language: str
    supervision: Supervision = UNSAID


class Decision:
    """A decision: `decision["key"]` is the value of an outcome, or raises `OutcomeError` where it has none.

    `at`: the date decided for, ISO. `rules`: the digest of the rule set. `language`: of the messages, "fr" or "en".
    Nothing of it changes; it is no dataclass since many are made a second.
    """

    __slots__ = ("moment", "told")

    def __init__(
        self,
        outcomes: Mapping[str, OutcomeResult],
        actions: tuple[ActionResult, ...],
        at: date | str,
        rules: str,
        language: str,
        supervision: Supervision = UNSAID,
    ) -> None:
        self.told = Told(MappingProxyType(dict(outcomes)), actions, rules, language, supervision)
        self.moment = at

    @property
    def outcomes(self) -> Mapping[str, OutcomeResult]:
        """What became of each outcome."""
        return self.told.outcomes

    @property
    def actions(self) -> tuple[ActionResult, ...]:
        """The actions asked for, or perhaps asked for."""
        return self.told.actions

    @property
    def supervision(self) -> Supervision:
        """How far an agent may go by itself, and whose approval is asked for."""
        return self.told.supervision

    @property
    def at(self) -> str:
        """The date decided for, ISO."""
        return self.moment if isinstance(self.moment, str) else self.moment.isoformat()

    @property
    def rules(self) -> str:
        """The digest of the rule set."""
        return self.told.rules

    @property
    def language(self) -> str:
        """The language of the messages, "fr" or "en"."""
        return self.told.language

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decision) and self.told == other.told and self.at == other.at

    __hash__ = None  # type: ignore[assignment]  # as of a mapping

    def __repr__(self) -> str:
        outcomes, actions, at, rules, language, supervision = self.__reduce__()[1]
        return f"Decision({outcomes=}, {actions=}, {at=}, {rules=}, {language=}, {supervision=})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Decision, (dict(self.outcomes), self.actions, self.at, self.rules, self.language, self.supervision)

    @property
    def status(self) -> str:
        """The worst status of the outcomes and actions; not_applicable where no rule applies to anything."""
        return worst(part.status for part in self._parts())

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that outcomes and actions lack, each once."""
        return tuple(dict.fromkeys(path for part in self._parts() for path in part.missing))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of outcomes and actions, each once."""
        return tuple(dict.fromkeys(problem for part in self._parts() for problem in part.problems))

    @property
    def judgements(self) -> tuple["Judged", ...]:
        """The judgements that were asked for."""
        return ()

    def _parts(self) -> Sequence[OutcomeResult | ActionResult]:
        return (*self.outcomes.values(), *self.actions)

    def __getitem__(self, key: str) -> object:
        result = self.outcomes.get(key)
        if result is None:
            raise no_outcome(key, tuple(self.outcomes), self.language)
        if result.status != "decided":
            raise not_decided(key, result.status, result.missing, self.language)
        return result.value

    def to_json(self) -> dict[str, object]:
        """Plain data: decimals as text without exponent, dates ISO, lists as lists; `value` only where decided."""
        return {
            "status": self.status,
            "outcomes": {key: self._outcome(result) for key, result in self.outcomes.items()},
            "actions": [self._action(action) for action in self.actions],
            "missing": list(self.missing),
            "problems": self._problems(self.problems),
            "supervision": self._supervision(),
            **({"judgements": [_judged(each) for each in self.judgements]} if self.judgements else {}),
            "at": self.at,
            "rules": self.rules,
        }

    def _outcome(self, result: OutcomeResult) -> dict[str, object]:
        value = {"value": _plain(result.value)} if result.status == "decided" else {}
        elements = {"elements": [self._outcome(each) for each in result.elements]} if result.elements else {}
        return {"status": result.status, **value, "default": result.default, **self._reasons(result), **elements}

    def _action(self, action: ActionResult) -> dict[str, object]:
        parameters = {key: _plain(value) for key, value in action.parameters.items()}
        head = {"key": action.key, "name": action.name, "parameters": parameters, "status": action.status}
        return {**head, **self._reasons(action)}

    def _supervision(self) -> dict[str, object]:
        said = self.supervision
        approvals = [
            {"who": each.who, "name": each.name, "status": each.status, "fired": _fired(each.fired)}
            for each in said.approvals
        ]
        return {"level": said.level, "approvals": approvals, **self._reasons(said)}

    def _reasons(self, part: OutcomeResult | ActionResult | Supervision) -> dict[str, object]:
        return {
            "fired": _fired(part.fired),
            "missing": list(part.missing),
            "problems": self._problems(part.problems),
        }

    def _problems(self, problems: Sequence[Problem]) -> list[dict[str, str]]:
        return [{"code": problem.code, "message": problem.message(self.language)} for problem in problems]


def _fired(rules: Sequence[FiredRule]) -> list[dict[str, object]]:
    return [
        {"id": rule.id, "title": rule.title, "file": rule.file, "line": rule.line, "branch": rule.branch}
        for rule in rules
    ]


class Judged(NamedTuple):
    """A judgement that was asked for: its fact, what was asked, the answer (None in doubt, for a `reason`).

    `quote`: the words of the text that it rests on. `cached`: it was answered before. `cost`: US dollars, "" for none.
    """

    path: str
    question: str
    answer: object
    quote: str
    reason: str
    model: str
    cached: bool
    cost: str = ""


class JudgedDecision(Decision):
    """A decision with the judgements that were asked for, in the order in which they were."""

    __slots__ = ("asked",)

    def __init__(self, decision: Decision, asked: Sequence[Judged]) -> None:
        self.told, self.moment, self.asked = decision.told, decision.moment, tuple(asked)

    @property
    def judgements(self) -> tuple[Judged, ...]:
        return self.asked

    def __reduce__(self) -> tuple[Any, ...]:
        return JudgedDecision, (Decision(*super().__reduce__()[1]), self.asked)


def dated(told: Told, moment: date) -> Decision:
    """The decision told, for that date."""
    decision = _NEW(Decision)
    decision.told, decision.moment = told, moment
    return decision


_NEW = object.__new__


def _judged(said: Judged) -> dict[str, object]:
    """A judgement as JSON data: `answer` only where it is not in doubt."""
    answer = {"reason": said.reason} if said.reason else {"answer": _plain(said.answer), "quote": said.quote}
    status = "in_doubt" if said.reason else "decided"
    return {
        "key": said.path, "question": said.question, "status": status, **answer, "model": said.model,
        "cached": said.cached, **({"cost": said.cost} if said.cost else {}),
    }  # fmt: skip


def _plain(value: object) -> object:
    """A value, as `runtime.types` holds it, as JSON data."""
    match value:
        case Decimal():
            return plain_number(value)
        case date() | time():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case _:
            return value
