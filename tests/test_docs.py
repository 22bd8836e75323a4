"""The pages for readers: every example in them is run and says what they show, every link leads somewhere.

Blocks of rules are compiled. One that declares nothing is read below the first declarations of its language above it
in the page, or in the reference's page of vocabulary; `#! E410` at the end of a line announces what is refused there.
A block whose fence bears a file name is written as that file, where the page's commands and Python find it.
RULEC_KEEP=1 writes what the commands print.
"""

import asyncio
import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
import warm
from hypothesis import HealthCheck, settings
from test_pairs import told

import rulec
from rulec.diagnostics import catalogue
from rulec.pipeline import Compiled, compile_text
from rulec.plan.tree import Plan
from rulec.source import Language

ROOT = Path(__file__).parents[1]
PACKAGE = Path(rulec.__file__).parents[1]
COLD = f'PYTHONPATH="{PACKAGE}" exec "{sys.executable}"'
TERMS = ROOT / "docs" / "language" / "vocabulary.md"  # all pages beside it use its terms
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").glob("*/README.md"))]
LANGUAGES: Mapping[str, Language] = {"regles": "fr", "rules": "en"}
FENCE = re.compile(r"^```(?P<kind>\w+)(?: (?P<name>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
DECLARES = re.compile(r"^(On décide|On connaît|Il arrive|We decide|We know|What happens) *:", re.MULTILINE)
ANNOUNCED = re.compile(r"\s*#! ([EW]\d{3})$")
ZEROS = re.compile(r"(value=\d+\.\d*?)0+$", re.MULTILINE)
SAID = re.compile(r"value='[^']* [^']*'")  # texts of several words are for people: each language has its own
BETWEEN = "\n\n</td><td>\n\n"  # what stands between the two languages
FRAME = re.compile(r"<!-- (?P<french>[^|]*\{\}[^|]*) \| (?P<english>[^|]*\{\}[^|]*) -->\n\n(?P<table>(?:\|.*\n)+)")
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced example. `above`: the declarations that it is read below."""

    page: Path
    kind: str
    name: str
    text: str
    start: int
    end: int
    above: str = ""

    def __str__(self) -> str:
        line = read(self.page)[: self.start].count("\n") + 1
        return f"{self.page.relative_to(ROOT)}:{line}"

    @property
    def declares(self) -> bool:
        """Whether it brings its own vocabulary."""
        return DECLARES.search(self.text) is not None

    def compile(self, text: str) -> Compiled:
        """A text in place of the block's."""
        return compile_text(self.above + text, language=LANGUAGES[self.kind])


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> Iterator[Block]:
    """The fenced examples of a page, in order."""
    above = {} if page == TERMS else shared(page)
    own = dict[str, str]()
    for found in FENCE.finditer(read(page)):
        block = Block(page, found["kind"], found["name"] or "", found["text"], *found.span())
        if block.kind in LANGUAGES and block.declares:
            above[block.kind] = own.setdefault(block.kind, block.text)
        elif block.kind in LANGUAGES:
            block = replace(block, above=above.get(block.kind, ""))
        yield block


def shared(page: Path) -> dict[str, str]:
    """The declarations that a page of the reference starts from."""
    if page.parent != TERMS.parent:
        return {}
    declaring = [block for block in blocks(TERMS) if block.kind in LANGUAGES and block.declares]
    return {block.kind: block.text for block in reversed(declaring)}


ALL = [block for page in PAGES for block in blocks(page)]
RULES = [block for block in ALL if block.kind in LANGUAGES]
SIDES = [
    (one, other)
    for one, other in pairwise(ALL)
    if one.page == other.page and read(one.page)[one.end : other.start] == BETWEEN and other.kind == "rules"
]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def found_in(compiled: Compiled) -> list[str]:
    return [each.code for each in compiled.diagnostics]


# ---- rules


@pytest.mark.parametrize("block", RULES, ids=str)
def test_rules_are_read_as_announced(block: Block) -> None:
    lines = block.text.splitlines(keepends=True)
    if block.declares:
        announced = [code for line in lines for code in ANNOUNCED.findall(line.rstrip("\n"))]
        assert found_in(block.compile(block.text)) == announced
        return
    sound = "".join(line for line in lines if not ANNOUNCED.search(line.rstrip("\n")))
    if sound.strip():
        compiled = block.compile(sound)
        assert (found_in(compiled), compiled.plan is not None) == ([], True)
    for line in lines:
        if refused := ANNOUNCED.search(line.rstrip("\n")):
            assert found_in(block.compile(line)) == [refused[1]], line


def meaning(plan: Plan) -> str:
    """What a plan does, whatever is said to people and however decimals were written."""
    return ZEROS.sub(r"\1", SAID.sub("value=''", told(plan))).replace(".\n", "\n")


@pytest.mark.parametrize(("french", "english"), SIDES, ids=str)
def test_both_sides_say_the_same(french: Block, english: Block) -> None:
    codes = [[ANNOUNCED.findall(line) for line in block.text.splitlines()] for block in (french, english)]
    assert codes[0] == codes[1]
    if any(codes[0]):
        return
    one, other = french.compile(french.text).plan, english.compile(english.text).plan
    assert one is not None
    assert other is not None
    if french.above and english.above:
        assert meaning(one) == meaning(other)
    else:
        assert [outcome.combine for outcome in one.outcomes] == [outcome.combine for outcome in other.outcomes]
        assert [type(fact.type) for fact in one.facts] == [type(fact.type) for fact in other.facts]


# ---- tables of forms: each cell holds ways to say one thing, each put into the frame announced above the table


@dataclass(frozen=True)
class Row:
    """The ways to say one thing, in whole sentences. `code`: how it is refused, "" where it is not."""

    page: Path
    french: tuple[str, ...]
    english: tuple[str, ...]
    code: str

    def __str__(self) -> str:
        return self.french[0][:50]


def rows() -> Iterator[Row]:
    """The rows of every table of forms."""
    for page in PAGES:
        for frame in FRAME.finditer(read(page)):
            for line in frame["table"].splitlines()[2:]:
                french, english, said = line.strip("|").split("|")
                code = re.search(r"`(E\d{3})`", said)
                yield Row(
                    page, forms(french, frame["french"]), forms(english, frame["english"]), code[1] if code else ""
                )


def forms(cell: str, frame: str) -> tuple[str, ...]:
    """The sentences of a cell; `⏎` is a line end."""
    return tuple(frame.format(form).replace("⏎", "\n") for form in CODE.findall(cell))


ROWS = list(rows())


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_all_forms_of_a_row_say_the_same(row: Row) -> None:
    above = {block.kind: block.above or block.text for block in RULES if block.page == row.page} or shared(row.page)
    french = [compile_text(above["regles"] + text + "\n", language="fr") for text in row.french]
    english = [compile_text(above["rules"] + text + "\n", language="en") for text in row.english]
    assert {text: found_in(each) for text, each in zip((*row.french, *row.english), french + english, strict=True)} == {
        text: [row.code] if row.code else [] for text in (*row.french, *row.english)
    }
    said = {(meaning(each.plan), declared(each.plan)) for each in french + english if each.plan}
    assert len(said) == (0 if row.code else 1)


def declared(plan: Plan) -> str:
    """What a row that declares « total » says about it."""
    facts = [(each.type, each.optional, each.default, each.bounds) for each in plan.facts if "total" in each.path]
    outcomes = [
        (each.type, each.combine, each.order, each.default, each.distinct)
        for each in plan.outcomes
        if each.key == "total"
    ]
    return repr(facts + outcomes)


# ---- commands and Python


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples, where `rulec` and `python` are those that run the tests."""
    tools = tmp_path / "bin"
    work = tmp_path / "work"
    tools.mkdir()
    shutil.copytree(ROOT / "examples", work / "examples")
    cold = f'case "$*" in serve*|*spark*) {COLD} -m rulec "$@" ;; esac'  # services, and a cluster's workers
    rulec = f'{cold}\nexec {shlex.join(warm.rulec())} "$@"\n'
    for name, text in (("rulec", rulec), ("python", f'{COLD} "$@"\n')):
        tool = tools / name
        tool.write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # a short run of Spark
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CI"):  # a reader has none of them
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(work)
    monkeypatch.syspath_prepend(str(work))
    return work


@pytest.fixture
def services() -> Iterator[ExitStack]:
    """What a page starts, which ends with it."""
    with ExitStack() as found:
        yield found


def models(page: Path, services: ExitStack, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The models of pages on agents: each asks the tools, and passes on what they say."""
    if page.parent.name != "agents":
        return {}
    from framework_models import OpenAIAgents, pydantic_ai  # slow to import, and few pages need them
    from talking import counter, talking

    for name, value in (("URL", services.enter_context(talking(counter)).url), ("KEY", "test")):
        monkeypatch.setenv({"URL": "ANTHROPIC_BASE_URL", "KEY": "ANTHROPIC_API_KEY"}[name], value)
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    loop = asyncio.new_event_loop()  # frameworks take the one of the thread, which another page may have ended
    services.callback(loop.close)
    asyncio.set_event_loop(loop)
    made = {"openai-agents.md": OpenAIAgents, "pydantic-ai.md": pydantic_ai}.get(page.name)
    return {"model": made(counter)} if made else {}


@pytest.fixture
def unhurried() -> Iterator[None]:
    """Properties in pages have no clock: hypothesis first reads all of rulec, which stands beside its tests here."""
    before = settings.get_current_profile_name()
    settings.register_profile("pages", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("pages")
    yield
    settings.load_profile(before)


def printed(text: str, services: ExitStack) -> str:
    """A console block with what its commands print; one that ends with `&` goes on until the page ends."""
    commands = [line for line in text.splitlines() if line.startswith("$ ")]
    return "".join(f"{command}\n{output(command[2:], services)}" for command in commands)


def output(command: str, services: ExitStack) -> str:
    if command.endswith(" &"):
        services.enter_context(going_on(command.removesuffix(" &")))
        return ""
    done = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode()


@contextmanager
def going_on(command: str) -> Iterator[None]:
    """A service, from the first line that it writes."""
    running = subprocess.Popen(["sh", "-c", f"exec {command}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert running.stdout is not None
    try:
        assert b"http://" in (first := running.stdout.readline()), first
        yield
    finally:
        running.terminate()
        running.communicate()


def run_python(block: Block, names: dict[str, object]) -> None:
    """Run a block below those before it in its page; a dialogue must print what it shows."""
    if ">>> " not in block.text:
        exec(compile(block.text, str(block), "exec"), names)
        return
    dialogue = doctest.DocTestParser().get_doctest(block.text, names, str(block), None, 0)
    said: list[str] = []
    result = doctest.DocTestRunner().run(dialogue, out=said.append, clear_globs=False)
    names.update(dialogue.globs)
    assert not result.failed, "".join(said)


@each_page
@pytest.mark.usefixtures("unhurried")
def test_examples_run_and_print_what_is_shown(
    page: Path, folder: Path, services: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, names = read(page), dict[str, object](__name__="page", **models(page, services, monkeypatch))
    for block in blocks(page):
        if block.name:
            lines = [ANNOUNCED.sub("", line) for line in block.text.splitlines()]
            (folder / block.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        if block.kind == "json":
            json.loads(block.text)
        if block.kind == "python" and not block.name:
            run_python(block, names)
        if block.kind == "console":
            shown = printed(block.text, services)
            if os.environ.get("RULEC_KEEP"):
                kept = kept.replace(block.text, shown)
            else:
                assert block.text == shown, str(block)
    if os.environ.get("RULEC_KEEP"):
        page.write_text(kept, encoding="utf-8")


# ---- the pages themselves


def prose(page: Path) -> str:
    return FENCE.sub("", read(page))


def anchors(page: Path) -> set[str]:
    """What links can point to in a page."""
    titles = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@each_page
def test_names_of_files_and_codes_are_those_of_the_project(page: Path) -> None:
    text = read(page)
    for path in re.findall(r"\b(?:rulec|grammar|tests|examples|docs)/[\w/.]*\w", text):
        assert (ROOT / path).exists(), path
    for code in re.findall(r"\b[EW]\d{3}\b", text):
        assert code in catalogue.entries(), code


def test_every_page_can_be_reached_from_the_first() -> None:
    reached, ahead = set[Path](), {PAGES[0]}
    while ahead:
        reached |= ahead
        links = [(page, link) for page in ahead for link in re.findall(r"\]\(([^)\s#]+)", prose(page))]
        ahead = ({(page.parent / link).resolve() for page, link in links} & set(PAGES)) - reached
    assert reached == set(PAGES)


def test_the_set_up_commands_are_those_of_ci() -> None:
    """CI makes a fresh environment, installs with the same extras and runs the same tests; the rest is a console."""
    run, test = [block.text.strip() for block in ALL if block.page == PAGES[0] and block.kind == "sh"]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace(" --disable-pip-version-check", "")
    venv, install, tests = test.replace(".venv/bin/", "").split(" && ")
    assert venv == "python3 -m venv .venv"
    assert re.search(r'^"\$\{PYTHON:-python3\}" -m venv "\$venv"$', ci, re.MULTILINE)
    assert install in ci.splitlines()
    assert f'{tests} "$@"' in ci.splitlines()
    assert run.startswith(f"{venv} && .venv/bin/pip install --quiet '.[analysis]' && .venv/bin/rulec run ")
    job = run.partition(".venv/bin/")[2].partition(" && .venv/bin/")[2]
    assert any(f"$ {job}\n" in block.text for block in ALL if block.page == PAGES[0] and block.kind == "console")
