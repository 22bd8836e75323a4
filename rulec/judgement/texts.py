"""A text as given in, as a model is shown it out; and whether words stand in it."""

import re
import unicodedata

_MARKS = re.compile("[\u2018\u2019\u02bc`´]")
_SMUGGLING = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")  # invisible
_SPACE = re.compile(r"\s+")


def cleaned(text: str) -> str:
    """The text without what nobody sees: control characters, zero-width ones, marks of direction, tags."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    seen = (char for char in composed if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cn"))
    return _SMUGGLING.sub("", "".join(seen)).strip()


def escaped(text: str) -> str:
    """The text in which nothing can close a tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """What was escaped, as it was."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def stands_in(quote: str, text: str) -> bool:
    """Whether a quote, of a word at least, stands in a text word for word; spaces and quotation marks do not matter."""
    words = _plain(quote)
    if not any(char.isalnum() for char in words):
        return False
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", _plain(text)) is not None


def _plain(text: str) -> str:
    same = _MARKS.sub("'", unicodedata.normalize("NFKC", text)).casefold()
    return _SPACE.sub(" ", same).strip(" \"«»“”'.,;:!?…()")
