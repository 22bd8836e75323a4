"""`rulec serve`: rules in, a service that decides by them out, over HTTP or MCP."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulec.cli.command import PATH, Command, Texts, option
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.serving import (
    NO_LOG,
    events_of,
    installed,
    judge_for,
    keeper_of,
    keys_in,
    limits_in,
    shadows_over,
    watch_over,
)
from rulec.cli.tongue import Tongue
from rulec.runtime.plain import Plain, plain

if TYPE_CHECKING:  # slow to import, and only a service needs them
    from rulec.service.answering import Answering
    from rulec.service.limits import Keys, Limits
    from rulec.service.watch import Watch

HELP: Texts = {
    "fr": """
Sert des règles à d'autres programmes.

  rulec serve remises.regles --http 8080
  curl http://127.0.0.1:8080/decide --json '{"facts": {"commande": "620 €"}}'
  rulec serve remises.regles --mcp

Décider : POST /decide, /decide-many, /why, /what-if, /questions. Décrire : GET /rules,
/vocabulary, /schema, /openapi.json, /health, /metrics. Plusieurs règles : chacune a un nom,
celui de son fichier ou de son dossier, ou NOM=CHEMIN, et répond sous /rules/NOM/… ; une
version, même remplacée, répond sous /rules/EMPREINTE/….

Les fichiers sont surveillés : de nouvelles règles sont relues, leurs exemples vérifiés, puis
elles remplacent les précédentes d'un coup ; si elles ont une erreur, les précédentes restent,
et /health le dit.

--shadow nouvelles.regles : de nouvelles règles décident à côté de celles en vigueur, sur les
mêmes faits ; leurs décisions ne sont pas rendues, rulec log shadow dit ce qui changerait.

Au-delà de cette machine (--host), il faut une clé : --key-file, ou RULEC_API_KEY.
--mcp sert à un modèle les mêmes décisions comme des outils. Il faut pip install 'rulec[serve]',
et 'rulec[mcp]' pour --mcp.
""",
    "en": """
Serves rules to other programs.

  rulec serve discounts.rules --http 8080
  curl http://127.0.0.1:8080/decide --json '{"facts": {"order": "€620"}}'
  rulec serve discounts.rules --mcp

Decide: POST /decide, /decide-many, /why, /what-if, /questions. Describe: GET /rules,
/vocabulary, /schema, /openapi.json, /health, /metrics. Several rule sets: each has a name,
that of its file or folder, or NAME=PATH, and answers under /rules/NAME/…; a version, even
one that was replaced, answers under /rules/DIGEST/….

Files are watched: new rules are read, their examples checked, and they then replace those
before at once; if they have an error, those before stay, and /health says so.

--shadow new.rules: new rules decide beside those in force, on the same facts; their
decisions are not given, rulec log shadow tells what would change.

