"""A statement that is a table in, its head, its rows as cells with their places, and what follows them out."""

import re
from functools import cache

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import Plain, plain
from rulec.source import Language, Source
from rulec.syntax.cells import BAR, Cell, is_ruled, split_cells
from rulec.syntax.csv_rows import Row, csv_rows
from rulec.syntax.layout import Line, Statement
from rulec.syntax.scan import scan
from rulec.syntax.tokens import Item
from rulec.syntax.words import words
from rulec.tree import NOWHERE, Span

_MARKS = "«\"“"  # open what is quoted
_QUOTED = r'(?:«[^»\n]*»|"[^"\n]*"|“[^”\n]*”)'


UNREAD = Source(-1, "", "")  # a file of rows that could not be read, which is told
_SAID = 200  # rows whose words count as uses of a name


@plain
class Sheet(Plain):
    """A table as written. `rows`: its cells, without the head; `source`: where they stand.

    `policy`: the place of what parentheses say (NOWHERE: nothing). `file`: that of the name of its file.
    `trailer`: the lines after the rows.
    """

    title: str
    policy: Span
    file: Span
    span: Span
    head: Row | None = None
    rows: tuple[Row, ...] = ()
    trailer: Statement | None = None
    source: Source = Source(-1, "", "")


@cache
def _heading(language: Language) -> re.Pattern[str]:
    said = words(language).tables["tables"]
    table, out_of = ("|".join(map(re.escape, said[key])) for key in ("TABLE", "FROM_FILE"))
    return re.compile(
        rf"(?:{table})\b[\s:]*(?P<title>{_QUOTED})?\s*(?:\((?P<early>[^()]*)\)\s*)?(?:(?:{out_of})\s*(?P<file>{_QUOTED}))?\s*"
        r"(?:\((?P<policy>.*)\))?\s*[:.]?\s*",
        re.IGNORECASE,
    )


def heading_of(source: Source, text: str, at: int = 0) -> re.Match[str] | None:
    """What the line that opens a table says, from an offset to the end of the text."""
    found = _heading(source.language).match(text, at)
    whole = found is not None and found.end() == len(text)
    return found if found and whole and not (found["early"] and found["policy"]) else None


def table_files(source: Source) -> list[Span]:
    """The names of the files that the tables of a source are read from."""
    if not any(mark in source.text for mark in _MARKS):
        return []
    said = words(source.language).tables["tables"]
    table, out_of = ("|".join(map(re.escape, said[key])) for key in ("TABLE", "FROM_FILE"))
    pattern = rf"^[ \t]*(?:{table})\b[^\n#]*?(?:{out_of})\s*({_QUOTED})"
    found = re.finditer(pattern, source.text, re.IGNORECASE | re.MULTILINE)
    return [Span(source.number, each.start(1) + 1, each.end(1) - 1) for each in found]


def read_sheet(source: Source, statement: Statement, diagnostics: Diagnostics) -> Sheet | None:
    """The table that a statement is; None where it is none."""
    first, *others = statement.lines
    drawn = [line for line in others if source.text.startswith(BAR, line.start)]
    if not drawn and not any(mark in source.text[first.start : first.end] for mark in _MARKS):
        return None
    head = heading_of(source, source.text[first.start : first.end])
    if head is None or not (drawn or head["title"] or head["file"]):
        return None
    trailing = tuple(line for line in others if not source.text.startswith(BAR, line.start))
    rows = [Row(source.place(line.start)[0], split_cells(source.text, line.start, line.end)) for line in drawn]
    rows = [row for row in rows if not is_ruled(source.text, row.cells)]
    title, policy, file = (_inside(source, first.start, head, name) for name in ("title", "policy", "file"))
    place = source
    if file != NOWHERE:
        if drawn:
            diagnostics.add("E945", Span(source.number, drawn[0].start, drawn[0].end))
        found = dict(source.tables).get(source.cut(file).strip())
        if found is None:
            diagnostics.add("E940", file, name=source.cut(file), closest="")
        place = found or UNREAD
        rows = csv_rows(place, diagnostics)
    return Sheet(
        source.cut(title).strip(), policy, file, Span(source.number, first.start, first.end),
        rows[0] if rows else None, tuple(rows[1:]), Statement(trailing) if trailing else None, place,
    )  # fmt: skip


def _inside(source: Source, start: int, head: re.Match[str], name: str) -> Span:
    """The place of a part of the heading, without its quotes."""
    quoted = name != "policy"
    if name == "policy" and head["early"] is not None:  # « Table « A » (…) depuis « a.csv » »
        name = "early"
    if head[name] is None:
        return NOWHERE
    begin, end = head.span(name)
    return Span(source.number, start + begin + quoted, start + end - quoted)


def row_at(source: Source, line: int) -> Row | None:
    """The row at a line of a file of rules, or of a file of rows."""
    start, text = source.starts[line - 1], source.line(line)
    begin = start + len(text) - len(text.lstrip())
    if source.text.startswith(BAR, begin):
        return Row(line, split_cells(source.text, begin, start + len(text.rstrip())))
    return next((row for row in csv_rows(source, Diagnostics()) if row.line == line), None)


def row_around(source: Source, offset: int) -> Row | None:
    """The row at an offset."""
    return row_at(source, source.place(offset)[0])


def words_in(sheet: Sheet) -> tuple[Item, ...]:
    """The words of a table, those of its first rows where it is long."""
    rows = [sheet.head, *sheet.rows[:_SAID]] if sheet.head is not None else []
    lines = tuple(line_of(cell) for row in rows for cell in row.cells if cell.end > cell.start)
    return tuple(scan(sheet.source, Statement(lines), Diagnostics())) if lines else ()


def line_of(cell: Cell) -> Line:
    """A cell as a line to scan."""
    return Line(cell.start, cell.end, 0, False)
