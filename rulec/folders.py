"""Paths in, rule files out: a folder stands for every rule file beneath it."""

from collections.abc import Sequence
from pathlib import Path

from rulec.files import RULE_FILES


def rule_files(paths: Sequence[Path]) -> list[Path]:
    """The files as given, folders replaced by the rule files beneath them, sorted; a folder without one stays."""
    files: list[Path] = []
    for path in paths:
        beneath = sorted(p for p in path.rglob("*") if p.suffix in RULE_FILES and p.is_file()) if path.is_dir() else []
        files += beneath or [path]
    return list(dict.fromkeys(files))
