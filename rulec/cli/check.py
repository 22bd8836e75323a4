"""`rulec check`: rule files in, all that is wrong with them out, and what was understood where nothing is declared."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rulec.cli.command import Command, OneOf, Texts, option, paths_argument
from rulec.cli.gate import Asked, Outcome, options, outcome
from rulec.cli.output import paint_for, say
from rulec.cli.refusals import ERRORS, FINE
from rulec.cli.rules import each_compiled, heading, language_of
from rulec.cli.terms import terms
from rulec.cli.tongue import Tongue
from rulec.diagnostics import Severity, catalogue
from rulec.diagnostics.render import render, summary
from rulec.drafts import review_drafts
from rulec.pipeline import Compiled
from rulec.proof import prove
from rulec.review.policy import Reviewed
from rulec.review.promised import as_json as promises_as_json
from rulec.review.promised import promised, summary_of
from rulec.terms import terms_as_json

if TYPE_CHECKING:
    from rulec.paraphrase import Said

FORMATS = ("text", "json", "github", "sarif", "junit")
_FORMAT: Texts = {
    "fr": "Forme du résultat : text (par défaut), json, github, sarif ou junit.",
    "en": "Form of the result: text (default), json, github, sarif or junit.",
}
HELP: Texts = {
    "fr": """
Relit des règles : tout ce qui ne va pas, l'endroit, et ce qu'il faut écrire à la place.
Prouve que les règles ne se contredisent pas, ou montre un cas ; de même les trous, les
règles qui ne s'appliquent jamais, celles qui ne changent rien.
Un dossier compte pour tous ses fichiers .regles et .rules, « - » pour l'entrée standard.

  rulec check remises.regles
  rulec check remises.regles --paraphrase    redire chaque règle en entier
  rulec check remises/ conges/               des dossiers de règles, chacun à part
  rulec check regles/ --format github        json, github, sarif ou junit
  rulec check regles/ --strict --baseline constats.json
  rulec check regles/ --frozen               n'appelle rien, refuse les brouillons
  echo "Si commande > 500 € alors remise 10 %" | rulec check -

Dans un fichier sans vocabulaire, montre aussi ce que rulec a compris : les faits, les
résultats et leurs types. Code de sortie : 0 sans erreur (des avertissements sont
possibles), 1 avec des erreurs, ou des constats que --strict ou --deny refusent, 2 si la
commande est mal employée.
""",
    "en": """
Reviews rules: all that is wrong, where, and what to write instead.
Proves that rules do not contradict each other, or shows a case; likewise gaps, rules that
never apply, rules that change nothing.
A folder stands for all its .regles and .rules files, "-" for standard input.

  rulec check discounts.rules
  rulec check discounts.rules --paraphrase   say every rule back in full
  rulec check discounts/ holidays/           folders of rules, each by itself
  rulec check rules/ --format github         json, github, sarif or junit
  rulec check rules/ --strict --baseline findings.json
  rulec check rules/ --frozen                calls nothing, refuses drafts
  echo "If order > €500 then discount 10%" | rulec check - --lang en

For a file without vocabulary, shows what rulec understood too: facts, outcomes and
their types. Exit status: 0 without errors (there may be warnings), 1 with errors, or with
findings that --strict or --deny refuse, 2 for wrong use of the command.
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
_FROZEN: Texts = {
    "fr": "Refuser les brouillons ; c'est le cas partout où la variable CI est posée.",
    "en": "Refuse drafts; this is so wherever the variable CI is set.",
}
_RULES: Texts = {"fr": "Ce que rulec a compris :", "en": "What rulec understood:"}
_OUTCOMES: Texts = {"fr": "Comment se décide chaque résultat :", "en": "How each outcome is decided:"}
_PLACE: Texts = {"fr": "{file}, ligne {line} :", "en": "{file}, line {line}:"}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    paraphrase = option("--paraphrase", _PARAPHRASE[tongue.own], is_flag=True)
    form = click.Option(["--format", "form"], type=OneOf(FORMATS), default="text", help=_FORMAT[tongue.own])
    frozen = option("--frozen", _FROZEN[tongue.own], is_flag=True)
    params: list[click.Parameter] = [paths_argument(tongue.own), paraphrase, form, frozen, *options(tongue.own)]
    return Command("check", tongue.own, HELP[tongue.own], partial(check, tongue), params)


