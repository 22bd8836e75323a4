"""The parts of a file done by a Spark cluster: the same kernel in `mapInArrow`; each machine reads and writes its own.

The machines need Python with pyarrow, NumPy and pandas; rulec and the rules are sent to them.
"""

import json
import os
import re
import shutil
import socket
import sys
import time
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Any

import pandas  # noqa: F401 - mapInArrow asks for it
import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from rulec.batch import parts
from rulec.batch.packed import pack
from rulec.batch.parts import Part, Task, begin, do_part, known
from rulec.batch.rows import Piece, UnreadableDataError

MASTERS = "local[*], local[4], spark://host:7077, yarn, k8s://https://host:6443"
_MASTER = re.compile(r"local(\[[\d*, ]+\])?|(spark|k8s)://.+|yarn")
_PACKAGE = FilePath(__file__).parent.parent
_PATIENCE = 5  # seconds for a master to answer
_PAUSE = 0.1  # seconds between looks at what is done
_SHARES = 8  # for each core, so that none waits long for another one
Numbered = tuple[int, Piece]


class SparkError(Exception):
    """Spark cannot do the work; `code`: of the catalogue; `detail`: why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


class OnSpark:
    """Does all parts on the cluster of a master, as Spark names it. Raises SparkError where there can be none."""

    def __init__(self, master: str) -> None:
        self.master = master
        if not _MASTER.fullmatch(master):
            raise SparkError("E974", MASTERS)
        home = os.environ.get("JAVA_HOME")
        if not (FilePath(home, "bin", "java").exists() if home else shutil.which("java")):
            raise SparkError("E973", home or "PATH")

    def __call__(self, task: Task) -> Iterator[tuple[int, Part]]:
        """What came of each part. Raises SparkError, UnreadableDataError."""
        left = list[Numbered]()
        for number, piece in enumerate(task.data.pieces(parts.PART)):
            if (told := known(task, number)) is None:
                left.append((number, piece))
            else:
                yield number, told
        if left:
            with _session(self.master) as spark:
                yield from _each_done(spark, task, left)


@contextmanager
def _session(master: str) -> Iterator[Any]:
    """A session whose workers have rulec: the one that is open, else one for this work. Raises SparkError."""
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    _reach(master)
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")  # what it lacks is not used here
    builder = SparkSession.builder.master(master).appName("rulec score")
    builder = builder.config("spark.ui.showConsoleProgress", "false").config("spark.log.level", "ERROR")
    try:
        spark = builder.getOrCreate()
    except (PySparkException, Py4JError) as error:
        raise SparkError("E974", _reason(error)) from None
    try:
        with TemporaryDirectory() as folder:
            code = shutil.make_archive(str(FilePath(folder, "rulec")), "zip", _PACKAGE.parent, _PACKAGE.name)
            spark.sparkContext.addPyFile(code)
            yield spark
    except (PySparkException, Py4JError) as error:
        raise SparkError("E975", _reason(error)) from None
    finally:
        spark.stop()


def _reach(master: str) -> None:
    """Whether one of the machines of a standalone master answers: Spark itself would try for minutes."""
    hosts = master.removeprefix("spark://").split(",") if master.startswith("spark://") else []
    failures = list[str]()
    for host in hosts:
        name, _, port = host.rpartition(":")
        try:
            socket.create_connection((name, int(port)), _PATIENCE).close()
            return
        except (OSError, ValueError) as error:
            failures.append(str(error))
    if failures:
        raise SparkError("E974", failures[-1])


def _reason(error: Exception) -> str:
    """The line of a long report that says what went wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = [line for line in lines if re.match(r"[\w.]*(Error|Exception): ", line)]
    return (said or lines or [type(error).__name__])[-1]


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
