"""A line or a statement in, whether it is a draft out: what stands under « Brouillon : » decides nothing."""

import re
from functools import cache

from rulec.diagnostics import Diagnostics
from rulec.source import Language, Source
from rulec.syntax.fold import fold
from rulec.syntax.layout import USE, Line, Statement
from rulec.syntax.words import words
from rulec.tree import Span


def is_mark(source: Source, line: Line) -> bool:
    """Whether a line is « Brouillon : » and nothing else."""
    ended = not line.bullet and source.text[line.end - 1] == ":"
    return ended and bool(_mark(source.language).fullmatch(_folded(source, line)))


def may_hold(source: Source) -> bool:
    """Whether a line of the source may be a mark."""
    return bool(_starts(source.language).search(source.text))


def report_misplaced(source: Source, statement: Statement, diagnostics: Diagnostics) -> None:
    """Report a mark that nothing stands under, one that does not stand alone, and a draft that brings in a file."""
    first, *others = statement.lines
    if statement.lines == (statement.draft,):
        _report("E361", source, first, diagnostics)
        return
    opened = not first.bullet and _mark(source.language).match(_folded(source, first))
    for line in ([first] if opened else []) + [line for line in others if is_mark(source, line)]:
        _report("E362", source, line, diagnostics)
    if statement.draft is not None and USE.match(source.text[first.start : first.end]):
        _report("E363", source, first, diagnostics)


def _report(code: str, source: Source, line: Line, diagnostics: Diagnostics) -> None:
    span = Span(source.number, line.start, line.end)
    diagnostics.add(code, span, text=source.cut(span))


def _folded(source: Source, line: Line) -> str:
    return fold(source.text[line.start : line.end])


@cache
def _mark(language: Language) -> re.Pattern[str]:
    return re.compile(rf"(?:{_ways(language)})\s*:")


@cache
def _starts(language: Language) -> re.Pattern[str]:
    return re.compile(rf"^[^\w\n]*(?:{_ways(language)})[^\S\n]*:", re.IGNORECASE | re.MULTILINE)


def _ways(language: Language) -> str:
    return "|".join(words(language).tables["drafts"]["MARK"])
