"""`rulec events run`: events in, kept; what fires out, each firing once."""

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from rulec.cli.command import Command, OneOf, Texts, format_option, option, paths_argument
from rulec.cli.engines import ENGINE, MASTER
from rulec.cli.event_options import in_option, moment_of, opened_store, store_option, until_option, waiting_rules
from rulec.cli.event_told import Telling
from rulec.cli.given import BOM, opened
from rulec.cli.output import complain, say
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.cli.rules import STDIN
from rulec.cli.tongue import Tongue
from rulec.diagnostics.screen import harmless
from rulec.events.machine import Matcher, plain_match
from rulec.events.times import micros
from rulec.plan.tree import Plan
from rulec.source import Language

if TYPE_CHECKING:  # slow to import
    from rulec.events.store import EventStore
    from rulec.events.taking import Place, Taking
    from rulec.log.store import DecisionLog

HELP: Texts = {
    "fr": r"""
Prend des événements, les garde, et dit ce que les règles déclenchent, chaque chose une fois.

  rulec events run regles/ --in evenements.jsonl
  rulec events run regles/ --in evenements.jsonl --until 2026-03-31
  rulec events run regles/ --in - --follow --format json > declenchements.jsonl

L'horloge est le dernier moment vu, ou celui de --until ; avec --follow, celle de la machine.
Interrompue, la commande reprend où elle en était. Ce qui ne peut pas être pris (mal écrit,
inconnu, trop tard) est gardé à part, avec la raison. Une répétition est ignorée.

  rulec events run regles/ --engine spark --in arrivees/ -o sortie/ \
    --master spark://hote:7077

Un cluster Spark prend les fichiers d'un dossier que voient toutes ses machines, et écrit ce
qui se déclenche dans sortie/fired-*.jsonl, ce qui est mis de côté dans sortie/aside-*.jsonl,
chaque chose une fois. Il faut pip install 'rulec[spark]' et Java.

Code de sortie : 0 tout est pris, 1 quelque chose est mis de côté, 2 commande mal employée.
""",
    "en": r"""
Takes events, keeps them, and tells what the rules fire, each thing once.

  rulec events run rules/ --in events.jsonl
  rulec events run rules/ --in events.jsonl --until 2026-03-31
  rulec events run rules/ --in - --follow --format json > firings.jsonl

The clock is the latest moment seen, or that of --until; with --follow, that of the machine.
Interrupted, the command goes on where it was. What cannot be taken (badly written, unknown,
too late) is kept aside, with the reason. A repeat is ignored.

  rulec events run rules/ --engine spark --in arrivals/ -o output/ \
    --master spark://host:7077

A Spark cluster takes the files of a folder that all its machines see, and writes what fires
to output/fired-*.jsonl, what is set aside to output/aside-*.jsonl, each thing once. It needs
pip install 'rulec[spark]' and Java.

Exit status: 0 all is taken, 1 something is set aside, 2 for wrong use of the command.
""",
}
_FOLLOW: Texts = {
    "fr": "Attendre la suite du fichier, en direct, jusqu'à Ctrl-C.",
    "en": "Wait for more of the file, live, until Ctrl-C.",
}
_LOG: Texts = {
    "fr": "Écrire aussi chaque décision au journal de cette adresse : sqlite:///decisions.db …",
    "en": "Also write each decision to the log at this address: sqlite:///decisions.db …",
}
_MATCHER: Texts = {
    "fr": "Ce qui compare les nombres comptés : plain (par défaut), ou durable (durable_rules).",
    "en": "What compares the numbers counted: plain (by default), or durable (durable_rules).",
}
_OUTPUT: Texts = {"fr": "Le dossier où Spark écrit.", "en": "The folder that Spark writes to."}
_CHECKPOINT: Texts = {
    "fr": "Le dossier où Spark garde où il en est ; dans celui de -o par défaut.",
    "en": "The folder where Spark keeps how far it is; in that of -o by default.",
}
_FOLDER: Texts = {"fr": "DOSSIER", "en": "FOLDER"}
_SUMMARY: Texts = {
    "fr": "Événements pris : {taken} ; répétitions ignorées : {repeats} ; mis de côté : {aside}.",
    "en": "Events taken: {taken}; repeats ignored: {repeats}; set aside: {aside}.",
}
ASIDE: Texts = {
    "fr": "Mis de côté ({code}) : {message} {record}",
    "en": "Set aside ({code}): {message} {record}",
}
BATCH = 1_000  # lines of a transaction
_SHOWN, _PAUSE = 200, 0.2  # characters of a record; seconds between two looks


