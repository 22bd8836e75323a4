"""`rulec check --paraphrase`: what the author left unsaid is said, in the language of the file."""

# ruff: noqa: E501 - a sentence stays on its line

import json
from pathlib import Path

import pytest
from test_cli import Run, french, run
from test_pairs import ENDINGS, GOLDEN, vocabulary

from rulec.source import Language

__all__ = ["french", "run"]

SAID: list[tuple[Language, str, str]] = [
    ("fr", "Si commande > 500 € alors remise 10 %", "dépasse 500 € HT (500 € HT non compris)"),
    ("en", "If order > €500 then discount 10%", "exceeds €500 excl. VAT (€500 excl. VAT excluded)"),
    ("fr", "Si le poids est de 5 à 10 kg alors remise 10 %", "entre 5 kg inclus et 10 kg inclus"),
    ("en", "If the weight is from 5 to 10 kg then discount 10%", "between 5 kg inclusive and 10 kg inclusive"),
    ("fr", "Si client fidèle et canal web, ou commande > 5 € alors remise 5 %", "Si (le client est fidèle et le canal est web) ou"),
    ("en", "If loyal customer and web channel, or order > €5 then discount 5%", "If (the customer is loyal and the channel is web) or"),
    ("fr", "Si le code commence par « VIP » alors remise 5 %", "(majuscules et accents ne comptent pas)"),
    ("en", 'If the code starts with "VIP" then discount 5%', "(case and accents do not count)"),
    ("fr", "Si en semaine alors remise 5 %", "aujourd'hui est en semaine (du lundi au vendredi)"),
    ("en", "If on weekdays then discount 5%", "today is on weekdays (Monday to Friday)"),
    ("fr", "Si le pays est un pays proche alors remise 5 %", "les pays proches (la France, la Belgique ou la Suisse)"),
    ("en", "If the country is a nearby country then discount 5%", "the nearby countries (France, Belgium or Switzerland)"),
    ("fr", "Pas de remise si canal web", "(Passe avant toutes les règles qui en donnent.)"),
    ("en", "No discount if web channel", "(Comes before all the rules that give some.)"),
    ("fr", "La remise est de 10 % si client fidèle, sinon de 0 %", "(Les cas sont essayés dans l'ordre"),
    ("en", "The discount is 10% if loyal customer, otherwise 0%", "(The cases are tried in order"),
    ("fr", "Remise 5 %\nDans tous les autres cas, la remise est de 2 %", "(Seulement là où aucune autre règle de ce fichier"),
    ("en", "Discount 5%\nIn all other cases, the discount is 2%", "(Only where no other rule of this file"),
    ("fr", "Règle « R » : remise 5 %\nPar exception à la règle « R » : si canal web alors remise 2 %", "la règle « R » ne donne plus ces résultats"),
    ("en", 'Rule "R": discount 5%\nAs an exception to rule "R": if web channel then discount 2%', 'rule "R" no longer gives these outcomes'),
    ("fr", "Règle « R » : remise 5 %\nRègle « S » : remise 2 %\n« S » l'emporte sur « R »", "Là où « S » s'applique, « R » ne donne plus"),
    ("en", 'Rule "R": discount 5%\nRule "S": discount 2%\n"S" takes precedence over "R"', 'Where "S" applies, "R" no longer gives'),
    ("fr", "Règle « Score » :\n  +20 si client fidèle\n  -5 si canal web", "(Chaque ligne est une règle ; plusieurs peuvent s'appliquer.)"),
    ("en", 'Rule "Score":\n  +20 if loyal customer\n  -5 if web channel', "(Each line is a rule; several may apply.)"),
    ("fr", "Remise 5 %", "La remise : si plusieurs règles s'appliquent, la valeur la plus élevée l'emporte ; si aucune ne s'applique, 0 %."),
    ("en", "Discount 5%", "The shipping fee: if several rules apply, they must give the same value; if none applies, no value."),
    ("fr", "Remise 5 %", "Le score : si plusieurs règles s'appliquent, leurs valeurs s'additionnent ;"),
    ("fr", "Remise 5 %", "L'avoir : si plusieurs règles s'appliquent, la première dans le texte l'emporte ;"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "rule", "expected"), SAID, ids=[f"{said[0]}-{said[1][:40]}" for said in SAID])
