"""A source in, statements out: which lines belong together, what is a bullet, what is a comment."""

import re
from collections.abc import Callable, Iterator

from rulec.runtime.plain import Plain, plain
from rulec.source import Source
from rulec.tree import Span

_QUOTES = {"«": "»", "“": "”", '"': '"'}
_BULLET = re.compile(r"[-–•*]\s+")
_SIGNED = re.compile(r"(?=[+−-][0-9])")  # « +20 si … », one a line under a title
_SPECIAL = re.compile(r'[«“"#]')


# A line that brings in the file of that name.
USE = re.compile(
    r"^[ \t\ufeff]*(?:utiliser|use)[ \t]+([^\s#][^\n#]*?)[ \t]*\.?[ \t]*(?:#.*)?$", re.IGNORECASE | re.MULTILINE
)


@plain
class Line(Plain):
    """A line without its comment: text from `start` to `end`, its indentation in columns, whether a bullet leads it."""

    start: int
    end: int
    indent: int
    bullet: bool


@plain
class Statement(Plain):
    """The lines of one statement, none of them empty."""

    lines: tuple[Line, ...]

    def span(self, source: Source) -> Span:
        """The place from its first to its last character."""
        return Span(source.number, self.lines[0].start, self.lines[-1].end)


def split_statements(
    source: Source, connects: Callable[[str], bool], heads: Callable[[str], bool]
) -> tuple[Statement, ...]:
    """The statements of a source.

    `connects` tells whether a line's text goes on with the statement before it, `heads` whether it opens the next one.
    """
    statements: list[list[Line]] = []
    base = 0
    for line in _lines(source):
        text = source.text[line.start : line.end]
        headed = bool(statements) and _only_head(source, statements[-1]) and heads(_text(source, statements[-1][0]))
        ended = bool(statements) and line.indent <= base and _text(source, statements[-1][-1]).endswith(".")
        joins = text.startswith("|") or (connects(text) and not ended)
        goes_on = line.indent > base or line.bullet or joins or headed
        if statements and goes_on:
            statements[-1].append(line)
        else:
            statements.append([line])
            base = line.indent
    return tuple(Statement(tuple(lines)) for lines in statements)


def _text(source: Source, line: Line) -> str:
    return source.text[line.start : line.end]


def _only_head(source: Source, lines: list[Line]) -> bool:
    return len(lines) == 1 and _text(source, lines[0]).endswith(":")


def _lines(source: Source) -> Iterator[Line]:
    text, starts = source.text, source.starts
    for at, start in enumerate(starts):
        stop = starts[at + 1] if at + 1 < len(starts) else len(text)
        end = comment_start(text, start, stop)
        content = text[start:end]
        stripped = content.strip("\r\n\t \f\v\ufeff\u00a0\u202f")
        if not stripped:
            continue
        begin = start + content.index(stripped[0])
        bullet = _BULLET.match(stripped) or (_SIGNED.match(stripped) if begin > start else None)
        yield Line(
            begin + (bullet.end() if bullet else 0),
            begin + len(stripped),
            len(text[start:begin].expandtabs(4).replace("\ufeff", "")),
            bullet is not None,
        )


def comment_start(text: str, start: int, stop: int) -> int:
    """Where the comment of a line begins: at the `#` outside quotes, else at the end."""
    at = start
    while found := _SPECIAL.search(text, at, stop):
        if found[0] == "#":
            return found.start()
        close = text.find(_QUOTES[found[0]], found.end(), stop)
        if close < 0:  # an open quote: the lexer says so; its `#` are text
            return stop
        at = close + 1
    return stop
