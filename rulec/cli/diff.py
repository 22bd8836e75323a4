"""`rulec diff`: two versions of rules in, which decisions change out, proven."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from shlex import quote
from time import monotonic
from typing import Any

import click

from rulec.cli.command import Command, OneOf, Texts, option
from rulec.cli.decided import plain_spaces
from rulec.cli.gate import FILE
from rulec.cli.output import say
from rulec.cli.past_events import events_in, on_events
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.revisions import is_range, revisions
from rulec.cli.rules import compiled, language_of, plan_of
from rulec.cli.run import moment_of
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import paragraph
from rulec.difference.both import Both
from rulec.difference.past import Past
from rulec.difference.past_told import past_told
from rulec.difference.telling import Telling, Told
from rulec.moment import Moment
from rulec.pipeline import Compiled
from rulec.plan.tree import Plan
from rulec.proof import BUDGET
from rulec.runtime.plain import Plain, plain
from rulec.runtime.refused import ValueProblem
from rulec.runtime.types import Percentage
from rulec.runtime.values import read_value
from rulec.source import Language

UNPROVEN = 3  # exit status: no change found, and no proof that there is none
HELP: Texts = {
    "fr": """
Compare deux versions de règles : prouve qu'elles décident la même chose pour tous les
faits, ou dit quelles décisions changent, cas par cas, avec un exemple que rulec run rejoue.

  rulec diff avant.regles apres.regles
  rulec diff main..HEAD regles/                 deux révisions git d'un chemin
  rulec diff avant/ apres/ --on annee.jsonl --max-change 2%
  rulec diff avant/ apres/ --on evenements.jsonl     ce qui se serait déclenché autrement
  rulec diff avant/ apres/ --at 2026-03-01
  rulec diff avant/ apres/ --format markdown    text, json, markdown ou html

Les faits que les deux acceptent sont comparés, ceux qui ne sont pas facultatifs étant
donnés. Il faut pip install 'rulec[analysis]'.

Code de sortie : 0 prouvé égal, 1 des décisions ou le vocabulaire changent, ou erreurs dans
les règles, 2 si la commande est mal employée, 3 aucun changement trouvé, sans preuve.
""",
    "en": """
Compares two versions of rules: proves that they decide the same for all facts, or tells
which decisions change, case by case, with an example that rulec run replays.

  rulec diff before.rules after.rules
  rulec diff main..HEAD rules/                  two git revisions of a path
  rulec diff before/ after/ --on year.jsonl --max-change 2%
  rulec diff before/ after/ --on events.jsonl   what would have fired otherwise
  rulec diff before/ after/ --at 2026-03-01
  rulec diff before/ after/ --format markdown   text, json, markdown or html

Facts that both accept are compared, those that are not optional being given. It needs
pip install 'rulec[analysis]'.

