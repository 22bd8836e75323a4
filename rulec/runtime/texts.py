"""Text tests: starts, ends, contains, matches, equals; folded unless exact, and linear in the length of the text.

`matches` follows all the places of the pattern at once, one bit each (R. Baeza-Yates, G. Gonnet, A New Approach to
Text Searching, 1992): no text can make it slow.
"""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "ʼ": "'"})


def fold_text(text: str) -> str:
    """Lower case without accents, apostrophes straight, each run of spaces one space."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in parts if not unicodedata.combining(each))
    return re.sub(r"\s+", " ", plain.casefold().translate(_LETTERS))


def matches(text: str, pattern: str) -> bool:
    """Whether the pattern covers the whole text: `*` is any run of characters, `?` any one, the rest itself."""
    taken: dict[str, int] = {}  # character → the places (bits) of the pattern that it fits
    loops = anything = place = 0
    for each in pattern:
        if each == "*":
            loops |= 1 << place
            continue
        if each == "?":
            anything |= 1 << place
        else:
            taken[each] = taken.get(each, 0) | 1 << place
        place += 1
    reached = 1
    for each in text:
        reached = (reached & (taken.get(each, 0) | anything)) << 1 | reached & loops
    return bool(reached >> place & 1)


TESTS: dict[str, Callable[[str, str], bool]] = {
    "starts": str.startswith,
    "ends": str.endswith,
    "contains": str.__contains__,
    "matches": matches,
    "equals": str.__eq__,
}


def joined(*texts: str) -> str:
    """The texts one after the other."""
    return "".join(texts)


def piece(end: str, text: str, count: Decimal) -> str:
    """The first or last characters of a text: all where it has fewer, none where the count is negative."""
    kept = min(max(int(count), 0), len(text))
    return text[:kept] if end == "first" else text[len(text) - kept :]


def text_test(test: str, exact: bool, text: str, pattern: str) -> bool:
    """Whether the text passes the test, a key of TESTS. Folded, spaces around the text do not count."""
    if not exact:
        text, pattern = fold_text(text).strip(), fold_text(pattern)
        pattern = pattern.strip() if test == "equals" else pattern
    return TESTS[test](text, pattern)
