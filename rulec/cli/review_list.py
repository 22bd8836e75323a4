"""`rulec review list`: the decisions of a part of those executed without a person that nobody has reviewed."""

import json
from decimal import Decimal
from functools import partial

import click

from rulec.cli.command import Command, Texts, format_option, option
from rulec.cli.logged import log_option, opened, span_of, span_options
from rulec.cli.output import say
from rulec.cli.refusals import FINE, Refusal
from rulec.cli.table import aligned
from rulec.cli.tongue import Tongue
from rulec.runtime.refused import ValueProblem
from rulec.runtime.types import Percentage
from rulec.runtime.values import read_value
from rulec.source import Language

HELP: Texts = {
    "fr": """
Montre les décisions à relire : celles d'une part de ce qui a été exécuté sans personne.

  rulec review list --share 5%
  rulec review list --share 5% --all --since 2026-03-01        avec celles qui ont été relues
""",
    "en": """
Shows the decisions to be reviewed: those of a part of what was executed without a person.

  rulec review list --share 5%
  rulec review list --share 5% --all --since 2026-03-01        with those that were reviewed
""",
}
_SHARE: Texts = {"fr": "La part (5 % par défaut).", "en": "The part (5% by default)."}
_ALL: Texts = {"fr": "Aussi celles qui ont été relues.", "en": "Those that were reviewed too."}
_NONE: Texts = {"fr": "Rien n'est à relire.", "en": "Nothing is to be reviewed."}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        option("--share", _SHARE[own], default="5%", metavar="5%"),
        option("--all", _ALL[own], is_flag=True),
        log_option(own),
        *span_options(own),
        format_option(own),
    ]
    return Command("list", own, HELP[own], partial(list_, tongue), params)


def list_(
    tongue: Tongue, share: str, all: bool, log: str | None, since: str | None, until: str | None, form: str
) -> int:  # fmt: skip
    """Print the decisions; the exit status."""
    span, part = span_of(since, until), _part(share, tongue.own)
    with opened(log, tongue.own) as held:
        from rulec.log.review import samples
        from rulec.log.telling import row_of, verdict_said

        found = list(samples(held, part, all, *span))
    if form == "json":
        for each in found:
            say(json.dumps(each.to_json(), ensure_ascii=False))
        return FINE
    said = [
        verdict_said(str(each.review.content["verdict"]) if each.review else "waiting", tongue.own) for each in found
    ]
    rows = [[*row_of(each.decision, tongue.own), verdict] for each, verdict in zip(found, said, strict=True)]
    say("\n".join(aligned(rows)) if rows else _NONE[tongue.own])
    return FINE


def _part(text: str, language: Language) -> Decimal:
    """« 5 % » as a fraction."""
    try:
        found = read_value(Percentage(), text, language)
    except ValueProblem:
        found = None
    if not isinstance(found, Decimal) or not 0 < found <= 1:
        raise Refusal("E913", detail=text, option="--share", expected="5%")
    return found
