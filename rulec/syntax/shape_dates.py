"""Tokens in, tokens out: verbs that only lead to a date or a length of time, « est inscrit depuis 2 ans »."""

from collections.abc import Sequence
from functools import cache, lru_cache

from rulec.diagnostics import Diagnostics, Fix
from rulec.source import Language, Source
from rulec.syntax.fold import stem
from rulec.syntax.tokens import Entry, Token
from rulec.syntax.words import split_words, words

_FROM_TODAY = ("ago_", "ahead_")


def _kind(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].type if 0 <= at < len(tokens) else ""


def came(tokens: list[Token], inferring: bool, language: Language) -> list[Token]:
    """« le client est inscrit depuis plus de 2 ans » says it of the date: « client inscrit depuis plus de 2 ans »."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        if token.type == "IS" and _kind(tokens, at - 1) == "TERM" == _kind(tokens, at + 1):
            said: Entry = tokens[at + 1].payload
            event = inferring and not (said.article or said.capital) and _happened(said, language)
            if ("@" in said.key or event) and _dates(tokens, at + 2, told="@" in said.key):
                continue
        out.append(token)
    return out


def _happened(said: Entry, language: Language) -> bool:
    """« inscrit » tells a date without vocabulary; « fidèle depuis 2 ans » does not say which."""
    ways = (way for each in words(language).tables["happened"].values() for way in each)
    return stem(said.text.split()[-1], language) in {stem(way.split()[0], language) for way in ways}


def _dates(tokens: Sequence[Token], at: int, *, told: bool) -> bool:
    """Whether what follows compares with a date. `told`: what goes before is one, any comparison is of dates."""
    token = tokens[at] if at < len(tokens) else None
    if token is None or token.type not in ("CMP", "CALENDAR", "ON", "BETWEEN", "VALUE"):
        return False
    if told or (isinstance(token.payload, str) and token.payload.startswith(_FROM_TODAY)):
        return True
    return token.type == "CMP" and _literal(tokens, at + 1) == "date"


def _literal(tokens: Sequence[Token], at: int) -> str:
    """The kind of the literal at a place."""
    return str(getattr(tokens[at].payload, "kind", "")) if 0 <= at < len(tokens) else ""


def paid(tokens: list[Token], language: Language) -> list[Token]:
    """« les professionnels doivent payer sous 30 jours »: they have 30 days of « délai de paiement »."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        token, value = tokens[at], at + 1
        if token.type == "TERM" and _is_said(token, "TO", language) and _literal(out, len(out) - 1) == "duration":
            out.append(Token("OF", "", "OF", token.span))  # « 30 jours pour payer »
        if token.type == "TERM" and _is_said(token, "MUST", language):
            value += value < len(tokens) and (tokens[value].type == "TO" or tokens[value].payload == "within")
            if _literal(tokens, value) == "duration":
                here = Token("OF", "", "OF", tokens[value].span)
                out += [Token("HAS", token.text, "HAS", token.span), tokens[value], here, token]
                at = value + 1
                continue
        out.append(token)
        at += 1
    return out


def within_months(tokens: list[Token]) -> list[Token]:
    """« le nombre de jours entre A et B en mars 2026 »: the month belongs to what is counted."""
    out = list(tokens)
    counts = [at for at, each in enumerate(tokens) if each.type == "SPAN" and each.payload in _COUNTED_DAYS]
    for start in reversed(counts):
        at, joined = start + 1, False
        while _kind(out, at) in _OPERAND or (_kind(out, at) == "AND" and not joined):
            joined |= out[at].type == "AND"
            at += 1
        if joined and _kind(out, at) == "CALENDAR" and out[at].payload not in _SINGLE_DAYS:
            month, year = out[at], _year_said(out, at + 1)
            del out[at : at + 1 + (year is not None)]
            out.insert(start + 1, Token("DURING", month.text, (month.payload, year), month.span))
    return out


def years_of_months(tokens: list[Token]) -> list[Token]:
    """« en mars ou avril 2026 »: both of that year."""
    out: list[Token] = []
    year: Token | None = None  # what stands after the last of some months
    for at in range(len(tokens) - 1, -1, -1):
        token = tokens[at]
        month = token.type == "CALENDAR" and token.payload in _MONTHS
        if month and _year_said(tokens, at + 1) is not None:
            year = tokens[at + 1]
        elif month and year is not None:
            out.append(year)
        elif token.type not in ("OR", "COMMA") and token is not year:
            year = None
        out.append(token)
    return out[::-1]


_MONTHS = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
})  # fmt: skip
_COUNTED_DAYS = frozenset({"day", "working_day", "business_day"})
_SINGLE_DAYS = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekday", "weekend", "holiday",
    "working_day", "business_day", "past", "not_past", "month_start", "month_end", "this_week", "last_week",
    "next_week", "tomorrow", "yesterday", "last", "next",
})  # fmt: skip
_OPERAND = frozenset({"TERM", "OF", "POSS", "THEIR", "TODAY", "VALUE", "LPAR", "RPAR", "PLUS", "MINUS"})


def _year_said(tokens: Sequence[Token], at: int) -> int | None:
    return int(tokens[at].payload.value) if _literal(tokens, at) == "number" else None


def _is_said(token: Token, how: str, language: Language) -> bool:
    return _keys(token.text, language) in _payment(how, language)


@lru_cache(maxsize=4096)
def _keys(text: str, language: Language) -> tuple[str, ...]:
    return tuple(stem(word, language) for word in split_words(text, language))


@cache
def _payment(how: str, language: Language) -> frozenset[tuple[str, ...]]:
    return frozenset(_keys(way, language) for way in words(language).tables["payment"][how])


@cache
def _since(language: Language) -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    """The ways to say « depuis le », and the last words of what happens."""
    table = words(language).tables
    ways = (way for each in table["happened"].values() for way in each)
    since = frozenset(_keys(way, language) for way in table["since_day"]["SINCE"])
    return since, frozenset(_keys(way, language)[-1] for way in ways)


def report_since(tokens: list[Token], source: Source, diagnostics: Diagnostics) -> None:
    """« inscrit depuis le 1er mars 2026 »: already on that day, or from that day on?"""
    table = words(source.language).tables
    since, ways = _since(source.language)
    for at in range(1, len(tokens) - 1):
        before, token, after = tokens[at - 1 : at + 2]
        event = before.type == "TERM" and _keys(before.text, source.language)[-1] in ways
        if event and token.type == "CMP" and _keys(token.text, source.language) in since:
            if _literal(tokens, at + 1) == "date":
                fixes = tuple(Fix(token.span, table["since_day"][each][0]) for each in ("ALREADY", "FROM"))
                place = before.span.to(after.span)
                diagnostics.add("E457", place, fixes=fixes, text=source.cut(place))
