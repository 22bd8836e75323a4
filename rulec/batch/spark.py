"""The parts of a file done by a Spark cluster: the same kernel in `mapInArrow`; each machine reads and writes its own.

The machines need Python with pyarrow, NumPy and pandas; rulec and the rules are sent to them.
"""

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pandas  # noqa: F401 - mapInArrow asks for it
import pyarrow as pa

from rulec.batch import parts
from rulec.batch.packed import pack
from rulec.batch.parts import Part, Task, begin, do_part, known
from rulec.batch.rows import Piece, UnreadableDataError
from rulec.cluster import SparkError, check_master, session

_PAUSE = 0.1  # seconds between looks at what is done
_SHARES = 8  # for each core, so that none waits long for another one
Numbered = tuple[int, Piece]


class OnSpark:
    """Does all parts on the cluster of a master, as Spark names it. Raises SparkError where there can be none."""

    def __init__(self, master: str) -> None:
        self.master = master
        check_master(master)

    def __call__(self, task: Task) -> Iterator[tuple[int, Part]]:
        """What came of each part. Raises SparkError, UnreadableDataError."""
        left = list[Numbered]()
        for number, piece in enumerate(task.data.pieces(parts.PART)):
            if (told := known(task, number)) is None:
                left.append((number, piece))
            else:
                yield number, told
        if left:
            with session(self.master, "rulec score") as spark:
                yield from _each_done(spark, task, left)


def _each_done(spark: Any, task: Task, left: list[Numbered]) -> Iterator[tuple[int, Part]]:
    """What came of the parts that are left, as they are done."""
    sent = spark.sparkContext.broadcast((pack(task), left))
    shares = min(len(left), _SHARES * spark.sparkContext.defaultParallelism)
    waiting = [number for number, _ in left]
    with ThreadPoolExecutor(1) as pool:
        frame = spark.range(0, len(left), 1, shares).mapInArrow(partial(_do_parts, sent), "failed string")
        running = pool.submit(frame.collect)
        while not running.done():
            time.sleep(_PAUSE)
            done = {number: told for number in waiting if (told := known(task, number))}
            yield from done.items()
            waiting = [number for number in waiting if number not in done]
        _check(row["failed"] for row in running.result())
    yield from ((number, told) for number in waiting if (told := known(task, number)))


def _check(failures: Iterable[str]) -> None:
    for failed in failures:
        kind, detail = json.loads(failed)
        raise UnreadableDataError(detail) if kind == "data" else SparkError("E975", detail)


def _do_parts(sent: Any, batches: Iterable[Any]) -> Iterator[Any]:
    """In a worker: do the parts whose places a batch holds; what failed, as JSON."""
    packed, left = sent.value
    begin(packed)
    for batch in batches:
        tried = [_failed(*left[place]) for place in batch.column(0).to_pylist()]
        yield pa.RecordBatch.from_pydict({"failed": pa.array(filter(None, tried), pa.string())})


def _failed(number: int, piece: Piece) -> str:
    """Do a part; what went wrong with its files."""
    try:
        do_part(number, piece)
    except UnreadableDataError as error:
        return json.dumps(["data", str(error)])
    except OSError as error:
        return json.dumps(["files", str(error)])
    return ""
