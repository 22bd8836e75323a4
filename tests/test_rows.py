"""Pieces of a file, read apart, hold the rows of the whole."""

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rulec.batch import rows
from rulec.batch.readers import data_of, jobs_of, rows_of

BITS = (b'"', b'"', b"\n", b"\r\n", b",", b'""', b"a", b'x"', b"\n\n")


def told(path: Path, size: int) -> list[Any]:
    """The rows and what could not be read, piece by piece."""
    data, found = data_of(path, "fr"), list[Any]()
    for piece in data.pieces(size):
        before = len(found)
        of_piece = list[tuple[int, Any]]()
        for each in rows_of(data, piece, 3):
            of_piece += zip(each.numbers, each.batch.to_pylist(), strict=True)
            of_piece += ((one.number, one.text) for one in each.unread)
        found += [(before + number, what) for number, what in sorted(of_piece, key=lambda each: each[0])]
    return found


@pytest.mark.parametrize("block", [1, 7, 1 << 20])
def test_a_csv_is_cut_where_its_rows_end(block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_BLOCK", block)
    draw, path = random.Random(block), tmp_path / "d.csv"
    for _ in range(60):
        path.write_bytes(b"k,l\n" + b"".join(draw.choices(BITS, k=draw.randint(0, 60))))
        whole = told(path, 1000)
        assert [told(path, size) for size in (1, 2, 5)] == [whole] * 3


def test_json_lines_are_cut_where_they_end(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\n{"b": "\\n"}\n{}\n[]\n{"a": 2}')
    data = data_of(path, "fr")
    pieces = list(data.pieces(2))
    assert [[(each.numbers, len(each.unread)) for each in rows_of(data, piece, 9)] for piece in pieces] == [
        [((1,), 0)], [((1, 2), 0)], [((2,), 1)],
    ]  # fmt: skip


def test_objects_without_members_are_rows_too(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text("{}\n{}\n", encoding="utf-8")
    data = data_of(path, "fr")
    assert [len(each.batch) for piece in data.pieces(9) for each in rows_of(data, piece, 9)] == [2]


@pytest.mark.parametrize(
    ("groups", "pieces"), [([], [(0, 0)]), ([4], [(0, 1)]), ([2, 2, 1, 9, 1], [(0, 2), (2, 4), (4, 5)])]
)
def test_a_parquet_file_is_cut_between_row_groups(groups: list[int], pieces: list[rows.Piece], tmp_path: Path) -> None:
    path = tmp_path / "d.parquet"
    with pq.ParquetWriter(path, pa.schema([("a", pa.int64())])) as writer:
        for many in groups:
            writer.write_table(pa.table({"a": list(range(many))}))
    data = data_of(path, "fr")
    assert list(data.pieces(3)) == pieces
    assert sum(len(each.batch) for piece in pieces for each in rows_of(data, piece, 5)) == sum(groups)


def test_what_was_read_of_a_parquet_file_is_not_kept(tmp_path: Path) -> None:
    path, draw = tmp_path / "d.parquet", random.Random(1)
    table = pa.table({"a": pa.array([draw.getrandbits(62) for _ in range(200_000)])})
    pq.write_table(table, path, row_group_size=2_000, use_dictionary=False)
    del table
    before, most = pa.total_allocated_bytes(), 0
    for _ in jobs_of(data_of(path, "fr"), 1_000):
        most = max(most, pa.total_allocated_bytes() - before)
    assert most < path.stat().st_size / 4
