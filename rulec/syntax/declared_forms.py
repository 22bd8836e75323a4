"""Tokens of declarations in, the same as the grammar reads them out: « un statut : Or, Argent », « un poids en kg »."""

import re
from collections.abc import Sequence
from itertools import pairwise

from rulec.runtime.literals import Literal, scan_literal
from rulec.source import Language, Source
from rulec.syntax.fold import fold
from rulec.syntax.tokens import Token
from rulec.syntax.words import words
from rulec.tree import Span

_MEASURING: dict[Language, str] = {"fr": "en", "en": "in"}
_BETWEEN: dict[Language, str] = {"fr": r"\s+ou\s+|\s*/\s*", "en": r"\s+or\s+|\s*/\s*"}
_NEVER_BARE = frozenset({"LPAR", "AMONG"})  # what says by itself what a name is


def as_declared(tokens: Sequence[Token], source: Source) -> list[Token]:
    """Each line of a list in the form that the grammar has for it."""
    starts = [at for at, token in enumerate(tokens) if token.type == "ITEM"]
    out = list(tokens[: starts[0]] if starts else tokens)
    for start, end in pairwise([*starts, len(tokens)]):
        line = list(tokens[start:end])
        for form in (_after_colon, _values_in_parentheses, _measured, _required):
            line = form(line, source)
        out += line
    return out


def _after_colon(line: list[Token], source: Source) -> list[Token]:
    """« un statut : Or, Argent », « un statut parmi : Or », « un âge : nombre entier », « un montant : € »."""
    kinds = [token.type for token in line]
    if kinds[1:4] == ["NAME", "AMONG", "COLON"]:
        return [*line[:3], *line[4:]]
    if kinds[1:4] not in (["NAME", "COLON", "NAME"], ["NAME", "COLON", "SIGN"]):
        return line
    said = _stated(line[3], source)
    if said is None and kinds[3] == "NAME":
        said = [_as(line[2], "AMONG", "AMONG"), line[3]]
    return line if said is None else [*line[:2], *said, *line[4:]]


def _values_in_parentheses(line: list[Token], source: Source) -> list[Token]:
    """« un statut (Or, Argent ou Bronze) », « (Or / Argent) », « (parmi Or, Argent) »: names that are no type."""
    kinds = [token.type for token in line]
    if kinds[1:3] != ["NAME", "LPAR"] or "RPAR" not in kinds:
        return line
    close = kinds.index("RPAR")
    if not set(kinds[3:close]) <= {"NAME", "COMMA"}:
        return line
    values = [part for token in line[3:close] if token.type == "NAME" for part in _parted(token, source)]
    if len(values) < 2 or any(_is_unit(value.payload, source.language) for value in values):
        return line
    listed = [each for value in values for each in (_as(line[2], "COMMA", ","), value)]
    return [*line[:2], _as(line[2], "AMONG", "AMONG"), *listed[1:], *line[close + 1 :]]


def _measured(line: list[Token], source: Source) -> list[Token]:
    """« un montant en € », « un poids en kg », « un poids, en kg »: the measure without parentheses."""
    kinds = [token.type for token in line]
    if kinds[1:2] != ["NAME"] or _NEVER_BARE & set(kinds):
        return line
    name, measuring = line[1], _MEASURING[source.language]
    if kinds[2:4] == ["COMMA", "NAME"] and line[3].payload.startswith(f"{measuring} "):
        said = _stated(line[3], source)
        return line if said is None else [*line[:2], *said, *line[4:]]
    if kinds[2:3] == ["SIGN"] and name.payload.endswith(f" {measuring}"):
        said = _stated(line[2], source)
        bare = _named(name, name.payload.removesuffix(f" {measuring}"), source)
        return line if said is None else [line[0], bare, *said, *line[3:]]
    lead, _, unit = name.payload.rpartition(f" {measuring} ")
    if not lead or not _is_unit(unit, source.language):
        return line
    return [line[0], _named(name, lead, source), *_in_parentheses(_named(name, unit, source, last=True)), *line[2:]]


def _required(line: list[Token], source: Source) -> list[Token]:
    """« un poids (en kg), obligatoire » says nothing new; within a list of values, the word is one."""
    listed = any(token.type == "AMONG" for token in line)
    out: list[Token] = []
    for token in line:
        if token.type != "REQUIRED":
            out.append(token)
        elif listed or out[-1].type != "COMMA":
            out.append(_as(token, "NAME", source.cut(token.span)))
        else:
            out.pop()
    return out


def _stated(token: Token, source: Source) -> list[Token] | None:
    """« nombre entier », « en kg », « € », "%" as a type or a measure in parentheses; None where they are no such."""
    text = fold(source.cut(token.span))
    for kind, ways in words(source.language).tables["types"].items():
        if text in (fold(way).removeprefix("en ").removeprefix("in ") for way in ways):
            return [_as(token, "LPAR", "("), _as(token, "TYPE", kind), _as(token, "RPAR", ")")]
    unit = source.cut(token.span).removeprefix(f"{_MEASURING[source.language]} ")
    return _in_parentheses(_as(token, "NAME", unit)) if _is_unit(unit, source.language) else None


def _in_parentheses(unit: Token) -> list[Token]:
    return [_as(unit, "LPAR", "("), _as(unit, "IN", "IN"), unit, _as(unit, "RPAR", ")")]


def _parted(token: Token, source: Source) -> list[Token]:
    """The values that a name within parentheses holds: « Argent ou Bronze », « Or / Argent », « parmi Or »."""
    among = words(source.language).tables["declarations"]["AMONG"]
    lead = "|".join(re.escape(way) for way in among)
    start = token.span.start
    if found := re.match(rf"(?:{lead})\s+", source.cut(token.span), re.IGNORECASE):
        start += found.end()
    text = source.text[start : token.span.end]
    ends = [(each.start(), each.end()) for each in re.finditer(_BETWEEN[source.language], text)]
    places = zip([0, *(end for _, end in ends)], [*(begin for begin, _ in ends), len(text)], strict=True)
    spans = [Span(source.number, start + begin, start + end) for begin, end in places if begin < end]
    return [Token("NAME", source.cut(span), source.cut(span), span) for span in spans]


def _is_unit(text: str, language: Language) -> bool:
    """« kg », « € HT », « jours »: what a number may be followed by."""
    written = f"1 {text.strip()}"
    found = scan_literal(written, 0, language)
    return isinstance(found, Literal) and found.kind != "number" and found.end == len(written)


def _named(token: Token, text: str, source: Source, *, last: bool = False) -> Token:
    """The first or the last words of a name."""
    start = token.span.end - len(text) if last else token.span.start
    end = token.span.end if last else token.span.start + len(text)
    return Token("NAME", text, text, Span(source.number, start, end))


def _as(token: Token, kind: str, payload: object) -> Token:
    return Token(kind, token.text, payload, token.span)
