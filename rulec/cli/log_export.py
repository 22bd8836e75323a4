"""`rulec log export`: the entries of the log for other tools, as JSON Lines or Parquet."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from rulec.cli.command import Command, Texts
from rulec.cli.logged import log_option, mask_option, opened, span_of, span_options
from rulec.cli.output import say
from rulec.cli.refusals import FINE, Refusal
from rulec.cli.tongue import Tongue
from rulec.cli.writing import whole

HELP: Texts = {
    "fr": """
Écrit les entrées du journal pour d'autres outils : en JSON Lines, sous la forme que Open Policy
Agent donne à ses journaux de décisions, ou en Parquet (fichier qui finit par .parquet).

  rulec log export > decisions.jsonl
  rulec log export -o decisions.parquet --since 2026-01-01 --mask client.nom
""",
    "en": """
Writes the entries of the log for other tools: as JSON Lines, in the form that Open Policy Agent
gives to its decision logs, or as Parquet (a file that ends in .parquet).

  rulec log export > decisions.jsonl
  rulec log export -o decisions.parquet --since 2026-01-01 --mask customer.name
""",
}
_OUTPUT: Texts = {
    "fr": "Fichier à écrire ; sans elle, JSON Lines sur la sortie.",
    "en": "File to be written; without it, JSON Lines on the output.",
}


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    output = click.Option(["-o", "--output"], type=click.Path(path_type=Path), metavar="FILE", help=_OUTPUT[own])
    params: list[click.Parameter] = [log_option(own), *span_options(own), output, mask_option(own)]
    return Command("export", own, HELP[own], partial(export, tongue), params)


def export(
    tongue: Tongue, log: str | None, since: str | None, until: str | None, output: Path | None, mask: Sequence[str]
) -> int:  # fmt: skip
    """Write entries; the exit status."""
    span = span_of(since, until)
    with opened(log, tongue.own) as held:
        from rulec.log.erasing import masked
        from rulec.log.export import as_lines, write_parquet

        entries = held.entries("", *span)
        told = (masked(each, mask) for each in entries) if mask else entries
        if output is None:
            for line in as_lines(told):
                say(line)
        elif output.suffix == ".parquet":
            with _installed(), whole(output) as stream:
                write_parquet(told, stream)
        else:
            with whole(output) as stream:
                stream.writelines(f"{line}\n".encode() for line in as_lines(told))
    return FINE


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise Refusal("E972", detail=str(error.name), extra="batch") from None
