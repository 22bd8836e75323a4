"""A sentence in, lines of 100 columns out: what goes on is indented, lists of conditions stand one a line."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rulec.printing.conditions import CLOSE, ITEM, OPEN
from rulec.printing.names import GLUE

WIDTH = 100
STEP = 4
STEP_IN = 2  # how far what stands in a period is indented
_WIDTH = ContextVar("_WIDTH", default=WIDTH)
_PART = re.compile(f"[{OPEN}{ITEM}{CLOSE}]|[^{OPEN}{ITEM}{CLOSE}]+")
_OPENING = tuple("-–•*+−|#")  # a line that begins so would be something else


def lines_of(sentence: str, indent: int) -> list[str]:
    """The lines of a sentence, the first at an indentation, those that go on further in."""
    lines: list[str] = []
    further = 2 if sentence.startswith(f"-{GLUE}") else STEP
    depth, lead, more = 0, " " * indent, " " * (indent + further)
    for part in _PART.findall(sentence):
        if part in (OPEN, CLOSE):
            depth += 1 if part == OPEN else -1
            lead = more = " " * (indent + STEP * depth + 2)
        elif part == ITEM:
            bullet = indent + STEP * depth
            lead, more = " " * bullet + "- ", " " * (bullet + 2)
        elif part.strip():
            lines += _wrapped(part.strip(), lead, more)
    return [line.replace(GLUE, " ") for line in lines]


def _wrapped(text: str, lead: str, more: str) -> Iterator[str]:
    line = lead
    filled = False
    for word in _words(text):
        if filled and len(line) + 1 + len(word) > _WIDTH.get():
            yield line
            line, filled = more, False
        line = f"{line} {word}" if filled else line + word
        filled = True
    yield line


def _words(text: str) -> list[str]:
    """The words between which a line may end."""
    words: list[str] = []
    for word in text.split(" "):
        if words and word.startswith(_OPENING):
            words[-1] += f" {word}"
        elif word:
            words.append(word)
    return words


def only_line(sentence: str) -> bool:
    """Whether a sentence fits on one line."""
    return OPEN not in sentence and len(sentence) <= _WIDTH.get()


@contextmanager
def narrower(by: int) -> Iterator[None]:
    """Lines shorter by some columns, for what is then indented."""
    token = _WIDTH.set(WIDTH - by)
    try:
        yield
    finally:
        _WIDTH.reset(token)
