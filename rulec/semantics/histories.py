"""An example as words in, the same with its history told apart out: what happens when, and what is known then.

« étant donné : le 1er mars 2026, une réclamation ; le 5 mars 2026, un devis est envoyé avec un total de 200 € »
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime.literals import Literal, Refusal, in_year
from rulec.runtime.plain import Plain, changing, plain
from rulec.semantics import model
from rulec.semantics.sentences import Reader
from rulec.source import Source
from rulec.syntax.histories import Moment
from rulec.syntax.lex_examples import given_in
from rulec.syntax.lexer import Names
from rulec.syntax.parse import Raw
from rulec.syntax.scan import report_refusal
from rulec.syntax.tokens import Item
from rulec.syntax.words import words
from rulec.tree import Span

_LISTING = frozenset({"INDENT", "DEDENT", "ITEM"})
_JOINING = frozenset({"et", "puis", "and"})
ANY_YEAR = 2000  # has a 29 February
YEARS = range(1900, 2199)  # in which events happen, whatever the time zone


@plain
class Part(Plain):
    """A part of what is given: its date, None for none, the time of day, and where what it says begins and ends.

    `until`: « jusqu'au 8 mars »: what it says is that time passes.
    """

    day: date | Refusal | None
    clock: time | None
    until: bool
    start: int
    said: int
    end: int


@changing
class Histories:
    """Reads the histories of the examples of a source."""

    vocabulary: model.Vocabulary
    source: Source
    names: Names
    diagnostics: Diagnostics

    def of(self, raw: Raw) -> Raw:
        """An example, what it gives as one item where that is a history; `broken` where it cannot be read."""
        begin, then = given_in(raw.items, self.source.language)
        if not raw.example or raw.broken or not begin or any(item.kind == "TABLE" for item in raw.items[begin:then]):
            return raw
        while begin < then and raw.items[begin].kind == "SIGN":
            begin += 1
        self.items, self.reader = raw.items, Reader(raw.items, self.source.language)
        self.said = [s for e in self.vocabulary.events for s in e.sentences if s.language == self.source.language]
        parts = list(self._parts(begin, then))
        if not self._is_history(parts):
            return raw
        before = len(self.diagnostics)
        days = self._days(parts)
        read = [self._moment(part, day, any_year) for part, (day, any_year) in zip(parts, days, strict=True)]
        moments = tuple(each for each in read if each is not None)
        if self.diagnostics.failed_since(before):
            return replace(raw, broken=True)
        item = Item("HISTORY", "", moments[0].start, moments[-1].end, moments)
        return replace(raw, items=(*raw.items[:begin], item, *raw.items[then:]))

    def _is_history(self, parts: Sequence[Part]) -> bool:
        dated = [part for part in parts if part.day is not None]
        several = len(dated) > 1 or (bool(dated) and len(parts) > 1 and not parts[0].day)
        return several or any(part.until or self._events(part.said, part.end)[0] for part in parts)

    # ---- its parts

    def _parts(self, begin: int, end: int) -> Iterator[Part]:
        """What stands between semicolons, bullets, or before a date that follows a comma or « et »."""
        start = begin
        for at in range(begin, end + 1):
            apart = at < end and (self.items[at].kind in _LISTING or self.items[at].payload in (";", "."))
            joined = at < end and (self.items[at].payload == "," or self.reader.keys[at] in _JOINING)
            if at == end or apart or (joined and at > start and self._opens(at + 1, end)):
                if start < at:
                    yield self._part(start, at)
                start = at + 1

    def _opens(self, at: int, end: int) -> bool:
        """Whether a date stands there, and a comma after it."""
        if at >= end:
            return False
        part = self._part(at, end)
        return part.day is not None and part.said > at and self.items[part.said - 1].payload == ","

    def _part(self, start: int, end: int) -> Part:
        until = self.reader.one_of(start, "UNTIL")
        at = self._skip(until or self.reader.one_of(start, "ON_DAY") or start)
        payload = self.items[at].payload if at < end and self.items[at].kind == "LIT" else None
        day: date | Refusal | None = None
        clock: time | None = None
        if isinstance(payload, Refusal):
            day = payload
        elif isinstance(payload, Literal) and isinstance(payload.value, datetime):
            day, clock = payload.value.date(), payload.value.time()
        elif isinstance(payload, Literal) and isinstance(payload.value, date):
            day = payload.value
        if day is None:
            return Part(None, None, False, start, start, end)
        at += 1
        timed = self.reader.one_of(at, "AT") or at
        told = self.items[timed].payload if timed < end else None
        if isinstance(told, Literal) and isinstance(told.value, time):
            clock, at = told.value, timed + 1
        at += at < end and self.items[at].payload == ","
        return Part(day, clock, bool(until), start, at, end)

    def _skip(self, at: int) -> int:
        while at < len(self.items) and self.reader.keys[at] in self.reader.articles:
            at += 1
        return at

    # ---- when

    def _days(self, parts: Sequence[Part]) -> list[tuple[date | None, bool]]:
        """The day of each part, and whether it is of any year: where none says its year, else as the one before."""
        stated = [part.day.year for part in parts if isinstance(part.day, date)]
        year, found, last = (stated or [ANY_YEAR])[0], list[tuple[date | None, bool]](), (date.min, time.min)
        for part in parts:
            day = in_year(part.day, year, self.source.language) if isinstance(part.day, Refusal) else part.day
            if isinstance(part.day, Refusal) and day is None:
                report_refusal(self.source, part.day, self.diagnostics)
            if day is not None:
                year = day.year
                now = (day, part.clock or (last[1] if day == last[0] else time.min))
                if now < last:
                    self._report("E727", part)
                if year not in YEARS:
                    self._report("E756", part)
                last = now
            found.append((day, day is not None and not stated))
        return found

    # ---- what

    def _moment(self, part: Part, day: date | None, any_year: bool) -> Moment | None:
        event, known = "", part.said
        end, keys = self._events(part.said, part.end)
        if len(keys) > 1:
            self._report("E728", part, example=" | ".join(self._sentences(keys)))
            return None
        if keys:
            event, known = keys[0], end
            if part.day is None:
                self._report("E726", part, example=self._a_day())
        elif part.day is not None and self._nothing(part):
            known = part.end
        elif not self._tells_facts(part):
            self._unknown(part)
            return None
        if keys and known < part.end:
            known = self.reader.one_of(known, "KNOWN") or known + 1
        first, last = self.items[part.start].start, self.items[part.end - 1].end
        return Moment(day, any_year, part.clock, event, tuple(self.items[known : part.end]), first, last)

    def _events(self, at: int, stop: int) -> tuple[int, list[str]]:
        """Where the name of an event ends that begins there, and the keys of the events that it may be of."""
        ends = {said.key: self.reader.named(at, said) for said in self.said}
        fits = {key: end for key, end in ends.items() if end and self._ends(end, stop)}
        longest = max(fits.values(), default=0)
        return longest, [key for key, end in fits.items() if end == longest]

    def _ends(self, at: int, stop: int) -> bool:
        """Whether the name of an event may end there: what else is said is said with « avec », « et » or a comma."""
        return at == stop or (at < stop and (self.items[at].payload == "," or bool(self.reader.one_of(at, "KNOWN"))))

    def _nothing(self, part: Part) -> bool:
        return part.said == part.end or self.reader.one_of(part.said, "NOTHING") == part.end

    def _tells_facts(self, part: Part) -> bool:
        """Whether it says what is known: it holds a number, or a declared name that is no subject of an event."""
        subjects = {said.subject for said in self.said if not said.alone}
        keys, articles, at = self.reader.keys[: part.end], self.reader.articles, part.said
        while at < part.end:
            found = self.names.declared.longest(keys, at, articles)
            end = found[0] if found else at + 1
            if self.items[at].kind in ("LIT", "TEXT") or (found and tuple(keys[at:end]) not in subjects):
                return True
            at = end
        return False

    def _unknown(self, part: Part) -> None:
        for said in self.said:
            wrong = self.reader.mistyped(part.said, said)
            if wrong is not None and wrong[0] < part.end:
                item, right = self.items[wrong[0]], wrong[1]
                span = Span(self.source.number, item.start, item.end)
                whole = " ".join(each for each in said.text if each)
                self.diagnostics.add(
                    "E724", span, fixes=(Fix(span, right),), text=self.source.cut(span), term=right, example=whole
                )  # fmt: skip
                return
        known = ", ".join(self._sentences([said.key for said in self.said]))
        head = words(self.source.language).say("declarations", "HAPPENS").capitalize()
        self._report("E725", part, known=known or "–", head=head)

    # ---- words

    def _sentences(self, keys: Sequence[str]) -> list[str]:
        first, last = ("« ", " »") if self.source.language == "fr" else ('"', '"')
        said = [" ".join(part for part in each.text if part) for each in self.said if each.key in keys]
        return [f"{first}{each}{last}" for each in said]

    def _a_day(self) -> str:
        return "le 3 mars 2026, …" if self.source.language == "fr" else "on 3 March 2026, …"

    def _report(self, code: str, part: Part, **values: str) -> None:
        first = part.said if code in ("E725", "E728") else part.start
        span = Span(self.source.number, self.items[first].start, self.items[part.end - 1].end)
        text = " ".join(self.source.cut(span).split())
        self.diagnostics.add(code, span, fixes=(), related=(), text=text, **values)
