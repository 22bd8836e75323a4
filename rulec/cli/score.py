"""`rulec score`: rules and a file of many facts in, a file with the decision for each row out."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulec.cli.command import Command, OneOf, Texts, option, paths_argument
from rulec.cli.engines import ENGINE, MASTER
from rulec.cli.output import complain
from rulec.cli.refusals import ERRORS, FINE, Refusal, error_line
from rulec.cli.rules import compiled, language_of, plan_of
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import harmless
from rulec.moment import MomentError, read_moment
from rulec.runtime.facts import FactsError
from rulec.source import Language

if TYPE_CHECKING:
    from rulec.batch.score import Engine

HELP: Texts = {
    "fr": r"""
Décide pour chaque ligne d'un fichier, et l'écrit avec la décision.

  rulec score remises.regles commandes.csv -o decisions.parquet
  rulec score remises.regles commandes.jsonl -o decisions.jsonl --at 2026-03-01

DONNÉES et SORTIE : CSV, Parquet ou JSON Lines, selon leur extension. Les colonnes portent
le nom ou la clé des faits ; les autres sont recopiées. S'y ajoutent, pour chaque résultat,
sa valeur, « clé.status » et « clé.fired » (les règles appliquées), puis « status »,
« missing » (ce qui manque), « actions » et « problems ».

Une ligne illisible est mise de côté, avec la raison, dans SORTIE.rejected.jsonl. Le travail
se fait sur tous les cœurs ; interrompu, la même commande le reprend où il en était, et
SORTIE n'est remplacée qu'à la fin, d'un coup. Il faut pip install 'rulec[batch]'.

  rulec score remises.regles commandes.parquet -o decisions.parquet \
    --engine spark --master spark://hote:7077

Sur un cluster Spark, les décisions sont les mêmes, ligne par ligne ; DONNÉES et SORTIE
sont dans un dossier que voient toutes ses machines. Il faut pip install 'rulec[spark]'
et Java.

Code de sortie : 0 tout est décidé ou dit, 1 lignes mises de côté ou erreurs, 2 si la
commande est mal employée.
""",
    "en": r"""
Decides on each row of a file, and writes it with the decision.

  rulec score discounts.rules orders.csv -o decisions.parquet
  rulec score discounts.rules orders.jsonl -o decisions.jsonl --at 2026-03-01

DATA and OUTPUT: CSV, Parquet or JSON Lines, by their extension. Columns bear the name or
the key of facts; others are copied. Added for each outcome are its value, "key.status" and
"key.fired" (the rules that applied), then "status", "missing", "actions" and "problems".

A row that cannot be read is set aside, with the reason, in OUTPUT.rejected.jsonl. The work
is done on all cores; interrupted, the same command goes on where it stopped, and OUTPUT is
replaced at the end only, in one step. It needs pip install 'rulec[batch]'.

  rulec score discounts.rules orders.parquet -o decisions.parquet \
    --engine spark --master spark://host:7077

On a Spark cluster the decisions are the same, row for row; DATA and OUTPUT are in a folder
that all its machines see. It needs pip install 'rulec[spark]' and Java.

