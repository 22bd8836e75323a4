"""Diagnostics in, the text that a person reads out: the line, the place, what is wrong, why, what to write instead."""

import re
from collections.abc import Iterable, Mapping, Sequence

from rulec.diagnostics import catalogue
from rulec.diagnostics.report import Diagnostic, Fix, Severity
from rulec.diagnostics.screen import BEFORE, WINDOW, Paint, colourless, excerpt, harmless, paragraph
from rulec.source import Language, Source
from rulec.tree import Span

COLUMNS = 80
FIX_LINES = 12
LONGEST = 400  # characters of a value in a sentence
WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "error": "ERREUR", "warning": "AVERTISSEMENT", "note": "REMARQUE",
        "write": "Écrivez :", "alternatives": "Écrivez, selon ce que vous voulez dire :",
        "remove": "(supprimez cette ligne)",
    },
    "en": {
        "error": "ERROR", "warning": "WARNING", "note": "NOTE",
        "write": "Write:", "alternatives": "Write, depending on what you mean:",
        "remove": "(remove this line)",
    },
}  # fmt: skip
COUNTED: Mapping[Language, Mapping[Severity, tuple[str, str]]] = {
    "fr": {
        Severity.ERROR: ("erreur", "erreurs"),
        Severity.WARNING: ("avertissement", "avertissements"),
        Severity.NOTE: ("remarque", "remarques"),
    },
    "en": {
        Severity.ERROR: ("error", "errors"),
        Severity.WARNING: ("warning", "warnings"),
        Severity.NOTE: ("note", "notes"),
    },
}
NONE_FOUND: Mapping[Language, str] = {"fr": "aucune erreur", "en": "no errors"}


def render(
    diagnostics: Iterable[Diagnostic],
    sources: Sequence[Source],
    language: Language | None = None,
    paint: Paint = colourless,
) -> str:
    """All diagnostics, sorted by file and place, then the summary line.

    Each is in the language of its file; `language` overrides. `paint` colours (nothing does by default).
    """
    known = {source.number: source for source in sources}
    found = in_order(diagnostics, known)
    parts = [render_one(each, known, language or spoken(each, known), paint) for each in found]
    return "\n\n".join([*parts, summary(found, language or common_language(found, known, sources))])


def in_order(diagnostics: Iterable[Diagnostic], known: Mapping[int, Source]) -> list[Diagnostic]:
    """Sorted by the name of the file, then by place, then by code."""

    def place(each: Diagnostic) -> tuple[str, int, int, str]:
        source = known.get(each.span.source)
        return (source.name if source else "", each.span.start, each.span.end, each.code)

    return sorted(diagnostics, key=place)


def spoken(diagnostic: Diagnostic, known: Mapping[int, Source]) -> Language:
    """The language of the file in which the diagnostic stands."""
    source = known.get(diagnostic.span.source)
    return source.language if source else "fr"


def common_language(found: Sequence[Diagnostic], known: Mapping[int, Source], sources: Sequence[Source]) -> Language:
    """The language of the summary: that of the first finding, or of the first file where there is none."""
    if found:
        return spoken(found[0], known)
    return sources[0].language if sources else "fr"


def summary(found: Iterable[Diagnostic], language: Language) -> str:
    """« 2 erreurs, 1 avertissement », or « aucune erreur »."""
    severities = [catalogue.entry(each.code).severity for each in found]
    counts = {severity: severities.count(severity) for severity in Severity}
    parts = [f"{n} {COUNTED[language][severity][n > 1]}" for severity, n in counts.items() if n]
    if not counts[Severity.ERROR]:
        parts.insert(0, NONE_FOUND[language])
    return ", ".join(parts)


def sentences(diagnostic: Diagnostic, language: Language) -> tuple[str, str, str]:
    """The message, why and help of a diagnostic, filled; "" where the catalogue says nothing."""
    entry, values = catalogue.entry(diagnostic.code), {key: _short(text) for key, text in diagnostic.values}
    why, help_ = entry.why.get(language, ""), entry.help.get(language, "")
    message = catalogue.fill(entry.message[language], values)
    return _once(message), _once(catalogue.fill_if_known(why, values)), _once(catalogue.fill_if_known(help_, values))


def _once(text: str) -> str:
    """Words that are quoted already are not quoted twice."""
    return text.replace("« « ", "« ").replace(" » »", " »").replace('""', '"')


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def render_one(
    diagnostic: Diagnostic, known: Mapping[int, Source], language: Language, paint: Paint = colourless
) -> str:
    """One diagnostic: header, message, the line with the place underlined, why, help, fixes, other places."""
    source = known.get(diagnostic.span.source)
    message, why, help_ = sentences(diagnostic, language)
    style = catalogue.entry(diagnostic.code).severity.value
    parts = [_header(diagnostic, source, language, paint), _wrapped(message)]
    if source and source.text:
        parts.append(_shown(source, diagnostic.span, style, paint))
    parts += [_wrapped(text) for text in (why, "" if len(diagnostic.fixes) > 1 else help_) if text]
    if source and diagnostic.fixes:
        parts.append(_fixes(diagnostic.fixes, source, known, language, paint))
    parts += _related(diagnostic, known, language, paint)
    return "\n\n".join(parts)


