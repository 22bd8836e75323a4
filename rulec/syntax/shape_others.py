"""Tokens in, tokens out: « les clients fidèles ont 10 % de remise, les autres 5 % » is a « si … alors … sinon … »."""

from itertools import pairwise

from rulec.syntax.fold import fold
from rulec.syntax.tokens import Token

_EACH = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december", "weekday", "weekend",
    "holiday", "working_day", "business_day", "quarter_1", "quarter_2", "quarter_3", "quarter_4", "half_1", "half_2",
})  # fmt: skip
_LINKS = frozenset({"FOR", "ON", "OFF"})
_ENDS = frozenset({"COMMA", "UNLESS", "BECAUSE", "ELSE", "DEDENT", "ITEM", "DOT"})
_MORE = frozenset((join, bound) for join in ("AND", "OR") for bound in ("CMP", "BETWEEN"))
_GIVEN = ["VALUE", "TERM"]
_TALK = frozenset({"TERM", "HAS", "COMMA"})


def _as(token: Token, kind: str) -> Token:
    return Token(kind, token.text, kind, token.span)


def drop_applies(tokens: list[Token], _: object) -> list[Token]:
    """« Une remise de 20 % est accordée aux étudiants », « … s'applique si … »: what is given has been said."""
    return [token for at, token in enumerate(tokens) if not (at and _applies(token, tokens[max(0, at - 2) : at]))]


def _applies(token: Token, before: list[Token]) -> bool:
    """Whether "a 10% discount applies" stands there; not « we apply »."""
    given = [each.type for each in before]
    grants = token.type == "GRANT" and fold(token.text) == "applies" and (given[-1:] == ["VALUE"] or given == _GIVEN)
    return grants or token.type == "APPLIES"


def unless_last(tokens: list[Token], _: object) -> list[Token]:
    """« Tous les clients sauf les professionnels ont 5 % »: the exception is said last."""
    at = next((at for at, token in enumerate(tokens) if token.type == "UNLESS"), 0)
    has = next((n for n in range(at, len(tokens)) if tokens[n].type == "HAS"), None)
    then = next((n for n in range(at, len(tokens)) if tokens[n].type == "THEN"), 0)
    if at and tokens[0].type == "IF" and then:
        return _after_then(tokens, at, then)
    before = {token.type for token in tokens[:at]}
    if not at or has is None or before & {"HAS", "IF", "THEN", "IS", "VALUE"}:
        return tokens
    middle = tokens[at:has]
    if {"IS", "CMP", "IF"} & {token.type for token in middle}:
        return tokens
    kept = tokens[:at]
    while kept and kept[-1].type == "COMMA":
        kept.pop()
    while middle[-1].type == "COMMA":
        middle = middle[:-1]
    return [*kept, *tokens[has:], *middle]


def _after_then(tokens: list[Token], at: int, then: int) -> list[Token]:
    """« Si A, sauf si B, alors C »."""
    condition, exception = tokens[:at], tokens[at:then]
    for part in (condition, exception):
        while part[-1].type == "COMMA":
            part.pop()
    return [*condition, *tokens[then:], *exception]


def open_whose(tokens: list[Token], _: object) -> list[Token]:
    """« Les clients dont le pays est A ou B ont 5 % »: of whom several things are said is a « si »."""
    kinds = [token.type for token in tokens]
    named = next((at for at, kind in enumerate(kinds) if kind != "TERM"), 0)
    gives = [at for at, kind in enumerate(kinds) if kind == "HAS" and _gives(tokens, at + 1)]
    if not named or not gives or {"IF", "THEN", "COLON", "UNLESS"} & set(kinds):
        return tokens
    has = gives[-1]
    several = kinds[named] == "WHO" and {"AND", "OR", "COMMA"} & set(kinds[:has])
    if not several and not _more_bounds(kinds[:has], named):
        return tokens
    return [Token("IF", "", "IF", tokens[0].span), *tokens[:has], _as(tokens[has], "THEN"), *tokens[has + 1 :]]


def open_bounds(tokens: list[Token], _: object) -> list[Token]:
    """« 5 % pour les commandes de moins de 500 € ou de plus de 1 000 € »: several bounds are a « si »."""
    kinds = [token.type for token in tokens]
    at = next((at for at, kind in enumerate(kinds) if at and kind in _LINKS and kinds[at + 1 : at + 2] == ["TERM"]), 0)
    named = next((n for n in range(at + 1, len(kinds)) if kinds[n] not in ("TERM", "OF")), len(kinds))
    stop = next((n for n in range(at + 1, len(kinds)) if kinds[n] in _ENDS), len(kinds))
    bounded = _more_bounds(kinds[:stop], named) or _or_bounded(tokens[named:stop])
    if not at or {"IF", "THEN"} & set(kinds[:at]) or not bounded:
        return tokens
    si = Token("IF", tokens[at].text, "IF", tokens[at].span)
    return [*tokens[:at], *([tokens[at]] if kinds[at] == "OFF" else []), si, *tokens[at + 1 :]]


