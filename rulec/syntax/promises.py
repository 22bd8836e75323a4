"""The items of a promise or an assumption in, tokens out: « Toujours : … », « Jamais : … », « On suppose : … »."""

import re
from collections.abc import Sequence

from rulec.diagnostics import Diagnostics, Fix
from rulec.source import Language, Source
from rulec.syntax.fold import stem
from rulec.syntax.lexer import Names, lex
from rulec.syntax.shape import Shaping, shape
from rulec.syntax.tokens import Item, Token
from rulec.syntax.words import phrases_of, split_words, words
from rulec.tree import Span

KINDS = ("always", "never", "assume")
_UNMARKED = frozenset({"que", "qu'", "qu’", "that", "assume"})
_NE = frozenset({"ne", "n'"})
_DENYING: dict[Language, re.Pattern[str]] = {
    "fr": re.compile(r"\b(?:ne\s+|n['’])|\bpas\s+", re.IGNORECASE),
    "en": re.compile(r"\b(?:(?:do|does)\s+not|(?:do|does)n['’]t|not|no)\s+|n['’]t\b", re.IGNORECASE),
}
_CLAUSE_ENDS = frozenset({"et", "ou", "mais", "si", "sauf", "alors", "car"})


def promise_in(items: Sequence[Item], language: Language) -> tuple[str, int] | None:
    """The kind of a promise or an assumption, and where its head ends, the colon included; None for any other.

    « On suppose que » needs no colon, nor does "We assume".
    """
    keys = [item.key if item.kind == "WORD" else "\0" for item in items[:6]]
    found = phrases_of(language, "promises", KINDS).longest(keys, 0, frozenset())
    if found is None or found[0] >= len(items):
        return None
    end, (kind, *_) = found
    if items[end].payload == ":":
        return kind, end + 1
    return (kind, end) if items[end - 1].payload.casefold() in _UNMARKED else None


def report_headless(source: Source, items: Sequence[Item], names: Names, diagnostics: Diagnostics) -> bool:
    """Report « Jamais plus de 30 % de remise », which lacks its colon; whether it does. « Jamais de » is « pas de »."""
    keys = [item.key if item.kind == "WORD" else "\0" for item in items[:6]]
    found = phrases_of(source.language, "promises", KINDS).longest(keys, 0, frozenset())
    known = (words(source.language).keywords, names.declared)
    if found is None or found[1] != ["never"] or any(each.longest(keys, 0, frozenset()) for each in known):
        return False
    head = Span(source.number, items[0].start, items[found[0] - 1].end)
    whole = Span(source.number, head.start, items[-1].end)
    fix = Fix(head, source.cut(head) + (" :" if source.language == "fr" else ":"))
    diagnostics.add("E764", whole, fixes=(fix,), text=" ".join(source.cut(whole).split()))
    return True


def lex_promise(source: Source, items: Sequence[Item], names: Names, shaping: Shaping) -> list[Token]:
    """Its tokens."""
    found = promise_in(items, source.language)
    assert found is not None  # asked of promises alone
    kind, start = found
    ends = start - 1 if items[start - 1].payload == ":" else start
    head = [_token(source, "PROMISE", kind, items[:ends]), _token(source, "COLON", ":", items[start - 1 : start])]
    said = _without_ne(items[start:]) if kind == "never" and source.language == "fr" else items[start:]
    return [*head, *shape(lex(source, said, names, shaping.diagnostics), shaping)]


def denies(source: Source, text: str) -> bool:
    """Whether a text holds a word that denies."""
    denying = {stem(each, source.language) for each in words(source.language).tables["denials"]["words"]}
    return any(stem(each, source.language) in denying for each in split_words(text, source.language))


def _without_ne(items: Sequence[Item]) -> list[Item]:
    """« Jamais : la remise ne dépasse 30 % »: a `ne` without `pas` denies nothing that « jamais » does not."""
    denying = {stem(each, "fr") for each in words("fr").tables["denials"]["words"]}
    kept = list[Item]()
    for at, item in enumerate(items):
        if item.kind == "WORD" and item.key in _NE:
            end = next((to for to in range(at, len(items)) if _ends(items[to])), len(items))
            if not any(each.key in denying for each in items[at:end]):
                continue
        kept.append(item)
    return kept


def _ends(item: Item) -> bool:
    return item.key in _CLAUSE_ENDS or item.payload == ","


def _token(source: Source, kind: str, payload: str, items: Sequence[Item]) -> Token:
    span = Span(source.number, items[0].start, items[-1].end)
    return Token(kind, source.cut(span), payload, span)


def other_head(source: Source) -> str:
    """« Toujours »."""
    return words(source.language).say("promises", "always").capitalize()


def affirmed(source: Source, text: str) -> str:
    """A sentence without the words that deny it: « la remise dépasse 30 % »."""
    text = re.sub(r"\bdoes(?:\s+not|n['’]t)\s+(\w+)", r"\1s", text) if source.language == "en" else text
    return _DENYING[source.language].sub("", text)
