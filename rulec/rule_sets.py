"""Paths in, the rule sets that they hold out: files that declare the same terms in two languages are one set each."""

from collections.abc import Sequence
from pathlib import Path

from rulec.diagnostics import Diagnostics
from rulec.files import used_by, with_imports
from rulec.pipeline import Compiled, compile_files
from rulec.source import LANGUAGES, Language, Source


def compile_sets(paths: Sequence[Path]) -> tuple[Compiled, ...]:
    """Compile rule files, with the files that they use: one set, or one for each language."""
    diagnostics = Diagnostics()
    sources = with_imports([Path(path) for path in paths], diagnostics)
    unread = diagnostics.failed
    whole = compile_files(sources, diagnostics)
    if unread or not _said_twice(whole) or _use_each_other(sources):
        return (whole,)
    return tuple(compile_files(_in(sources, language), Diagnostics()) for language in LANGUAGES)


def set_in(sets: Sequence[Compiled], language: Language | None) -> Compiled | None:
    """The only set, or that of a language; None where several are left."""
    left = [each for each in sets if len(sets) == 1 or each.language == language]
    return left[0] if len(left) == 1 else None


def names_in(compiled: Compiled) -> str:
    """The files of a set, as a sentence names them."""
    return ", ".join(dict.fromkeys(source.name for source in compiled.sources if not source.library))


def _said_twice(compiled: Compiled) -> bool:
    """Whether a term is declared in one language, and again in the other."""
    language = {source.number: source.language for source in compiled.sources}
    return any(
        language[each.span.source] != language[related.span.source]
        for each in compiled.diagnostics
        for related in each.related
        if each.code == "E205"
    )


def _use_each_other(sources: Sequence[Source]) -> bool:
    """Whether a file of one language uses one of the other."""
    stems = {language: {Path(each.name).stem for each in _in(sources, language)} for language in LANGUAGES}
    used = [(source, Path(use.name).stem) for source in sources for use in used_by(source)]
    return any(name not in stems[source.language] and name in set().union(*stems.values()) for source, name in used)


def _in(sources: Sequence[Source], language: Language) -> list[Source]:
    return [each for each in sources if each.language == language]