Beyond this machine (--host), there must be a key: --key-file, or RULEC_API_KEY.
--mcp serves a model the same decisions as tools. It needs pip install 'rulec[serve]', and
'rulec[mcp]' for --mcp.
""",
}
_HTTP: Texts = {"fr": "Répondre en HTTP sur ce port.", "en": "Answer over HTTP on this port."}
_HOST: Texts = {
    "fr": "Adresse où écouter ; 127.0.0.1 (cette machine) par défaut.",
    "en": "Address to listen at; 127.0.0.1 (this machine) by default.",
}
_KEY_FILE: Texts = {
    "fr": "Fichier des clés à montrer, une par ligne ; NOM=CLÉ dit à qui elle est, pour les accords.",
    "en": "File of the keys to be shown, one a line; NAME=KEY says whose it is, for approvals.",
}
_LOG: Texts = {
    "fr": f"Journal où chaque décision est écrite avant d'être rendue : sqlite:///decisions.db (par défaut, ou "
    f"RULEC_LOG), postgresql://… ; {NO_LOG} : aucun.",
    "en": f"Log where each decision is written before it is given: sqlite:///decisions.db (by default, or RULEC_LOG), "
    f"postgresql://…; {NO_LOG}: no log.",
}
_PATIENCE: Texts = {
    "fr": "Au-delà, une décision proposée à laquelle personne n'a répondu compte comme refusée.",
    "en": "Beyond it, a proposed decision that nobody answered counts as refused.",
}
_SHADOW: Texts = {
    "fr": "De nouvelles règles, qui décident à blanc sur les mêmes faits : rulec log shadow dit ce qui changerait.",
    "en": "New rules, which decide on the same facts in shadow: rulec log shadow tells what would change.",
}
_EVENTS: Texts = {
    "fr": "Prendre des événements (POST /events), gardés à cette adresse : sqlite:///events.db, postgresql://…",
    "en": "Take events (POST /events), kept at this address: sqlite:///events.db, postgresql://…",
}
_MCP: Texts = {
    "fr": "Répondre en MCP : sur l'entrée et la sortie standard, ou à /mcp avec --http.",
    "en": "Answer over MCP: on standard input and output, or at /mcp with --http.",
}
_LIMIT: Texts = {
    "fr": "Une limite : body=OCTETS, waiting=DEMANDES, seconds=SECONDES.",
    "en": "A limit: body=BYTES, waiting=REQUESTS, seconds=SECONDS.",
}
_FILE: Texts = {"fr": "FICHIER", "en": "FILE"}
_NAMED: Texts = {"fr": "NOM=", "en": "NAME="}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        click.Argument(["paths"], nargs=-1, required=True, metavar=f"[{_NAMED[own]}]{PATH[own]}…"),
        option("--http", _HTTP[own], type=click.IntRange(0, 65535), metavar="PORT"),
        option("--host", _HOST[own], default="127.0.0.1", metavar="HOST"),
        option("--key-file", _KEY_FILE[own], type=click.Path(path_type=Path), metavar=_FILE[own]),
        option("--mcp", _MCP[own], is_flag=True),
        option("--log", _LOG[own], metavar="URL"),
        option("--approval-timeout", _PATIENCE[own], metavar="30m|4h|2d"),
        option("--shadow", _SHADOW[own], multiple=True, metavar=f"[{_NAMED[own]}]{PATH[own]}"),
        option("--events", _EVENTS[own], metavar="URL"),
        option("--limit", _LIMIT[own], multiple=True, metavar="NAME=N"),
    ]
    return Command("serve", own, HELP[own], partial(run, tongue), params)


def run(
    tongue: Tongue, paths: Sequence[str], http: int | None, host: str, key_file: Path | None, mcp: bool,
    log: str | None, approval_timeout: str | None, shadow: Sequence[str], events: str | None,
    limit: Sequence[str],
) -> int:  # fmt: skip
    """Serve until told to stop; the exit status."""
    logged = _Logged(log, approval_timeout, shadow)
    if http is not None:
        return _over_http(tongue, paths, (host, http), keys_in(key_file), mcp, logged, limits_in(limit), events)
    if events is not None:
        raise Refusal("E912", detail="--http")
    if not mcp:
        raise Refusal("E912", detail="--http")
    return _on_standard_streams(tongue, paths, logged, limits_in(limit))


def _over_http(
    tongue: Tongue, paths: Sequence[str], address: tuple[str, int], keys: "Keys", mcp: bool,
    logged: "_Logged", limits: "Limits", store: str | None,
) -> int:  # fmt: skip
    with installed("serve"):
        from rulec.service.app import Service
        from rulec.service.http import bound, serve, url_of
    from rulec.service.limits import LOOPBACK
    from rulec.service.words import journal, keep_journal, told

    host, port = address
    if not keys and host not in LOOPBACK:
        raise Refusal("E986", host=host)
    watch = watch_over(paths, tongue.asked, tongue.own)
    answering = _answering(tongue, watch, logged, limits)
    tools, events = None, events_of(store, watch, answering.decider.keeper)
    if mcp:
        with installed("mcp"):
            from rulec.service.mcp_server import Tools, mounted
        tools = mounted(Tools(watch, answering, keys))
    try:
        listening = bound(host, port)
    except OSError as error:
        raise Refusal("E987", ERRORS, host=host, port=str(port), detail=error.strerror or str(error)) from None
    keep_journal()
    journal.info(told("listening", tongue.own, url=url_of(listening), names=watch.sets.shown()))
    if (shadow := answering.decider.shadow) is not None:
        journal.info(told("shadow", tongue.own, names=shadow.watch.sets.shown()))
    serve(Service(watch, answering, keys, tools, events).app(), listening, limits)
    return FINE


def _on_standard_streams(
    tongue: Tongue, paths: Sequence[str], logged: "_Logged", limits: "Limits"
) -> int:  # fmt: skip
    """MCP on standard input and output."""
    with installed("mcp"):
        from rulec.service.mcp_server import Tools, serve_stdio
    import asyncio  # only a service needs it

    from rulec.service.limits import Keys
    from rulec.service.words import keep_journal

    watch = watch_over(paths, tongue.asked, tongue.own)
    answering = _answering(tongue, watch, logged, limits)
    keep_journal()
    asyncio.run(serve_stdio(Tools(watch, answering, Keys([]))))
    return FINE


@plain
class _Logged(Plain):
    """What becomes of decisions beside being told: the log, how long a proposed one waits, the rules in shadow."""

    log: str | None
    patience: str | None
    shadow: Sequence[str]


def _answering(tongue: Tongue, watch: "Watch", logged: _Logged, limits: "Limits") -> "Answering":
    from rulec.service.answering import answering_for

    beside = shadows_over(logged.shadow, watch, tongue.asked, tongue.own, logged.log)
    return answering_for(limits, judge_for(watch), keeper_of(logged.log, logged.patience), beside)
