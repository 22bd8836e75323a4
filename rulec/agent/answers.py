"""Rules and what is asked in, the answer as JSON data out. Raises one of `wrong.REFUSED`."""

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec

from rulec.agent.requests import Asked
from rulec.agent.wrong import RequestError
from rulec.questions import Question, questions
from rulec.ruleset import RuleSet
from rulec.runtime.decision import Decision, JudgedDecision
from rulec.source import Language

Json = dict[str, object]
BUDGET = 5.0  # seconds to look for what would meet a goal


def decision_as_json(decision: Decision, language: Language) -> Json:
    """The decision, its problems told in a language."""
    if decision.language == language or not decision.problems:
        return decision.to_json()
    told = Decision(decision.outcomes, decision.actions, decision.at, decision.rules, language, decision.supervision)
    return (JudgedDecision(told, decision.judgements) if decision.judgements else told).to_json()


def explained(rules: RuleSet, asked: Asked, language: Language) -> Json:
    """The decision and why: `text` for people, rule by rule for programs."""
    why = rules.why(asked.facts, asked.at, language)
    return {"decision": decision_as_json(why.decision, language), "text": why.text(language), **why.to_json()}


def supposed(rules: RuleSet, asked: Asked, language: Language) -> Json:
    """The smallest change of the facts that meets the goal; `text` for people."""
    if find_spec("z3") is None:
        raise RequestError("E980")
    try:
        found = rules.what_if(asked.facts, asked.goal, asked.at, asked.change, BUDGET, language)
    except ValueError as error:
        if type(error) is not ValueError:
            raise
        known = ", ".join(slot.names[-1] for slot in rules.plan.facts)
        raise RequestError("E981", "change", detail=str(error), known=known) from None
    return {**found.to_json(), "text": str(found)}


def questioned(rules: RuleSet, asked: Asked, language: Language) -> Json:
    """The facts not given that can still change the decision, each as a question."""
    decision = rules.decide(asked.facts, asked.at)
    return {"status": decision.status, "questions": questions_of(rules, decision, language)}


def questions_of(rules: RuleSet, decision: Decision, language: Language) -> list[Json]:
    """One question for each fact that a decision lacks."""
    return _as_json(questions(rules.plan.facts, decision, language))


def _as_json(found: Sequence[Question]) -> list[Json]:
    return [
        {
            "key": each.path, "name": each.name, "expects": each.expects, "text": each.text,
            "options": [{"key": option.key, "label": option.label} for option in each.options],
        }
        for each in found
    ]  # fmt: skip


ANSWERS: Mapping[str, Callable[[RuleSet, Asked, Language], Json]] = {
    "why": explained, "what-if": supposed, "questions": questioned,
}  # fmt: skip