def command(tongue: Tongue) -> Command:
    """The verb, in the language of the command line."""
    own, folder = tongue.own, click.Path(path_type=Path)
    params: list[click.Parameter] = [
        paths_argument(own),
        in_option(own),
        store_option(own),
        until_option(own),
        option("--follow", _FOLLOW[own], is_flag=True),
        option("--log", _LOG[own], metavar="URL"),
        option("--matcher", _MATCHER[own], type=OneOf(("plain", "durable")), default="plain"),
        option("--engine", ENGINE[own], type=OneOf(("local", "spark")), default="local"),
        option("--master", MASTER[own], metavar="URL"),
        click.Option(["-o", "--output"], type=folder, metavar=_FOLDER[own], help=_OUTPUT[own]),
        click.Option(["--checkpoint"], type=folder, metavar=_FOLDER[own], help=_CHECKPOINT[own]),
        format_option(own),
    ]
    return Command("run", own, HELP[own], partial(run, tongue), params)


def run(
    tongue: Tongue, paths: Sequence[Path], given: Path, store: str | None, until: str | None, follow: bool,
    log: str | None, matcher: str, engine: str, master: str | None, output: Path | None, checkpoint: Path | None,
    form: str,
) -> int:  # fmt: skip
    """Take what is given; the exit status."""
    if given == STDIN and (STDIN in paths or engine == "spark"):
        raise Refusal("E914", detail="--in -")
    if follow and until is not None:
        raise Refusal("E914", detail="--follow --until")
    here = {"--store": store, "--log": log, "--matcher": None if matcher == "plain" else matcher}
    clusters = {"--master": master, "--output": output, "--checkpoint": checkpoint}
    _refuse(engine, here if engine == "spark" else clusters)
    rules, plan, language = waiting_rules(paths, tongue)
    end = moment_of(until, plan, language)
    if engine == "spark":
        if output is None:
            raise Refusal("E912", language=language, detail="--output")
        from rulec.cli.event_spark import run_on_spark

        return run_on_spark(
            rules, plan, language, given, output, checkpoint, master or "local[*]", end, follow
        )  # fmt: skip
    with opened_store(store) as held, _logged(log) as kept, opened(given) as stream:
        from rulec.events.taking import Taking

        telling = Telling(plan, rules.sources, logs=log is not None)
        running = Running(held, Taking(held, plan, telling, _matcher(matcher, plan)), kept, form == "json", language)
        running.deliver()
        try:
            for lines, place in batches(stream, given, held, follow):
                if lines:
                    running.taking.take(lines, place, now() if follow else None)
                if follow:
                    running.taking.live(now())
                running.deliver()
            if end is not None:
                running.taking.advance(end)
                running.deliver()
        finally:
            counts = running.taking.counts
            said = {"taken": str(counts.taken), "repeats": str(counts.repeats), "aside": str(counts.aside)}
            complain(_SUMMARY[language].format(**said))
    return ERRORS if counts.aside else FINE


def _refuse(engine: str, options: Mapping[str, object]) -> None:
    """Refuse options that are of another engine."""
    for name, value in options.items():
        if value is not None:
            raise Refusal("E914", detail=f"--engine {engine} {name}")


