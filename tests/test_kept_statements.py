"""After an edit, what did not change is not read again; what comes of it is what a fresh compilation gives."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sampling import one_in

from rulec import kept, pipeline
from rulec.diagnostics import Diagnostics
from rulec.diagnostics.render import render
from rulec.files import with_imports
from rulec.pipeline import Compiled, compile_paths, compile_sources
from rulec.syntax.scan import scan as scanned

EDITS = int(os.environ.get("RULEC_EDITS", "2"))
ROOT = Path(__file__).parent.parent
FILES = sorted(path for path in (ROOT / "examples").rglob("*") if path.suffix in (".regles", ".rules", ".md"))
RULES = """\
Un client a :
  - peut être fidèle
  - un pays parmi France, Belgique, Espagne, Italie [country]
  - un code (texte), optionnel
Une commande a :
  - un montant (en €), principal [amount]
  - un poids (en kg) [weight]
On décide :
  - la remise (pourcentage), la première règle l'emporte, 0 % par défaut [discount]
  - le port (en €), s'additionne, 0 € par défaut [shipping]
On peut :
  - prévenir le vendeur
  - informer le client, avec un motif (texte)

Une commande est lourde si son poids dépasse 30 kg.
Le montant net de la commande vaut 80 % du montant.
"""
LAST = """Dans tous les autres cas la remise est de 2 %.
Si le montant net dépasse 5 € alors prévenir le vendeur.
Si le client est fidèle alors :
  - le port est de 3 €
  - la remise est de 1 %
Pas de port si le poids est inférieur à 1 kg.
Si le code est renseigné et le code est « A » alors informer le client avec le motif « code ».
Exemple « un » :
  étant donné un montant de 30 €, un poids de 20 kg, un client fidèle, un pays France, alors la remise est de 1 %
"""


def text_of(draw: Random, count: int = 40) -> str:
    """Rules of a few forms, some of them of their own."""
    lines = list[str]()
    for number in range(count):
        tests = draw.sample([
            f"le montant dépasse {draw.randint(1, 900)} €", f"le poids est inférieur à {draw.randint(1, 90)} kg",
            f"le pays est {draw.choice(['France', 'Belgique', 'Espagne', 'Italie'])}", "le client est fidèle",
            f"le montant est entre {draw.randint(1, 9)} € et {draw.randint(10, 90)} €", "la commande est lourde",
            f"le montant net dépasse {draw.randint(1, 9)} €",
        ], draw.randint(1, 3))  # fmt: skip
        given = draw.choice([f"la remise est de {draw.randint(1, 60)} %", f"le port est de {draw.randint(0, 30)} €"])
        head = (
            f"Par exception à la règle « r{number - 1} » :"
            if number % 5 == 4
            else f"Règle « r{number} » :" * (number % 5 == 3)
        )
        lines.append(f"{head} Si {' et '.join(tests)} alors {given}{draw.choice(['', '.'])}".strip())
    return f"{RULES}{chr(10).join(lines)}\n{LAST}"


def edited(draw: Random, text: str) -> str:
    """The text with one random change, good or bad."""
    lines = text.split("\n")
    at, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    words = lines[at].split(" ")
    match draw.randrange(8):
        case 0:
            del lines[at]
        case 1:
            lines.insert(other, lines[at])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            lines.insert(at, draw.choice(["", "# note", "Si le montant dépasse 7 € alors la remise est de 7 %."]))
        case 4:
            words[draw.randrange(len(words))] = draw.choice(lines[other].split(" "))
            lines[at] = " ".join(words)
        case 5:
            lines[at] = "".join(draw.choice("0123456789") if each.isdigit() else each for each in lines[at])
        case 6:
            lines[at] = lines[at].replace(draw.choice("aeiou"), draw.choice("aeiouy"), 1)
        case _:
            lines[at] += draw.choice([" # note", " ou le montant dépasse 3 €", ".", " si le client est fidèle"])
    return "\n".join(lines)


def told(compiled: Compiled) -> object:
    """All that comes of a compilation; what is found in the order in which it is shown."""
    found = render(compiled.diagnostics, compiled.sources)
    plan = compiled.plan
    return found, plan and spread(plan.parts()), spread(compiled.vocabulary), compiled.examples, compiled.language


def spread(value: object) -> object:
    """A tree with its places, which do not count when trees are compared."""
    if isinstance(value, dict):
        return {key: spread(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [spread(each) for each in value]
    return (
        (type(value), spread(value.__getstate__()))
        if hasattr(value, "__dict__") and type(value).__module__[:5] == "rulec"
        else value
    )


class Reading:
    """Counts the statements that are read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number, whole = 0, scanned

        def scan(*given: Any) -> Any:
            self.number += 1
            return whole(*given)

        monkeypatch.setattr("rulec.syntax.parse.scan", scan)


@pytest.fixture(autouse=True)
def _cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(pipeline, "LONG", 0)


def compare(path: Path) -> Compiled:
    """What a file is compiled to, and what a fresh compilation gives."""
    again = compile_paths([path])
    diagnostics = Diagnostics()
    sources = with_imports([path], diagnostics)
    assert told(again) == told(compile_sources(sources, diagnostics)), path.read_text(encoding="utf-8")
    return again


