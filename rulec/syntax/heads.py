"""Statements and the known names in, the heads of definitions out: which new names they bring, and where these stand.

Forms (and the same in English): « Un client est X si … », « Le X d'une commande est … », « Une X est une commande
dont … », « Constante : le X vaut … », « Le X pour un P (en km) est … »; and « Le X vaut … », for a name that another
statement uses.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from rulec.source import Language, Source
from rulec.syntax.fold import fold, stem
from rulec.syntax.lexer import Names
from rulec.syntax.parameters import Said, parameters_in
from rulec.syntax.phrases import Phrases
from rulec.syntax.tokens import Item
from rulec.syntax.words import Words, split_words, words
from rulec.tree import Span

_BRACKETS = re.compile(r"\s*\[\s*\w+\s*\]\s*")
_LONGEST = 24  # words of a head
_ENDS = frozenset({"IF", "THEN", "UNLESS", "BECAUSE", "ELSE", "CMP", "BETWEEN", "AND", "OR", "NOT", "IS_NOT"})
_INDEFINITE = {"fr": frozenset({"un", "une"}), "en": frozenset({"a", "an"})}


@dataclass(frozen=True, slots=True)
class Head:
    """What a definition brings in.

    `known`: the name is known already.
    `form`: trait (« Un client est X si »), concept (« Une X est une commande dont »), attribute, constant, applied
    (with parameters) or plain.
    `owner`: the key of the entity ("" none). `name`: the new name as written. `key`: in brackets, "" none.
    """

    form: str
    owner: str
    name: str
    key: str
    span: Span
    known: bool = False
    parameters: Said | None = None


def head_of(source: Source, items: Sequence[Item], names: Names, entities: Collection[str]) -> Head | None:
    """The head of a statement that may bring in a name; None where it is no such statement."""
    said = parameters_in(source, items)
    if said is not None:
        named = [*items[: said.at], *items[said.end :]]
        heads = _Heads(source, [item for item in named if item.kind != "KEY"], names, entities)
        return heads.applied(_key(items[: said.at]), said)
    return _Heads(source, [item for item in items if item.kind != "KEY"], names, entities).head(_key(items))


def as_said(items: Sequence[Item], language: Language) -> tuple[Item, ...]:
    """« On appelle grosse commande une commande dont … » as « Une grosse commande est une commande dont … »."""
    opened = next((way for way in _calling(language) if tuple(item.key for item in items[: len(way)]) == way), ())
    rest = items[len(opened) :]
    ends = (at for at, item in enumerate(rest) if at and fold(str(item.payload)) in _INDEFINITE[language])
    end = next(ends, None) if opened else None
    if end is None:
        return tuple(items)
    is_ = words(language).say("structure", "IS")
    verb = Item("WORD", stem(is_, language), rest[end].start, rest[end].start, is_)
    return (*rest[:end], verb, *rest[end:])


@cache
def _calling(language: Language) -> tuple[tuple[str, ...], ...]:
    ways = words(language).tables["calling"]["called"]
    return tuple(tuple(stem(word, language) for word in split_words(way, language)) for way in ways)


def without_key(items: Sequence[Item], head: Head, language: Language) -> tuple[Item, ...]:
    """The words of a definition without its parameters and the key in brackets, « = » as « est »."""
    said = head.parameters
    named = items if said is None else (*items[: said.at], *items[said.end :])
    kept = [item for item in named if item.kind != "KEY"]
    at = next((at for at, item in enumerate(kept) if item.start >= head.span.end and item.kind != "WORD"), None)
    if at is not None and kept[at].payload == "=":
        is_ = words(language).say("structure", "IS")
        kept[at] = replace(kept[at], kind="WORD", key=stem(is_, language), payload=is_)
    return tuple(kept)


def says(source: Source, items: Sequence[Item], name: str) -> bool:
    """Whether a statement uses a name."""
    phrases = Phrases[str]()
    language = source.language
    phrases.add([stem(word, language) for word in words_of(name, source)], name)
    keys = [item.key if item.kind == "WORD" else "\0" for item in items]
    return any(phrases.longest(keys, at, words(language).articles) for at in range(len(keys)))


def words_of(name: str, source: Source) -> list[str]:
    """The words of a name, articles left out."""
    articles = words(source.language).articles
    return [word for word in split_words(name, source.language) if stem(word, source.language) not in articles]


def resembles(name: str, known: str) -> bool:
    """Whether a name looks like a known one mistyped: word for word the same, but for a letter or two of long ones."""
    one, other = fold(name).split(), fold(known).split()
    if len(one) != len(other) or one == other:
        return False
    return all(a == b or _mistyped(a, b) for a, b in zip(one, other, strict=True))


def _mistyped(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA  # slow to import, and few rule sets define names

    shortest, edits = min(len(one), len(other)), OSA.distance(one, other, score_cutoff=2)
    if shortest < 5:
        return shortest == 4 and edits == 1 and len(one) != len(other)
    return edits <= (1 if shortest < 8 else 2)


def _key(items: Sequence[Item]) -> str:
    return next((item.payload for item in items if item.kind == "KEY"), "")


def is_constant(source: Source, items: Sequence[Item]) -> bool:
    """Whether a statement starts with « Constante : »."""
    if len(items) < 2 or items[1].payload != ":":
        return False
    found = words(source.language).keywords.longest([items[0].key], 0, frozenset())
    return found is not None and any(keyword.kind == "CONSTANT" for keyword in found[1])


@dataclass
class _Heads:
    source: Source
    items: Sequence[Item]
    names: Names
    entities: Collection[str]

    def __post_init__(self) -> None:
        self.words: Words = words(self.source.language)
        self.keys = [item.key if item.kind == "WORD" else "\0" for item in self.items]

    def head(self, key: str) -> Head | None:
        start, form = (2, "constant") if is_constant(self.source, self.items) else (0, "")
        verb = next(self._verbs(start), None)
        if verb is None or verb[0] == start:
            return None
        at, end = verb
        if form == "constant":
            return self._new("constant", "", start, at, key)
        if owner := self._entity(start, at):
            return self._trait(owner, end, key)
        if owner := self._kind_of(end):
            return self._new("concept", owner, start, at, key)
        return self._attribute(start, at, key) or self._new("plain", "", start, at, key)

    def applied(self, key: str, said: Said) -> Head | None:
        """« Le X pour un P (en km) est … »."""
        verb = next(self._verbs(0), None)
        head = self._new("applied", "", 0, verb[0], key) if verb is not None else None
        return replace(head, parameters=said) if head is not None else None

    def _verbs(self, start: int) -> Iterator[tuple[int, int]]:
        """Where « est » or « vaut » stands, before anything that opens a condition."""
        for at in range(start, min(len(self.items), _LONGEST)):
            if self.items[at].payload == "=" and at > start:  # « Constante : le seuil = 3 »
                yield at, at + 1
            if self.items[at].kind != "WORD":
                return
            kinds = self._kinds(at)
            if "IS" in kinds:
                found = self.words.keywords.longest(self.keys, at, frozenset())
                assert found is not None
                yield at, found[0]
                return
            if kinds & _ENDS and not self._named(at):
                return

    def _kinds(self, at: int) -> set[str]:
        found = self.words.keywords.longest(self.keys, at, frozenset())
        return {keyword.kind for keyword in found[1]} if found else set()

    def _named(self, at: int) -> bool:
        return self.names.declared.longest(self.keys, at, self.words.articles) is not None

    def _skip(self, at: int) -> int:
        while at < len(self.keys) and self.keys[at] in self.words.articles:
            at += 1
        return at

    def _entity(self, start: int, stop: int) -> str:
        """The key of the entity that the words name, and nothing else."""
        start = self._skip(start)
        found = self.names.declared.longest(self.keys[:stop], start, self.words.articles) if start < stop else None
        if found is None or found[0] != stop:
            return ""
        return next((key for entry in found[1] for key in entry.key.split("+") if key in self.entities), "")

    def _kind_of(self, at: int) -> str:
        """The entity of « … est une commande dont »."""
        indefinite = at < len(self.items) and fold(str(self.items[at].payload)) in _INDEFINITE[self.source.language]
        start = self._skip(at)
        found = self.names.declared.longest(self.keys, start, self.words.articles) if indefinite else None
        if found is None or found[0] >= len(self.keys) or not self._tells_more(found[0]):
            return ""
        return self._entity(start, found[0])

    def _tells_more(self, at: int) -> bool:
        """« … dont le montant dépasse 5 000 € », « … de plus de 5 000 € »."""
        after = at + 1 if "OF" in self._kinds(at) else at
        return "WHO" in self._kinds(at) or (after < len(self.keys) and "CMP" in self._kinds(after))

    def _trait(self, owner: str, start: int, key: str) -> Head | None:
        """« Un client est X si … »: only after « un », and with a condition."""
        first = fold(str(self.items[0].payload))
        stop = next((at for at in range(start, len(self.items)) if "IF" in self._kinds(at)), None)
        if first not in _INDEFINITE[self.source.language] or stop is None:
            return None
        if any(self.items[at].kind != "WORD" or self._kinds(at) & _ENDS for at in range(start, stop)):
            return None
        return self._new("trait", owner, start, stop, key)

    def _attribute(self, start: int, stop: int, key: str) -> Head | None:
        """« Le X d'une commande », "the X of an order", "an order's X"; no known « prix de la location »."""
        whole = self.names.declared.longest(self.keys[:stop], self._skip(start), self.words.articles)
        if whole is not None and whole[0] == stop:
            return None
        for at in range(stop - 1, start, -1):
            if "OF" in self._kinds(at) and (owner := self._entity(at + 1, stop)):
                return self._new("attribute", owner, start, at, key)
        for at in range(start + 1, stop):
            if self.keys[at] in ("'s", "'") and (owner := self._entity(start, at)):
                return self._new("attribute", owner, at + 1, stop, key)
        return None

    def _brings(self, start: int, stop: int) -> bool:
        """Whether some word is that of no name: « la prime de base », where only « prime » is known."""
        at = start
        while at < stop:
            keys = self.keys[:stop]
            name = self.names.declared.longest(keys, at, self.words.articles)
            found = name or self.words.keywords.longest(keys, at, frozenset())  # « dans tous les autres cas »
            if found is None and self.keys[at] not in self.words.articles:
                return True
            at = found[0] if found else at + 1
        return False

    def _new(self, form: str, owner: str, start: int, stop: int, key: str) -> Head | None:
        """The head, if its words are no name yet."""
        start = self._skip(start)
        if start >= stop or any(self.items[at].kind != "WORD" for at in range(start, stop)):
            return None
        first, last = self.items[start], self.items[stop - 1]
        name = _BRACKETS.sub(" ", self.source.text[first.start : last.end])
        span = Span(self.source.number, first.start, last.end)
        found = [self.names.declared.longest(self.keys[:stop], at, self.words.articles) for at in range(start, stop)]
        known = found[0] is not None and found[0][0] == stop
        if form == "plain" and not known and any(found) and not self._brings(start, stop):
            return None  # known names together: what is it?
        return Head(form, owner, name, key, span, known)
