"""Drafts: statements that are read and checked, and decide nothing until they are written outside of the mark."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sampling import one_in

import rulec
from rulec.cli import main
from rulec.diagnostics import Diagnostics
from rulec.drafts import with_drafts
from rulec.formatting import File, formatted
from rulec.pipeline import compile_paths, compile_sources, compile_text, rule_sources
from rulec.plan.alike import cases, comparable
from rulec.source import Language

POLICIES = sorted((Path(__file__).parents[1] / "examples").glob("*/*.r*les"))
Captured = pytest.CaptureFixture[str]
VOCABULARY: dict[Language, str] = {
    "fr": """\
Un client [customer] a :
  - il peut être fidèle [loyal]
Une commande [order] a :
  - un montant (en €), principal [amount]
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount]

Si le client est fidèle alors la remise est de 5 %
""",
    "en": """\
A customer has:
  - can be loyal
An order has:
  - an amount (in €), main [amount]
We decide:
  - the discount (percentage), the highest wins, 0% by default

If the customer is loyal then the discount is 5%
""",
}
DRAFT: dict[Language, str] = {
    "fr": """\

# à relire avec le gérant
Brouillon :
  # Question : et les clients fidèles ?
  Règle « Gros achat » :  # seuil à confirmer
    si la commande dépasse 900 €
    alors la remise est de 12 %
  À partir du 1er mars 2026 :
    # dès le printemps
    Si la commande dépasse 100 € alors la remise est de 1 %
  Exemple « gros achat » :
    étant donné un montant de 1 000 € et le client n'est pas fidèle
    alors la remise est de 12 %
""",
    "en": """\

# to review with the manager
Draft:
  # Question: what about loyal customers?
  Rule "Large order":  # threshold to confirm
    if the order exceeds €900
    then the discount is 12%
  From 1 March 2026:
    # in spring
    If the order exceeds €100 then the discount is 1%
  Example "large order":
    given an amount of €1,000 and the customer is not loyal
    then the discount is 12%
