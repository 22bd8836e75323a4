"""Findings in, the file of those that are known out, and back: what was there before is told from what is new.

A finding is known by its code and the words of its statement, whatever line or file they stand in; the file holds how
many there are of each, so that one more is new.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from rulec.diagnostics import Diagnostic
from rulec.diagnostics.as_json import text_of
from rulec.source import Source
from rulec.syntax.cells import BAR
from rulec.syntax.fold import fold
from rulec.syntax.layout import Statement
from rulec.syntax.parse import statements_of
from rulec.tree import Span

VERSION = 1


class Key(NamedTuple):
    """What a finding is known by: its code, and the folded words of its statement (of a table: of its row)."""

    code: str
    text: str


class NoBaselineError(ValueError):
    """A text is not that of a baseline."""


class Known:
    """The findings that are known, of which some are struck off as they are met."""

    def __init__(self, counts: Counter[Key]) -> None:
        self.left = counts

    def strike(self, key: Key) -> bool:
        """Whether one more finding of this key is known."""
        known = self.left[key] > 0
        self.left[key] -= known
        return known

    @property
    def stale(self) -> list[tuple[Key, int]]:
        """What was not met, and how often."""
        return sorted((key, count) for key, count in self.left.items() if count > 0)


def read_baseline(text: str) -> Known:
    """The known findings of a baseline's text; `NoBaselineError` for another text."""
    try:
        data = json.loads(text)
        if data["version"] != VERSION:
            raise NoBaselineError
        return Known(Counter({Key(str(each["code"]), str(each["text"])): _count(each) for each in data["findings"]}))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NoBaselineError from None


def _count(entry: dict[str, object]) -> int:
    count = entry["count"]
    if not isinstance(count, int) or count < 1:
        raise NoBaselineError
    return count


def baseline_text(keys: Iterable[Key]) -> str:
    """The text of a baseline of these findings; the same findings give the same text."""
    found = [{"code": key.code, "text": key.text, "count": count} for key, count in sorted(Counter(keys).items())]
    return text_of({"version": VERSION, "findings": found}, indent=2) + "\n"


# ---- keys


def keys_of(found: Sequence[Diagnostic], sources: Sequence[Source]) -> Iterator[Key]:
    """What each finding is known by."""
    known = {source.number: source for source in sources}
    rows = {each.number for source in sources for _, each in source.tables}
    within = cache(lambda number: _statements(known[number], whole=number not in rows))
    for each in found:
        source = known.get(each.span.source)
        spans = within(source.number) if source else []
        yield Key(each.code, _folded(source, each.span, spans) if source else "")


def _folded(source: Source, place: Span, statements: Sequence[Span]) -> str:
    """The words of the statement that a place is in; outside any, of its line; of an empty file, its name."""
    inside = next((each for each in statements if each.start <= place.start < each.end), None)
    text = source.cut(inside) if inside else source.line(source.place(place.start)[0])
    return " ".join(fold(word) for word in text.split()) or fold(source.name)


def _statements(source: Source, *, whole: bool) -> list[Span]:
    """The statements of a file of rules, tables aside: each of their rows stands for itself."""
    if not whole:
        return []
    return [each.span(source) for each in statements_of(source) if not _is_table(source, each)]


def _is_table(source: Source, statement: Statement) -> bool:
    return any(source.text.startswith(BAR, line.start) and not line.bullet for line in statement.lines)
