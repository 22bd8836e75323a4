"""The head of a period in, its days and its date out: « Du 1er mars au 30 juin 2026 (selon la date de commande) : »."""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from rulec.diagnostics import Diagnostics
from rulec.runtime.literals import Literal, Refusal, scan_literal
from rulec.runtime.plain import Plain, plain
from rulec.runtime.units import MONTHS
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.grammar import SentenceError, parse_tokens
from rulec.syntax.layout import USE, Line, Statement
from rulec.syntax.lexer import Names, lex
from rulec.syntax.scan import report_refusal, scan
from rulec.syntax.shape import Shaping, drop_linking_of
from rulec.syntax.words import words
from rulec.tree import NOWHERE, Span

_GAP = r"[ \t\u00a0\u202f]*"
_YEAR = re.compile(r"[12][0-9]{3}(?![0-9])")
_BARE_DAY = re.compile(r"[0-9]{1,2}(?:er|st|nd|rd|th)?(?![0-9/:.-])", re.IGNORECASE)
Bound = Literal | Refusal
Bounds = tuple[tuple[str, Bound], ...]


@plain
class Head(Plain):
    """The head of a period as written: its bounds, each with the comparison it makes, and where its date is named."""

    bounds: Bounds
    day: Span
    span: Span
    end: int


def head_end(source: Source, line: Line) -> int:
    """Where the head of a period ends that a line starts with; 0 where it starts with none."""
    head = None if line.bullet else _head(source, line)
    return head.end if head else 0


def report_misplaced(source: Source, statement: Statement, diagnostics: Diagnostics) -> None:
    """Report a period that governs nothing, another period within one, and what brings in a file."""
    first = statement.lines[0]
    span = Span(source.number, first.start, first.end)
    if statement.lines == (statement.period,):
        diagnostics.add("E352", span, text=source.cut(span))
    elif head_end(source, first):
        diagnostics.add("E353", span, text=source.cut(span))
    elif USE.match(source.text, first.start):
        diagnostics.add("E354", span, text=source.cut(span))


def read_period(source: Source, line: Line, names: Names, diagnostics: Diagnostics) -> ast.Period | None:
    """The period that a line opens; None where an error was reported."""
    head = _head(source, line)
    assert head is not None  # the line was found to be one
    before = len(diagnostics)
    for _, bound in head.bounds:
        if isinstance(bound, Refusal):
            report_refusal(source, bound, diagnostics)
    day = _day(source, head, names, diagnostics)
    if day is None or diagnostics.failed_since(before):
        return None
    literals = [(how, bound) for how, bound in head.bounds if isinstance(bound, Literal)]
    first, last, empty = None, None, False
    for how, literal in literals:
        assert isinstance(literal.value, date)
        empty |= (how, literal.value) in (("gt", date.max), ("lt", date.min))
        if how in ("ge", "gt"):
            first = literal.value if empty else literal.value + timedelta(days=how == "gt")
        else:
            last = literal.value if empty else literal.value - timedelta(days=how == "lt")
    if empty or (first is not None and last is not None and last < first):
        diagnostics.add("E350", head.span, text=source.cut(head.span))
        return None
    return ast.Period(first, last, day.operand, _condition(day, literals, head.span), span=head.span)


def _condition(day: ast.Phrase, bounds: list[tuple[str, Literal]], span: Span) -> ast.Chain:
    first, *others = [ast.Phrase(ast.Value(literal, span=span), span=span) for _, literal in bounds]
    if others:
        said = ast.Predicate("BETWEEN", "", first, others[0], span=span)
    else:
        said = ast.Predicate("CMP", bounds[0][0], first, span=span)
    return ast.Chain((ast.Clause(day, (said,), span=span),), span=span)


def _day(source: Source, head: Head, names: Names, diagnostics: Diagnostics) -> ast.Phrase | None:
    """The date that counts: that of the decision, or the one named."""
    if head.day == NOWHERE:
        return ast.Phrase(ast.Today(span=head.span), span=head.span)
    before = len(diagnostics)
    items = scan(source, Statement((Line(head.day.start, head.day.end, 0, False),)), diagnostics)
    shaping = Shaping(source, names.inferring, diagnostics)
    tokens = drop_linking_of(lex(source, items, names, diagnostics), shaping)
    if diagnostics.failed_since(before):
        return None
    try:
        said = parse_tokens(tokens)
    except SentenceError:
        said = None
    clause = said.cases[0].effects.items[0] if isinstance(said, ast.Rule) and said.form == "sentence" else None
    day = clause.subject if isinstance(clause, ast.Clause) and not clause.predicates else None
    if day is None or not isinstance(day.operand, ast.Ref | ast.Today):
        return diagnostics.add("E351", head.day, text=source.cut(head.day))
    return day


