"""A line of a table in, its cells out, each at its place: « | pays | poids || frais de port | »."""

from rulec.runtime.patterns import Pattern
from rulec.runtime.plain import Plain, plain
from rulec.syntax.tokens import Item

BAR = "|"
_CLOSING = {"«": "»", "“": "”", '"': '"'}
_STOP = Pattern(r'\|\|?|[«“"]')
_RULE = Pattern(r":?-{2,}:?")  # « |---|---| » under the heads, as in Markdown
_BLANK = " \t\u00a0\u202f\u2009"


@plain
class Cell(Plain):
    """What stands between two bars, without the spaces around it. `right`: it stands after `||`."""

    start: int
    end: int
    right: bool = False
    items: tuple[Item, ...] = ()


def split_cells(text: str, start: int, end: int) -> tuple[Cell, ...]:
    """The cells of a line that starts with a bar; the last bar may be left out, a bar in a quoted text is text."""
    cells: list[Cell] = []
    at = begin = start + len(BAR)
    right = False
    while found := _STOP.search(text, at, end):
        at = found.end()
        if found[0] in _CLOSING:
            close = text.find(_CLOSING[found[0]], at, end)
            at = close + 1 if close >= 0 else end
            continue
        cells.append(_stripped(text, begin, found.start(), right))
        right = right or found[0] == BAR * 2
        begin = at
    if text[begin:end].strip(_BLANK):
        cells.append(_stripped(text, begin, end, right))
    return tuple(cells) or (_stripped(text, begin, end, right),)


def is_ruled(text: str, cells: tuple[Cell, ...]) -> bool:
    """Whether the line only underlines the heads."""
    return all(_RULE.fullmatch(text, cell.start, cell.end) for cell in cells)


def _stripped(text: str, start: int, end: int, right: bool) -> Cell:
    while start < end and text[start] in _BLANK:
        start += 1
    while end > start and text[end - 1] in _BLANK:
        end -= 1
    return Cell(start, end, right)
