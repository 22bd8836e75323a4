"""A rule with two « si » in, the rules that say the same in one way each out: on which condition does the rest hang?"""

from collections.abc import Sequence

from rulec.diagnostics import Fix
from rulec.source import Language, Source
from rulec.syntax.tokens import Token
from rulec.tree import Span

_SPLITS = frozenset({"OR", "AND_OR", "COMMA", "COMMA_OR", "COMMA_AND", "NOT"})
_ENDING = frozenset({"COMMA", "DOT"})
_APART = frozenset({"ELSE_IF", "UNLESS", "BECAUSE", "INDENT", "ITEM", "COLON", "CASE"})
_SAID: dict[Language, tuple[str, str, str, str]] = {
    "fr": ("Si {} alors {}", "sinon si {} alors {}", " et ", "pas ({})"),
    "en": ("If {} then {}", "else if {} then {}", " and ", "not ({})"),
}


def readings_of_second_if(source: Source, tokens: Sequence[Token], at: int) -> tuple[Fix, ...]:
    """What may be written instead of a rule with a second « si » at a place; () of a rule of another form."""
    kinds = [token.type for token in tokens]
    if kinds[0] != "IF" or kinds.count("IF") != 2 or "THEN" not in kinds[:at] or _APART & set(kinds):
        return ()
    then = kinds.index("THEN")
    told = _nested(source, tokens, then, at) if at == then + 1 else _behind(source, tokens, then, at)
    whole = tokens[0].span.to(tokens[-1].span)
    return tuple(Fix(whole, text) for text in told)


def _nested(source: Source, tokens: Sequence[Token], then: int, at: int) -> list[str]:
    """« Si A alors si B alors X sinon Y »: Y where A holds and not B, or where A does not hold?"""
    kinds = [token.type for token in tokens]
    if "THEN" not in kinds[at:]:
        return []
    rule, otherwise, both, never = _SAID[source.language]
    second = kinds.index("THEN", at)
    last = next((n for n, kind in enumerate(kinds) if kind in ("ELSE", "ELSE_END")), len(tokens))
    first, inner, done = (_cut(source, tokens, *ends) for ends in ((1, then), (at + 1, second), (second + 1, last)))
    head = rule.format(both.join((_held(tokens, 1, then, first), _held(tokens, at + 1, second, inner))), done)
    rest = _cut(source, tokens, last + 1, len(tokens))
    if not rest:
        return [head]
    return [f"{head} {otherwise.format(condition, rest)}" for condition in (first, never.format(first))]


def _behind(source: Source, tokens: Sequence[Token], then: int, at: int) -> list[str]:
    """« Si A alors X et Y si B »: B for all that is decided, or for the last of it?"""
    rule, _, both, _ = _SAID[source.language]
    first, behind = _cut(source, tokens, 1, then), _cut(source, tokens, at + 1, len(tokens))
    conditions = both.join((_held(tokens, 1, then, first), _held(tokens, at + 1, len(tokens), behind)))
    told = [rule.format(conditions, _cut(source, tokens, then + 1, at))]
    parts = [n for n in range(then + 1, at) if tokens[n].type == "AND"]
    if len(parts) == 1:
        one, other = _cut(source, tokens, then + 1, parts[0]), _cut(source, tokens, parts[0] + 1, at)
        told.append(f"{rule.format(first, one)}.\n{rule.format(conditions, other)}")
    return told


def _cut(source: Source, tokens: Sequence[Token], start: int, end: int) -> str:
    """The words from a token to another, the articles before them too."""
    while end > start and tokens[end - 1].type in _ENDING:
        end -= 1
    if end <= start:
        return ""
    return source.cut(Span(source.number, tokens[start - 1].span.end, tokens[end - 1].span.end)).strip()


def _held(tokens: Sequence[Token], start: int, end: int, text: str) -> str:
    """A condition as a part of another."""
    return f"({text})" if any(token.type in _SPLITS for token in tokens[start:end]) else text
