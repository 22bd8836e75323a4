"""Sessions of the client of the package `mcp`, and a person who fills in forms, for the tests of MCP."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import Client
from mcp.client.session import ClientRequestContext
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult, ElicitRequestFormParams, ElicitRequestParams, ElicitResult
from services import KEPT_WAITING, ROOT

ERAS = ("auto", "legacy")  # a form comes back with the call, or is a request of its own


class Person:
    """Who answers forms: by the fields that are known, else by declining. `shown`: the forms seen."""

    def __init__(self, *answers: Mapping[str, Any] | None) -> None:
        self.answers, self.shown = list(answers), list[ElicitRequestFormParams]()

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        assert isinstance(params, ElicitRequestFormParams)
        self.shown.append(params)
        answer = self.answers.pop(0) if self.answers else None
        return ElicitResult(action="decline") if answer is None else ElicitResult(action="accept", content=dict(answer))


def stdio(*args: str | Path, folder: Path | None = None) -> StdioServerParameters:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "fr_FR.UTF-8"}
    given = ["-m", "rulec", "serve", *map(str, args), "--mcp", *([] if "--log" in args else ["--log", "none"])]
    return StdioServerParameters(command=sys.executable, args=given, env=environment, cwd=folder)


@asynccontextmanager
async def session(server: Any, era: str = "auto", person: Person | None = None) -> AsyncIterator[Client]:
    async with asyncio.timeout(KEPT_WAITING):
        async with Client(server, mode=era, elicitation_callback=person) as client:
            yield client


def data(result: CallToolResult) -> dict[str, Any]:
    """The structured content, which the text says again."""
    (block,) = result.content
    assert block.type == "text"
    assert not result.is_error, block.text
    found: dict[str, Any] = result.structured_content
    assert json.loads(block.text) == found
    return found


def codes(result: CallToolResult) -> list[str]:
    """What is wrong with a call."""
    (block,) = result.content
    assert block.type == "text"
    assert (result.is_error, result.structured_content) == (True, None)
    return [each["code"] for each in json.loads(block.text)["problems"]]
