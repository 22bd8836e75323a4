"""`rulec report`: what an owner reads of the log: decisions, who decides, corrections, time saved, errors avoided."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulec.cli.command import PATH, Command, OneOf, Texts, option
from rulec.cli.decided import plain_spaces
from rulec.cli.logged import log_option, opened, span_of, span_options
from rulec.cli.output import say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.rules import compiled, language_of, plan_of
from rulec.cli.table import aligned
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import harmless
from rulec.plan.tree import Plan
from rulec.settings import SettingsError
from rulec.source import Language

if TYPE_CHECKING:  # slow to import
    from rulec.log.minutes import Task
    from rulec.log.report_told import ToldReport

HELP: Texts = {
    "fr": """
Dit ce que le journal montre : combien de décisions, lesquelles, exécutées, proposées ou
observées, ce que des personnes ont corrigé et pourquoi, le temps gagné, les erreurs évitées,
le coût du modèle, le délai des réponses.

  rulec report
  rulec report --since 2026-03-01 --until 2026-03-31 --minutes remises=4
  rulec report remises.regles --format html > mars.html

Avec des règles, les décisions portent les noms et les unités qu'elles leur donnent. Le temps
gagné est le nombre de décisions exécutées sans personne, moins celles jugées fausses par
rulec review, multiplié par les minutes déclarées : sous [minutes] dans rulec.toml, ou par
--minutes. La page HTML se suffit à elle-même. Il faut pip install 'rulec[log]'.
""",
    "en": """
Tells what the log shows: how many decisions, which, executed, proposed or observed, what
people corrected and why, the time saved, the errors avoided, the cost of the model, the time
to answer.

  rulec report
  rulec report --since 2026-03-01 --until 2026-03-31 --minutes discounts=4
  rulec report discounts.rules --format html > march.html

With rules, decisions have the names and units that these give them. The time saved is the
number of decisions executed without a person, less those that rulec review found wrong, times
the minutes declared: under [minutes] in rulec.toml, or by --minutes. The HTML page stands
alone. It needs pip install 'rulec[log]'.
""",
}
_MINUTES: Texts = {
    "fr": "Minutes qu'une personne passe sur une décision : 4, ou remises=4 pour les règles servies sous ce nom.",
    "en": "Minutes that a person spends on a decision: 4, or discounts=4 for the rules served under this name.",
}
_NAME: Texts = {
    "fr": "Seulement les décisions des règles servies sous ce nom.",
    "en": "Only the decisions of the rules served under this name.",
}
_FORMAT: Texts = {
    "fr": "Forme du résultat : text (par défaut), html ou json.",
    "en": "Form of the result: text (default), html or json.",
}
_GIVEN = re.compile(r"(?:(?P<name>[A-Za-z0-9_-]{1,40})=)?(?P<minutes>[0-9]{1,6}(?:[.,][0-9]{1,3})?)")


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        click.Argument(["paths"], nargs=-1, metavar=f"[{PATH[own]}…]", type=click.Path(path_type=Path)),
        log_option(own),
        *span_options(own),
        option("--minutes", _MINUTES[own], multiple=True, metavar="[NAME=]N"),
        option("--name", _NAME[own], metavar="NAME"),
        click.Option(["--format", "form"], type=OneOf(("text", "html", "json")), default="text", help=_FORMAT[own]),
    ]
    return Command("report", own, HELP[own], partial(report, tongue), params)


def report(
    tongue: Tongue, paths: Sequence[Path], log: str | None, since: str | None, until: str | None,
    minutes: Sequence[str], name: str | None, form: str,
) -> int:  # fmt: skip
    """Print the report; the exit status."""
    span = span_of(since, until)
    plan, language = _rules(paths, tongue)
    with opened(log, tongue.own) as held:
        declared = _declared(minutes)
        from rulec.log.report import report as counted
        from rulec.log.report_told import told

        found = counted(held, *span, name)
    if form == "json":
        from rulec.diagnostics.as_json import text_of

        say(text_of(found.to_json(declared), indent=2))
        return FINE
    page = told(found, declared, (since or "", until or ""), plan, language)
    if form == "html":
        from rulec.log.report_html import as_html

        say(as_html(page))
    else:
        say(_text(page))
    return FINE


def _rules(paths: Sequence[Path], tongue: Tongue) -> tuple[Plan | None, Language]:
    if not paths:
        return None, tongue.own
    ready = compiled(paths, tongue)
    return plan_of(ready, tongue), language_of(ready, tongue)


def _declared(given: Sequence[str]) -> "dict[str, Task]":
    """Minutes by the name of the rules, "" for all others: those of `rulec.toml`, then those of the command line."""
    from rulec.log.minutes import Task, minutes_in

    try:
        found = minutes_in(Path.cwd())
    except SettingsError as error:
        raise Refusal("E938", ERRORS, detail=str(error)) from None
    for text in given:
        read = _GIVEN.fullmatch(text)
        if read is None:
            raise Refusal("E913", detail=text, option="--minutes", expected="4, remises=4")
        found[read["name"] or ""] = Task(Decimal(read["minutes"].replace(",", ".")))
    return found


def _text(page: "ToldReport") -> str:
    parts = [f"{page.title}\n{page.span}", "\n".join(page.lines)]
    for section in page.sections:
        rows = [section.heads, *section.rows] if len(section.heads) != len(("name", "count", "share")) else section.rows
        parts.append("\n".join([section.title, *aligned(rows)]))
    return plain_spaces("\n\n".join("\n".join(map(harmless, part.split("\n"))) for part in parts))
