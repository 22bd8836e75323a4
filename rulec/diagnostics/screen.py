"""Any text in, harmless text for a terminal out: what is invisible or could steer the terminal is shown as a sign."""

import unicodedata
from collections.abc import Callable

from rulec.runtime.plain import Plain, plain

Paint = Callable[[str, str], str]  # text and style ("error", "warning", "note", "place", "fix", "dim") to text
TAB = 4
WINDOW = 100  # characters of a long line that are shown
BEFORE = 40  # of them before the place
UNSEEN = "�"


def colourless(text: str, style: str) -> str:
    """No colour."""
    return text


def harmless(text: str) -> str:
    """One line of text with nothing that a terminal obeys: controls, escapes, bidi marks and line ends become signs."""
    return text if text.isascii() and text.isprintable() else "".join(_sign(char) for char in text)


def paragraph(text: str) -> str:
    """Several lines of text, each harmless."""
    return "\n".join(harmless(line) for line in text.split("\n"))


def _sign(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return " " if char in "\t\n\r" else chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return UNSEEN if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char


def width(char: str) -> int:
    """Columns that a harmless character takes: 0 if it combines, 2 if it is wide, else 1."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


@plain
class Excerpt(Plain):
    """A line as shown and the marks below it, aligned with the place."""

    line: str
    marks: str


def excerpt(line: str, start: int, end: int) -> Excerpt:
    """The line around the place `start:end` (offsets in the line; `end` may lie beyond it)."""
    first = 0 if len(line) <= WINDOW else max(0, min(start - BEFORE, len(line) - WINDOW))
    last = min(len(line), first + WINDOW)
    shown, before, under = "…" if first else "", 1 if first else 0, 0
    column = before
    for at in range(first, last):
        sign = " " * (TAB - column % TAB) if line[at] == "\t" else _sign(line[at])
        wide = len(sign) if line[at] == "\t" else width(sign)
        shown, column = shown + sign, column + wide
        before += wide if at < start else 0
        under += wide if start <= at < end else 0
    return Excerpt(shown + ("…" if last < len(line) else ""), " " * before + "^" * max(1, under))
