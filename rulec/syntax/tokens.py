"""What the lexer makes: items (words, literals, signs as they stand) and tokens (what the grammar reads)."""

from typing import Any

from rulec.runtime.plain import Plain, changing, plain
from rulec.tree import Span


@plain
class Entry(Plain):
    """What a name stands for, as far as the grammar cares.

    `key`: what tells it from other names. `decided`: an outcome. `action`: something that rules may ask for.
    `option`: a value of a list. `negated`: the negative form of a verb phrase.
    `parameters`: of a definition, how many it has. `capital`, `article`: how this use is written.
    """

    key: str
    text: str
    decided: bool = False
    action: bool = False
    option: bool = False
    negated: bool = False
    parameters: int = 0
    capital: bool = False
    article: bool = False


@changing
class Item:
    """A word, a literal, a quoted text, a sign, a bullet or a table at its place. `key`: what phrases match it by."""

    kind: str  # WORD LIT TEXT SIGN ITEM INDENT DEDENT TABLE
    key: str
    start: int
    end: int
    payload: Any = None


@plain
class Token(Plain):
    """What the grammar reads: a kind, the text as written, what it means and its place."""

    type: str
    text: str
    payload: Any
    span: Span
