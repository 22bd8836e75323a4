"""A request in, the text of its body out: JSON in UTF-8, within the limits."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from rulec.agent.wrong import RequestError
from rulec.service.limits import Limits

JSON = "application/json"
_UTF_8 = frozenset({"", "utf-8", "utf8"})


async def text_in(request: Request, limits: Limits) -> str:
    """The body. Raises `RequestError` where it is no JSON by its type, too long, too slow or not UTF-8."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != JSON or charset not in _UTF_8:
        raise RequestError("E994", given=f"{kind}{';' if parameters else ''}{parameters}"[:60] or "—")
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > limits.body:
        raise RequestError("E993", limit=str(limits.body))
    try:
        async with asyncio.timeout(limits.seconds):
            data = await _read(request, limits.body)
    except TimeoutError:
        raise RequestError("E995", seconds=str(limits.seconds)) from None
    except ClientDisconnect:  # nobody will read the answer
        raise RequestError("E995", seconds=str(limits.seconds)) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RequestError("E989") from None


async def _read(request: Request, most: int) -> bytes:
    parts, size = list[bytes](), 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise RequestError("E993", limit=str(most))
        parts.append(part)
    return b"".join(parts)
