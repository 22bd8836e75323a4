"""A line or a statement in, whether it is a draft out: what stands under « Brouillon : » decides nothing."""

import re
from functools import cache

from rulec.diagnostics import Diagnostics, Fix
from rulec.source import Language, Source
from rulec.syntax.fold import fold, stem
from rulec.syntax.layout import USE, Line, Statement
from rulec.syntax.nearest import nearest
from rulec.syntax.phrases import Phrases
from rulec.syntax.tokens import Entry
from rulec.syntax.words import words
from rulec.tree import Span

_OPENING = re.compile(r"([^\W\d_]+)[^\S\n]*(?::[^\S\n]*\n?|\n|\Z)")  # a word alone before a colon, or on its line


def is_mark(source: Source, line: Line) -> bool:
    """Whether a line is « Brouillon : » and nothing else."""
    ended = not line.bullet and source.text[line.end - 1] == ":"
    return ended and bool(_mark(source.language).fullmatch(_folded(source, line)))


def may_hold(source: Source) -> bool:
    """Whether a line of the source may be a mark."""
    return bool(_starts(source.language).search(source.text))


def report_mistyped(source: Source, span: Span, declared: Phrases[Entry], diagnostics: Diagnostics) -> bool:
    """Report a statement that opens with what was meant as a mark, « Brouillion : »; whether there was one."""
    opening = _OPENING.match(source.text, span.start)
    if opening is None or declared.longest([stem(opening[1], source.language)], 0, frozenset()):
        return False
    ways = words(source.language).tables["drafts"]["MARK"]
    initials = {way[0] for way in ways}
    close = nearest(opening[1], ways, limit=1) if fold(opening[1])[0] in initials else ()
    if close:
        place = Span(source.number, *opening.span(1))
        diagnostics.add("E747", place, fixes=(_alone(source, opening),), text=opening[1])
    return bool(close)


def report_misplaced(source: Source, statement: Statement, diagnostics: Diagnostics) -> None:
    """Report a mark that nothing stands under, one that does not stand alone, and a draft that brings in a file."""
    first, *others = statement.lines
    if statement.lines == (statement.draft,):
        _report("E361", source, first, diagnostics)
        return
    opened = not first.bullet and _mark(source.language).match(_folded(source, first))
    if opened:
        nested = statement.draft is not None or statement.period is not None
        opening = None if nested else _OPENING.match(source.text, first.start)
        _report("E362", source, first, diagnostics, *([_alone(source, opening)] if opening else []))
    for line in (line for line in others if is_mark(source, line)):
        _report("E362", source, line, diagnostics)
    if statement.draft is not None and USE.match(source.text[first.start : first.end]):
        _report("E363", source, first, diagnostics)


def _alone(source: Source, opening: re.Match[str]) -> Fix:
    """The mark alone on its line, the sentence that follows it below, indented."""
    mark = words(source.language).tables["drafts"]["MARK"][0].capitalize() + (" :" if source.language == "fr" else ":")
    below = "\n" if opening[0].endswith("\n") or opening.end() == len(source.text) else "\n  "
    return Fix(Span(source.number, opening.start(), opening.end()), mark + below)


def _report(code: str, source: Source, line: Line, diagnostics: Diagnostics, *fixes: Fix) -> None:
    span = Span(source.number, line.start, line.end)
    diagnostics.add(code, span, fixes=fixes, text=source.cut(span))


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
