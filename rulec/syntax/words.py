"""The words tables in, phrase tables out: what each word of a language is to the grammar."""

import re
from dataclasses import replace
from functools import cache

from rulec import resources
from rulec.runtime.patterns import Pattern
from rulec.runtime.plain import Plain, plain
from rulec.source import Language
from rulec.syntax.fold import fold, stem
from rulec.syntax.phrases import Joined, Phrases, unaccented

# Tables whose keys are payloads of one token kind; those of `structure` are kinds themselves.
_KINDS = {
    "compare": "CMP", "elapsed": "CMP", "ahead": "AHEAD", "upper": "UPPER", "marks": "MARK",
    "text_tests": "TEXT_TEST",
    "quantifiers": "QUANT", "calendar": "CALENDAR", "rounding": "ROUNDING", "values": "WORD_VALUE",
    "shifts": "SHIFT", "windows": "WINDOW", "spans": "SPAN", "spans_since": "SINCE", "month_ends": "MONTH_END",
    "within_one": "WITHIN_ONE", "month_lengths": "MONTH_DAYS",
    "refused": "REFUSED", "vague": "VAGUE", "exact": "IFF", "extremes": "EXTREME", "fractions": "FRACTION",
    "roots": "ROOT", "squares": "SQUARED", "pieces": "FIRST", "upward": "UPWARD",
}  # fmt: skip
_Way = tuple[tuple[str, ...], str, str]  # the keys of its words, the kind of token, its meaning
_MAKERS = ("syntax/words.py", "syntax/fold.py", "syntax/phrases.py")
_LIST_KINDS = {"aggregates": "AGG", "picks": "PICK", "directions": "DIRECTION"}
_LIST_TABLES = frozenset({"averages", "emptiness", "sorting", "naming"})  # of which the keys are kinds of tokens
_DECLARATION_KINDS = {"types": "TYPE", "combine": "COMBINE", "refused": "REFUSED", "languages": "LANGUAGE_NAME",
                      "doubtful_ways": "REFUSED"}  # fmt: skip
_EXAMPLES = {
    "opening": ("examples",), "given": ("supposed",), "judging": ("judgements",),
    "expected": ("expected",), "cell": ("expected", "cells"), "head": ("expected", "heads"),
}  # fmt: skip
_ELISION = Pattern(r"^(l|d|n|qu|s|c|j|m|t|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
WHATEVER = frozenset({"quel", "quels", "quelle", "quelles", "whatever", "no"})  # « quel que soit le montant »
_CONTRACTED_NOT = Pattern(r"n['’]t$", re.IGNORECASE)


@plain
class Keyword(Plain):
    """What a word is to the grammar: the kind of token and its meaning."""

    kind: str
    value: str


@plain
class Words(Plain):
    """The words of one language, ready for the lexer."""

    language: Language
    articles: frozenset[str]
    keywords: Phrases[Keyword]
    lists: Phrases[Keyword]
    declarations: Phrases[Keyword]
    tables: dict[str, dict[str, list[str]]]

    def say(self, table: str, key: str) -> str:
        """The first way to say a meaning."""
        return self.tables[table][key][0]


@cache
def words(language: Language) -> Words:
    """The words of a language."""
    text = resources.read(f"grammar/words.{language}.toml")
    made = resources.kept(f"words.{language}", text, _MAKERS, lambda: _made(text, language))
    tables, articles, keywords, lists, declarations = made
    phrases = (_phrases(keywords), _phrases(lists), _phrases(declarations))
    return Words(language, frozenset(articles), *phrases, tables)


def _phrases(found: list[_Way]) -> Phrases[Keyword]:
    phrases = Phrases[Keyword]()
    for keys, kind, value in found:
        phrases.add(keys, Keyword(kind, value))
    return phrases


_Tables = dict[str, dict[str, list[str]]]


def _made(text: str, language: Language) -> tuple[_Tables, list[str], list[_Way], list[_Way], list[_Way]]:
    """The tables of a text; the keys of its articles; its keywords, those about lists, those of declarations."""
    import tomllib  # slow to import, and needed once a table

    tables = tomllib.loads(text)
    keywords, lists, declarations = list[_Way](), list[_Way](), list[_Way]()
    for table, entries in tables.items():
        for key, ways in entries.items():
            for way in ways:
                if table == "structure" or table in _KINDS:
                    keywords += _said(way, language, _KINDS.get(table, key), key)
                if table in _LIST_KINDS or table in _LIST_TABLES:
                    lists += _said(way, language, _LIST_KINDS.get(table, key), key)
                if table == "declarations" or table in _DECLARATION_KINDS:
                    declarations += _said(way, language, _DECLARATION_KINDS.get(table, key), key)
    return tables, [stem(each, language) for each in tables["articles"]["ARTICLE"]], keywords, lists, declarations


@cache
def words_for(part: str, language: Language) -> Words:
    """The words of a part of an example beside those of rules: « est en conflit » where something is expected."""
    known = words(language)
    said = [
        found
        for table in _EXAMPLES[part]
        for key, ways in known.tables[table].items()
        for way in ways
        for found in _said(way, language, key, key)
    ]
    return replace(known, keywords=Joined(parts=(_phrases(said), known.keywords)))


@cache
def phrases_of(language: Language, table: str, keys: tuple[str, ...] = ()) -> Phrases[str]:
    """The phrases of a table, each standing for its key; of these keys alone, where there are some."""
    phrases, entries = Phrases[str](), words(language).tables[table]
    for key in keys or entries:
        for way in entries[key]:
            phrases.add([stem(word, language) for word in split_words(way, language)], key)
    return phrases


def _said(way: str, language: Language, kind: str, value: str) -> list[_Way]:
    written = split_words(way, language)
    keys = tuple(stem(word, language) for word in written)
    more = [unaccented(keys, written)] if len(keys) > 1 and kind != "UPPER" else []  # « a moins de » has a verb
    return [(each, kind, value) for each in dict.fromkeys((keys, *more))]


def split_words(text: str, language: Language) -> list[str]:
    """The words of a phrase, elisions and contractions apart: « d'au moins » → d' au moins."""
    return [text[start:end] for start, end in word_places(text, 0, len(text), language)]


def word_places(text: str, start: int, end: int, language: Language) -> list[tuple[int, int]]:
    """Where the words stand between two offsets."""
    places: list[tuple[int, int]] = []
    for found in re.finditer(r"[^\W\d_]\w*(?:['’]\w+)*['’]?|\d+(?:er|e|st|nd|rd|th)?\b|\d+|[/%…]", text[start:end]):
        places.extend(split_elision(found[0], start + found.start(), language))
    return places


def split_elision(word: str, at: int, language: Language) -> list[tuple[int, int]]:
    """The places of the parts of one written word: « l'emporte » → l' emporte; "doesn't" → does n't."""
    if language == "fr":
        found = _ELISION.match(word)
        if found and fold(word) not in ("aujourd'hui",):
            cut = at + found.end()
            return [(at, cut), *split_elision(word[found.end() :], cut, language)]
    elif found := _CONTRACTED_NOT.search(word):
        stop = at + found.start()
        return [(at, stop), (stop, at + len(word))]
    elif len(word) > 2 and word[-2] in "'’" and word[-1] in "sS":
        return [(at, at + len(word) - 2), (at + len(word) - 2, at + len(word))]
    elif len(word) > 2 and word[-1] in "'’" and word[-2] in "sS":
        return [(at, at + len(word) - 1), (at + len(word) - 1, at + len(word))]
    return [(at, at + len(word.rstrip("'’")) if language == "fr" else at + len(word))]
