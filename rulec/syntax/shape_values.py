"""Tokens in, tokens out: what makes one value of several words (a list to choose from, a comparison)."""

from decimal import Decimal

from rulec.syntax.fold import fold
from rulec.syntax.tokens import Token

_STOPS = frozenset({"IF", "THEN", "ELSE", "ELSE_IF", "UNLESS", "BECAUSE", "ITEM", "INDENT", "DEDENT", "DOT"})
_PERCENT, _TIMES = {"gt": "up", "lt": "down"}, {"gt": "times", "lt": "divided"}
_THAN = frozenset({"que", "than"})
_STARTS = frozenset({"TERM", "THEIR", "LPAR", "VALUE"})


_HYPHENS = ("-", "–", "−")
_RANGED = frozenset({"IS", "IS_NOT", "OF", "BETWEEN"})


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


def apply(tokens: list[Token]) -> list[Token]:
    """« le tarif pour 12 km et 3 kg »: the values of the parameters of what is defined with some."""
    out: list[Token] = []
    left = depth = 0
    for token in tokens:
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if left and (token.type in _STOPS or depth < 0):
            left = 0
        if token.type == "FOR" and out and out[-1].type == "ALSO_APPLIED":
            continue
        if token.type == "FOR" and (count := _parameters(out)):
            token, left, depth = _as(token, "APPLIED", None), count - 1, 0
        elif left and not depth and token.type in ("AND", "COMMA"):
            token, left = _as(token, "ALSO_APPLIED", None), left - 1
        out.append(token)
    return out


def _parameters(before: list[Token]) -> int:
    """How many parameters the name has that stands last."""
    last = before[-1] if before else None
    return getattr(last.payload, "parameters", 0) if last is not None and last.type == "TERM" else 0


def range_literals(tokens: list[Token], _: object) -> list[Token]:
    """« est de 100-500 € », « entre 1-3 » in a condition: what a hyphen stands between goes from one to the other."""
    out = list(tokens)
    opens = next((at for at, token in enumerate(tokens) if token.type == "IF"), len(tokens))
    for at in range(max(2, opens + 1), len(tokens) - 1):
        before = tokens[at - 2].type
        if before in _RANGED and tokens[at].text in _HYPHENS and _rises(tokens[at - 1], tokens[at + 1]):
            out[at] = _as(tokens[at], "AND" if before == "BETWEEN" else "TO", "TO")
    return out


def _rises(low: Token, high: Token) -> bool:
    """Whether two literals stand there, the lower one first: what is left of it would be less than nothing."""
    one, other = (getattr(token.payload, "value", None) for token in (low, high))
    return isinstance(one, Decimal) and isinstance(other, Decimal) and one < other
