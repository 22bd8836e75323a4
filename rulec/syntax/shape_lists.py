"""Tokens in, tokens out: how many elements of a list are meant, among which, in what order."""

from decimal import Decimal

from rulec.runtime.literals import Literal
from rulec.syntax.tokens import Token

_COUNTED = frozenset({"OF", "POSS", "AGG", "QUANT", "THEIR"})
_NAMING = frozenset({"TERM", "OF", "POSS", "THEIR"})


def _as(token: Token, kind: str, payload: object = None) -> Token:
    return Token(kind, token.text, token.payload if payload is None else payload, token.span)


def _kind(tokens: list[Token], at: int) -> str:
    return tokens[at].type if 0 <= at < len(tokens) else ""


def shape_lists(tokens: list[Token], lists: frozenset[str]) -> list[Token]:
    """The tokens of a statement that may speak of lists. `lists`: the keys that lists and their elements go by."""
    if not lists:
        return tokens
    return _sorted(_averaged(_counted(_floated(_among(tokens, lists), lists))))


def _among(tokens: list[Token], lists: frozenset[str]) -> list[Token]:
    """« 2 articles parmi les articles fragiles », « la plus ancienne parmi les commandes payées »: of these."""
    out: list[Token] = []
    tokens = [token for token in tokens if token.type != "ONES"]
    for at, token in enumerate(tokens):
        told = _kind(tokens, at - 1) == "ONE_OF" or (at and _keys(tokens[at - 1]) & lists)
        if token.type == "THAT" and told and _kind(tokens, at + 1) in ("IS", "IS_NOT"):
            token = _as(token, "WHO", "WHO")  # "the orders that are paid"
        if token.type == "ONE_OF" and out and out[-1].type in ("PICK", "TERM") and len(token.text.split()) == 1:
            before, after = _keys(out[-1]), _keys_from(tokens, at + 1)
            named, ranked = bool(lists & after), {"PICK"} & {each.type for each in out[-3:]}
            if out[-1].type == "TERM" and before & after & lists:
                out.pop()
                continue
            if out[-1].type == "PICK" and named:
                continue
            if before & lists and not named and _kind(tokens, at + 1) in ("TERM", "WHO", "THAT"):
                continue
            if ranked and named:
                token = _as(token, "OF", "OF")  # "the highest price among the fragile items"
        out.append(token)
    return out


def _keys(token: Token) -> frozenset[str]:
    """The keys that a name may stand for."""
    return frozenset(token.payload.key.split("+")) if token.type == "TERM" else frozenset()


def _keys_from(tokens: list[Token], at: int) -> frozenset[str]:
    """The keys of the names that stand one after the other from a place on."""
    found = frozenset[str]()
    while _kind(tokens, at) == "TERM":
        found |= _keys(tokens[at])
        at += 1
    return found


def _floated(tokens: list[Token], lists: frozenset[str]) -> list[Token]:
    """« les articles sont tous fragiles », "the items are all fragile": of all of them."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        every = token.type == "QUANT" and token.payload == "every" and _kind(tokens, at + 1) in ("TERM", "NOT", "HAS")
        start = len(out) - 1
        while every and _kind(out, start - 1) in (*_NAMING, "PICK", "COUNT", "VALUE"):
            start -= 1
        named = [each for each in out[start:-1] if _keys(each) & lists]
        if every and named and out[-1].type in ("IS", "IS_NOT"):
            out.insert(start, token)
            continue
        out.append(token)
    return out


def _counted(tokens: list[Token]) -> list[Token]:
    """« la somme des prix des deux articles les plus chers », "the first 2 items": how many, before which of them."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        if _is_whole(token):
            first = len(out)
            while first and out[first - 1].type == "PICK":
                first -= 1
            before = _kind(out, first - 1)
            if first < len(out) and _kind(tokens, at + 1) in ("TERM", "PICK", "OF") and before in _COUNTED:
                out.insert(first, _as(token, "COUNT"))
                continue
            if first == len(out) and before in _COUNTED and _is_ranked(tokens, at + 1):
                token = _as(token, "COUNT")
        out.append(token)
    return out


def _is_whole(token: Token) -> bool:
    literal = token.payload if token.type == "VALUE" else None
    return isinstance(literal, Literal) and literal.kind == "number" and isinstance(literal.value, Decimal)


def _is_ranked(tokens: list[Token], at: int) -> bool:
    """Whether a rank is said of what is named next: « plus anciennes commandes », « articles les plus chers »."""
    if _kind(tokens, at) == "PICK":
        return True
    end = at
    while _kind(tokens, end) in _NAMING:
        end += 1
    return end > at and _kind(tokens, end) in ("PICK", "WHO", "SORTED", "SORTED_DOWN")


def _averaged(tokens: list[Token]) -> list[Token]:
    """« le montant moyen des commandes », "the average amount of the orders": the mean of these."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        if token.type == "MEAN" and _kind(tokens, at + 1) == "TERM":
            token = _as(token, "AGG", "mean")
        elif token.type in ("MEAN", "AGG") and token.payload in ("MEAN", "mean") and _kind(out, len(out) - 1) == "TERM":
            out.insert(len(out) - 1, _as(token, "AGG", "mean"))
            if token.type == "MEAN":
                continue
            token = _as(token, "OF")  # « le montant moyen des commandes »
        out.append(token)
    return out


def _sorted(tokens: list[Token]) -> list[Token]:
    """« triés par prix décroissant »: the direction is that of the sorting."""
    out: list[Token] = []
    for token in tokens:
        at = next((n for n in range(len(out) - 1, -1, -1) if out[n].type == "SORTED"), None)
        if token.type == "DIRECTION" and at is not None:
            out[at] = _as(out[at], "SORTED_DOWN" if token.payload == "down" else "SORTED")
            continue
        out.append(token)
    return out
