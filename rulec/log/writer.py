"""Entries in from many threads, written together: a commit that waits for the disk serves all that wait for it."""

from collections.abc import Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Thread

from rulec.log.entry import Entry
from rulec.log.errors import LogError
from rulec.log.store import DecisionLog

MOST = 500  # entries of one transaction
_Waiting = tuple[Entry, "Future[Entry]"]


class Writer:
    """Writes entries in a thread of its own, in the order in which they came."""

    def __init__(self, log: DecisionLog) -> None:
        self.log = log
        self._queue = SimpleQueue[_Waiting | None]()
        self._thread = Thread(target=self._run, name="rulec log", daemon=True)
        self._thread.start()

    def put(self, entry: Entry) -> "Future[Entry]":
        """What will be the entry as it is written, once it is durable; or the `LogError`."""
        done = Future[Entry]()
        self._queue.put((entry, done))
        return done

    def close(self) -> None:
        """Write what is waiting, and end."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        ended = False
        while not ended:
            group = list[_Waiting]()
            for waiting in self._taken():
                if waiting is None:
                    ended = True
                elif waiting[1].set_running_or_notify_cancel():
                    group.append(waiting)
            if group:
                self._write(group)

    def _taken(self) -> Iterator[_Waiting | None]:
        """What is waiting, up to a limit; waits for the first."""
        yield self._queue.get()
        for _ in range(MOST - 1):
            try:
                yield self._queue.get_nowait()
            except Empty:
                return

    def _write(self, group: list[_Waiting]) -> None:
        """Write entries; where one of several is refused, the others are written."""
        try:
            written = self.log.append_many([entry for entry, _ in group])
        except Exception as error:  # whatever it is, those who wait are told
            if len(group) > 1 and isinstance(error, LogError) and error.code == "E957":
                for each in group:
                    self._write([each])
            else:
                for _, done in group:
                    done.set_exception(error)
        else:
            for (_, done), entry in zip(group, written, strict=True):
                done.set_result(entry)
