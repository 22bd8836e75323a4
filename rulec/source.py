"""Bytes or text in, `Source` out: a text with its name, its language and its places as lines and columns."""

from bisect import bisect_right
from functools import cached_property
from typing import Literal

from rulec.runtime.patterns import Pattern
from rulec.runtime.plain import Plain, plain
from rulec.tree import NOWHERE, Span

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")

_LINE_END = Pattern(r"\r\n|[\r\n]")


@plain
class Source(Plain):
    """The text of one file. `number` is what its spans carry; line ends are as written.

    `tables`: the files that its tables are read from, by the name that it gives them.
    `library`: a module of rulec's own. `path`: where the text was read, as given; "" for one that stands in no file.
    `drafting`: its drafts count as statements.
    """

    number: int
    name: str
    text: str
    language: Language = "fr"
    tables: tuple[tuple[str, "Source"], ...] = ()
    library: bool = False
    path: str = ""
    drafting: bool = False

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Offset of the start of each line; a line ends with LF, CRLF or CR."""
        return (0, *(found.end() for found in _LINE_END.finditer(self.text)))

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset."""
        line = bisect_right(self.starts, offset) - 1
        return line + 1, offset - self.starts[line] + 1

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its end."""
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def written(self, number: int) -> Span:
        """The place of what a line (from 1) holds, the spaces around it left out; `NOWHERE` past the last one."""
        if number > len(self.starts):
            return NOWHERE
        text, start = self.line(number), self.starts[number - 1]
        return Span(self.number, start + len(text) - len(text.lstrip()), start + len(text.rstrip()))

    def cut(self, span: Span) -> str:
        """The text at a place."""
        return self.text[span.start : span.end]
