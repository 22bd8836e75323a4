"""A plan, facts and a judge in, the decision out: all that is certain first, then what still depends on a judgement."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from rulec.judgement.answers import Answer, Judge, Question, questions_of
from rulec.plan.tree import Plan
from rulec.runtime.decision import Decision, Judged, JudgedDecision
from rulec.runtime.refused import ValueProblem
from rulec.runtime.types import doubt_of
from rulec.runtime.values import read_value

Decide = Callable[[Mapping[str, object], date], Decision]


async def judged(plan: Plan, decide: Decide, facts: Mapping[str, object], at: date, judge: Judge) -> Decision:
    """The decision; a judgement is asked for only while some outcome or action depends on it.

    `facts`: by path, as held; an answer given there is not asked for. All that is open on one text is one question.
    """
    held, told, questions = dict(facts), list[Judged](), questions_of(plan)
    while True:
        decision = decide(held, at)
        text, asked = _open(decision, held, questions)
        if not asked:
            return JudgedDecision(decision, told)
        for question, answer in zip(asked, await _answers(judge, text, asked), strict=True):
            if answer.reason:
                held[doubt_of(question.path)] = True
            else:
                held[question.path] = answer.value
            told.append(_judged(question, answer))


def _open(
    decision: Decision, held: Mapping[str, object], questions: Sequence[Question]
) -> tuple[str, Sequence[Question]]:
    """The first text about which something is open, and all that is; "" and nothing where nothing is."""
    missing = {*decision.missing, *decision.supervision.missing}
    left = [each for each in questions if each.path in missing and doubt_of(each.path) not in held]
    by_text: dict[str, list[Question]] = {}
    for question in left:
        by_text.setdefault(question.said.text, []).append(question)
    for path, asked in by_text.items():
        if isinstance(text := held.get(path), str):
            return text, asked
    return "", ()


async def _answers(judge: Judge, text: str, asked: Sequence[Question]) -> Sequence[Answer]:
    """The answers, each a value of its judgement or in doubt, whatever the judge does."""
    try:
        answers = await judge.answers(text, asked)
    except Exception:  # a judge of somebody else's: what it could not say is in doubt
        answers = ()
    by_path = {answer.path: answer for answer in answers}
    return [_fitting(question, by_path.get(question.path)) for question in asked]


def _fitting(question: Question, answer: Answer | None) -> Answer:
    if answer is None:
        return Answer(question.path, reason="failed")
    if answer.reason:
        return answer
    try:
        value = read_value(question.slot.type, answer.value, question.language)
    except ValueProblem:
        return Answer(question.path, reason="value", model=answer.model)
    return Answer(question.path, value, answer.quote, "", answer.model, answer.cached, cost=answer.cost)


def _judged(question: Question, answer: Answer) -> Judged:
    return Judged(
        question.path, question.title, answer.value, answer.quote, answer.reason, answer.model, answer.cached,
        f"{answer.cost:.9f}".rstrip("0") if answer.cost else "",
    )  # fmt: skip

