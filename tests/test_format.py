"""`rulec format` on files: one form, the same meaning, comments where they were, nothing lost."""

import os
import shutil
import stat
from pathlib import Path

import pytest
from test_cli import Run, french, process, run
from test_pairs import ENDINGS, vocabulary

from rulec.formatting import file_of, formatted
from rulec.pipeline import compile_paths
from rulec.plan.alike import cases as cases_of
from rulec.plan.alike import comparable
from rulec.source import LANGUAGES, Language

__all__ = ["french", "run"]
ROOT = Path(__file__).parents[1]
FILES = [path for folder in ("stdlib", "examples", "rulec/cli/project") for path in (ROOT / folder).rglob("*.r*les")]

WRITTEN = """\
# La maison


Un client a :
  - il peut être fidèle   # depuis 2020
  # ce qui suit est rare

  - un code promo (texte), facultatif
On décide :
    - la remise (pourcentage) , 0% par défaut
# Fidélité
Si le client est fidèle et que le code promo est renseigné, 10 % de remise.   # merci


Règle « Code » : # la deuxième
  si le code promo est renseigné et commence par « ÉTÉ »
  # pas encore
  alors 5 % de remise   # fin
"""
FORMATTED = """\
# La maison

Un client a :
  - il peut être fidèle  # depuis 2020
  # ce qui suit est rare

  - un code promo (texte), facultatif
On décide :
  - la remise (pourcentage), 0 % par défaut
# Fidélité
Si le client est fidèle et le code promo du client est renseigné alors la remise est de 10 %  # merci

# la deuxième
# pas encore
Règle « Code » :
  si le code promo du client est renseigné et le code promo du client commence par « ÉTÉ »
  alors la remise est de 5 %  # fin
"""


def form(path: Path) -> str:
    """The canonical text of a file."""
    rules = compile_paths([path])
    return formatted(file_of(path.read_bytes().decode("utf-8"), (path.name,), rules), rules)


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_files_keep_their_meaning_and_are_formatted_once(path: Path, tmp_path: Path) -> None:
    shutil.copytree(path.parent, tmp_path, dirs_exist_ok=True)  # with the tables that it reads
    copy = tmp_path / path.name
    copy.write_text(form(path), encoding="utf-8")
    before, after = compile_paths([path]), compile_paths([copy])
    if before.plan is not None:
        assert after.plan is not None
        assert comparable(after.plan) == comparable(before.plan)
        assert form(copy) == copy.read_text(encoding="utf-8")
    written = path.read_text(encoding="utf-8").splitlines()
    long = [line for line in copy.read_text(encoding="utf-8").splitlines() if len(line.partition("  #")[0]) > 100]
    assert set(long) <= set(written)  # what has no canonical sentence yet


@pytest.mark.parametrize("language", LANGUAGES)
def test_declarations_keep_the_vocabulary(language: Language, tmp_path: Path) -> None:
    rule = {"fr": "Si client fidèle alors remise 10 %\n", "en": "If loyal customer then discount 10%\n"}[language]
    path = tmp_path / f"a.{ENDINGS[language]}"
    path.write_text(vocabulary(language) + rule, encoding="utf-8")
    before = compile_paths([path])
    path.write_text(form(path), encoding="utf-8")
    assert compile_paths([path]).vocabulary == before.vocabulary