def test_what_goes_without_saying_is_said(
    language: Language, rule: str, expected: str, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / f"a.{ENDINGS[language]}"
    path.write_text(vocabulary(language) + rule + "\n", encoding="utf-8")
    status, out, err = run("check", path, "--paraphrase")
    assert (status, err) == (0, "")
    assert expected in " ".join(out.split())


TABLE_FR = "Table « T » :\n  | pays | poids || remise |\n  | France | de 5 à 10 kg || 5 % |\n"
TABLE_EN = 'Table "T":\n  | country | weight || discount |\n  | France | from 5 to 10 kg || 5% |\n'
MORE: list[tuple[Language, str, str]] = [
    ("fr", "Constante : le seuil vaut 3.\nSi le nombre d'articles dépasse le seuil alors remise 10 %", "Constante : le seuil vaut 3"),
    ("fr", "Un client est assidu si son nombre de commandes dépasse 3\nSi le client est assidu alors remise 10 %", "dépasse 3 (3 non compris)"),
    ("en", "A customer is keen if their number of orders exceeds 3\nIf the customer is keen then discount 10%", "exceeds 3 (3 excluded)"),
    ("fr", TABLE_FR, "| France | entre 5 kg inclus et 10 kg inclus || 5 % |"),
    ("fr", TABLE_FR, "(si plusieurs règles s'appliquent, elles doivent donner la même valeur)"),
    ("en", TABLE_EN, "| France | between 5 kg inclusive and 10 kg inclusive || 5% |"),
    ("fr", "Si un jour férié alors remise 5 %", "(Les jours fériés sont ceux du calendrier France.)"),
    ("en", "If on a public holiday then discount 5%", "(Public holidays are those of the calendar France.)"),
    ("fr", "Calendrier : Alsace-Moselle\nSi un jour férié alors remise 5 %", "ceux du calendrier Alsace-Moselle."),
    ("fr", "Si la date de livraison est dans plus de 5 jours ouvrés alors remise 5 %", "Jours ouvrés : du lundi au vendredi, sauf les jours fériés du calendrier France."),
    ("en", "If the delivery date is in more than 5 working days then discount 5%", "Working days: Monday to Friday, but the public holidays of the calendar France."),
    ("fr", "Si le client est inscrit depuis plus de 2 ans alors remise 5 %", "la date d'inscription du client est avant (aujourd'hui - 2 ans)"),
    ("en", "If the delivery date is in less than 5 days then discount 5%", "the order's delivery date is before (today + 5 days) and the order's delivery date is from today"),
    ("fr", "En 2026 :\n  Remise 5 %", "aujourd'hui est entre le 1er janvier 2026 inclus et le 31 décembre 2026 inclus"),
    ("fr", "En 2026 :\n  Remise 5 %", "le jour de la décision, dans le fuseau horaire Europe/Paris"),
    ("en", "In 2026:\n  Discount 5%", "today is between 1 January 2026 inclusive and 31 December 2026 inclusive"),
]  # fmt: skip
LISTS: list[tuple[Language, str, str]] = [
    ("fr", "Si tous les articles sont en stock alors remise 5 %", "(Ce qui est dit de tous les éléments, ou d'aucun, est vrai s'il n'y en a pas.)"),
    ("en", "If all items are in stock then discount 5%", "(What is said of all elements, or of none, is true where there are none.)"),
    ("fr", "Si le total des commandes dépasse 500 € alors remise 5 %", "la somme des montants des commandes du client dépasse 500 € (500 € non compris)"),
    ("fr", "Si le total des commandes dépasse 500 € alors remise 5 %", "(La somme d'aucun élément est de 0.)"),
    ("en", "If the oldest order is paid then discount 5%", "(Without elements, the calculation is an error of the decision.)"),
    ("fr", "Si le total des commandes des 12 derniers mois dépasse 500 € alors remise 5 %", "dont (la date est entre (aujourd'hui - 1 an) exclus et aujourd'hui inclus)"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "rule", "expected"), MORE, ids=[f"{said[0]}-{said[2][:40]}" for said in MORE])
def test_definitions_tables_and_days_are_said_in_full(
    language: Language, rule: str, expected: str, tmp_path: Path, run: Run
) -> None:
    test_what_goes_without_saying_is_said(language, rule, expected, tmp_path, run)


@pytest.mark.parametrize(("language", "rule", "expected"), LISTS, ids=[f"{said[0]}-{said[2][:40]}" for said in LISTS])
def test_what_is_asked_of_lists_is_said_in_full(
    language: Language, rule: str, expected: str, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / f"a.{ENDINGS[language]}"
    declared = (GOLDEN / f"lists.{ENDINGS[language]}").read_text(encoding="utf-8")
    path.write_text(f"{declared}{rule}\n", encoding="utf-8")
    status, out, err = run("check", path, "--paraphrase")
    assert (status, err) == (0, "")
    assert expected in " ".join(out.split())


def test_a_table_from_a_file_is_said_in_full(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    table = "Table « Port » (une seule ligne s'applique) depuis « p.csv »\n"
    path.write_text(vocabulary("fr") + table, encoding="utf-8")
    (tmp_path / "p.csv").write_text("pays;remise\nFrance;10 %\nSuisse;5 %\n", encoding="utf-8")
    status, out, err = run("check", path, "--paraphrase")
    assert (status, err) == (0, "")
    assert "| Suisse | | 5 %" in " ".join(out.replace("||", "| |").split())


def test_without_the_option_and_with_errors_nothing_is_said_back(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    path.write_text(vocabulary("fr") + "Remise 5 %\n", encoding="utf-8")
    assert "Ce que rulec a compris" not in run("check", path)[1]
    path.write_text(vocabulary("fr") + "Remyse 5 %\n", encoding="utf-8")
    status, out, _ = run("check", path, "--paraphrase")
    assert (status, "Ce que rulec a compris" in out) == (1, False)


def test_it_is_data_too(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.rules"
    path.write_text(vocabulary("en") + "Discount 5%\n", encoding="utf-8")
    report = json.loads(run("check", path, "--paraphrase", "--format", "json")[1])
    first, second, *_ = report["paraphrase"]
    line = vocabulary("en").count("\n") + 1
    assert first == {"file": "a.rules", "line": line, "text": "The discount is 5%"}
    assert (second["line"], second["text"][:13]) == (0, "The discount:")
    assert "paraphrase" not in json.loads(run("check", path, "--format", "json")[1])