@pytest.mark.parametrize("seed", range(EDITS))
def test_random_edits_give_what_a_fresh_compilation_gives(tmp_path: Path, seed: int) -> None:
    draw = Random(seed)
    path = tmp_path / "regles.regles"
    good = text = text_of(draw)
    for _ in range(12):
        path.write_text(text, encoding="utf-8")
        good = text if compare(path).plan is not None else good
        text = edited(draw, draw.choice([good, good, text]))


@pytest.mark.parametrize("file", one_in(3, FILES), ids=lambda path: path.name)
def test_random_edits_of_the_examples_do_so_too(tmp_path: Path, file: Path) -> None:
    draw = Random(7)
    for other in file.parent.iterdir():
        if other.is_file():
            (tmp_path / other.name).write_bytes(other.read_bytes())
    path = tmp_path / file.name
    good = text = file.read_text(encoding="utf-8")
    for _ in range(EDITS):
        path.write_text(text, encoding="utf-8")
        good = text if compare(path).plan is not None else good
        text = edited(draw, good)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "regles.regles"
    path.write_text(text_of(Random(1)), encoding="utf-8")
    assert compile_paths([path]).plan is not None
    return path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Dans tous", "Si le montant dépasse 77 € alors la remise est de 7 %.\nDans tous"),
        ("Dans tous", "Si le poids dépasse 77 € alors la remise est de 7 %.\nDans tous"),
        ("Dans tous les autres cas la remise est de 2 %.\n", ""),
        ("Dans tous les autres cas la remise est de 2 %.", "Dans tous les autres cas la remise est de 3 %."),
        ("Une commande est lourde", "# une note\n\n\nUne commande est lourde"),
    ],
    ids=["one more", "a wrong one", "one less", "another", "all moved"],
)
def test_a_rule_that_did_not_change_is_not_read_again(
    file: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    change(file, old, new)
    reading = Reading(monkeypatch)
    compile_paths([file])
    again, reading.number = reading.number, 0
    compare(file)
    assert reading.number > 40
    assert again < 16  # what declares, defines, forbids or is an example is


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("parmi France, Belgique", "parmi France, Belgique, Suisse"),
        ("un poids (en kg)", "un poids (en g)"),
        ("dépasse 30 kg", "dépasse 31 kg"),
        ("vaut 80 % du montant", "vaut 80 % du poids"),
        ("Un client a :", "Le fuseau horaire est Europe/Madrid.\nUn client a :"),
        ("est lourde", "est pesante"),
        ("un code (texte), optionnel", "un code (texte)"),
        ("première règle l'emporte", "dernière règle l'emporte"),
    ],
)
def test_what_rules_see_may_change(file: Path, old: str, new: str) -> None:
    change(file, old, new)
    compare(file)
    change(file, new, old)
    assert compare(file).plan is not None


def test_what_is_known_may_be_lost_or_damaged(file: Path, tmp_path: Path) -> None:
    latest, compiled = (tmp_path / "cache" / "rulec" / name for name in ("latest", "compiled"))
    for number, damage in enumerate((b"", b"xyz", b"\xff", b"0" * 64, b"00" * 31, b"../../regles.regles")):
        (path,) = latest.iterdir()
        path.write_bytes(damage)
        change(file, "Dans tous", f"# {number}\nDans tous")
        assert compare(file).plan is not None
    for number in range(6):
        for path in compiled.iterdir():
            data = bytearray(path.read_bytes())
            data[number * len(data) // 6] ^= 1
            path.write_bytes(data)
        change(file, "Dans tous", f"# again {number}\nDans tous")
        assert compare(file).plan is not None
    shutil.rmtree(compiled)
    change(file, "Dans tous", "# lost\nDans tous")
    assert compare(file).plan is not None


def test_what_is_known_of_files_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_FILES", 3)
    for number in range(6):
        path = tmp_path / f"{number}.regles"
        path.write_text(text_of(Random(number)), encoding="utf-8")
        compile_paths([path])
    assert [len(list((tmp_path / "cache" / "rulec" / name).iterdir())) for name in ("latest", "compiled")] == [3, 3]


def test_processes_may_compile_the_same_file_at_once(file: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from rulec import pipeline; from rulec.ruleset import load; pipeline.LONG = 0\n"
        "facts = {'montant': 3, 'poids': 1, 'fidèle': True, 'pays': 'France'}\n"
        "for _ in range(5): print(load(sys.argv[1]).decide(facts))"
    )
    texts = [file.read_text(encoding="utf-8").replace("Dans tous", f"# {number}\nDans tous") for number in range(4)]
    call = [sys.executable, "-c", script, str(file)]
    running = list[subprocess.Popen[bytes]]()
    for text in texts:
        part = file.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(file)
        running.append(subprocess.Popen(call, stdout=subprocess.PIPE, env={**os.environ, "PYTHONUTF8": "1"}))
    said = [each.communicate()[0] for each in running]
    assert [each.returncode for each in running] == [0] * 4
    assert all(len(each.splitlines()) == 5 for each in said)
    assert compare(file).plan is not None
