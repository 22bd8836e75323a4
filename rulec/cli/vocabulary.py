"""`rulec vocabulary`: rules in, their terms as a table out, or written into the file that left them to be inferred."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from rulec.cli.command import Command, Texts, option, paths_argument
from rulec.cli.declaring import declare_in
from rulec.cli.output import say
from rulec.cli.refusals import FINE
from rulec.cli.rules import compiled_sets, heading, language_of, plan_of
from rulec.cli.terms import terms
from rulec.cli.tongue import Tongue

HELP: Texts = {
    "fr": """
Montre les termes que les règles connaissent, leurs types et leurs clés. Dans un fichier sans
vocabulaire, ce sont ceux que rulec a compris.

  rulec vocabulary remises.regles
  rulec vocabulary remises.regles --write     les déclarer en tête du fichier

Les clés, entre crochets, sont celles des faits en JSON et de l'API Python.
""",
    "en": """
Shows the terms that the rules know, their types and their keys. For a file without
vocabulary, these are the ones that rulec understood.

  rulec vocabulary discounts.rules
  rulec vocabulary discounts.rules --write    declare them at the top of the file

The keys, in brackets, are those of facts in JSON and of the Python API.
""",
}
_WRITE: Texts = {
    "fr": "Déclarer en tête du fichier ce qui a été compris.",
    "en": "Declare at the top of the file what was understood.",
}
_WRITTEN: Texts = {"fr": "Écrit dans {path}.", "en": "Written into {path}."}
_NOTHING: Texts = {
    "fr": "{path} déclare déjà son vocabulaire : rien à écrire.",
    "en": "{path} declares its vocabulary already: nothing to write.",
}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    params: list[click.Parameter] = [paths_argument(tongue.own), option("--write", _WRITE[tongue.own], is_flag=True)]
    return Command("vocabulary", tongue.own, HELP[tongue.own], partial(vocabulary, tongue), params)


def vocabulary(tongue: Tongue, paths: Sequence[Path], write: bool) -> int:
    """Print the table, or write the declarations; the exit status."""
    sets = [rules for rules in compiled_sets(paths, tongue) if plan_of(rules, tongue)]
    for at, rules in enumerate(sets):
        language = language_of(rules, tongue)
        head = "\n" * (at > 0) + heading(rules, tongue) + "\n\n" if len(sets) > 1 else ""
        say(head + terms(rules.vocabulary, language))
        if write:
            done = declare_in(paths, rules)
            say("\n" + (_WRITTEN if done else _NOTHING)[language].format(path=" ".join(map(str, paths))))
    return FINE
