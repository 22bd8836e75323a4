"""`rulec serve`: rules in, a service that decides by them out, over HTTP or MCP."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulec.cli.command import PATH, Command, Texts, option
from rulec.cli.output import complain
from rulec.cli.refusals import ERRORS, FINE, Refusal, Stopped
from rulec.cli.rules import check_there
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import paragraph
from rulec.source import Language

if TYPE_CHECKING:  # slow to import, and only a service needs them
    from rulec.judgement.answers import Judge
    from rulec.service.limits import Keys, Limits
    from rulec.service.loading import Origin
    from rulec.service.watch import Watch

HELP: Texts = {
    "fr": """
Sert des règles à d'autres programmes.

  rulec serve remises.regles --http 8080
  curl http://127.0.0.1:8080/decide --json '{"facts": {"commande": "620 €"}}'

Décider : POST /decide, /decide-many, /why, /what-if, /questions. Décrire : GET /rules,
/vocabulary, /schema, /openapi.json, /health, /metrics. Plusieurs règles : chacune a un nom,
celui de son fichier ou de son dossier, ou NOM=CHEMIN, et répond sous /rules/NOM/… ; une
version, même remplacée, répond sous /rules/EMPREINTE/….

Les fichiers sont surveillés : de nouvelles règles sont relues, leurs exemples vérifiés, puis
elles remplacent les précédentes d'un coup ; si elles ont une erreur, les précédentes restent,
et /health le dit.

Au-delà de cette machine (--host), il faut une clé : --key-file, ou RULEC_API_KEY.
Il faut pip install 'rulec[serve]'.
""",
    "en": """
Serves rules to other programs.

  rulec serve discounts.rules --http 8080
  curl http://127.0.0.1:8080/decide --json '{"facts": {"order": "€620"}}'

Decide: POST /decide, /decide-many, /why, /what-if, /questions. Describe: GET /rules,
/vocabulary, /schema, /openapi.json, /health, /metrics. Several rule sets: each has a name,
that of its file or folder, or NAME=PATH, and answers under /rules/NAME/…; a version, even
one that was replaced, answers under /rules/DIGEST/….

Files are watched: new rules are read, their examples checked, and they then replace those
before at once; if they have an error, those before stay, and /health says so.

Beyond this machine (--host), there must be a key: --key-file, or RULEC_API_KEY.
It needs pip install 'rulec[serve]'.
""",
}
_HTTP: Texts = {"fr": "Répondre en HTTP sur ce port.", "en": "Answer over HTTP on this port."}
_HOST: Texts = {
    "fr": "Adresse où écouter ; 127.0.0.1 (cette machine) par défaut.",
    "en": "Address to listen at; 127.0.0.1 (this machine) by default.",
}
_KEY_FILE: Texts = {
    "fr": "Fichier des clés à montrer, une par ligne.",
    "en": "File of the keys to be shown, one a line.",
}
_LIMIT: Texts = {
    "fr": "Une limite : body=OCTETS, waiting=DEMANDES, seconds=SECONDES.",
    "en": "A limit: body=BYTES, waiting=REQUESTS, seconds=SECONDS.",
}
_FILE: Texts = {"fr": "FICHIER", "en": "FILE"}
_NAMED: Texts = {"fr": "NOM=", "en": "NAME="}
_KEY = "RULEC_API_KEY"
_SHORTEST_KEY = 16
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        click.Argument(["paths"], nargs=-1, required=True, metavar=f"[{_NAMED[own]}]{PATH[own]}…"),
        option("--http", _HTTP[own], type=click.IntRange(0, 65535), metavar="PORT"),
        option("--host", _HOST[own], default="127.0.0.1", metavar="HOST"),
        option("--key-file", _KEY_FILE[own], type=click.Path(path_type=Path), metavar=_FILE[own]),
        option("--limit", _LIMIT[own], multiple=True, metavar="NAME=N"),
    ]
    return Command("serve", own, HELP[own], partial(run, tongue), params)


def run(
    tongue: Tongue, paths: Sequence[str], http: int | None, host: str, key_file: Path | None, limit: Sequence[str]
) -> int:  # fmt: skip
    """Serve until told to stop; the exit status."""
    if http is None:
        raise Refusal("E912", detail="--http")
    with _installed("serve"):
        from rulec.service.answering import Answering
        from rulec.service.app import Service
        from rulec.service.deciding import Decider
        from rulec.service.http import bound, keep_journal, serve, url_of
        from rulec.service.limits import LOOPBACK
        from rulec.service.metrics import Metrics
        from rulec.service.watch import journal
        from rulec.service.words import WORDS
    limits, keys = _limits(limit), _keys(key_file)
    if not keys and host not in LOOPBACK:
        raise Refusal("E986", host=host)
    watch = _watch(_origins(paths, tongue.asked), tongue.own)
    try:
        listening = bound(host, http)
    except OSError as error:
        raise Refusal("E987", ERRORS, host=host, port=str(http), detail=error.strerror or str(error)) from None
    keep_journal()
    names = ", ".join(f"{name} {each.digest[:12]}" for name, each in watch.sets.current.items())
    journal.info(WORDS[tongue.own]["listening"].format(url=url_of(listening), names=names))
    service = Service(watch, Answering(Decider(Metrics(), _judge(watch)), limits), keys)
    serve(service.app(), listening, limits)
    return FINE


@contextmanager
def _installed(extra: str) -> Iterator[None]:
    """Where a library lacks, the command says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise Refusal("E972", detail=str(error.name), extra=extra) from None


