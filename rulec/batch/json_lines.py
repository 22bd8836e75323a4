"""JSON Lines in, their objects as columns out; numbers as they are written."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from pathlib import Path as FilePath
from typing import Any

import pyarrow as pa

from rulec.batch.columns import Path
from rulec.batch.rows import Data, Piece, Rows, Unread, bytes_of, cut, line_ends
from rulec.runtime.facts import FactsError, InputProblem, as_mapping
from rulec.runtime.facts_json import parse_facts
from rulec.runtime.refused import is_text
from rulec.source import Language

_LONGEST = 100  # digits of a number that is written without an exponent
_BOM = b"\xef\xbb\xbf"
Members = dict[str, object]


@dataclass(frozen=True)
class JsonLines(Data):
    """JSON Lines. `shape`: what kinds of values their objects hold."""

    language: Language = "fr"
    shape: "_Shape" = field(default_factory=lambda: _Shape())

    def pieces(self, size: int) -> Iterator[Piece]:
        """Of that many lines each."""
        start = _start(self.path)
        return cut(line_ends(self.path, start), start, self.path.stat().st_size, size)

    def read(self, piece: Piece, size: int) -> Iterator[Rows]:
        """The rows; no objects of facts are set aside."""
        members, numbers, texts, unread = list[Members](), list[int](), list[str](), list[Unread]()
        done = 0
        for number, text, given in _objects(BytesIO(bytes_of(self.path, piece)), self.language):
            if isinstance(given, Unread):
                unread.append(given)
            else:
                members.append(given)
                numbers.append(number)
                texts.append(text)
            if len(members) + len(unread) >= size:
                yield Rows(_batch(members, self.shape), tuple(numbers), tuple(unread), tuple(texts))
                members, numbers, texts, unread = [], [], [], []
                done += 1
        if members or unread or not done:
            yield Rows(_batch(members, self.shape), tuple(numbers), tuple(unread), tuple(texts))


def json_lines(path: FilePath, language: Language) -> JsonLines:
    """The rows of JSON Lines, all of which are read to learn what they hold."""
    shape, count = _Shape(), 0
    with path.open("rb") as stream:
        stream.seek(_start(path))
        for _, _, given in _objects(stream, language):
            count += 1
            if not isinstance(given, Unread):
                shape.learn(given)
    schema = pa.schema([(name, each.type()) for name, each in shape.members.items()])
    kinds = dict(shape.leaves(()))
    numeric = frozenset(place for place, kind in kinds.items() if kind == "number")
    mixed = frozenset(place for place, kind in kinds.items() if kind == "json")
    return JsonLines(path, schema, count, numeric, mixed, language, shape)


def _start(path: FilePath) -> int:
    with path.open("rb") as stream:
        return len(_BOM) if stream.read(len(_BOM)) == _BOM else 0


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


def _objects(lines: Iterable[bytes], language: Language) -> Iterator[tuple[int, str, Members | Unread]]:
    """Each line that holds something, with its number: the members of the object, or what is wrong."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            text = line.decode("utf-8", "replace").strip()
            try:
                yield number, text, _members(line, language)
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
    if not shape.members:
        return pa.RecordBatch.from_struct_array(pa.array([{}] * len(members), pa.struct([])))
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
