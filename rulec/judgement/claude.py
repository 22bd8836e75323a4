"""Questions about a text in, what a model answers to each out: a reply, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rulec.judgement.answers import Question
from rulec.judgement.client import Client, Request, Told
from rulec.judgement.prompt import answers_to, message_of, shape_of, system_of
from rulec.judgement.settings import Settings


@dataclass(frozen=True, slots=True)
class Reply:
    """`answers`: for each question the answer and the quote; () with a `reason`. `cost`: US dollars."""

    answers: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    seconds: float = 0.0
    cost: float = 0.0


@dataclass
class Claude:
    """Asks one of the models of Anthropic. Its methods never raise, and end by the deadline."""

    settings: Settings
    _client: Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._client = Client(self.settings)

    async def ask(self, text: str, questions: Sequence[Question]) -> Reply:
        """What comes of the questions about a text, all in one call."""
        shape = shape_of(tuple(answers_to(question) for question in questions))
        told = await self._client.ask(Request(system_of(questions), message_of(text), shape))
        return Reply(_answers(told, len(questions)), told.reason, told.seconds, told.cost)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.close()


def _answers(told: Told, count: int) -> tuple[tuple[str, str], ...]:
    """The answer and the quote for each question; () where there are none."""
    if told.answer is None:
        return ()
    said = told.answer.model_dump()
    return tuple((said[f"q{number}"]["answer"], said[f"q{number}"]["quote"]) for number in range(1, count + 1))
