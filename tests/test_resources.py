"""What can be made again is kept, and never trusted where it is not what was written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rulec import resources

MAKERS = ("syntax/tables.py",)


class Maker:
    """Counts how often it makes."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> object:
        self.made += 1
        return {"deux": [1, ("x", True)]}

    def kept(self, text: str) -> object:
        """What it makes of a text, kept or made."""
        return resources.kept("sample", text, MAKERS, self)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "rulec"


def test_what_is_kept_is_made_once_a_text(folder: Path) -> None:
    make = Maker()
    assert make.kept("a") == make.kept("a") == make()
    assert (make.made, len(list(folder.iterdir()))) == (2, 1)  # one of them by hand
    make.kept("b")
    assert (make.made, len(list(folder.iterdir()))) == (3, 2)


def test_a_damaged_file_is_made_again(folder: Path) -> None:
    make = Maker()
    make.kept("a")
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    for damaged in (b"", b"x", bytes(60), whole[:-1], whole + b"x", whole[:-1] + bytes([whole[-1] ^ 1])):
        before = make.made
        file.write_bytes(damaged)
        make.kept("a")
        assert (make.made, file.read_bytes()) == (before + 1, whole)


def test_the_file_of_another_text_is_not_taken(folder: Path) -> None:
    make = Maker()
    make.kept("a")
    (file,) = folder.iterdir()
    make.kept("b")
    (other,) = set(folder.iterdir()) - {file}
    other.write_bytes(file.read_bytes())
    before = make.made
    make.kept("b")
    assert make.made == before + 1


def test_nothing_is_kept_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    make = Maker()
    assert make.kept("a") == make.kept("a")
    assert make.made == 2


def test_a_second_start_leaves_the_maker_of_the_grammar_alone(tmp_path: Path) -> None:
    script = (
        "import sys; from rulec.cli import main; status = main(['check', sys.argv[1]]);"
        "slow = ('lark', 'pydantic', 'holidays', 'rapidfuzz');"
        "print([name for name in sys.modules if name in slow]); sys.exit(status)"
    )
    rules = tmp_path / "a.regles"
    rules.write_text("Si commande > 500€ ET client fidèle ALORS remise 10%\n", encoding="utf-8")
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    outputs = [
        subprocess.run(
            [sys.executable, "-c", script, str(rules)], capture_output=True, text=True, check=True, env=environment
        ).stdout.splitlines()
        for _ in range(2)
    ]
    assert outputs[0][-1] == "['lark']"
    assert outputs[1][-1] == "[]"
    assert outputs[0][:-1] == outputs[1][:-1]
