"""Whom something is given to in, what has two readings there reported, in files that declare nothing."""

import re
from collections.abc import Sequence

from rulec.diagnostics import Diagnostics, Fix
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.words import words
from rulec.tree import Span

_SOME = {"fr": r"(?m)^\s*(?:une? )\s*$", "en": r"(?m)^\s*(?:an? )\s*$"}
_MADE_OF = {"fr": r"(\s+a)\s+(?:une? )[^\W\d]", "en": r"(\s+has)\s+(?:an? )[^\W\d]"}
_AND = {"fr": r",|\bet\b", "en": r",|\band\b"}
_ONE = {"fr": r"\b(?:le |la |l['’])\s*$", "en": r"\bthe\s+$"}


def whom_in_doubt(
    whom: ast.Phrase, said: Sequence[ast.Predicate], given: ast.Predicate, source: Source, diagnostics: Diagnostics
) -> bool:
    """« le client a 10 % de remise » (whoever, or who is one?), « les clients de plus de 60 » (which number?)."""
    if len(said) == 1 and number_in_doubt(whom, said[0], source, diagnostics):
        return True
    if not said and _is_made_of(whom, given, source, diagnostics):
        return True
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


def _is_made_of(whom: ast.Phrase, given: ast.Predicate, source: Source, diagnostics: Diagnostics) -> bool:
    """« une commande a un montant »: what an order is made of, or what is given to whoever is one?"""
    lead = re.search(_SOME[source.language], source.text[: whom.span.start], re.IGNORECASE)
    line = re.match(r"[^\n.]*", source.text[whom.span.end :])
    has = re.match(_MADE_OF[source.language], line[0]) if line else None
    if lead is None or has is None or line is None or not _is_single(whom, source) or given.marker != "HAS":
        return False
    whole = Span(whom.span.source, lead.start(), whom.span.end + line.end())
    parts = [part.strip() for part in re.split(_AND[source.language], line[0][has.end(1) :]) if part.strip()]
    fr = source.language == "fr"
    number, colon = ("nombre", " :") if fr else ("number", ":")
    if_, then, and_ = ("Si", "alors", "et") if fr else ("If", "then", "and")
    head = source.text[whole.start : whom.span.end + has.end(1)]
    things = f"{head}{colon}" + "".join(f"\n  - {part} ({number})" for part in parts)
    names = f" {and_} ".join(part.split(" ", 1)[-1] for part in parts)
    rule = f"{if_} {source.cut(whom.span)} {then} {names}"
    diagnostics.add("E759", whole, fixes=(Fix(whole, things), Fix(whole, rule)), text=source.cut(whole), one=head)
    return True


def _is_single(whom: ast.Phrase, source: Source) -> bool:
    name = source.cut(whom.span)
    return " " not in name and not (source.language == "en" and name.endswith("s"))


def number_in_doubt(whom: ast.Phrase, said: ast.Predicate, source: Source, diagnostics: Diagnostics) -> bool:
    """« pour les clients de plus de 60 », "for children under 12"."""
    operand = said.phrase.operand if said.marker == "CMP" and said.phrase else None
    number = isinstance(operand, ast.Value) and operand.literal is not None and operand.literal.kind == "number"
    return number and _of_which_number(whom, said, source, diagnostics)


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


def base_in_doubt(head: ast.Predicate, on: ast.Ref, source: Source, diagnostics: Diagnostics) -> bool:
    """« 10 % de remise sur la commande »: whatever it is (of which it is 10 %), or where there is one?"""
    name = source.cut(on.span)
    one = re.search(_ONE[source.language], source.text[: on.span.start], re.IGNORECASE)
    if one is None or (source.language == "en" and name.endswith("s")):
        return False
    start = min(head.span.start, one.start())
    place = Span(on.span.source, len(source.text[:start].rstrip()), on.span.end)
    if_ = "si" if source.language == "fr" else "if"
    rest = source.text[on.span.end :].partition("\n")[0]
    other = () if re.search(r"\b(?:si|sauf|if|unless)\b", rest, re.IGNORECASE) else (Fix(place, f" {if_} {name}"),)
    diagnostics.add(
        "E771", place, fixes=(Fix(place, ""), *other), text=source.cut(place).strip(), one=f"{if_} {name}"
    )
    return True
