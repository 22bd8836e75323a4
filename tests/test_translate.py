"""`rulec translate` on files: the other language, the same plan, names translated where their declaration says how."""

from pathlib import Path

import pytest
from test_cli import Run, french, run
from test_pairs import ENDINGS, vocabulary

from rulec.formatting import file_of
from rulec.pipeline import compile_paths, compile_text
from rulec.plan.alike import without_words
from rulec.source import Language
from rulec.translation import translated

__all__ = ["french", "run"]

WRITTEN = """\
# La maison
Un client [customer] (en anglais « customer ») a :
  - il peut être fidèle [loyal] (en anglais « loyal »)  # depuis 2020
  - il paie par carte [pays_by_card] (en anglais « pays by card »)
  - un segment [segment] (en anglais « segment ») parmi pro [pro] (en anglais « business »), particulier [private]
  - une date d'inscription (date), facultative [signup] (en anglais « signup date »)
Une commande (en anglais « order ») a :
  - un montant HT (en € HT), principal [net_amount] (en anglais « net amount »)
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut (en anglais « discount »)
  - le colis offert (oui/non), non par défaut
On peut :
  - prévenir le gérant [warn] (en anglais « warn the manager »), avec un motif (texte) [reason]

Règle « Fidélité » :
  si le client est fidèle et la commande dépasse 1 500,50 €
  alors remise 10 % et prévenir le gérant avec le motif « gros »
  parce que « article 3 »
# une autre
« Fidélité » l'emporte sur « Pro »
Règle « Pro » : si le client ne paie pas par carte et segment particulier alors colis offert
"""
ENGLISH = """\
# La maison
A customer [customer] (in French "client") has:
  - can be loyal [loyal] (in French "fidèle")  # depuis 2020
  - it pays by card [pays_by_card] (in French "paie par carte")
  - a segment [segment] (in French "segment") among business [pro] (in French "pro"),
    particulier [private]
  - a signup date (date), optional [signup] (in French "date d'inscription")
An order [commande] (in French "commande") has:
  - a net amount (in € excl. VAT), main [net_amount] (in French "montant HT")
We decide:
  - the discount (percentage), the highest wins, 0% by default [remise] (in French "remise")
  - the colis offert (yes/no), no by default [colis_offert]
We can:
  - warn the manager [warn] (in French "prévenir le gérant"), with a motif [reason] (text)

Rule "Fidélité":
  if the customer is loyal and the order exceeds €1,500.50
  then the discount is 10% and warn the manager with the motif "gros"
  because "article 3"
# une autre
"Fidélité" takes precedence over "Pro"
Rule "Pro":
  if the customer does not pay by card and the customer's segment is particulier
  then the colis offert is yes
"""


def test_terms_are_translated_and_the_others_named(tmp_path: Path, run: Run) -> None:
    path, output = tmp_path / "a.regles", tmp_path / "a.rules"
    path.write_text(WRITTEN, encoding="utf-8")
    status, out, err = run("translate", path, "--to", "en", "-o", output)
    assert (status, out) == (0, "")
    assert output.read_text(encoding="utf-8") == ENGLISH
    assert err == "Restés tels quels, faute de terme déclaré en anglais : particulier, colis offert, motif\n"


def test_there_and_back_decides_the_same(tmp_path: Path, run: Run) -> None:
    path, there, back = tmp_path / "a.regles", tmp_path / "a.rules", tmp_path / "b.regles"
    path.write_text(WRITTEN, encoding="utf-8")
    assert run("translate", path, "--to", "en", "-o", there)[0] == 0
    assert run("translate", there, "--to", "fr", "-o", back)[0] == 0
    plans = [compile_paths([each]).plan for each in (path, there, back)]
    assert None not in plans
    assert len({without_words(plan) for plan in plans if plan is not None}) == 1
    assert "Le client" not in back.read_text(encoding="utf-8")
    assert "la remise" not in there.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_shared_declarations_are_said_in_the_other_language(language: Language) -> None:
    rule = {"fr": "Si client fidèle alors remise 10 %\n", "en": "If loyal customer then discount 10%\n"}[language]
    target: Language = "en" if language == "fr" else "fr"
    text = vocabulary(language) + rule
    rules = compile_text(text, f"a.{ENDINGS[language]}")
    made = translated(file_of(text, (f"a.{ENDINGS[language]}",), rules), rules, target)
    again = compile_text(made.text, f"a.{ENDINGS[target]}")
    assert rules.plan is not None
    assert again.plan is not None
    assert without_words(again.plan) == without_words(rules.plan)


def test_modules_of_the_library_are_those_of_the_other_language(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    text = "Langue : français\nUtiliser commerce\nOn décide :\n  - la remise (pourcentage)\n"
    text += "Si commande > 5 € alors remise 1 %\n"
    path.write_text(text, encoding="utf-8")
    status, out, _ = run("translate", path, "--to", "en")
    assert status == 0
    assert out.startswith("Language: English\nUse commerce\nWe decide:\n")
    assert out.endswith("If the order exceeds €5 then the remise is 1%\n")


def test_without_vocabulary_the_names_are_declared_and_stay(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    path.write_text("Si commande > 500€ et client fidèle alors remise 10 %\n", encoding="utf-8")
    status, out, _ = run("translate", path, "--to", "en")
    assert (status, out.splitlines()[0]) == (0, "We know:")
    assert out.endswith("If the commande exceeds €500 and the client fidèle is yes then the remise is 10%\n")


def test_literate_files_keep_their_prose(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"# Les règles\n\n```regles\n{WRITTEN}```\n\nFin.\n", encoding="utf-8")
    status, out, _ = run("translate", path, "--to", "en")
    assert (status, out) == (0, f"# Les règles\n\n```rules\n{ENGLISH}```\n\nFin.\n")


def test_what_cannot_be_said_again_is_refused_at_its_line(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    path.write_text(
        WRITTEN + "Constante : le seuil vaut 3 €.\nSi commande > le seuil alors remise 1 %\n", encoding="utf-8"
    )
    status, out, err = run("translate", path, "--to", "en")
    assert (status, out) == (1, "")
    assert f"ligne {WRITTEN.count(chr(10)) + 1}" in err
    status, _, err = run("translate", path, "--to", "fr")
    assert (status, "E935" in err) == (1, True)


def test_a_file_of_the_other_name_says_its_language(tmp_path: Path, run: Run) -> None:
    path, output = tmp_path / "a.regles", tmp_path / "b.regles"
    path.write_text(WRITTEN, encoding="utf-8")
    assert run("translate", path, "--to", "en", "-o", output)[0] == 0
    assert output.read_text(encoding="utf-8").startswith("Language: English\n# La maison\n")
    assert compile_paths([output]).plan is not None
