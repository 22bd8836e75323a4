"""Imports go one way: each package may use those before it, and nothing uses the command line."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "rulec"
GROUND = {"runtime", "tree", "source", "resources"}
# What each part may import, beside itself.
ALLOWED: dict[str, set[str]] = {
    "runtime": set(),
    "tree": {"runtime"},
    "source": {"tree", "runtime"},
    "resources": set(),
    "diagnostics": GROUND,
    "syntax": GROUND | {"diagnostics"},
    "semantics": GROUND | {"diagnostics", "syntax"},
    "plan": GROUND | {"semantics", "syntax"},
    "backends": {"runtime", "tree", "plan"},
    "analysis": GROUND | {"diagnostics", "plan", "backends"},
    "difference": GROUND
    | {"analysis", "backends", "diagnostics", "explanation", "moment", "pipeline", "plan", "printing", "questions"}
    | {"semantics", "syntax", "trial", "events"},
    "printing": GROUND | {"diagnostics", "semantics", "syntax"},
    "artefacts": GROUND,
    "settings": set(),
    "judgement": GROUND | {"plan", "settings"},
    "events": GROUND | {"backends", "diagnostics", "log", "plan"},
    "streaming": {"batch", "cluster", "events", "plan"},
}


@cache
def imports_of(path: Path) -> frozenset[str]:
    """The parts of rulec that a module imports, wherever in it."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "rulec":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    return frozenset(found)


def modules_of(part: str) -> list[Path]:
    """The modules of a part: one file, or a folder of them."""
    single = PACKAGE / f"{part}.py"
    return [single] if single.exists() else sorted((PACKAGE / part).glob("*.py"))


@pytest.mark.parametrize("part", ALLOWED)
def test_a_part_imports_only_what_stands_before_it(part: str) -> None:
    found = {(path.name, used) for path in modules_of(part) for used in imports_of(path)}
    assert {(name, used) for name, used in found if used not in ALLOWED[part] | {part}} == set()


def test_nothing_imports_the_command_line() -> None:
    outside = [path for path in PACKAGE.rglob("*.py") if "cli" not in path.parts and path.name != "__main__.py"]
    assert [path.name for path in outside if "cli" in imports_of(path)] == []


def test_only_the_command_line_imports_the_service() -> None:
    outside = [path for path in PACKAGE.rglob("*.py") if not {"cli", "service"} & set(path.parts)]
    assert [path.name for path in outside if "service" in imports_of(path)] == []


def test_the_runtime_needs_the_standard_library_alone() -> None:
    foreign = set()
    for path in modules_of("runtime"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign |= {name for name in names if name.split(".")[0] not in sys.stdlib_module_names | {"rulec"}}
    assert foreign == set()
