"""A source in, statements out: which lines belong together, what is a bullet, what is a comment."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

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
    """The lines of one statement, none of them empty. `period`: the line that says when it holds.

    `draft`: the line that says that it decides nothing yet.
    """

    lines: tuple[Line, ...]
    period: Line | None = None
    draft: Line | None = None

    def span(self, source: Source) -> Span:
        """The place from its first to its last character."""
        return Span(source.number, self.lines[0].start, self.lines[-1].end)


def split_statements(
    source: Source,
    connects: Callable[[str], bool],
    heads: Callable[[str], bool],
    dates: Callable[[Source, Line], int],
    marks: Callable[[Source, Line], bool],
) -> tuple[Statement, ...]:
    """The statements of a source, its drafts among them; a mark that nothing stands under is one.

    `connects` tells whether a line's text goes on with the statement before it, `heads` whether it opens the next one,
    `dates` where the head of a period ends that the line starts with (0: it starts with none), `marks` whether it opens
    drafts.
    """
    found: list[Statement] = []
    for draft, lines in _parts(source, marks):
        if draft is not None and not lines:
            found.append(Statement((draft,), draft=draft))
        found += [replace(each, draft=draft) for each in _split(source, lines, connects, heads, dates)]
    return tuple(found)


def _parts(source: Source, marks: Callable[[Source, Line], bool]) -> list[tuple[Line | None, list[Line]]]:
    """The lines by what they stand under: a mark of drafts, or nothing."""
    parts: list[tuple[Line | None, list[Line]]] = [(None, [])]
    for line in _lines(source):
        draft, lines = parts[-1]
        if draft is not None and line.indent <= draft.indent:
            draft, lines = None, []
            parts.append((draft, lines))
        if draft is None and not (lines and line.indent > lines[0].indent) and marks(source, line):
            parts.append((line, []))
        else:
            lines.append(line)
    return parts


def _split(
    source: Source,
    given: Sequence[Line],
    connects: Callable[[str], bool],
    heads: Callable[[str], bool],
    dates: Callable[[Source, Line], int],
) -> tuple[Statement, ...]:
    statements: list[tuple[list[Line], Line | None]] = []
    period: Line | None = None
    base, listed = 0, False
    for line in given:
        lines = statements[-1][0] if statements else []
        opened = period is not None and lines == [period]
        if opened and period is not None and (line.indent > period.indent or line.bullet):
            lines[:] = [replace(line, bullet=False)]
            base = line.indent
            listed = line.bullet
            continue
        text = source.text[line.start : line.end]
        headed = _only_head(source, lines) and heads(_text(source, lines[0]))
        ended = bool(lines) and line.indent <= base and _text(source, lines[-1]).endswith(".")
        joins = text.startswith("|") or (connects(text) and not ended)
        another = period is not None and listed and line.bullet and line.indent == base
        if lines and not opened and not another and (line.indent > base or line.bullet or joins or headed):
            lines.append(line)
            continue
        if period is not None and line.indent <= period.indent and not another:
            period = None
        end = dates(source, line) if period is None else 0
        if end:
            period = replace(line, end=end)
            rest = len(text) - len(source.text[end : line.end].lstrip())
            first = replace(line, start=line.start + rest) if rest < len(text) else period
            statements.append(([first], period))
            period = period if rest == len(text) else None
        else:
            statements.append(([replace(line, bullet=False) if another else line], period))
        base = line.indent
    return tuple(Statement(tuple(lines), period) for lines, period in statements)


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
