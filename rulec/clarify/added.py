"""Two texts in, the numbers, amounts and days that only one of them holds out."""

from collections.abc import Iterator

from rulec.diagnostics import Diagnostics
from rulec.runtime.literals import Literal
from rulec.source import Language, Source
from rulec.syntax.parse import statements_of
from rulec.syntax.scan import scan
from rulec.syntax.tokens import Item


def items_of(text: str, language: Language) -> Iterator[Item]:
    """The words and signs of statements, whether they can be read or not."""
    source = Source(0, "", text, language)
    for statement in statements_of(source):
        yield from scan(source, statement, Diagnostics())


def literals_in(text: str, language: Language) -> dict[str, object]:
    """The numbers, amounts, days and durations of a text, each as it is written, with its value."""
    found = [item for item in items_of(text, language) if isinstance(item.payload, Literal)]
    return {text[item.start : item.end]: item.payload.value for item in found}


def added(text: str, known: str, language: Language) -> list[str]:
    """Those of a text that another does not hold."""
    values = list(literals_in(known, language).values())
    return [said for said, value in literals_in(text, language).items() if value not in values]
