"""Words in, the stretch of the calendar that they tell out: « en 2026 », « de juin à août », a month after another."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import cast

from rulec.runtime.literals import Literal
from rulec.source import Language
from rulec.syntax.fold import stem
from rulec.syntax.tokens import Item, Token
from rulec.syntax.words import Words, phrases_of, split_words, words

Part = tuple[str, int, int, object]  # the kind of a token, the items that it is made of, what it means
_DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
FURTHER = frozenset({"OR", "COMMA", "AND"})
WORKED_DAYS = ("working_day", "business_day")
ONE = {"week": (Decimal(7), "day"), "month": (Decimal(1), "month"), "year": (Decimal(12), "month")}


def stretch(items: Sequence[Item], at: int, before: Sequence[Token], known: Words) -> tuple[Part, ...]:
    """The tokens that a stretch of the calendar makes from a place on; none where there is none."""
    keys = [item.key if item.kind == "WORD" else "\0" for item in items[at : at + 12]]
    month = _month(keys, known)
    found = _from_to(keys, known) or month or _year(keys, items, at, known) or _further(keys, items[at], before, known)
    return tuple((kind, first + at, last + at, payload) for kind, first, last, payload in found)


@cache
def openers(language: Language) -> frozenset[str]:
    """The words that a stretch may begin with, but one that goes on after another."""
    said = [split_words(way, language) for which in ("from", "month", "year") for way in _table(which, language)]
    return frozenset(stem(word, language) for each in said for word in each[:2])


def _table(which: str, language: Language) -> Sequence[str]:
    tables = words(language).tables
    return tables["stretch_months" if which == "month" else "stretches"][which]


def _from_to(keys: Sequence[str], known: Words) -> tuple[Part, ...]:
    """« de juin à août », "from Monday to Friday"."""
    opened = phrases_of(known.language, "stretches", ("from",)).longest(keys, 0, frozenset())
    low = _named(keys, opened[0], known) if opened else None
    joined = phrases_of(known.language, "stretches", ("to",)).longest(keys, low[0], frozenset()) if low else None
    high = _named(keys, joined[0], known) if joined else None
    if low is None or high is None or (low[1] in _DAYS) != (high[1] in _DAYS):
        return ()
    return (("CALENDAR", 0, high[0], f"{low[1]}-{high[1]}"),)


def _year(keys: Sequence[str], items: Sequence[Item], at: int, known: Words) -> tuple[Part, ...]:
    """« en 2026 »."""
    way = phrases_of(known.language, "stretches", ("year",)).longest(keys, 0, known.articles)
    literal = items[at + way[0]].payload if way and at + way[0] < len(items) else None
    if way is None or not isinstance(literal, Literal) or not _is_year(literal):
        return ()
    return ("CALENDAR", 0, way[0], "year"), ("VALUE", way[0], way[0] + 1, literal)


def _is_year(literal: Literal) -> bool:
    return literal.kind == "number" and 1000 <= cast(Decimal, literal.value) <= 9999


def _month(keys: Sequence[str], known: Words) -> tuple[Part, ...]:
    """« au mois d'août »."""
    way = phrases_of(known.language, "stretch_months", ("month",)).longest(keys, 0, known.articles)
    month = _named(keys, way[0], known) if way else None
    return (("CALENDAR", 0, month[0], month[1]),) if month and month[1] not in _DAYS else ()


def _further(keys: Sequence[str], item: Item, before: Sequence[Token], known: Words) -> tuple[Part, ...]:
    """« février » in « en janvier ou février », « 2026 » in « en 2025 ou 2026 »."""
    if len(before) < 2 or before[-1].type not in FURTHER:
        return ()
    if [token.type for token in before[-3:-1]] == ["CALENDAR", "VALUE"] and before[-3].payload == "year":
        literal = item.payload if item.kind == "LIT" else None
        bare = isinstance(literal, Literal) and _is_year(literal)
        return (("CALENDAR", 0, 1, "year"), ("VALUE", 0, 1, literal)) if bare else ()
    if before[-2].type != "CALENDAR":
        return ()
    month = _named(keys, 0, known)
    return (("CALENDAR", 0, month[0], month[1]),) if month and month[1] not in _DAYS else ()


def _named(keys: Sequence[str], at: int, known: Words) -> tuple[int, str] | None:
    """Where the name of a day or month ends, and its meaning."""
    in_it = stem(known.say("stretches", "year"), known.language)
    month = known.keywords.longest([in_it, *keys[at : at + 1]], 0, known.articles)
    day = known.keywords.longest(keys, at, known.articles)
    for found, end in ((month, at + 1), (day, day[0] if day else 0)):
        value = next((each.value for each in found[1] if each.kind == "CALENDAR"), "") if found else ""
        if found and value and ((found is month and found[0] == 2) or value in _DAYS):
            return end, value
    return None
