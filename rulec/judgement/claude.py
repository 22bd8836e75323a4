"""Questions about a text in, what the service answers within the deadline out: a reply, or why there is none."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from rulec.judgement.answers import Question
from rulec.judgement.pace import Pace
from rulec.judgement.prompt import answers_to, message_of, shape_of, system_of
from rulec.judgement.settings import Settings

if TYPE_CHECKING:  # slow to import, and only a question needs it
    from anthropic import AsyncAnthropic

_AGAIN = frozenset({"busy", "server", "offline"})  # what another attempt may mend
_PAUSE = 0.25  # seconds before the second attempt, then twice as long each time
_MILLION = 1_000_000
_OFF_PEAK = {"cache_creation_input_tokens": 1.25, "cache_read_input_tokens": 0.1}  # of the price of other tokens


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
    _client: "AsyncAnthropic | None" = field(default=None, repr=False)
    _pace: Pace = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._pace = Pace(self.settings.per_minute)

    async def ask(self, text: str, questions: Sequence[Question]) -> Reply:
        """What comes of the questions about a text, all in one call."""
        try:
            client = self._ready()
        except Exception:  # the client cannot be made: whatever it is, nothing was asked
            return Reply(reason="failed")
        start = time.monotonic()
        asking = asyncio.ensure_future(self._attempts(client, text, questions))
        done, _ = await asyncio.wait({asking}, timeout=self.settings.deadline)
        seconds = time.monotonic() - start
        if not done:
            asking.cancel()  # not awaited: what hangs may hang on
            return Reply(reason="late", seconds=seconds)
        reply = asking.result()
        return Reply(reply.answers, reply.reason, seconds, reply.cost)

    async def close(self) -> None:
        """Close its connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _ready(self) -> "AsyncAnthropic":
        if self._client is None:
            from anthropic import AsyncAnthropic

            once = {"Connection": "close"}  # a connection that is kept would outlive the event loop of its call
            url: dict[str, Any] = {"base_url": self.settings.base_url} if self.settings.base_url else {}
            limits: dict[str, Any] = {"timeout": self.settings.deadline, "max_retries": 0}
            self._client = AsyncAnthropic(default_headers=once, **limits, **url)
        return self._client

    async def _attempts(self, client: "AsyncAnthropic", text: str, questions: Sequence[Question]) -> Reply:
        reply, pause = await self._attempt(client, text, questions), _PAUSE
        for _ in range(self.settings.retries):
            if reply.reason not in _AGAIN:
                break
            await asyncio.sleep(pause)
            reply, pause = await self._attempt(client, text, questions), pause * 2
        return reply

    async def _attempt(self, client: "AsyncAnthropic", text: str, questions: Sequence[Question]) -> Reply:
        if (wait := self._pace.wait(self.settings.deadline)) is None:
            return Reply(reason="rate")
        await asyncio.sleep(wait)
        shape = shape_of(tuple(answers_to(question) for question in questions))
        try:
            message = await client.messages.parse(
                model=self.settings.model,
                max_tokens=self.settings.max_tokens,
                system=[{"type": "text", "text": system_of(questions), "cache_control": {"type": "ephemeral"}}],
                messages=[{"role": "user", "content": message_of(text)}],
                output_format=shape,
            )
        except Exception as error:  # whatever happens, there is no answer
            return Reply(reason=_reason(error))
        cost = self._cost(message.usage)
        if message.stop_reason == "refusal":
            return Reply(reason="refusal", cost=cost)
        found = _answers(message.parsed_output, shape, len(questions))
        return Reply(found, "" if found else "malformed", cost=cost)

    def _cost(self, usage: object) -> float:
        """US dollars, from the tokens that the service counted."""

        def counted(name: str) -> int:
            number = getattr(usage, name, 0)
            return number if isinstance(number, int) and number > 0 else 0

        given = counted("input_tokens") + sum(counted(name) * share for name, share in _OFF_PEAK.items())
        made = counted("output_tokens")
        return (given * self.settings.input_price + made * self.settings.output_price) / _MILLION


def _answers(parsed: object, shape: type[BaseModel], count: int) -> tuple[tuple[str, str], ...]:
    """The answers, checked again on our side; () where they are not of the shape."""
    try:
        told: Mapping[str, Any] = shape.model_validate(
            parsed.model_dump() if isinstance(parsed, BaseModel) else parsed
        ).model_dump()
    except ValidationError:
        return ()
    return tuple((told[f"q{number}"]["answer"], told[f"q{number}"]["quote"]) for number in range(1, count + 1))


def _reason(error: Exception) -> str:
    """Why there is no answer, as far as an error tells."""
    import anthropic

    match error:
        case anthropic.APITimeoutError():
            return "late"
        case anthropic.APIConnectionError():
            return "offline"
        case anthropic.AuthenticationError() | anthropic.PermissionDeniedError():
            return "key"
        case anthropic.RateLimitError():
            return "busy"
        case anthropic.APIStatusError(status_code=529):
            return "busy"
        case anthropic.APIStatusError(status_code=code) if code >= 500:
            return "server"
        case anthropic.APIResponseValidationError() | ValidationError():
            return "malformed"
        case TypeError() if "authentication" in str(error) or "api_key" in str(error):
            return "key"
        case _:
            return "failed"
