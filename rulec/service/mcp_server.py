"""Sets of rules in, an MCP server out: one typed tool to decide for each, with why, what-if and questions beside it.

The package `mcp` checks no argument and drops those that it does not know: they are checked here.
"""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, cast

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from starlette.routing import Route

import rulec
from rulec.agent.answers import Json
from rulec.agent.requests import Asked, asked, exact
from rulec.agent.tools import OPERATIONS, decided, operation_of, tools_of
from rulec.agent.wrong import REFUSED, problems_of
from rulec.diagnostics.as_json import text_of
from rulec.service.answering import Answering
from rulec.service.asking import ACCEPTED, Form, answers_in, form_of
from rulec.service.limits import LOOPBACK, Keys
from rulec.service.sets import Served
from rulec.service.watch import Watch
from rulec.source import Language

Context = ServerRequestContext[Any, Any]
Result = types.CallToolResult | types.InputRequiredResult
PATH, OPERATION = "/mcp", "mcp"
ROUNDS = 5  # forms that one call may show
FRESH = 5_000  # milliseconds for which a list of tools may be kept
ASKED = "facts"  # the key of a form among the inputs that are required


class Tools:
    """The tools of the sets that are served now."""

    def __init__(self, watch: Watch, answering: Answering) -> None:
        self.watch, self.answering = watch, answering

    def server(self) -> Server[Any]:
        """The server, to be run on a transport."""
        return Server("rulec", version=rulec.__version__, on_list_tools=self.listed, on_call_tool=self.called)

    async def listed(self, ctx: Context, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        """All the tools."""
        found = [
            types.Tool(
                name=tool.name, description=tool.description, input_schema=tool.asked, output_schema=tool.answered,
                annotations=types.ToolAnnotations(read_only_hint=True, open_world_hint=False),
            )
            for name, served in self.watch.sets.current.items()
            for tool in tools_of(served.rules, name, served.rules.language)
        ]  # fmt: skip
        return types.ListToolsResult(tools=found, ttl_ms=FRESH)

    async def called(self, ctx: Context, params: types.CallToolRequestParams) -> Result:
        """What comes of a call; what is wrong with it is told to the model, in the language of the rules."""
        sets, language = self.watch.sets.current, self.watch.language
        try:
            name, operation = operation_of(params.name, sets)
            served = sets[name]
            language = served.rules.language
            what = asked(served.rules, OPERATIONS[operation], exact(params.arguments or {}))
            if operation == "decide":
                return await self._decided(Dialogue(ctx, params), served, what, language)
            with self.answering.place():
                return result(await self.answering.answer(served, OPERATIONS[operation], what, language))
        except REFUSED as error:
            return result({"problems": problems_of(error, language)}, wrong=True)

    async def _decided(self, dialogue: "Dialogue", served: Served, what: Asked, language: Language) -> Result:
        """The decision; a person is asked for the facts that it lacks, where the client can ask."""
        given = cast("dict[str, object]", what.facts)
        while True:
            facts = {**given, **dialogue.facts}
            with self.answering.place():
                decision = await self.answering.decision(served, facts, what.at)
            form = form_of(served.rules.plan, decision, language) if dialogue.open else None
            if form is None:
                break
            if (required := await dialogue.ask(form)) is not None:
                return required
        with self.answering.place():
            kept = await self.answering.keep(served, facts, decision)
        return result({**decided(served.rules, decision, language), **kept})


class Dialogue:
    """What a person is asked in the course of a call, and has answered so far.

    Until 2025-11-25 a form is a request of its own, and its answer comes at once. Since 2026-07-28 it is the result of
    the call, which then comes again with the answer, and with what the server wants to remember.
    """

    def __init__(self, ctx: Context, params: types.CallToolRequestParams) -> None:
        capabilities = ctx.session.client_capabilities
        asking = capabilities.elicitation if capabilities is not None else None
        self._ctx = ctx
        self._comes_again = ctx.protocol_version in MODERN_PROTOCOL_VERSIONS
        self._answers, self._left = _remembered(params.request_state if self._comes_again else None)
        self._closed = asking is None or (asking.form is None and asking.url is not None)
        reply = (params.input_responses or {}).get(ASKED) if self._comes_again else None
        if reply is not None:
            self._take(reply)

    @property
    def open(self) -> bool:
        """Whether a form may still be shown."""
        return not self._closed and self._left > 0

    @property
    def facts(self) -> dict[str, object]:
        """What was answered, as facts."""
        return answers_in(self._answers)

    async def ask(self, form: Form) -> types.InputRequiredResult | None:
        """Show a form; None: it was answered, or never will be."""
        self._left -= 1
        told = types.ElicitRequestFormParams(message=form.text, requested_schema=form.schema)
        if self._comes_again:
            state = json.dumps({"answers": self._answers, "left": self._left})
            return types.InputRequiredResult(
                input_requests={ASKED: types.ElicitRequest(params=told)}, request_state=state
            )
        try:
            self._take(await self._ctx.session.elicit_form(told.message, told.requested_schema, self._ctx.request_id))
        except MCPError:  # the client cannot, or will not, show it
            self._closed = True
        return None

    def _take(self, reply: object) -> None:
        given = reply.content if isinstance(reply, types.ElicitResult) and reply.action == ACCEPTED else None
        self._closed |= not answers_in(given)
        self._answers |= given or {}


def _remembered(state: str | None) -> tuple[dict[str, Any], int]:
    """What a client brings back: it may be anything. The answers so far, and how many forms are left."""
    try:
        found = json.loads(state or "{}")
        return dict(found.get("answers", {})), min(int(found.get("left", ROUNDS)), ROUNDS)
    except (ArithmeticError, AttributeError, TypeError, ValueError, RecursionError):
        return {}, ROUNDS


def result(answer: Json, wrong: bool = False) -> types.CallToolResult:
    """An answer, as data and as the text of it; what is wrong as text alone."""
    text = types.TextContent(type="text", text=text_of(answer))
    return types.CallToolResult(content=[text], structured_content=None if wrong else answer, is_error=wrong)


async def serve_stdio(tools: Tools) -> None:
    """Answer on standard input and output until they close."""
    server = tools.server()
    async with tools.answering.running(tools.watch), stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


@dataclass(frozen=True)
class Mounted:
    """The tools at a path of an application, which `running` must surround while it answers."""

    route: Route
    running: Callable[[], AbstractAsyncContextManager[None]]


def mounted(tools: Tools, keys: Keys) -> Mounted:
    """The tools over streamable HTTP, at PATH. Without keys, pages of other places than this machine are refused."""
    hosts = [f"{f'[{host}]' if ':' in host else host}:*" for host in LOOPBACK]
    origins = [f"http://{host}" for host in hosts]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=not keys, allowed_hosts=hosts, allowed_origins=origins
    )
    manager = StreamableHTTPSessionManager(
        tools.server(), security_settings=security, max_request_body_size=tools.answering.limits.body
    )
    return Mounted(Route(PATH, StreamableHTTPASGIApp(manager), name=OPERATION), manager.run)
