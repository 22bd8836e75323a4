"""The log that a command line is about: its address, and which of its entries."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from rulec.cli.command import Texts, option
from rulec.cli.refusals import ERRORS, Refusal
from rulec.source import Language

if TYPE_CHECKING:  # slow to import
    from rulec.log.store import DecisionLog

VARIABLE = "RULEC_LOG"
FACT: Texts = {"fr": "FAIT", "en": "FACT"}
_URL: Texts = {
    "fr": "Adresse du journal : sqlite:///decisions.db (par défaut, ou RULEC_LOG), postgresql://…",
    "en": "Address of the log: sqlite:///decisions.db (by default, or RULEC_LOG), postgresql://…",
}
_SINCE: Texts = {"fr": "À partir de ce jour (2026-03-01), compris.", "en": "From this day (2026-03-01), included."}
_UNTIL: Texts = {"fr": "Jusqu'à ce jour, compris.", "en": "Up to this day, included."}
_MASK: Texts = {
    "fr": "Cacher ce fait (client.nom), et ce qui le répète ; à répéter pour plusieurs.",
    "en": "Hide this fact (customer.name), and what repeats it; repeat for several.",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def log_option(language: Language) -> click.Option:
    """`--log URL`, as `log`."""
    return option("--log", _URL[language], metavar="URL")


def span_options(language: Language) -> list[click.Parameter]:
    """`--since` and `--until`."""
    return [option("--since", _SINCE[language], metavar="DATE"), option("--until", _UNTIL[language], metavar="DATE")]


def mask_option(language: Language) -> click.Option:
    """`--mask FACT`, as `mask`."""
    return option("--mask", _MASK[language], multiple=True, metavar=FACT[language])


def span_of(since: str | None, until: str | None) -> tuple[str, str]:
    """Both days as the times from which, and before which, entries are meant; "" where none is given."""
    return _time(since, "--since", 0), _time(until, "--until", 1)


@contextmanager
def opened(url: str | None, language: Language, environment: Mapping[str, str] = os.environ) -> "Iterator[DecisionLog]":
    """The log that exists at an address. Refuses what cannot be used; what goes wrong inside is refused too."""
    try:
        from rulec.log.errors import LogError
        from rulec.log.store import DecisionLog
        from rulec.log.tables import DEFAULT_URL
    except ModuleNotFoundError as error:
        raise Refusal("E972", detail=str(error.name), extra="log") from None
    try:
        log = DecisionLog(url or environment.get(VARIABLE) or DEFAULT_URL, create=False)
        try:
            yield log
        finally:
            log.close()
    except LogError as error:
        raise Refusal(error.code, ERRORS, None, **error.values) from None


def _time(day: str | None, name: str, later: int) -> str:
    """The start of a day, or of the next, UTC."""
    if day is None:
        return ""
    try:
        read = date.fromisoformat(day) if _DAY.fullmatch(day) else None
        start = datetime(read.year, read.month, read.day, tzinfo=UTC) + timedelta(days=later) if read else None
    except (OverflowError, ValueError):
        start = None
    if start is None:
        raise Refusal("E913", detail=day, option=name, expected="2026-03-01")
    return start.isoformat(timespec="microseconds")
