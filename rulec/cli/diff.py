"""`rulec diff`: two versions of rules in, which decisions change out, proven."""

from functools import partial
from pathlib import Path
from time import monotonic

import click

from rulec.cli.command import Command, Texts, option
from rulec.cli.decided import plain_spaces
from rulec.cli.output import say
from rulec.cli.refusals import ERRORS, FINE
from rulec.cli.rules import compiled, language_of, plan_of
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import paragraph
from rulec.difference.telling import Telling, Told
from rulec.proof import BUDGET

UNPROVEN = 3  # exit status: no change found, and no proof that there is none
HELP: Texts = {
    "fr": """
Compare deux versions de règles : prouve qu'elles décident la même chose pour tous les
faits, ou dit quelles décisions changent, cas par cas, avec un exemple que rulec run rejoue.

  rulec diff avant.regles apres.regles
  rulec diff avant/ apres/ --at 2026-03-01

Les faits que les deux acceptent sont comparés, ceux qui ne sont pas facultatifs étant
donnés. Il faut pip install 'rulec[analysis]'.

Code de sortie : 0 prouvé égal, 1 des décisions ou le vocabulaire changent, ou erreurs dans
les règles, 2 si la commande est mal employée, 3 aucun changement trouvé, sans preuve.
""",
    "en": """
Compares two versions of rules: proves that they decide the same for all facts, or tells
which decisions change, case by case, with an example that rulec run replays.

  rulec diff before.rules after.rules
  rulec diff before/ after/ --at 2026-03-01

Facts that both accept are compared, those that are not optional being given. It needs
pip install 'rulec[analysis]'.

Exit status: 0 proven equal, 1 decisions or the vocabulary change, or errors in the rules,
2 for wrong use of the command, 3 no change found, and no proof.
""",
}
_OLD: Texts = {"fr": "AVANT", "en": "OLD"}
_NEW: Texts = {"fr": "APRÈS", "en": "NEW"}
_BUDGET: Texts = {"fr": "Secondes pour prouver.", "en": "Seconds for the proof."}
_SECONDS: Texts = {"fr": "SECONDES", "en": "SECONDS"}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own, path = tongue.own, click.Path(path_type=Path)
    budget = click.FloatRange(min=0)
    params: list[click.Parameter] = [
        click.Argument(["old"], type=path, metavar=_OLD[own]),
        click.Argument(["new"], type=path, metavar=_NEW[own]),
        option("--budget", _BUDGET[own], type=budget, default=BUDGET, metavar=_SECONDS[own]),
    ]
    return Command("diff", own, HELP[own], partial(diff, tongue), params)


def diff(tongue: Tongue, old: Path, new: Path, budget: float) -> int:
    """Print the report; the exit status."""
    from rulec.difference.as_text import as_text
    from rulec.difference.compare import compare

    before, after = compiled([old], tongue), compiled([new], tongue)
    plans = plan_of(before, tongue), plan_of(after, tongue)
    language = language_of(after, tongue)
    found = compare(*plans, budget, monotonic)
    told = Telling(before, after, language).told(found)
    say(plain_spaces(paragraph(as_text(told, str(old), str(new)))))
    return _status(told)


def _status(told: Told) -> int:
    if told.equal:
        return FINE
    return ERRORS if told.difference.changed or told.vocabulary else UNPROVEN
