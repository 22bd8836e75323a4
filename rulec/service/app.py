"""Sets of rules in, a web application out: decide, explain, ask, describe."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from rulec.agent.answers import Json
from rulec.agent.requests import MEMBERS, asked
from rulec.agent.wrong import REFUSED, RequestError
from rulec.diagnostics.as_json import text_of
from rulec.runtime.facts_json import parse_facts
from rulec.service.answering import Answering
from rulec.service.body import text_in
from rulec.service.describing import health, schema, sets, vocabulary
from rulec.service.guard import Guard
from rulec.service.limits import Keys
from rulec.service.metrics import TYPE
from rulec.service.openapi import openapi
from rulec.service.problems import failure, refusal
from rulec.service.sets import Served
from rulec.service.watch import Watch
from rulec.source import Language

if TYPE_CHECKING:  # slow to import, and not every service needs it
    from rulec.service.events import Events
    from rulec.service.mcp_server import Mounted

Endpoint = Callable[[Request], Awaitable[Response]]
ONE, NAMED = "", "/rules/{rules}"  # before an operation: the only or first set, or the one of a name or digest
DESCRIBING: dict[str, Callable[[Served, Language], Json]] = {"vocabulary": vocabulary, "schema": schema}


class Service:
    """What answers requests. `watch`: the sets, and their files. `tools`: the same over MCP, beside.

    `events`: what takes events, where the service does.
    """

    def __init__(
        self, watch: Watch, answering: Answering, keys: Keys, tools: "Mounted | None" = None,
        events: "Events | None" = None,
    ) -> None:  # fmt: skip
        self.watch, self.answering, self.keys, self.tools, self.events = watch, answering, keys, tools, events

    def app(self) -> ASGIApp:
        """The application, to be served."""
        routes = [*self._asking(), *self._describing(), *([self.tools.route] if self.tools else []), *self._approving()]
        routes += self._happening()
        handlers: dict[Any, Any] = {
            HTTPException: self._no_page,
            **dict.fromkeys(REFUSED, self._refused),
        }
        inner = Starlette(routes=routes, exception_handlers=handlers, lifespan=self._running)
        return Guard(inner, self.keys, self.answering.metrics, self.watch.language)

    @asynccontextmanager
    async def _running(self, app: object) -> AsyncIterator[None]:
        looking = asyncio.create_task(self.events.run()) if self.events else None
        try:
            async with self.answering.running(self.watch), self.tools.running() if self.tools else nullcontext():
                yield
        finally:
            if looking is not None and self.events is not None:
                looking.cancel()
                with suppress(asyncio.CancelledError):
                    await looking
                self.events.close()

    # ---- what is asked

    def _asking(self) -> list[BaseRoute]:
        return [
            Route(f"{before}/{operation}", self._endpoint(operation), methods=["POST"])
            for before in (ONE, NAMED)
            for operation in MEMBERS
        ]

    def _endpoint(self, operation: str) -> Endpoint:
        async def answer(request: Request) -> Response:
            request.scope["rulec.operation"] = operation
            served = self._served(request)
            language = self._language(request, served)
            with self.answering.place():
                given = parse_facts(await text_in(request, self.answering.limits), language)
                what = asked(served.rules, operation, given)
                return as_response(await self.answering.answer(served, operation, what, language), language)

        return answer

    # ---- what is described

    def _describing(self) -> list[BaseRoute]:
        found = [
            Route(f"{before}/{name}", self._description(name, describe))
            for before in (ONE, NAMED)
            for name, describe in DESCRIBING.items()
        ]
        alone: dict[str, Callable[[Language], Json]] = {
            "rules": lambda language: sets(self.watch.sets),
            "health": lambda language: health(self.watch),
            "openapi.json": lambda language: openapi(
                self.watch.sets, language, self.keys, self.answering.decider.keeper is not None, self.events is not None
            ),
        }
        found += [Route(f"/{name}", self._page(name, page)) for name, page in alone.items()]
        return [*found, Route("/metrics", self._metrics)]

    def _description(self, name: str, describe: Callable[[Served, Language], Json]) -> Endpoint:
        async def answer(request: Request) -> Response:
            request.scope["rulec.operation"] = name
            served = self._served(request)
            language = self._language(request, served)
            return as_response(describe(served, language), language)

        return answer

    def _page(self, name: str, page: Callable[[Language], Json]) -> Endpoint:
        async def answer(request: Request) -> Response:
            request.scope["rulec.operation"] = name
            language = self._language(request, None)
            return as_response(page(language), language)

        return answer

    async def _metrics(self, request: Request) -> Response:
        request.scope["rulec.operation"] = "metrics"
        in_force = {name: each.digest for name, each in self.watch.sets.current.items()}
        text = self.answering.metrics.text(in_force, self.watch.taken, self.watch.refusals)
        return Response(text, media_type=TYPE)

    # ---- what waits for a person

    def _approving(self) -> list[BaseRoute]:
        keeper = self.answering.decider.keeper
        if keeper is None:
            return []
        from rulec.service.approving import Approvals  # not every service has a log

        approvals = Approvals(keeper, self.watch.sets, self.keys)

        async def waiting(request: Request, language: Language) -> Json:
            return await approvals.waiting(request.query_params.get("all") in ("1", "true"))

        async def one(request: Request, language: Language) -> Json:
            return await approvals.one(request.path_params["id"])

        async def answer(request: Request, language: Language) -> Json:
            given = parse_facts(await text_in(request, self.answering.limits), language)
            return await approvals.answer(request.path_params["id"], given, request.scope["rulec.caller"], language)

        page = "/approvals/{id}"
        return [
            Route("/approvals", self._limited(waiting), methods=["GET"]),
            Route(page, self._limited(one), methods=["GET"]),
            Route(page, self._limited(answer), methods=["POST"]),
        ]

    def _happening(self) -> list[BaseRoute]:
        """What happens, and what it fires."""
        events = self.events
        if events is None:
            return []

        async def take(request: Request, language: Language) -> Json:
            given = parse_facts(await text_in(request, self.answering.limits), language)
            return await events.take(given, request.scope["rulec.language"] or events.language)

        async def firings(request: Request, language: Language) -> Json:
            return await events.firings(request)

        return [
            Route("/events", self._limited(take, "events"), methods=["POST"]),
            Route("/firings", self._limited(firings, "firings"), methods=["GET"]),
        ]

    def _limited(
        self, tell: Callable[[Request, Language], Awaitable[Json]], operation: str = "approvals"
    ) -> Endpoint:  # fmt: skip
        async def answer(request: Request) -> Response:
            request.scope["rulec.operation"] = operation
            language = self._language(request, self.watch.sets.first)
            with self.answering.place():
                return as_response(await tell(request, language), language)

        return answer

    # ---- shared

    def _served(self, request: Request) -> Served:
        """The set that a request is about. Raises `RequestError`."""
        name = request.path_params.get("rules")
        found = self.watch.sets.first if name is None else self.watch.sets.find(name)
        if found is None:
            raise RequestError("E991", str(name)[:100], known=", ".join(self.watch.sets.current))
        return found

    def _language(self, request: Request, served: Served | None) -> Language:
        """The language asked for, else that of the rules, else that of the service."""
        asked_for: Language | None = request.scope["rulec.language"]
        return asked_for or (served.rules.language if served else self.watch.language)

    async def _refused(self, request: Request, error: Exception) -> Response:
        served = None
        with suppress(RequestError):
            served = self._served(request)
        return refusal(error, self._language(request, served))

    async def _no_page(self, request: Request, error: HTTPException) -> Response:
        """A path that is none (E988), or that is asked for otherwise (E992)."""
        code = "E992" if error.status_code == 405 else "E988"
        answer = failure(code, self._language(request, None), path=request.url.path[:100])
        answer.headers.update(error.headers or {})
        return answer


def as_response(body: Json, language: Language) -> Response:
    """An answer as JSON."""
    text = f"{text_of(body)}\n".encode()
    return Response(text, headers={"content-language": language}, media_type="application/json")
