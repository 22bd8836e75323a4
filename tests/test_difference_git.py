"""`rulec diff main..HEAD`: two revisions of a real repository, of which nothing is checked out."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rulec.cli import main

Captured = pytest.CaptureFixture[str]
Git = Callable[..., None]
TERMS = """Une commande a :
  - un montant (en €), principal
  - une zone parmi A, B
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut
  - les frais (en €), 0 € par défaut
"""
RULES = """Utiliser termes
Si la commande dépasse 500 € alors remise {percent} %
Table « Frais » depuis « frais.csv »
"""
ROWS = "zone,frais\nA,{fee} €\nB,9 €\n"


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """git in a repository with a folder of rules, without the settings of whoever runs the tests."""
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "x")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "x@example.org")
    folder = tmp_path / "dépôt de règles"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(*arguments: str) -> None:
        subprocess.run(["git", *arguments], check=True, capture_output=True)

    run("init", "-q", "-b", "main")
    write("5", "4")
    run("add", "-A")
    run("commit", "-qm", "first")
    run("tag", "v1")
    return run


def write(percent: str, fee: str) -> None:
    rules = Path("les règles")
    rules.mkdir(exist_ok=True)
    (rules / "termes.regles").write_text(TERMS, encoding="utf-8")
    (rules / "remises.regles").write_text(RULES.format(percent=percent), encoding="utf-8")
    (rules / "frais.csv").write_text(ROWS.format(fee=fee), encoding="utf-8")


def changed(git: Git, percent: str, fee: str) -> None:
    write(percent, fee)
    git("commit", "-qam", "change")


@pytest.mark.parametrize("path", ["les règles", "les règles/remises.regles"])
def test_revisions_are_compared_with_all_that_they_use(git: Git, path: str, capsys: Captured) -> None:
    changed(git, "10", "4")
    write("50", "50")  # what is not committed counts for nothing
    assert main(["diff", "v1..main", path]) == 1
    out = capsys.readouterr().out
    assert "si la commande dépasse 500 € : 5 % → 10 %" in out
    assert f"rulec run '{path}' --fact \"montant=501 €\"  # v1\n" in out
    assert "50 %" not in out
    assert Path("les règles/frais.csv").read_text(encoding="utf-8") == ROWS.format(fee="50")
    assert main(["diff", "main..", path]) == 0


def test_rows_of_tables_belong_to_a_revision(git: Git, capsys: Captured) -> None:
    changed(git, "5", "6")
    assert main(["diff", "v1..HEAD", "les règles"]) == 1
    assert "4 € → 6 €" in capsys.readouterr().out


def test_three_dots_start_where_the_lines_part(git: Git, capsys: Captured) -> None:
    git("checkout", "-qb", "proposal")
    changed(git, "5", "6")
    git("checkout", "-q", "main")
    changed(git, "20", "4")
    git("checkout", "-q", "proposal")
    assert main(["diff", "main...HEAD", "les règles"]) == 1
    out = capsys.readouterr().out
    assert "4 € → 6 €" in out
    assert "20 %" not in out


def test_a_path_that_is_gone_from_the_folder_is_found_in_revisions(git: Git, capsys: Captured) -> None:
    changed(git, "10", "4")
    git("rm", "-rq", "les règles")
    git("commit", "-qm", "gone")
    assert main(["diff", "v1..HEAD~1", "les règles"]) == 1
    assert "5 % → 10 %" in capsys.readouterr().out
    assert main(["diff", "v1..HEAD", "les règles"]) == 2
    assert "Erreur E963 : « les règles » n'existe pas dans la révision « HEAD »." in capsys.readouterr().err


def test_links_are_followed_inside_a_revision_and_nowhere_else(git: Git, tmp_path: Path, capsys: Captured) -> None:
    Path("les règles/autre.regles").symlink_to("remises.regles")
    git("add", "-A")
    git("commit", "-qm", "link")
    assert main(["diff", "HEAD..HEAD", "les règles/autre.regles"]) == 0
    (tmp_path / "outside.regles").write_text(TERMS, encoding="utf-8")
    Path("les règles/dehors.regles").symlink_to(tmp_path / "outside.regles")
    git("add", "-A")
    git("commit", "-qm", "outside")
    capsys.readouterr()
    assert main(["diff", "HEAD..HEAD", "les règles"]) == 2
    assert "E963" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["v2..HEAD", "les règles"], "E962"), (["v1...nothing", "les règles"], "E962"), (["v1..-x", "."], "E962"),
     (["v1..HEAD", "nowhere"], "E963"), (["v1..HEAD", "/"], "E961")],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(git: Git, capsys: Captured, arguments: list[str], code: str) -> None:
    assert main(["diff", *arguments]) == 2
    assert code in capsys.readouterr().err


def test_without_git(git: Git, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("PATH", "")
    assert main(["diff", "v1..HEAD", "les règles"]) == 2
    assert "Erreur E960" in capsys.readouterr().err


def test_a_folder_above_is_no_revision(git: Git, tmp_path: Path) -> None:
    (tmp_path / "a.regles").write_text(TERMS, encoding="utf-8")
    assert main(["diff", "../a.regles", "../a.regles"]) == 0