def join_several(tokens: list[Token], _: object) -> list[Token]:
    """« pour A et pour B », « le lundi et le mardi »: each of them has it, in a sentence that opens with no « si »."""
    kinds = [token.type for token in tokens]
    stop = next((at for at, kind in enumerate(kinds) if kind in ("IF", "THEN", "UNLESS")), len(kinds))
    joins = [at for at in range(1, stop - 1) if kinds[at] in ("AND", "OR") and _again(tokens, at)]
    but = _but_days(tokens, stop)
    out = [_as(token, "OR") if at in joins or at in but else token for at, token in enumerate(tokens)]
    if not joins:
        return out
    first = next(at for at in range(joins[0]) if kinds[at] == kinds[joins[0] + 1])
    if any(kind in ("VALUE", "WORD_VALUE", "NOT", "QUANT") for kind in kinds[:first]):
        out.insert(first, Token("IF", "", "IF", tokens[first].span))
    return out


def _but_days(tokens: list[Token], at: int) -> list[int]:
    """« sauf le week-end et les jours fériés »: on each of these days; « sauf si … » opens a condition."""
    if not tokens[at:] or tokens[at].type != "UNLESS" or tokens[at].payload != "EXCEPT":
        return []
    return [n for n in range(at + 2, len(tokens) - 1) if tokens[n].type == "AND" and _again(tokens, n)]


def _again(tokens: list[Token], at: int) -> bool:
    """Whether what a connective joins are two « pour », or two days, or two months."""
    before, after = tokens[:at], tokens[at + 1]
    if after.type == "CALENDAR":
        return before[-1].type == "CALENDAR" and {before[-1].payload, after.payload} <= _EACH
    said = [token.type for token in before]
    if after.type != "FOR" or "FOR" not in said:
        return False
    return not {"VALUE", "COMMA"} & set(said[len(said) - said[::-1].index("FOR") :])


def _more_bounds(kinds: list[str], at: int) -> bool:
    """Whether a bound stands there and, joined to it, another: « de moins de 500 € ou de plus de 1 000 € »."""
    bounds = [n for n in range(at, len(kinds)) if kinds[n] in ("CMP", "BETWEEN")]
    said = [kind for kind in kinds[at:] if kind != "OF"]
    joined = any(pair in _MORE for pair in pairwise(said))
    return joined and bool(bounds) and kinds[at] in ("CMP", "BETWEEN", "OF") and bounds[0] <= at + 1


def _or_bounded(tokens: list[Token]) -> bool:
    """« (pour les clients Or) ou les commandes de moins de 100 € »."""
    kinds = [token.type for token in tokens]
    decides = any(token.type == "TERM" and (token.payload.decided or token.payload.action) for token in tokens)
    return kinds[:2] == ["OR", "TERM"] and not decides and bool({"CMP", "BETWEEN"} & set(kinds))


def _gives(tokens: list[Token], at: int) -> bool:
    """Whether something decided is given there: « 5 % de remise », « la livraison offerte », "10% off"."""
    while at < len(tokens) and tokens[at].type in ("VALUE", "OF", "QUANT"):
        at += 1
    if at < len(tokens) and tokens[at].type == "OFF":
        return True
    return at < len(tokens) and tokens[at].type == "TERM" and tokens[at].payload.decided


def read_others(tokens: list[Token], _: object) -> list[Token]:
    """Those whom nothing else is said of: what a sentence gives to all the others is its « sinon »."""
    at = next((at for at, token in enumerate(tokens) if token.type == "OTHERS"), None)
    if at is None:
        return tokens
    stop = at + 1
    while stop < len(tokens) and tokens[stop].type in _TALK:  # « les autres clients ont »
        stop += 1
    if at == 0:
        return [_as(tokens[0], "OTHERWISE"), *tokens[stop:]]
    has = next((n for n in range(at) if tokens[n].type == "HAS"), None)
    if has is None or any(token.type in ("IF", "COLON", "THEN") for token in tokens):
        return [*tokens[: at - 1], _as(tokens[at], "ELSE"), *tokens[stop:]]
    opening = Token("IF", "", "IF", tokens[0].span)
    return [
        opening, *tokens[:has], _as(tokens[has], "THEN"), *tokens[has + 1 : at - 1], _as(tokens[at], "ELSE"),
        *tokens[stop:],
    ]  # fmt: skip
