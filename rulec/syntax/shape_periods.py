"""Tokens in, tokens out: values that hold from a day on, « 11 € à partir du 1er mars 2024, 12 € à partir du … ».

They become cases, the latest first; the day is that of the decision, or one named « (selon la date de commande) ».
"""

from collections.abc import Sequence
from datetime import date

from rulec.diagnostics import Diagnostics
from rulec.source import Source
from rulec.syntax.tokens import Token
from rulec.tree import Span

_CONDITIONS = frozenset({"IF", "THEN", "ELSE", "ELSE_IF", "INDENT", "BRACKETS", "FOR"})


def _kind(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].type if 0 <= at < len(tokens) else ""


def read_periods(tokens: list[Token], source: Source, diagnostics: Diagnostics) -> list[Token]:
    """The cases of values that follow each other in time."""
    given = tokens
    tokens, day = _day(tokens)
    verb = next((at for at, token in enumerate(tokens) if token.type == "IS"), None)
    starts = [at for at in range(len(tokens)) if _starts(tokens, at)]
    if verb is None or not starts or starts[0] < verb or _CONDITIONS & {token.type for token in tokens}:
        return given
    parts = list[tuple[list[Token], Token, Token]]()  # value, since, day
    at = verb + 1
    for start in starts:
        parts.append((tokens[at:start], tokens[start], tokens[start + 1]))
        at = start + 2 + (_kind(tokens, start + 2) in ("COMMA", "AND"))
    days = [_date(part[2]) for part in parts]
    for number, each in enumerate(days):
        if each in days[:number] or (number and parts[0][1].payload == "le" and each <= days[0]):
            diagnostics.add("E337", parts[number][2].span, text=source.cut(parts[number][2].span))
    out = tokens[: verb + 1]
    for number, place in enumerate(sorted(range(len(parts)), key=lambda one: days[one], reverse=True)):
        value, since, start_day = parts[place]
        here = Span(source.number, since.span.start, since.span.start)
        out += [Token("CASE", "", "CASE", here)] if number else []
        today = day or [Token("TODAY", "", "TODAY", here)]
        out += [*value, Token("IF", "", "IF", here), *today, since, start_day]
    return [*out, *tokens[at:]]


def _starts(tokens: Sequence[Token], at: int) -> bool:
    """Whether « à partir du 1er mars 2026 » stands there, after a value."""
    dated = isinstance(_date(tokens[at + 1]), date) if _kind(tokens, at + 1) == "VALUE" else False
    said = _kind(tokens, at - 1) in ("VALUE", "WORD_VALUE", "TEXT", "TERM", "ROUNDING")
    ends = tokens[at].payload == "le" and _starts_next(tokens, at + 2)
    return dated and said and tokens[at].type == "CMP" and (tokens[at].payload == "ge" or ends)


def _starts_next(tokens: Sequence[Token], at: int) -> bool:
    """Whether the values that follow start each on a day: « 11 € jusqu'au 31 mars 2024, 12 € à partir du … »."""
    starts = [n for n in range(at, len(tokens)) if _starts(tokens, n)]
    return bool(starts) and _kind(tokens, at) in ("COMMA", "AND") and not _ended(tokens[:at - 2])


def _ended(tokens: Sequence[Token]) -> bool:
    """Whether a day has been said already: only the first value may end on one."""
    return any(token.type == "VALUE" and isinstance(_date(token), date) for token in tokens)


def _date(token: Token) -> date:
    value: date = getattr(token.payload, "value", token.payload)
    return value


def _day(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """The tokens without « (selon la date de commande) », and those of the date that it names."""
    start = next((at for at, token in enumerate(tokens) if token.type == "AS_OF"), None)
    if start is None or _kind(tokens, start - 1) != "LPAR":
        return tokens, []
    end = next((at for at in range(start, len(tokens)) if tokens[at].type == "RPAR"), None)
    if end is None:
        return tokens, []
    return [*tokens[: start - 1], *tokens[end + 1 :]], tokens[start + 1 : end]
