"""Batches of rows in, a file out: CSV, Parquet or JSON Lines; parts of one joined in their order."""

import json
import shutil
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from rulec.batch.readers import CSV, PARQUET
from rulec.runtime.shown import plain_number


def write_part(path: Path, batch: Any, kind: str, texts: Sequence[str] = (), new: int = 0) -> None:
    """Write a batch as a file of that kind (".csv" …).

    `texts`: of facts that came as JSON Lines, the line of each row, to which the `new` last columns are added.
    """
    if kind in PARQUET:
        pq.write_table(pa.Table.from_batches([batch]), path)
    elif kind in CSV:
        options = pa_csv.WriteOptions(delimiter="\t" if kind == ".tsv" else ",", quoting_style="needed")
        pa_csv.write_csv(
            pa.RecordBatch.from_arrays([_flat(each) for each in batch.columns], batch.schema.names), path, options
        )
    else:
        rows = batch.select(batch.schema.names[-new:]).to_pylist() if texts else batch.to_pylist()
        lines = map(_added, texts, rows) if texts else map(_json, rows)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _added(text: str, members: dict[str, Any]) -> str:
    """A JSON object with further members."""
    given = text[:-1].rstrip()
    return f"{given}{'' if given == '{' else ', '}{_json(members)[1:]}"


def join_parts(parts: Sequence[Path], target: Path, kind: str) -> None:
    """Write the parts, in their order, as one file."""
    if kind in PARQUET:
        with pq.ParquetWriter(target, pq.read_schema(parts[0])) as writer:
            for part in parts:
                writer.write_table(pq.read_table(part))
        return
    with target.open("wb") as joined:
        for number, part in enumerate(parts):
            with part.open("rb") as stream:
                if number and kind in CSV:
                    _skip_header(stream)
                shutil.copyfileobj(stream, joined, 1 << 20)


def _skip_header(stream: Any) -> None:
    """Past the first line, of which quoted names may hold line ends."""
    line = stream.readline()
    while line.count(b'"') % 2:
        line += stream.readline()


def _flat(array: Any) -> Any:
    """A column as CSV can hold it: lists as text between « ; », decimals without exponent."""
    kind = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        if pa.types.is_list(array.type) and pa.types.is_string(kind.value_type) and not array.values.null_count:
            return pc.binary_join(array, "; ")
        return pa.array(
            [None if each is None else "; ".join(map(_text, each)) for each in array.to_pylist()], pa.string()
        )
    if pa.types.is_struct(kind):
        return pa.array([None if each is None else _json(each) for each in array.to_pylist()], pa.string())
    if pa.types.is_dictionary(array.type) or pa.types.is_decimal(kind):
        return pc.cast(array, pa.string())
    return array


def _text(value: object) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    match value:
        case Decimal():
            return plain_number(value)
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)
