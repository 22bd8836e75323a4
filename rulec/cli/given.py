"""`--facts` in, objects with facts out: one JSON object, an array of them, or JSON Lines, which is never held whole."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from rulec.cli.refusals import ERRORS, Refusal
from rulec.cli.rules import STDIN, STDIN_NAME
from rulec.runtime.facts import FactsError
from rulec.runtime.facts_json import parse_facts
from rulec.source import Language

BOM = b"\xef\xbb\xbf"
LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Given:
    """Facts as given, or why they cannot be read.

    `number`: which line of the file, or which `item` of its list; 0 for a file that is one object.
    """

    facts: object
    number: int = 0
    item: bool = False
    error: FactsError | None = None


def facts_in(path: Path, language: Language) -> Iterator[Given]:
    """All the facts of a file, one by one. Refuses a file that cannot be read."""
    with opened(path) as stream:
        yield from _given(stream, path, language)


def name_of(path: Path) -> str:
    """How messages call it."""
    return STDIN_NAME if path == STDIN else str(path)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file, or the standard input, to be read. Refuses one that cannot be."""
    if path == STDIN:
        yield sys.stdin.buffer
        return
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise Refusal("E901", path=str(path)) from None
    except OSError as error:
        raise Refusal("E902", path=str(path), detail=error.strerror or str(error)) from None
    with stream:
        yield stream


def _given(stream: BinaryIO, path: Path, language: Language) -> Iterator[Given]:
    lines = _numbered(stream)
    first = next(lines, None)
    if first is None:
        yield _one("", 0, path, language)
    elif path.suffix in LINES or _is_line(first[1]):
        for number, line in chain([first], lines):
            yield _one(line, number, path, language)
    else:
        document = b"\n" * (first[0] - 1) + first[1] + stream.read()
        yield from _document(_one(document, 0, path, language))


def _numbered(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers."""
    for number, line in enumerate(stream, 1):
        text = line.removeprefix(BOM) if number == 1 else line
        if text.strip():
            yield number, text


def _is_line(first: bytes) -> bool:
    """Whether the first line stands for itself: an object that is not left open, as the first of a document is."""
    text = first.strip()
    return not text.startswith(b"[") and not text.endswith((b"{", b"[", b",", b":"))


def _document(given: Given) -> Iterator[Given]:
    if isinstance(given.facts, list):
        yield from (Given(each, number, item=True) for number, each in enumerate(given.facts, 1))
    else:
        yield given


def _one(data: bytes | str, number: int, path: Path, language: Language) -> Given:
    try:
        return Given(parse_facts(data if isinstance(data, str) else data.decode("utf-8"), language), number)
    except UnicodeDecodeError as error:
        assert isinstance(data, bytes)  # a text is decoded already
        line = number or data[: error.start].count(b"\n") + 1
        raise Refusal("E903", ERRORS, path=name_of(path), line=str(line)) from None
    except FactsError as error:
        return Given(None, number, error=_placed(error, number))


def _placed(error: FactsError, number: int) -> FactsError:
    """The error with the line of the file in place of the line of the text."""
    if not number:
        return error
    problems = [
        replace(problem, details=tuple((key, str(number) if key == "line" else text) for key, text in problem.details))
        for problem in error.problems
    ]
    return FactsError(problems, error.language)
