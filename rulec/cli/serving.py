"""What is given to `rulec serve` in, what it serves and how out; or a refusal."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rulec.cli.approving import declared_approvers
from rulec.cli.logged import VARIABLE
from rulec.cli.output import complain
from rulec.cli.refusals import ERRORS, Refusal, Stopped
from rulec.cli.rules import check_there
from rulec.diagnostics.screen import paragraph
from rulec.source import Language

if TYPE_CHECKING:  # slow to import, and only a service needs them
    from rulec.judgement.answers import Judge
    from rulec.service.events import Events
    from rulec.service.keeping import Keeper
    from rulec.service.limits import Keys, Limits
    from rulec.service.loading import Origin
    from rulec.service.watch import Watch

KEY = "RULEC_API_KEY"
NO_LOG = "none"
_LONGEST_NAME = 100  # of who answers, as the log keeps it
_PATIENCE = re.compile(r"([0-9]{1,5})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


@contextmanager
def installed(extra: str) -> Iterator[None]:
    """Where a library lacks, the command says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise Refusal("E972", detail=str(error.name), extra=extra) from None


def watch_over(paths: Sequence[str], asked: Language | None, language: Language) -> "Watch":
    """The sets of these paths, each under its name, and their files; rules that cannot be served are shown."""
    from rulec.service.loading import UnfitError
    from rulec.service.watch import opened

    try:
        return opened(_origins(paths, asked), language)
    except UnfitError as error:
        complain(paragraph(str(error)))
        raise Stopped(ERRORS) from None


def shadows_over(
    paths: Sequence[str], watch: "Watch", asked: Language | None, language: Language, log: str | None
) -> "Watch | None":
    """The new rules that decide beside those in force, under their names; None where there are none."""
    from rulec.service.loading import UnfitError
    from rulec.service.watch import opened

    if not paths:
        return None
    if log == NO_LOG:
        raise Refusal("E740")
    names = list(watch.sets.current)
    alone = f"{names[0]}=" if len(names) == 1 else ""
    origins = _origins([text if _is_named(text) else alone + text for text in paths], asked)
    for each in origins:
        if each.name not in names:
            raise Refusal("E741", name=each.name, path=str(each.path), known=", ".join(names))
    try:
        return opened(origins, language, shadow=True)
    except UnfitError as error:
        complain(paragraph(str(error)))
        raise Stopped(ERRORS) from None


def _is_named(text: str) -> bool:
    """Whether a name stands before the path."""
    name, equals, _ = text.partition("=")
    return bool(equals and _NAME.fullmatch(name)) and not Path(text).exists()


def _origins(paths: Sequence[str], language: Language | None) -> "list[Origin]":
    """Each path under its name: the one before `=`, or that of the file or folder."""
    from rulec.service.loading import Origin
    from rulec.service.sets import name_of

    found: dict[str, Origin] = {}
    for text in paths:
        name, _, path = text.partition("=") if _is_named(text) else (name_of(Path(text)), "", text)
        check_there(Path(path))
        if name in found:
            raise Refusal("E977", name=name, path=f"{found[name].path}, {path}")
        found[name] = Origin(name, Path(path), language)
    return list(found.values())


def judge_for(watch: "Watch") -> "Judge | None":
    """What judges for these rules; where no model is configured, all is in doubt."""
    if not any(each.rules.plan.judgements for each in watch.sets.current.values()):
        return None
    from rulec.cli.judging import configured
    from rulec.judgement.answers import NoJudge

    return configured() or NoJudge()


def keeper_of(
    url: str | None, patience: str | None = None, environment: Mapping[str, str] = os.environ
) -> "Keeper | None":
    """What writes decisions to the log at that URL, or the one of the environment; None where none is wanted.

    `patience`: how long what is proposed waits for a person, « 2d ».
    """
    waiting = patience_of(patience)
    if url == NO_LOG:
        return None
    with installed("log"):
        from rulec.log.errors import LogError
        from rulec.log.store import DecisionLog
        from rulec.log.tables import DEFAULT_URL
        from rulec.service.keeping import Keeper
    approvers = declared_approvers()
    try:
        return Keeper(DecisionLog(url or environment.get(VARIABLE) or DEFAULT_URL), waiting, approvers)
    except LogError as error:
        raise Refusal(error.code, ERRORS, None, **error.values) from None


def events_of(url: str | None, watch: "Watch", keeper: "Keeper | None") -> "Events | None":
    """What takes events into the store at that URL, and their firings into the log; None where none is given."""
    if url is None:
        return None
    with installed("log"):
        from rulec.cli.event_told import Telling
        from rulec.events.errors import StoreError
        from rulec.events.store import EventStore
        from rulec.service.events import Events
    try:
        log = keeper.log if keeper else None
        return Events(
            EventStore(url), watch.sets, lambda rules: Telling(rules.plan, rules.sources, log is not None), log
        )
    except StoreError as error:
        raise Refusal(error.code, ERRORS, None, **error.values) from None


def patience_of(said: str | None) -> timedelta | None:
    """« 30m », « 4h », « 2d »: how long."""
    if said is None:
        return None
    found = _PATIENCE.fullmatch(said.strip())
    if found is None or not int(found[1]) > 0:
        raise Refusal("E913", detail=said, option="--approval-timeout", expected="30m, 4h, 2d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def limits_in(told: Sequence[str]) -> "Limits":
    """The limits of `--limit`."""
    from rulec.service.limits import Limits

    found: dict[str, int] = {}
    for text in told:
        name, _, number = text.partition("=")
        if name not in Limits.names() or not (number.isascii() and number.isdecimal()) or not 0 < int(number) < 10**10:
            raise Refusal("E978", detail=text, expected=", ".join(Limits.names()))
        found[name] = int(number)
    return Limits(**found)


def keys_in(path: Path | None, environment: Mapping[str, str] = os.environ) -> "Keys":
    """The keys of the file, or the one of the environment."""
    from rulec.service.limits import SHORTEST_KEY, Keys, named

    if path is None and KEY not in environment:
        return Keys([])
    try:
        text = path.read_text(encoding="utf-8") if path is not None else environment[KEY]
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("E902", path=str(path), detail=getattr(error, "strerror", None) or "UTF-8") from None
    told, where = [line.strip() for line in text.splitlines() if line.strip()], KEY if path is None else str(path)
    found = [named(line) for line in told]
    wrong = (len(key) < SHORTEST_KEY or len(key.split()) > 1 or len(name) > _LONGEST_NAME for name, key in found)
    if not told or any(wrong):
        raise Refusal("E976", path=where)
    for key in {key for _, key in found}:
        names = sorted({name for name, each in found if each == key})
        if len(names) > 1:
            raise Refusal("E939", path=where, names=", ".join(name or "—" for name in names))
    return Keys(told)
