"""What is kept of a compilation is what it gave, made again wherever anything that it is made of changes."""

import os
import pickle
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rulec import kept, pipeline, resources
from rulec.backends import lines
from rulec.diagnostics import Diagnostics
from rulec.pipeline import Compiled, compile_paths
from rulec.plan.tree import Plan
from rulec.ruleset import load
from rulec.runtime.index import Lines

RULES = """\
Utiliser seuils
Une commande [order] a :
  - un montant (en €), principal [amount]
  - un code (texte)
On décide :
  - la remise (pourcentage), la plus élevée l'emporte [discount]
  - le port (en €) [shipping]

Table « port » depuis « port.csv »

"""
SEUILS = "Constante : le seuil bas vaut 12 €.\nConstante : le seuil haut vaut 50 €.\n"
PORT = "montant;port\n< 10 €;5 €\n>= 10 €;3 €\n"


class Counting:
    """Counts compilations."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        whole = pipeline.compile_sources

        def compile_sources(*given: Any) -> Compiled:
            self.number += 1
            return whole(*given)

        for module in (pipeline, kept):
            monkeypatch.setattr(module, "compile_sources", compile_sources)


@pytest.fixture
def counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counting:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Counting(monkeypatch)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rules = "".join(f"Si le montant dépasse {at} € alors la remise est de {at % 9 + 1} %.\n" for at in range(400))
    (tmp_path / "seuils.regles").write_text(SEUILS, encoding="utf-8")
    (tmp_path / "port.csv").write_text(PORT, encoding="utf-8")
    path = tmp_path / "remises.regles"
    last = "Si le montant dépasse le seuil bas alors la remise est de 2 %.\n"
    path.write_text(RULES + rules + last, encoding="utf-8")
    return path


def files_of(path: Path) -> list[Path]:
    return sorted((path.parent / "cache" / "rulec" / "compiled").iterdir())


def told(compiled: Compiled) -> object:
    assert compiled.plan is not None
    return compiled.plan.parts(), compiled.diagnostics.found, compiled.vocabulary, compiled.sources, compiled.language


def test_what_is_kept_is_what_was_compiled(counting: Counting, file: Path) -> None:
    first, second = compile_paths([file]), compile_paths([file])
    assert counting.number == 1
    assert told(first) == told(second)
    assert [each.code for each in second.diagnostics] == ["W421"]  # the warnings too: « seuil haut » is not used
    assert first.plan == second.plan
    assert pickle.loads(pickle.dumps(second.plan)) == first.plan
    facts = {"montant": "40 €", "code": "x"}
    assert load(file).decide(facts) == load(file).decide(facts)
    assert counting.number == 1


@pytest.mark.parametrize("name", ["remises.regles", "seuils.regles", "port.csv"])
def test_a_change_of_any_file_compiles_again(counting: Counting, file: Path, name: str) -> None:
    compile_paths([file])
    changed = file.parent / name
    changed.write_text(changed.read_text(encoding="utf-8").replace("5", "6"), encoding="utf-8")
    again = compile_paths([file])
    assert counting.number == 2
    assert told(again) == told(pipeline.compile_sources(again.sources[:2], type(again.diagnostics)()))


def test_a_change_of_rulec_compiles_again(
    counting: Counting, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_paths([file])
    stdlib = tmp_path / "stdlib"
    shutil.copytree(resources.folder("stdlib"), stdlib)
    whole = resources.folder
    monkeypatch.setattr(resources, "folder", lambda name: stdlib if name == "stdlib" else whole(name))
    kept._own_code.cache_clear()
    for number in (2, 3):
        compile_paths([file])
        assert counting.number == number
        compile_paths([file])
        assert counting.number == number
        module = next(stdlib.iterdir())
        module.write_bytes(module.read_bytes() + b"\n")
        kept._own_code.cache_clear()
    kept._own_code.cache_clear()


def test_a_damaged_file_is_never_taken(counting: Counting, file: Path) -> None:
    told_first = told(compile_paths([file]))
    (path,) = files_of(file)
    whole = path.read_bytes()
    middle = 40 + int.from_bytes(whole[32:40])
    for at, damaged in enumerate((b"", b"x", bytes(60), whole[:50], whole[:middle], whole[:-1], whole + b"x"), 1):
        path.write_bytes(damaged)
        assert told(compile_paths([file])) == told_first
        assert counting.number == 1 + at


def test_what_decisions_are_made_with_is_kept_too(
    counting: Counting, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, whole = list[Plan](), lines.lines_of

    def lines_of(plan: Plan) -> Lines:
        made.append(plan)
        return whole(plan)

    monkeypatch.setattr("rulec.backends.indexed.lines_of", lines_of)
    facts = {"montant": "40 €", "code": "x"}
    first = load(file).decide(facts)
    (path,) = (file.parent / "cache" / "rulec" / "indexed").iterdir()
    for damaged, times in ((path.read_bytes(), 1), (b"", 2), (path.read_bytes()[:-1] + b"x", 3)):
        path.write_bytes(damaged)
        assert load(file).decide(facts) == first
        assert len(made) == times
    rules = load(file)
    few = rules.plan.rules[:3]
    other = replace(rules, plan=replace(rules.plan, rules=few, tables=(), order=tuple(rule.id for rule in few)))
    assert other.decide(facts)["discount"] == Decimal("0.03")  # of other rules, nothing that was kept is taken


def test_rules_that_do_not_decide_are_not_read(counting: Counting, tmp_path: Path) -> None:
    path = tmp_path / "remises.regles"
    rules = "".join(f"Si le montant dépasse {at} € alors la remise est de {at % 9 + 1} %.\n" for at in range(400))
    path.write_text(RULES[RULES.index("Une") : RULES.index("  - le port")] + "\n" + rules, encoding="utf-8")
    first = load(path).decide({"montant": "7 €"})
    again = load(path)
    assert again.decide({"montant": "7 €"}) == first
    assert "rules" not in vars(again.plan)
    assert not any("branches" in vars(rule) for rule in again.plan.rules)
    assert again.plan == pipeline.compile_sources(again.sources[:1], Diagnostics()).plan


def test_a_file_never_runs_code(counting: Counting, file: Path) -> None:
    class Bad:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(file.parent / "ran"),)

    told_first = told(compile_paths([file]))
    (path,) = files_of(file)
    key, data = bytes.fromhex(path.name), pickle.dumps(Bad())
    path.write_bytes(kept._seal(key, data) + len(data).to_bytes(8) + data)
    assert told(compile_paths([file])) == told_first
    assert not (file.parent / "ran").exists()
    path.write_bytes((whole := path.read_bytes())[: 40 + int.from_bytes(whole[32:40])] + kept._seal(key, data) + data)
    assert told(compile_paths([file])) == told_first
    assert not (file.parent / "ran").exists()
    assert counting.number == 3


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_folder_that_others_may_write_to_is_not_used(counting: Counting, file: Path) -> None:
    compile_paths([file])
    (path,) = files_of(file)
    path.parent.chmod(0o777)
    compile_paths([file])
    assert counting.number == 2
    path.parent.chmod(0o700)
    path.chmod(0o666)
    compile_paths([file])
    assert counting.number == 3
    compile_paths([file])
    assert counting.number == 3


def test_the_cache_can_be_off_or_impossible(
    counting: Counting, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("RULEC_CACHE", "off")
    compile_paths([file])
    compile_paths([file])
    assert counting.number == 2
    assert not (file.parent / "cache").exists() or not (file.parent / "cache" / "rulec" / "compiled").exists()
    monkeypatch.delenv("RULEC_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(file))  # a file, where no folder can be
    compile_paths([file])
    compile_paths([file])
    assert counting.number == 4


def test_errors_are_never_kept(counting: Counting, file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8") + "Si le zorglub dépasse 3 € alors la remise est de 2 %.\n")
    found = [compile_paths([file]).diagnostics.found for _ in range(2)]
    assert found[0] == found[1]
    assert counting.number == 2


def test_the_oldest_files_go(counting: Counting, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_FILES", 2)
    text = file.read_text(encoding="utf-8")
    for number in range(4):
        file.write_text(f"{text}# {number}\n", encoding="utf-8")
        compile_paths([file])
        time.sleep(0.01)
    assert len(files_of(file)) == 2
    compile_paths([file])
    assert counting.number == 4
    monkeypatch.setattr(kept, "MOST_BYTES", 1)
    file.write_text(f"{text}# other\n", encoding="utf-8")
    compile_paths([file])
    assert len(files_of(file)) == 1


COMMANDS = ["run --fact soldes=oui", "run --why", "vocabulary", "test --coverage", "check --paraphrase --budget 0"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_process_of_its_own_says_the_same_from_what_is_kept(tmp_path: Path, command: str) -> None:
    """Nothing that is read back was made there: a kind may be met for the first time."""
    rules = "".join(
        f"Si (le montant dépasse {at} € et soldes) ou le canal est web alors la remise est de {at % 9 + 1} %.\n"
        for at in range(60)
    )
    path = tmp_path / "remises.regles"
    path.write_text(
        "On connaît :\n  - un montant (en €)\n  - les soldes (oui/non)\n  - un canal parmi boutique, web\n"
        "On décide :\n  - la remise (pourcentage), la plus élevée l'emporte\n" + rules + "#" * pipeline.LONG,
        encoding="utf-8",
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "LC_ALL": "C.UTF-8"}
    call = [sys.executable, "-m", "rulec", *command.split(), str(path)]
    first, again = (subprocess.run(call, capture_output=True, env=environment, check=False) for _ in range(2))
    assert files_of(path)
    assert (again.returncode, again.stdout, again.stderr) == (0, first.stdout, first.stderr)
