"""A finding in, the sentences and places that every form of report needs out."""

from collections.abc import Mapping

from rulec.diagnostics import Diagnostic, catalogue
from rulec.diagnostics.render import WORDS, sentences, spoken
from rulec.review.policy import Reviewed
from rulec.source import Language, Source


def level(found: Diagnostic, reviewed: Reviewed) -> str:
    """error (whatever fails), warning or note."""
    fails = any(each is found for each in reviewed.failing)
    return "error" if fails else catalogue.entry(found.code).severity.value


def known_sources(reviewed: Reviewed) -> Mapping[int, Source]:
    """The sources by their number."""
    return {source.number: source for source in reviewed.rules.sources}


def language_of(found: Diagnostic, reviewed: Reviewed, asked: Language | None) -> Language:
    """The language to speak of a finding."""
    return asked or spoken(found, known_sources(reviewed))


def message(found: Diagnostic, language: Language) -> str:
    """What is wrong, why and what to write, a paragraph each."""
    said = [text for text in sentences(found, language) if text]
    fixes = [f"{fix.label}: {fix.text}" if fix.label else fix.text for fix in found.fixes if fix.text]
    head = WORDS[language]["alternatives" if len(fixes) > 1 else "write"]
    return "\n\n".join([*said, *(["\n".join([head, *fixes])] if fixes else [])])
