"""What the workers of a cluster do with a batch: read lines, take those of each key, write what is told."""

import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import google.protobuf  # noqa: F401 - transformWithState asks for it
import pandas  # noqa: F401 - it too
import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import Row
from pyspark.sql.streaming.stateful_processor import StatefulProcessor, StatefulProcessorHandle

from rulec.batch.packed import unpack
from rulec.streaming.keyed import ASIDE, TOLD, Held, Keyed, Line, Told

LINES = "entity string, key string, at long, text string"
OUTCOMES = "kind string, number long, body string"
NUMBERS = "kind string, number long"
FILES = {TOLD: "fired", ASIDE: "aside"}
_HELD = "wake long, body string"


@lru_cache(maxsize=1)
def keyed(sent: bytes) -> Keyed:
    """The kernel of rules that were sent: a plan, what makes the teller of it, and what that needs."""
    plan, teller, needs = unpack(sent)
    return Keyed(plan, teller(plan, *needs))


def read_lines(sent: bytes, live: bool, batches: Iterable[Any]) -> Iterator[Any]:
    """Batches of lines as bytes in; batches of `LINES` out, without those that are empty.

    `live`: nothing has happened yet beyond the clock of the wall.
    """
    keys = keyed(sent)
    for batch in batches:
        now = time.time_ns() // 1_000 if live else None
        lines = [line for each in batch.column(0).to_pylist() if (line := keys.line(each, now)) is not None]
        columns = [[line[at] for line in lines] for at in range(len(Line._fields))]
        kinds = (pa.string(), pa.string(), pa.int64(), pa.string())
        arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, names=list(Line._fields))


class Keys(StatefulProcessor):
    """The keys of a plan, as Spark wants them: a state and a timer of each."""

    def __init__(self, sent: bytes) -> None:
        self._sent = sent

    def init(self, handle: StatefulProcessorHandle) -> None:
        """Get ready for a share of the keys."""
        self._handle, self._held = handle, handle.getValueState("held", _HELD)

    def handleInputRows(self, key: Any, rows: Iterator[Row], timerValues: Any) -> Iterator[Row]:  # noqa: N802, N803 - Spark's names
        """Lines of a key have come."""
        subject, texts = (str(key[0]), str(key[1])), [str(row["text"]) for row in rows]
        if not subject[0]:
            yield from (_row(Told(ASIDE, 1, text)) for text in texts if text)
            return
        before = self._before()
        after, told = keyed(self._sent).take(subject, before, texts, timerValues.getCurrentWatermarkInMs())
        self._keep(before.wake if before else 0, before is not None, after)
        yield from map(_row, told)

    def handleExpiredTimer(self, key: Any, timerValues: Any, expiredTimerInfo: Any) -> Iterator[Row]:  # noqa: N802, N803 - Spark's names
        """It is time for a key."""
        subject, before = (str(key[0]), str(key[1])), self._before()
        if before is not None:
            after, told = keyed(self._sent).wake(subject, before, timerValues.getCurrentWatermarkInMs())
            self._keep(0, True, after)
            yield from map(_row, told)

    def _before(self) -> Held | None:
        held = self._held.get()
        return Held(int(held[0]), str(held[1])) if held else None

    def _keep(self, timer: int, was_held: bool, after: Held | None) -> None:
        """Keep a state; `timer`: the one that is set."""
        wake = after.wake if after else 0
        if timer not in (0, wake):
            self._handle.deleteTimer(timer)
        if wake not in (0, timer):
            self._handle.registerTimer(wake)
        if after is not None:
            self._held.update((after.wake, after.body))
        elif was_held:
            self._held.clear()


def _row(told: Told) -> Row:
    return Row(kind=told.kind, number=told.number, body=told.body)


def write_told(folder: str, batch: int, batches: Iterable[Any]) -> Iterator[Any]:
    """Write what is told of a share of the keys in a batch, each file whole or not at all; how many of each kind.

    The names of the files are those of the batch and the share, so that a batch that is done again writes them again.
    """
    counts, bodies = Counter[str](), defaultdict[str, list[str]](list)
    for each in batches:
        for kind, number, body in zip(*(column.to_pylist() for column in each.columns), strict=True):
            counts[kind] += number
            if kind in FILES:
                bodies[kind].append(body)
    context = TaskContext.get()
    share = context.partitionId() if context else 0
    for kind, name in FILES.items():
        if bodies[kind]:
            _write(Path(folder, f"{name}-{batch:09}-{share:05}.jsonl"), bodies[kind])
    kinds, numbers = pa.array(list(counts), pa.string()), pa.array(list(counts.values()), pa.int64())
    yield pa.RecordBatch.from_pydict({"kind": kinds, "number": numbers})


def _write(path: Path, lines: Iterable[str]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with part.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
