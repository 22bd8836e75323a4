"""`rulec check`: rule files in, all that is wrong with them out, and what was understood where nothing is declared."""

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rulec.cli.command import Command, Texts, format_option, option, paths_argument
from rulec.cli.output import paint_for, say
from rulec.cli.refusals import ERRORS, FINE
from rulec.cli.rules import compiled_sets, heading, language_of
from rulec.cli.terms import terms, terms_as_json
from rulec.cli.tongue import Tongue
from rulec.diagnostics import Severity, catalogue
from rulec.diagnostics.render import render
from rulec.pipeline import Compiled

if TYPE_CHECKING:
    from rulec.paraphrase import Said

HELP: Texts = {
    "fr": """
Relit des règles : tout ce qui ne va pas, l'endroit, et ce qu'il faut écrire à la place.
Un dossier compte pour tous ses fichiers .regles et .rules, « - » pour l'entrée standard.

  rulec check remises.regles
  rulec check remises.regles --paraphrase    redire chaque règle en entier
  rulec check regles/ --format json
  echo "Si commande > 500 € alors remise 10 %" | rulec check -

Dans un fichier sans vocabulaire, montre aussi ce que rulec a compris : les faits, les
résultats et leurs types. Code de sortie : 0 sans erreur (des avertissements sont
possibles), 1 avec des erreurs, 2 si la commande est mal employée.
""",
    "en": """
Reviews rules: all that is wrong, where, and what to write instead.
A folder stands for all its .regles and .rules files, "-" for standard input.

  rulec check discounts.rules
  rulec check discounts.rules --paraphrase   say every rule back in full
  rulec check rules/ --format json
  echo "If order > €500 then discount 10%" | rulec check - --lang en

For a file without vocabulary, shows what rulec understood too: facts, outcomes and
their types. Exit status: 0 without errors (there may be warnings), 1 with errors, 2 for
wrong use of the command.
""",
}
_UNDERSTOOD: Texts = {
    "fr": "Aucun vocabulaire n'est déclaré ; voici ce que rulec a compris.",
    "en": "No vocabulary is declared; this is what rulec understood.",
}
_PARAPHRASE: Texts = {
    "fr": "Redire chaque règle en entier, telle que rulec l'a comprise.",
    "en": "Say every rule back in full, as rulec understood it.",
}
_RULES: Texts = {"fr": "Ce que rulec a compris :", "en": "What rulec understood:"}
_OUTCOMES: Texts = {"fr": "Comment se décide chaque résultat :", "en": "How each outcome is decided:"}
_PLACE: Texts = {"fr": "{file}, ligne {line} :", "en": "{file}, line {line}:"}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    paraphrase = option("--paraphrase", _PARAPHRASE[tongue.own], is_flag=True)
    params: list[click.Parameter] = [paths_argument(tongue.own), paraphrase, format_option(tongue.own)]
    return Command("check", tongue.own, HELP[tongue.own], partial(check, tongue), params)


def check(tongue: Tongue, paths: Sequence[Path], paraphrase: bool, form: str) -> int:
    """Print the report; the exit status."""
    sets = [
        (rules, _said(rules) if paraphrase and rules.plan is not None else []) for rules in compiled_sets(paths, tongue)
    ]
    if form == "json":
        from rulec.diagnostics.as_json import text_of  # only this form needs it

        reports = [_json(rules, tongue, said) for rules, said in sets]
        say(text_of(reports[0] if len(reports) == 1 else _of_all(reports), indent=2))
    else:
        for at, (rules, said) in enumerate(sets):
            head = [heading(rules, tongue)] if len(sets) > 1 else []
            say("\n\n".join([*head, _text(rules, tongue), *_back(rules, tongue, said)]) + "\n" * (at + 1 < len(sets)))
    return ERRORS if any(rules.plan is None for rules, _ in sets) else FINE


def _of_all(reports: Sequence[dict[str, Any]]) -> dict[str, object]:
    """The report of several rule sets, all findings together."""
    return {
        "errors": sum(each["errors"] for each in reports),
        "warnings": sum(each["warnings"] for each in reports),
        "diagnostics": [found for each in reports for found in each["diagnostics"]],
        "inferred": None,
        "sets": list(reports),
    }


def _text(rules: Compiled, tongue: Tongue) -> str:
    language = language_of(rules, tongue)
    report = render(rules.diagnostics, rules.sources, tongue.asked, paint_for(sys.stdout))
    if rules.plan is None or not rules.inferred:
        return report
    return f"{report}\n\n{_UNDERSTOOD[language]}\n\n{terms(rules.vocabulary, language)}"


def _said(rules: Compiled) -> "list[Said]":
    from rulec.paraphrase import paraphrase  # only this option needs it

    return list(paraphrase(rules))


def _back(rules: Compiled, tongue: Tongue, said: "Sequence[Said]") -> Iterator[str]:
    """Each rule said back under its place, then the outcomes."""
    language = language_of(rules, tongue)
    if not said:
        return
    yield _RULES[language]
    for each in said:
        if each.line:
            place = _PLACE[language].format(file=each.file, line=each.line)
            yield "\n".join([place, *(f"  {line}" for line in each.lines)])
    yield _OUTCOMES[language]
    yield "\n".join(f"  {line}" for each in said if not each.line for line in each.lines)


def _json(rules: Compiled, tongue: Tongue, said: "Sequence[Said]") -> dict[str, Any]:
    from rulec.diagnostics.as_json import as_json  # only this form needs it

    found = [catalogue.entry(each.code).severity for each in rules.diagnostics]
    inferred = terms_as_json(rules.vocabulary, language_of(rules, tongue)) if rules.inferred and rules.plan else None
    report: dict[str, object] = {
        "errors": found.count(Severity.ERROR),
        "warnings": found.count(Severity.WARNING),
        "diagnostics": as_json(rules.diagnostics, rules.sources, tongue.asked),
        "inferred": inferred,
    }
    if said:
        report["paraphrase"] = [{"file": each.file, "line": each.line, "text": each.text} for each in said]
    return report