def check(tongue: Tongue, paths: Sequence[Path], paraphrase: bool, form: str, frozen: bool, **asked: Any) -> int:
    """Print the report; the exit status."""
    wanted = Asked(**asked)
    wanted.policy()
    sets = each_compiled(paths, tongue)
    for rules in sets:
        prove(rules, wanted.budget)
        review_drafts(rules, wanted.budget, refused=wanted.strict or frozen or in_ci())
    found = outcome(wanted, sets)
    said = [_said(each.rules) if paraphrase and each.rules.plan is not None else [] for each in found.sets]
    if form == "text":
        _show(found, said, tongue)
    else:
        say(_formed(form, found, said, tongue))
    return ERRORS if found.failing else FINE


def in_ci(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a service of continuous integration runs the command: they all set CI."""
    return environment.get("CI", "").lower() not in ("", "0", "false", "no")


def _formed(form: str, found: Outcome, said: "Sequence[list[Said]]", tongue: Tongue) -> str:
    """The report in a form for programs; each needs modules of its own."""
    from rulec.diagnostics.as_json import text_of

    match form:
        case "json":
            return text_of(_report(found, said, tongue), indent=2)
        case "github":
            from rulec.review.github import github

            return "\n".join([*github(found.sets, tongue.asked), *_closing(found, tongue)])
        case "sarif":
            from rulec.review.sarif import sarif

            return text_of(sarif(found.sets, tongue.asked), indent=2)
        case _:
            from rulec.review.junit import junit

            return junit(found.sets, tongue.asked)


def _show(found: Outcome, said: "Sequence[list[Said]]", tongue: Tongue) -> None:
    several = len(found.sets) > 1
    for at, (each, back) in enumerate(zip(found.sets, said, strict=True)):
        head = [heading(each.rules, tongue)] if several else []
        more = at + 1 < len(found.sets)
        made = promised(each.rules, found.asked.budget)
        kept = [summary_of(made, language_of(each.rules, tongue))] if made else []
        say("\n\n".join([*head, _text(each, tongue), *kept, *_back(each.rules, tongue, back)]) + "\n" * more)
    if lines := list(found.lines(language_of(found.sets[0].rules, tongue))):
        say("\n" + "\n".join(lines))


def _closing(found: Outcome, tongue: Tongue) -> Iterator[str]:
    """The counts of all sets, then what is to say beside the findings."""
    language = language_of(found.sets[0].rules, tongue)
    yield summary([each for reviewed in found.sets for each in reviewed.shown], language)
    yield from found.lines(language)


def _report(found: Outcome, said: "Sequence[list[Said]]", tongue: Tongue) -> dict[str, Any]:
    budget = found.asked.budget
    reports = [_json(each, tongue, back, budget) for each, back in zip(found.sets, said, strict=True)]
    return {**(reports[0] if len(reports) == 1 else _of_all(reports)), **found.as_json()}


def _of_all(reports: Sequence[dict[str, Any]]) -> dict[str, object]:
    """The report of several rule sets, all findings together."""
    return {
        "errors": sum(each["errors"] for each in reports),
        "warnings": sum(each["warnings"] for each in reports),
        "diagnostics": [found for each in reports for found in each["diagnostics"]],
        "inferred": None,
        "sets": list(reports),
    }


def _text(reviewed: Reviewed, tongue: Tongue) -> str:
    rules, language = reviewed.rules, language_of(reviewed.rules, tongue)
    report = render(reviewed.shown, rules.sources, tongue.asked, paint_for(sys.stdout))
    understood = terms(rules.vocabulary, language) if rules.plan is not None and rules.inferred else ""
    if not understood:
        return report
    return f"{report}\n\n{_UNDERSTOOD[language]}\n\n{understood}"


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


def _json(reviewed: Reviewed, tongue: Tongue, said: "Sequence[Said]", budget: float) -> dict[str, Any]:
    from rulec.diagnostics.as_json import as_json  # only this form needs it

    rules = reviewed.rules
    found = [catalogue.entry(each.code).severity for each in reviewed.shown]
    inferred = terms_as_json(rules.vocabulary, language_of(rules, tongue)) if rules.inferred and rules.plan else None
    report: dict[str, object] = {
        "errors": found.count(Severity.ERROR),
        "warnings": found.count(Severity.WARNING),
        "diagnostics": as_json(reviewed.shown, rules.sources, tongue.asked),
        "inferred": inferred,
    }
    if made := promised(rules, budget):
        report["promises"] = promises_as_json(made)
    if said:
        report["paraphrase"] = [{"file": each.file, "line": each.line, "text": each.text} for each in said]
    return report
