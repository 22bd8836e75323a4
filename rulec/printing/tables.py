"""A table as written and as meant in, its lines out: the head, one line a row, what follows the rows."""

import csv
import io
from collections.abc import Iterator, Sequence

from rulec.printing import cells
from rulec.printing.declarations import Block, capital
from rulec.printing.grids import RULED, Grid, aligned
from rulec.printing.layout import lines_of
from rulec.printing.names import GLUE, Speech, UnsaidError
from rulec.printing.rules import ends
from rulec.printing.values import quoted, value
from rulec.runtime import types as t
from rulec.runtime.tables import NONE
from rulec.semantics import model
from rulec.source import Source
from rulec.syntax.cells import BAR, Cell, is_ruled, split_cells
from rulec.syntax.sheets import Sheet
from rulec.tree import NOWHERE

INDENT = "  "


def table(speech: Speech, source: Source, sheet: Sheet, meant: model.Table, rows: "Rows", file: str) -> Iterator[Block]:
    """The blocks of a table as it was written. `file`: the name of the file of its rows, "" where they stand here."""
    yield Block(sheet.span.start, tuple(lines_of(opening(speech, meant, sheet.policy != NOWHERE, file), 0)))
    if not file and sheet.head is not None:
        right = next((at for at, cell in enumerate(sheet.head.cells) if cell.right), len(sheet.head.cells))
        yield from drawn(source, [row.line for row in (sheet.head, *sheet.rows)], right, rows)
    if sheet.trailer is not None:
        yield Block(sheet.trailer.lines[0].start, tuple(_ends(speech, meant)))


def drawn_table(speech: Speech, meant: model.Table) -> list[str]:
    """The lines of a table, whatever it was written like."""
    heads = [said_head(speech, each) for each in columns_of(meant)]
    rows = aligned(Grid(tuple(said_rows(speech, meant, heads)), len(meant.columns)))
    opened = lines_of(opening(speech, meant, meant.policy != model.Policy(), ""), 0)
    return [*opened, *(f"{INDENT}{row}" for row in rows), *_ends(speech, meant)]


def opening(speech: Speech, meant: model.Table, policy: bool, file: str) -> str:
    """« Table « Port » (une seule ligne s'applique) : ». `policy`: whether it says how its rows combine."""
    titled = meant.title != f"{meant.file}:{meant.line}"
    title = f"{GLUE}{quoted(meant.title, speech.french)}" if titled else ""
    place = f" {speech.word('tables', 'FROM_FILE')} {quoted(file, speech.french)}" if file else ""
    said = f" ({_policy(speech, meant)})".replace(" ", GLUE) if policy else ""
    colon = "" if file else speech.choose(f"{GLUE}:", ":")
    return f"{capital(speech.word('tables', 'TABLE'))}{title}{place}{said}{colon}"


def _ends(speech: Speech, meant: model.Table) -> list[str]:
    return [line for part in ends(speech, meant.unless, meant.because) for line in lines_of(part, 2)]


def columns_of(meant: model.Table) -> list[model.Column | model.Decides]:
    """The columns, inputs first."""
    return [*meant.columns, *meant.decides]


def _policy(speech: Speech, meant: model.Table) -> str:
    policy = meant.policy
    if policy.order:
        kind = speech.outcomes[meant.decides[0].outcome].slot.type
        assert isinstance(kind, t.Choice)
        labels = {option.key: option.label for option in kind.options}
        return f"{speech.declared('IN_ORDER')} {', '.join(labels[str(each)] for each in policy.order)}"
    return speech.word("rows", f"{policy.combine}_distinct" if policy.distinct else policy.combine)


# ---- rows

Rows = list[tuple[str, ...]]


def written_rows(sheet: Sheet) -> Rows:
    """The cells as their author wrote them, the head first."""
    assert sheet.head is not None
    return [tuple(written_cell(sheet.source, cell) for cell in row.cells) for row in (sheet.head, *sheet.rows)]


