"""Sentences that say what may happen in, where rules say so of them out: as it is, denied, or so many times."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from rulec.runtime.literals import Literal
from rulec.runtime.plain import Plain, changing, plain
from rulec.runtime.units import NUMBER_WORDS
from rulec.source import Language
from rulec.syntax.fold import fold, stem
from rulec.syntax.heads import resembles
from rulec.syntax.tokens import Item
from rulec.syntax.words import split_words, words

_INDEFINITE = {"fr": frozenset({"un", "une", "de"}), "en": frozenset({"a", "an"})}
_SMALL = ("NE", "NOT", "NONE", "STILL", "AT_LEAST", "MORE_THAN", "TIMES")
_WHOLE = {"fr": frozenset({"est", "sont", "a", "ont"}), "en": frozenset({"is", "are", "has", "have", "can", "will"})}
_DENIED = {"fr": frozenset({"de", "un", "une"}), "en": frozenset({"a", "an", "any"})}  # « pas de », "not any"
Keys = tuple[str, ...]


@plain
class Sentence(Plain):
    """« une facture est payée »: the keys of its words. `text`: subject, verb and the rest, as written.

    `counted`: where in the rest the noun begins that may be counted (« fait une | réclamation »), -1 for none.
    `alone`: its subject is not what it is of: « une réponse arrive (pour un devis) ».
    """

    key: str
    entity: str
    subject: Keys
    verb: str
    rest: Keys
    counted: int
    text: tuple[str, str, str]
    language: Language
    alone: bool = False


def sentence_of(said: str, key: str, entity: str, names: Sequence[str], language: Language) -> Sentence | None:
    """The parts of a sentence without its first article; None where it has no verb. `names`: of entities."""
    written = split_words(said, language)
    keys = tuple(stem(each, language) for each in written)
    verb = max((len(name) for each in names if keys[: len(name := _keys(each, language))] == name), default=0)
    alone = not verb
    verb = verb or _verb(written, keys, language)
    if not 0 < verb < len(keys):
        return None
    rest = keys[verb + 1 :]
    counted = next((at for at, each in enumerate(written[verb + 1 :]) if fold(each) in _INDEFINITE[language]), -1)
    places = _places(said, written)
    ends = places[verb] + len(written[verb])
    parts = (said[: places[verb]].rstrip(), said[places[verb] : ends], said[ends:].lstrip())
    bare = tuple(each for each in rest if each not in words(language).articles)
    before = sum(each not in words(language).articles for each in rest[:counted]) if counted >= 0 else -1
    return Sentence(key, entity, keys[:verb], keys[verb], bare, before, parts, language, alone)


def _places(said: str, written: Sequence[str]) -> list[int]:
    """Where each word begins."""
    found, at = list[int](), 0
    for word in written:
        at = said.index(word, at)
        found.append(at)
        at += len(word)
    return found


def _verb(written: Sequence[str], keys: Keys, language: Language) -> int:
    """Where the verb stands after a subject that is no entity: « est »; else after a noun and what it is of."""
    for at, word in enumerate(written[1:], 1):
        if fold(word) in _WHOLE[language]:
            return at
    if language == "en":  # "a sales rep calls the customer", "a reply arrives"
        article = next((at for at, key in enumerate(keys[2:], 2) if key in words(language).articles), len(keys))
        return article - 1
    at = 1
    while at + 1 < len(keys) and keys[at] == "de":
        at += 2
    return at


def _keys(text: str, language: Language) -> Keys:
    return tuple(stem(each, language) for each in split_words(text, language))


def about_in(said: str, language: Language) -> str:
    """« pour un devis » → « devis »."""
    words_said = split_words(said, language)
    keys = tuple(stem(each, language) for each in words_said)
    start = next((len(way) for way in ways("ABOUT", language) if keys[: len(way)] == way), 0)
    while start < len(keys) and (keys[start] in words(language).articles or keys[start] == "de"):
        start += 1
    return " ".join(words_said[start:])


_TOLD = frozenset({"UNTIL", "ON_DAY", "KNOWN", "NOTHING"})  # words of a history


@cache
def ways(kind: str, language: Language) -> tuple[Keys, ...]:
    """The ways to say a word about events, the longest first, without articles."""
    table = "happenings_of" if kind == "ABOUT" else "histories" if kind in _TOLD else "happenings"
    found = (
        tuple(each for each in _keys(way, language) if each not in words(language).articles or kind == "NONE")
        for way in words(language).tables[table][kind]
    )
    return tuple(sorted(found, key=len, reverse=True))


@changing
class Reader:
    """The words of a statement, read from a place on; each question answers where what is asked for ends, or 0."""

    items: Sequence[Item]
    language: Language

    def __post_init__(self) -> None:
        self.keys = [item.key if item.kind == "WORD" else "\0" for item in self.items]
        self.articles = words(self.language).articles

    def words(self, at: int, said: Sequence[str], skipped: frozenset[str] | None = None) -> int:
        """These words, articles between them left out."""
        skipped = self.articles if skipped is None else skipped
        for key in said:
            while at < len(self.keys) and self.keys[at] in skipped and self.keys[at] != key:
                at += 1
            if at >= len(self.keys) or self.keys[at] != key:
                return 0
            at += 1
        return at

    def one_of(self, at: int, kind: str) -> int:
        """One of the ways to say a word about events."""
        return next((end for way in ways(kind, self.language) if (end := self.words(at, way))), 0)

    # ---- a sentence

    def positive(self, at: int, said: Sentence) -> int:
        """« une facture est payée »."""
        return self.words(at, (*said.subject, said.verb, *said.rest))

    def named(self, at: int, said: Sentence) -> int:
        """An event as a history names it: as it is said, « une réclamation », « une réponse », « un devis envoyé »."""
        ends = [self.positive(at, said)]
        if said.counted >= 0:
            ends.append(self.words(at, said.rest[said.counted :]))
        if said.alone:
            ends.append(self.words(at, said.subject))
        if said.verb in ("est", "is"):
            ends.append(self.words(at, (*said.subject, *said.rest)))
        return max(ends)

    def negative(self, at: int, said: Sentence, implied: bool = False) -> int:
        """« une facture n'est pas payée », « reste impayée », « aucune réponse n'arrive ». `implied`: no subject."""
        if not implied and (none := self.one_of(at, "NONE")):
            after = self.words(none, said.subject)
            after = after and self.words(after + self._is(after, "NE"), (said.verb, *said.rest))
            if after:
                return after
        start = at if implied else self.words(at, said.subject)
        if not start and not implied:
            return 0
        return self._denied(start, said) or self._remains(start, said)

    def _is(self, at: int, kind: str) -> int:
        """How many words of a kind stand there: 0 or more."""
        end = self.one_of(at, kind)
        return end - at if end else 0

    def _denied(self, at: int, said: Sentence) -> int:
        """« n'est pas payée », « ne fait aucune réclamation » | "is not paid", "does not file a complaint"."""
        verbs = [said.verb, *(("a", "ont") if said.verb == "est" else ("ha", "has") if said.verb == "is" else ())]
        auxiliary = self._is(at, "NE")
        for verb in verbs:
            for end in (self.words(at + auxiliary, (verb,)), at + auxiliary if auxiliary else 0):
                if not end:
                    continue
                end += self._is(end, "STILL")
                none = self.one_of(end, "NONE")
                denied = none or self.one_of(end, "NOT")
                if not denied:
                    continue
                denied += self._is(denied, "STILL")
                again = self.words(denied, (said.verb,)) if end <= at + auxiliary + 1 and self.language == "en" else 0
                been = self.words(denied, ("been",) if self.language == "en" else ("ete",)) if verb != said.verb else 0
                skipped = self.articles | _DENIED[self.language]
                if last := self._rest(been or again or denied, said, skipped):
                    return last
        return 0

    def _rest(self, at: int, said: Sentence, skipped: frozenset[str]) -> int:
        return self.words(at, said.rest, skipped) if said.rest else at

    def _remains(self, at: int, said: Sentence) -> int:
        """« reste impayée », « est toujours impayée » | "remains unpaid", "is still not paid"."""
        if said.verb not in ("est", "is") or not said.rest:
            return 0
        verb = self.one_of(at, "REMAINS") or self.words(at, (said.verb,))
        if not verb:
            return 0
        verb += self._is(verb, "STILL")
        apart = self.one_of(verb, "NOT") or self.words(verb, ("non",))
        if apart and (end := self.words(apart, said.rest)):
            return end
        first, *others = said.rest
        for prefix in words(self.language).tables["denying"]["UN"]:
            if verb < len(self.keys) and self.keys[verb] == f"{prefix}{first}":
                return self.words(verb + 1, others) if others else verb + 1
        return 0

    def counted(self, at: int, said: Sentence) -> tuple[int, int, int]:
        """« un client fait 3 réclamations », « … 3 fois »: how many at least, where that ends, and where it is said."""
        if whole := self.positive(at, said):
            number, end = self._number(whole)
            after = self.one_of(self._or_more(end), "TIMES") if end else 0
            return (number, self._or_more(after), whole) if after else (0, 0, 0)
        if said.counted < 0:
            return 0, 0, 0
        start = self.words(at, (*said.subject, said.verb, *said.rest[: said.counted]))
        number, end = self._number(start) if start else (0, 0)
        last = self.words(self._or_more(end), said.rest[said.counted :]) if end else 0
        return (number, self._or_more(last), start) if last else (0, 0, 0)

    def _or_more(self, at: int) -> int:
        """What follows « ou plus », which a number that is reached means anyway."""
        return self.one_of(at, "OR_MORE") or at

    def mistyped(self, at: int, said: Sentence) -> tuple[int, str] | None:
        """Where the first mistyped word of a sentence stands, and what it should be; None where it says another."""
        written = [
            word for part in said.text for word in split_words(part, self.language)
            if stem(word, self.language) not in self.articles
        ]  # fmt: skip
        small = {key for kind in _SMALL for way in ways(kind, self.language) for key in way} | {"de"}
        known, wrong = NUMBER_WORDS[self.language], list[tuple[int, str]]()
        for word in written:
            while at < len(self.items) and not self._tells(at, small, known):
                at += 1
            if at == len(self.items):
                return None
            typed = str(self.items[at].payload)
            if self.keys[at] != stem(word, self.language):
                if not resembles(typed, word):
                    return None
                plural = typed.endswith("s") and not word.endswith("s")
                wrong.append((at, f"{word}s" if plural else word))
            at += 1
        return wrong[0] if wrong else None

    def _tells(self, at: int, small: set[str], known: Mapping[str, int]) -> bool:
        """Whether a word says what happens: it is no article, no number and no « ne … pas »."""
        word = self.items[at].kind == "WORD" and self.keys[at] not in self.articles | small
        return word and fold(self.items[at].payload) not in known

    def _number(self, at: int) -> tuple[int, int]:
        """« 3 », « trois », « au moins 3 », « plus de 2 »."""
        least, more = self.one_of(at, "AT_LEAST"), self.one_of(at, "MORE_THAN")
        at = least or more or at
        if at >= len(self.items):
            return 0, 0
        item, known = self.items[at], NUMBER_WORDS[self.language]
        if item.kind == "WORD" and fold(item.payload) in known:
            return int(known[fold(item.payload)]) + bool(more), at + 1
        literal = item.payload
        if isinstance(literal, Literal) and literal.kind == "number" and str(literal.value).isdigit():
            return int(str(literal.value)) + bool(more), at + 1
        return 0, 0


def places_of(reader: Reader) -> Iterator[tuple[int, int]]:
    """Where « quand » begins and ends in a statement, the first one first."""
    at = 0
    while at < len(reader.keys):
        end = reader.one_of(at, "WHEN") if reader.keys[at] != "\0" and reader.keys[at] not in reader.articles else 0
        if end:
            yield at, end
        at = end or at + 1
