"""A file of facts in, batches of rows out, never held whole: CSV, Parquet or JSON Lines."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from rulec.batch.columns import Path
from rulec.runtime.facts import FactsError, InputProblem, as_mapping
from rulec.runtime.facts_json import parse_facts
from rulec.runtime.refused import is_text
from rulec.source import Language

CSV, PARQUET, JSON_LINES = (".csv", ".tsv"), (".parquet",), (".jsonl", ".ndjson")
KINDS = (*CSV, *PARQUET, *JSON_LINES)
_SNIFFED = 1 << 16  # bytes
_LONGEST = 100  # digits of a number that is written without an exponent
Members = dict[str, object]


class UnreadableDataError(Exception):
    """A file that cannot be read as what its name says; `detail`: why."""


@dataclass(frozen=True)
class Unread:
    """A row that is none: its number in the file, what is wrong, what stands there."""

    number: int
    problem: str
    text: str


@dataclass(frozen=True)
class Rows:
    """Some rows of a file. `numbers`: of each in the file, from 1; `unread`: what could not be read among them.

    `texts`: of JSON Lines, the line of each.
    """

    batch: Any
    numbers: Sequence[int]
    unread: tuple[Unread, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Data:
    """A file of facts: the schema of its rows, how many there are at most, how to read them some at a time.

    Of JSON, `numbers` are the places that hold nothing but numbers, as text, and `json` those that hold JSON texts.
    """

    schema: Any
    count: int
    rows: Callable[[int], Iterator[Rows]]
    numbers: frozenset[Path] = frozenset()
    json: frozenset[Path] = frozenset()


def data_of(path: FilePath, language: Language) -> Data:
    """The rows of a file. Raises UnreadableDataError, also while they are read, and OSError."""
    try:
        if path.suffix in PARQUET:
            data = _parquet(path)
        else:
            data = _csv(path) if path.suffix in CSV else _lines(path, language)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise _unreadable(error) from None

    def rows(size: int) -> Iterator[Rows]:
        try:
            yield from data.rows(size)
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise _unreadable(error) from None

    return replace(data, rows=rows)


def _unreadable(error: Exception) -> UnreadableDataError:
    return UnreadableDataError(str(error).splitlines()[0])


def _parquet(path: FilePath) -> Data:
    def rows(size: int) -> Iterator[Rows]:
        start = 1
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=size):
                yield Rows(batch, range(start, start + len(batch)))
                start += len(batch)

    with pq.ParquetFile(path) as file:
        return Data(file.schema_arrow, file.metadata.num_rows, rows)


def _csv(path: FilePath) -> Data:
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
    schema = pa.schema([(name, pa.string()) for name in names])

    def rows(size: int) -> Iterator[Rows]:
        left = list[Unread]()

        def refused(row: Any) -> str:
            # the header is row 1 of the file
            left.append(Unread((row.number or 1) - 1, f"{row.actual_columns} ≠ {row.expected_columns}", row.text))
            return "skip"

        reader = pa_csv.open_csv(
            path,
            pa_csv.ReadOptions(use_threads=False, block_size=max(1 << 20, size * 64)),
            pa_csv.ParseOptions(delimiter=mark, newlines_in_values=True, invalid_row_handler=refused),
            pa_csv.ConvertOptions(
                column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
            ),
        )
        number = 1
        for block in reader:
            for batch in (block.slice(start, size) for start in range(0, len(block), size)):
                numbers, left_out = _numbered(number, len(batch), left)
                yield Rows(batch, numbers, left_out)
                number += len(batch) + len(left_out)
        if left:
            yield Rows(pa.RecordBatch.from_pylist([], schema), range(0), tuple(left))

    return Data(schema, lines_in(path), rows)


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


def _lines(path: FilePath, language: Language) -> Data:
    shape = _Shape()
    for _, _, given in _objects(path, language):
        if not isinstance(given, Unread):
            shape.learn(given)

    def rows(size: int) -> Iterator[Rows]:
        members, numbers, texts, unread = list[Members](), list[int](), list[str](), list[Unread]()
        for number, text, given in _objects(path, language):
            if isinstance(given, Unread):
                unread.append(given)
            else:
                members.append(given)
                numbers.append(number)
                texts.append(text)
            if len(members) + len(unread) >= size:
                yield Rows(_batch(members, shape), tuple(numbers), tuple(unread), tuple(texts))
                members, numbers, texts, unread = [], [], [], []
        if members or unread:
            yield Rows(_batch(members, shape), tuple(numbers), tuple(unread), tuple(texts))

    schema = pa.schema([(name, each.type()) for name, each in shape.members.items()])
    kinds = dict(shape.leaves(()))
    numeric = frozenset(place for place, kind in kinds.items() if kind == "number")
    mixed = frozenset(place for place, kind in kinds.items() if kind == "json")
    return Data(schema, lines_in(path), rows, numeric, mixed)


class _Shape:
    """What kinds of values stand at a place of all objects, and the shapes of the members where they are objects."""

    def __init__(self) -> None:
        self.kinds, self.members = set[str](), dict[str, _Shape]()

    def learn(self, value: object) -> None:
        """One more value."""
        self.kinds |= {_kind(value)} if value is not None else set()
        for name, each in value.items() if isinstance(value, dict) else ():
            if name not in self.members:
                self.members[name] = _Shape()
            self.members[name].learn(each)

    @property
    def kind(self) -> str:
        """The kind of all values; json where they are several, or lists."""
        if self.kinds == {"object"} and self.members:
            return "object"
        return (
            next(iter(self.kinds), "text") if self.kinds <= {"text"} or self.kinds in ({"bool"}, {"number"}) else "json"
        )

    def type(self) -> Any:
        """How Arrow holds the values."""
        if self.kind == "object":
            return pa.struct([(name, each.type()) for name, each in self.members.items()])
        return pa.bool_() if self.kind == "bool" else pa.string()

    def leaves(self, place: Path) -> Iterator[tuple[Path, str]]:
        """The places of values that are no objects, and their kinds."""
        if self.kind != "object" and place:
            yield place, self.kind
        else:
            for name, each in self.members.items():
                yield from each.leaves((*place, name))

    def held(self, value: object) -> object:
        """A value as Arrow takes it."""
        if value is None or self.kind in ("text", "bool"):
            return value
        if self.kind == "object" and isinstance(value, dict):
            return {name: each.held(value.get(name)) for name, each in self.members.items()}
        return json_of(value)


def _kind(value: object) -> str:
    match value:
        case str():
            return "text"
        case bool():
            return "bool"
        case Decimal():
            return "number"
        case dict():
            return "object"
        case _:
            return "list"


def _objects(path: FilePath, language: Language) -> Iterator[tuple[int, str, Members | Unread]]:
    """Each line that holds something, with its number: the members of the object, or what is wrong."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            data = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if data.strip():
                text = data.decode("utf-8", "replace").strip()
                try:
                    yield number, text, _members(data, language)
                except (FactsError, UnicodeDecodeError) as error:
                    yield number, text, Unread(number, str(error), text)


def _members(line: bytes, language: Language) -> Members:
    given = as_mapping(parse_facts(line.decode("utf-8"), language), language)
    if b"\\u" in line and not _is_writable(given):
        raise FactsError([InputProblem("E523", "…", (("given", "…"),))], language)
    return {str(key): value for key, value in given.items()}


def _is_writable(value: object) -> bool:
    """Whether no text holds half a character."""
    match value:
        case str():
            return is_text(value)
        case list():
            return all(map(_is_writable, value))
        case dict():
            return all(map(_is_writable, [*value, *value.values()]))
        case _:
            return True


def _batch(members: Sequence[Members], shape: _Shape) -> Any:
    """The objects as columns."""
    arrays = [
        pa.array([each.held(given.get(name)) for given in members], each.type()) for name, each in shape.members.items()
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(shape.members))


def json_of(value: object) -> str:
    """A value read from JSON as JSON again, its numbers exact."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json_of(str(key))}: {json_of(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(json_of, value)) + "]"
        case Decimal():
            return f"{value:f}" if abs(value.adjusted()) < _LONGEST else str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
