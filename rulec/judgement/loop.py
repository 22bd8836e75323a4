"""Work in, its result out, with or without an event loop: judges have one of their own."""

import asyncio
from collections.abc import Coroutine
from functools import cache
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """What comes of the work, done on the loop of judges."""
    return asyncio.run_coroutine_threadsafe(work, _loop()).result()


async def arun(work: Coroutine[Any, Any, T]) -> T:
    """The same, waited for on the caller's own loop."""
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, _loop()))


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One loop for all judges: the connections of a client belong to one."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="rulec judgements", daemon=True).start()
    return loop
