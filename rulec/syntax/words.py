"""The words tables in, phrase tables out: what each word of a language is to the grammar."""

import re
import tomllib
from functools import cache

from rulec import resources
from rulec.runtime.plain import Plain, plain
from rulec.source import Language
from rulec.syntax.fold import fold, stem
from rulec.syntax.phrases import Phrases, unaccented

# Tables whose keys are payloads of one token kind; those of `structure` are kinds themselves.
_KINDS = {
    "compare": "CMP", "elapsed": "CMP", "upper": "UPPER", "marks": "MARK", "text_tests": "TEXT_TEST",
    "quantifiers": "QUANT", "calendar": "CALENDAR", "rounding": "ROUNDING", "values": "WORD_VALUE",
    "refused": "REFUSED", "vague": "VAGUE", "exact": "IFF",
}  # fmt: skip
_DECLARATION_KINDS = {"types": "TYPE", "combine": "COMBINE", "refused": "REFUSED", "languages": "LANGUAGE_NAME"}
_WORD = re.compile(r"[^\W\d_]\w*|\d+|[/%…]")
_ELISION = re.compile(r"^(l|d|n|qu|s|c|j|m|t|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
_CONTRACTED_NOT = re.compile(r"n['’]t$", re.IGNORECASE)


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
    declarations: Phrases[Keyword]
    tables: dict[str, dict[str, list[str]]]

    def say(self, table: str, key: str) -> str:
        """The first way to say a meaning."""
        return self.tables[table][key][0]


@cache
def words(language: Language) -> Words:
    """The words of a language."""
    tables = tomllib.loads(resources.read(f"grammar/words.{language}.toml"))
    articles = frozenset(stem(each, language) for each in tables["articles"]["ARTICLE"])
    keywords, declarations = Phrases[Keyword](), Phrases[Keyword]()
    for table, entries in tables.items():
        for key, ways in entries.items():
            for way in ways:
                if table == "structure" or table in _KINDS:
                    _add(keywords, way, language, Keyword(_KINDS.get(table, key), key))
                if table == "declarations" or table in _DECLARATION_KINDS:
                    _add(declarations, way, language, Keyword(_DECLARATION_KINDS.get(table, key), key))
    return Words(language, articles, keywords, declarations, tables)


def _add(phrases: Phrases[Keyword], way: str, language: Language, keyword: Keyword) -> None:
    written = split_words(way, language)
    keys = [stem(word, language) for word in written]
    phrases.add(keys, keyword)
    if len(keys) > 1 and keyword.kind != "UPPER":  # « a moins de » has a verb
        phrases.add(unaccented(keys, written), keyword)


def split_words(text: str, language: Language) -> list[str]:
    """The words of a phrase, elisions and contractions apart: « d'au moins » → d' au moins."""
    return [text[start:end] for start, end in word_places(text, 0, len(text), language)]


def word_places(text: str, start: int, end: int, language: Language) -> list[tuple[int, int]]:
    """Where the words stand between two offsets."""
    places: list[tuple[int, int]] = []
    for found in re.finditer(r"[^\W\d_]\w*(?:['’]\w+)*['’]?|\d+|[/%…]", text[start:end]):
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
