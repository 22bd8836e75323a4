"""A file of facts in, its rows out, never held whole: CSV, Parquet or JSON Lines, by its extension."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as FilePath

import pyarrow as pa
import pyarrow.parquet as pq

from rulec.batch.csv_rows import csv_data
from rulec.batch.json_lines import json_lines
from rulec.batch.rows import Data, Piece, Rows, UnreadableDataError
from rulec.source import Language

CSV, PARQUET, JSON_LINES = (".csv", ".tsv"), (".parquet",), (".jsonl", ".ndjson")
KINDS = (*CSV, *PARQUET, *JSON_LINES)


@dataclass(frozen=True)
class ParquetData(Data):
    """A Parquet file, of which row groups can be read apart."""

    def pieces(self, size: int) -> Iterator[Piece]:
        """Of one row group, or of several small ones."""
        with pq.ParquetFile(self.path) as file:
            groups = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
        first = rows = 0
        for at, many in enumerate(groups, 1):
            rows += many
            if rows >= size:
                yield first, at
                first, rows = at, 0
        if first < len(groups) or not groups:
            yield first, len(groups)

    def read(self, piece: Piece, size: int) -> Iterator[Rows]:
        """The rows as Arrow holds them."""
        start = 1
        with pq.ParquetFile(self.path, pre_buffer=False) as file:  # else all of the file is kept as it is read
            for batch in file.iter_batches(batch_size=size, row_groups=range(*piece)):
                yield Rows(batch, range(start, start + len(batch)))
                start += len(batch)
        if start == 1:
            yield Rows(pa.RecordBatch.from_pylist([], self.schema), range(0))

    def jobs(self, size: int) -> Iterator[Piece | Rows]:
        """Rows already read: that is quick, and a row group may be all of the file."""
        with pq.ParquetFile(self.path) as file:
            yield from self.read((0, file.num_row_groups), size)


def data_of(path: FilePath, language: Language) -> Data:
    """The rows of a file. Raises UnreadableDataError, and OSError."""
    with _readable():
        if path.suffix in PARQUET:
            with pq.ParquetFile(path) as file:
                return ParquetData(path, file.schema_arrow, file.metadata.num_rows)
        return csv_data(path) if path.suffix in CSV else json_lines(path, language)


def rows_of(data: Data, piece: Piece, size: int) -> Iterator[Rows]:
    """The rows of a piece, some at a time. Raises UnreadableDataError, OSError."""
    with _readable():
        yield from data.read(piece, size)


def jobs_of(data: Data, size: int) -> Iterator[Piece | Rows]:
    """All of the file, as processes of this machine are given it. Raises UnreadableDataError, OSError."""
    with _readable():
        yield from data.jobs(size)


@contextmanager
def _readable() -> Iterator[None]:
    """Reads data; raises UnreadableDataError where they are not what their name says."""
    try:
        yield
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise UnreadableDataError(str(error).splitlines()[0]) from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise UnreadableDataError(str(error).splitlines()[0]) from None  # Arrow's own: what is there is wrong