Exit status: 0 all is decided or said, 1 rows set aside or errors, 2 for wrong use of the
command.
""",
}
_OUTPUT: Texts = {"fr": "Où écrire les décisions.", "en": "Where to write the decisions."}
_AT: Texts = {
    "fr": "Date des décisions (2026-03-01) ; aujourd'hui par défaut.",
    "en": "Date of the decisions (2026-03-01); today by default.",
}
_DATA: Texts = {"fr": "DONNÉES", "en": "DATA"}
_OUT: Texts = {"fr": "SORTIE", "en": "OUTPUT"}
_ROWS: Texts = {"fr": "Lignes : {count}.", "en": "Rows: {count}."}
_STATUS: Mapping[str, Texts] = {
    "decided": {"fr": "Décidées : {count}.", "en": "Decided: {count}."},
    "not_applicable": {"fr": "Sans objet : {count}.", "en": "Not applicable: {count}."},
    "undetermined": {"fr": "Il manque des faits : {count}.", "en": "With missing facts: {count}."},
    "in_doubt": {"fr": "Dans le doute : {count}.", "en": "In doubt: {count}."},
    "conflict": {"fr": "Règles qui se contredisent : {count}.", "en": "With rules that conflict: {count}."},
    "error": {"fr": "En erreur : {count}.", "en": "In error: {count}."},
    "rejected": {"fr": "Mises de côté : {count} ({path}).", "en": "Set aside: {count} ({path})."},
}
_UNREAD: Texts = {
    "fr": "Colonnes recopiées sans être lues : {names}",
    "en": "Columns copied without being read: {names}",
}
_ABSENT: Texts = {"fr": "Faits sans colonne : {names}", "en": "Facts without a column: {names}"}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own = tongue.own
    path = click.Path(path_type=Path)
    params: list[click.Parameter] = [
        paths_argument(own),
        click.Argument(["data"], type=path, metavar=_DATA[own]),
        click.Option(["-o", "--output"], type=path, required=True, metavar=_OUT[own], help=_OUTPUT[own]),
        option("--at", _AT[own], metavar="DATE"),
        option("--engine", ENGINE[own], type=OneOf(["local", "spark"]), default="local"),
        option("--master", MASTER[own], metavar="URL", default="local[*]"),
    ]
    return Command("score", own, HELP[own], partial(run, tongue), params)


def run(
    tongue: Tongue, paths: Sequence[Path], data: Path, output: Path, at: str | None, engine: str, master: str
) -> int:  # fmt: skip
    """Write the decisions; the exit status."""
    try:
        from rulec.batch.rows import UnreadableDataError
        from rulec.batch.score import Scored, score
    except ModuleNotFoundError as error:
        raise Refusal("E972", detail=str(error.name), extra="batch") from None
    rules = compiled(paths, tongue)
    plan, language = plan_of(rules, tongue), language_of(rules, tongue)
    _check_files(data, output, language)
    try:
        moment = read_moment(at, plan.zone, language)
    except MomentError as error:
        raise Refusal(error.code, language=language, detail=error.detail) from None
    from rulec.ruleset import from_compiled

    try:
        does = _on_spark(master, language) if engine == "spark" else nullcontext()
        with does as on:
            scored: Scored = score(from_compiled(rules), data, output, moment, _progress, on)
    except UnreadableDataError as error:
        raise Refusal("E971", ERRORS, language, path=str(data), detail=str(error)) from None
    except FactsError as error:
        for problem in error.problems:
            complain(harmless(f"{data}: {error_line(problem.code, problem.message(language), language)}"))
        return ERRORS
    except FileNotFoundError as error:
        raise Refusal("E901", language=language, path=str(error.filename)) from None
    except OSError as error:
        detail = error.strerror or str(error)
        raise Refusal("E902", ERRORS, language, path=str(error.filename or data), detail=detail) from None
    _tell(scored.counts, scored.rejected, language)
    for texts, names in ((_UNREAD, scored.unread), (_ABSENT, scored.absent)):
        if names:
            complain(harmless(texts[language].format(names=", ".join(names))))
    return ERRORS if scored.rejected else FINE


@contextmanager
def _on_spark(master: str, language: Language) -> "Iterator[Engine]":
    """What does the work on a cluster."""
    try:
        from rulec.batch.spark import OnSpark
        from rulec.cluster import SparkError
    except ModuleNotFoundError as error:
        raise Refusal("E972", detail=str(error.name), extra="spark") from None
    try:
        yield OnSpark(master)
    except SparkError as error:
        raise Refusal(error.code, ERRORS, language, master=master, detail=error.detail) from None


def _check_files(data: Path, output: Path, language: Language) -> None:
    from rulec.batch.parts import aside_of
    from rulec.batch.readers import KINDS

    for path in (data, output):
        if path.suffix not in KINDS:
            raise Refusal("E970", language=language, path=str(path), expected=", ".join(KINDS))
    if not data.is_file():
        raise Refusal("E901", language=language, path=str(data))
    if not output.absolute().parent.is_dir():
        raise Refusal("E901", language=language, path=str(output.parent))
    if any(each.exists() and each.samefile(data) for each in (output, aside_of(output))):
        raise Refusal("E934", language=language, path=str(data))


def _progress(count: int) -> Callable[[int], None]:
    """A bar on a terminal."""
    if not sys.stderr.isatty():
        return lambda done: None
    bar = click.progressbar(length=count, file=sys.stderr)
    return bar.update


def _tell(counts: Mapping[str, int], rejected: Path | None, language: Language) -> None:
    told = [_ROWS[language].format(count=sum(counts.values()))]
    for key, text in _STATUS.items():
        if counts.get(key):
            told.append(text[language].format(count=counts[key], path=rejected))
    complain(harmless(" ".join(told)))
