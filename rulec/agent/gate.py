"""A tool call in, allow, deny or ask out, with why in one sentence: what an agent asks before it acts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from os import PathLike
from typing import TYPE_CHECKING

from rulec.agent.calls import CallError, call_of
from rulec.agent.gate_texts import ALLOW, ASK, DENY, TEXTS
from rulec.agent.tools import tool_name
from rulec.agent.wrong import REFUSED, problems_of
from rulec.moment import Moment
from rulec.questions import Question, named, questions
from rulec.ruleset import RuleSet, load
from rulec.runtime.decision import ActionResult, Decision
from rulec.source import Language

if TYPE_CHECKING:  # not every gate has a log
    from rulec.log.store import DecisionLog

TOOL, REASON = "tool", "reason"  # keys: of the fact that is the name of the tool, of the parameter that says why
ACT, OBSERVE = "act", "observe"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate says of a tool call; true where it may go on.

    `verdict`: allow, deny or ask. `why`: one sentence, which the model may pass on. `questions`: of an ask, the facts
    to ask for first; without any, a person must agree: `approvals` names who, () is anyone. `decision`: None where
    there is none. `id`: of its entry in the log, where an ask without questions waits for a person: see `Gate.poll`.
    """

    verdict: str
    why: str
    decision: Decision | None = None
    questions: tuple[Question, ...] = ()
    approvals: tuple[str, ...] = ()
    id: str = ""

    def __bool__(self) -> bool:
        return self.verdict == ALLOW


def gate(
    rules: "RuleSet | str | PathLike[str]", log: "DecisionLog | str | None" = None, language: Language | None = None,
    patience: timedelta | None = None,
) -> "Gate":  # fmt: skip
    """A gate by these rules, or those of a file. `log`: or its URL. Raises `CompileError` for rules with errors.

    `patience`: how long a call waits for a person; None: for ever.
    """
    compiled = rules if isinstance(rules, RuleSet) else load(rules)
    if not isinstance(log, str):
        return Gate(compiled, log, language, patience)
    from rulec.log.store import DecisionLog  # not every gate has a log

    return Gate(compiled, DecisionLog(log), language, patience)


