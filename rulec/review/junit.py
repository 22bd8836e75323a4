"""Findings in, a JUnit report (XML) out: a suite a file, a case a finding; one that fails is a failure."""

from collections import Counter
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
    names = Counter[str]()
    for each in mine:
        name = f"{each.code} {file}:{source.place(each.span.start)[0]}"
        names[name] += 1
        told_as = name if names[name] == 1 else f"{name} ({names[name]})"  # readers keep one case of a name
        _case(suite, each, reviewed, language_of(each, reviewed, asked), told_as)
    if not mine:
        SubElement(suite, "testcase", name="rulec check", classname=file, time="0")


def _case(suite: Element, found: Diagnostic, reviewed: Reviewed, language: Language, name: str) -> None:
    case = SubElement(suite, "testcase", name=name, classname=suite.get("name", ""), time="0")
    text = xml_text(render_one(found, known_sources(reviewed), language))
    if level(found, reviewed) == "error":
        first = xml_text(sentences(found, language)[0])
        SubElement(case, "failure", type=found.code, message=first).text = text
    else:
        SubElement(case, "system-out").text = text
