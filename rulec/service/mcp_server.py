"""Sets of rules in, an MCP server out: one typed tool to decide for each, with why, what-if and questions beside it.

The package `mcp` checks no argument and drops those that it does not know: they are checked here.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import mcp_types as types
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route

import rulec
from rulec.agent.answers import Json
from rulec.agent.requests import Asked, asked, exact
from rulec.agent.tools import OPERATIONS, decided, operation_of, tools_of
from rulec.agent.wrong import REFUSED, problems_of
from rulec.diagnostics.as_json import text_of
from rulec.runtime.decision import Decision
from rulec.service.answering import Answering
from rulec.service.asking import form_of
from rulec.service.dialogue import APPROVING, LISTING, Context, Dialogue
from rulec.service.limits import LOOPBACK, Keys
from rulec.service.sets import Served
from rulec.service.watch import Watch
from rulec.source import Language

if TYPE_CHECKING:  # not every service has a log
    from rulec.service.mcp_approving import McpApprovals

Result = types.CallToolResult | types.InputRequiredResult
PATH, OPERATION = "/mcp", "mcp"
FRESH = 5_000  # milliseconds for which a list of tools may be kept


class Tools:
    """The tools of the sets that are served now."""

    def __init__(self, watch: Watch, answering: Answering, keys: Keys) -> None:
        self.watch, self.answering, self.keys = watch, answering, keys
        self._approvals = _approvals(watch, answering, keys)

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
        if self._approvals is not None:
            found += self._approvals.tools(self.watch.language)
        return types.ListToolsResult(tools=found, ttl_ms=FRESH)

    async def called(self, ctx: Context, params: types.CallToolRequestParams) -> Result:
        """What comes of a call; what is wrong with it is told to the model, in the language of the rules."""
        sets, language = self.watch.sets.current, self.watch.language
        try:
            if self._approvals is not None and params.name in APPROVING:
                return await self._approving(self._approvals, Dialogue(ctx, params), params, language)
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
        told = decided(served.rules, decision, language)
        if self._approvals is None:
            with self.answering.place():
                return result({**told, **await self.answering.keep(served, facts, decision)})
        id_ = await self._kept(self._approvals, dialogue, served, facts, decision)
        approval = await self._approvals.offered(dialogue, id_, decision, language)
        return approval if isinstance(approval, types.InputRequiredResult) else result({**told, "id": id_, **approval})

    async def _kept(
        self, approvals: "McpApprovals", dialogue: Dialogue, served: Served, facts: object, decision: Decision
    ) -> str:  # fmt: skip
        """The id of the decision, which is kept once however often the call comes."""
        with self.answering.place():
            if dialogue.decided and await approvals.is_of(dialogue.decided, served, facts, decision):
                return dialogue.decided
            return str((await self.answering.keep(served, facts, decision))["id"])

    async def _approving(
        self, approvals: "McpApprovals", dialogue: Dialogue, params: types.CallToolRequestParams, language: Language
    ) -> Result:  # fmt: skip
        given = params.arguments or {}
        with self.answering.place():
            if params.name == LISTING:
                return result(await approvals.listed(given))
        told = await approvals.answered(dialogue, given, language)
        return told if isinstance(told, types.InputRequiredResult) else result(told)


def _approvals(watch: Watch, answering: Answering, keys: Keys) -> "McpApprovals | None":
    """What waits for a person; None without a log."""
    if answering.decider.keeper is None:
        return None
    from rulec.service.approving import Approvals  # not every service has a log
    from rulec.service.mcp_approving import McpApprovals

    return McpApprovals(Approvals(answering.decider.keeper, watch.sets, keys))


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


def mounted(tools: Tools) -> Mounted:
    """The tools over streamable HTTP, at PATH. Without keys, pages of other places than this machine are refused."""
    hosts = [f"{f'[{host}]' if ':' in host else host}:*" for host in LOOPBACK]
    origins = [f"http://{host}" for host in hosts]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=not tools.keys, allowed_hosts=hosts, allowed_origins=origins
    )
    manager = StreamableHTTPSessionManager(
        tools.server(), security_settings=security, max_request_body_size=tools.answering.limits.body
    )
    return Mounted(Route(PATH, StreamableHTTPASGIApp(manager), name=OPERATION), manager.run)
