"""Texts of which the answer is known in, how well a judge answers out."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rulec.judgement.answers import Answer, Judge, Question
from rulec.runtime.refused import ValueProblem
from rulec.runtime.types import IN_DOUBT, is_doubt
from rulec.runtime.values import read_value


class CasesError(ValueError):
    """A line of known answers that cannot be read; `str()` says which."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text and the answer that is right: as held, or IN_DOUBT."""

    question: Question
    text: str
    right: object


@dataclass(frozen=True, slots=True)
class Tried:
    """How a judge answered one judgement. `cost`: US dollars. `wrong`: what it answered to which text."""

    question: Question
    total: int
    right: int
    in_doubt: int
    cost: float
    wrong: tuple[tuple[Case, Answer], ...]

    @property
    def accuracy(self) -> int:
        """Per cent, rounded down; a doubt where something is known is no right answer."""
        return self.right * 100 // self.total if self.total else 100


def own_cases(questions: Iterable[Question]) -> Iterator[Case]:
    """The examples that the author wrote."""
    for question in questions:
        for right, texts in question.said.answers:
            yield from (Case(question, text, right) for text in texts)


def cases_in(path: Path, questions: Sequence[Question]) -> Iterator[Case]:
    """The cases of a JSON Lines file: {"judgement": key, "text": …, "answer": …}. Raises CasesError, OSError."""
    known = {key: each for each in questions for key in (each.path.rpartition(".")[2], each.path)}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            question, text, answer = known[told["judgement"]], told["text"], told["answer"]
            right = IN_DOUBT if is_doubt(answer) else read_value(question.slot.type, answer, question.language)
        except (ValueError, KeyError, TypeError, ValueProblem):
            raise CasesError(f"{path}:{number}") from None
        yield Case(question, str(text), right)


async def tried(judge: Judge, cases: Iterable[Case]) -> list[Tried]:
    """How the judge answers, by judgement; all that is known of one text is asked in one go."""
    by_text: dict[str, list[Case]] = {}
    for case in cases:
        by_text.setdefault(case.text, []).append(case)
    found: dict[str, list[tuple[Case, Answer]]] = {}
    for text, about in by_text.items():
        once = {case.question.path: case.question for case in about}
        answers = {each.path: each for each in await judge.answers(text, list(once.values()))}
        for case in about:
            found.setdefault(case.question.path, []).append((case, answers[case.question.path]))
    return [_told(pairs) for pairs in found.values()]


def _told(pairs: Sequence[tuple[Case, Answer]]) -> Tried:
    wrong = tuple((case, answer) for case, answer in pairs if not _is_right(case, answer))
    doubts = sum(bool(answer.reason) for _, answer in pairs)
    cost = sum(answer.cost for _, answer in pairs if not answer.cached)
    return Tried(pairs[0][0].question, len(pairs), len(pairs) - len(wrong), doubts, cost, wrong)


def _is_right(case: Case, answer: Answer) -> bool:
    return bool(answer.reason) if case.right is IN_DOUBT else not answer.reason and answer.value == case.right


def as_data(each: Tried) -> Mapping[str, object]:
    """What was tried, as JSON data."""
    return {
        "judgement": each.question.path, "cases": each.total, "right": each.right, "in_doubt": each.in_doubt,
        "accuracy": each.accuracy, "cost": f"{each.cost:.6f}",
        "wrong": [{"text": case.text, "reason": answer.reason} for case, answer in each.wrong],
    }  # fmt: skip