def test_comments_and_blank_lines_stay(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    path.write_text(WRITTEN, encoding="utf-8")
    assert run("format", path)[0] == 0
    assert path.read_text(encoding="utf-8") == FORMATTED
    assert run("format", path) == (0, "", "")
    assert path.read_text(encoding="utf-8") == FORMATTED


def test_a_page_of_prose_alone_stays(tmp_path: Path, run: Run) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Prose\n\n```rules\n\n```\n", encoding="utf-8")
    assert run("format", str(page))[0] == 0
    assert page.read_text(encoding="utf-8") == "# Prose\n\n```rules\n\n```\n"


def test_lines_that_end_in_several_ways_are_formatted_once(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    code = "  - un code promo (texte), facultatif\n"
    mixed = f"{code.replace(',', ' ,').rstrip()}\r  - il peut être  actif\n"
    path.write_bytes(WRITTEN.replace(code, mixed).encode())
    assert run("format", path)[0] == 0
    assert path.read_bytes().decode() == FORMATTED.replace(code, f"{code}  - il peut être actif\n")
    assert run("format", "--check", path) == (0, "", "")


def test_check_writes_nothing_and_names_what_would_change(tmp_path: Path, run: Run) -> None:
    path, fine = tmp_path / "a.regles", tmp_path / "b.regles"
    path.write_text(WRITTEN, encoding="utf-8")
    fine.write_text(FORMATTED, encoding="utf-8")
    status, out, _ = run("format", "--check", tmp_path)
    assert (status, out.splitlines()[0]) == (1, f"Changerait : {path}")
    assert "-    - la remise (pourcentage) , 0% par défaut\n" in out
    assert "+  - la remise (pourcentage), 0 % par défaut\n" in out
    assert "-# La maison" not in out
    assert path.read_text(encoding="utf-8") == WRITTEN
    assert run("format", "--check", fine) == (0, "", "")


def test_a_file_with_errors_is_not_touched_and_the_others_are(tmp_path: Path, run: Run) -> None:
    bad, good = tmp_path / "a.regles", tmp_path / "b.regles"
    bad.write_text(WRITTEN.replace("le client est", "le cliant est"), encoding="utf-8")
    good.write_text(WRITTEN, encoding="utf-8")
    before = bad.read_bytes()
    status, _, err = run("format", tmp_path)
    assert (status, "ERREUR E" in err) == (1, True)
    assert bad.read_bytes() == before
    assert good.read_text(encoding="utf-8") == FORMATTED


def test_standard_input_goes_to_standard_output() -> None:
    done = process("format", "-", given=WRITTEN.encode(), LC_ALL="fr_FR.UTF-8")
    assert (done.returncode, done.stdout.decode()) == (0, FORMATTED)
    assert process("format", "--check", "-", given=WRITTEN.encode()).returncode == 1
    assert process("format", "--check", "-", given=FORMATTED.encode()).returncode == 0


def test_only_the_blocks_of_a_literate_file_are_formatted(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.md"
    prose = "# Titre\n\nSi   le client   …\n\n```regles\n{}```\n\n  suite  \n\n```\nSi x\n```\n"
    path.write_text(prose.format(WRITTEN), encoding="utf-8")
    assert run("format", path)[0] == 0
    assert path.read_text(encoding="utf-8") == prose.format(FORMATTED)


def test_what_no_layout_says_again_stays_as_it_is(tmp_path: Path, run: Run) -> None:
    """A period that goes on in the next block would lose what it governs."""
    rules = "Si client fidèle alors remise 5 %"
    text = f"# D\n\n```regles\nÀ partir du 1er mars 2026 :\n\n```\n\nPuis\n\n```regles\n  {rules}\n```\n"
    path = tmp_path / "r.md"
    path.write_text(text, encoding="utf-8")
    assert run("check", path)[0] == 0
    assert run("format", path)[0] == 0
    assert path.read_text(encoding="utf-8") == text


def test_line_ends_the_byte_order_mark_and_the_mode_stay(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    (tmp_path / "base.regles").write_text("On connaît :\n  - un canal (texte)\n", encoding="utf-8")
    text = "\ufeffLangue : français\nUtiliser   base\n" + WRITTEN
    path.write_bytes(text.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    assert run("format", path)[0] == 0
    after = path.read_bytes().decode()
    assert after.startswith("\ufeffLangue : français\r\nUtiliser   base\r\n")
    assert after.count("\n") == after.count("\r\n")
    assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o640


def test_without_vocabulary_the_words_of_the_file_stay(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    path.write_text("Si commande > 500€ ET client fidèle ALORS remise 10%  # voilà\n", encoding="utf-8")
    assert run("format", path)[0] == 0
    line = "Si commande dépasse 500 € et client fidèle alors remise est de 10 %  # voilà\n"
    assert path.read_text(encoding="utf-8") == line


def test_names_are_said_with_plain_spaces(tmp_path: Path) -> None:
    path = tmp_path / "a.regles"
    path.write_text(
        "On connaît :\n  - une date\n    de\tlivraison (date)\nOn peut :\n"
        "  - envoyer\tune  relance,\tavec\tun\tniveau\tparmi doux, ferme\n"
        "Si la date de livraison est avant le 1er mars 2026 alors envoyer une relance avec le niveau doux\n",
        encoding="utf-8",
    )
    once = form(path)
    assert "  - une date de livraison (date)\n" in once
    assert "  - envoyer une relance, avec un niveau parmi doux, ferme\n" in once
    path.write_text(once, encoding="utf-8")
    assert form(path) == once


DECLARED = """\
Un client a :
  - un pays parmi France, Belgique, Allemagne
  - un code promo (texte), facultatif
  - il peut être fidèle
On connaît :
  - un poids (en kg)
  - un seuil (en kg)
On décide :
  - le port (en €)
  - le score (nombre)
"""
TABLE = (
    DECLARED
    + """
Table « Port » (une seule ligne s'applique) : # 2026
| pays | poids || port | score |
|---|---||---|---|
| la France | jusqu'à 5kg || 4,9€ | 2 | # la poste
# plus lourd
|France|plus de 5 kg||9,90 €|1|

| Belgique ou Allemagne | de 0 à moins de 500 g || 14,90 € | - |
| sinon | || 20 € | - |
sauf si client fidèle
parce que « a | b »
Table « Codes » (s'additionnent) :
| code promo | seuil + 1 kg | poids || score |
| commence par « VIP | 2 » | - | > le seuil || 5 |
| absent | au moins 3kg | sauf 2 kg || 2 |
"""
)
ALIGNED = (
    DECLARED
    + """
Table « Port » (une seule ligne s'applique) :  # 2026
  | pays                | poids                     || port    | score |
  |---------------------|---------------------------||---------|-------|
  | France              | jusqu'à 5 kg              || 4,90 €  | 2     |  # la poste
  # plus lourd
  | France              | plus de 5 kg              || 9,90 €  | 1     |

  | Belgique, Allemagne | de 0 kg à moins de 0,5 kg || 14,90 € | -     |
  | sinon               | -                         || 20 €    | -     |
  sauf si le client est fidèle
  parce que « a | b »
Table « Codes » (les lignes s'additionnent) :
  | code promo               | seuil + 1 kg  | poids      || score |
  | commence par « VIP | 2 » | -             | > le seuil || 5     |
  | non renseigné            | au moins 3 kg | pas 2 kg   || 2     |
"""
)


def test_tables_are_drawn_with_their_bars_below_each_other(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    path.write_text(TABLE, encoding="utf-8")
    assert run("format", path)[0] == 0
    assert path.read_text(encoding="utf-8") == ALIGNED
    assert run("format", path) == (0, "", "")


def test_the_file_of_a_table_is_left_alone(tmp_path: Path, run: Run) -> None:
    path, rows = tmp_path / "a.regles", tmp_path / "ports.csv"
    text = DECLARED + "Table   « Port »  depuis « ports.csv » (la première ligne l'emporte)\n"
    path.write_text(text, encoding="utf-8")
    rows.write_text("pays;poids;port\nFrance;> 5kg;4 €\nsinon;;9 €\n", encoding="utf-8")
    before = rows.read_bytes()
    assert run("format", path)[0] == 0
    assert path.read_text(encoding="utf-8").endswith(
        "Table « Port » depuis « ports.csv » (la première ligne l'emporte)\n"
    )
    assert rows.read_bytes() == before


CASES = """
Exemples « port » :
| pays | fidèle | poids | code promo || port | score | actions |
|France|oui|5kg|n'est pas renseigné||4,9€|2|aucune|
| la Belgique | non | - | « VIP » || erreur | indéterminé | -
Exemple « un seul »:   étant donné un client fidèle, le pays est la France   # voilà
  et un poids de 4,50 kg
  alors le port est de 4,9 € et il manque le code promo
"""


def test_examples_are_said_in_one_form(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    path.write_text(TABLE + CASES, encoding="utf-8")
    before = compile_paths([path])
    assert run("format", path)[0] == 0
    assert (
        path.read_text(encoding="utf-8").removeprefix(ALIGNED)
        == """
Exemples « port » :
  | pays     | fidèle | poids | code promo || port   | score       | actions |
  | France   | oui    | 5 kg  | manque     || 4,90 € | 2           | aucune  |
  | Belgique | non    | -     | « VIP »    || erreur | indéterminé | -       |
Exemple « un seul » :  # voilà
  étant donné que le client est fidèle, le pays est France et un poids de 4,5 kg
  alors le port est de 4,90 € et il manque le code promo
"""
    )
    assert cases_of(compile_paths([path]).examples) == cases_of(before.examples)
    assert run("format", path) == (0, "", "")


SET_OUT = """\
Calendrier :   alsace-moselle
L'entreprise est fermée du 1er au 15 août 2026
  et le 24 décembre 2026.  # Noël
fuseau horaire: europe/paris
On décide :
  - le port (en €)
Si aujourd'hui est un jour férié alors le port est de 3 €
"""


def test_what_holds_for_all_the_rules_is_said_in_one_form(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    path.write_text(SET_OUT, encoding="utf-8")
    before = compile_paths([path]).plan
    assert run("format", path)[0] == 0
    assert path.read_text(encoding="utf-8").splitlines()[:3] == [
        "Calendrier : Alsace-Moselle",
        "L'entreprise est fermée du 1er août 2026 au 15 août 2026 et le 24 décembre 2026  # Noël",
        "Fuseau horaire : Europe/Paris",
    ]
    again = compile_paths([path]).plan
    assert before is not None
    assert again is not None
    assert comparable(again) == comparable(before)


PERIODS = """\
Du 1er au 15 mars 2026 (selon la date de livraison) :   # le printemps
    # une pause

    remise de 3 % si client fidèle   # petite

    # le port
    Règle « Port » : si client fidèle alors frais de port 2 €
En 2026 : Constante : le seuil [floor] vaut 3.
Si le nombre de commandes dépasse le seuil alors remise 10 %
"""
IN_PERIODS = """\
Du 1er mars 2026 au 15 mars 2026 (selon la date de livraison de la commande) :  # le printemps
  # une pause

  Si le client est fidèle alors la remise est de 3 %  # petite

  # le port
  Règle « Port » :
    si le client est fidèle
    alors les frais de port sont de 2 €
En 2026 :
  Constante : le seuil [floor] vaut 3
Si le nombre de commandes du client dépasse le seuil alors la remise est de 10 %
"""


def test_what_stands_in_a_period_is_said_in_one_form_below_its_head(tmp_path: Path) -> None:
    path = tmp_path / "a.regles"
    path.write_text(vocabulary("fr") + PERIODS, encoding="utf-8")
    text = form(path)
    assert text.endswith(IN_PERIODS)
    path.write_text(text, encoding="utf-8")
    assert form(path) == text


def test_lines_in_a_period_are_no_longer_than_others(tmp_path: Path) -> None:
    path = tmp_path / "a.regles"
    names = " et ".join(["le client est fidèle"] * 4)
    for more in range(12):
        rule = f"Si {names} alors remise 1 % parce que « {'x' * (more + 1)} »"
        path.write_text(f"{vocabulary('fr')}En 2026 :\n  {rule}\n", encoding="utf-8")
        assert max(map(len, form(path).splitlines())) <= 100, more


def test_a_bare_carriage_return_ends_a_line_and_what_follows_is_said_once(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    rules = "Un article a :\n  - un prix (en €)\nOn connaît :\n\r  - des articles (liste d'article)\n"
    path.write_bytes(f"# A\n\n```regles\n{rules}On décide :\n  - la remise (pourcentage)\n```\n".encode())
    text = form(path)
    assert "On connaît :\n\n  - des articles (liste d'article)\n" in text
    path.write_bytes(text.encode())
    assert form(path) == text
