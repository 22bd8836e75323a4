"""Decisions in, written to the log before they are told."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import timedelta

from rulec.agent.wrong import RequestError
from rulec.log.approvers import NAMED, Approvers
from rulec.log.entry import Entry
from rulec.log.errors import LogError
from rulec.log.store import DecisionLog
from rulec.log.writer import Writer
from rulec.service.words import journal


class Keeper:
    """Writes decisions to a log; many that come together are written together.

    `patience`: how long one that is proposed waits for a person; None: for ever. `approvers`: who speaks for whom.
    """

    def __init__(self, log: DecisionLog, patience: timedelta | None = None, approvers: Approvers = NAMED) -> None:
        self.log, self.patience, self.approvers, self._writer = log, patience, approvers, Writer(log)

    async def keep(self, entries: Sequence[Entry]) -> None:
        """Return once they are durable. Raises `RequestError` where they cannot be written."""
        waiting: list[Future[Entry]] = [self._writer.put(entry) for entry in entries]
        try:
            await asyncio.gather(*map(asyncio.wrap_future, waiting))
        except LogError as error:
            journal.error("%s", error)
            raise RequestError("E997") from None

    def put(self, entry: Entry) -> "Future[Entry]":
        """Have an entry written that nobody waits for to be told."""
        return self._writer.put(entry)

    def close(self) -> None:
        """Write what waits, and close the log."""
        self._writer.close()
        self.log.close()
