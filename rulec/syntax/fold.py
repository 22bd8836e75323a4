"""Words in, keys out: two spellings of one word have the same key whatever their case, accents, number and gender."""

import re
import unicodedata
from functools import lru_cache
from itertools import filterfalse

# Words that only their accent tells apart.
_KEPT = frozenset({"à", "où", "dès", "né", "née", "nés", "nées"})
_CONTRACTIONS = {
    "fr": {
        "du": "de", "des": "de", "d'": "de", "au": "à", "aux": "à", "n'": "ne", "qu'": "que", "jusqu'": "jusque",
        "lorsqu'": "lorsque", "puisqu'": "puisque", "s'": "se",
    },
    "en": {"n't": "not"},
}  # fmt: skip

_IRREGULAR = {"children": "child", "people": "person", "men": "man", "women": "woman"}

# Little words of the grammar: no other word is a form of theirs, and they have no other form.
_FUNCTION = {
    "fr": frozenset({
        "pas", "non", "mais", "dans", "sous", "sans", "sur", "par", "car", "fois", "plus", "soit", "ni", "ou", "et",
        "si", "que", "qui", "dont", "avec", "pour", "est", "sont", "ait", "ont", "aura", "vaut", "tout", "tous", "nul",
        "entre", "avant", "apres", "moins", "alors", "sinon", "sauf", "en", "de", "il", "elle", "ils", "elles", "leur",
        "son", "sa", "ses", "oui", "faux", "vrai",
    }),
    "en": frozenset({
        "not", "non", "but", "and", "or", "if", "then", "else", "on", "off", "per", "by", "of", "to", "in", "is",
        "are", "be", "has", "have", "get", "its", "his", "her", "any", "all", "no", "each", "more", "less", "over",
        "up", "under", "that", "who", "whose", "with", "for", "from", "when", "where", "it", "they", "he", "she",
        "yes", "true", "below", "above", "until", "since", "plus", "minus", "do", "does", "times",
        "nor", "one", "unless",
    }),
}  # fmt: skip


def one_spaced(text: str) -> str:
    """Its words with one plain space between them, whatever stands there: « date⇥de⏎  livraison »."""
    return " ".join(text.split())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents; apostrophes straight: « Été » → "ete"."""
    plain = text.replace("’", "'").casefold().replace("œ", "oe").replace("æ", "ae")
    if plain.isascii():
        return plain
    return "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", plain)))


def exact(text: str) -> str:
    """Lower case with accents composed: what tells « livre » from « livré »."""
    return unicodedata.normalize("NFC", text.replace("’", "'").casefold())


@lru_cache(maxsize=65536)
def stem(word: str, language: str) -> str:
    """The key of one word: folded, contractions undone, without the marks of plural, feminine and agreement."""
    if exact(word) in _KEPT:
        return exact(word)
    plain = fold(word)
    plain = _CONTRACTIONS[language].get(plain, plain)
    if len(plain) <= 3 or "'" in plain or plain in _FUNCTION[language]:
        return plain
    short = _french(plain) if language == "fr" else _english(plain)
    return plain if short in _FUNCTION[language] else short  # « passé » is no « pas »


def _french(word: str) -> str:
    word = re.sub("ente?s?$", "ent", word)
    if word.endswith("ent") and len(word) > 5:
        word = word[:-2]
    if word.endswith("aux") and len(word) > 4:
        word = word[:-1] if word.endswith("eaux") else f"{word[:-2]}l"
    if word in ("nouvel", "nouvelle", "nouvelles"):
        word = "nouveau"
    return _bare(word)


def _english(word: str) -> str:
    word = _IRREGULAR.get(word, word)
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif re.search("(?:s|sh|ch|x|z|o)es$", word):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 3:
        word = word.rstrip("e")
    if len(word) > 4 and word[-1] == word[-2] and word[-1].isalpha():
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word


def _bare(word: str) -> str:
    """Without the final s, x, e, doubled consonant: « professionnelles » → "professionnel"."""
    word = word.rstrip("sx")
    if len(word) > 3:
        word = word.rstrip("e")
    if len(word) > 3 and word[-1] == word[-2] and word[-1].isalpha():
        word = word[:-1]
    word = re.sub("eus$", "eu", word)
    if len(word) > 4 and word.endswith("is"):  # « comprise » is a form of « compris »
        word = word[:-1]
    return word[:-1] + "v" if word.endswith("f") else word
