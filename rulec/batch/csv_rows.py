"""A CSV in, its rows as columns of text out."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from rulec.batch.rows import Data, Piece, Rows, Unread, UnreadableDataError, bytes_of, cut, line_ends

_SNIFFED = 1 << 16  # bytes
_LARGEST = 1 << 30  # bytes that are read at once


@dataclass(frozen=True)
class CsvData(Data):
    """A CSV. `mark`: what stands between values; `start`: where the rows begin."""

    mark: str = ","
    start: int = 0

    def pieces(self, size: int) -> Iterator[Piece]:
        """Of that many lines each."""
        return cut(line_ends(self.path, self.start, self.mark), self.start, self.path.stat().st_size, size)

    def read(self, piece: Piece, size: int) -> Iterator[Rows]:
        """The rows, and those that have more values than titles, or fewer."""
        data, left = bytes_of(self.path, piece), list[Unread]()
        number = 1
        for block in self._blocks(data, left):
            for batch in (block.slice(start, size) for start in range(0, len(block), size)):
                numbers, left_out = _numbered(number, len(batch), left)
                yield Rows(batch, numbers, left_out)
                number += len(batch) + len(left_out)
        if left or number == 1:
            yield Rows(pa.RecordBatch.from_pylist([], self.schema), range(0), tuple(left))

    def _blocks(self, data: bytes, left: list[Unread]) -> Any:
        """The rows as Arrow reads them; those left out are added to `left`."""
        if not data.strip(b"\r\n"):
            return ()

        def refused(row: Any) -> str:
            left.append(Unread(row.number or 1, f"{row.actual_columns} ≠ {row.expected_columns}", row.text))
            return "skip"

        return pa_csv.open_csv(
            pa.BufferReader(data),
            pa_csv.ReadOptions(
                use_threads=False, block_size=min(len(data) + 1, _LARGEST), column_names=self.schema.names
            ),
            pa_csv.ParseOptions(delimiter=self.mark, newlines_in_values=True, invalid_row_handler=refused),
            pa_csv.ConvertOptions(
                column_types=self.schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
            ),
        )


def csv_data(path: FilePath) -> CsvData:
    """The rows of a CSV. Raises UnreadableDataError: it has no titles, or two that are the same."""
    with path.open("rb") as stream:
        sample = stream.read(_SNIFFED)
    head = sample.decode("utf-8-sig", errors="replace").splitlines()[:1]
    if not head or not head[0].strip():
        raise UnreadableDataError("no header")
    mark = "\t" if path.suffix == ".tsv" else max(",;\t", key=head[0].count)
    names = next(csv.reader(head, delimiter=mark))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnreadableDataError(f"{twice[0]!r} × {names.count(twice[0])}")
    end = re.search(rb"\r\n|\n|\r", sample)
    start = end.end() if end else path.stat().st_size
    return CsvData(path, pa.schema([(name, pa.string()) for name in names]), lines_in(path), mark=mark, start=start)


def lines_in(path: FilePath) -> int:
    """How many lines a file has."""
    with path.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))


def _numbered(start: int, count: int, left: list[Unread]) -> tuple[tuple[int, ...] | range, tuple[Unread, ...]]:
    """The numbers of rows from `start` on, without those that were left out before them; they are taken from `left`."""
    if not left:
        return range(start, start + count), ()
    out = {each.number: each for each in left}
    numbers, at = list[int](), start
    while len(numbers) < count:
        if at not in out:
            numbers.append(at)
        at += 1
    taken = tuple(each for number, each in sorted(out.items()) if number < at)
    left[:] = [each for number, each in sorted(out.items()) if number >= at]
    return tuple(numbers), taken
