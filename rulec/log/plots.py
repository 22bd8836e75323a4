"""Names and counts in, plots as SVG out: bars in a row each, and stacked bars over time."""

from collections.abc import Sequence
from html import escape

WIDE = 520  # of the drawing, in its own units
COLOURS = ("#1f6f8b", "#e0a030", "#8a8a8a")  # told apart in grey too
_ROW, _LABEL, _LONGEST = 30, 180, 22
_HIGH, _LEFT, _TOP, _FOOT, _HALF = 220, 50, 34, 30, 40
_FONT = 'font-family="system-ui, sans-serif" font-size="14" fill="#1b1b1b"'


def bars(name: str, title: str, described: str, names: Sequence[str], counts: Sequence[int]) -> str:
    """A horizontal bar for each name."""
    most, room = max(counts, default=1) or 1, WIDE - _LABEL - 70
    drawn = []
    for at, (label, count) in enumerate(zip(names, counts, strict=True)):
        y, wide = at * _ROW, round(room * count / most, 1)
        drawn.append(f'<text x="{_LABEL - 8}" y="{y + 20}" text-anchor="end">{escape(_short(label))}</text>')
        drawn.append(
            f'<rect x="{_LABEL}" y="{y + 5}" width="{max(wide, 1)}" height="{_ROW - 10}" fill="{COLOURS[0]}"/>'
        )
        drawn.append(f'<text x="{_LABEL + wide + 6}" y="{y + 20}">{count}</text>')
    return _svg(name, title, described, len(names) * _ROW, drawn)


def stacked(
    name: str, title: str, described: str, names: Sequence[str], parts: Sequence[str],
    counts: Sequence[Sequence[int]],
) -> str:  # fmt: skip
    """A vertical bar for each name, of one colour for each part."""
    most = max(map(sum, counts), default=1) or 1
    step = (WIDE - _LEFT) / max(len(names), 1)
    wide, floor = min(step * 0.8, 60), _TOP + _HIGH
    drawn = [*_legend(parts), *_scale(most, floor)]
    every = -(-len(names) // 5)  # labels that do not overlap
    for at, (label, row) in enumerate(zip(names, counts, strict=True)):
        x, y = _LEFT + step * at + (step - wide) / 2, float(floor)
        for colour, count in zip(COLOURS, row, strict=True):
            high = _HIGH * count / most
            y -= high
            if count:
                size = f'width="{wide:.1f}" height="{high:.1f}"'
                drawn.append(f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{colour}" stroke="#fff"/>')
        middle = x + wide / 2
        if at % every == 0 and middle + _HALF <= WIDE:
            drawn.append(f'<text x="{middle:.1f}" y="{floor + 20}" text-anchor="middle">{escape(label)}</text>')
    return _svg(name, title, described, floor + _FOOT, drawn)


def _legend(parts: Sequence[str]) -> list[str]:
    return [
        f'<rect x="{_LEFT + at * 130}" y="4" width="14" height="14" fill="{colour}"/>'
        f'<text x="{_LEFT + at * 130 + 20}" y="16">{escape(part)}</text>'
        for at, (part, colour) in enumerate(zip(parts, COLOURS, strict=True))
    ]


def _scale(most: int, floor: int) -> list[str]:
    return [
        f'<line x1="{_LEFT}" x2="{WIDE}" y1="{y}" y2="{y}" stroke="#c8c8c8"/>'
        f'<text x="{_LEFT - 8}" y="{y + 5}" text-anchor="end">{count}</text>'
        for count, y in {0: floor, most: floor - _HIGH}.items()
    ]


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"


def _svg(name: str, title: str, described: str, high: int, drawn: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDE} {max(high, _ROW)}" role="img" aria-labelledby="{name}-title {name}-desc" {_FONT}>'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(described)}</desc>'
        + "".join(drawn)
        + "</svg>"
    )
