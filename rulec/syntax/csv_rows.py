"""The text of a file of rows in, its rows as cells with their places out: values between `;`, `,` or tabs."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import Plain, plain
from rulec.source import Source
from rulec.syntax.cells import Cell
from rulec.tree import Span

SHEETS = (".xlsx",)


@plain
class Row(Plain):
    """A row: the number of its line, its cells."""

    line: int
    cells: tuple[Cell, ...]


_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_BLANK = " \t\u00a0\u202f\ufeff"


def plain_quotes(text: str) -> str:
    """The text of a file with quotes within quotes as the language writes them; places stay."""

    def inner(found: re.Match[str]) -> str:
        parts = found[1].split('""')
        return '"' + parts[0] + "".join((" “" if at % 2 else "” ") + part for at, part in enumerate(parts[1:], 1)) + '"'

    return _QUOTED.sub(inner, text)


def csv_rows(source: Source, diagnostics: Diagnostics) -> list[Row]:
    """The rows, the head first; the columns after one without head, or headed « || », stand right of it."""
    rows = [row for row in _rows(source, diagnostics) if any(cell.end > cell.start for cell in row.cells)]
    if not rows:
        return []
    heads = [source.text[cell.start : cell.end] for cell in rows[0].cells]
    bars = [at for at, head in enumerate(heads) if head in ("", "||")]
    for at in bars:
        cells = (row.cells[at] for row in rows[1:] if at < len(row.cells))
        said = next((cell for cell in cells if source.text[cell.start : cell.end].strip("|")), None)
        if said is not None:
            diagnostics.add("E944", Span(source.number, said.start, said.end))
    return [replace(row, cells=tuple(_beside(row.cells, bars))) for row in rows] if bars else rows


def _beside(cells: tuple[Cell, ...], bars: list[int]) -> Iterator[Cell]:
    for at, cell in enumerate(cells):
        if at not in bars:
            yield replace(cell, right=True) if at > bars[0] else cell


def _rows(source: Source, diagnostics: Diagnostics) -> Iterator[Row]:
    text, at, line = source.text, 0, 1
    between = _separator(source)
    part = re.compile(rf'[ ]*"((?:[^"]|"")*)"[ ]*(?=[{between}\r\n]|\Z)|([^{between}\r\n]*)')
    while at < len(text):
        start, cells = line, list[Cell]()
        while True:
            found = part.match(text, at)
            assert found is not None  # the second way matches anything
            cells.append(_cell(text, *found.span(1)) if found[1] is not None else _cell(text, *found.span(2)))
            if found[1] is None and text.startswith('"', cells[-1].start):
                diagnostics.add("E941", Span(source.number, cells[-1].start, cells[-1].start + 1))
            line += text.count("\n", at, found.end())
            at = found.end()
            if not text.startswith(between, at):
                break
            at += 1
        at += 2 if text.startswith("\r\n", at) else 1
        line += 1
        yield Row(start, tuple(cells))


def _separator(source: Source) -> str:
    """What stands between the cells: a tab or `;` where the head has one, else `,`."""
    head = _QUOTED.sub("", source.line(1))
    if source.name.endswith(SHEETS) or "\t" in head:
        return "\t"
    return ";" if ";" in head else ","


def _cell(text: str, start: int, end: int) -> Cell:
    while start < end and text[start] in _BLANK:
        start += 1
    while end > start and text[end - 1] in _BLANK:
        end -= 1
    return Cell(start, end)
