"""What the verbs of `rulec events` share: their options, the rules, the store."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulec.cli.command import Texts, option
from rulec.cli.refusals import ERRORS, Refusal
from rulec.cli.rules import compiled, language_of, plan_of
from rulec.cli.tongue import Tongue
from rulec.events.times import LAST, end_after, micros
from rulec.moment import MomentError, read_moment
from rulec.pipeline import Compiled
from rulec.plan.tree import Plan
from rulec.source import Language

if TYPE_CHECKING:  # slow to import
    from rulec.events.store import EventStore

VARIABLE = "RULEC_EVENTS"
FILE: Texts = {"fr": "FICHIER", "en": "FILE"}
_IN: Texts = {
    "fr": "Les événements, un objet JSON par ligne ; « - » est l'entrée standard.",
    "en": 'The events, a JSON object a line; "-" is standard input.',
}
_UNTIL: Texts = {
    "fr": "Laisser passer le temps jusque-là (2026-03-31, ce jour compris) : les échéances se déclenchent.",
    "en": "Let time pass up to then (2026-03-31, that day included): what is due fires.",
}
_STORE: Texts = {
    "fr": "Où garder les événements : sqlite:///events.db (par défaut, ou RULEC_EVENTS), postgresql://…",
    "en": "Where to keep events: sqlite:///events.db (by default, or RULEC_EVENTS), postgresql://…",
}


def in_option(language: Language) -> click.Option:
    """`--in FILE`, as `given`."""
    kind = click.Path(path_type=Path)
    return click.Option(["--in", "given"], help=_IN[language], required=True, type=kind, metavar=FILE[language])


def until_option(language: Language) -> click.Option:
    """`--until MOMENT`, as `until`."""
    return option("--until", _UNTIL[language], metavar="DATE")


def store_option(language: Language) -> click.Option:
    """`--store URL`, as `store`."""
    return option("--store", _STORE[language], metavar="URL")


def waiting_rules(paths: Sequence[Path], tongue: Tongue) -> tuple[Compiled, Plan, Language]:
    """Rules that wait for events. Refuses others."""
    rules = compiled(paths, tongue)
    plan, language = plan_of(rules, tongue), language_of(rules, tongue)
    if not plan.watches:
        raise Refusal("E714", ERRORS, language)
    return rules, plan, language


def moment_of(until: str | None, plan: Plan, language: Language) -> int | None:
    """The moment up to which time passes: of a day, its end."""
    if until is None:
        return None
    try:
        moment = read_moment(until, plan.zone, language)
    except MomentError as error:
        raise Refusal(error.code, language=language, detail=error.detail) from None
    end = micros(moment) if isinstance(moment, datetime) else end_after(moment, 0, "day", plan.zone)
    return min(end, LAST)


@contextmanager
def opened_store(
    url: str | None, key: str | None = None, environment: Mapping[str, str] = os.environ
) -> "Iterator[EventStore]":
    """The store at an address, made where there is none, but for `key`, of which one that exists is asked.

    Refuses what cannot be used; what goes wrong inside is refused too.
    """
    try:
        from rulec.events.errors import StoreError
        from rulec.events.store import EventStore
        from rulec.events.tables import DEFAULT_URL
    except ModuleNotFoundError as error:
        raise Refusal("E972", detail=str(error.name), extra="log") from None
    try:
        store = EventStore(url or environment.get(VARIABLE) or DEFAULT_URL, create=key is None)
        try:
            yield store
        finally:
            store.close()
    except StoreError as error:
        raise Refusal(error.code, ERRORS, None, **{**error.values, **({"key": key} if key else {})}) from None
