"""Tokens in, tokens out: what makes one value of several words (a list to choose from, a comparison)."""

from rulec.syntax.fold import fold
from rulec.syntax.tokens import Token

_STOPS = frozenset({"IF", "THEN", "ELSE", "ELSE_IF", "UNLESS", "BECAUSE", "ITEM", "INDENT", "DEDENT", "DOT"})
_PERCENT, _TIMES = {"gt": "up", "lt": "down"}, {"gt": "times", "lt": "divided"}
_THAN = frozenset({"que", "than"})
_STARTS = frozenset({"TERM", "THEIR", "LPAR", "VALUE"})


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
