"""The lines of a source and its statements as printed in, the whole text out: comments and blank lines stay."""

from collections.abc import Iterator, Sequence

from rulec.printing.declarations import Block
from rulec.runtime.plain import Plain, plain
from rulec.source import Source
from rulec.syntax.layout import comment_start


@plain
class Printed(Plain):
    """A statement: its first and last line in the source, and its canonical blocks; none: as it is written.

    `aligned`: the blocks of a table whose cells stay as they are written, for one that has no canonical form.
    `indent`: the columns by which comments above it are indented, within a period.
    """

    first: int
    last: int
    blocks: tuple[Block, ...] = ()
    aligned: tuple[Block, ...] = ()
    indent: int = 0


@plain
class Comment(Plain):
    """A comment and its line; `alone`: nothing else stands there."""

    line: int
    text: str
    alone: bool


def assembled(source: Source, statements: Sequence[Printed], first: int, last: int) -> list[str]:
    """The lines from `first` to `last` with the statements among them as printed."""
    lines: list[str] = []
    at = first
    for statement in statements:
        if first <= statement.first and statement.last <= last:
            lead = " " * statement.indent
            lines += [f"{lead}{line}" if line else "" for line in _gap(source, at, statement.first - 1)]
            lines += _statement(source, statement)
            at = statement.last + 1
    lines += _gap(source, at, last)
    return list(_without_blanks(lines))


def _gap(source: Source, first: int, last: int) -> list[str]:
    """Comments and blank lines between statements."""
    return [source.line(number).strip("\ufeff \t\f\v") for number in range(first, last + 1)]


def _without_blanks(lines: list[str]) -> Iterator[str]:
    """No blank line at the start and the end, one at most elsewhere."""
    blank = False
    started = False
    for line in lines:
        if not line:
            blank = started
            continue
        if blank:
            yield ""
        yield line
        blank, started = False, True


def _statement(source: Source, statement: Printed) -> list[str]:
    if not statement.blocks:
        return [source.line(number).rstrip().lstrip("\ufeff") for number in range(statement.first, statement.last + 1)]
    comments = list(_comments(source, statement))
    starts = [source.place(block.start)[0] for block in statement.blocks]
    found: list[str] = []
    for number, block in enumerate(statement.blocks):
        begin, final = starts[number], number + 1 == len(starts)
        end = statement.last if final else starts[number + 1] - 1
        gap = _gap_within(source, starts[number - 1] if number else statement.first, begin, blanks=number > 0)
        inside = [each for each in comments if each.alone and final and each.line > begin]
        beside = [each for each in comments if not each.alone and begin <= each.line <= end]
        moved = sorted([*inside, *beside[:-1]], key=lambda comment: comment.line)
        found += _block(block, [*gap, *(each.text for each in moved)], beside, begin)
    return list(_without_blanks(found))


def _block(block: Block, above: list[str], beside: list[Comment], begin: int) -> list[str]:
    """The lines of a block below the comments above it; the last comment beside it stays there."""
    lines = list(block.lines)
    indent = " " * (len(lines[0]) - len(lines[0].lstrip()))
    if beside:
        last = beside[-1]
        at = 0 if last.line == begin else -1
        lines[at] = f"{lines[at]}  {last.text}"
    return [*(f"{indent}{text}" if text else "" for text in above), *lines]


def _gap_within(source: Source, after: int, begin: int, blanks: bool) -> list[str]:
    """The comments and blank lines between two blocks of a statement."""
    lines = [source.line(number).strip() for number in range(after + 1, begin)]
    return [line for line in lines if line.startswith("#") or (blanks and not line)]


def _comments(source: Source, statement: Printed) -> Iterator[Comment]:
    for number in range(statement.first, statement.last + 1):
        line = source.line(number)
        start = comment_start(line, 0, len(line))
        if start < len(line):
            yield Comment(number, line[start:].rstrip(), not line[:start].strip("\ufeff \t"))
