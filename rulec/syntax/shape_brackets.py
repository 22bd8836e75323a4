"""Tokens in, tokens out: rates by bracket, or values between points, as one value.

« par tranche : 10 % jusqu'à 1 000 €, puis 5 % », « par interpolation : 5 € à 100 €, 10 € à 500 € ».
"""

from rulec.syntax.tokens import Token

_BASE = frozenset({"OF", "ON", "TERM", "THEIR", "POSS"})
_BETWEEN_ROWS = frozenset({"COMMA", "AND", "ITEM", "INDENT", "DEDENT", "COLON"})
_HOW = {"BY_BRACKET": "bracket", "ON_WHOLE": "whole", "BY_INTERPOLATION": "interpolation"}
_AROUND = frozenset({"COMMA", "OF", "LPAR"})
Row = tuple[Token, Token | None]  # a value and its upper end, None for « au-delà »


def _kind(tokens: list[Token], at: int) -> str:
    return tokens[at].type if 0 <= at < len(tokens) else ""


def name_next(tokens: list[Token]) -> list[Token]:
    """« 10 % jusqu'à 1 000 €, puis 5 % »: the last value is that of « au-delà »."""
    out: list[Token] = []
    above: Token | None = None
    for at, token in enumerate(tokens):
        if _follows(tokens, at):
            if _kind(out, len(out) - 1) != "COMMA":
                out.append(Token("COMMA", token.text, ",", token.span))
            above = token if _alone(tokens, at + 1) else None
            continue
        if above is not None and token.type == "VALUE":
            out += [token, Token("ELSE_ABOVE", above.text, "ELSE_ABOVE", above.span)]
            above = None
            continue
        out.append(_effects_joined(token, out))
    return out


def _follows(tokens: list[Token], at: int) -> bool:
    """Whether « puis » leads to the next row of a scale."""
    if tokens[at].type not in ("NEXT", "THEN") or not tokens[at].text.isalpha():
        return False
    before = at - 1 - (_kind(tokens, at - 1) in ("COMMA", "AND"))
    bounded = _kind(tokens, before) == "VALUE" and _kind(tokens, before - 1) in ("CMP", "TO")
    after = at + 1 + (_kind(tokens, at + 1) == "OF")
    opened = {"IF", "ELSE_IF", "WHEN"} & {token.type for token in tokens[:at]}
    return bounded and not opened and _kind(tokens, after) == "VALUE"


def _alone(tokens: list[Token], at: int) -> bool:
    """Whether the value has no bound of its own."""
    at += _kind(tokens, at) == "OF"
    return _kind(tokens, at + 1) not in ("CMP", "ELSE_ABOVE", "OF", "TO")


def _effects_joined(token: Token, before: list[Token]) -> Token:
    """« alors transmettre au gérant puis refuser »: both are done."""
    joins = token.type == "NEXT" and any(each.type == "THEN" for each in before)
    return Token("AND", token.text, "AND", token.span) if joins else token


def read_brackets(tokens: list[Token]) -> list[Token]:
    """« par tranche du montant HT : 10 % jusqu'à 1 000 €, 5 % au-delà » is one value; « par tranche » may be last."""
    start = next((at for at, token in enumerate(tokens) if token.type in _HOW), None)
    if start is None:
        return tokens
    at = start + 1
    while _kind(tokens, at) in _BASE or (_kind(tokens, at) == "COMMA" and _kind(tokens, at + 1) == "VALUE"):
        at += 1
    base = [token for token in tokens[start + 1 : at] if token.type not in ("ON", "COMMA")]
    rows, end = _rows(tokens, at)
    if not rows:
        return _said_last(tokens, start, base, at)
    before = tokens[:start]
    while before and before[-1].type in ("COMMA", "OF"):
        before.pop()
    listed = any(token.type == "INDENT" for token in tokens[at:end])
    after = [token for token in tokens[end:] if not (listed and token.type == "DEDENT")]
    return [*before, _made(tokens[start], tokens[end - 1], rows), *_without_of(base), *after]


def _made(said: Token, other: Token, rows: tuple[Row, ...]) -> Token:
    """One token from what says how to the other end of the rows."""
    first, last = sorted((said, other), key=lambda token: token.span.start)
    return Token("BRACKETS", said.text, (_HOW[said.type], rows), first.span.to(last.span))


def _without_of(base: list[Token]) -> list[Token]:
    return base[1:] if base and base[0].type == "OF" else base


def _said_last(tokens: list[Token], start: int, base: list[Token], end: int) -> list[Token]:
    """« 10 % du montant HT jusqu'à 1 000 €, puis 5 %, par tranche »: how the rows are read is said after them."""
    first = next((at for at in range(start) if tokens[at].type == "VALUE"), start)
    stop = first + 1
    while _kind(tokens, stop) in _BASE and _kind(tokens, stop + 1) != "VALUE":
        stop += 1
    own = tokens[first + 1 : stop]
    bare = [*tokens[: first + 1], *tokens[first + 1 + len(own) : start]]
    rows, last = _rows(bare, first)
    if len(rows) < 2 or any(token.type not in _AROUND for token in bare[last:]):
        return tokens
    closes = end + (_kind(tokens, end) == "RPAR" and "LPAR" in {token.type for token in bare[last:]})
    before = bare[:first]
    while before and before[-1].type in ("COMMA", "OF"):
        before.pop()
    return [*before, _made(tokens[start], bare[first], rows), *_without_of(base or own), *tokens[closes:]]


def _rows(tokens: list[Token], at: int) -> tuple[tuple[Row, ...], int]:
    """The rows, and where they end."""
    rows: list[Row] = []
    end = at
    while True:
        while _kind(tokens, at) in _BETWEEN_ROWS:
            at += 1
        at += _kind(tokens, at) == "OF" and _kind(tokens, at + 1) == "VALUE" and bool(rows)
        if _kind(tokens, at) != "VALUE":
            break
        said = tokens[at + 1].payload if _kind(tokens, at + 1) == "CMP" else ""
        if (said == "ge" or _kind(tokens, at + 1) == "OF") and _goes_on(tokens, at + 2, rows):
            rows.append((tokens[at], tokens[at + 4]))
            at += 5
        elif (said == "le" or _kind(tokens, at + 1) == "POINT") and _kind(tokens, at + 2) == "VALUE":
            rows.append((tokens[at], tokens[at + 2]))
            at += 3
        elif _kind(tokens, at + 1) == "ELSE_ABOVE" or (said == "gt" and _kind(tokens, at + 2) == "VALUE"):
            rows.append((tokens[at], None))
            at += 3 if said else 2
        else:
            break
        end = at
    return tuple(rows), end


def _goes_on(tokens: list[Token], at: int, rows: list[Row]) -> bool:
    """« de 1 000 à 5 000 € » starts where the row before it ends, the first at 0."""
    if [_kind(tokens, at + n) for n in range(3)] != ["VALUE", "TO", "VALUE"]:
        return False
    low, before = getattr(tokens[at].payload, "value", None), rows[-1][1] if rows else None
    return bool(low == (getattr(before.payload, "value", None) if before is not None else 0))
