"""What `rulec check` proves: `findings/*` announce it in place, and every case that is shown is replayed."""

import importlib.util
import json
import re
import shlex
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

import rulec
from rulec.cli import main
from rulec.diagnostics import Diagnostic, catalogue
from rulec.diagnostics.render import render_one
from rulec.pipeline import Compiled, compile_text
from rulec.proof import prove
from rulec.source import LANGUAGES, Language

HERE = Path(__file__).parent / "findings"
ENDING: dict[Language, str] = {"fr": ".regles", "en": ".rules"}
PROVEN = set(tomllib.loads((Path(catalogue.__file__).parent / "catalogue" / "proofs.toml").read_text(encoding="utf-8")))
MISSING_LIBRARY = "N610"
TOLD_BELOW = {MISSING_LIBRARY, "N625", "N626"}  # by tests of their own


@dataclass(frozen=True)
class Chunk:
    line: int
    language: Language
    text: str
    announced: tuple[tuple[int, str, str], ...]

    def proven(self) -> Compiled:
        compiled = compile_text(self.text, f"chunk{ENDING[self.language]}", self.language)
        assert compiled.plan is not None, str(list(compiled.diagnostics))
        prove(compiled)
        return compiled


def chunks() -> Iterator[Chunk]:
    for language in LANGUAGES:
        lines = (HERE / f"findings{ENDING[language]}").read_text(encoding="utf-8").splitlines()
        for ends, group in groupby(enumerate(lines, 1), lambda each: each[1] == "---"):
            if not ends:
                numbered = list(group)
                split = [re.split(r"\s*#! ", line) for _, line in numbered]
                announced = tuple(
                    (at, *mark.partition(" ")[::2]) for at, (_, *marks) in enumerate(split, 1) for mark in marks
                )
                yield Chunk(numbered[0][0], language, "\n".join(line for line, *_ in split) + "\n", announced)


SHOWS = {"W603": "not_applicable", "E611": "error", "W620": "error", "W621": "error", "E622": "decided"}
CHUNKS = list(chunks())
each_chunk = pytest.mark.parametrize("chunk", CHUNKS, ids=lambda chunk: f"{chunk.language}:{chunk.line}")


def shown(found: Diagnostic, compiled: Compiled, language: Language) -> str:
    text = render_one(found, {source.number: source for source in compiled.sources}, language)
    return " ".join(text.split())


@each_chunk
def test_a_chunk_has_what_it_announces(chunk: Chunk) -> None:
    compiled = chunk.proven()
    found = [(compiled.sources[0].place(each.span.start)[0], each) for each in compiled.diagnostics]
    assert Counter((line, each.code) for line, each in found) == Counter((at, code) for at, code, _ in chunk.announced)
    for at, code, words in chunk.announced:
        texts = [shown(each, compiled, chunk.language) for line, each in found if (line, each.code) == (at, code)]
        assert any(words in text for text in texts), texts


@each_chunk
def test_a_case_is_replayed_by_run(chunk: Chunk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    compiled, path = chunk.proven(), tmp_path / f"chunk{ENDING[chunk.language]}"
    path.write_text(chunk.text, encoding="utf-8")
    for found in compiled.diagnostics:
        values = dict(found.values)
        if "replay" not in values:
            continue
        assert main(["run", str(path), *shlex.split(values["replay"]), "--format", "json"]) == 0
        decision = json.loads(capsys.readouterr().out)
        results = {each["status"] for each in [*decision["outcomes"].values(), *decision["actions"]]}
        assert SHOWS.get(found.code, "conflict") in results


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_announced_by_a_chunk(language: Language) -> None:
    announced = {code for chunk in CHUNKS if chunk.language == language for _, code, _ in chunk.announced}
    assert announced == PROVEN - TOLD_BELOW


def test_what_needs_z3_is_said_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr("rulec.proof.find_spec", lambda name: None if name == "z3" else find(name))
    assert [each.code for each in CHUNKS[0].proven().diagnostics] == [MISSING_LIBRARY]


def test_a_rule_set_tells_what_check_tells() -> None:
    chunk = CHUNKS[0]
    found = rulec.loads(chunk.text, language=chunk.language).prove()
    assert [each.code for each in found] == [code for _, code, _ in chunk.announced]


def test_a_budget_of_nothing_proves_nothing() -> None:
    compiled = compile_text(CHUNKS[0].text, language="fr")
    prove(compiled, 0)
    assert list(compiled.diagnostics) == []


def test_what_the_time_does_not_allow_is_said() -> None:
    compiled = compile_text(CHUNKS[0].text, language="fr")
    prove(compiled, 1e-9)
    assert [each.code for each in compiled.diagnostics] == ["W608"]


HARD: dict[Language, str] = {
    "fr": """On connaît :
  - un côté (nombre entier), de 1 à 1000000
  - un rang (nombre entier), de 1 à 1000000
  - un pas (nombre entier), de 1 à 1000000
On décide :
  - le score (nombre), le plus élevé l'emporte, facultatif
Si côté × côté × côté + rang × rang × rang = pas × pas × pas alors le score est de 1
Si côté × côté × côté × côté + rang × rang × rang × rang = pas × pas × pas × pas alors le score est de 2
""",
    "en": """We know:
  - a side (whole number), from 1 to 1000000
  - a rank (whole number), from 1 to 1000000
  - a step (whole number), from 1 to 1000000
We decide:
  - the score (number), the highest wins, optional
If side × side × side + rank × rank × rank = step × step × step then the score is 1
If side × side × side × side + rank × rank × rank × rank = step × step × step × step then the score is 2
""",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_z3_does_not_settle_is_said_of_each_rule(language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulec.analysis.prover._MOST_EACH", 0.001)
    compiled = compile_text(HARD[language], language=language)
    prove(compiled)
    assert [each.code for each in compiled.diagnostics] == ["N625", "N625"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_time_runs_out_the_rules_that_are_left_are_counted(language: Language) -> None:
    compiled = compile_text(HARD[language], language=language)
    assert compiled.plan is not None
    prove(compiled, 1e-9)
    (found,) = compiled.diagnostics
    assert found.code == "N626"
    assert dict(found.values)["count"] == str(len(compiled.plan.rules))


def many_rules(count: int, overlap: int) -> str:
    """Rules that part an amount among three countries; those of that number go a cent too far."""
    head = "On connaît :\n  - une commande (en €)\n  - un pays parmi A, B, C\n"
    return f"{head}On décide :\n  - la remise (pourcentage), facultative\n" + "\n".join(
        f"Si la commande est de {at // 3 * 100} € à moins de {at // 3 * 100 + 100},0{at == overlap:d} € "
        f"et le pays est {'ABC'[at % 3]} alors la remise est de {at % 7} %"
        for at in range(count)
    )


def test_among_many_rules_one_conflict_is_found() -> None:
    clear, wrong = (rulec.loads(many_rules(200, overlap), "fr").prove(60) for overlap in (-1, 101))
    assert [each.code for each in clear] == []
    cases = [(each.code, dict(each.values)["case"].replace("\u00a0", " ")) for each in wrong]
    assert cases == [("E601", "commande = 3 400 €, pays = C")]
