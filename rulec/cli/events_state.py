"""`rulec events state`: what is known of a key: facts, what is waited for, what was told."""

import json
from functools import partial
from typing import Any

import click

from rulec.cli.command import Command, Texts, format_option
from rulec.cli.event_options import opened_store, store_option
from rulec.cli.events_run import harmful
from rulec.cli.output import say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.tongue import Tongue
from rulec.events.times import moment_at
from rulec.runtime.shown import show_value
from rulec.runtime.types import YesNo
from rulec.source import Language

HELP: Texts = {
    "fr": """
Montre ce qu'on sait d'une clé : ses faits, ses derniers événements, ce qui est attendu, ce qui
s'est déclenché.

  rulec events state C-12
  rulec events state C-12 --store postgresql://…
""",
    "en": """
Shows what is known of a key: its facts, its latest events, what is waited for, what fired.

  rulec events state C-12
  rulec events state C-12 --store postgresql://…
""",
}
_KEY: Texts = {"fr": "CLÉ", "en": "KEY"}
_SAID: dict[Language, dict[str, str]] = {
    "fr": {
        "key": "{entity} « {key} »", "fact": "  {path} : {value}", "due": "  Prochaine échéance : {due}",
        "event": "  {at} : {event} ({id})", "told": "Ce qui a été dit :", "facts": "Ce qu'on sait :",
        "events": "Derniers événements :", "nothing": "  (rien)",
    },
    "en": {
        "key": '{entity} "{key}"', "fact": "  {path}: {value}", "due": "  Next time limit: {due}",
        "event": "  {at}: {event} ({id})", "told": "What was told:", "facts": "What is known:",
        "events": "Latest events:", "nothing": "  (nothing)",
    },
}  # fmt: skip
_LAST = 20  # events and messages that are shown


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        click.Argument(["key"], metavar=_KEY[own]),
        store_option(own),
        format_option(own),
    ]
    return Command("state", own, HELP[own], partial(state, tongue), params)


def state(tongue: Tongue, key: str, store: str | None, form: str) -> int:
    """Print what is known; the exit status."""
    with opened_store(store, key) as held:
        found = held.about(key, _LAST)
        if not found:
            raise Refusal("E713", ERRORS, key=key, url=held.shown)
    for each in found:
        say(json.dumps(each, ensure_ascii=False) if form == "json" else harmful("\n".join(_lines(each, tongue.own))))
    return FINE


def _lines(about: dict[str, Any], language: Language) -> list[str]:
    said = _SAID[language]
    facts = [said["fact"].format(path=path, value=_value(value, language)) for path, value in about["facts"].items()]
    events = [said["event"].format(**{**each, "at": _shown(each["at"])}) for each in about["events"]]
    due = [said["due"].format(due=_shown(about["due"]))] if about["due"] is not None else []
    told = [f"  {line}" for each in about["told"] for line in each["text"][language].splitlines()]
    return [
        said["key"].format(**about),
        said["facts"], *(facts or [said["nothing"]]),
        said["events"], *(events or [said["nothing"]]), *due,
        said["told"], *(told or [said["nothing"]]),
    ]  # fmt: skip


def _value(value: object, language: Language) -> object:
    """« oui », "no"; any other value as it is kept."""
    return show_value(YesNo(), value, language) if isinstance(value, bool) else value


def _shown(at: int) -> str:
    return moment_at(at, "UTC").isoformat()
