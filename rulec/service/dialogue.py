"""What a person is asked in the course of an MCP call, and has answered so far."""

import json
from collections.abc import Mapping
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from rulec.service.asking import ACCEPTED, Form, answers_in

Context = ServerRequestContext[Any, Any]
ROUNDS = 5  # forms that one call may show
LISTING, ANSWERING = APPROVING = ("list_approvals", "answer_approval")  # tools about what waits for a person
FACTS, APPROVAL = "facts", "approval"  # what a form is about: its key among the inputs that are required


class Dialogue:
    """The forms of a call.

    Until 2025-11-25 a form is a request of its own, and its answer comes at once. Since 2026-07-28 it is the result of
    the call, which then comes again with the answer, and with what the server wants to remember.
    """

    def __init__(self, ctx: Context, params: types.CallToolRequestParams) -> None:
        capabilities = ctx.session.client_capabilities
        asking = capabilities.elicitation if capabilities is not None else None
        self._ctx = ctx
        self._comes_again = ctx.protocol_version in MODERN_PROTOCOL_VERSIONS
        state = params.request_state if self._comes_again else None
        self._answers, self._left, self.decided = _remembered(state)
        self.able = asking is not None and not (asking.form is None and asking.url is not None)  # to show forms
        self._closed = not self.able
        self._verdict: dict[str, Any] | None = None
        for about, reply in (params.input_responses or {}).items() if self._comes_again else ():
            self._take(about, reply)

    @property
    def open(self) -> bool:
        """Whether a form may still be shown."""
        return not self._closed and self._left > 0

    @property
    def facts(self) -> dict[str, object]:
        """What was answered, as facts."""
        return answers_in(self._answers)

    @property
    def caller(self) -> str:
        """Whose key was shown, "" where nothing tells."""
        request = self._ctx.request
        return "" if request is None else str(request.scope.get("rulec.caller", ""))

    def verdict(self) -> dict[str, Any] | None:
        """What was answered to the last form about an approval, once; None where nothing was."""
        said, self._verdict = self._verdict, None
        return said

    async def ask(self, form: Form, about: str = FACTS, decided: str = "") -> types.InputRequiredResult | None:
        """Show a form; None: it was answered, or never will be. `decided`: the id of the decision, to be remembered."""
        self._left -= 1
        told = types.ElicitRequestFormParams(message=form.text, requested_schema=form.schema)
        if self._comes_again:
            state = json.dumps({"answers": self._answers, "left": self._left, "decided": decided})
            return types.InputRequiredResult(
                input_requests={about: types.ElicitRequest(params=told)}, request_state=state
            )
        try:
            reply = await self._ctx.session.elicit_form(told.message, told.requested_schema, self._ctx.request_id)
        except MCPError:  # the client cannot, or will not, show it
            self._closed = True
        else:
            self._take(about, reply)
        return None

    def _take(self, about: str, reply: object) -> None:
        given = reply.content if isinstance(reply, types.ElicitResult) and reply.action == ACCEPTED else None
        if about == APPROVAL:
            self._closed |= given is None
            self._verdict = given
        else:
            self._closed |= not answers_in(given)
            self._answers |= given or {}


def _remembered(state: str | None) -> tuple[dict[str, Any], int, str]:
    """What a client brings back: it may be anything. The answers so far, how many forms are left, the decision."""
    try:
        found: Mapping[str, Any] = json.loads(state or "{}")
        left = min(int(found.get("left", ROUNDS)), ROUNDS)
        return dict(found.get("answers", {})), left, str(found.get("decided", ""))
    except (ArithmeticError, AttributeError, TypeError, ValueError, RecursionError):
        return {}, ROUNDS, ""
