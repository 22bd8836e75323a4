"""A place in a text in, the same with the small words that stand before it out."""

import re
from collections.abc import Sequence

from rulec.source import Source
from rulec.syntax.words import words
from rulec.tree import Span


def with_article(span: Span, source: Source) -> Span:
    """A place with the article before it."""
    return _with(words(source.language).tables["articles"]["ARTICLE"], span, source, r"\s*")


def with_link(span: Span, source: Source) -> Span:
    """A place with the « pour » or the « aux » before it."""
    return _with(_links(source), span, source, r"\s+")


def after_link(span: Span, source: Source) -> Span:
    """A place without the « pour » or the « aux » that it begins with."""
    found = re.match(rf"(?:{_said(_links(source))})\s+", source.cut(span), re.IGNORECASE)
    return Span(span.source, span.start + found.end(), span.end) if found else span


def _links(source: Source) -> tuple[str, ...]:
    links = words(source.language).tables["structure"]
    return (*links["FOR"], *links["TO"], "aux", "au")


def _said(written: Sequence[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(written, key=len, reverse=True))


def _with(written: Sequence[str], span: Span, source: Source, between: str) -> Span:
    before = source.text[max(0, span.start - 20) : span.start].replace("’", "'")
    found = re.search(rf"(?:^|[\s('])((?:{_said(written)}){between})$", before, re.IGNORECASE)
    return Span(span.source, span.start - len(found[1]), span.end) if found else span
