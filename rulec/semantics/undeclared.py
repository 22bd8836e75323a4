"""Unknown words after « quand » in, one finding for the event that they may say out, with how to declare it."""

from collections.abc import Iterator, Sequence

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import changing
from rulec.semantics.refused import refused
from rulec.semantics.sentences import Reader, places_of
from rulec.source import Source
from rulec.syntax.lex_examples import is_then
from rulec.syntax.parse import Raw
from rulec.syntax.tokens import Item
from rulec.syntax.words import words
from rulec.tree import Span

_NO_EVENT = ("NE", "NOT", "STILL", "REMAINS")


def report_undeclared(raws: Sequence[tuple[Source, list[Raw]]], diagnostics: Diagnostics) -> None:
    """Where no word after « quand » is said to look like a declared one, tell how to declare an event instead."""
    unknown = (each for each in diagnostics if each.code == "E202")
    for source, raw, inside in refused(raws, unknown):
        for said in _Sentences(source, raw.items).waited():
            mine = [each for each in inside if each.span.opens_in(said)]
            if mine:
                diagnostics.forget(mine)
                _report(source, raw, said, diagnostics)


def _report(source: Source, raw: Raw, said: Span, diagnostics: Diagnostics) -> None:
    items = [item for item in raw.items if said.start <= item.start < said.end]
    head = words(source.language).say("declarations", "HAPPENS").capitalize()
    example = _Sentences(source, items).positive()
    diagnostics.add("E729", said, text=" ".join(source.cut(said).split()), head=head, example=example)


@changing
class _Sentences:
    """The sentences of a statement."""

    source: Source
    items: Sequence[Item]

    def waited(self) -> Iterator[Span]:
        """What follows « quand », up to « et que », « alors » or a comma."""
        if not self.items:
            return
        reader = Reader(self.items, self.source.language)
        for _, start in places_of(reader):
            end = next((at for at in range(start, len(self.items)) if self._ends(reader, at)), len(self.items))
            if start < end:
                yield Span(self.source.number, self.items[start].start, self.items[end - 1].end)

    def _ends(self, reader: Reader, at: int) -> bool:
        comma = self.items[at].payload in (",", ".", ":")
        return comma or bool(is_then(self.items, at, self.source.language) or reader.one_of(at, "ALSO"))

    def positive(self) -> str:
        """The sentence without « ne … pas », and without how often or in how long: what may be declared."""
        reader, kept, at = Reader(self.items, self.source.language), list[Item](), 0
        while at < len(self.items):
            if self.items[at].kind != "WORD" or (kept and reader.one_of(at, "WITHIN")):
                break
            denied = next((end for kind in _NO_EVENT if (end := reader.one_of(at, kind))), 0)
            kept += [] if denied else [self.items[at]]
            at = denied or at + 1
        text = self.source.text
        said = "".join(text[i.start : i.end] + (" " if text[i.end : i.end + 1].isspace() else "") for i in kept)
        return " ".join(said.split())
