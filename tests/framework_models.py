"""Models of frameworks that take the steps of `talking`, each as its framework asks a model."""

import json
from collections.abc import Mapping
from typing import Any

import agents
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from talking import Block, Step

Message = dict[str, Any]


def said_by_user(content: Any) -> Message:
    return {"role": "user", "content": content}


def result(content: Any) -> Message:
    return said_by_user([{"type": "tool_result", "content": content}])


# ---- OpenAI Agents SDK


class OpenAIAgents(agents.Model):
    """A model of the OpenAI Agents SDK."""

    def __init__(self, step: Step) -> None:
        self.step = step

    async def get_response(self, *args: Any, **named: Any) -> agents.ModelResponse:
        given, tools = named["input"], named["tools"]
        items = [said_by_user(given)] if isinstance(given, str) else [_heard(item) for item in given]
        blocks = self.step(items, [{"name": tool.name} for tool in tools])
        output: Any = [_spoken(block) for block in blocks]
        return agents.ModelResponse(output=output, usage=agents.Usage(), response_id=None)

    def stream_response(self, *args: Any, **named: Any) -> Any:
        raise NotImplementedError


def _heard(item: Mapping[str, Any]) -> Message:
    if item.get("type") == "function_call_output":
        return result(item["output"])
    return {"role": item.get("role", "assistant"), "content": item.get("content", [])}


def _spoken(block: Block) -> Any:
    if block["type"] == "text":
        text = ResponseOutputText(text=block["text"], type="output_text", annotations=[], logprobs=[])
        return ResponseOutputMessage(id="1", type="message", role="assistant", content=[text], status="completed")
    return ResponseFunctionToolCall(
        id=block["id"], call_id=block["id"], type="function_call", name=block["name"],
        arguments=json.dumps(block["input"]),
    )  # fmt: skip


# ---- Pydantic AI


def pydantic_ai(step: Step) -> FunctionModel:
    """A model of Pydantic AI."""

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        heard = list[Message]()
        for part in (part for message in messages for part in message.parts):
            if isinstance(part, UserPromptPart):
                heard.append(said_by_user(part.content))
            elif isinstance(part, ToolReturnPart):
                heard.append(result(part.content))
        blocks = step(heard, [{"name": tool.name} for tool in info.function_tools])
        return ModelResponse(parts=[_part(block) for block in blocks])

    return FunctionModel(answer)


def _part(block: Block) -> TextPart | ToolCallPart:
    if block["type"] == "text":
        return TextPart(block["text"])
    return ToolCallPart(block["name"], block["input"], block["id"])
