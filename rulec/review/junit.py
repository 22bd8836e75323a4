"""Findings in, a JUnit report (XML) out: a suite a file, a case a finding; one that fails is a failure."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from rulec.diagnostics import Diagnostic
from rulec.diagnostics.places import relative
from rulec.diagnostics.render import render_one, sentences
from rulec.review.policy import Reviewed
from rulec.review.told import known_sources, language_of, level
from rulec.source import Language, Source
from rulec.xml import document, xml_text


def junit(sets: Sequence[Reviewed], asked: Language | None) -> str:
    """The report. A file without findings is a case that passes."""
    root = Element("testsuites")
    for reviewed in sets:
        sources = {source.name: source for source in reviewed.rules.sources if not source.library}
        for source in sources.values():
            _suite(root, source, reviewed, asked)
    return document(root)


def _suite(root: Element, source: Source, reviewed: Reviewed, asked: Language | None) -> None:
    numbers = {each.number for each in reviewed.rules.sources if each.name == source.name}
    mine = [each for each in reviewed.shown if each.span.source in numbers]
    failed = sum(level(each, reviewed) == "error" for each in mine)
    file = xml_text(relative(source))
    told = {"name": file, "tests": str(len(mine) or 1), "failures": str(failed), "errors": "0", "time": "0"}
    suite = SubElement(root, "testsuite", told)
    for each in mine:
        _case(suite, each, reviewed, language_of(each, reviewed, asked), file)
    if not mine:
        SubElement(suite, "testcase", name="rulec check", classname=file, time="0")


def _case(suite: Element, found: Diagnostic, reviewed: Reviewed, language: Language, file: str) -> None:
    known = known_sources(reviewed)
    source = known[found.span.source]
    line = source.place(found.span.start)[0]
    case = SubElement(suite, "testcase", name=f"{found.code} {file}:{line}", classname=file, time="0")
    text = xml_text(render_one(found, known, language))
    if level(found, reviewed) == "error":
        first = xml_text(sentences(found, language)[0])
        SubElement(case, "failure", type=found.code, message=first).text = text
    else:
        SubElement(case, "system-out").text = text
