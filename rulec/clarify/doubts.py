"""Rules that do not compile in, the statements of which rulec has several readings out, each with its readings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rulec.clarify.canonical import Reading, canonical
from rulec.diagnostics import Diagnostic, Diagnostics, Fix
from rulec.pipeline import Compiled, compile_sources
from rulec.runtime.plain import Plain, plain
from rulec.source import Source
from rulec.syntax.parse import statements_of
from rulec.tree import Span


@plain
class Doubt(Plain):
    """A statement with two readings at least. `span`: its place in `source`."""

    source: Source
    span: Span
    code: str
    readings: tuple[Reading, ...]

    @property
    def line(self) -> int:
        """The line where it begins."""
        return self.source.place(self.span.start)[0]

    @property
    def statement(self) -> str:
        """As it is written."""
        return self.source.cut(self.span)


def doubts(compiled: Compiled) -> tuple[tuple[Doubt, ...], tuple[Diagnostic, ...]]:
    """The first doubt of each statement, in order; and the errors that are none.

    A reading is one that compiles with the statements that hold no error.
    """
    sources = _written(compiled)
    errors = [each for each in compiled.diagnostics if each.code.startswith("E")]
    broken = {_statement(sources, each.span) for each in errors}
    found = dict[Span, Doubt]()
    left = list[Diagnostic]()
    for each in errors:
        place = _statement(sources, each.span)
        if place is not None and place not in found:
            readings = tuple(_readings(sources, each.fixes, place, broken - {place, None}))
            if len(readings) > 1:
                found[place] = Doubt(_of(sources, place), place, each.code, readings)
                continue
        if place not in found:
            left.append(each)
    return tuple(found[place] for place in sorted(found, key=lambda each: (each.source, each.start))), tuple(left)


def _written(compiled: Compiled) -> list[Source]:
    """The sources without the files of rows that they name."""
    rows = {rows.number for source in compiled.sources for _, rows in source.tables}
    return [source for source in compiled.sources if source.number not in rows]


def _of(sources: Iterable[Source], span: Span) -> Source:
    return next(source for source in sources if source.number == span.source)


def _statement(sources: Iterable[Source], span: Span) -> Span | None:
    """The place of the statement that a place is in."""
    for source in sources:
        if source.number == span.source:
            for statement in statements_of(source):
                place = statement.span(source)
                if place.start <= span.start <= place.end:
                    return place
    return None


def _readings(
    sources: Sequence[Source], fixes: Sequence[Fix], place: Span, others: Iterable[Span | None]
) -> Iterator[Reading]:  # fmt: skip
    told = set[str]()
    if len(fixes) < 2 or not all(_within(fix.span, place) for fix in fixes):
        return
    for fix in fixes:
        text = _of(sources, place).text
        whole = text[: fix.span.start] + fix.text + text[fix.span.end :]
        statement = whole[place.start : place.end + len(whole) - len(text)]
        rules = compile_sources([_with(each, whole, place, others) for each in sources], Diagnostics())
        if rules.plan is None:
            continue
        reading = canonical(Reading(statement, rules), place)
        if reading.text not in told:
            told.add(reading.text)
            yield reading


def _within(span: Span, place: Span) -> bool:
    return span.source == place.source and place.start <= span.start <= span.end <= place.end


def _with(source: Source, whole: str, place: Span, others: Iterable[Span | None]) -> Source:
    """The source with the statement as it is read, and without the statements that hold other errors."""
    grown = len(whole) - len(source.text) if source.number == place.source else 0
    text = whole if source.number == place.source else source.text
    for each in others:
        if each is not None and each.source == source.number:
            moved = grown if each.start > place.start and source.number == place.source else 0
            start, end = each.start + moved, each.end + moved
            text = text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]
    return replace(source, text=text)