Exit status: 0 proven equal, 1 decisions or the vocabulary change, or errors in the rules,
2 for wrong use of the command, 3 no change found, and no proof.
""",
}
_OLD: Texts = {"fr": "AVANT", "en": "OLD"}
_NEW: Texts = {"fr": "APRÈS", "en": "NEW"}
_BUDGET: Texts = {"fr": "Secondes pour prouver.", "en": "Seconds for the proof."}
_AT: Texts = {
    "fr": "Date de la décision (2026-03-01) ; n'importe laquelle par défaut.",
    "en": "Date of the decision (2026-03-01); any by default.",
}
_ON: Texts = {
    "fr": "Rejouer des faits passés (JSON Lines, CSV, Parquet) ou des événements (JSON Lines), et compter.",
    "en": "Replay past facts (JSON Lines, CSV, Parquet) or events (JSON Lines), and count.",
}
_MOST: Texts = {
    "fr": "Avec --on : échouer si une plus grande part des cas passés change, et seulement alors.",
    "en": "With --on: fail if a larger part of the past cases changes, and only then.",
}
FORMATS = ("text", "json", "markdown", "html")
_FORMAT: Texts = {
    "fr": "Forme du résultat : text (par défaut), json, markdown ou html.",
    "en": "Form of the result: text (default), json, markdown or html.",
}
_SECONDS: Texts = {"fr": "SECONDES", "en": "SECONDS"}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own, path = tongue.own, click.Path(path_type=Path)
    budget = click.FloatRange(min=0)
    params: list[click.Parameter] = [
        click.Argument(["old"], type=path, metavar=_OLD[own]),
        click.Argument(["new"], type=path, metavar=_NEW[own]),
        option("--on", _ON[own], type=path, metavar=FILE[own]),
        option("--max-change", _MOST[own], metavar="2%"),
        option("--at", _AT[own], metavar="DATE"),
        click.Option(["--format", "form"], type=OneOf(FORMATS), default="text", help=_FORMAT[own]),
        option("--budget", _BUDGET[own], type=budget, default=BUDGET, metavar=_SECONDS[own]),
    ]
    return Command("diff", own, HELP[own], partial(diff, tongue), params)


@plain
class Asked(Plain):
    """The options, as given."""

    at: str | None
    form: str
    budget: float
    on: Path | None
    max_change: str | None


def diff(tongue: Tongue, old: Path, new: Path, **asked: Any) -> int:
    """Print the report; the exit status."""
    wanted = Asked(**asked)
    if wanted.max_change is not None and wanted.on is None:
        raise Refusal("E912", detail="--on")
    if not is_range(str(old)):
        paths = quote(str(old)), quote(str(new))
        return _compared(tongue, compiled([old], tongue), compiled([new], tongue), paths, wanted)
    with revisions(str(old), new) as (before, after):
        one, other = (compiled([each.path], tongue) for each in (before, after))
    return _compared(tongue, one, other, (quote(str(new)),) * 2, wanted, (before.name, after.name))


def _compared(
    tongue: Tongue, before: Compiled, after: Compiled, paths: tuple[str, str], asked: Asked,
    names: tuple[str, str] = ("", ""),
) -> int:  # fmt: skip
    from rulec.difference.compare import compare
    from rulec.difference.vocabulary import beside
    from rulec.plan.supervised import both_supervised

    written = plan_of(before, tongue), plan_of(after, tongue)
    plans = both_supervised(*written)
    before, after = (replace(each, plan=plan) for each, plan in zip((before, after), plans, strict=True))
    language = language_of(after, tongue)
    limit = None if asked.max_change is None else _share(asked.max_change, language)
    at = None if asked.at is None else moment_of(asked.at, plans[1], language)
    telling = Telling(before, after, language, paths, names)
    told = telling.told(compare(*plans, asked.budget, monotonic, at), beside(*written))
    if asked.on is None:
        say(_formed(asked.form, told, plans))
        return _status(told)
    lines = events_in(asked.on) if any(plan.watches for plan in written) else None
    share: Decimal | Fraction
    if lines is not None:
        shown, share = on_events(written, lines, asked.on, at, telling)
    else:
        past = _past(asked.on, plans, at or moment_of(None, plans[1], language), telling)
        called = {key: telling.name(key) for key in Both(*plans).keys}
        shown, share = past_told(past, called, str(asked.on), language), past.share
    say(_formed(asked.form, replace(told, past=shown), plans))
    return _status(told) if limit is None else ERRORS if Fraction(share) > Fraction(limit) else FINE


def _past(path: Path, plans: tuple[Plan, Plan], at: Moment, telling: Telling) -> Past:
    """Past facts decided by both."""
    from rulec.cli.past import rows_of
    from rulec.difference.past import Replay, reader_of

    readers = reader_of(*plans), reader_of(*plans[::-1])
    return Replay(Both(*plans), at, telling.move).all(rows_of(path, readers, telling.language))


def _share(text: str, language: Language) -> Decimal:
    """« 2 % » as a fraction."""
    try:
        found = read_value(Percentage(), text, language)
    except ValueProblem:
        found = None
    if not isinstance(found, Decimal) or found < 0:
        raise Refusal("E913", language=language, detail=text, option="--max-change", expected="2%")
    return found


def _formed(form: str, told: Told, plans: tuple[Plan, Plan]) -> str:
    """The report in a form; each needs modules of its own."""
    match form:
        case "json":
            from rulec.diagnostics.as_json import text_of
            from rulec.difference.as_json import as_json

            return text_of(as_json(told, *plans), indent=2)
        case "markdown":
            from rulec.difference.as_markdown import as_markdown

            return plain_spaces(paragraph(as_markdown(told)))
        case "html":
            from rulec.difference.as_html import as_html

            return paragraph(as_html(told))
        case _:
            from rulec.difference.as_text import as_text

            return plain_spaces(paragraph(as_text(told)))


def _status(told: Told) -> int:
    if told.equal:
        return FINE
    return ERRORS if told.difference.changed or told.vocabulary else UNPROVEN
