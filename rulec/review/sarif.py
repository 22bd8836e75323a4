"""Findings in, a SARIF 2.1.0 log out (OASIS, Static Analysis Results Interchange Format): a run for each language.

The rules of a run are the codes found, with the page that `rulec explain` prints; columns count UTF-16 code units.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from rulec import __version__
from rulec.diagnostics import Diagnostic, Fix, Severity, catalogue
from rulec.diagnostics.places import relative
from rulec.diagnostics.render import common_language, sentences
from rulec.review.baseline import Key
from rulec.review.policy import Reviewed
from rulec.review.told import known_sources, language_of, level
from rulec.source import Language, Source
from rulec.tree import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
Log = dict[str, Any]


def sarif(sets: Sequence[Reviewed], asked: Language | None) -> Log:
    """The log."""
    found: dict[Language, list[tuple[Diagnostic, Key, Reviewed]]] = {}
    for reviewed in sets:
        for each, key in zip(reviewed.shown, reviewed.keys, strict=True):
            found.setdefault(language_of(each, reviewed, asked), []).append((each, key, reviewed))
    if not found:
        sources = [source for reviewed in sets for source in reviewed.rules.sources]
        found[asked or common_language([], {}, sources)] = []
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(*each) for each in found.items()]}


def _run(language: Language, found: Sequence[tuple[Diagnostic, Key, Reviewed]]) -> Log:
    codes = sorted({each.code for each, _, _ in found})
    met = Counter[Key]()
    results = []
    for each, key, reviewed in found:
        met[key] += 1
        results.append(_result(each, reviewed, language, codes.index(each.code), _print(key, met[key])))
    driver = {"name": "rulec", "version": __version__, "rules": [_rule(code, language) for code in codes]}
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"rulec/{language}/"},
        "language": language,
        "columnKind": "utf16CodeUnits",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "originalUriBaseIds": {_ROOT: {"description": {"text": _ROOTS[language]}}},
        "results": results,
    }


_ROOTS = {"fr": "Le dossier où rulec a été lancé.", "en": "The folder in which rulec was run."}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def _rule(code: str, language: Language) -> Log:
    entry = catalogue.entry(code)
    rule: Log = {
        "id": code,
        "shortDescription": {"text": catalogue.fill(entry.message[language], {})},
        "defaultConfiguration": {"level": _LEVELS[entry.severity]},
    }
    if why := catalogue.fill_if_known(entry.why.get(language, ""), {}):
        rule["fullDescription"] = {"text": why}
    if page := entry.page.get(language, ""):
        rule["help"] = {"text": page}
    return rule


def _print(key: Key, number: int) -> str:
    """What tells a finding from the others wherever its statement moves."""
    return hashlib.sha256(f"{key.code}\0{key.text}\0{number}".encode("utf-8", "surrogatepass")).hexdigest()


def _result(found: Diagnostic, reviewed: Reviewed, language: Language, rule: int, mark: str) -> Log:
    sources = known_sources(reviewed)
    source = sources.get(found.span.source)
    result: Log = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": level(found, reviewed),
        "message": {"text": "\n\n".join(text for text in sentences(found, language) if text)},
        "locations": [{"physicalLocation": _location(source, found.span)}] if source else [],
        "partialFingerprints": {"rulecStatement/v1": mark},
    }
    if related := list(_related(found, sources, language)):
        result["relatedLocations"] = related
    if fixes := [_fix(fix, sources[fix.span.source]) for fix in found.fixes if fix.span.source in sources]:
        result["fixes"] = fixes
    return result


def _related(found: Diagnostic, sources: Mapping[int, Source], language: Language) -> Iterator[Log]:
    texts = catalogue.entry(found.code).related
    for number, each in enumerate((each for each in found.related if each.span.source in sources), 1):
        location = _location(sources[each.span.source], each.span)
        text = catalogue.fill_if_known(texts.get(each.key, {}).get(language, ""), dict(found.values))
        told = {"message": {"text": text}} if text else {}
        yield {"id": number, "physicalLocation": location, **told}


def _fix(fix: Fix, source: Source) -> Log:
    """One way to write it; those of a finding are alternatives."""
    place = _location(source, fix.span)
    replacement = {"deletedRegion": place["region"], "insertedContent": {"text": fix.text}}
    change = {"artifactLocation": place["artifactLocation"], "replacements": [replacement]}
    return {"description": {"text": fix.label or fix.text}, "artifactChanges": [change]}


def _location(source: Source, span: Span) -> Log:
    """The file and, where it could be read, the region."""
    path = PurePosixPath(relative(source))
    uri = quote(str(path), safe="/")
    artifact = {"uri": f"file://{uri}"} if path.is_absolute() else {"uri": uri, "uriBaseId": _ROOT}
    return {"artifactLocation": artifact, **({"region": _region(source, span)} if source.text else {})}


def _region(source: Source, span: Span) -> Log:
    """Lines and columns from 1, the last column excluded."""
    (line, column), (last, end) = _point(source, span.start), _point(source, span.end)
    return {"startLine": line, "startColumn": column, "endLine": last, "endColumn": end}


def _point(source: Source, offset: int) -> tuple[int, int]:
    line = source.place(offset)[0]
    before = source.text[source.starts[line - 1] : offset]
    return line, len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1