class Gate:
    """Says of each tool call whether it may go on, by rules that `allow` or `deny`; what goes wrong is a deny.

    The arguments of the call are facts of the entity with the key of the tool; its name is the fact `tool`, where the
    rules know one. To deny wins over to allow; what no rule allows is denied; supervision says what a person confirms.
    `log`: where each decision is written before the gate says so, and calls wait for a person, for `patience` at most.
    `language`: of `why`, by default that of the rules.
    """

    def __init__(
        self, rules: RuleSet, log: "DecisionLog | None" = None, language: Language | None = None,
        patience: timedelta | None = None,
    ) -> None:  # fmt: skip
        self.rules, self.log, self.language, self.patience = rules, log, language or rules.language, patience

    def __call__(
        self, tool_call: object, facts: Mapping[str, object] | None = None, at: Moment | str | None = None
    ) -> Verdict:
        """The verdict. `facts`: what is known beside the arguments; `at`: the date of the decision. Never raises."""
        return self._closed(lambda: self._asked(tool_call, facts or {}, at))

    def poll(self, tool_call: object, id: str, facts: Mapping[str, object] | None = None) -> Verdict:
        """What became of a call that waits for a person: ask as long as it does, then allow or deny. Never raises.

        `id`: of the ask. The call and the facts must be those that were asked about.
        """
        return self._closed(lambda: self._polled(tool_call, id, facts or {}))

    def _closed(self, said: Callable[[], Verdict]) -> Verdict:
        """The verdict, or what goes wrong as a deny."""
        try:
            return said()
        except CallError:
            return self._deny("unreadable")
        except _DeniedError as denied:
            return self._deny(str(denied), tool=denied.tool)
        except REFUSED as error:
            return Verdict(DENY, self._sentence(DENY, problems_of(error, self.language)[0]["message"]))
        except Exception as error:  # a gate that fails is closed
            return self._deny("failed", detail=type(error).__name__)

    def _asked(self, tool_call: object, facts: Mapping[str, object], at: Moment | str | None) -> Verdict:
        tool, given = self._given(tool_call, facts)
        decision = self.rules.decide(given, at)
        verdict = self._verdict(decision, tool)
        return replace(verdict, id=self._kept(given, decision, verdict))

    def _polled(self, tool_call: object, id: str, facts: Mapping[str, object]) -> Verdict:
        if self.log is None:
            return self._deny("no log")
        from rulec.agent.approved import answered  # not every gate has a log

        verdict, why, values = answered(self.log, id, self.rules.facts_as_json(self._given(tool_call, facts)[1]))
        said = self._said(why, **{"who": self._said("anyone"), **values})
        return Verdict(verdict, self._sentence(verdict if verdict != ASK else "waiting", said), id=id)

    def _given(self, tool_call: object, facts: Mapping[str, object]) -> tuple[str, dict[str, object]]:
        """The tool and the facts of a call."""
        tool, arguments = call_of(tool_call)
        return tool, self._facts(tool_name(tool), tool, arguments, facts)

    def _facts(
        self, key: str, tool: str, arguments: Mapping[str, object], known: Mapping[str, object]
    ) -> dict[str, object]:  # fmt: skip
        """The facts of a call. Raises `_DeniedError` where the rules know nothing of the tool."""
        paths = {slot.path for slot in self.rules.plan.facts}
        given: dict[str, object] = {TOOL: key} if TOOL in paths else {}
        if any(path.startswith(f"{key}.") for path in paths):
            given[key] = arguments
        elif arguments or not given:
            raise _DeniedError("unknown tool", tool)
        if given.keys() & known.keys():
            raise _DeniedError("twice", tool)
        return {**known, **given}

    def _kept(self, given: Mapping[str, object], decision: Decision, verdict: Verdict) -> str:
        """The id of the entry in the log, once it is durable; it waits for a person where only that lacks."""
        if self.log is None:
            return ""
        from rulec.log.recording import decided  # not every gate has a log

        waits = verdict.verdict == ASK and not verdict.questions
        return self.log.append(decided(self.rules, given, decision, self.rules.name, self.patience, waits)).id

    def _verdict(self, decision: Decision, tool: str) -> Verdict:
        said = [each for each in decision.actions if each.key in (ALLOW, DENY)]
        sure = {each.key: each for each in reversed(said) if each.status == "decided"}
        wrong = next((each.status for each in said if each.status in ("conflict", "error")), "")
        doubts = [each for each in said if each.status not in ("decided", "not_applicable")]
        if DENY in sure:
            return Verdict(DENY, self._sentence(DENY, self._reason(sure[DENY])), decision)
        if wrong:
            return Verdict(DENY, self._sentence(DENY, self._said(wrong)), decision)
        open_ = [path for each in doubts if each.key == DENY or ALLOW not in sure for path in each.missing]
        if open_:
            return self._missing(decision, open_)
        if ALLOW not in sure:
            return Verdict(DENY, self._sentence(DENY, self._said("nothing", tool=tool)), decision)
        return self._supervised(decision, sure[ALLOW])

    def _missing(self, decision: Decision, paths: Sequence[str]) -> Verdict:
        """What keeps the verdict open, to be asked for."""
        asked = tuple(each for each in questions(self.rules.plan.facts, decision, self.language) if each.path in paths)
        names = ", ".join(named(self.rules.plan.facts, path, self.language) for path in dict.fromkeys(paths))
        return Verdict(ASK, self._sentence("missing", names), decision, asked)

    def _supervised(self, decision: Decision, allowed: ActionResult) -> Verdict:
        """How far the agent may go with what is allowed."""
        supervision, reason = decision.supervision, self._reason(allowed)
        if supervision.level == ACT:
            return Verdict(ALLOW, self._sentence(ALLOW, reason), decision)
        if supervision.level == OBSERVE:
            return Verdict(DENY, self._sentence(DENY, self._said("observe")), decision)
        who = tuple(dict.fromkeys(each.name for each in supervision.approvals if each.status == "decided"))
        if supervision.missing and not who:
            return self._missing(decision, supervision.missing)
        by = self._said("and").join(who) or self._said("anyone")
        return Verdict(ASK, self._sentence("approval", reason, who=by), decision, approvals=who)

    def _reason(self, action: ActionResult) -> str:
        """Why an action is asked for: the reason that the rule gives, else the rule."""
        given = action.parameters.get(REASON)
        if isinstance(given, str) and given.strip():
            return given
        rule = action.fired[0]
        form = "untitled" if rule.title == f"{rule.file}:{rule.line}" else "rule"
        return self._said(form, title=rule.title, file=rule.file, line=str(rule.line))

    def _deny(self, why: str, **values: str) -> Verdict:
        return Verdict(DENY, self._sentence(DENY, self._said(why, **values)))

    def _sentence(self, text: str, why: str, **values: str) -> str:
        """A sentence, with the sign that ends one."""
        said = self._said(text, why=" ".join(why.split()), **values)
        return said if said.endswith((".", "?", "!")) else f"{said}."

    def _said(self, text: str, **values: str) -> str:
        return TEXTS[self.language][text].format(**values)


class _DeniedError(Exception):
    """A call that the rules do not speak of: a text of TEXTS."""

    def __init__(self, why: str, tool: str) -> None:
        super().__init__(why)
        self.tool = tool
