"""Decisions on a file by the processes of this machine and by Spark with as many, warm: rows a second per core, ratio.

    python benchmarks/spark.py [--rows 2000000] [--rules 100]

Both read and write Parquet. Spark keeps its session and its workers from one round to the next. On its DataFrame,
`decide_many` also moves all rows from Java to Python and back, hardly faster where nothing is decided; so the
kernel is timed within the workers too. The table of Arrow is decided where it is.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession
from table import rows_of
from workload import rulec_text, rules_of

import rulec
from rulec.batch.frames import decided_batches, packed_for
from rulec.batch.score import score
from rulec.batch.spark import OnSpark

AT = date(2026, 1, 1)
ROUNDS = 3
GROUP = 1 << 16  # rows that Spark can read apart
SPARKS = 10_000  # rows that it gives a worker at once


def main() -> None:
    """Print what each does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--rules", type=int, default=100)
    options = parser.parse_args()
    cores = os.cpu_count() or 1
    rules, table = rulec.loads(rulec_text(rules_of(options.rules)), "en"), rows_of(options.rows)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
    with TemporaryDirectory() as folder, session.config("spark.log.level", "ERROR").getOrCreate() as spark:
        data, out = Path(folder, "data.parquet"), Path(folder, "out.parquet")
        pq.write_table(table, data, row_group_size=GROUP)
        frame = spark.read.parquet(str(data)).cache()
        frame.count()
        on_spark = OnSpark(f"local[{cores}]")
        told = speeds(options.rows / cores / 1e6, {
            "file, this machine": lambda: score(rules, data, out, AT, lambda count: lambda done: None),
            "file, Spark": lambda: score(rules, data, out, AT, lambda count: lambda done: None, on_spark),
            "table of Arrow": lambda: rules.decide_many(table, AT),
            "DataFrame of Spark": lambda: done(rules.decide_many(frame, AT)),
            "DataFrame of Spark, nothing decided": lambda: done(frame.mapInArrow(_copied, frame.schema)),
        })  # fmt: skip
        timed = partial(_timed, packed_for(rules, frame.schema, AT))
        seconds = [row["seconds"] for row in frame.mapInArrow(timed, "seconds double").collect()]
        told["kernel alone, in Spark's processes"] = options.rows / 1e6 / sum(seconds)
        (alone,) = timed(frame.toArrow().to_batches(SPARKS))
        told["kernel alone, in this one"] = options.rows / 1e6 / alone["seconds"][0].as_py()
    for name, speed in told.items():
        print(f"{name}: {speed:.2f} million rows a second per core")
    print(f"file: Spark / this machine = {told['file, Spark'] / told['file, this machine']:.2f}")
    one, other = told["kernel alone, in Spark's processes"], told["kernel alone, in this one"]
    print(f"kernel alone: Spark / this machine = {one / other:.2f}")


def done(frame: Any) -> None:
    """All of a DataFrame is calculated."""
    frame.write.format("noop").mode("overwrite").save()


def _copied(batches: Iterable[Any]) -> Iterator[Any]:
    """In a worker: nothing is decided."""
    yield from batches


def _timed(packed: bytes, batches: Iterable[Any]) -> Iterator[Any]:
    """In a worker: the seconds of CPU that deciding on its batches takes, once warm."""
    held = list(batches)
    for _ in decided_batches(packed, held[:1]):
        pass
    start = time.process_time()
    for _ in decided_batches(packed, held):
        pass
    yield pa.RecordBatch.from_pydict({"seconds": [time.process_time() - start]})


def speeds(millions: float, works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Million rows a second: the median of rounds in which all take their turn, after one to get warm."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS + 1):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            spent[name].append(time.perf_counter() - start)
    return {name: millions / statistics.median(each[1:]) for name, each in spent.items()}


if __name__ == "__main__":
    main()
