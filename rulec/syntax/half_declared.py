"""The words of a statement in, what its first line lacks to declare something out: « Un client : » without « a »."""

from collections.abc import Sequence

from rulec.diagnostics import Diagnostics, Fix
from rulec.source import Source
from rulec.syntax.fold import fold
from rulec.syntax.tokens import Item
from rulec.syntax.words import words
from rulec.tree import Span

_OPENING = ("KNOW", "DECIDE", "CAN")
_INDEFINITE = {"fr": ("un", "une"), "en": ("a", "an")}
_LEADING = frozenset({"→", "⇒", "=>", "->", "||", ":"})  # what a line of a list of rules has


def report_half_declared(items: Sequence[Item], source: Source, diagnostics: Diagnostics) -> bool:
    """Report the verb or the colon that the first line of a declaration lacks; whether there was one to report."""
    stop = next((at for at, item in enumerate(items) if item.kind == "INDENT"), 0)
    head, rest = items[:stop], items[stop:]
    lacks = _lacking(head, rest, source) if head else ""
    if lacks:
        verb = lacks != ":"
        end = next((item.start for item in head if item.payload == ":"), head[-1].end) if verb else head[-1].end
        end = len(source.text[:end].rstrip())
        place = Span(source.number, head[0].start, head[-1].end)
        fix = Fix(Span(source.number, end, end), f" {lacks}" if verb or source.language == "fr" else lacks)
        diagnostics.add("E128", place, fixes=(fix,), text=source.cut(place), missing=lacks)
    return bool(lacks)


def _lacking(head: Sequence[Item], rest: Sequence[Item], source: Source) -> str:
    known = words(source.language)
    keys = [item.key if item.kind == "WORD" else "\0" for item in head]
    if head[-1].payload != ":":
        return ":" if _opens(keys, source) and _describes(rest, source, surely=True) else ""
    named = len(head) > 1 and all(item.kind in ("WORD", "KEY") for item in head[:-1])
    indefinite = fold(str(head[0].payload)) in _INDEFINITE[source.language]
    said = any(known.keywords.longest(keys, at, frozenset()) for at in range(len(keys)))
    lacks = named and not said and _describes(rest, source, surely=indefinite)
    return known.tables["declarations"]["HAS"][0] if lacks else ""


def _opens(keys: Sequence[str], source: Source) -> bool:
    """« On connaît », « Un client a », without what leads to the list."""
    for at in range(len(keys)):
        found = words(source.language).declarations.longest(keys, at, frozenset())
        if found and found[0] == len(keys):
            kinds = {keyword.kind for keyword in found[1]}
            return bool(kinds & set(_OPENING)) if at == 0 else "HAS" in kinds
    return False


def _describes(rest: Sequence[Item], source: Source, *, surely: bool) -> bool:
    """Whether the lines below say what something has: « un âge (nombre) »; `surely`: « un pays parmi … » too."""
    if any(item.payload in _LEADING for item in rest if item.kind == "SIGN"):
        return False
    keys = [item.key if item.kind == "WORD" else "\0" for item in rest]
    for at, item in enumerate(rest):
        found = words(source.language).declarations.longest(keys, at, frozenset())
        kinds = {keyword.kind for keyword in found[1]} if found else set()
        opened = at > 0 and rest[at - 1].payload == "("
        if (opened and kinds & {"TYPE", "IN", "LIST_OF"}) or item.kind == "KEY":
            return True
        if surely and kinds & {"AMONG", "CAN_BE"}:
            return True
    return False
