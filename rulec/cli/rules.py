"""Paths as given in (`-` is standard input, a folder all its rule files), a compilation out."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rulec.cli.output import complain, paint_for
from rulec.cli.refusals import ERRORS, Refusal, Stopped, nearest
from rulec.cli.tongue import Tongue
from rulec.diagnostics.render import render
from rulec.files import RULE_FILES, rule_files
from rulec.pipeline import Compiled, compile_text
from rulec.plan.tree import Plan
from rulec.rule_sets import compile_sets, names_in, set_in
from rulec.source import Language

STDIN = Path("-")
_SET: Mapping[Language, Mapping[Language, str]] = {  # language of the message, of the rules
    "fr": {"fr": "Règles en français ({files}) :", "en": "Règles en anglais ({files}) :"},
    "en": {"fr": "Rules in French ({files}):", "en": "Rules in English ({files}):"},
}
STDIN_NAME = "<stdin>"


def compiled(paths: Sequence[Path], tongue: Tongue) -> Compiled:
    """What came of the rules; of those in two languages, the ones of `--lang`. Refuses paths that lead nowhere."""
    sets = compiled_sets(paths, tongue)
    chosen = set_in(sets, tongue.asked)
    if chosen is None:
        one, other = (names_in(each) for each in sets)
        raise Refusal("E937", path=" ".join(map(str, paths)), one=one, other=other)
    return chosen


def compiled_sets(paths: Sequence[Path], tongue: Tongue) -> Sequence[Compiled]:
    """What came of the rules: one set, or one for each language. Refuses paths that lead nowhere."""
    if STDIN in paths:
        if len(paths) > 1:
            raise Refusal("E914", detail=" ".join(map(str, paths)))
        return (compile_text(_standard_input(), STDIN_NAME, tongue.asked),)
    for path in paths:
        check_there(path)
    return compile_sets(rule_files(paths))


def each_compiled(paths: Sequence[Path], tongue: Tongue) -> Sequence[Compiled]:
    """As `compiled_sets`, but each of several folders holds rules of its own; the files given are together."""
    folders = [path for path in dict.fromkeys(paths) if _exists(path) and path.is_dir()]
    if len(folders) < 2:
        return compiled_sets(paths, tongue)
    files = [path for path in paths if path not in folders]
    groups = [*([folder] for folder in folders), *([files] if files else [])]
    return [rules for group in groups for rules in compiled_sets(group, tongue)]


def heading(rules: Compiled, tongue: Tongue) -> str:
    """What stands above the report of one of several sets."""
    return _SET[language_of(rules, tongue)][rules.language].format(files=names_in(rules))


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


def check_there(path: Path) -> None:
    """Refuse a path that leads nowhere, or to no rules."""
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
