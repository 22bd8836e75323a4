"""The items of a statement about supervision in, tokens out: « Autonomie : … », « Demander l'accord de … »."""

from collections.abc import Iterator, Sequence
from functools import cache

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import Plain, plain
from rulec.runtime.supervision import LEVELS
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.fold import stem
from rulec.syntax.lexer import Names, lex
from rulec.syntax.shape import Shaping, shape
from rulec.syntax.tokens import Item, Token
from rulec.syntax.words import phrases_of, split_words, word_places, words
from rulec.tree import Span

_WHO = "…"
_SOMEBODY = "somebody"
_MOST_WORDS = 8  # that say whose approval it is
_OPENING = frozenset({"IF", "UNLESS", "BECAUSE", "EXCEPT", "IFF"})
_LISTING = frozenset({"INDENT", "ITEM", "DEDENT"})
_SEPARATING = frozenset({",", ";"})


@plain
class Asked(Plain):
    """Where an approval is asked for in a statement: all of it, and whose it is, from and to (excluded)."""

    start: int
    end: int
    who: int
    who_end: int


def is_autonomy(items: Sequence[Item], language: Language) -> bool:
    """Whether a statement says how far an agent may go: « Autonomie : exécuter »."""
    start = _autonomy_end(items, language)
    first = next((at for at in range(start, len(items)) if items[at].kind not in _LISTING), 0)
    return bool(start and first and _level(items, first, language))


def lex_autonomy(source: Source, items: Sequence[Item], names: Names, shaping: Shaping) -> list[Token]:
    """Its tokens: a level, then its condition; « sinon » before the last level."""
    start = _autonomy_end(items, source.language)
    head = [_token(source, "AUTONOMY", items[: start - 1]), _token(source, "COLON", items[start - 1 : start], ":")]
    return [*head, *_cases(source, items, start, names, shaping)]


def unknown_level(source: Source, items: Sequence[Item], names: Names) -> Span | None:
    """What follows « Autonomie : » and is no level, where nothing else is called so; None for any other statement."""
    start = _autonomy_end(items, source.language)
    if not start or names.inferring or start == len(items) or names.declared.longest(_keys(items), 0, frozenset()):
        return None
    at = next((at for at in range(start, len(items)) if items[at].kind not in _LISTING), start)
    return Span(source.number, items[at].start, items[at].end)


def report_level(source: Source, span: Span, diagnostics: Diagnostics) -> list[Token]:
    """It is no level."""
    tables = words(source.language).tables["supervision"]
    known = ", ".join(tables[level][0] for level in reversed(LEVELS))
    return diagnostics.add("E605", span, text=source.cut(span), known=known) or []


def asked_in(items: Sequence[Item], language: Language) -> Asked | None:
    """Where a statement asks for an approval: at its start, or after « si … alors » or « si …, »."""
    keys = _keys(items)
    if _nouns(language).isdisjoint(keys):
        return None
    starts = [0]
    if items and _kind(items, 0, language) in ("IF", "IFF"):
        starts = [at + 1 for at in range(len(items)) if _separates(items, at, language)]
    for start in starts:
        for way in _ways("NOBODY", language):
            end = start + len(way)
            if keys[start:end] == way and _ends(items, end, language):
                return Asked(start, end, end, end)
        for way in _ways("APPROVAL", language):
            if (found := _asked(items, keys, start, way, language)) is not None:
                return found
    return None


def lex_approval(source: Source, items: Sequence[Item], asked: Asked, names: Names, shaping: Shaping) -> list[Token]:
    """Its tokens."""
    told = items[asked.start : asked.end]
    if asked.who == asked.who_end:
        span = Span(source.number, told[0].start, told[-1].end)
        shaping.diagnostics.add("E604", span, text=source.cut(span))
        return []
    key = next((item.payload for item in told if item.kind == "KEY"), "")
    who = source.text[items[asked.who].start : items[asked.who_end - 1].end]
    who = " ".join(who.split())
    if items[asked.who].key in words(source.language).articles:
        who = who[0].lower() + who[1:]  # « The manager's approval is needed » starts the sentence
    approval = _token(source, "APPROVAL", told, (who, name_of(who, source.language), key))
    after = shape(lex(source, items[asked.end :], names, shaping.diagnostics), shaping)
    if not asked.start:
        return [approval, *after]
    before = shape(lex(source, items[: asked.start - 1], names, shaping.diagnostics), shaping)
    then = _token(source, "THEN", items[asked.start - 1 : asked.start])
    return [*before, then, approval, *after]


def approver_of(phrase: str, language: Language) -> str:
    """Whose approval the name of an action asks for, as written; "" where it asks for none."""
    places = word_places(phrase, 0, len(phrase), language)
    items = [Item("WORD", stem(phrase[start:end], language), start, end, phrase[start:end]) for start, end in places]
    found = asked_in(items, language)
    if found is None or (found.start, found.end) != (0, len(items)):
        return ""
    return phrase[items[found.who].start : items[found.who_end - 1].end]


def name_of(who: str, language: Language) -> str:
    """« du gérant » → « gérant »."""
    small = {*words(language).articles, *_prepositions(language)}
    places = word_places(who, 0, len(who), language)
    start = next((start for start, end in places if stem(who[start:end], language) not in small), 0)
    return who[start:]


