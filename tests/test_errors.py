"""The error messages: `errors/*.regles` and `*.rules` announce them in place, and the catalogue says them all."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import pytest
from sampling import one_in

from rulec.diagnostics import Diagnostic, Diagnostics, catalogue
from rulec.diagnostics.render import render_one
from rulec.files import open_source
from rulec.pipeline import Compiled, compile_paths, compile_sources, compile_text
from rulec.source import LANGUAGES, Language, Source

HERE = Path(__file__).parent / "errors"
PACKAGE = Path(catalogue.__file__).parents[1]
PARTS = ("syntax", "semantics", "pipeline.py", "circles.py", "overlaps.py", "rounding.py", "runtime/literals.py")
ENDING: dict[Language, str] = {"fr": ".regles", "en": ".rules"}

# Codes that no text of a language can give, with the reason.
ONE_LANGUAGE: dict[str, Language] = {
    "E114": "en",  # only in English may the month come before the day
    "E748": "en",  # "50 cents": of a euro, or of a dollar
    "E117": "en",  # "business days": in French, « ouvrés » and « ouvrables » are told apart
}
GENERATED = {"E104", "E106", "E107"}  # too long to be typed: see LONG
UNREACHED: dict[str, str] = {
    "E316": "a literal is only compared with what it fits, so that a wrong order is told as E301 or E302",
}
READING = r"E(?:[1-4]\d\d|60[03-5]|71[5-9]|72\d|74[78]|75[6-9]|76[0-24-9]|77\d|79\d)"  # of reading rules
# What is wrong in the compiler: (language, text of the fix) of fixes that do not help.
KNOWN: dict[tuple[Language, str, str], str] = {}
# The fix is the first of two steps: the error that comes next.
NEXT = {"E322": "E304", "E117": "E308"}
MACHINE_WORDS = re.compile(r"\b(token|parser|AST|None|True|False|null|Python|traceback|span|LALR|lark|INDENT)\b")


@dataclass(frozen=True)
class Announced:
    line: int
    code: str
    words: str


@dataclass(frozen=True)
class Chunk:
    file: str
    line: int
    language: Language
    text: str
    vocabulary: bool
    announced: tuple[Announced, ...]

    def compile(self, text: str | None = None) -> Compiled:
        """Compile the chunk, or another text in its place, beside the vocabulary that it includes."""
        diagnostics = Diagnostics()
        sources = [open_source(0, self.file, self.text if text is None else text, self.language, diagnostics)]
        if self.vocabulary:
            name = f"vocabulary{ENDING[self.language]}"
            shared = (HERE / name).read_text(encoding="utf-8")
            sources.append(open_source(1, name, shared, self.language, diagnostics))
        return compile_sources(sources, diagnostics)


def read_chunks() -> Iterator[Chunk]:
    """The chunks of every file."""
    for path in sorted(HERE.iterdir()):
        if path.stem == "vocabulary":
            continue
        language: Language = "fr" if path.suffix == ".regles" else "en"
        lines = path.read_text(encoding="utf-8").splitlines()
        for ends, group in groupby(enumerate(lines, 1), lambda each: each[1] == "---"):
            if not ends:
                yield read_chunk(path.name, language, list(group))


def read_chunk(file: str, language: Language, numbered: list[tuple[int, str]]) -> Chunk:
    vocabulary = numbered[0][1] == "#include voc"
    body = [line for _, line in numbered[1 if vocabulary else 0 :]]
    split = [re.split(r"\s*#! ", line) for line in body]
    announced = tuple(
        Announced(at, *f"{mark} ".split(" ", 1)) for at, (_, *marks) in enumerate(split, 1) for mark in marks
    )
    return Chunk(file, numbered[0][0], language, "\n".join(line for line, *_ in split), vocabulary, announced)


CHUNKS = list(read_chunks())
SOME = one_in(5, CHUNKS)


def each_of(chunks: list[Chunk]) -> pytest.MarkDecorator:
    """The tests of a chunk stand together: it is compiled once for them."""
    names = [f"{chunk.file}:{chunk.line}" for chunk in chunks]
    return pytest.mark.parametrize("chunk", chunks, ids=names, scope="module")


@lru_cache(maxsize=4)
def compiled_as_it_is(chunk: Chunk) -> Compiled:
    return chunk.compile()


def plain(text: str) -> str:
    """One line, one kind of space."""
    return " ".join(text.split())


def shown(diagnostic: Diagnostic, sources: tuple[Source, ...]) -> str:
    """The diagnostic as its author reads it."""
    known = {source.number: source for source in sources}
    return render_one(diagnostic, known, known[diagnostic.span.source].language)


@each_of(CHUNKS)
def test_a_chunk_gives_what_it_announces(chunk: Chunk) -> None:
    compiled = compiled_as_it_is(chunk)
    places = [(compiled.sources[0].place(each.span.start)[0], each) for each in compiled.diagnostics]
    found = Counter((line, each.code) for line, each in places)
    assert found == Counter((each.line, each.code) for each in chunk.announced)
    assert all(each.span.source == 0 for _, each in places)
    assert compiled.plan is None
    for announced in chunk.announced:
        texts = [plain(shown(each, compiled.sources)) for line, each in places if line == announced.line]
        assert any(plain(announced.words) in text for text in texts), texts


@each_of(CHUNKS)
def test_a_fix_mends_its_error(chunk: Chunk) -> None:
    compiled = compiled_as_it_is(chunk)
    for diagnostic in compiled.diagnostics:
        for fix in diagnostic.fixes:
            if "…" in fix.text or (chunk.language, diagnostic.code, fix.text) in KNOWN:
                continue  # "…": for the author to complete
            text = chunk.text[: fix.span.start] + fix.text + chunk.text[fix.span.end :]
            left = Counter(each.code for each in chunk.compile(text).diagnostics)
            before = Counter(each.code for each in compiled.diagnostics) - Counter([diagnostic.code])
            before[NEXT.get(diagnostic.code, "")] += 1
            assert left <= before, (fix.text, text, left)


@each_of(CHUNKS)
def test_a_message_speaks_to_its_author(chunk: Chunk) -> None:
    compiled = compiled_as_it_is(chunk)
    for diagnostic in compiled.diagnostics:
        text = shown(diagnostic, compiled.sources)
        assert not MACHINE_WORDS.search(text), text
        assert "{" not in text.replace(chunk.text, "")
        assert f"Erreur {diagnostic.code}" not in text
        message, *_ = catalogue.entry(diagnostic.code).message[chunk.language], 0
        missing = set(catalogue.placeholders(message)) - {key for key, _ in diagnostic.values}
        assert not missing, (diagnostic.code, missing)


@each_of(SOME)
def test_a_chunk_cut_short_is_still_answered(chunk: Chunk) -> None:
    words = re.findall(r"\s*\S+", chunk.text)
    for count in {1, len(words) // 3, len(words) // 2, len(words) - 1}:
        compiled = chunk.compile("".join(words[:count]))
        for diagnostic in compiled.diagnostics:
            assert diagnostic.code in catalogue.entries()
            assert not MACHINE_WORDS.search(shown(diagnostic, compiled.sources))


# ---- what should be refused and is not yet

GUESSES: list[tuple[Language, str]] = [
    ("fr", "Si commande > 500 alors remise 10 %"),  # an amount, or a number of orders?
    ("fr", "Si le canal est la France alors remise 10 %"),  # not the country
    ("fr", "Si la commande est fidèle alors remise 10 %"),  # not the customer
    ("fr", "Si (commande + 5 €) est renseigné alors remise 10 %"),
    ("fr", "Si est renseigné alors remise 10 %"),
    ("fr", "Si « A » dépasse « B » alors remise 10 %"),
    ("fr", "Si le client est professionnel et revendeur alors remise 10 %"),
    ("en", "If the customer is private and professional then discount 10%"),
    ("en", "If the channel is France then discount 10%"),
    ("en", "If the order is loyal then discount 10%"),
]


@pytest.mark.parametrize(("language", "text"), GUESSES)
def test_nothing_is_guessed(language: Language, text: str) -> None:
    assert Chunk("guess", 1, language, text, True, ()).compile().plan is None


# ---- every code is said, and shown by a chunk


def reported_codes() -> set[str]:
    """The codes that reading and understanding rules can report."""
    files, folders = ([PACKAGE / part for part in PARTS if part.endswith(".py") is file] for file in (True, False))
    paths = [*files, *(path for folder in folders for path in folder.glob("*.py"))]
    return {code for path in paths for code in re.findall(rf'"({READING})"', path.read_text(encoding="utf-8"))}


def test_every_reported_code_has_an_entry_and_every_entry_is_reported() -> None:
    assert reported_codes() == {code for code in catalogue.entries() if re.match(READING, code)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_is_announced_by_a_chunk(language: Language) -> None:
    announced = {each.code for chunk in CHUNKS if chunk.language == language for each in chunk.announced}
    others = {code for code, only in ONE_LANGUAGE.items() if only != language}
    assert announced == reported_codes() - others - GENERATED - set(UNREACHED)


# ---- the catalogue


@pytest.mark.parametrize("code", list(catalogue.entries()))
def test_an_entry_says_the_same_in_both_languages(code: str) -> None:
    entry = catalogue.entry(code)
    texts = {"message": entry.message, "help": entry.help, "why": entry.why, "page": entry.page, **entry.related}
    for name, both in texts.items():
        assert set(both) in (set(), set(LANGUAGES)), name
        assert len({frozenset(catalogue.placeholders(text)) for text in both.values()}) <= 1, name
        assert not any(MACHINE_WORDS.search(text) for text in both.values() if name != "page"), name
    assert entry.message
    assert entry.page


# ---- the pages: what they advise against is refused, what they advise is accepted

LABELS: dict[Language, tuple[str, str]] = {"fr": ("À éviter :   ", "Préférez :   "), "en": ("Avoid:   ", "Prefer:  ")}
NO_EXAMPLE = {"E104", "E107", "E105", "E106", "E316"}  # what to avoid is too long to be shown, or cannot be written
PAGES = [(code, language) for code in catalogue.entries() if re.match("E[1-4]", code) for language in LANGUAGES]


def examples(code: str, language: Language) -> tuple[str, str]:
    """What the page of a code says to avoid ("" nothing), and to prefer."""
    found = {label: list[str]() for label in LABELS[language]}
    label = ""
    for line in catalogue.entry(code).page[language].splitlines():
        label = next((each for each in found if line.startswith(each)), label)
        if label:
            found[label].append(line[len(label) :])
    avoid, prefer = ("\n".join(lines) for lines in found.values())
    return avoid, prefer


def compiled_somehow(text: str, language: Language) -> Iterator[Compiled]:
    """The example alone, and beside the shared vocabulary."""
    for vocabulary in (False, True):
        yield Chunk("example", 1, language, text, vocabulary, ()).compile()


@pytest.mark.parametrize(("code", "language"), PAGES)
def test_a_page_shows_what_to_avoid_and_what_to_prefer(code: str, language: Language) -> None:
    avoid, prefer = examples(code, language)
    spoken = ONE_LANGUAGE.get(code, language)
    codes = ({each.code for each in compiled.diagnostics} for compiled in compiled_somehow(avoid, spoken))
    assert {code} in codes or (code in NO_EXAMPLE and not avoid)
    assert prefer
    assert any(compiled.plan for compiled in compiled_somehow(prefer, spoken)), [
        shown(each, compiled.sources) for compiled in compiled_somehow(prefer, spoken) for each in compiled.diagnostics
    ]


@pytest.mark.parametrize(("code", "language"), PAGES)
def test_the_sentences_of_a_help_can_be_written(code: str, language: Language) -> None:
    lines = catalogue.entry(code).help.get(language, "").splitlines()
    for line in (line.strip() for line in lines if line.startswith("    ") and "{" not in line):
        if line[0] not in "-–" and not line.endswith(":"):
            assert any(compiled.plan for compiled in compiled_somehow(line, language)), line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lines_of_a_page_are_short(language: Language) -> None:
    for code in catalogue.entries():
        assert all(len(line) <= 140 for line in catalogue.entry(code).page.get(language, "").splitlines()), code


# ---- too long to be typed

LONG: list[tuple[str, Language, str]] = [
    ("E104", "fr", f"Si code = « {'x' * 10_001} » alors remise 10 %"),
    ("E104", "en", f'If code = "{"x" * 10_001}" then discount 10%'),
    ("E107", "fr", "Si\n" * 400),
    ("E107", "en", "If\n" * 400),
    ("E106", "fr", "Si B" + "\n  et B" * 30_000 + "\n  alors remise 10 %"),
    ("E106", "en", "If B" + "\n  and B" * 30_000 + "\n  then discount 10%"),
    ("E105", "fr", "Si total > 5" + " + 5" * 201 + " alors remise 10 %"),
    ("E105", "en", "If total > 5" + " + 5" * 201 + " then discount 10%"),
    ("E909", "fr", "# " + "x" * 100_001),
    ("E909", "en", "# " + "x" * 100_001),
]


@pytest.mark.parametrize(("code", "language", "text"), LONG, ids=[f"{code}-{language}" for code, language, _ in LONG])
def test_what_is_too_long_is_said(code: str, language: Language, text: str) -> None:
    compiled = compile_text(text, language=language)
    diagnostic = list(compiled.diagnostics)[-1]
    assert diagnostic.code == code
    assert len(shown(diagnostic, compiled.sources)) < 2000


# ---- files that use files


@pytest.mark.parametrize(("ending", "use"), [(".regles", "Utiliser"), (".rules", "Use")])
def test_files_that_use_each_other(tmp_path: Path, ending: str, use: str) -> None:
    one, other = tmp_path / f"one{ending}", tmp_path / f"other{ending}"
    one.write_text(f"{use} other\n{use} othr\n", encoding="utf-8")
    other.write_text(f"{use} one\n", encoding="utf-8")
    compiled = compile_paths([one])
    assert sorted(each.code for each in compiled.diagnostics) == ["E931", "E932"]
    texts = plain(" ".join(shown(each, compiled.sources) for each in compiled.diagnostics))
    assert f"one{ending} → other{ending} → one{ending}" in texts
    assert "other »" in texts or 'other"' in texts
