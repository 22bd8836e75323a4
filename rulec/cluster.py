"""A master of Spark in, a session on its cluster out, whose workers have rulec; or why there can be none."""

import os
import re
import shutil
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

MASTERS = "local[*], local[4], spark://host:7077, yarn, k8s://https://host:6443"
_MASTER = re.compile(r"local(\[[\d*, ]+\])?|(spark|k8s)://.+|yarn")
_PACKAGE = Path(__file__).parent
_PATIENCE = 5  # seconds for a master to answer
_SETTINGS = {
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.python.authenticate.socketTimeout": "5m",  # a busy machine starts Python slowly
}


class SparkError(Exception):
    """Spark cannot do the work; `code`: of the catalogue; `detail`: why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


def check_master(master: str) -> None:
    """Raises SparkError for what names no cluster, and where there is no Java."""
    if not _MASTER.fullmatch(master):
        raise SparkError("E974", MASTERS)
    home = os.environ.get("JAVA_HOME")
    if not (Path(home, "bin", "java").exists() if home else shutil.which("java")):
        raise SparkError("E973", home or "PATH")


@contextmanager
def session(master: str, name: str, log: Path | None = None) -> Iterator[Any]:
    """A session whose workers have rulec: the one that is open, else one for this work. Raises SparkError.

    `log`: the file for what Spark says of itself, else said on standard error.
    """
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    _reach(master)
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")  # what it lacks is not used here
    builder = SparkSession.builder.master(master).appName(name)
    for setting, value in _SETTINGS.items():
        builder = builder.config(setting, value)
    try:
        with _apart(log) if log else nullcontext():
            spark = builder.getOrCreate()
    except (PySparkException, Py4JError) as error:
        raise SparkError("E974", reason(error)) from None
    try:
        with TemporaryDirectory() as folder:
            code = shutil.make_archive(str(Path(folder, "rulec")), "zip", _PACKAGE.parent, _PACKAGE.name)
            spark.sparkContext.addPyFile(code)
            yield spark
    except (PySparkException, Py4JError) as error:
        raise SparkError("E975", reason(error)) from None
    finally:
        spark.stop()


@contextmanager
def _apart(log: Path) -> Iterator[None]:
    """What is started meanwhile, as Java is, writes to a file what it would on standard error."""
    kept = os.dup(2)
    with log.open("ab") as stream:
        os.dup2(stream.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


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


def reason(error: Exception) -> str:
    """The line of a long report that says what went wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = [line for line in lines if re.match(r"[\w.]*(Error|Exception): ", line)]
    return (said or lines or [type(error).__name__])[-1]