def _cases(
    source: Source, items: Sequence[Item], start: int, names: Names, shaping: Shaping
) -> Iterator[Token]:  # fmt: skip
    """The levels and their conditions."""
    language = source.language
    levels = [at for at in range(start, len(items)) if _begins_case(items, at, start, language)]
    for at, following in zip(levels, [*levels[1:], len(items)], strict=True):
        end, level = _level_at(items, at, language)
        said = list(items[end:following])
        if following == len(items) and _is_else(said, 0, language):
            yield _token(source, "ELSE", said[:1])
            said = said[1:]
        while said and (said[-1].kind in _LISTING or said[-1].payload in _SEPARATING or _is_else(said, -1, language)):
            if said[-1].kind == "DEDENT" and items[start].kind != "INDENT":
                break  # it ends a list of conditions
            said.pop()
        before, after = _is_else(items, at - 1, language), len(said) == 1 and said[0].payload == "."
        alone = not said or after
        if before and alone:
            yield _token(source, "ELSE", items[at - 1 : at])
        yield _token(source, "LEVEL", items[at:end], level)
        yield from shape(lex(source, said, names, shaping.diagnostics), shaping)


def _begins_case(items: Sequence[Item], at: int, start: int, language: Language) -> bool:
    """Whether a level stands where a case may begin: first, after a comma, after « sinon »."""
    if not _level(items, at, language):
        return False
    before = items[at - 1]
    return before.kind in _LISTING or before.payload in (":", *_SEPARATING) or _is_else(items, at - 1, language)


def _is_else(items: Sequence[Item], at: int, language: Language) -> bool:
    return _kind(items, at % len(items), language) == "ELSE" if items else False


def _level(items: Sequence[Item], at: int, language: Language) -> str:
    return _level_at(items, at, language)[1]


def _level_at(items: Sequence[Item], at: int, language: Language) -> tuple[int, str]:
    """Where a level that stands at a place ends, and the level; "" where none does."""
    found = phrases_of(language, "supervision", LEVELS).longest(_keys(items), at, frozenset())
    return (found[0], found[1][0]) if found else (at, "")


@cache
def _autonomy(language: Language) -> tuple[list[str], ...]:
    return tuple(_stems(way, language) for way in words(language).tables["supervision"]["AUTONOMY"])


def _autonomy_end(items: Sequence[Item], language: Language) -> int:
    """Where the head « Autonomie : » ends, or 0."""
    keys = _keys(items[:6])
    end = next((len(way) for way in _autonomy(language) if keys[: len(way)] == way), 0)
    return end + 1 if 0 < end < len(items) and items[end].payload == ":" else 0


def _asked(items: Sequence[Item], keys: list[str], start: int, way: list[str], language: Language) -> Asked | None:
    """An approval asked for in one way."""
    at = way.index(_WHO)
    before, after, who = way[:at], way[at + 1 :], start + at
    if keys[start:who] != before:
        return None
    for end in range(who + 1, min(len(items), who + _MOST_WORDS) + 1):
        if items[end - 1].kind != "WORD" or _kind(items, end - 1, language) in _OPENING:
            return None
        rest = end + _is_key(items, end)
        stop = rest + len(after)
        if keys[rest:stop] == after and _ends(items, stop, language):
            fits = not _prepositions(language) or (keys[who] in _prepositions(language) and end > who + 1)
            return Asked(start, stop + _is_key(items, stop), who, end) if fits else None
    return None


def _is_key(items: Sequence[Item], at: int) -> bool:
    return at < len(items) and items[at].kind == "KEY"


def _ends(items: Sequence[Item], at: int, language: Language) -> bool:
    """Whether a statement, or what asks for an approval in it, may end there."""
    at += _is_key(items, at)
    at += at < len(items) and items[at].payload == ","
    return at >= len(items) or items[at].payload == "." or _kind(items, at, language) in _OPENING


def _separates(items: Sequence[Item], at: int, language: Language) -> bool:
    """Whether « alors », an arrow or a comma stands there."""
    return items[at].payload in (",", "→", "=>", "->", "⇒") or _kind(items, at, language) == "THEN"


def _kind(items: Sequence[Item], at: int, language: Language) -> str:
    """What the words at a place are to the grammar; "" for what is no keyword."""
    found = words(language).keywords.longest(_keys(items[at : at + 6]), 0, frozenset())
    return found[1][0].kind if found else ""


def _keys(items: Sequence[Item]) -> list[str]:
    return [item.key if item.kind == "WORD" else "\0" for item in items]


def _stems(way: str, language: Language) -> list[str]:
    said = split_words(way.replace(_WHO, _SOMEBODY), language)  # the word before "'s" is none of those of a way
    return [_WHO if word == _SOMEBODY else stem(word, language) for word in said]


@cache
def _ways(kind: str, language: Language) -> tuple[list[str], ...]:
    return tuple(_stems(way, language) for way in words(language).tables["supervision"][kind])


@cache
def _nouns(language: Language) -> frozenset[str]:
    return frozenset(stem(word, language) for word in words(language).tables["supervision"]["NOUN"])


@cache
def _prepositions(language: Language) -> frozenset[str]:
    return frozenset(stem(word, language) for word in words(language).tables["supervision"]["WHO"])


def _token(source: Source, kind: str, items: Sequence[Item], payload: object = None) -> Token:
    span = Span(source.number, items[0].start, items[-1].end)
    return Token(kind, source.cut(span), payload, span)


def conditions_in(said: ast.Autonomy | ast.Approval) -> list[ast.Chain]:
    """The conditions of a statement."""
    cases = said.cases if isinstance(said, ast.Autonomy) else (said,)
    return [each for case in cases for each in (case.when, case.unless) if each is not None]
