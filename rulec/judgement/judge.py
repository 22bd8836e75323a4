"""Questions about a text in, their answers out: those kept, the others asked within the limits and written down."""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from rulec.judgement.answers import SETTLED, Answer, Question
from rulec.judgement.claude import Claude, Reply
from rulec.judgement.loop import run
from rulec.judgement.prompt import VERSION, key_of
from rulec.judgement.reading import read_answer
from rulec.judgement.settings import Settings, settings_in
from rulec.judgement.spending import is_spent
from rulec.judgement.store import Store
from rulec.judgement.texts import cleaned


class Service(Protocol):
    """What is asked: questions about a text in, a reply out; it never raises."""

    async def ask(self, text: str, questions: Sequence[Question]) -> Reply:
        """The reply to all the questions."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...


@dataclass
class ModelJudge:
    """A judge that asks a model. `replay`: never asks, and gives what was written down, whatever it was."""

    settings: Settings
    store: Store
    service: Service
    replay: bool = False
    spent: float = field(default=0.0, init=False)  # US dollars, since it was made
    calls: int = field(default=0, init=False)

    async def answers(self, text: str, questions: Sequence[Question]) -> Sequence[Answer]:
        """One answer a question, in their order. It never raises."""
        shown = cleaned(text) if len(text) <= self.settings.longest else text
        keys = {question.path: key_of(question, shown, self.settings.model, self._agree) for question in questions}
        try:
            kept = [self.store.find(keys[each.path], each, self.replay) for each in questions]
            found = {each.path: each for each in kept if each is not None}
            left = [question for question in questions if question.path not in found]
            for question, each in zip(left, await self._new(shown, left), strict=True):
                key, written = keys[question.path], shown[: self.settings.longest]
                for number, answer in enumerate(each if len(each) > 1 else (), 1):
                    self.store.keep(f"{key}-{number}", question, written, VERSION, answer)
                found[question.path] = agreed(each)
                self.store.keep(key, question, written, VERSION, found[question.path])
        except sqlite3.Error:  # what cannot be written down is no answer
            return [Answer(question.path, reason="failed") for question in questions]
        return [found[question.path] for question in questions]

    def close(self) -> None:
        """Close the connections and the file of answers."""
        run(self.service.close())
        self.store.close()

    @property
    def _agree(self) -> int:
        return max(self.settings.agree, 1)

    async def _new(self, shown: str, questions: Sequence[Question]) -> list[list[Answer]]:
        """The answers to each of the questions that were not asked before: one of each call."""
        reason = self._hindrance(shown) if questions else ""
        if reason or not questions:
            return [[self._of(Answer(question.path, reason=reason))] for question in questions]
        self.calls += self._agree
        replies = await asyncio.gather(*(self.service.ask(shown, questions) for _ in range(self._agree)))
        self.spent += sum(reply.cost for reply in replies)
        return [
            [self._read(number, question, len(questions), reply, shown) for reply in replies]
            for number, question in enumerate(questions)
        ]

    def _read(self, number: int, question: Question, share: int, reply: Reply, shown: str) -> Answer:
        """The answer of one call, that bears its share of it."""
        if reply.reason:
            answer = Answer(question.path, reason=reply.reason)
        else:
            answer = read_answer(question, *reply.answers[number], shown)
        return self._of(answer, reply.seconds / share, reply.cost / share)

    def _of(self, answer: Answer, seconds: float = 0.0, cost: float = 0.0) -> Answer:
        return replace(answer, model=self.settings.model, seconds=seconds, cost=cost)

    def _hindrance(self, shown: str) -> str:
        """Why nothing is asked; "" where nothing is against it."""
        if self.replay:
            return "not_kept"
        if len(shown) > self.settings.longest:
            return "long"
        if not shown:
            return "empty"
        return "budget" if is_spent(self.settings, self.store, self.spent) else ""


def agreed(answers: Sequence[Answer]) -> Answer:
    """The answer that all give, in doubt where they differ; of several, the one that is kept cost nothing more."""
    first, *others = answers
    if not others:
        return first
    open_ = next((each for each in answers if each.reason not in SETTLED), None)
    same = all((each.value, each.reason) == (first.value, first.reason) for each in others)
    told = open_ or (first if same else replace(first, value=None, quote="", reason="disagree"))
    return replace(told, seconds=0.0, cost=0.0)


def judge_of(settings: Settings, replay: bool = False) -> ModelJudge:
    """The judge of these settings. Raises sqlite3.Error where its file of answers cannot be opened."""
    return ModelJudge(settings, Store(settings.store), Claude(settings), replay)


def judge_in(folder: Path | str = ".", replay: bool = False) -> ModelJudge | None:
    """The judge that `rulec.toml` and the environment configure; None where they do not.

    Raises SettingsError for a setting that cannot be read, sqlite3.Error for a file of answers that cannot be opened.
    """
    settings = settings_in(Path(folder).resolve())
    return None if settings is None else judge_of(settings, replay)
