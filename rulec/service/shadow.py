"""Decisions in, those of new rules beside them out, into the log: never answered, and nobody waits for them."""

from concurrent.futures import wait
from queue import Empty, Full, Queue
from threading import Thread

from rulec.log.entry import Entry
from rulec.log.shadow import result_of, shadowed
from rulec.service.keeping import Keeper
from rulec.service.metrics import Metrics
from rulec.service.sets import Served
from rulec.service.watch import Watch
from rulec.service.words import journal

WAITING = 10_000  # decisions that wait to be compared; those beyond are not
_AT_A_TIME = 50  # entries between two that the log commits at most
_Compared = tuple[Served, Entry]


class Shadow:
    """Decides again, in a thread of its own. `watch`: the new rules, under the names of those in force."""

    def __init__(self, watch: Watch, keeper: Keeper, metrics: Metrics) -> None:
        self.watch, self._keeper, self._metrics = watch, keeper, metrics
        self._queue = Queue[_Compared | None](WAITING)
        self._thread = Thread(target=self._run, name="rulec shadow", daemon=True)
        self._thread.start()

    def follow(self, entry: Entry) -> None:
        """Compare a decision that is kept, later."""
        served = self.watch.sets.current.get(entry.name)
        if served is None:
            return
        try:
            self._queue.put_nowait((served, entry))
        except Full:
            self._metrics.shadows[entry.name, "dropped"] += 1

    def close(self) -> None:
        """Compare what waits, and end."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        ended = False
        while not ended:
            found = [self._queue.get()]
            try:
                while len(found) < _AT_A_TIME:
                    found.append(self._queue.get_nowait())
            except Empty:
                pass
            ended = None in found
            self._compare([each for each in found if each is not None])

    def _compare(self, found: list[_Compared]) -> None:
        written = []
        for served, entry in found:
            shadow = shadowed(served.rules, entry)
            self._metrics.shadows[entry.name, result_of(shadow)] += 1
            written.append(self._keeper.put(shadow))
        for each in wait(written).done:
            if (error := each.exception()) is not None:
                journal.error("%s", error)
