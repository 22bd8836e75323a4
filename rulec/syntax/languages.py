"""The text of a file in, its language out: what the name says, or the first line « Langue : anglais »."""

import re

from rulec.source import Language
from rulec.syntax.fold import fold

_LINE = re.compile(r"[\s\ufeff]*(?:langue|language)\s*:\s*([^\W\d_]+)\s*\.?\s*$", re.IGNORECASE)
_NAMES: dict[str, Language] = {
    "francais": "fr", "french": "fr", "fr": "fr", "anglais": "en", "english": "en", "en": "en",
}  # fmt: skip


def language_of(name: str, text: str, default: Language = "fr") -> Language:
    """By the first line that says something, else by the ending: `.regles` is French, `.rules` English."""
    for line in text[:4096].splitlines():
        if line.strip("\ufeff \t") and not line.lstrip("\ufeff \t").startswith("#"):
            found = _LINE.match(line)
            said = _NAMES.get(fold(found[1])) if found else None
            if said:
                return said
            break
    return "en" if name.endswith(".rules") else "fr" if name.endswith(".regles") else default
