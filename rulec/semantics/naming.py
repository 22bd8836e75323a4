"""Names in, keys and ways to say them out."""

import re
from collections.abc import Iterator
from functools import cache

from rulec.runtime.types import Amount, Date, DateTime, Duration, Type, YesNo
from rulec.semantics.model import Spoken
from rulec.source import Language
from rulec.syntax.fold import fold, stem
from rulec.syntax.words import split_words, words

_OF_DATE = {
    "fr": r"date (?:de la |de l['’]|des |du |d['’]|de )(.+)",
    "en": r"date of (?:the )?(.+)|(.+) date",
}
_COST = {
    "fr": r"(?:frais|coût|prix|tarif) (?:de la |de l['’]|des |du |d['’]|de )(.+)",
    "en": r"(?:fee|cost|price|charge)s? (?:of|for) (?:the )?(.+)|(.+) (?:fee|cost|price|charge)s?",
}
_COUNTED = {"fr": ("nombr", "de"), "en": ("number", "of")}


def key_of(name: str) -> str:
    """A name as an identifier: lower-case ASCII with underscores."""
    slug = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")
    return f"_{slug}" if not slug or slug[0].isdigit() else slug


def keys_of(name: str, language: Language) -> tuple[str, ...]:
    """The keys of the words of a name, articles left out: what tells two names apart."""
    articles = words(language).articles
    return tuple(key for word in split_words(name, language) if (key := stem(word, language)) not in articles)


def ways(name: str, key: str, language: Language, *, option: bool = False) -> Iterator[Spoken]:
    """A name as it is said of a thing."""
    yield Spoken(name, key, option=option)


def action_ways(name: str, key: str, language: Language) -> Iterator[Spoken]:
    """« refuser » as it is asked for: « on refuse », « il faut refuser »; "decline": "we decline", "always decline"."""
    yield Spoken(name, key)
    verb, _, rest = name.partition(" ")
    heads = ("il faut", "on doit", "nous devons") if language == "fr" else ("we", "we must", "we have to", "always")
    for head in heads:
        yield Spoken(f"{head} {name}", key)
    if language == "fr" and fold(verb).endswith("er") and len(verb) > 3:
        for subject, ending in (("on", "e"), ("nous", "ons")):
            yield Spoken(f"{subject} {verb[:-2]}{ending} {rest}".strip(), key)


def verb_ways(name: str, key: str, language: Language) -> Iterator[Spoken]:
    """A verb phrase, affirmed and denied: « paie par carte », « ne paie pas par carte »."""
    verb, _, rest = name.partition(" ")
    yield Spoken(name, key)
    if fold(verb) in ("a", "has") and len(rest.split()) > 1:  # « il a un compte », « sans compte »
        yield Spoken(rest.partition(" ")[2], key)
    if language == "fr":
        denied: tuple[str, ...] = (f"ne {verb} pas {rest}",)
    else:
        yield Spoken(f"{base_form(verb)} {rest}", key)
        denied = tuple(f"{no} {base_form(verb)} {rest}" for no in ("does not", "do not"))
    for way in denied:
        yield Spoken(way, key, negated=True)


def base_form(verb: str) -> str:
    """An English verb without the s of the third person: pays → pay, carries → carry, has → have."""
    if verb == "has":
        return "have"
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    if re.search("(?:s|sh|ch|x|z|o)es$", verb):
        return verb[:-2]
    return verb.removesuffix("s")


def predicate_ways(name: str, key: str, language: Language, decided: bool) -> Iterator[Spoken]:
    """A yes/no name of several words also as a sentence: « livraison offerte », « la livraison est offerte »."""
    parts = [word for word in name.split() if stem(word, language) not in words(language).articles]
    if language == "en":
        parts = [*parts[1:], *parts[:1]]
    if len(parts) < 2:
        return
    verbs = (
        (("est", "sont"), ("n'est pas", "ne sont pas")) if language == "fr" else (("is", "are"), ("is not", "are not"))
    )
    for cut in {1, len(parts) - 1}:
        for negated, ways_to_say in enumerate(verbs):
            for verb in ways_to_say:
                sentence = " ".join([*parts[:cut], verb, *parts[cut:]])
                yield Spoken(sentence, key, negated=bool(negated), decided=decided)


def counted(name: str, key: str, language: Language) -> Iterator[Spoken]:
    """« nombre de commandes » lets « plus de 3 commandes » speak of it; such a key starts with #."""
    keys = keys_of(name, language)
    head = _COUNTED[language]
    if keys[:2] == head and len(keys) > 2:
        rest = re.sub(
            r"^\S+\s+(?:(?:de\s+(?:la\s+|l['’])?|des\s+|du\s+|d['’])|of\s+(?:the\s+)?)", "", name, flags=re.IGNORECASE
        )
        yield Spoken(rest, f"#{key}")


def of_date(name: str, key: str, language: Language) -> Iterator[Spoken]:
    """« date de livraison » lets « 5 jours après la livraison » speak of it; such a key starts with @."""
    found = re.fullmatch(_OF_DATE[language], name, re.IGNORECASE)
    if found:
        event = next(filter(None, found.groups()))
        yield Spoken(event, f"@{key}")
        for way in _happened(language).get(keys_of(event, language), ()):
            yield Spoken(way, f"@{key}")


@cache
def _happened(language: Language) -> dict[tuple[str, ...], list[str]]:
    """What is said once a date has come, by what it is the date of: « inscription », « inscrit »."""
    tables = words(language).tables
    return {
        keys_of(noun, language): tables["happened"][event]
        for event, nouns in tables["events"].items()
        for noun in nouns
    }


def payable(name: str, key: str, language: Language) -> Iterator[Spoken]:
    """« délai de paiement » lets « doit payer sous 30 jours » speak of it."""
    table = words(language).tables["payment"]
    if keys_of(name, language) in {keys_of(way, language) for way in table["TERM"]}:
        yield from (Spoken(way, key) for way in (*table["MUST"], *table["TO"]))


def costing(name: str, key: str, language: Language, decided: bool) -> Iterator[Spoken]:
    """« frais de livraison » lets « la livraison coûte 15 € » speak of them."""
    found = re.fullmatch(_COST[language], name, re.IGNORECASE)
    if found:
        what = next(filter(None, found.groups()))
        for verb in ("coûte", "coûtera") if language == "fr" else ("costs", "will cost"):
            yield Spoken(f"{what} {verb}", key, decided=decided)


def attribute_ways(
    name: str, key: str, kind: Type, language: Language, *, verb: bool, decided: bool = False
) -> Iterator[Spoken]:
    """All the ways to say an attribute or an outcome."""
    if verb:
        yield from verb_ways(name, key, language)
        return
    yield Spoken(name, key, decided=decided)
    yield from counted(name, key, language)
    if isinstance(kind, Date | DateTime):
        yield from of_date(name, key, language)
    if isinstance(kind, Duration):
        yield from payable(name, key, language)
    if isinstance(kind, Amount):
        yield from costing(name, key, language, decided)
    if isinstance(kind, YesNo):
        if language == "fr" and fold(name).startswith("en "):  # « en retard », « en cas de retard »
            yield Spoken(name[3:], key)
        yield from predicate_ways(name, key, language, decided)
