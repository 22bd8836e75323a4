"""Rows of cells in, lines with their bars aligned out; wide and accented characters take the columns that they show."""

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

from rulec.runtime.plain import Plain, plain

RULED = "---"


@plain
class Grid(Plain):
    """Rows of as many cells each. `right`: the number of the first column after `||`, the size where there is none."""

    rows: tuple[tuple[str, ...], ...]
    right: int


def aligned(grid: Grid) -> list[str]:
    """A line a row, without indentation; a row of RULED is a rule under the head."""
    size = len(grid.rows[0]) if grid.rows else 0
    widths = [max(width(row[at]) for row in grid.rows) for at in range(size)]
    return [_line(row, widths, grid.right) for row in grid.rows]


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)


def _line(row: Sequence[str], widths: Sequence[int], right: int) -> str:
    ruled = all(cell == RULED for cell in row)
    line = ""
    for at, (cell, size) in enumerate(zip(row, widths, strict=True)):
        bar = "||" if at == right else "|"
        line += f"{bar}{'-' * (size + 2)}" if ruled else f"{bar} {cell}{' ' * (size - width(cell))} "
    return f"{line}|"