@cache
def _said(key: str, language: Language) -> re.Pattern[str]:
    table = words(language).tables["periods"]
    ways = words(language).tables["structure"]["AS_OF"] if key == "day" else table[key]
    longest = sorted((re.escape(fold(way)).replace(r"\ ", r"\s+") for way in ways), key=len, reverse=True)
    return re.compile(rf"{_GAP}(?:{'|'.join(longest)})(?![\w']){_GAP}")


_COMPARED = {"since": "ge", "after": "gt", "until": "le", "before": "lt"}


def _head(source: Source, line: Line) -> Head | None:
    text = source.text[line.start : line.end]
    if ":" not in text:
        return None
    folded = fold(text)
    if len(folded) != len(text):
        return None
    language = source.language
    bounds: Bounds = ()
    if found := _said("span", language).match(folded):
        bounds = _span(source, line, folded, found.end())
    for key, how in _COMPARED.items():
        if not bounds and (found := _said(key, language).match(folded)):
            bound = _bound(source, line.start + found.end())
            bounds = ((how, bound),) if bound is not None else ()
    if not bounds and (found := _said("year", language).match(folded)):
        year, month = _YEAR.match(folded, found.end()), _month(language).match(folded, found.end())
        bounds = _year(line.start, year) if year else _of_month(line.start, month, language) if month else ()
    return _closed(source, line, folded, bounds) if bounds else None


def _closed(source: Source, line: Line, folded: str, bounds: Bounds) -> Head | None:
    """The head, if nothing but the date that counts stands before its colon."""
    end = bounds[-1][1].end - line.start
    if found := _said("whole", source.language).match(folded, end):
        end = len(folded[: found.end()].rstrip())
    span, day = Span(source.number, line.start, line.start + end), NOWHERE
    if found := re.compile(rf"{_GAP},?{_GAP}(\()?").match(folded, end):
        named = _said("day", source.language).match(folded, found.end())
        close = folded.find(")" if found[1] else ":", found.end())
        if named and close > 0:
            day = Span(source.number, line.start + named.end(), line.start + len(folded[:close].rstrip()))
            end = close + (1 if found[1] else 0)
            span = Span(source.number, line.start, line.start + end)
    colon = re.compile(rf"{_GAP}:").match(folded, end)
    return Head(bounds, day, span, line.start + colon.end()) if colon else None


def _year(start: int, year: re.Match[str]) -> Bounds:
    place = (start + year.start(), start + year.end())
    first, last = date(int(year[0]), 1, 1), date(int(year[0]), 12, 31)
    return ("ge", Literal("date", first, "", "", *place)), ("le", Literal("date", last, "", "", *place))


@cache
def _month(language: Language) -> re.Pattern[str]:
    """« mars 2026 »."""
    names = "|".join(sorted(map(fold, MONTHS[language]), key=len, reverse=True))
    return re.compile(rf"(?P<month>{names}){_GAP}(?P<year>{_YEAR.pattern})")


def _of_month(start: int, said: re.Match[str], language: Language) -> Bounds:
    place = (start + said.start(), start + said.end())
    months = {fold(name): number for name, number in MONTHS[language].items()}
    first = date(int(said["year"]), months[said["month"]], 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return ("ge", Literal("date", first, "", "", *place)), ("le", Literal("date", last, "", "", *place))


def _bound(source: Source, at: int) -> Bound | None:
    """The day that stands at a place, whether it can be read or not."""
    found = scan_literal(source.text, at, source.language)
    return found if isinstance(found, Refusal) or (found is not None and found.kind == "date") else None


def _span(source: Source, line: Line, folded: str, at: int) -> Bounds:
    """« 1er mars au 30 juin 2026 »: the first day takes the month and the year that the last one says."""
    first = _bound(source, line.start + at)
    bare = _BARE_DAY.match(folded, at) if first is None else None
    stop = first.end - line.start if first is not None else bare.end() if bare else 0
    joint = _said("to", source.language).match(folded, stop) if stop else None
    last = _bound(source, line.start + joint.end()) if joint else None
    if last is None:
        return ()
    if isinstance(last, Literal) and isinstance(last.value, date) and not isinstance(first, Literal):
        first = _completed(source, line.start + at, line.start + stop, last.value) or first
    return (("ge", first), ("le", last)) if first is not None else ()


def _completed(source: Source, start: int, stop: int, last: date) -> Literal | None:
    written = source.text[start:stop]
    if _BARE_DAY.fullmatch(written):
        try:
            day = last.replace(day=int(re.sub(r"\D", "", written)))
        except ValueError:
            return None
        return Literal("date", day, "", "", start, stop)
    found = scan_literal(f"{written} {last.year}", 0, source.language)
    return replace(found, start=start, end=stop) if isinstance(found, Literal) and found.kind == "date" else None
