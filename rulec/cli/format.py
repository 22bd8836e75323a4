"""`rulec format`: rule files in, the same files as canonical text out."""

import sys
from collections.abc import Sequence
from difflib import unified_diff
from functools import partial
from pathlib import Path

import click

from rulec.cli.command import Command, Texts, option, paths_argument
from rulec.cli.output import paint_for, say
from rulec.cli.refusals import ERRORS, FINE, Stopped
from rulec.cli.rules import STDIN, STDIN_NAME, compiled, compiled_sets, language_of, plan_of
from rulec.cli.tongue import Tongue
from rulec.cli.writing import write_whole
from rulec.drafts import with_drafts
from rulec.files import rule_files
from rulec.formatting import file_of, formatted
from rulec.pipeline import Compiled
from rulec.rule_sets import set_in
from rulec.source import Language

HELP: Texts = {
    "fr": """
Réécrit des règles sous une seule forme : mêmes mots pour dire la même chose, une
présentation, des lignes de 100 colonnes. Le sens ne change pas, c'est vérifié ; une phrase
qui ne pourrait pas être redite reste telle quelle. Les commentaires restent à leur place.

  rulec format remises.regles
  rulec format regles/ --check       ne rien écrire, montrer ce qui changerait
  rulec format - < remises.regles    écrire sur la sortie standard

Un fichier avec des erreurs n'est pas touché. Code de sortie : 0, 1 avec des erreurs ou,
sous --check, si un fichier changerait, 2 si la commande est mal employée.
""",
    "en": """
Rewrites rules in one form: the same words to say the same thing, one layout, lines of
100 columns. The meaning does not change, this is verified; a sentence that cannot be said
again stays as it is. Comments stay in their place.

  rulec format discounts.rules
  rulec format rules/ --check        write nothing, show what would change
  rulec format - < discounts.rules   write to standard output

A file with errors is not touched. Exit status: 0, 1 with errors or, under --check, if a
file would change, 2 for wrong use of the command.
""",
}
_CHECK: Texts = {
    "fr": "Ne rien écrire ; montrer ce qui changerait.",
    "en": "Write nothing; show what would change.",
}
_CHANGED: Texts = {"fr": "Réécrit : {path}", "en": "Rewritten: {path}"}
_WOULD: Texts = {"fr": "Changerait : {path}", "en": "Would change: {path}"}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    params: list[click.Parameter] = [paths_argument(tongue.own), option("--check", _CHECK[tongue.own], is_flag=True)]
    return Command("format", tongue.own, HELP[tongue.own], partial(format_, tongue), params)


def format_(tongue: Tongue, paths: Sequence[Path], check: bool) -> int:
    """Rewrite the files, or say which would change; the exit status."""
    if STDIN in paths:
        return _standard(tongue, paths, check)
    files = rule_files(paths)
    failed = changes = False
    for path in files:
        try:
            rules = _rules(path, paths, files, tongue)
        except Stopped:
            failed = True
            continue
        before = path.read_bytes().decode("utf-8")
        after = formatted(file_of(before, (path.name, str(path)), rules), rules)
        if after == before:
            continue
        changes = True
        if check:
            _show(str(path), before, after, language_of(rules, tongue))
            continue
        write_whole(path, after.encode("utf-8"))
        say(_CHANGED[language_of(rules, tongue)].format(path=path))
    return ERRORS if failed or (check and changes) else FINE


def _rules(path: Path, paths: Sequence[Path], files: Sequence[Path], tongue: Tongue) -> Compiled:
    """The rules of a file; with those given beside it where it does not stand alone."""
    own = compiled([path], tongue)
    if (own.plan is None or own.inferred) and len(files) > 1:
        together = set_in(compiled_sets(paths, tongue), own.language)
        if together is not None and together.plan is not None and not together.inferred:
            own = together
    return _with_drafts(own, tongue)


def _with_drafts(rules: Compiled, tongue: Tongue) -> Compiled:
    """The rules with their drafts, all without errors."""
    plan_of(rules, tongue)
    together = with_drafts(rules)
    plan_of(together, tongue)
    return together


def _standard(tongue: Tongue, paths: Sequence[Path], check: bool) -> int:
    rules = _with_drafts(compiled(paths, tongue), tongue)
    before = rules.sources[-1].text
    after = formatted(file_of(before, (STDIN_NAME,), rules), rules)
    if not check:
        say(after.rstrip("\n"))
    elif after != before:
        _show(STDIN_NAME, before, after, language_of(rules, tongue))
    return ERRORS if check and after != before else FINE


def _show(name: str, before: str, after: str, language: Language) -> None:
    """The name of a file that would change, and how, line by line."""
    say(_WOULD[language].format(path=name))
    paint = paint_for(sys.stdout)
    styles = {"+": "fix", "-": "error", "@": "dim"}
    for line in list(unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm=""))[2:]:
        say(paint(line, styles.get(line[0], "")))
