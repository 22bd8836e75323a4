"""A request and the shape of its answer in, the answer that comes within the deadline out, or why there is none."""

import asyncio
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from rulec.judgement.pace import Pace
from rulec.judgement.settings import Settings

if TYPE_CHECKING:  # slow to import, and only a question needs it
    from anthropic import AsyncAnthropic
    from anthropic.types import Message

_AGAIN = frozenset({"busy", "server", "offline"})  # what another attempt may mend
_PAUSE = 0.25  # seconds before the second attempt, then twice as long each time
_MILLION = 1_000_000
_OFF_PEAK = {"cache_creation_input_tokens": 1.25, "cache_read_input_tokens": 0.1}  # of the price of other tokens


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a model. `system`: the fixed part, which the service keeps; `shape`: that of the answer.

    `times`: how many times the tokens and the deadline of the settings it may take.
    """

    system: str
    message: str
    shape: type[BaseModel]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a request. `answer`: of its shape; None with a `reason`. `cost`: US dollars."""

    answer: BaseModel | None = None
    reason: str = ""
    seconds: float = 0.0
    cost: float = 0.0


@dataclass
class Client:
    """Asks one of the models of Anthropic. Its methods never raise, and end by the deadline."""

    settings: Settings
    _client: "AsyncAnthropic | None" = field(default=None, repr=False)
    _pace: Pace = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._pace = Pace(self.settings.per_minute)

    async def ask(self, request: Request) -> Told:
        """What comes of a request, after as many attempts as the settings allow."""
        try:
            client = self._ready()
        except Exception:  # the client cannot be made: whatever it is, nothing was asked
            return Told(reason="failed")
        start = time.monotonic()
        asking = asyncio.ensure_future(self._attempts(client, request))
        done, _ = await asyncio.wait({asking}, timeout=self.settings.deadline * request.times)
        seconds = time.monotonic() - start
        if not done:
            asking.cancel()  # not awaited: what hangs may hang on
            return Told(reason="late", seconds=seconds)
        return replace(asking.result(), seconds=seconds)

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
            self._client = AsyncAnthropic(default_headers=once, max_retries=0, **url)
        return self._client

    async def _attempts(self, client: "AsyncAnthropic", request: Request) -> Told:
        told, pause = await self._attempt(client, request), _PAUSE
        for _ in range(self.settings.retries):
            if told.reason not in _AGAIN:
                break
            await asyncio.sleep(pause)
            told, pause = await self._attempt(client, request), pause * 2
        return told

    async def _attempt(self, client: "AsyncAnthropic", request: Request) -> Told:
        if (wait := self._pace.wait(self.settings.deadline)) is None:
            return Told(reason="rate")
        await asyncio.sleep(wait)
        try:
            message = await self._created(client, request)
            cost, refused = self._cost(message.usage), message.stop_reason == "refusal"
        except Exception as error:  # whatever happens, there is no answer
            return Told(reason=_reason(error))
        if refused:
            return Told(reason="refusal", cost=cost)
        answer = _answer(message, request.shape)
        return Told(answer, "" if answer is not None else "malformed", cost=cost)

    async def _created(self, client: "AsyncAnthropic", request: Request) -> "Message":
        """The message as it came: `messages.parse` would drop the tokens counted of one that cannot be read."""
        from anthropic import transform_schema

        return await client.messages.create(
            model=self.settings.model,
            max_tokens=self.settings.max_tokens * request.times,
            timeout=self.settings.deadline * request.times,
            system=[{"type": "text", "text": request.system, "cache_control": {"type": "ephemeral"}}],
            messages=[{"role": "user", "content": request.message}],
            output_config={"format": {"type": "json_schema", "schema": transform_schema(request.shape)}},
        )

    def _cost(self, usage: object) -> float:
        """US dollars, from the tokens that the service counted."""

        def counted(name: str) -> int:
            number = getattr(usage, name, 0)
            return number if isinstance(number, int) and number > 0 else 0

        given = counted("input_tokens") + sum(counted(name) * share for name, share in _OFF_PEAK.items())
        made = counted("output_tokens")
        return (given * self.settings.input_price + made * self.settings.output_price) / _MILLION


def _answer(message: "Message", shape: type[BaseModel]) -> BaseModel | None:
    """The answer of the shape; None where it is not."""
    try:
        text = "".join(block.text for block in message.content if block.type == "text")
        return shape.model_validate_json(text)
    except (ValueError, TypeError, AttributeError):  # the client does not check what the service sends
        return None


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
