"""The words of a statement in, what its first line lacks to declare something out: « Un client : » without « a »."""

from collections.abc import Sequence

from rulec.diagnostics import Diagnostics, Fix
from rulec.source import Language, Source
from rulec.syntax.fold import fold
from rulec.syntax.tokens import Item
from rulec.syntax.words import words
from rulec.tree import Span

_OPENING = ("KNOW", "DECIDE", "CAN")
_INDEFINITE = {"fr": ("un", "une"), "en": ("a", "an")}
_JOINING = {"fr": ("et",), "en": ("and",)}
_LEADING = frozenset({"→", "⇒", "=>", "->", "||", ":"})  # what a line of a list of rules has


def report_half_declared(items: Sequence[Item], source: Source, diagnostics: Diagnostics) -> bool:
    """Report the verb or the colon that the first line of a declaration lacks; whether there was one to report."""
    stop = next((at for at, item in enumerate(items) if item.kind == "INDENT"), 0)
    if not stop:
        return _report_on_one_line(items, source, diagnostics)
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


def _report_on_one_line(items: Sequence[Item], source: Source, diagnostics: Diagnostics) -> bool:
    """Report « Une commande a un montant (en €) et un poids (en kg) »: what is declared stands in a list."""
    opened = _end_of_opening(items, source)
    if not opened or opened == len(items) or items[opened].payload == ":":
        return False
    parts = _listed(items[opened:], source)
    if not parts:
        return False
    place = Span(source.number, items[0].start, items[-1].end)
    head = source.text[items[0].start : items[opened - 1].end]
    colon = " :" if source.language == "fr" else ":"
    lines = "".join(f"\n  - {part}" for part in parts)
    diagnostics.add("E758", place, fixes=(Fix(place, f"{head}{colon}{lines}"),), text=source.cut(place))
    return True


def _end_of_opening(items: Sequence[Item], source: Source) -> int:
    """Where what is declared begins: after « on décide », « une commande a »; 0 where nothing is."""
    known, articles = words(source.language), words(source.language).articles
    keys = [item.key if item.kind == "WORD" else "\0" for item in items]
    for at in range(len(keys)):
        found = known.declarations.longest(keys, at, frozenset())
        kinds = {keyword.kind for keyword in found[1]} if found else set()
        if found and at == 0 and kinds & {"KNOW", "DECIDE"}:
            return found[0]
        if found and at and "HAS" in kinds:
            return found[0] if keys[0] in articles else 0
        if at and known.keywords.longest(keys, at, frozenset()):
            return 0
    return 0


def _listed(items: Sequence[Item], source: Source) -> Sequence[str]:
    """The things that one line declares, each with its article, as it is written; none where any says no type."""
    indefinite, keywords = _INDEFINITE[source.language], words(source.language)
    starts = [0]
    for at in range(1, len(items)):
        joined = items[at - 1].payload == "," or fold(str(items[at - 1].payload)) in _JOINING[source.language]
        if joined and items[at].kind == "WORD" and (
            fold(str(items[at].payload)) in indefinite or items[at].key in keywords.articles
        ):
            starts.append(at)
    parts = [items[start:end] for start, end in zip(starts, [*starts[1:], len(items)], strict=True)]
    if not all(_describes(part, source, surely=True) for part in parts):
        return ()
    said = (source.text[part[0].start : part[-1].end].rstrip(" .,;") for part in parts)
    return [_unjoined(each, source.language) for each in said]


def _unjoined(text: str, language: Language) -> str:
    for joint in _JOINING[language]:
        text = text.removesuffix(f" {joint}")
    return text.rstrip(" ,")


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
    keys = [item.key if item.kind in ("WORD", "LIT") or item.key == "/" else "\0" for item in rest]
    for at, item in enumerate(rest):
        found = words(source.language).declarations.longest(keys, at, frozenset())
        kinds = {keyword.kind for keyword in found[1]} if found else set()
        opened = at > 0 and rest[at - 1].payload == "("
        if (opened and kinds & {"TYPE", "IN", "LIST_OF"}) or item.kind == "KEY":
            return True
        if surely and kinds & {"AMONG", "CAN_BE"}:
            return True
    return False
