"""`rulec test`: rule files in, their examples run; what passes, what fails and why, what no example reaches."""

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from rulec.cli.command import Command, OneOf, Texts, paths_argument
from rulec.cli.decided import plain_spaces
from rulec.cli.output import complain, paint_for, say
from rulec.cli.refusals import ERRORS, FINE
from rulec.cli.rules import compiled, compiled_sets, heading, language_of, plan_of
from rulec.cli.tongue import Tongue
from rulec.diagnostics.as_json import text_of
from rulec.diagnostics.screen import harmless, paragraph
from rulec.pipeline import Compiled
from rulec.trial.coverage import coverage_of
from rulec.trial.junit import junit
from rulec.trial.report import as_json
from rulec.trial.run import Result, run_examples
from rulec.trial.tell import Teller
from rulec.trial.tell_coverage import coverage_as_json, coverage_text

FORMATS = ("text", "json", "junit")
HELP: Texts = {
    "fr": """
Vérifie les exemples écrits dans des règles : chacun dit un cas et ce qu'il doit donner.
Un dossier compte pour tous ses fichiers .regles et .rules, « - » pour l'entrée standard.

  rulec test remises.regles
  rulec test regles/ --coverage
  rulec test regles/ --format junit > exemples.xml

Un exemple s'écrit parmi les règles :

  Exemple « fidèle au-dessus du seuil » :
    étant donné une commande de 620 € et un client fidèle
    alors la remise est de 10 %

Code de sortie : 0 si tous les exemples sont vérifiés, 1 si l'un échoue ou si les règles ont
des erreurs, 2 si la commande est mal employée.
""",
    "en": """
Checks the examples written in rules: each tells a case and what it must give.
A folder stands for all its .regles and .rules files, "-" for standard input.

  rulec test discounts.rules
  rulec test rules/ --coverage
  rulec test rules/ --format junit > examples.xml

An example is written among the rules:

  Example "loyal above the threshold":
    given an order of €620 and a loyal customer
    then the discount is 10%

Exit status: 0 if all examples pass, 1 if one fails or the rules have errors, 2 for wrong
use of the command.
""",
}
_FORMAT: Texts = {
    "fr": "Forme du résultat : text (par défaut), json ou junit.",
    "en": "Form of the result: text (default), json or junit.",
}
_COVERAGE: Texts = {
    "fr": "Dire aussi ce qu'aucun exemple n'atteint : règles, cas, conditions.",
    "en": "Say too what no example reaches: rules, cases, conditions.",
}
_SAID: dict[str, dict[str, str]] = {
    "fr": {
        "none": "{file} : aucun exemple", "one": "{file} : 1 exemple, vérifié",
        "all": "{file} : {count} exemples, tous vérifiés", "failed": "{file} : {count} exemples, {failed} en échec",
        "one failed": "{file} : 1 exemple, en échec", "failure": "ÉCHEC",
    },
    "en": {
        "none": "{file}: no example", "one": "{file}: 1 example, passed",
        "all": "{file}: {count} examples, all passed", "failed": "{file}: {count} examples, {failed} failed",
        "one failed": "{file}: 1 example, failed", "failure": "FAILURE",
    },
}  # fmt: skip
_WIDTH = 80


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    form = click.Option(["--format", "form"], type=OneOf(FORMATS), default="text", help=_FORMAT[tongue.own])
    coverage = click.Option(["--coverage"], is_flag=True, help=_COVERAGE[tongue.own])
    params = [paths_argument(tongue.own), form, coverage]
    return Command("test", tongue.own, HELP[tongue.own], partial(test, tongue), params)


def test(tongue: Tongue, paths: Sequence[Path], form: str, coverage: bool) -> int:
    """Print the results; the exit status."""
    if form != "text":
        return _tested(compiled(paths, tongue), tongue, form, coverage)
    sets, status = compiled_sets(paths, tongue), FINE
    for at, rules in enumerate(sets):
        if len(sets) > 1:
            say("\n" * (at > 0) + heading(rules, tongue) + "\n")
        status = max(status, _tested(rules, tongue, form, coverage))
    return status


def _tested(rules: Compiled, tongue: Tongue, form: str, coverage: bool) -> int:
    plan = plan_of(rules, tongue)
    results = run_examples(plan, rules.examples)
    teller = Teller(plan, rules.sources, language_of(rules, tongue))
    covered = coverage_of(plan, results) if coverage else None
    if form == "junit":
        say(junit(results, teller))
    elif form == "json":
        told = {"coverage": coverage_as_json(covered, teller)} if covered else {}
        say(text_of({**as_json(results, teller), **told}, indent=2))
    else:
        say(plain_spaces("\n".join(_text(rules, results, teller))))
    if covered and form != "json":
        tell = complain if form == "junit" else say
        tell(plain_spaces(paragraph("\n" + coverage_text(covered, teller))))
    return FINE if all(result.passed for result in results) else ERRORS


def _text(rules: Compiled, results: Sequence[Result], teller: Teller) -> Iterator[str]:
    """The failures one after the other, then a line a file."""
    paint, said = paint_for(sys.stdout), _SAID[teller.language]
    for result in results:
        if not result.passed:
            head = f"-- {said['failure']} {teller.name(result.example)} "
            place = f" {result.example.file}:{result.example.line}"
            yield paint(harmless(head + "-" * max(2, _WIDTH - len(head) - len(place)) + place), "error")
            yield f"\n{paragraph(teller.failure(result))}\n"
    rows = {each.name for source in rules.sources for _, each in source.tables}  # files of tables hold no example
    for source in (each for each in rules.sources if each.name not in rows):
        mine = [result for result in results if result.example.file == source.name]
        failed = sum(not result.passed for result in mine)
        few = {0: "none", 1: "one failed" if failed else "one"}
        kind = few.get(len(mine), "failed" if failed else "all")
        yield harmless(said[kind].format(file=source.name, count=len(mine), failed=failed))
