"""Results of examples in, a JUnit report (XML) out, as continuous integration reads it: a suite a file."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement

from rulec.trial.run import Result
from rulec.trial.tell import Teller
from rulec.xml import document, xml_text


def junit(sets: Sequence[tuple[Sequence[Result], Teller]]) -> str:
    """The report: every file of the rule sets is a suite, every example a case."""
    root = Element("testsuites")
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    files = [(source, results, teller) for results, teller in sets for source in teller.sources]
    for number, (source, results, teller) in enumerate(files):
        mine = [result for result in results if result.example.file == source.name]
        failed = sum(not result.passed for result in mine)
        told = {
            "name": xml_text(source.name), "package": "rulec", "id": str(number), "timestamp": stamp,
            "hostname": "localhost", "tests": str(len(mine)), "failures": str(failed), "errors": "0", "time": "0",
        }  # fmt: skip
        suite = SubElement(root, "testsuite", told)
        SubElement(suite, "properties")
        for result in mine:
            _case(suite, result, teller)
        SubElement(suite, "system-out")
        SubElement(suite, "system-err")
    return document(root)


def _case(suite: Element, result: Result, teller: Teller) -> None:
    name, file = xml_text(teller.name(result.example)), xml_text(result.example.file)
    case = SubElement(suite, "testcase", name=name, classname=file, time="0")
    if not result.passed:
        told = xml_text(teller.failure(result))
        first = xml_text(teller.difference(result.failures[0], result.decision)) if result.failures else told
        failure = SubElement(case, "failure", type="example", message=first)
        failure.text = f"{file}:{result.example.line}\n{told}"
