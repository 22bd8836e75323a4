"""What is asked of a set in, the answer as JSON data out, whoever asks and however: so many at a time, in time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

from rulec.agent.answers import ANSWERS, Json
from rulec.agent.requests import Asked
from rulec.agent.wrong import RequestError
from rulec.judgement.answers import Judge
from rulec.moment import Moment
from rulec.runtime.decision import Decision
from rulec.service.deciding import Decider
from rulec.service.limits import Limits
from rulec.service.metrics import Metrics
from rulec.service.sets import Served
from rulec.service.watch import Watch
from rulec.source import Language

if TYPE_CHECKING:  # not every service has a log
    from rulec.service.keeping import Keeper


def answering_for(
    limits: Limits, judge: Judge | None = None, keeper: "Keeper | None" = None, beside: Watch | None = None
) -> "Answering":
    """What answers within these limits. `beside`: new rules, of which the decisions are only compared, in the log."""
    metrics, shadow = Metrics(), None
    if keeper is not None and beside is not None:
        from rulec.service.shadow import Shadow  # not every service has a log

        shadow = Shadow(beside, keeper, metrics)
    return Answering(Decider(metrics, judge, keeper, shadow), limits)


class Answering:
    """Answers requests about sets."""

    def __init__(self, decider: Decider, limits: Limits) -> None:
        self.decider, self.limits = decider, limits
        self.metrics: Metrics = decider.metrics
        self._telling = ThreadPoolExecutor(1, "rulec why")  # explanations are made of much Python: one at a time
        self._proving = ThreadPoolExecutor(1, "rulec what-if")  # z3 bears one thread

    @asynccontextmanager
    async def running(self, watch: Watch) -> AsyncIterator[None]:
        """Look after the files of what is served, and of what is compared, until the end."""
        shadow = self.decider.shadow
        watches = [watch, shadow.watch] if shadow is not None else [watch]
        watching = [asyncio.create_task(each.run()) for each in watches]
        try:
            yield
        finally:
            for task in watching:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await self.close()

    async def close(self) -> None:
        """Write what waits to be written."""
        if self.decider.shadow is not None:
            await asyncio.to_thread(self.decider.shadow.close)
        if self.decider.keeper is not None:
            await asyncio.to_thread(self.decider.keeper.close)

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place among those that are answered. Raises `RequestError` where there is none left."""
        if self.metrics.waiting >= self.limits.waiting:
            raise RequestError("E996")
        self.metrics.waiting += 1
        try:
            yield
        finally:
            self.metrics.waiting -= 1

    async def answer(self, served: Served, operation: str, asked: Asked, language: Language) -> Json:
        """The answer. Raises one of `wrong.REFUSED`; RequestError where it takes too long."""
        async with self._in_time():
            if operation == "decide":
                return await self.decider.decide(served, asked, language)
            if operation == "decide-many":
                return await self.decider.decide_many(served, asked, language)
            pool: Executor = self._proving if operation == "what-if" else self._telling
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(pool, ANSWERS[operation], served.rules, asked, language)

    async def decision(self, served: Served, facts: object, at: Moment) -> Decision:
        """The decision, of which nothing is kept yet. Raises as `answer`."""
        async with self._in_time():
            return await self.decider.decision(served, facts, at)

    async def keep(self, served: Served, facts: object, decision: Decision) -> Json:
        """Keep a decision that is about to be told; what is told beside it. Raises as `answer`."""
        async with self._in_time():
            return await self.decider.keep(served, facts, decision)

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.limits.seconds):
                yield
        except TimeoutError:
            raise RequestError("E998", seconds=str(self.limits.seconds)) from None
