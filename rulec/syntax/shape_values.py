"""Tokens in, tokens out: what makes one value of several words (a list to choose from, a comparison, brackets)."""

from rulec.syntax.fold import fold
from rulec.syntax.tokens import Token

_STOPS = frozenset({"IF", "THEN", "ELSE", "ELSE_IF", "UNLESS", "BECAUSE", "ITEM", "INDENT", "DEDENT", "DOT"})
_PERCENT, _TIMES = {"gt": "up", "lt": "down"}, {"gt": "times", "lt": "divided"}
_THAN = frozenset({"que", "than"})
_STARTS = frozenset({"TERM", "THEIR", "LPAR", "VALUE"})
_BASE = frozenset({"OF", "ON", "TERM", "THEIR", "POSS", "COMMA"})
_BETWEEN_ROWS = frozenset({"COMMA", "AND", "ITEM", "INDENT", "DEDENT", "COLON"})


def _as(token: Token, kind: str, payload: object) -> Token:
    return Token(kind, token.text, payload, token.span)


def _kind(tokens: list[Token], at: int) -> str:
    return tokens[at].type if 0 <= at < len(tokens) else ""


def list_extremes(tokens: list[Token]) -> list[Token]:
    """« le plus élevé de A, B et C »: these commas and that « et » only list."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        out.append(tokens[at])
        at += 1
        if out[-1].type != "EXTREME":
            continue
        if _kind(tokens, at) == "COLON":
            at += 1
        stop = at
        while _kind(tokens, stop) not in _STOPS | {"AND", ""}:
            stop += 1
        if _kind(tokens, stop) == "AND":
            for each in tokens[at : stop + 1]:
                joins = each.type in ("COMMA", "AND")
                if not (joins and out[-1].type == "LISTED"):
                    out.append(_as(each, "LISTED", None) if joins else each)
            at = stop + 1
    return out


def relate(tokens: list[Token]) -> list[Token]:
    """« 50 % plus cher que le port », « deux fois moins que le port »: so much of what follows."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        than = token.type == "CMP" and token.payload in _PERCENT and fold(token.text).split()[-1] in _THAN
        if than and out and _kind(tokens, at + 1) in _STARTS:
            if out[-1].type == "VALUE" and getattr(out[-1].payload, "kind", "") == "percentage":
                token = _as(token, "RELATIVE", _PERCENT[token.payload])
            elif [each.type for each in out[-2:]] == ["VALUE", "TIMES"]:
                out.pop()
                token = _as(token, "MULTIPLE", _TIMES[token.payload])
        out.append(token)
    return out


def read_brackets(tokens: list[Token]) -> list[Token]:
    """« par tranche du montant HT : 10 % jusqu'à 1 000 €, 5 % au-delà » is one value."""
    start = next((at for at, token in enumerate(tokens) if token.type in ("BY_BRACKET", "ON_WHOLE")), None)
    if start is None:
        return tokens
    at = start + 1
    while _kind(tokens, at) in _BASE:
        at += 1
    base = [token for token in tokens[start + 1 : at] if token.type not in ("ON", "COMMA")]
    rows, end = _rows(tokens, at)
    if not rows:
        return tokens
    how = "bracket" if tokens[start].type == "BY_BRACKET" else "whole"
    made = Token("BRACKETS", tokens[start].text, (how, rows), tokens[start].span)
    before = tokens[:start]
    while before and before[-1].type in ("COMMA", "OF"):
        before.pop()
    listed = any(token.type == "INDENT" for token in tokens[at:end])
    after = [token for token in tokens[end:] if not (listed and token.type == "DEDENT")]
    return [*before, made, *(base[1:] if base and base[0].type == "OF" else base), *after]


def _rows(tokens: list[Token], at: int) -> tuple[tuple[tuple[Token, Token | None], ...], int]:
    """The rows, each a value and its upper end (None for « au-delà »), and where they end."""
    rows: list[tuple[Token, Token | None]] = []
    end = at
    while True:
        while _kind(tokens, at) in _BETWEEN_ROWS:
            at += 1
        said = tokens[at + 1].payload if _kind(tokens, at + 1) == "CMP" else ""
        limit = _kind(tokens, at + 2) == "VALUE"
        if _kind(tokens, at) != "VALUE":
            break
        if said == "le" and limit:
            rows.append((tokens[at], tokens[at + 2]))
            at += 3
        elif _kind(tokens, at + 1) == "ELSE_ABOVE" or (said == "gt" and limit):
            rows.append((tokens[at], None))
            at += 3 if said else 2
        else:
            break
        end = at
    return tuple(rows), end