def meant_rows(speech: Speech, sheet: Sheet, meant: model.Table, heads: Sequence[str]) -> Rows:
    """The cells as what they mean is said, in the order of the columns of a sheet."""
    assert sheet.head is not None
    places = [each.span.start for each in columns_of(meant)]
    order = [places.index(cell.start) for cell in sheet.head.cells]
    own = [""] * len(order)
    for at, head in zip(order, heads, strict=True):
        own[at] = head
    return [tuple(row[at] for at in order) for row in said_rows(speech, meant, own, order[0])]


def said_rows(speech: Speech, meant: model.Table, heads: Sequence[str], first: int = 0) -> Rows:
    """The cells as what they mean is said, inputs first. `first`: the column that stands first."""
    count = len(meant.lines) - meant.has_default
    said = [[head, *_cells(speech, column, count, meant.has_default)]
            for head, column in zip(heads, columns_of(meant), strict=True)]  # fmt: skip
    if meant.has_default:
        said[first][-1] = speech.word("structure", "ELSE")
    return list(zip(*said, strict=True))


def _cells(speech: Speech, column: model.Column | model.Decides, count: int, default: bool) -> Iterator[str]:
    if isinstance(column, model.Column):
        said = [cells.test(speech, each) for each in column.tests]
        numbers = [*column.cells[:count], *([NONE] if default else [])]
    else:
        said = [cells.given(speech, each) for each in column.values]
        numbers = [*column.cells[:count], *([column.default] if default else [])]
    return (cells.ANY if number == NONE else said[number] for number in numbers)


def drawn(source: Source, lines: Sequence[int], right: int, rows: Rows) -> Iterator[Block]:
    """A block a row, and the rules under the heads where there were some. `lines`: where each row stands."""
    starts = [source.starts[line - 1] for line in lines]
    ruled = [(at, (RULED,) * len(rows[0])) for at in _ruled(source, lines)]
    placed = sorted([*zip(starts, rows, strict=True), *ruled], key=lambda row: row[0])
    for (start, _), line in zip(placed, aligned(Grid(tuple(row for _, row in placed), right)), strict=True):
        yield Block(start, (f"{INDENT}{line}",))


def csv_text(rows: Rows, right: int | None) -> str:
    """The rows as a file of values between `;`. `right`: the number of the first column after « || »."""
    text = io.StringIO()
    out = csv.writer(text, delimiter=";", lineterminator="\n")
    for number, row in enumerate(rows):
        apart = [] if right is None else [(*row[:right], "||" if number == 0 else "", *row[right:])]
        out.writerows(apart or [row])
    return text.getvalue()


def _ruled(source: Source, lines: Sequence[int]) -> Iterator[int]:
    """Where the lines stand that only underline the heads."""
    for number in range(lines[0] + 1, lines[-1]):
        start, text = source.starts[number - 1], source.line(number).rstrip()
        begin = start + len(text) - len(text.lstrip())
        barred = source.text.startswith(BAR, begin)
        if barred and is_ruled(source.text, split_cells(source.text, begin, start + len(text))):
            yield start


def written_cell(source: Source, cell: Cell) -> str:
    """A cell as its author wrote it; an empty one is « - »."""
    return " ".join(source.text[cell.start : cell.end].split()) or cells.ANY


# ---- heads


def written_heads(sheet: Sheet) -> list[str]:
    """The heads as their author wrote them."""
    assert sheet.head is not None
    return [written_cell(sheet.source, cell) for cell in sheet.head.cells]


def said_head(speech: Speech, column: model.Column | model.Decides) -> str:
    """What a column is about."""
    if isinstance(column, model.Decides):
        return speech.outcomes[column.outcome].slot.name
    subjects = {cells.about(each) for each in column.tests} or {each for each in (column.about,) if each is not None}
    if len(subjects) != 1:
        raise UnsaidError
    return subject(speech, subjects.pop())


def subject(speech: Speech, item: model.Value) -> str:
    """What a column is about, without the article that leads it."""
    if isinstance(item, model.FactOf):
        *_, own = speech.facts[item.path].slot.names
        if speech.alone(own):
            return own
    said = cells.plain_cell(value(speech, item))
    first, _, rest = said.partition(" ")
    if first in ("le", "la", "les", "the"):
        return rest
    return said.removeprefix("l'")
