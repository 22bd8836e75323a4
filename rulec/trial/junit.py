"""Results of examples in, a JUnit report (XML) out, as continuous integration reads it: a suite a file."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rulec.trial.run import Result
from rulec.trial.tell import Teller

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no character of XML 1.0


def junit(results: Sequence[Result], teller: Teller) -> str:
    """The report: every file of the rules is a suite, every example a case."""
    root = Element("testsuites")
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for number, source in enumerate(teller.sources):
        mine = [result for result in results if result.example.file == source.name]
        failed = sum(not result.passed for result in mine)
        told = {
            "name": _clean(source.name), "package": "rulec", "id": str(number), "timestamp": stamp,
            "hostname": "localhost", "tests": str(len(mine)), "failures": str(failed), "errors": "0", "time": "0",
        }  # fmt: skip
        suite = SubElement(root, "testsuite", told)
        SubElement(suite, "properties")
        for result in mine:
            _case(suite, result, teller)
        SubElement(suite, "system-out")
        SubElement(suite, "system-err")
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _case(suite: Element, result: Result, teller: Teller) -> None:
    name, file = _clean(teller.name(result.example)), _clean(result.example.file)
    case = SubElement(suite, "testcase", name=name, classname=file, time="0")
    if not result.passed:
        told = _clean(teller.failure(result))
        first = _clean(teller.difference(result.failures[0], result.decision)) if result.failures else told
        failure = SubElement(case, "failure", type="example", message=first)
        failure.text = f"{file}:{result.example.line}\n{told}"


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
