"""Paths as given in (`-` is standard input, a folder all its rule files), a compilation out."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rulec.cli.output import complain, paint_for
from rulec.cli.refusals import ERRORS, Refusal, Stopped, nearest
from rulec.cli.tongue import Tongue
from rulec.diagnostics.render import render
from rulec.files import RULE_FILES, rule_files
from rulec.pipeline import Compiled, compile_paths, compile_text
from rulec.plan.tree import Plan
from rulec.source import Language

STDIN = Path("-")
STDIN_NAME = "<stdin>"


def compiled(paths: Sequence[Path], tongue: Tongue) -> Compiled:
    """What came of the rules. Refuses paths that lead nowhere."""
    if STDIN in paths:
        if len(paths) > 1:
            raise Refusal("E914", detail=" ".join(map(str, paths)))
        return compile_text(_standard_input(), STDIN_NAME, tongue.asked)
    for path in paths:
        _check_there(path)
    return compile_paths(rule_files(paths))


def plan_of(rules: Compiled, tongue: Tongue) -> Plan:
    """The plan of rules without errors; otherwise the errors are shown, and `Stopped` raised."""
    if rules.plan is None:
        complain(render(rules.diagnostics, rules.sources, tongue.asked, paint_for(sys.stderr)))
        raise Stopped(ERRORS)
    return rules.plan


def language_of(rules: Compiled, tongue: Tongue) -> Language:
    """The language to speak about these rules."""
    return tongue.about(rules.language)


def _standard_input() -> str:
    data = sys.stdin.buffer.read()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refusal("E903", ERRORS, path=STDIN_NAME, line=str(line)) from None


def _check_there(path: Path) -> None:
    if not _exists(path):
        raise Refusal("E901", path=str(path), closest=_closest(path))
    if path.is_dir() and rule_files([path]) == [path]:
        raise Refusal("E907", path=str(path))
    if path.is_file() and path.suffix not in (*RULE_FILES, ".md"):
        raise Refusal("E905", path=str(path))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _closest(path: Path) -> str:
    try:
        beside = [each.name for each in path.parent.iterdir() if each.name != path.name]
    except OSError:
        return ""
    found = nearest(path.name, beside)
    return str(path.parent / found) if found else ""
