"""A report as told in, a page that stands alone out: sentences, plots as SVG, beside each the table of its numbers."""

from collections.abc import Iterator
from html import escape

from rulec.log.plots import bars, stacked
from rulec.log.report_told import BARS, SAID, STACKED, Section, ToldReport

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 1rem; }
body { color: #1b1b1b; background: #fff; }
h1 { margin-bottom: 0; } h2 { margin: 0 0 .5rem; font-size: 1.15rem; }
.lines { padding-left: 1.2rem; } .lines li { margin: .25rem 0; }
section { border-top: 1px solid #c8c8c8; padding: 1rem 0; break-inside: avoid; }
.beside { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem; align-items: start; }
svg { width: 100%; height: auto; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border-bottom: 1px solid #dcdcdc; padding: .25rem .5rem; text-align: left; vertical-align: top; }
th, td { overflow-wrap: anywhere; font-weight: normal; } thead th { font-weight: bold; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
@media (max-width: 42rem) { .beside { grid-template-columns: minmax(0, 1fr); } }
@media print { body { max-width: none; font-size: 11pt; } section { border-color: #888; } }
"""


def as_html(told: ToldReport) -> str:
    """The page."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in told.lines)
    return "\n".join([
        "<!doctype html>", f'<html lang="{told.language}">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(told.title)}</title>", f"<style>{_STYLE}</style>", "</head>", "<body>", "<main>",
        f"<h1>{escape(told.title)}</h1>", f"<p>{escape(told.span)}</p>",
        f'<h2>{SAID[told.language]["key"]}</h2>', f'<ul class="lines">{lines}</ul>',
        *(line for number, each in enumerate(told.sections) for line in _section(each, number)),
        "</main>", "</body>", "</html>",
    ])  # fmt: skip


def _section(section: Section, number: int) -> Iterator[str]:
    yield f'<section aria-labelledby="title{number}"><h2 id="title{number}">{escape(section.title)}</h2>'
    table = f'<div class="table">{_table(section)}</div>'
    yield f'<div class="beside">{_plot(section, number)}{table}</div>' if section.plot and section.rows else table
    yield "</section>"


def _table(section: Section) -> str:
    counting = len(section.heads) if section.plot else 0
    heads = "".join(
        f'<th scope="col"{_class(at, counting)}>{escape(head)}</th>' for at, head in enumerate(section.heads)
    )
    rows = "".join(
        "<tr>" + "".join(_cell(cell, at, counting) for at, cell in enumerate(row)) + "</tr>" for row in section.rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(cell: str, at: int, counting: int) -> str:
    return f"<td{_class(at, counting)}>{escape(cell)}</td>" if at else f'<th scope="row">{escape(cell)}</th>'


def _class(at: int, counting: int) -> str:
    return ' class="number"' if 0 < at < counting else ""


def _plot(section: Section, number: int) -> str:
    names = [row[0] for row in section.rows]
    described = "; ".join(" ".join(row) for row in section.rows)
    if section.plot == BARS:
        return bars(f"plot{number}", section.title, described, names, [each[0] for each in section.values])
    assert section.plot == STACKED
    return stacked(f"plot{number}", section.title, described, names, section.heads[1:], section.values)
