"""`rulec log show`: the latest entries of the log, or one in full."""

import json
from collections.abc import Sequence
from functools import partial

import click

from rulec.cli.command import Command, Texts, format_option, option
from rulec.cli.logged import log_option, mask_option, opened, span_of, span_options
from rulec.cli.output import say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.table import aligned
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import harmless

HELP: Texts = {
    "fr": """
Montre les entrées du journal, les dernières à la fin ; ou une seule, en entier.

  rulec log show                            les 20 dernières
  rulec log show --since 2026-03-01 --last 1000
  rulec log show 8f14e45f                   celle dont l'identifiant commence ainsi
""",
    "en": """
Shows the entries of the log, the latest at the end; or one of them, in full.

  rulec log show                            the last 20
  rulec log show --since 2026-03-01 --last 1000
  rulec log show 8f14e45f                   the one whose id begins so
""",
}
_LAST: Texts = {"fr": "Nombre d'entrées (20 par défaut).", "en": "Number of entries (20 by default)."}
_NONE: Texts = {"fr": "Le journal ne contient rien pour ces jours.", "en": "The log holds nothing for these days."}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        click.Argument(["id"], required=False, metavar="[ID]"),
        log_option(own),
        *span_options(own),
        option("--last", _LAST[own], type=click.IntRange(1, 100_000), default=20, metavar="N"),
        mask_option(own),
        format_option(own),
    ]
    return Command("show", own, HELP[own], partial(show, tongue), params)


def show(
    tongue: Tongue, id: str | None, log: str | None, since: str | None, until: str | None, last: int,
    mask: Sequence[str], form: str,
) -> int:  # fmt: skip
    """Print entries; the exit status."""
    span = span_of(since, until)
    with opened(log, tongue.own) as held:
        from rulec.log.erasing import masked
        from rulec.log.telling import lines_of, row_of

        if id is not None:
            entry = held.get(id) or held.find(id)
            if entry is None:
                raise Refusal("E959", ERRORS, id=id, url=held.shown)
            found = held.about(entry.id) if entry.about == entry.id else [entry]
        else:
            found = held.latest(last, *span)
        told = [masked(each, mask) for each in found] if mask else found
    if form == "json":
        for each in told:
            say(json.dumps(each.to_json(), ensure_ascii=False))
    elif id is not None:
        say("\n".join(harmless(line) for each in told for line in lines_of(each, tongue.own)))
    else:
        say("\n".join(aligned([row_of(each, tongue.own) for each in told])) if told else _NONE[tongue.own])
    return FINE
