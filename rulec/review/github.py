"""Findings in, workflow commands out: GitHub shows each as an annotation of its line.

`::error file=…,line=…,endLine=…,col=…,endColumn=…,title=…::message`, escaped as GitHub's own toolkit does: `%`, CR and
LF everywhere, and `:` and `,` in properties.
"""

from collections.abc import Iterable, Iterator

from rulec.diagnostics import Diagnostic
from rulec.diagnostics.places import relative
from rulec.diagnostics.screen import paragraph
from rulec.review.policy import Reviewed
from rulec.review.told import known_sources, language_of, level, message
from rulec.source import Language

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def github(sets: Iterable[Reviewed], asked: Language | None) -> Iterator[str]:
    """A line a finding."""
    for reviewed in sets:
        for found in reviewed.shown:
            yield _annotation(found, reviewed, language_of(found, reviewed, asked))


def _annotation(found: Diagnostic, reviewed: Reviewed, language: Language) -> str:
    told = {**_place(found, reviewed), "title": f"rulec {found.code}"}
    properties = ",".join(f"{name}={_property(value)}" for name, value in told.items())
    return f"::{_COMMANDS[level(found, reviewed)]} {properties}::{_data(paragraph(message(found, language)))}"


def _place(found: Diagnostic, reviewed: Reviewed) -> dict[str, str]:
    """The file and the lines; columns too on one line: over several, GitHub takes none."""
    source = known_sources(reviewed).get(found.span.source)
    if source is None or not source.text:
        return {"file": relative(source)} if source else {}
    (line, column), (last, end) = source.place(found.span.start), source.place(found.span.end)
    told = {"file": relative(source), "line": str(line), "endLine": str(last)}
    return {**told, "col": str(column), "endColumn": str(end)} if line == last else told


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
