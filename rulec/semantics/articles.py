"""Declarations in, the article before each name out: what a name's gender and number are read from."""

import re
from collections.abc import Iterable, Iterator

from rulec.runtime.plain import Plain, plain
from rulec.semantics.items import without_optional
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.fold import fold, one_spaced

_BEFORE = re.compile(r"(?:^|[\s(])((?:un|une|des|du|de la|de l'|le|la|les)\s+|l')$", re.IGNORECASE)
_PLURAL = frozenset({"les", "des"})
_GENDERS = {"un": "m", "le": "m", "du": "m", "une": "f", "la": "f", "de la": "f"}

Declared = Iterable[tuple[Source, ast.Declaration | ast.NamedSet]]


@plain
class Agreement(Plain):
    """What a name agrees with: "m", "f" or "" (not known), and whether it is plural."""

    gender: str = ""
    plural: bool = False


def agreement_of(article: str) -> Agreement:
    """What an article tells."""
    return Agreement(_GENDERS.get(article, ""), article in _PLURAL)


def articles_of(declared: Declared) -> tuple[tuple[str, str], ...]:
    """The folded names of French declarations, each with its article."""
    found: dict[str, str] = {}
    for source, each in declared:
        if source.language == "fr":
            for name, article in _articles(source, each):
                found.setdefault(fold(name), article)
    return tuple(found.items())


def _articles(source: Source, each: ast.Declaration | ast.NamedSet) -> Iterator[tuple[str, str]]:
    match each:
        case ast.NamedSet(name, values):
            said = one_spaced(source.cut(each.span))
            for value in values:
                at = said.find(value, len(name))
                yield from _before(value, said[:at])
            yield from _before(name, source.text[: each.span.start])
        case ast.Declaration(_, name, items):
            if name:
                yield from _before(name, source.text[: each.span.start])
            for item in items:
                yield from _before(without_optional(item.name, "fr")[0], source.text[: item.span.start])
                for mark in item.marks:
                    if mark.kind == "parameter":
                        yield from _before(mark.texts[0], one_spaced(source.cut(mark.span)).removesuffix(mark.texts[0]))


def _before(name: str, text: str) -> Iterator[tuple[str, str]]:
    article = _BEFORE.search(text[-8:].replace("’", "'"))
    if article:
        yield name, " ".join(fold(article[1]).split())