def _origins(paths: Sequence[str], language: Language | None) -> "list[Origin]":
    """Each path under its name: the one before `=`, or that of the file or folder."""
    from rulec.service.loading import Origin
    from rulec.service.sets import name_of

    found: dict[str, Origin] = {}
    for text in paths:
        name, equals, path = text.partition("=")
        if not equals or not _NAME.fullmatch(name) or Path(text).exists():
            name, path = name_of(Path(text)), text
        check_there(Path(path))
        if name in found:
            raise Refusal("E977", name=name, path=f"{found[name].path}, {path}")
        found[name] = Origin(name, Path(path), language)
    return list(found.values())


def _watch(origins: "Sequence[Origin]", language: Language) -> "Watch":
    from rulec.service.loading import UnfitError
    from rulec.service.watch import opened

    try:
        return opened(origins, language)
    except UnfitError as error:
        complain(paragraph(str(error)))
        raise Stopped(ERRORS) from None


def _judge(watch: "Watch") -> "Judge | None":
    """What judges for these rules; where no model is configured, all is in doubt."""
    if not any(each.rules.plan.judgements for each in watch.sets.current.values()):
        return None
    from rulec.cli.judging import configured
    from rulec.judgement.answers import NoJudge

    return configured() or NoJudge()


def _limits(told: Sequence[str]) -> "Limits":
    from rulec.service.limits import Limits

    found: dict[str, int] = {}
    for text in told:
        name, _, number = text.partition("=")
        if name not in Limits.names() or not (number.isascii() and number.isdecimal()) or not 0 < int(number) < 10**10:
            raise Refusal("E978", detail=text, expected=", ".join(Limits.names()))
        found[name] = int(number)
    return Limits(**found)


def _keys(path: Path | None, environment: Mapping[str, str] = os.environ) -> "Keys":
    """The keys of the file, or the one of the environment."""
    from rulec.service.limits import Keys

    if path is None and _KEY not in environment:
        return Keys([])
    try:
        text = path.read_text(encoding="utf-8") if path is not None else environment[_KEY]
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("E902", path=str(path), detail=getattr(error, "strerror", None) or "UTF-8") from None
    keys = [line.strip() for line in text.splitlines() if line.strip()]
    if not keys or any(len(key) < _SHORTEST_KEY or len(key.split()) > 1 for key in keys):
        raise Refusal("E976", path=_KEY if path is None else str(path))
    return Keys(keys)
