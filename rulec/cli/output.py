"""Texts in, bytes on the terminal out: always UTF-8, coloured only on a terminal."""

import io
import os
import sys
from typing import TextIO

from rulec.diagnostics.screen import Paint, colourless

_STYLES = {"error": "1;31", "warning": "1;33", "note": "1;36", "fix": "32", "dim": "2", "place": "36", "strong": "1"}


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale says; what UTF-8 cannot hold (half characters) is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(text: str) -> None:
    """A line, or several, on standard output."""
    print(text)


def complain(text: str) -> None:
    """A line, or several, on standard error, after all that was said."""
    sys.stdout.flush()
    print(text, file=sys.stderr)


def paint_for(stream: TextIO) -> Paint:
    """Colours on a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb asks for none."""
    wanted = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return _coloured if wanted else colourless


def _coloured(text: str, style: str) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if style in _STYLES else text
