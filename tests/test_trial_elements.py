"""Examples that give the elements of a list, one a row: read, run, refused, said again in both languages."""

from pathlib import Path

import pytest
from test_cli import Run, french, run

from rulec.pipeline import Compiled, compile_paths, compile_text
from rulec.plan.alike import cases_without_words
from rulec.source import Language
from rulec.trial.run import run_examples

__all__ = ["french", "run"]
FRENCH = """\
Une ligne [line] (en anglais « line ») a :
  - une quantité (nombre entier), au moins 0 [quantity] (en anglais « quantity »)
  - un prix unitaire (en €), principal [unit_price] (en anglais « unit price »)
  - une remise (pourcentage), 0 % par défaut [discount] (en anglais « discount »)
  - elle peut être fragile [fragile] (en anglais « fragile »)
  - un rayon parmi frais [fresh] (en anglais « fresh »), sec [dry] (en anglais « dry ») [shelf] (en anglais « shelf »)
  - une note (texte), facultatif [note] (en anglais « note »)
Un devis [quote] (en anglais « quote ») a :
  - des lignes (liste de ligne) [lines] (en anglais « lines »)
  - il peut être urgent [urgent] (en anglais « urgent »)
On connaît :
  - des codes (liste de textes) [codes] (en anglais « codes »)
On décide :
  - le total (en €) [total] (en anglais « total »)
Le total est la somme des (quantité × prix unitaire × (1 - remise)) des lignes du devis, arrondi au centime.
"""
ENGLISH = """\
A line has:
  - a quantity (whole number), at least 0
  - a unit price (in €), main
  - a discount (percentage), 0% by default
  - can be fragile
  - a shelf among fresh, dry
  - a note (text), optional
A quote has:
  - lines (list of line)
  - can be urgent
We know:
  - codes (list of texts)
We decide:
  - the total (in €)
The total is the sum of (quantity × unit price × (1 - discount)) of the quote's lines, rounded to the cent.
"""
PAIRS = [
    (
        "étant donné un devis urgent et les lignes :\n"
        "  | quantité | prix unitaire | remise | fragile | rayon | note   |\n"
        "  | 2        | 300 €         | 10 %   | oui     | frais | « A »  |\n"
        "  | 1        | 50 €          | -      | non     | sec   | manque |\n"
        "alors le total est de 590 €",
        "given an urgent quote and the lines:\n"
        "  | quantity | unit price | discount | fragile | shelf | note    |\n"
        "  | 2        | €300       | 10%      | yes     | fresh | \"A\"     |\n"
        "  | 1        | €50        | -        | no      | dry   | missing |\n"
        "then the total is €590",
    ),
    (
        "étant donné les lignes :\n  | quantité | prix unitaire |\n  | 3 | 1,10 € |\nalors le total est de 3,30 €",
        "given the lines:\n  | quantity | unit price |\n  | 3 | €1.10 |\nthen the total is €3.30",
    ),
    (
        "étant donné les lignes :\n  | quantité | prix unitaire |\nalors le total est de 0 €",
        "given the lines:\n  | quantity | unit price |\nthen the total is €0",
    ),
    (
        "étant donné les lignes :\n  | quantité | prix unitaire |\n  | 3 | - |\nalors le total est indéterminé",
        "given the lines:\n  | quantity | unit price |\n  | 3 | - |\nthen the total is undetermined",
    ),
]  # fmt: skip
WRONG = [  # the code, the rows of the lines in French and in English
    ("E201", "| quantté |\n| 2 |", "| quantty |\n| 2 |"),
    ("E471", "| quantité || total |\n| 2 || 3 € |", "| quantity || total |\n| 2 || €3 |"),
    ("E471", "| date |\n| 3 mars 2026 |", "| date |\n| 3 March 2026 |"),
    ("E460", "| quantité |\n| > 2 |", "| quantity |\n| > 2 |"),
    ("E460", "| quantité | urgent |\n| 2 | oui |", "| quantity | urgent |\n| 2 | yes |"),
    ("E463", "| quantité |\n| -2 |", "| quantity |\n| -2 |"),
    ("E475", "| prix unitaire |\n| 2,001 € |", "| unit price |\n| €2.001 |"),
    ("E464", "| quantité | rayon |\n| 2 |", "| quantity | shelf |\n| 2 |"),
    ("E461", "| quantité | quantité |\n| 2 | 3 |", "| quantity | quantity |\n| 2 | 3 |"),
]
NO_LIST = [("les devis", "the quotes"), ("les codes", "the codes"), ("un devis urgent", "an urgent quote")]


