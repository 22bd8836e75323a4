"""Paths in, sources out: rule files as text, with the files that they use (« Utiliser tarifs »)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from stat import S_ISREG
from typing import Any, NamedTuple

from rulec import resources
from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime.plain import Plain, plain
from rulec.source import Language, Source
from rulec.syntax.csv_rows import SHEETS
from rulec.syntax.fold import fold
from rulec.syntax.languages import language_of
from rulec.syntax.layout import USE
from rulec.syntax.nearest import nearest
from rulec.syntax.sheets import UNREAD, table_files
from rulec.tree import Span

RULE_FILES = (".regles", ".rules", ".md")
LANGUAGES: tuple[tuple[Language, str], ...] = (("fr", "regles"), ("en", "rules"))  # with the mark of their blocks
_ENDINGS: dict[Language, str] = {"fr": ".regles", "en": ".rules"}
MAX_BYTES = 4_000_000
MAX_LINE = 100_000
_USES = re.compile(r"[uU](?:[sS][eE]|[tT][iI][lL][iI][sS][eE][rR])[ \t]")  # where one may be
_MOST = f"> {MAX_BYTES // 1_000_000} MB"


def rule_files(paths: Sequence[Path]) -> list[Path]:
    """The files as given, folders replaced by the rule files beneath them, sorted; a folder without one stays."""
    files: list[Path] = []
    for path in paths:
        beneath = sorted(p for p in path.rglob("*") if p.suffix in RULE_FILES and p.is_file()) if path.is_dir() else []
        files += beneath or [path]
    return list(dict.fromkeys(files))


def with_imports(paths: list[Path], diagnostics: Diagnostics) -> list[Source]:
    """The sources of the files, each after those that it uses; a file used twice counts once.

    Pages of prose alone are none, except where nothing else is given.
    """
    reader = _Reader(diagnostics)
    return list(reader.read_all(paths)) or reader.prose


def with_library(source: Source, diagnostics: Diagnostics) -> list[Source]:
    """A text that stands in no folder, after the modules of the library that it uses."""
    return [*_Reader(diagnostics).read_library(source), source]


class Use(NamedTuple):
    """A file used: its name as written, where, and in which language."""

    name: str
    span: Span
    language: Language


@plain
class _Open(Plain):
    """A file whose imports are being read."""

    path: Path
    known: Path
    sources: list[Source]
    uses: Iterator[Use]


class _Reader:
    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics
        self.numbers = count()
        self.done: set[Path] = set()
        self.names: set[str] = set()
        self.prose: list[Source] = []

    def read_all(self, paths: list[Path]) -> Iterator[Source]:
        for path in paths:
            yield from self.read(path)

    def read(self, path: Path) -> Iterator[Source]:
        """The file after those that it uses; a chain of files may be long, so that nothing calls itself here."""
        open_files = [self.opened(path)] if _resolved(path) not in self.done else []
        while open_files:
            each = open_files[-1]
            used = next(each.uses, None)
            if used is None:
                open_files.pop()
                yield from each.sources
            elif (found := self.used(each.path, used, [other.known for other in open_files])) is not None:
                open_files.append(self.opened(found))

    def opened(self, path: Path) -> "_Open":
        """A file read, its imports to be followed."""
        known = _resolved(path)
        self.done.add(known)
        source = replace(read_source(next(self.numbers), path, self.diagnostics, self.shown(path)), path=str(path))
        if known.parent == resources.folder("stdlib"):
            source = replace(source, library=True)
        sources = [self.with_tables(path, each) for each in (self.blocks(source) if path.suffix == ".md" else [source])]
        return _Open(path, known, sources, (use for each in sources for use in used_by(each)))

    def with_tables(self, path: Path, source: Source) -> Source:
        """The source with the files that its tables are read from, each beside it."""
        spans = table_files(source)
        found = [(source.cut(span).strip(), self.rows(path, source, span)) for span in spans]
        return replace(source, tables=tuple(found)) if found else source

    def rows(self, path: Path, source: Source, span: Span) -> Source:
        """The file of rows that a table names."""
        from rulec.row_files import file_of_rows, source_of_sheet, source_of_text  # few rules need them

        found = file_of_rows(path, source.cut(span).strip(), span, self.diagnostics)
        before = len(self.diagnostics)
        if found is None:
            return UNREAD
        number, name = next(self.numbers), self.shown(found)
        if found.suffix.lower() in SHEETS:
            rows = source_of_sheet(number, found, name, source.language, span, self.diagnostics)
        else:
            rows = source_of_text(read_source(number, found, self.diagnostics, name), source.language)
        return replace(rows, path=str(found)) if len(self.diagnostics) == before else UNREAD

    def read_library(self, source: Source) -> Iterator[Source]:
        """The modules of the library that a text without a folder uses, each after those that it uses."""
        next(self.numbers)
        for name, span, language in used_by(source):
            module = _module(name, language)
            if module is None:
                closest = _nearest_module(name, language, ())
                self.diagnostics.add("E931", span, name=name, closest=closest)
            else:
                yield from self.read(module)

    def used(self, path: Path, use: Use, around: list[Path]) -> Path | None:
        """The file of that name, beside the one at the path or in the library, if it is not read yet.

        What is wrong is reported.
        """
        name, span, language = use
        beside, module = _beside(path, name), _module(name, language)
        if beside and module and _resolved(beside) == _resolved(path):
            beside = None  # « Utiliser garde » in garde.regles: no file means itself
        if beside and module and _resolved(beside) != _resolved(module):
            self.diagnostics.add("E933", span, name=name, path=beside.name, fixes=(Fix(span, beside.name),))
            return None
        found = beside or module
        if found is None:
            self._not_found(path, name, span, language)
            return None
        known = _resolved(found)
        if known in around:
            names = " → ".join(each.name for each in (*around[around.index(known) :], known))
            self.diagnostics.add("E932", span, path=names)
        return None if known in self.done else found

    def blocks(self, source: Source) -> list[Source]:
        """The rules of a literate file, one source a language: its blocks in their place, the prose left blank."""
        texts = [(language, only_blocks(source.text, mark)) for language, mark in LANGUAGES]
        numbers = chain([source.number], self.numbers)
        found = [
            replace(source, number=next(numbers), text=text, language=language)
            for language, text in texts
            if text.strip()
        ]
        self.prose += [] if found else [replace(source, text=_blank(source.text))]
        return found

    def shown(self, path: Path) -> str:
        """The file's name; its path where another file has that name."""
        name = path.name if path.name not in self.names else str(path)
        self.names.add(name)
        return name

    def _not_found(self, path: Path, name: str, span: Span, language: Language) -> None:
        beside = [each.stem for each in path.parent.iterdir() if each.suffix in RULE_FILES and each != path]
        self.diagnostics.add("E931", span, name=name, closest=_nearest_module(name, language, beside))


