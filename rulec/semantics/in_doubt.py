"""Whom something is given to in, what has two readings there reported, in files that declare nothing."""

import re
from collections.abc import Sequence

from rulec.diagnostics import Diagnostics, Fix
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.words import words
from rulec.tree import Span

_ONE = {"fr": r"\b(?:le |la |l['’])\s*$", "en": r"\bthe\s+$"}


def whom_in_doubt(
    whom: ast.Phrase, said: Sequence[ast.Predicate], given: ast.Predicate, source: Source, diagnostics: Diagnostics
) -> bool:
    """« le client a 10 % de remise » (whoever, or who is one?), « les clients de plus de 60 » (which number?)."""
    operand = said[0].phrase.operand if len(said) == 1 and said[0].marker == "CMP" and said[0].phrase else None
    if isinstance(operand, ast.Value) and operand.literal and operand.literal.kind == "number":
        return _of_which_number(whom, said[0], source, diagnostics)
    one = re.search(_ONE[source.language], source.text[: whom.span.start], re.IGNORECASE)
    if said or one is None or not _is_single(whom, source) or given.phrase is None:
        return False
    whole = Span(whom.span.source, one.start(), given.phrase.span.end)
    who, gift = source.cut(Span(whole.source, one.start(), whom.span.end)), source.cut(given.phrase.span)
    to = "pour" if source.language == "fr" else "for"
    all_of_them, only_these = gift, f"{gift} {to} {who[:1].lower()}{who[1:]}"
    fixes = (Fix(whole, all_of_them), Fix(whole, only_these))
    diagnostics.add("E793", whole, fixes=fixes, text=source.cut(whole), one=all_of_them, other=only_these)
    return True


def _is_single(whom: ast.Phrase, source: Source) -> bool:
    name = source.cut(whom.span)
    return " " not in name and not (source.language == "en" and name.endswith("s"))


def _of_which_number(whom: ast.Phrase, said: ast.Predicate, source: Source, diagnostics: Diagnostics) -> bool:
    """Their age, or how many there are; what is a number by its name has no doubt."""
    age = words(source.language).tables["hints"]["age"][0]
    name = source.cut(whom.span).lower()
    hints = words(source.language).tables["hints"]
    if {fold(each) for key in ("age", "numbers", "quantity") for each in hints[key]} & set(fold(name).split()):
        return False
    number = f"nombre de {name}" if source.language == "fr" else f"number of {name}"
    diagnostics.add("E791", whom.span.to(said.span), text=source.cut(whom.span.to(said.span)), one=age, other=number)
    return True
