"""A rule with « sinon » and « sauf si » in, the rules that say which of the two is meant out."""

import re

from rulec.diagnostics import Fix
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.words import words
from rulec.tree import Span


def readings_of_unless(rule: ast.Rule, source: Source) -> tuple[Fix, ...]:
    """« Si A alors X sinon Y, sauf si B »: B cancels all of it, or the « sinon » only. () of a rule of another form."""
    *cases, last = rule.cases
    conditions = [case.condition for case in cases if case.condition is not None]
    if rule.unless is None or not last.otherwise or len(conditions) != len(cases) or rule.form != "conditional":
        return ()
    both, never, when = (" et ", "pas ({})", "si {} alors") if source.language == "fr" else (
        " and ", "not ({})", "if {} then")  # fmt: skip
    silent = never.format(source.cut(rule.unless.span))
    start = _after_else(source, cases[-1].effects.span.end, last.effects.span.start)
    inner = (Span(source.number, start, start), " " + when.format(silent))
    everywhere = [(each.span, f"{_held(each, source)}{both}{silent}") for each in conditions]
    place = Span(source.number, conditions[0].span.start, rule.unless.span.end)
    end = last.effects.span.end
    return tuple(Fix(place, _edited(source, place.start, end, edits)) for edits in ([*everywhere, inner], [inner]))


def _held(condition: ast.Chain, source: Source) -> str:
    text = source.cut(condition.span)
    return f"({text})" if len(condition.items) > 1 else text


def _after_else(source: Source, start: int, end: int) -> int:
    """Where the word « sinon » between two places ends."""
    ways = "|".join(re.escape(each) for each in words(source.language).tables["structure"]["ELSE"])
    found = re.search(rf"\b(?:{ways})\b", source.text[start:end], re.IGNORECASE)
    return start + found.end() if found else end


def _edited(source: Source, start: int, end: int, edits: list[tuple[Span, str]]) -> str:
    """The text from a place to another with other words at some places, given in order."""
    told = ""
    for place, text in edits:
        told += source.text[start : place.start] + text
        start = place.end
    return told + source.text[start:end]
