"""A command forked from a loaded process says what it says in a fresh one: other tests run it so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import warm

LINE = "Si commande > 500€ ET client fidèle ALORS remise 10%\n"
ASKED = [
    (("check", "-"), LINE),
    (("check", "x.regles", "--format", "json"), ""),
    (("run", "x.regles", "--fact", "commande=620 €", "--fact", "client fidèle=oui", "--why"), ""),
    (("run", "x.regles", "--fact", "comande=620 €"), ""),
    (("explain", "E410"), ""),
    (("chek",), ""),
]


@pytest.mark.parametrize(("arguments", "given"), ASKED, ids=[" ".join(arguments) for arguments, _ in ASKED])
@pytest.mark.parametrize("locale", ["fr_FR.UTF-8", "C.UTF-8"])
def test_a_forked_command_says_what_a_fresh_one_does(
    arguments: tuple[str, ...], given: str, locale: str, tmp_path: Path
) -> None:
    (tmp_path / "x.regles").write_text(LINE, encoding="utf-8")
    known = {**os.environ, "LC_ALL": locale, "PYTHONPATH": str(warm.ROOT)}
    forked, fresh = (
        subprocess.run([*start, *arguments], input=given.encode(), capture_output=True, cwd=tmp_path, env=known)
        for start in (warm.rulec(), [sys.executable, "-m", "rulec"])
    )
    assert (forked.returncode, forked.stdout, forked.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)
    assert forked.stdout or forked.stderr
