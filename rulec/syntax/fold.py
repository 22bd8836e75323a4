"""Words in, keys out: two spellings of one word have the same key whatever their case, accents, number and gender."""

import re
import unicodedata
from functools import lru_cache

# Words that only their accent tells apart.
_KEPT = frozenset({"à", "où", "dès"})
_CONTRACTIONS = {
    "fr": {
        "du": "de", "des": "de", "d'": "de", "au": "à", "aux": "à", "n'": "ne", "qu'": "que", "jusqu'": "jusque",
        "lorsqu'": "lorsque", "puisqu'": "puisque", "s'": "se",
    },
    "en": {"n't": "not"},
}  # fmt: skip


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents; apostrophes straight: « Été » → "ete"."""
    plain = text.replace("’", "'").casefold().replace("œ", "oe").replace("æ", "ae")
    if plain.isascii():
        return plain
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


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
    if len(plain) <= 3 or "'" in plain:
        return plain
    return _french(plain) if language == "fr" else _english(plain)


def _french(word: str) -> str:
    word = re.sub("ente?s?$", "ent", word)
    if word.endswith("ent") and len(word) > 5:
        word = word[:-2]
    if word.endswith("aux") and len(word) > 4:
        word = word[:-2] + ("" if word.endswith("eaux") else "l")
    return _bare(word)


def _english(word: str) -> str:
    if word.endswith("ies"):
        word = word[:-3] + "y"
    word = _bare(word)
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word


def _bare(word: str) -> str:
    """Without the final s, x, e, doubled consonant: « professionnelles » → "professionnel"."""
    word = word.rstrip("sx")
    if len(word) > 3:
        word = word.rstrip("e")
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    word = re.sub("eus$", "eu", word)
    return word[:-1] + "v" if word.endswith("f") else word
