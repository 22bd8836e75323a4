"""Refused statements in, what was meant told out: a promise without its head, an approval without « si », a sign.

« La remise ne dépasse jamais 30 % » bounds what is decided and gives no value: « Toujours : … » promises it.
"""

import re
from collections.abc import Sequence

from rulec.diagnostics import Diagnostic, Diagnostics, Fix
from rulec.semantics.refused import refused
from rulec.source import Language, Source
from rulec.syntax.fold import stem
from rulec.syntax.nearest import nearest
from rulec.syntax.parse import Raw
from rulec.syntax.promises import denies
from rulec.syntax.tokens import Item
from rulec.syntax.words import split_words, words
from rulec.tree import Span

_UNREAD = re.compile(r"E1\d\d|E20[12]|E315|E323|E329|E330|E425")  # not read, or a bound
_BOUND, _UNKNOWN = "E323", "E202"
_OPENING = ("IF", "IFF", "UNLESS")
_ALWAYS: dict[Language, tuple[tuple[str, str], ...]] = {  # what is said in a sentence, and as a promise says it
    "fr": (
        (r"\bne (?:peut|doit) (?:pas|jamais) dépasser\b", "ne dépasse pas"),
        (r"\bne (?:peut|doit) (?:pas|jamais) être\b", "n'est pas"),
        (r"\bdoit (?:toujours )?être\b", "est"),
        (r"\s+toujours\b", ""),
        (r"\bjamais\b", "pas"),
    ),
    "en": (
        (r"\b(?:must|may|can|should|shall) (?:never|not) be\b", "is not"),
        (r"\b(?:must|may|can|should|shall) (?:never|not)\b|\bcannot\b", "does not"),
        (r"\bmust (?:always )?be\b", "is"),
        (r"\s+always\b", ""),
        (r"\bis never\b", "is not"),
    ),
}
_LOWERED = frozenset({"le", "la", "les", "l", "un", "une", "aucun", "aucune", "the", "a", "an", "no"})


def report_meant(raws: Sequence[tuple[Source, list[Raw]]], diagnostics: Diagnostics) -> None:
    """Tell what refused statements were meant to be, in place of what stopped their reading."""
    unread = (each for each in diagnostics if _UNREAD.fullmatch(each.code))
    for source, raw, inside in refused(raws, unread):
        if raw.items and not (raw.example or raw.declares or raw.promise or raw.autonomy or raw.sheet):
            _report(source, raw, inside, diagnostics)


def _report(source: Source, raw: Raw, inside: Sequence[Diagnostic], diagnostics: Diagnostics) -> None:
    if raw.approval is None and _asks(source, raw.items):
        diagnostics.forget(inside)
        diagnostics.add("E767", raw.span, text=_line(source, raw))
        return
    if (mistyped := _mistyped(source, raw.items, inside)) is not None:
        diagnostics.forget(inside)
        span, noun = mistyped
        diagnostics.add("E201", span, fixes=(Fix(span, noun),), term=source.cut(span), closest=noun)
        return
    promised = _promised(source, raw, bounded=any(each.code == _BOUND for each in inside))
    if promised is not None:
        diagnostics.forget(inside)
        fixes = (Fix(raw.span, promised),) if promised else ()
        diagnostics.add("E764", raw.span, fixes=fixes, text=_line(source, raw))
        return
    for each in inside:
        if each.code == _UNKNOWN and stem(source.cut(each.span), source.language) in _stems(
            source.language, "signs", "VAGUE"
        ):
            diagnostics.forget([each])
            diagnostics.add("E766", each.span, text=source.cut(each.span))


def _asks(source: Source, items: Sequence[Item]) -> bool:
    """Whether a statement without « si » asks for an approval."""
    if _kind(items, source.language) in _OPENING:
        return False
    keys = [item.key for item in items]
    return not any(_stems(source.language, "supervision", each).isdisjoint(keys) for each in ("NOUN", "ASKING"))


def _mistyped(source: Source, items: Sequence[Item], inside: Sequence[Diagnostic]) -> tuple[Span, str] | None:
    """« demander l'acord du gérant »: where the word is that asks for an approval, and which one is meant."""
    if _stems(source.language, "supervision", "ASKING").isdisjoint(item.key for item in items):
        return None
    nouns = words(source.language).tables["supervision"]["NOUN"]
    places = [Span(source.number, item.start, item.end) for item in items if item.kind == "WORD"]
    for place in places:
        unknown = any(place.opens_in(each.span) for each in inside)
        close = nearest(source.cut(place), nouns, limit=1) if unknown else ()
        if close:
            return place, close[0]
    return None


def _stems(language: Language, table: str, key: str) -> set[str]:
    """The words of a table, as items hold them."""
    ways = words(language).tables[table][key]
    return {stem(word, language) for way in ways for word in split_words(way, language)}


def _promised(source: Source, raw: Raw, bounded: bool) -> str | None:
    """The statement as a promise, "" where it is not known how; None: it is none. `bounded`: it gives a bound."""
    text, conditional = source.cut(raw.span).strip(), _kind(raw.items, source.language) in _OPENING
    if conditional or raw.items[0].kind != "WORD" or any(each in text for each in "\n:;"):
        return None
    always, never = (words(source.language).say("promises", each).capitalize() for each in ("always", "never"))
    colon = " : " if source.language == "fr" else ": "
    if headed := re.match(rf"{never}\s+", text, re.IGNORECASE):
        return f"{never}{colon}{text[headed.end() :]}"
    said = text
    for pattern, instead in _ALWAYS[source.language]:
        said = re.sub(pattern, instead, said, flags=re.IGNORECASE)
    if source.language == "en" and re.search(r"\bnever\b", said):
        rest = re.sub(r"\bnever\s+", "", said)
        return "" if denies(source, rest) else f"{never}{colon}{_lowered(rest)}"
    return f"{always}{colon}{_lowered(said)}" if bounded or said != text else None


def _kind(items: Sequence[Item], language: Language) -> str:
    """What the first words of a statement are to the grammar; "" for what is no keyword."""
    keys = [item.key if item.kind == "WORD" else "\0" for item in items[:6]]
    found = words(language).keywords.longest(keys, 0, frozenset())
    return found[1][0].kind if found else ""


def _lowered(text: str) -> str:
    """A sentence as it stands after a colon."""
    first = re.match(r"\w+", text)
    return text[:1].lower() + text[1:] if first and first[0].casefold() in _LOWERED else text


def _line(source: Source, raw: Raw) -> str:
    return " ".join(source.cut(raw.span).split())
