"""A difference as told in, a page that stands alone out."""

from collections.abc import Iterator
from html import escape

from rulec.difference.as_markdown import WORDS
from rulec.difference.as_text import WORDS as SAID
from rulec.difference.as_text import closing, summary
from rulec.difference.telling import Told, ToldPart

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1b1b; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { border: 1px solid #c8c8c8; padding: .4rem .6rem; text-align: left; vertical-align: top; }
th { background: #f2f2f2; }
pre { background: #f6f6f6; padding: .5rem; overflow-x: auto; font-size: 13px; margin: .3rem 0 0; }
"""


def as_html(told: Told) -> str:
    """The report."""
    title = escape(WORDS[told.language]["title"])
    return "\n".join([
        "<!doctype html>", f'<html lang="{told.language}">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">', f"<title>{title}</title>",
        f"<style>{_STYLE}</style>", "</head>", "<body>", f"<h1>{title}</h1>", *_body(told),
        "</body>", "</html>",
    ])  # fmt: skip


def _body(told: Told) -> Iterator[str]:
    words = WORDS[told.language]
    yield f"<p><strong>{escape(summary(told))}</strong></p>"
    for name, said in (("vocabulary", told.vocabulary), ("beside", told.beside)):
        if said:
            yield f"<h2>{words[name]}</h2>"
            yield listed(said)
    for part in told.parts:
        if part.changes:
            yield from _part(told, part)
    if rest := list(closing(told)):
        yield listed(rest)
    if told.past is not None:
        yield from (f"<p>{escape(head)}</p>" for head in told.past.heads)
        for head, lines in told.past.parts:
            yield f"<p>{escape(head)}</p>{listed(lines)}"


def listed(lines: "Iterator[str] | list[str] | tuple[str, ...]") -> str:
    """Lines as a list."""
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _part(told: Told, part: ToldPart) -> Iterator[str]:
    words = WORDS[told.language]
    heads = "".join(f"<th>{words[name]}</th>" for name in ("where", "before", "after", "example"))
    yield from (f"<h2>{escape(part.name)}</h2>", f"<table><tr>{heads}</tr>")
    for each in part.changes:
        replay = escape("\n".join(each.replay))
        cells = "".join(f"<td>{escape(text)}</td>" for text in (each.where, each.before, each.after))
        yield f"<tr>{cells}<td>{escape(each.case)}<pre>{replay}</pre></td></tr>"
    yield "</table>"
    if part.more:
        yield f"<p>{escape(SAID[told.language]['more'].format(count=len(part.changes)))}</p>"
