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
import z3

import rulec
from rulec.analysis.logic import Truth
from rulec.analysis.prover import UnsettledError
from rulec.analysis.statements import Statements
from rulec.cli import main
from rulec.diagnostics import Diagnostic, catalogue
from rulec.diagnostics.render import render_one
from rulec.pipeline import Compiled, compile_text
from rulec.plan.tree import Expr
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


def test_what_the_solver_gives_up_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflown(*_: object) -> None:
        raise z3.Z3Exception("Overflow encountered when expanding vector")

    monkeypatch.setattr(z3.Solver, "check", overflown)
    compiled = compile_text(CHUNKS[0].text, language="fr")
    prove(compiled)
    assert {each.code for each in compiled.diagnostics} >= {"W608"}


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


SEVERAL: dict[Language, str] = {
    "fr": """On connaît :
  - une commande (en €)
On décide :
  - la remise (pourcentage), facultative
  - la prime (pourcentage)
Si la commande dépasse 100 € alors la remise est de 1 % et la prime est de 1 %
Si la commande dépasse 200 € alors la remise est de 2 % et la prime est de 1 %
Si la commande dépasse 300 € alors la remise est de 3 % et la prime est de 2 %
""",
    "en": """We know:
  - an order (in €)
We decide:
  - the discount (percentage), optional
  - the bonus (percentage)
If the order exceeds €100 then the discount is 1% and the bonus is 1%
If the order exceeds €200 then the discount is 2% and the bonus is 1%
If the order exceeds €300 then the discount is 3% and the bonus is 2%
""",
}


def pairs(compiled: Compiled) -> Counter[tuple[str | int, ...]]:
    """Each finding that is an error, its line and that of the other place."""
    source = compiled.sources[0]
    return Counter(
        (each.code, *(source.place(span.start)[0] for span in [each.span, *(it.span for it in each.related[:1])]))
        for each in compiled.diagnostics
        if each.code.startswith("E")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_pair_and_each_outcome_is_told_at_the_same_place(language: Language) -> None:
    compiled = compile_text(SEVERAL[language], language=language)
    prove(compiled)
    assert pairs(compiled) == Counter({("E601", 7, 6): 1, ("E601", 8, 6): 2, ("E601", 8, 7): 2})


def test_pairs_are_looked_at_one_by_one_where_all_at_once_are_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsettled(*_: object) -> None:
        raise UnsettledError

    found = []
    for _ in range(2):
        compiled = compile_text(SEVERAL["en"], language="en")
        prove(compiled)
        found.append(pairs(compiled))
        monkeypatch.setattr("rulec.analysis.conflicts._Clashes._case", unsettled)
    assert found[0] == found[1]


CLASHING: dict[Language, str] = {
    "fr": """On connaît :
  - un poids (en kg)
  - un pays parmi France, Espagne
On décide :
  - les frais (en €), facultatifs
  - la remise (pourcentage), facultative
Table « Frais » (une seule ligne s'applique) :
| poids          | pays || frais |
| de 0 à 5 kg    | -    || 5 €   |
| de 5 à 10 kg   | -    || 9 €   |
| plus de 9 kg   | France || 8 €   |
| plus de 9,5 kg | France || 8 €   |
Si le poids dépasse 20 kg alors la remise est de 5 %
Si le poids dépasse 30 kg alors la remise est de 4 %
Exemple « un » : étant donné un poids de 5 kg et un pays France alors les frais sont de 5 €
Exemple « deux » : étant donné un poids de 5 kg et un pays Espagne alors les frais sont de 9 €
""",
    "en": """We know:
  - a weight (in kg)
  - a country among France, Spain
We decide:
  - the fee (in €), optional
  - the discount (percentage), optional
Table "Fees" (only one row applies):
| weight           | country || fee |
| from 0 to 5 kg   | -       || €5  |
| from 5 to 10 kg  | -       || €9  |
| more than 9 kg   | France  || €8  |
| more than 9.5 kg | France  || €8  |
If the weight exceeds 20 kg then the discount is 5%
If the weight exceeds 30 kg then the discount is 4%
Example "one": given a weight of 5 kg and a country of France then the fee is €5
Example "two": given a weight of 5 kg and a country of Spain then the fee is €9
""",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_that_contradict_each_other_hide_nothing_else(language: Language) -> None:
    compiled = compile_text(CLASHING[language], language=language)
    assert compiled.plan is None
    prove(compiled)
    rows = {("E485", 10, 9): 1, ("E485", 11, 10): 1, ("E485", 12, 10): 1, ("E485", 12, 11): 1}
    assert pairs(compiled) == Counter(rows | {("E601", 14, 13): 1, ("E631", 15): 1})
    (conflict,) = (each for each in compiled.diagnostics if each.code == "E601")
    assert ("une fois les lignes" if language == "fr" else "once the rows") in shown(conflict, compiled, language)


def test_a_condition_of_more_parts_than_are_compared_is_said_to_be_so() -> None:
    known = "\n".join(f"  - a flag{at} (yes/no)" for at in range(101))
    told = " and ".join(f"flag{at}" for at in range(101))
    head = f"We know:\n{known}\n  - an age (whole number), from 0 to 9\nWe decide:\n  - the score (number), optional\n"
    compiled = compile_text(f"{head}If {told} and the age is at least 0 then the score is 1\n", language="en")
    assert compiled.plan is not None, str(list(compiled.diagnostics))
    prove(compiled)
    assert [each.code for each in compiled.diagnostics] == ["N625"]


def test_no_more_formulas_are_made_than_there_is_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[Expr]()
    truth = Statements.truth

    def noted(statements: Statements, expr: Expr) -> Truth:
        made.append(expr)
        return truth(statements, expr)

    monkeypatch.setattr(Statements, "truth", noted)
    for budget, some in ((60.0, True), (1e-9, False)):
        prove(compile_text(SEVERAL["en"], language="en"), budget)
        assert bool(made) is some
        made.clear()
