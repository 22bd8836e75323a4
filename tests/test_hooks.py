"""What others run of this repository: the pre-commit hooks, the GitHub action, as its page sets them up."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from junitparser import JUnitXml

import rulec

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```yaml (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = {name.rpartition("/")[2]: text for name, text in BLOCK.findall((ROOT / "docs/ci.md").read_text("utf-8"))}
SOUND = "If order > €500 then discount 10%\nExample: given an order of €620 then the discount is 10%\n"
WRONG = "If loyal customer and web channel or order > €500 then discount 10%\n"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of rules, in which `rulec` is the one of the tests."""
    tools, house = tmp_path / "bin", tmp_path / "house"
    tools.mkdir()
    tool = tools / "rulec"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rulec "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(Path(rulec.__file__).parents[1]))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "kept"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    (house / "rules").mkdir(parents=True)
    (house / "rules" / "discounts.rules").write_text(SOUND, encoding="utf-8")
    return house


def ran(*command: str, folder: Path) -> tuple[int, str]:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode()


def committed(folder: Path) -> None:
    """Put all that a folder holds into a repository."""
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], [*who, "commit", "-qm", "Rules"]):
        assert ran("git", *command, folder=folder)[0] == 0


# ---- pre-commit


def hooked(house: Path) -> None:
    """Install the hooks as the page shows, from a repository that holds them; `rulec` is there already."""
    origin = house.parent / "rulec"
    origin.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", origin)
    committed(origin)
    shown = yaml.safe_load(SHOWN[".pre-commit-config.yaml"])
    (source,) = shown["repos"]
    source["repo"] = str(origin)
    for hook in source["hooks"]:
        hook["language"] = "system"
    (house / ".pre-commit-config.yaml").write_text(yaml.safe_dump(shown), encoding="utf-8")
    committed(house)


def hooks(house: Path) -> dict[str, str]:
    """What each hook comes to on all files."""
    _, out = ran(sys.executable, "-m", "pre_commit", "run", "--all-files", folder=house)
    found = dict(re.findall(r"^(rulec \w+)\.+\S*?(Passed|Failed|Skipped)$", out, re.MULTILINE))
    assert len(found) == 3, out
    return found


def test_hooks_review_format_and_test_a_repository(house: Path) -> None:
    hooked(house)
    assert hooks(house) == {"rulec check": "Passed", "rulec test": "Passed", "rulec format": "Failed"}
    assert hooks(house) == {"rulec check": "Passed", "rulec test": "Passed", "rulec format": "Passed"}
    rules = house / "rules" / "discounts.rules"
    assert rules.read_text(encoding="utf-8").startswith("If the order exceeds €500 then the discount is 10%\n")
    rules.write_text(SOUND.replace("€620", "€480"), encoding="utf-8")
    assert hooks(house)["rulec test"] == "Failed"
    rules.write_text(WRONG, encoding="utf-8")
    assert hooks(house) == {"rulec check": "Failed", "rulec test": "Failed", "rulec format": "Failed"}


def test_hooks_stay_silent_where_no_rule_changes(house: Path) -> None:
    hooked(house)
    (house / "notes.txt").write_text("rules\n", encoding="utf-8")
    status, out = ran(sys.executable, "-m", "pre_commit", "run", "--files", "notes.txt", folder=house)
    assert (status, out.count("Skipped")) == (0, 3)


# ---- the action


def action() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return told


def steps(given: dict[str, str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The steps that these inputs run: name, script, environment."""
    inputs = {name: given.get(name, each["default"]) for name, each in action()["inputs"].items()}
    for step in action()["runs"]["steps"]:
        needed = re.search(r"inputs\.(\w+) != ''", step.get("if", ""))
        if needed is None or inputs[needed[1]]:
            told = {
                name: inputs[re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", value)[1]]  # type: ignore[index]  # all are inputs
                for name, value in step.get("env", {}).items()
            }
            yield step["name"], step["run"], told


def run_action(house: Path, given: dict[str, str]) -> dict[str, tuple[int, str]]:
    """What each step but the installation says, run as GitHub runs it."""
    found = {}
    for name, script, environment in steps(given):
        if name != "Install rulec":
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
            told = {**os.environ, **environment}
            done = subprocess.run(command, cwd=house, env=told, capture_output=True, check=False)
            found[name] = done.returncode, done.stdout.decode() + done.stderr.decode()
    return found


def test_the_action_annotates_what_is_wrong(house: Path) -> None:
    (house / "rules" / "other.rules").write_text(WRONG, encoding="utf-8")
    given = yaml.safe_load(SHOWN["rules.yml"])["jobs"]["rules"]["steps"][1]["with"]
    found = run_action(house, given)
    status, said = found["Check the rules"]
    assert status == 1
    assert said.startswith("::error file=rules/other.rules,line=1,endLine=1,col=4,endColumn=50,title=rulec E410::")
    assert found["Check the examples"][0] == 1
    assert found["Write SARIF"] == (0, "")
    assert '"ruleId": "E410"' in (house / "rulec.sarif").read_text(encoding="utf-8")


def test_the_action_passes_sound_rules(house: Path) -> None:
    other = house / "second folder"
    other.mkdir()
    found = run_action(house, {"paths": "rules", "options": "--strict --deny W421", "junit": "examples.xml"})
    assert {name: status for name, (status, _) in found.items()} == {
        "Check the rules": 0, "Check the examples": 0, "Write JUnit": 0,
    }  # fmt: skip
    assert found["Check the examples"][1] == "discounts.rules: 1 example, passed\n"
    (suite,) = JUnitXml.fromfile(str(house / "examples.xml"))
    assert [case.is_passed for case in suite] == [True]


def test_options_of_the_action_are_no_commands(house: Path) -> None:
    found = run_action(house, {"paths": "rules; touch a", "options": "$(touch b) `touch c`"})
    assert found["Check the rules"][0] == 2
    assert sorted(each.name for each in house.iterdir()) == ["rules"]


def test_the_action_installs_rulec_from_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its script, on a project that needs nothing from elsewhere."""
    project = tmp_path / "project"
    (project / "backend").mkdir(parents=True)
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "wheels"\nbackend-path = ["backend"]\n', encoding="utf-8"
    )
    (project / "backend" / "wheels.py").write_text(BACKEND, encoding="utf-8")
    (name, script, _), *_ = steps({})
    added = tmp_path / "path"
    told = {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(project), "GITHUB_PATH": str(added)}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        env={**os.environ, **told}, capture_output=True, check=False,
    )  # fmt: skip
    assert (name, done.returncode, done.stderr) == ("Install rulec", 0, b"")
    tools = Path(added.read_text(encoding="utf-8").strip())
    assert ran(str(tools / "python"), "-c", "import told; print(told.SAID)", folder=tmp_path) == (0, "installed\n")


BACKEND = """
from zipfile import ZipFile


def build_wheel(folder, settings=None, metadata=None):
    name = "told-1-py3-none-any.whl"
    with ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("told.py", "SAID = 'installed'")
        wheel.writestr("told-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: told\\nVersion: 1\\n")
        wheel.writestr("told-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("told-1.dist-info/RECORD", "")
    return name
"""
