"""Names in, their plain words out: two spellings of one name give the same words.

Case, accents, apostrophes, spaces, `_`, `.` and `-` make no difference; in `bare_words`, articles none either.
"""

import re

from rulec.runtime.literals import folded

_ARTICLES = {
    "fr": frozenset({"le", "la", "les", "l", "un", "une", "des", "d", "de", "du"}),
    "en": frozenset({"the", "a", "an", "of", "s"}),
}
_PREPOSITIONS = {
    "fr": frozenset({"en", "à", "a", "au", "aux", "sous", "sur", "hors"}),
    "en": frozenset({"in", "on", "at", "under", "within"}),
}


def plain_words(text: str) -> str:
    """« Date d’inscription » → "date d inscription"."""
    plain = folded(text).replace("œ", "oe").replace("æ", "ae")
    return " ".join(re.findall(r"[^\W_]+", plain)) or plain.strip()


def bare_words(text: str, language: str) -> str:
    """« le montant HT de la commande » → "montant ht commande"; words that are all articles stay."""
    plain = plain_words(text)
    return " ".join(word for word in plain.split() if word not in _ARTICLES[language]) or plain


def without_preposition(name: str, language: str) -> str:
    """« en forfait jours » → « forfait jours »; any other name as it is."""
    first, _, rest = name.partition(" ")
    return rest if rest and first.casefold() in _PREPOSITIONS[language] else name
