"""A model that talks through the Messages API, by rules of its own: it calls tools, asks what they ask, and tells.

It reads what a person says word by word, as far as these tests need; it never decides anything.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from messages_server import Service, serving

Block = dict[str, Any]
Step = Callable[[list[dict[str, Any]], list[dict[str, Any]]], list[Block]]  # messages and tools → what is said


class Talker(Service):
    """Answers each request by a step; all requests are kept in `asked`."""

    def __init__(self, step: Step) -> None:
        super().__init__(lambda text, names: {})
        self.step = step

    def reply(self, request: dict[str, Any], fault: str) -> dict[str, Any]:
        blocks = self.step(request["messages"], request.get("tools", []))
        calls = any(block["type"] == "tool_use" for block in blocks)
        return {
            "id": f"msg_{len(self.asked)}", "type": "message", "role": "assistant", "model": request["model"],
            "content": blocks, "stop_reason": "tool_use" if calls else "end_turn", "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }  # fmt: skip


@contextmanager
def talking(step: Step) -> Iterator[Talker]:
    """The model at `talker.url`."""
    talker = Talker(step)
    with serving(talker):
        yield talker


def says(text: str) -> Block:
    return {"type": "text", "text": text}


def calls(name: str, arguments: Mapping[str, Any], number: int) -> Block:
    return {"type": "tool_use", "id": f"toolu_{number}", "name": name, "input": dict(arguments)}


def results(messages: Sequence[Mapping[str, Any]]) -> list[Block]:
    """The results of tools in the last message."""
    content = messages[-1]["content"]
    return [] if isinstance(content, str) else [block for block in content if block["type"] == "tool_result"]


def said(messages: Sequence[Mapping[str, Any]]) -> list[str]:
    """All that the person said."""
    return [each["content"] for each in messages if each["role"] == "user" and isinstance(each["content"], str)]


def clerk(facts: Callable[[str], Mapping[str, Any]]) -> Step:
    """A model that decides by the tools it is given. `facts`: what it reads in what the person says.

    Asked "pourquoi" | "why", it calls the tool that says so. It asks the first question that a decision leaves open.
    """

    def step(messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> list[Block]:
        found = results(messages)
        if found:
            return [says(told(found[0]["content"]))]
        heard = said(messages)
        kind = "why" if re.search(r"pourquoi|why", heard[-1], re.IGNORECASE) else "decide"
        name = next(tool["name"] for tool in tools if tool["name"].startswith(f"{kind}_"))
        return [calls(name, {"facts": facts(" ; ".join(heard))}, len(messages))]

    return step


def told(content: Any) -> str:
    """What a model says of the result of a tool."""
    text = content if isinstance(content, str) else content[0]["text"]
    answer = json.loads(text)
    if "problems" in answer and "status" not in answer:
        return str(answer["problems"][0]["message"])
    if "text" in answer:
        return str(answer["text"])
    if answer.get("questions"):
        return str(answer["questions"][0]["text"])
    return ", ".join(f"{key} = {outcome.get('value')}" for key, outcome in answer["outcomes"].items())


def counter(messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> list[Block]:
    """The clerk of a shop: asks the rules about orders; where it can refund, it does, and says what came of it."""
    if not any(tool["name"] == "refund" for tool in tools):
        return clerk(_heard)(messages, tools)
    found = results(messages)
    if found:
        return [says(str(found[0]["content"]))]
    amount = re.search(r"\d+", said(messages)[-1])
    return [calls("refund", {"amount": amount[0] if amount else ""}, len(messages))]


def _heard(text: str) -> dict[str, Any]:
    """The facts that a person told."""
    amount = re.search(r"(\d+) ?€", text)
    order = {"order": {"net": amount[1]}} if amount else {}
    return {**order, **({"customer": {"loyal": True}} if "fidèle" in text else {})}
