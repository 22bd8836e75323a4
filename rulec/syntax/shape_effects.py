"""Tokens in, tokens out: what is given, said in other words than « la remise est de 10 % si … »."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulec.syntax.fold import fold, stem
from rulec.syntax.tokens import Token
from rulec.syntax.words import words
from rulec.tree import Span

if TYPE_CHECKING:
    from rulec.syntax.shape import Shaping

_STOPS = frozenset({"COMMA", "AND", "OR", "IF", "FOR", "UNLESS", "BECAUSE", "ELSE", "ITEM", "DEDENT", "DOT"})
_OPENS = frozenset({"IF", "FOR", "CMP", "IN"})
_AFTER_CASES = frozenset({"UNLESS", "BECAUSE", "DOT", "ITEM", "DEDENT"})
_VALUES = frozenset({"VALUE", "WORD_VALUE"})


def _as(token: Token, kind: str) -> Token:
    return Token(kind, token.text, kind, token.span)


def _kind(tokens: list[Token], at: int) -> str:
    return tokens[at].type if 0 <= at < len(tokens) else ""


def _stop(tokens: list[Token], at: int, stops: frozenset[str]) -> int:
    """The first place from one on where a kind stands, or the end."""
    return next((n for n in range(at, len(tokens)) if tokens[n].type in stops), len(tokens))


def add_to(tokens: list[Token], _: object) -> list[Token]:
    """« ajouter 15 € aux frais de port » raises the fee: « augmenter les frais de port de 15 € »."""
    at = _stop(tokens, 0, frozenset({"ADD"}))
    if at == len(tokens):
        return tokens
    to, stop = _stop(tokens, at, frozenset({"TO"})), _stop(tokens, at, _STOPS)
    raised = _as(tokens[at], "INCREASE")
    if to > stop:
        return [*tokens[:at], raised, *tokens[at + 1 :]]
    return [*tokens[:at], raised, *tokens[to + 1 : stop], *tokens[at + 1 : to], *tokens[stop:]]


def give_whom(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """ "we offer students a 10% discount": students have it."""
    at = _stop(tokens, 0, frozenset({"GRANT"}))
    whom = at + 2 if _kind(tokens, at + 1) == "TO" else at + 1
    head = tokens[whom].payload if _kind(tokens, whom) in ("TERM", "QUANT") else "no"
    if head == "no" or getattr(head, "decided", False):
        return tokens
    stop = _stop(tokens, whom, _STOPS)
    gift = next((n for n in range(stop - 1, whom, -1) if _gift(tokens, n, shaping.inferring)), None)
    if gift is None:
        return tokens
    return [*tokens[:at], *tokens[whom:gift], _as(tokens[at], "HAS"), *tokens[gift:]]


def give_whoever(tokens: list[Token], shaping: Shaping) -> list[Token]:
    """« alors le client a 10 % de remise », where nothing is declared: whoever it is, « on accorde 10 % de remise »."""
    at = next((n for n in range(len(tokens) - 2) if shaping.inferring and _gives_whoever(tokens, n, shaping)), None)
    if at is None:
        return tokens
    start = at - (at > 0 and _of_all(tokens[at - 1]))
    if start < at and tokens[start].payload == "no":  # « aucun client n'a de remise »: « aucune remise »
        return [*tokens[: start + 1], *tokens[at + 2 :]]
    return [*tokens[:start], Token("GRANT", tokens[at].text, "GRANT", tokens[at + 1].span), *tokens[at + 2 :]]


def _gives_whoever(tokens: list[Token], at: int, shaping: Shaping) -> bool:
    start = at - (at > 0 and _of_all(tokens[at - 1]))
    opens = start == 0 or tokens[start - 1].type in ("THEN", "ELSE")
    has = (tokens[at].type, tokens[at + 1].type) == ("TERM", "HAS") and tokens[at + 2].type in _VALUES | {"TERM"}
    language = shaping.source.language
    everyone = {stem(each, language) for each in words(language).tables["whoever"]["EVERYONE"]}
    return opens and has and stem(tokens[at].payload.text, language) in everyone


def _of_all(token: Token) -> bool:
    """« tous les clients », « aucun client »."""
    return token.type == "QUANT" and token.payload in ("every", "no")


def _gift(tokens: list[Token], at: int, inferring: bool) -> bool:
    """Whether « 10 % de remise » starts there."""
    after = at + 2 if _kind(tokens, at + 1) == "OF" else at + 1
    named = _kind(tokens, after) == "TERM" and (inferring or tokens[after].payload.decided)
    return tokens[at].type in _VALUES and (named or _kind(tokens, after) == "OFF")


def alternatives(tokens: list[Token], _: object) -> list[Token]:
    """« 5 €, ou 10 € si … », « 5 € (10 € si …) », « 5 €, 10 € si … »: the second where it applies, else the first."""
    given, tokens = tokens, _with_joint(_without_parentheses(tokens))
    places = [at for at in range(1, len(tokens)) if _offers_other(tokens, at)]
    if places and _value_before(tokens, places[0]) < 0:
        return tokens
    if not places or {"IF", "THEN", "ELSE"} & {token.type for token in tokens[: places[0]]}:
        return tokens
    first = _value_before(tokens, places[0])
    end = _stop(tokens, places[-1], _AFTER_CASES)
    joins = {at + more for at in places for more in (1, 2) if _kind(tokens, at + more) in ("OR", "OF")}
    cases = [tokens[at] for at in range(places[0] + 1, end) if at not in joins]
    gap = Span(tokens[0].span.source, tokens[end - 1].span.end, tokens[end - 1].span.end)
    conditional = any(each.type == "IF" for each in cases)
    if not first and not conditional:  # « 5 % de remise, 10 % pour les clients fidèles » names nothing before its cases
        return given
    head = tokens[:first] if conditional else _as_topic(tokens[:first])
    return [*head, *cases, Token("ELSE", "", "ELSE", gap), *tokens[first : places[0]], *tokens[end:]]


def _as_topic(tokens: list[Token]) -> list[Token]:
    """« Remise de », « la remise est » as « remise : », which its cases follow."""
    if not tokens or tokens[-1].type not in ("IS", "OF", "TERM") or any(each.type == "COLON" for each in tokens[1:]):
        return tokens
    colon = Token("COLON", ":", ":", tokens[-1].span)
    return [*tokens[: len(tokens) - (tokens[-1].type != "TERM")], colon]


def _without_parentheses(tokens: list[Token]) -> list[Token]:
    """« 5 € (10 € si …) » as « 5 €, ou 10 € si … », where the sentence ends so."""
    opening, closing = _stop(tokens, 0, frozenset({"LPAR"})), _stop(tokens, 0, frozenset({"RPAR"}))
    if len(tokens) in (opening, closing) or _kind(tokens, closing + 1) not in ("", "DOT", "BECAUSE"):
        return tokens
    comma, other = Token("COMMA", "", ",", tokens[opening].span), Token("OR", "", "OR", tokens[opening].span)
    without = [*tokens[:opening], comma, other, *tokens[opening + 1 : closing], *tokens[closing + 1 :]]
    return without if _offers_other(without, opening) else tokens


def _with_joint(tokens: list[Token]) -> list[Token]:
    """« 6 €, offerts dès 150 € », « 6 €, mais offerts … » as « 6 €, ou offerts dès 150 € », where nothing follows."""
    commas = [at for at, token in enumerate(tokens) if token.type in ("COMMA", "COMMA_AND")]
    if len(commas) != 1 or not _value_alone(tokens, commas[0]):
        return tokens
    at = commas[0]
    but = tokens[at].type == "COMMA_AND" or fold(getattr(_at(tokens, at + 1), "text", "")) in ("mais", "but")
    after = at + 1 + (but and tokens[at].type == "COMMA")
    comma, other = Token("COMMA", "", ",", tokens[at].span), Token("OR", "", "OR", tokens[at].span)
    joined = [*tokens[:at], comma, other, *tokens[after:]]
    return joined if _offers_other(joined, at) and not {"ELSE", "OTHERS"} & {each.type for each in tokens} else tokens


def _at(tokens: list[Token], at: int) -> Token | None:
    return tokens[at] if at < len(tokens) else None


def _value_alone(tokens: list[Token], at: int) -> bool:
    """Whether nothing but a name and its value stands before a place: « les frais de port sont de 6 € »."""
    before = {token.type for token in tokens[:at]}
    return _value_before(tokens, at) >= 0 and before <= {"TERM", "IS", "OF", "COLON", "RULE", "TEXT", *_VALUES}


def _offers_other(tokens: list[Token], at: int) -> bool:
    """Whether « , ou 10 € si » stands there."""
    value = at + 3 if _kind(tokens, at + 2) == "OF" else at + 2
    joined = (_kind(tokens, at), _kind(tokens, at + 1)) == ("COMMA", "OR")
    if not joined or _kind(tokens, value) not in _VALUES:
        return False
    after = value + 1
    while _kind(tokens, after) in ("OF", "TERM"):
        after += 1
    return _kind(tokens, after) in _OPENS


def _value_before(tokens: list[Token], at: int) -> int:
    """Where the value that ends before a place starts: « 10 % de la commande »; -1 where there is none."""
    start = at - 1
    while _kind(tokens, start) in ("OF", "TERM"):
        start -= 1
    return start if _kind(tokens, start) in _VALUES else -1