def _nearest_module(name: str, language: Language, beside: Sequence[str]) -> str:
    """The nearest names among the files beside and the modules of the library."""
    return " | ".join(nearest(name, [*beside, *modules(language)]))


def modules(language: Language) -> tuple[str, ...]:
    """The names of the modules of the library in a language, sorted."""
    return tuple(sorted(path.stem for path in resources.folder("stdlib").glob(f"*{_ENDINGS[language]}")))


def library_text(name: str, language: Language) -> str:
    """The text of a module of the library."""
    return (resources.folder("stdlib") / f"{name}{_ENDINGS[language]}").read_text(encoding="utf-8")


def _module(name: str, language: Language) -> Path | None:
    """The file of a module of the library."""
    plain = fold(name)
    return resources.folder("stdlib") / f"{plain}{_ENDINGS[language]}" if plain in modules(language) else None


def blocks_of(text: str, mark: str) -> Iterator[re.Match[str]]:
    """The blocks of a literate file with this mark; group 2 is what stands inside."""
    return re.finditer(rf"^[ ]{{0,3}}(```+|~~~+)[ ]*{mark}[ ]*\r?\n(.*?)(?:^[ ]{{0,3}}\1|\Z)", text, re.M | re.S)


def only_blocks(text: str, mark: str) -> str:
    """A text of the same length and lines in which only the blocks with this mark are left."""
    kept, at = [], 0
    for block in blocks_of(text, mark):
        kept += [_blank(text[at : block.start(2)]), block[2]]
        at = block.end(2)
    return "".join([*kept, _blank(text[at:])])


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path


def used_by(source: Source) -> Iterator[Use]:
    """What a source uses."""
    for found in USE.finditer(source.text) if _USES.search(source.text) else ():
        yield Use(found[1].strip(), Span(source.number, found.start(1), found.end(1)), source.language)


def _beside(path: Path, name: str) -> Path | None:
    if re.search(r"[/\\\0]", name) or name in (".", ".."):
        return None
    endings = ("",) if name.endswith(RULE_FILES) else (path.suffix, *RULE_FILES)
    files = (path.parent / f"{name}{ending}" for ending in endings)
    try:
        return next((file for file in files if file.is_file()), None)
    except OSError:  # a name that no file can have
        return None


def read_source(number: int, path: Path, diagnostics: Diagnostics, name: str) -> Source:
    """The text of a file; what keeps it from being read is reported."""
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):
            return _unread(number, path, diagnostics, "E908")
        data = path.read_bytes() if found.st_size <= MAX_BYTES else None
    except FileNotFoundError:
        return _unread(number, path, diagnostics, "E901", closest=_closest(path))
    except (OSError, ValueError) as error:
        return _unread(number, path, diagnostics, "E902", detail=getattr(error, "strerror", None) or str(error))
    if data is None:
        return _unread(number, path, diagnostics, "E904", detail=_MOST)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return _unread(number, path, diagnostics, "E903", line=line)
    return open_source(number, name, text, language_of(path.name, text), diagnostics)


def open_source(number: int, name: str, text: str, language: Language, diagnostics: Diagnostics) -> Source:
    """The source of a text, if nothing in it keeps it from being read."""
    if len(text) > MAX_BYTES:
        diagnostics.add("E904", Span(number), path=name, detail=_MOST)
        return Source(number, name, "", language)
    if "\0" in text or not _is_utf8(text):
        at = next(i for i, char in enumerate(text) if char == "\0" or "\ud800" <= char <= "\udfff")
        source = Source(number, name, _harmless(text), language)
        line = source.place(at)[0]
        diagnostics.add("E906", Span(number, at, at + 1), path=name, line=line, detail=f"U+{ord(text[at]):04X}")
        return source
    source = Source(number, name, text, language)
    if max(map(len, (text.replace("\r", "\n") if "\r" in text else text).split("\n"))) > MAX_LINE:
        diagnostics.add("E909", Span(number), path=name, limit=MAX_LINE)
        return Source(number, name, "", language)
    return source


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _harmless(text: str) -> str:
    return "".join(" " if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)


def _unread(number: int, path: Path, diagnostics: Diagnostics, code: str, **values: object) -> Source:
    told: dict[str, Any] = {"path": path, **values}
    diagnostics.add(code, Span(number), **told)
    return Source(number, str(path), "", language_of(path.name, ""))


def _closest(path: Path) -> str:
    try:
        return " | ".join(nearest(path.name, [each.name for each in path.parent.iterdir()]))
    except OSError:
        return ""
