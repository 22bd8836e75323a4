"""`rulec test`: rule files in, their examples run; what passes, what fails and why, what no example reaches."""

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from rulec.cli.command import Command, OneOf, Texts, option, paths_argument
from rulec.cli.decided import plain_spaces
from rulec.cli.output import complain, paint_for, say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.rules import each_compiled, heading, language_of, plan_of
from rulec.cli.tongue import Tongue
from rulec.diagnostics.as_json import text_of
from rulec.diagnostics.screen import harmless, paragraph
from rulec.pipeline import Compiled
from rulec.runtime.plain import Plain, plain
from rulec.trial.coverage import Coverage, coverage_of
from rulec.trial.junit import junit
from rulec.trial.mutation import Mutation, mutation_of
from rulec.trial.report import as_json
from rulec.trial.run import Result, run_examples
from rulec.trial.tell import Teller
from rulec.trial.tell_changes import mutation_as_json, mutation_text
from rulec.trial.tell_coverage import coverage_as_json, coverage_text

FORMATS = ("text", "json", "junit")
HELP: Texts = {
    "fr": """
Vérifie les exemples écrits dans des règles : chacun dit un cas et ce qu'il doit donner.
Un dossier compte pour tous ses fichiers .regles et .rules, « - » pour l'entrée standard.

  rulec test remises.regles
  rulec test regles/ --coverage
  rulec test regles/ --format junit > exemples.xml
  rulec test remises.regles --mutate         ce que les exemples laisseraient passer
  rulec test remises.regles --generate >> remises.regles    proposer ceux qui manquent

Un exemple s'écrit parmi les règles :

  Exemple « fidèle au-dessus du seuil » :
    étant donné une commande de 620 € et un client fidèle
    alors la remise est de 10 %

--mutate change les règles un peu, de toutes les façons simples (« > » pour « ≥ », un seuil,
« et » pour « ou », une valeur), et dit les changements qu'aucun exemple ne remarque.
--generate écrit des exemples à confirmer : chaque seuil, juste en dessous, juste au-dessus,
et chaque condition qui, à elle seule, change le résultat.

Code de sortie : 0 si tous les exemples sont vérifiés, 1 si l'un échoue, si un changement n'est
pas remarqué ou si les règles ont des erreurs, 2 si la commande est mal employée.
""",
    "en": """
Checks the examples written in rules: each tells a case and what it must give.
A folder stands for all its .regles and .rules files, "-" for standard input.

  rulec test discounts.rules
  rulec test rules/ --coverage
  rulec test rules/ --format junit > examples.xml
  rulec test discounts.rules --mutate        what the examples would let pass
  rulec test discounts.rules --generate >> discounts.rules  propose those that lack

An example is written among the rules:

  Example "loyal above the threshold":
    given an order of €620 and a loyal customer
    then the discount is 10%

--mutate changes the rules a little, in every simple way (">" for "≥", a threshold, "and"
for "or", a value), and tells the changes that no example notices. --generate writes
examples to confirm: every threshold, just under, just above, and every condition that
changes the result by itself.

Exit status: 0 if all examples pass, 1 if one fails, if a change goes unnoticed or the rules
have errors, 2 for wrong use of the command.
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
_MUTATE: Texts = {
    "fr": "Changer les règles un peu, et dire les changements qu'aucun exemple ne remarque.",
    "en": "Change the rules a little, and tell the changes that no example notices.",
}
_GENERATE: Texts = {
    "fr": "Écrire des exemples pour ce qu'aucun ne montre, à confirmer un par un.",
    "en": "Write examples for what none shows, to be confirmed one by one.",
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
    coverage = option("--coverage", _COVERAGE[tongue.own], is_flag=True)
    mutate = option("--mutate", _MUTATE[tongue.own], is_flag=True)
    generate = option("--generate", _GENERATE[tongue.own], is_flag=True)
    params = [paths_argument(tongue.own), form, coverage, mutate, generate]
    return Command("test", tongue.own, HELP[tongue.own], partial(test, tongue), params)


def test(tongue: Tongue, paths: Sequence[Path], form: str, coverage: bool, mutate: bool, generate: bool) -> int:
    """Print the results; the exit status."""
    if generate and (form != "text" or coverage or mutate):
        raise Refusal("E914", detail="--generate " + ("--coverage" if coverage else "--mutate" if mutate else form))
    if generate:
        from rulec.cli.generating import generate as propose  # only this option needs the search

        return propose(paths, tongue)
    if mutate and form == "junit":
        raise Refusal("E913", detail=form, option="--format", expected="text, json")
    tested = [_tested(rules, tongue, coverage, mutate) for rules in each_compiled(paths, tongue)]
    match form:
        case "text":
            _show(tested, tongue)
        case "json":
            say(text_of(_report([_json(each) for each in tested]), indent=2))
        case _:
            say(junit([(each.results, each.teller) for each in tested]))
            for each in tested:
                if each.covered:
                    complain(_coverage(each))
    return FINE if all(each.passed for each in tested) else ERRORS


@plain
class Tested(Plain):
    """A rule set with its examples run. `covered`, `mutation`: None where they are not asked for.

    Of examples that fail, what they would notice is not looked for.
    """

    rules: Compiled
    results: tuple[Result, ...]
    teller: Teller
    covered: Coverage | None
    mutation: Mutation | None

    @property
    def passed(self) -> bool:
        """Whether all examples pass, and notice every change that is tried."""
        return all(result.passed for result in self.results) and not (self.mutation and self.mutation.unnoticed)


def _tested(rules: Compiled, tongue: Tongue, coverage: bool, mutate: bool) -> Tested:
    plan = plan_of(rules, tongue)
    results = run_examples(plan, rules.examples)
    teller = Teller(plan, rules.sources, language_of(rules, tongue))
    covered = coverage_of(plan, results) if coverage else None
    mutation = mutation_of(plan, results) if mutate and all(result.passed for result in results) else None
    return Tested(rules, results, teller, covered, mutation)


def _show(tested: Sequence[Tested], tongue: Tongue) -> None:
    for at, each in enumerate(tested):
        if len(tested) > 1:
            say("\n" * (at > 0) + heading(each.rules, tongue) + "\n")
        say(plain_spaces("\n".join(_text(each.rules, each.results, each.teller))))
        if each.covered:
            say(_coverage(each))
        if each.mutation:
            say(plain_spaces(paragraph("\n" + mutation_text(each.mutation, each.teller))))


def _coverage(tested: Tested) -> str:
    assert tested.covered is not None
    return plain_spaces(paragraph("\n" + coverage_text(tested.covered, tested.teller)))


def _json(tested: Tested) -> dict[str, Any]:
    told = {"coverage": coverage_as_json(tested.covered, tested.teller)} if tested.covered else {}
    if tested.mutation:
        told["mutation"] = mutation_as_json(tested.mutation, tested.teller)
    return {**as_json(tested.results, tested.teller), **told}


def _report(reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The report of one rule set; of several, all of them with what they come to."""
    if len(reports) == 1:
        return reports[0]
    return {
        "passed": sum(each["passed"] for each in reports),
        "failed": sum(each["failed"] for each in reports),
        "sets": list(reports),
    }


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