def compiled(example: str, language: Language) -> Compiled:
    """What comes of an example below the rules."""
    rules, head = {"fr": (FRENCH, "Exemple « e » :"), "en": (ENGLISH, 'Example "e":')}[language]
    return compile_text(f"{rules}{head}\n  " + example.replace("\n", "\n  ") + "\n", language=language)


@pytest.mark.parametrize(("french_text", "english_text"), PAIRS)
def test_elements_are_given_and_the_example_holds(french_text: str, english_text: str) -> None:
    both = compiled(french_text, "fr"), compiled(english_text, "en")
    for each in both:
        assert [found.code for found in each.diagnostics if found.code[0] == "E"] == []
        assert each.plan is not None
        (result,) = run_examples(each.plan, each.examples)
        assert result.passed
    one, other = (cases_without_words(each.examples) for each in both)
    assert one == other


@pytest.mark.parametrize(("code", "french_text", "english_text"), WRONG)
def test_what_cannot_be_given_is_refused(code: str, french_text: str, english_text: str) -> None:
    fr = compiled(f"étant donné les lignes :\n{french_text}\nalors le total est de 1 €", "fr")
    en = compiled(f"given the lines:\n{english_text}\nthen the total is €1", "en")
    assert [each.code for each in fr.diagnostics] == [each.code for each in en.diagnostics] == [code]


@pytest.mark.parametrize(("french_text", "english_text"), NO_LIST)
def test_only_a_list_of_elements_has_rows(french_text: str, english_text: str) -> None:
    fr = compiled(f"étant donné {french_text} :\n| quantité |\n| 2 |\nalors le total est de 1 €", "fr")
    en = compiled(f"given {english_text}:\n| quantity |\n| 2 |\nthen the total is €1", "en")
    assert [each.code for each in fr.diagnostics] == [each.code for each in en.diagnostics] == ["E372"]


def test_a_wrong_total_fails_with_the_elements(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    path.write_text(f"{FRENCH}Exemple « e » :\n  {PAIRS[1][0].replace('3,30', '3,31')}\n", encoding="utf-8")
    status, out, _ = run("test", path)
    assert status == 1
    assert "lignes (devis) = (quantité : 3, prix unitaire : 1,10 €" in out.replace("\xa0", " ").replace("\u202f", " ")
    assert "attendu 3,31 €, obtenu 3,30 €" in out.replace("\xa0", " ").replace("\u202f", " ")


def test_elements_keep_their_form_and_are_said_in_the_other_language(tmp_path: Path, run: Run) -> None:
    path, there, back = tmp_path / "a.regles", tmp_path / "a.rules", tmp_path / "b.regles"
    said = "\n".join(f"Exemple « {at} » :\n  {one}" for at, (one, _) in enumerate(PAIRS))
    path.write_text(FRENCH + said + "\n", encoding="utf-8")
    before = compile_paths([path]).examples
    assert run("format", path)[0] == 0
    assert cases_without_words(compile_paths([path]).examples) == cases_without_words(before)
    assert "    | 1        | 50 €          | -      | non     | sec   | manque |\n" in path.read_text(encoding="utf-8")
    assert run("format", "--check", path)[0] == 0
    assert run("translate", path, "--to", "en", "-o", there)[0] == 0
    assert '    | 2        | €300       | 10%      | yes     | fresh | "A"     |\n' in there.read_text(encoding="utf-8")
    assert run("test", there)[0] == 0
    assert run("translate", there, "--to", "fr", "-o", back)[0] == 0
    assert cases_without_words(compile_paths([back]).examples) == cases_without_words(before)
