"""Diagnostics in, plain data for JSON out: the same sentences as on the screen, with places as lines and columns."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from rulec.diagnostics import catalogue
from rulec.diagnostics.places import relative
from rulec.diagnostics.render import in_order, sentences, spoken
from rulec.diagnostics.report import Diagnostic
from rulec.source import Language, Source
from rulec.tree import Span

# What a terminal or an editor may obey stays escaped in JSON (line ends are escaped already).
_UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)


def as_json(
    diagnostics: Iterable[Diagnostic], sources: Sequence[Source], language: Language | None = None
) -> list[dict[str, Any]]:
    """One object a diagnostic, sorted by file and place."""
    known = {source.number: source for source in sources}
    return [_one(each, known, language or spoken(each, known)) for each in in_order(diagnostics, known)]


def text_of(value: object, indent: int | None = None) -> str:
    """JSON text, accents as they are, nothing in it that a terminal obeys or that UTF-8 cannot hold."""
    return _UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=indent))


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def _one(diagnostic: Diagnostic, known: dict[int, Source], language: Language) -> dict[str, Any]:
    entry, values = catalogue.entry(diagnostic.code), dict(diagnostic.values)
    message, why, help_ = sentences(diagnostic, language)
    related = [
        {
            "message": catalogue.fill_if_known(entry.related.get(each.key, {}).get(language, ""), values),
            **_place(each.span, known),
        }
        for each in diagnostic.related
    ]
    fixes = [{"label": fix.label, "text": fix.text, **_place(fix.span, known)} for fix in diagnostic.fixes]
    return {
        "code": diagnostic.code,
        "severity": entry.severity.value,
        "message": message,
        "why": why,
        "help": help_,
        **_place(diagnostic.span, known),
        "fixes": fixes,
        "related": related,
    }


def _place(span: Span, known: dict[int, Source]) -> dict[str, Any]:
    """File, and where in it, in lines and columns from 1 and in characters from 0; the end is excluded."""
    source = known.get(span.source)
    if source is None:
        return {}
    where = {"path": relative(source)} if source.path else {}
    return {"file": source.name, **where, "start": _point(source, span.start), "end": _point(source, span.end)}


def _point(source: Source, offset: int) -> dict[str, int]:
    line, column = source.place(offset)
    return {"line": line, "column": column, "offset": offset}