def place(source: Source, span: Span) -> str:
    """`remises.regles:3:4`, or the name alone of a file that could not be read."""
    if not source.text:
        return harmless(source.name)
    line, column = source.place(span.start)
    return f"{harmless(source.name)}:{line}:{column}"


def _header(diagnostic: Diagnostic, source: Source | None, language: Language, paint: Paint) -> str:
    severity = catalogue.entry(diagnostic.code).severity.value
    head, where = f"-- {WORDS[language][severity]} {diagnostic.code} ", place(source, diagnostic.span) if source else ""
    dashes = "-" * max(4, COLUMNS - len(head) - len(where) - (1 if where else 0))
    return paint(f"{head}{dashes} {where}".rstrip(), severity)


def _shown(source: Source, span: Span, style: str, paint: Paint) -> str:
    """The line of the place with its number, and the marks; of a place over several lines, the first."""
    number, column = source.place(span.start)
    line = source.line(number)
    seen = excerpt(line, column - 1, min(column - 1 + max(1, span.end - span.start), max(len(line), column)))
    gutter = f"{number} | "
    return f"{paint(gutter, 'dim')}{seen.line}\n{' ' * len(gutter)}{paint(seen.marks, style)}"


def _wrapped(text: str) -> str:
    """Lines of at most 80 columns; a line that starts with a space (an example) stays as it is."""
    from textwrap import TextWrapper  # only a finding needs it

    lines = paragraph(text).split("\n")
    wrapper = TextWrapper(COLUMNS, break_long_words=False, break_on_hyphens=False)
    filled = (line if line.startswith(" ") else wrapper.fill(_glued(line)) for line in lines)
    return "\n".join(filled).replace(_GLUE, " ")


def _glued(line: str) -> str:
    """The line with what is never broken: « 500 € », a short quotation, a French mark and its word."""
    short = re.sub(_QUOTED, lambda quoted: quoted[0].replace(" ", _GLUE), line)
    return re.sub(r"(?<=«) | (?=[»:;?!])|(?<=\d) (?=[\w€$£%])|(?<=[€$£]) (?=\d)", _GLUE, short)


_GLUE = "\ue000"  # a space at which no line is broken
_QUOTED = re.compile('«[^«»]{1,40}»|"[^"]{1,40}"')


def _fixes(
    fixes: tuple[Fix, ...], source: Source, known: Mapping[int, Source], language: Language, paint: Paint
) -> str:
    words = WORDS[language]
    written = [fixed_lines(fix, known.get(fix.span.source, source)) or [words["remove"]] for fix in fixes]
    if len(fixes) == 1 and not fixes[0].label:
        return "\n".join([words["write"], "", *(f"    {paint(line, 'fix')}" for line in written[0])])
    lines = [words["write"] if len(fixes) == 1 else words["alternatives"]]
    for fix, texts in zip(fixes, written, strict=True):
        lines += ["", f"  - {harmless(fix.label)}"] if fix.label else [""]
        lines += [f"    {paint(line, 'fix')}" for line in texts]
    return "\n".join(lines)


def fixed_lines(fix: Fix, source: Source) -> list[str]:
    """The lines of the place with the replacement applied, cut around it where they are long; [] if nothing is left."""
    from textwrap import dedent

    first, column = source.place(fix.span.start)
    last, end = source.place(fix.span.end)
    before, after = source.line(first)[: column - 1], source.line(last)[end - 1 :]
    if len(before) > WINDOW:
        before = "…" + before[-BEFORE:]
    if len(after) > WINDOW:
        after = after[:BEFORE] + "…"
    lines = [harmless(line).rstrip() for line in (before + fix.text + after).strip("\r\n").splitlines()]
    lines = dedent("\n".join(lines)).split("\n") if any(lines) else []
    return lines if len(lines) <= FIX_LINES else [*lines[:FIX_LINES], "…"]


def _related(diagnostic: Diagnostic, known: Mapping[int, Source], language: Language, paint: Paint) -> list[str]:
    entry, parts = catalogue.entry(diagnostic.code), []
    for each in diagnostic.related:
        source, texts = known.get(each.span.source), entry.related.get(each.key, {})
        if source is None or not source.text:
            continue
        text = catalogue.fill_if_known(texts.get(language, ""), dict(diagnostic.values))
        head = _wrapped(f"{text} ({place(source, each.span)})".strip())
        parts.append(f"{head}\n\n{_shown(source, each.span, 'dim', paint)}")
    return parts
