"""Every request passes here first, and shows who asks; whatever happens behind ends in an answer."""

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rulec.service.limits import LOOPBACK, Keys, host_of
from rulec.service.metrics import Metrics
from rulec.service.problems import failure, language_of
from rulec.service.words import journal
from rulec.source import Language

OTHER = "other"


class Guard:
    """An ASGI application around another.

    The operation of a request is told by `scope["rulec.operation"]`, which those inside set; `scope["rulec.language"]`
    is the language asked for, None where none is; `scope["rulec.caller"]` whose key was shown, "" where nothing tells.
    """

    def __init__(self, inner: ASGIApp, keys: Keys, metrics: Metrics, language: Language) -> None:
        self.inner, self.keys, self.metrics, self.language = inner, keys, metrics, language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        started, status = perf_counter(), 0

        async def telling(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        accepted = headers.get(b"accept-language", "")
        scope["rulec.language"] = language_of(accepted)
        try:
            code = self._refused(scope, headers)
            if code:
                await failure(code, scope["rulec.language"] or self.language)(scope, receive, telling)
            else:
                await self.inner(scope, receive, telling)
        except Exception as error:
            journal.error("%s", type(error).__name__, exc_info=error)
            if not status:
                answer = failure("E930", scope["rulec.language"] or self.language, detail=type(error).__name__)
                await answer(scope, receive, telling)
        finally:
            self.metrics.answered(scope.get("rulec.operation", OTHER), status, perf_counter() - started)

    def _refused(self, scope: Scope, headers: dict[bytes, str]) -> str:
        """The code of what is against an answer; "" where nothing is."""
        scope["rulec.caller"] = ""
        if not self.keys:
            return "" if host_of(headers.get(b"host", "")) in LOOPBACK else "E999"
        scheme, _, shown = headers.get(b"authorization", "").partition(" ")
        shown = shown.strip() if scheme.lower() == "bearer" else headers.get(b"x-api-key", "")
        caller = self.keys.admit(shown)
        scope["rulec.caller"] = caller or ""
        return "E990" if caller is None else ""
