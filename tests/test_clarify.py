"""Statements with two readings: each reading compiles, a true case tells them apart, the choice is written."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from sampling import one_in
from test_pairs import PAIRS, compiled

import rulec
from rulec.clarify.cases import question
from rulec.clarify.choosing import chosen
from rulec.clarify.doubts import doubts
from rulec.pipeline import compile_text
from rulec.source import Language

BUDGET = 10.0  # seconds a pair of readings; one takes far less
HEAD = """\
Un client a :
  - il peut être fidèle [loyal]
  - il peut être professionnel [business]
  - un pays parmi France, Belgique [belgium] [country]
Une commande a :
  - un montant (en €), principal [amount]
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount]
"""
BOTH = "Si client fidèle ou professionnel en France alors remise 10 %"
THOUSAND = "Si la commande dépasse 1.500 € alors remise 5 %"


def rulec_at(folder: Path, *args: str, answers: str = "") -> subprocess.CompletedProcess[str]:
    """The command as a process, its standard input given."""
    env = {**os.environ, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "rulec", *args]
    return subprocess.run(command, cwd=folder, input=answers, capture_output=True, text=True, check=False, env=env)


DOUBTFUL = [
    (language, text)
    for verdict, *texts in PAIRS
    for language, text in zip(("fr", "en"), texts, strict=True)
    if verdict.startswith("E") and any(len(each.fixes) > 1 for each in compiled(text, language).diagnostics)  # type: ignore[arg-type]  # one of LANGUAGES
]
UNLIKE = (
    "Si le client est le segment", "If the customer is the segment",  # a mistake, and not two readings
    "L'échéance [due] est la date de livraison plus 45", "The due date [due] is the delivery date plus 45",  # of today
)  # fmt: skip


def test_the_ambiguous_statements_are_many() -> None:
    assert len(DOUBTFUL) >= 60


@pytest.mark.parametrize(("language", "text"), one_in(4, (each for each in DOUBTFUL if not each[1].startswith(UNLIKE))))
def test_a_case_tells_two_readings_apart(language: Language, text: str) -> None:
    """Every reading compiles alone, and the facts asked about are decided as the question says."""
    (doubt,), left = doubts(compiled(text, language))
    assert not left
    asked = question(doubt.readings, language, BUDGET)
    assert asked is not None
    assert len(asked.answers) > 1
    assert sorted(n for each in asked.answers for n in each.readings) == list(range(len(doubt.readings)))
    for number, reading in enumerate(doubt.readings):
        written = chosen(doubt.source.text, doubt, number)
        again = compile_text(written, language=language)
        assert again.plan is not None, written
        assert reading.rules.plan is not None
        assert reading.text in written
        assert doubt.statement.splitlines()[0].strip() in written  # as a comment


def test_the_answer_about_a_case_is_the_reading_written(tmp_path: Path) -> None:
    rules = tmp_path / "r.regles"
    rules.write_text(f"{HEAD}{BOTH}\n{THOUSAND}\n", encoding="utf-8")
    done = rulec_at(tmp_path, "clarify", "r.regles", answers="9\n2\n1\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Répondez par un nombre de 1 à 2." in done.stdout
    said = "Si le client est fidèle ou (le client est professionnel et le pays du client est France)"
    assert f"# à l'origine : {BOTH}\n{said}\n  alors la remise est de 10 %\n" in rules.read_text("utf-8")
    ruleset = rulec.load(rules)
    loyal = {"loyal": True, "business": False, "country": "belgium", "amount": "1500"}
    assert ruleset.decide(loyal)["discount"] == Decimal("0.1")
    assert "Rien à clarifier" in rulec_at(tmp_path, "clarify", "r.regles").stdout


def test_what_is_passed_over_stays_as_it_is(tmp_path: Path) -> None:
    rules = tmp_path / "r.regles"
    rules.write_text(f"{HEAD}{BOTH}\n", encoding="utf-8")
    done = rulec_at(tmp_path, "clarify", "r.regles")
    assert done.returncode == 1
    assert "laissée telle quelle" in done.stdout
    assert rules.read_text("utf-8") == f"{HEAD}{BOTH}\n"


def test_other_errors_are_shown_and_keep_nothing_from_being_clarified(tmp_path: Path) -> None:
    rules = tmp_path / "r.regles"
    rules.write_text(f"{HEAD}Si client gentil alors remise 5 %\n{BOTH}\n", encoding="utf-8")
    done = rulec_at(tmp_path, "clarify", "r.regles", "--choose", "10=1")
    assert done.returncode == 1
    assert "E202" in done.stderr
    assert "Si (le client est fidèle ou le client est professionnel) et le pays" in rules.read_text("utf-8")


def test_readings_are_said_as_rulec_format_says_them(tmp_path: Path) -> None:
    """In a period too: once chosen, there is nothing left to rewrite."""
    rules = tmp_path / "r.regles"
    rules.write_text(f"{HEAD}Du 1er juin 2026 au 31 août 2026 :\n  {THOUSAND}\n", encoding="utf-8")
    assert rulec_at(tmp_path, "clarify", "r.regles", "--choose", "10=1").returncode == 0
    assert "  # à l'origine : Si la commande" in rules.read_text("utf-8")
    chosen_text = rules.read_text("utf-8")
    rulec_at(tmp_path, "format", "r.regles")
    assert rules.read_text("utf-8").splitlines()[8:] == chosen_text.splitlines()[8:]


def test_prose_around_rules_stays(tmp_path: Path) -> None:
    page = tmp_path / "r.md"
    page.write_text(f"# Remises\r\n\r\n```regles\r\n{HEAD}{BOTH}\r\n```\r\n\r\nFin.\r\n", encoding="utf-8", newline="")
    assert rulec_at(tmp_path, "clarify", "r.md", "--choose", "12=2").returncode == 0
    text = page.read_bytes().decode()
    assert text.startswith("# Remises\r\n")
    assert text.endswith("Fin.\r\n")
    assert f"# à l'origine : {BOTH}\r\n" in text


def test_questions_as_json(tmp_path: Path) -> None:
    (tmp_path / "r.regles").write_text(f"{HEAD}{THOUSAND}\n", encoding="utf-8")
    done = rulec_at(tmp_path, "clarify", "r.regles", "--format", "json")
    (told,) = json.loads(done.stdout)
    assert (done.returncode, told["line"], told["code"], told["statement"]) == (1, 9, "E110", THOUSAND)
    assert len(told["readings"]) == len(set(told["case"]["decisions"])) == 2


def test_wrong_choices_are_refused(tmp_path: Path) -> None:
    (tmp_path / "r.regles").write_text(f"{HEAD}{THOUSAND}\n", encoding="utf-8")
    for choice, code in (("3=1", "E966"), ("9=3", "E913"), ("9", "E914"), ("9=x", "E914")):
        done = rulec_at(tmp_path, "clarify", "r.regles", "--choose", choice)
        assert (done.returncode, code in done.stderr, done.stdout) == (2, True, ""), done.stderr
    assert "E967" in rulec_at(tmp_path, "clarify", "-").stderr
