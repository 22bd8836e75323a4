"""Rules that do not compile in, the statements of them that can be said in some way out, each with its readings."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from rulec.clarify.canonical import Reading, canonical
from rulec.diagnostics import Diagnostic, Diagnostics, Fix
from rulec.pipeline import Compiled, compile_sources, rule_sources
from rulec.runtime.plain import Plain, plain
from rulec.source import Source
from rulec.syntax.parse import read_raw, statements_of
from rulec.tree import Span


@plain
class Doubt(Plain):
    """A statement with two readings at least, or with one that is proposed. `span`: its place in `source`."""

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


# A statement and what is wrong with it in, texts that may stand in its place out: they count if they compile.
Propose = Callable[[Source, Span, Sequence[Diagnostic]], Iterable[str]]


def doubts(
    compiled: Compiled, propose: Propose = lambda source, span, errors: ()
) -> tuple[tuple[Doubt, ...], tuple[Diagnostic, ...]]:
    """The doubt of each statement, in order; and the errors that are none.

    A reading is one that compiles with the statements that hold no error.
    """
    sources = rule_sources(compiled)
    errors = [each for each in compiled.diagnostics if each.code.startswith("E")]
    places = {each: _statement(sources, each.span) for each in errors}
    broken = set(places.values())
    found = dict[Span, Doubt]()
    for place in dict.fromkeys(places.values()):
        own = [each for each in errors if places[each] == place]
        if place is not None and (doubt := _doubt(sources, own, place, broken - {place, None}, propose)):
            found[place] = doubt
    left = tuple(each for each in errors if places[each] not in found)
    return tuple(found[place] for place in sorted(found, key=lambda each: (each.source, each.start))), left


def _doubt(
    sources: Sequence[Source], errors: Sequence[Diagnostic], place: Span, others: Iterable[Span | None],
    propose: Propose,
) -> Doubt | None:  # fmt: skip
    """The readings of a statement: those of the first error that has two, then those that are proposed."""
    source = _of(sources, place)
    ways = ((each.code, list(_readings(sources, each.fixes, place, others))) for each in errors)
    code, own = next((way for way in ways if len(way[1]) > 1), (errors[0].code, []))
    known = {each.text for each in own}
    for text in () if source.library else propose(source, place, errors):
        reading = _proposed(sources, text, place, others)
        if reading is not None and reading.text not in known:
            known.add(reading.text)
            own.append(reading)
    return Doubt(source, place, code, tuple(own)) if own else None


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
        reading = _read(sources, fix, place, others)
        if reading is not None and reading.text not in told:
            told.add(reading.text)
            yield reading


def _proposed(
    sources: Sequence[Source], text: str, place: Span, others: Iterable[Span | None]
) -> Reading | None:  # fmt: skip
    """A text in the place of a statement, if it is one statement that compiles and declares nothing."""
    source = _of(sources, place)
    margin = " " * (source.place(place.start)[1] - 1)
    fix = Fix(place, f"\n{margin}".join(line.rstrip() for line in text.splitlines()))
    said = _with(source, fix, place, ())
    if len(statements_of(said)) != len(statements_of(source)):
        return None
    found = next((raw for raw in read_raw(said, Diagnostics()) if raw.span.start == place.start), None)
    if found is None or found.declares or found.span.end != place.start + len(fix.text):
        return None
    reading = _read(sources, fix, place, others)
    return replace(reading, proposed=True) if reading is not None else None


def _read(sources: Sequence[Source], fix: Fix, place: Span, others: Iterable[Span | None]) -> Reading | None:
    """The statement as a replacement has it, if it then compiles."""
    rules = compile_sources([_with(each, fix, place, others) for each in sources], Diagnostics())
    if rules.plan is None:
        return None
    source = _of(sources, place)
    start, end = fix.span.start - place.start, fix.span.end - place.start
    statement = source.cut(place)
    return canonical(Reading(f"{statement[:start]}{fix.text}{statement[end:]}", rules), place)


def _within(span: Span, place: Span) -> bool:
    return span.source == place.source and place.start <= span.start <= span.end <= place.end


def _with(source: Source, fix: Fix, place: Span, others: Iterable[Span | None]) -> Source:
    """The source with the replacement, and without the statements that hold other errors."""
    text, grown = source.text, 0
    if source.number == place.source:
        text = text[: fix.span.start] + fix.text + text[fix.span.end :]
        grown = len(text) - len(source.text)
    for each in others:
        if each is not None and each.source == source.number:
            moved = grown if each.start > place.start and source.number == place.source else 0
            start, end = each.start + moved, each.end + moved
            text = text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]
    return replace(source, text=text)