""",
}
LARGE = {"loyal": False, "amount": "1000"}
NAMES: dict[Language, str] = {"fr": "r.regles", "en": "r.rules"}
each_language = pytest.mark.parametrize("language", ["fr", "en"])


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No continuous integration, whatever runs the tests."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")


def written(folder: Path, language: Language, text: str) -> Path:
    path = folder / NAMES[language]
    path.write_text(text, encoding="utf-8")
    return path


@each_language
def test_a_draft_decides_nothing_and_makes_no_other_version_of_the_rules(language: Language) -> None:
    without = rulec.loads(VOCABULARY[language], language=language)
    _, mark, said = DRAFT[language].lstrip("\n").split("\n", 2)
    drafted = rulec.loads(f"{VOCABULARY[language]}\n{mark}\n{said}", language=language)
    assert drafted.decide(LARGE)["discount"] == Decimal(0)
    assert drafted.decide(LARGE).rules == without.decide(LARGE).rules
    confirmed = with_drafts(compile_text(VOCABULARY[language] + DRAFT[language], language=language)).plan
    assert confirmed is not None
    assert len(confirmed.rules) == 3


@each_language
def test_a_draft_that_cannot_be_read_stops_no_decision(language: Language, tmp_path: Path, capsys: Captured) -> None:
    wrong = {"fr": "Si la comande > 5 € alors la remise est de 5 %", "en": "If the ordre > €5 then the discount is 5%"}
    mark = {"fr": "Brouillon :", "en": "Draft:"}[language]
    path = written(tmp_path, language, f"{VOCABULARY[language]}\n{mark}\n  {wrong[language]}\n")
    assert rulec.load(path).decide(LARGE)["discount"] == Decimal(0)
    assert main(["check", str(path)]) == 1
    report = capsys.readouterr().out
    assert f"{NAMES[language]}:11:" in report
    assert "E201" in report
    assert "N968" in report


@each_language
def test_drafts_are_counted_and_proven_with_the_rules(language: Language, tmp_path: Path, capsys: Captured) -> None:
    path = written(tmp_path, language, VOCABULARY[language] + DRAFT[language])
    assert main(["check", str(path)]) == 0
    report = capsys.readouterr().out
    assert ("brouillon dans ce fichier : 3." if language == "fr" else "sentences in this file: 3.") in report
    wrong = DRAFT[language].replace("1 000 €", "500 €").replace("€1,000", "€500")
    written(tmp_path, language, VOCABULARY[language] + wrong)
    main(["check", str(path)])
    assert "E622" in capsys.readouterr().out


@each_language
def test_what_only_drafts_speak_of_is_not_unused(language: Language, tmp_path: Path, capsys: Captured) -> None:
    rule, mark = VOCABULARY[language].splitlines()[-1], {"fr": "Brouillon :", "en": "Draft:"}[language]
    declared = VOCABULARY[language].replace(rule, f"{mark}\n  {rule}")
    path = written(tmp_path, language, declared)
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out.count("N617") == 1  # the amount
    written(tmp_path, language, declared.replace(rule, f"{rule} %"))
    assert main(["check", str(path)]) == 1
    assert "N617" not in capsys.readouterr().out


@each_language
def test_a_draft_is_clarified_where_it_stands(language: Language, tmp_path: Path, capsys: Captured) -> None:
    text, read = {
        "fr": (
            "Si commande > 5 € et client fidèle ou commande > 9 € alors remise 1 %",
            "Si (la commande dépasse 5 € et le client est fidèle) ou la commande dépasse 9 € "
            "alors la remise est de 1 %",
        ),
        "en": (
            "If order > €5 and loyal customer or order > €9 then discount 1%",
            "If (the order exceeds €5 and the customer is loyal) or the order exceeds €9 then the discount is 1%",
        ),
    }[language]
    mark = {"fr": "Brouillon :", "en": "Draft:"}[language]
    path = written(tmp_path, language, f"{VOCABULARY[language]}\n{mark}\n  {text}\n")
    assert main(["clarify", str(path), "--choose", "11=1"]) == 0
    assert read in " ".join(capsys.readouterr().out.split())
    *_, marked, original, first, second = path.read_text(encoding="utf-8").splitlines()
    assert (marked, original.endswith(text), f"{first} {second.strip()}") == (mark, True, f"  {read}")
    assert rulec.load(path).decide(LARGE)["discount"] == Decimal(0)


@each_language
@pytest.mark.parametrize(("options", "ci"), [(["--strict"], ""), (["--frozen"], ""), ([], "true"), ([], "woodpecker")])
def test_drafts_are_refused_where_rules_are_used(
    language: Language, options: list[str], ci: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    path = written(tmp_path, language, VOCABULARY[language] + DRAFT[language])
    assert main(["check", str(path), *options]) == 1
    report = capsys.readouterr().out
    assert "E969" in report
    assert "N968" not in report
    written(tmp_path, language, VOCABULARY[language])
    assert main(["check", str(path), *options]) == 0


@pytest.mark.parametrize("ci", ["", "0", "false"])
def test_ci_may_be_said_not_to_be(ci: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", ci)
    path = written(tmp_path, "fr", VOCABULARY["fr"] + DRAFT["fr"])
    assert main(["check", str(path)]) == 0


@each_language
def test_the_canonical_form_keeps_the_mark_and_what_stands_under_it(
    language: Language, tmp_path: Path, capsys: Captured
) -> None:
    canonical = DRAFT[language]
    wild = canonical.replace("Brouillon :", "BROUILLONS  :").replace("Draft:", "drafts :").replace("  ", "     ")
    path = written(tmp_path, language, VOCABULARY[language] + wild)
    assert main(["format", str(path)]) == 0
    assert path.read_text(encoding="utf-8").endswith(canonical)
    capsys.readouterr()
    assert main(["format", "--check", str(path)]) == 0


@each_language
def test_a_draft_is_a_draft_in_the_other_language(language: Language, tmp_path: Path) -> None:
    path = written(tmp_path, language, VOCABULARY[language] + DRAFT[language])
    other: Language = "en" if language == "fr" else "fr"
    output = tmp_path / "other" / NAMES[other]
    output.parent.mkdir()
    assert main(["translate", str(path), "--to", other, "-o", str(output)]) == 0
    said = output.read_text(encoding="utf-8")
    assert ("\nDraft:\n" if other == "en" else "\nBrouillon :\n") in said
    assert rulec.load(output).decide(LARGE)["discount"] == Decimal(0)
    confirmed = with_drafts(compile_text(said, language=other)).plan
    assert confirmed is not None
    assert len(confirmed.rules) == 3


def test_a_file_of_drafts_alone_is_told_as_such(tmp_path: Path, capsys: Captured) -> None:
    path = written(tmp_path, "fr", "Brouillon :\n  Si commande > 500 € alors remise 10 %\n")
    assert main(["check", str(path)]) == 0
    report = capsys.readouterr().out
    assert "N968" in report
    assert "W901" not in report


def test_a_sentence_does_not_go_on_across_a_draft() -> None:
    broken = "Si commande > 500 €\nBrouillon :\n  Si commande > 900 € alors remise 12 %\nalors remise 10 %\n"
    assert compile_text(broken).plan is None


@pytest.mark.parametrize("path", one_in(4, POLICIES), ids=lambda path: path.name)
def test_a_whole_policy_may_be_a_draft(path: Path) -> None:
    """Confirmed, it decides what it did; its canonical form stays under the mark."""
    rules = compile_paths([path])
    *others, source = rule_sources(rules)
    used = [line for line in source.text.splitlines() if line.startswith(("Utiliser ", "Use "))]
    said = [f"  {line}".rstrip() for line in source.text.splitlines() if line not in used]
    text = "\n".join([*used, "Brouillon :" if source.language == "fr" else "Draft:", *said, ""])
    drafted = replace(source, text=text, drafting=True)
    confirmed = compile_sources([*others, drafted], Diagnostics())
    assert rules.plan is not None
    assert confirmed.plan is not None
    assert comparable(confirmed.plan) == comparable(rules.plan)
    assert cases(confirmed.examples) == cases(rules.examples)
    plan = compile_sources([*others, replace(drafted, drafting=False)], Diagnostics()).plan
    assert plan is not None
    assert (plan.rules, plan.tables, plan.definitions) == ((), (), ())
    after = formatted(File(text, (drafted,)), confirmed).removeprefix("".join(f"{line}\n" for line in used))
    assert [line for line in after.splitlines() if line and not line.startswith("  ")] == [text.splitlines()[len(used)]]