@dataclass(frozen=True)
class Running:
    """What takes, and whom what is told goes to."""

    store: "EventStore"
    taking: "Taking"
    log: "DecisionLog | None"
    as_json: bool
    language: Language

    def deliver(self) -> None:
        """Tell what is not told yet: to the log, then on standard output."""
        while waiting := self.store.waiting(BATCH):
            if self.log is not None:
                from rulec.events.logged import write_to_log

                write_to_log(self.log, waiting)
            for _, body, _ in waiting:
                text = body.pop("text")[self.language]
                say(json.dumps({**body, "text": text}, ensure_ascii=False) if self.as_json else f"{harmful(text)}\n")
            sys.stdout.flush()
            self.store.delivered(waiting[-1][0])
        while found := self.store.untold(BATCH):
            for _, said in found:
                shown = {**said, "record": said["record"][:_SHOWN].strip()}
                complain(harmless(ASIDE[self.language].format(**shown)))
            self.store.told([id for id, _ in found])


def _matcher(name: str, plan: Plan) -> Matcher:
    """What tells which counts are reached."""
    if name == "plain":
        return plain_match
    try:
        from rulec.events.durable import Durable

        return Durable(plan)
    except ModuleNotFoundError as error:
        raise Refusal("E972", detail=str(error.name), extra="events") from None


def harmful(text: str) -> str:
    """Each line, with nothing in it that a terminal would obey."""
    return "\n".join(harmless(line) for line in text.splitlines())


def _logged(url: str | None) -> Any:
    """The decision log of that address, made where there is none."""
    if url is None:
        return nullcontext()
    from contextlib import closing

    from rulec.log.errors import LogError
    from rulec.log.store import DecisionLog

    try:
        return closing(DecisionLog(url))
    except LogError as error:
        raise Refusal(error.code, ERRORS, None, **error.values) from None


def now() -> int:
    """The clock of the wall."""
    return micros(datetime.now(UTC))


def batches(
    stream: BinaryIO, path: Path, store: "EventStore", follow: bool
) -> "Iterator[tuple[list[bytes], Place | None]]":
    """Lines, some at a time, with how far the file was read by then; what was taken before is not read again."""
    from rulec.events.taking import Place

    name, number, offset, last = str(path.resolve()) if path != STDIN else "", 0, 0, ""
    if name:
        offset, number, last = start_of(stream, store.position(name))
    lines = list[bytes]()
    for whole in _lines(stream, follow, waits=not name):
        if whole:
            offset, number, last = offset + len(whole), number + 1, sha256(whole).hexdigest()
            text = whole.removeprefix(BOM) if number == 1 else whole
            lines += [text] if text.strip() else []
        if len(lines) >= BATCH or not whole:
            yield lines, Place(name, offset, number, last) if name else None
            lines = []


def _lines(stream: BinaryIO, follow: bool, waits: bool) -> Iterator[bytes]:
    """Lines, b"" for a pause or the end. To follow, a line is whole once it ends. `waits`: no line is waited for."""
    if follow and waits:
        yield from _piped(stream)
        return
    left = b""
    while True:
        line = left + stream.readline()
        left = line if follow and not line.endswith(b"\n") else b""
        yield b"" if left else line
        if left == line and follow:
            time.sleep(_PAUSE)
        elif not line:
            return


def _piped(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of a pipe as they come, with pauses between them, until it is closed."""
    from queue import Empty, SimpleQueue
    from threading import Thread

    queue = SimpleQueue[bytes]()

    def read() -> None:
        while line := stream.readline():
            queue.put(line)
        queue.put(b"")

    Thread(target=read, daemon=True).start()
    while True:
        try:
            line = queue.get(timeout=_PAUSE)
        except Empty:
            yield b""
            continue
        yield line
        if not line:
            return


def start_of(stream: BinaryIO, known: tuple[int, int, str]) -> tuple[int, int, str]:
    """Where to go on in a file; at its start, where it is not the one of which so much was taken."""
    offset, last = known[0], known[2]
    if offset:
        start = max(0, offset - 1_000_000)
        stream.seek(start)
        before = stream.read(offset - start)
        line = before[before.rfind(b"\n", 0, len(before) - 1) + 1 :]
        if len(before) == offset - start and sha256(line).hexdigest() == last:
            return known
        stream.seek(0)
    return 0, 0, ""
