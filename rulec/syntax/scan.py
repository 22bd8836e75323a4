"""A statement in, items out: words, literals, quoted texts, signs and the nesting of bullets."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime.literals import Literal, Refusal, day_of_any_year, scan_literal
from rulec.runtime.patterns import Pattern
from rulec.runtime.units import MONTHS, NUMBER_WORDS
from rulec.source import Language, Source
from rulec.syntax.cells import BAR, Cell, is_ruled, split_cells
from rulec.syntax.fold import fold, stem
from rulec.syntax.layout import Line, Statement
from rulec.syntax.tokens import Item
from rulec.syntax.words import split_elision
from rulec.tree import Span

_CLOSING = {"«": "»", "“": "”", '"': '"'}
_WORD = re.compile(r"[^\W\d_]\w*(?:['’]\w+)*['’]?")
_WORDS = re.compile(f"{_WORD.pattern}(?: {_WORD.pattern})*")
_HYPHEN = Pattern(r"(?<=[^\W\d_])-(?=[^\W\d_])")  # « week-end » is two words, « a - b » a difference
_SPACE = re.compile(r"[\s\u00a0\u202f\u2009]+")
_COUNTING: dict[Language, frozenset[str]] = {  # what literals start with, beside the words of numbers
    "fr": frozenset({"premier"}), "en": frozenset({"a", "an", "first", *MONTHS["en"]}),
}  # fmt: skip
_SIGN = Pattern(r">=|<=|!=|<>|=>|->|\|\||[≥≤≠<>=→⇒(),:;+*×/÷^%|.\[\]…−–-]")
_ORDINAL = Pattern(r"1er\b|\d{1,2}(?:e|st|nd|rd|th)\b", re.IGNORECASE)
_KEY = Pattern(r"\[\s*([A-Za-z_][A-Za-z0-9_]*)\s*\]")
_MONEY_SIGNS = "€$£¥"
_MONEY = Pattern(r"[€$£¥][ \u00a0\u202f\u2009]*[0-9]")
MAX_TEXT = 10_000  # characters of one quoted text


def scan(source: Source, statement: Statement, diagnostics: Diagnostics, yearless: bool = False) -> list[Item]:
    """The items of a statement, with INDENT, ITEM and DEDENT where bullets open, begin and close a list.

    The lines of a table are one item. `yearless`: a date without a year is left as a literal that is a `Refusal`.
    """
    items: list[Item] = []
    open_lists: list[int] = []
    for number, line in enumerate(statement.lines):
        if line.bullet:
            _open_bullet(line, open_lists, items)
        elif number and open_lists and line.indent <= open_lists[-1]:
            _close_lists(line, open_lists, items)
        if source.text.startswith(BAR, line.start) and not line.bullet:
            _scan_row(source, line, items, diagnostics)
        else:
            items.extend(_scan_line(source, line, diagnostics, yearless))
    end = statement.lines[-1].end
    items.extend(Item("DEDENT", "", end, end) for _ in open_lists)
    return items


def _scan_row(source: Source, line: Line, items: list[Item], diagnostics: Diagnostics) -> None:
    """A line of a table goes to the table that it follows, or opens one: a tuple of rows of cells."""
    cells = split_cells(source.text, line.start, line.end)
    if not items or items[-1].kind != "TABLE":
        items.append(Item("TABLE", "", line.start, line.end, []))
    elif is_ruled(source.text, cells):
        return
    table = items[-1]
    table.end = line.end
    table.payload.append(tuple(_scan_cell(source, cell, line, diagnostics) for cell in cells))


def _scan_cell(source: Source, cell: Cell, line: Line, diagnostics: Diagnostics) -> Cell:
    inner = Line(cell.start, cell.end, line.indent, False)
    return replace(cell, items=tuple(_scan_line(source, inner, diagnostics)))


def _open_bullet(line: Line, open_lists: list[int], items: list[Item]) -> None:
    while open_lists and line.indent < open_lists[-1]:
        open_lists.pop()
        items.append(Item("DEDENT", "", line.start, line.start))
    if not open_lists or line.indent > open_lists[-1]:
        open_lists.append(line.indent)
        items.append(Item("INDENT", "", line.start, line.start))
    items.append(Item("ITEM", "", line.start, line.start))


def _close_lists(line: Line, open_lists: list[int], items: list[Item]) -> None:
    while open_lists and line.indent <= open_lists[-1]:
        open_lists.pop()
        items.append(Item("DEDENT", "", line.start, line.start))


def _scan_line(source: Source, line: Line, diagnostics: Diagnostics, yearless: bool = False) -> Iterator[Item]:
    text, at, language = source.text, line.start, source.language
    while at < line.end:
        char = text[at]
        if char == " ":
            at += 1
            continue
        if space := _SPACE.match(text, at, line.end):
            at = space.end()
            continue
        item: Item | None
        if char in _CLOSING:
            item = _quoted(source, line, at, diagnostics)
        elif "0" <= char <= "9" or (char in _MONEY_SIGNS and _MONEY.match(text, at, line.end)):
            item = _number(source, line, at, diagnostics, yearless)
        elif char in _MONEY_SIGNS:
            item = Item("SIGN", char, at, at + 1, char)
        elif words := _WORDS.match(text, at, line.end):
            counts, pieces, length = _run(words[0], language)
            item = _number_word(source, at, diagnostics, yearless) if counts else None
            if item is None:
                for start, end, stemmed, said in pieces:
                    yield Item("WORD", stemmed, at + start, at + end, said)
                at += length
                at += text[at : at + 1] == "-" and _HYPHEN.match(text, at, line.end) is not None
                continue
        elif key := _KEY.match(text, at, line.end):
            item = Item("KEY", "[]", at, key.end(), key[1])
        elif sign := _SIGN.match(text, at, line.end):
            item = Item("SIGN", sign[0], at, sign.end(), sign[0])
        else:
            diagnostics.add("E102", Span(source.number, at, at + 1), char=char)
            item = Item("SIGN", "", at, at + 1)
        if item.key or item.kind != "SIGN":
            yield item
        at = item.end


Piece = tuple[int, int, str, str]
Pieces = tuple[bool, list[Piece], int]


@lru_cache(maxsize=4096)
def _run(said: str, language: Language) -> Pieces:
    """As `_pieces`, of words with one space between them, up to one that may be a number or is an elision."""
    pieces: list[Piece] = []
    for word in _WORD.finditer(said):
        at = word.start()
        counts, own, length = _pieces(word[0], language)
        if counts:
            return (False, pieces, at) if at else (counts, own, length)
        pieces += [(at + start, at + end, stemmed, part) for start, end, stemmed, part in own]
        if length < len(word[0]):
            return False, pieces, at + length
    return False, pieces, len(said)


@lru_cache(maxsize=65536)
def _pieces(word: str, language: Language) -> Pieces:
    """Whether a word may be a number; the words that it is made of, with their places and keys; where they end.

    Of an elision, the first word alone: what follows is read anew.
    """
    said, places = fold(word), split_elision(word, 0, language)
    elided = language == "fr" and len(places) > 1
    counts = said in NUMBER_WORDS[language] or said in _COUNTING[language]
    kept = [(start, end, word[start:end]) for start, end in (places[:1] if elided else places) if start < end]
    pieces = [(start, end, stem(part, language), part) for start, end, part in kept]
    return counts, pieces, places[1][0] if elided else len(word)


def _quoted(source: Source, line: Line, at: int, diagnostics: Diagnostics) -> Item:
    close = source.text.find(_CLOSING[source.text[at]], at + 1, line.end)
    if close < 0:
        mark = _CLOSING[source.text[at]]
        place = Span(source.number, line.end, line.end)
        diagnostics.add("E101", Span(source.number, at, at + 1), mark=mark, fixes=(Fix(place, f" {mark}"),))
        return Item("TEXT", "«»", at, line.end, source.text[at + 1 : line.end].strip())
    if close - at > MAX_TEXT:
        diagnostics.add("E104", Span(source.number, at, at + 1), limit=MAX_TEXT)
    return Item("TEXT", "«»", at, close + 1, source.text[at + 1 : close].strip())


def _number(source: Source, line: Line, at: int, diagnostics: Diagnostics, yearless: bool) -> Item:
    text = source.text
    found = day_of_any_year(text, line.start, at, source.language) or scan_literal(text, at, source.language)
    if isinstance(found, Refusal):
        return _refused(source, found, at, diagnostics, yearless)
    if found is None or (found.kind == "number" and found.end - at <= 2):
        if ordinal := _ORDINAL.match(text, at, line.end):
            found = scan_literal(text[at : at + len(ordinal[0].rstrip("erstndhERSTNDH"))], 0, source.language)
            if isinstance(found, Literal):
                return Item("LIT", ordinal[0].lower(), at, ordinal.end(), found)
    if found is None or found.end > line.end:
        diagnostics.add("E102", Span(source.number, at, at + 1), char=text[at])
        return Item("LIT", "0", at, at + 1, None)
    return Item("LIT", text[at : found.end], at, found.end, found)


def _number_word(source: Source, at: int, diagnostics: Diagnostics, yearless: bool) -> Item | None:
    text, language = source.text, source.language
    found = scan_literal(text, at, language)
    if isinstance(found, Refusal):
        return _refused(source, found, at, diagnostics, yearless)
    return Item("LIT", text[at : found.end], at, found.end, found) if found is not None else None


def _refused(source: Source, found: Refusal, at: int, diagnostics: Diagnostics, yearless: bool) -> Item:
    kept = found if yearless and found.code == "E115" else None
    if kept is None:
        report_refusal(source, found, diagnostics)
    return Item("LIT", "0", at, max(found.end, at + 1), kept)


def report_yearless(source: Source, items: Sequence[Item], diagnostics: Diagnostics) -> None:
    """Report the dates that were left without a year."""
    for item in items:
        if isinstance(item.payload, Refusal):
            report_refusal(source, item.payload, diagnostics)
            item.payload = None


def report_refusal(source: Source, refusal: Refusal, diagnostics: Diagnostics) -> None:
    """Report a literal that has two readings, or none, with what to write instead."""
    span = Span(source.number, refusal.start, refusal.end)
    fixes = tuple(Fix(span, reading) for reading in refusal.readings)
    diagnostics.add(
        refusal.code,
        span,
        fixes=fixes,
        text=source.cut(span),
        readings=" | ".join(refusal.readings),
        one="".join(refusal.readings[:1]),
        other="".join(refusal.readings[-1:]),
    )
