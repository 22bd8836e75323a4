"""A folder of events, rules and a master of Spark in; files of what fires and of what is set aside out, exactly once.

Spark keeps in the folder of its checkpoint what was read, the state of each key and its timers. What a batch tells is
written before the batch is committed, to files that bear its number: done again after a crash, it writes them again.
The clock is Spark's watermark: the latest moment seen, in the events or in the files of the folder `clock`, which say
how late it is.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pyspark.sql import functions as sql

from rulec.batch.packed import pack
from rulec.cluster import check_master, session
from rulec.events.times import FIRST
from rulec.plan.tree import Plan
from rulec.streaming import workers
from rulec.streaming.keyed import Tell, clock_of, ticks

ON_ITS_WAY = 10_000_000  # microseconds by which the clock is late, live, for events that are on their way
_TICK, _PAUSE = 5, 0.1  # seconds between two looks at the clock, live; at whether all is taken
_HIDDEN = "_checkpoint"  # in the folder of what is told, where no other is given; Spark reads no such names
_SETTINGS = {
    "spark.sql.streaming.stateStore.providerClass":
        "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
    "spark.sql.streaming.noDataMicroBatches.enabled": "true",
}  # fmt: skip
Teller = Callable[..., Tell]  # makes what tells the messages of a plan


class OtherWorkError(Exception):
    """A folder holds what came of other rules, or of another checkpoint; its path."""


@dataclass(frozen=True)
class Streaming:
    """What is to be done. `needs`: what the teller takes beside the plan; `given`: a folder of files, or one file."""

    plan: Plan
    teller: Teller
    needs: tuple[Any, ...]
    given: Path
    output: Path
    checkpoint: Path | None = None


def stream(work: Streaming, master: str, until: int | None, live: bool, counts: Counter[str]) -> None:
    """Take the events; `counts`: how many there are of each kind (see `keyed`), as they are told.

    `until`: the moment up to which time passes. `live`: wait for more files, by the clock of the wall, until
    interrupted. Raises SparkError, OtherWorkError, OSError.
    """
    check_master(master)
    kept = (work.checkpoint or work.output / _HIDDEN).absolute()
    clock = kept / "clock"
    for folder in (work.output, clock):
        folder.mkdir(parents=True, exist_ok=True)
    _check_rules(kept / "rules.json", work)
    with session(master, "rulec events run", kept / "spark.log") as spark:
        for name, value in _SETTINGS.items():
            spark.conf.set(name, value)
        spark.conf.set("spark.sql.shuffle.partitions", str(spark.sparkContext.defaultParallelism))
        running = partial(_started, spark, work, kept, clock, counts, live)
        if live:
            _end(running(), _TICK, lambda: _tick(clock, time.time_ns() // 1_000 - ON_ITS_WAY))
            return
        _end(running(), _PAUSE, _nothing)
        if until is not None:
            _tick(clock, clock_of(ticks(until)))
            _end(running(), _PAUSE, _nothing)


def _check_rules(path: Path, work: Streaming) -> None:
    """That a checkpoint is of these rules, which a new one is from now on."""
    if path.exists():
        if json.loads(path.read_text(encoding="utf-8"))["rules"] != work.plan.digest:
            raise OtherWorkError(str(path.parent))
        return
    if any(any(work.output.glob(f"{name}-*.jsonl")) for name in workers.FILES.values()):
        raise OtherWorkError(str(work.output))  # batches are numbered from 0 again, and would take the place of others
    path.write_text(json.dumps({"rules": work.plan.digest}), encoding="utf-8")


def _end(query: Any, pause: float, meanwhile: Callable[[], None]) -> None:
    """Wait for the end of a query, asleep in Python, where Ctrl-C is heard."""
    try:
        while query.isActive:
            meanwhile()
            time.sleep(pause)
        query.awaitTermination()  # raises what ended it
    finally:
        query.stop()


def _nothing() -> None:
    """What is done meanwhile where time passes by events alone."""


def _tick(clock: Path, at: int) -> None:
    """Say how late it is."""
    path = clock / f"{time.time_ns()}"
    part = path.with_name(f".{path.name}")
    part.write_text(f"{at}\n", encoding="utf-8")
    part.replace(path)


def _started(spark: Any, work: Streaming, kept: Path, clock: Path, counts: Counter[str], live: bool) -> Any:
    """A query that takes what is there, or goes on for more."""
    told = _told(spark, work, clock, live)
    writer = told.writeStream.foreachBatch(partial(_write, str(work.output.absolute()), counts))
    writer = writer.option("checkpointLocation", str(kept)).queryName("rulec events")
    return (writer.trigger(processingTime="1 second") if live else writer.trigger(availableNow=True)).start()


def _told(spark: Any, work: Streaming, clock: Path, live: bool) -> Any:
    """What becomes of lines, as a stream.

    The moment of the watermark is shifted to years that Spark knows, and no column of the keys: Spark would drop in
    silence what comes late.
    """
    sent = pack((work.plan, work.teller, work.needs))
    given = work.given.absolute()
    source, name = (given, "*") if given.is_dir() else (given.parent, re.sub(r"([*?\[\]{}\\])", r"\\\1", given.name))
    files = spark.readStream.option("lineSep", "\n").option("pathGlobFilter", name).text(str(source))
    reads = partial(workers.read_lines, sent, live)
    lines = files.select(files["value"].cast("binary")).mapInArrow(reads, workers.LINES)
    moments = spark.readStream.option("cleanSource", "delete").text(str(clock))
    moments = moments.select(
        sql.lit("").alias("entity"), sql.lit("").alias("key"), moments["value"].cast("long").alias("at"),
        sql.lit("").alias("text"),
    )  # fmt: skip
    every = lines.unionByName(moments).withColumn("clock", sql.timestamp_micros(sql.col("at") - FIRST))
    every = every.withWatermark("clock", "0 seconds").select("entity", "key", "text")
    return every.groupBy("entity", "key").transformWithState(
        workers.Keys(sent), outputStructType=workers.OUTCOMES, outputMode="append", timeMode="eventTime"
    )


def _write(folder: str, counts: Counter[str], told: Any, batch: int) -> None:
    """What a batch tells is written."""
    for row in told.mapInArrow(partial(workers.write_told, folder, batch), workers.NUMBERS).collect():
        counts[row["kind"]] += row["number"]
