"""Rows in, aligned columns out."""

from collections.abc import Sequence

from rulec.diagnostics.screen import harmless, width

GAP, INDENT = "   ", "  "


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """A line a row; each column as wide as its widest cell."""
    cells = [[harmless(cell) for cell in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
    return [INDENT + GAP.join(map(_padded, row, widths)).rstrip() for row in cells]


def columns(text: str) -> int:
    """The columns of the terminal that a text takes."""
    return sum(map(width, text))


def _padded(cell: str, wide: int) -> str:
    return cell + " " * (wide - columns(cell))
