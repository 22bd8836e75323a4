"""`rulec judgements`: the answers of a judge shown, written out, or tried on texts of which the answer is known."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from rulec.cli.command import Command, OneOf, Texts, format_option, option
from rulec.cli.judging import configured
from rulec.cli.output import say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.rules import compiled, plan_of
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import harmless
from rulec.judgement.answers import REASONS, questions_of
from rulec.judgement.loop import run
from rulec.judgement.settings import settings_in
from rulec.judgement.store import Asked, Kept, Store
from rulec.judgement.trial import CasesError, Tried, as_data, cases_in, own_cases, tried
from rulec.settings import SettingsError
from rulec.source import Language

HELP: Texts = {
    "fr": """
Montre, écrit ou essaie les appréciations.

  rulec judgements show                       les réponses gardées
  rulec judgements export > reponses.jsonl    les mêmes, en entier
  rulec judgements test regles/ --cases etiquettes.jsonl

test pose chaque appréciation sur ses propres exemples et sur ceux de --cases, un objet
JSON par ligne : {"judgement": "unhappy", "text": "…", "answer": "oui"}.

Code de sortie : 0 tout va bien, 1 une appréciation est sous le seuil, 2 si la commande
est mal employée.
""",
    "en": """
Shows, writes out or tries judgements.

  rulec judgements show                       the answers kept
  rulec judgements export > answers.jsonl     the same, in full
  rulec judgements test rules/ --cases labels.jsonl

test asks each judgement of its own examples and of those of --cases, one JSON object a
line: {"judgement": "unhappy", "text": "…", "answer": "yes"}.

Exit status: 0 all is well, 1 a judgement is below the threshold, 2 for wrong use of the
command.
""",
}
_CASES: Texts = {
    "fr": "Textes dont la réponse est connue, en JSON Lines.",
    "en": "Texts of which the answer is known, as JSON Lines.",
}
_THRESHOLD: Texts = {
    "fr": "Part des réponses justes, en pour cent, sous laquelle test échoue (90 par défaut).",
    "en": "Share of right answers, per cent, below which test fails (90 by default).",
}
_STORE: Texts = {
    "fr": "Le fichier des réponses ; celui de rulec.toml par défaut.",
    "en": "The file of answers; that of rulec.toml by default.",
}
_TOLD: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "tried": "{title} : {right} sur {total} ({accuracy} %), dans le doute {in_doubt}, coût {cost:.4f} $",
        "wrong": "  ✗ {text} — {said}", "none": "Aucune réponse n'est gardée.", "doubt": "dans le doute ({reason})",
        "asked": "demandé par l'auteur, coût {cost:.4f} $",
    },
    "en": {
        "tried": "{title}: {right} of {total} ({accuracy}%), in doubt {in_doubt}, cost ${cost:.4f}",
        "wrong": "  ✗ {text} — {said}", "none": "No answer is kept.", "doubt": "in doubt ({reason})",
        "asked": "asked by the author, cost ${cost:.4f}",
    },
}  # fmt: skip
_LONGEST = 80  # characters of a text that is shown


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        click.Argument(["verb"], type=OneOf(tuple(_VERBS)), metavar="|".join(_VERBS)),
        click.Argument(["paths"], nargs=-1, type=click.Path(path_type=Path), metavar="[…]"),
        option("--cases", _CASES[own], type=click.Path(path_type=Path), metavar="FILE"),
        option("--threshold", _THRESHOLD[own], type=click.IntRange(0, 100), default=90, metavar="N"),
        option("--store", _STORE[own], type=click.Path(path_type=Path), metavar="FILE"),
        format_option(own),
    ]
    return Command("judgements", own, HELP[own], partial(judgements, tongue), params)


def judgements(
    tongue: Tongue, verb: str, paths: Sequence[Path], cases: Path | None, threshold: int, store: Path | None, form: str
) -> int:
    """Do what the verb says; the exit status."""
    if verb == "test":
        return _test(tongue, paths, cases, threshold, form == "json")
    if paths or cases is not None:
        raise Refusal("E914", detail=" ".join(map(str, paths)) or "--cases")
    kept = _kept(store)
    for line in _VERBS[verb](kept, tongue.own):
        say(line)
    return FINE


def _kept(store: Path | None) -> list[Kept | Asked]:
    """The answers of a file, then what authors asked. Refuses one that is not there."""
    try:
        settings = settings_in(Path.cwd())
        path = store or Path(settings.store if settings is not None else "judgements.sqlite")
        if not path.is_file():
            raise Refusal("E901", path=str(path))
        held = Store(path)
        found: list[Kept | Asked] = [*held.all(), *held.all_asked()]
        held.close()
    except (SettingsError, sqlite3.Error) as error:
        raise Refusal("E954", ERRORS, detail=str(error)) from None
    return found


def _show(kept: Sequence[Kept | Asked], language: Language) -> Iterator[str]:
    for each in kept:
        moment = datetime.fromtimestamp(each.at, UTC).isoformat(timespec="seconds")
        yield harmless(f"{moment}  {_shown(each, language)}")
    if not kept:
        yield _TOLD[language]["none"]


def _shown(each: Kept | Asked, language: Language) -> str:
    told = _TOLD[language]
    doubt = told["doubt"].format(reason=REASONS[each.reason][language]) if each.reason else ""
    if isinstance(each, Asked):
        return f"{told['asked'].format(cost=each.cost)}  {doubt or _short(each.answer or '')}  {_short(each.message)}"
    quote = f" « {each.quote} »" if each.quote else ""
    return f"{each.path}  {doubt or each.value}{quote}  {_short(each.text)}"


def _export(kept: Sequence[Kept | Asked], language: Language) -> Iterator[str]:
    return (json.dumps(asdict(each), ensure_ascii=False) for each in kept)


_VERBS: Mapping[str, Callable[[Sequence[Kept | Asked], Language], Iterator[str]]] = {
    "show": _show, "test": _show, "export": _export,
}  # fmt: skip


def _test(tongue: Tongue, paths: Sequence[Path], cases: Path | None, threshold: int, as_json: bool) -> int:
    """Try each judgement; the exit status tells whether one is below the threshold."""
    if not paths:
        raise Refusal("E912", detail="PATH")
    questions = questions_of(plan_of(compiled(paths, tongue), tongue))
    try:
        found = [*own_cases(questions), *(cases_in(cases, questions) if cases is not None else ())]
    except CasesError as error:
        raise Refusal("E956", ERRORS, path=str(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("E902", path=str(cases), detail=str(error)) from None
    judge = configured()
    if judge is None:
        raise Refusal("E955")
    try:
        results = run(tried(judge, found))
    finally:
        judge.close()
    for each in results:
        say(json.dumps(as_data(each), ensure_ascii=False) if as_json else "\n".join(_lines(each, tongue.own)))
    return FINE if all(each.accuracy >= threshold for each in results) else ERRORS




def _lines(each: Tried, language: Language) -> Iterator[str]:
    told = _TOLD[language]
    yield told["tried"].format(
        title=each.question.title, right=each.right, total=each.total, accuracy=each.accuracy,
        in_doubt=each.in_doubt, cost=each.cost,
    )  # fmt: skip
    for case, answer in each.wrong:
        said = REASONS[answer.reason][language] if answer.reason else str(answer.value)
        yield harmless(told["wrong"].format(text=_short(case.text), said=said))


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST] + "…"
