"""A tool call, as programs hold it, in; its name and its arguments out."""

import json
from collections.abc import Mapping

from rulec.agent.requests import exact


class CallError(ValueError):
    """It is no tool call that can be read."""


def call_of(given: object) -> tuple[str, dict[str, object]]:
    """The name and arguments of a call: an object or a mapping with `name` and `input`, or `arguments`, or `args`.

    That is how the Messages API, MCP and the frameworks that we know hold it; arguments may be a JSON text.
    Raises `CallError`.
    """
    name = _member(given, "name")
    told = next((found for key in ("input", "arguments", "args") if (found := _member(given, key)) is not None), {})
    if isinstance(told, str):
        try:
            told = json.loads(told or "{}")
        except (ValueError, RecursionError):
            raise CallError from None
    if not isinstance(name, str) or not name or not isinstance(told, Mapping):
        raise CallError
    if not all(isinstance(key, str) for key in told):
        raise CallError
    return name, {key: exact(value) for key, value in told.items()}


def _member(given: object, key: str) -> object:
    return given.get(key) if isinstance(given, Mapping) else getattr(given, key, None)
