"""A file of facts in, a file of decisions out: in parts, on all cores, resumed where it was interrupted."""

import json
import multiprocessing
import os
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path as FilePath

from rulec import __version__
from rulec.batch import parts
from rulec.batch.columns import facts_of, is_measured, unread
from rulec.batch.packed import bare, pack
from rulec.batch.parts import Part, Task, begin, do_part, join, known
from rulec.batch.readers import data_of, jobs_of
from rulec.batch.results import Results
from rulec.batch.rows import Piece, Rows
from rulec.moment import Moment
from rulec.ruleset import RuleSet

Progress = Callable[[int], None]  # of rows done
Engine = Callable[[Task], Iterator[tuple[int, Part]]]  # does all parts, and tells what came of each by its number


@dataclass(frozen=True)
class Scored:
    """What came of it: rows by status, the file of the rejected ones (None: none), the columns that are no facts, the
    facts to be given that no column is."""

    counts: Counter[str]
    rejected: FilePath | None
    unread: tuple[str, ...]
    absent: tuple[str, ...]


def score(
    rules: RuleSet, data: FilePath, out: FilePath, at: Moment, progress: Callable[[int], Progress],
    engine: Engine | None = None,
) -> Scored:  # fmt: skip
    """Decide on each row of `data` and write `out`. `progress`: called with the number of rows, then as they are done.

    `engine`: None for the cores of this machine. Raises UnreadableDataError, FactsError for columns that do not fit,
    OSError.
    """
    given = data_of(data.absolute(), rules.language)
    facts = facts_of(rules, given.schema, Results(rules.plan).schema.names)
    texts = frozenset(place for place in given.numbers if place in facts and not is_measured(facts[place]))
    folder = _folder(rules, data, out.absolute(), at, engine)
    task = Task(bare(rules), facts, at, given, given.json | texts, out.suffix, folder)
    done = progress(given.count)
    told, counts = dict[int, Part](), Counter[str]()
    for number, part in (engine or on_all_cores)(task):
        told[number] = part
        counts.update(part["counts"])
        done(sum(part["counts"].values()))
    rejected = join(task, [told[number] for number in sorted(told)], out)
    given_paths = {slot.path for slot in facts.values()}
    asked = [slot.path for slot in rules.plan.facts if not slot.optional and slot.default is None]
    absent = tuple(path for path in asked if not any(_covers(each, path) for each in given_paths))
    return Scored(counts, rejected, tuple(unread(facts, given.schema)), absent)


def _covers(known: str, path: str) -> bool:
    return path == known or path.startswith(f"{known}.")


def _folder(rules: RuleSet, data: FilePath, out: FilePath, at: Moment, engine: Engine | None) -> FilePath:
    """Where the parts are; empty unless the same work was begun before."""
    folder, state = out.with_name(f"{out.name}.parts"), data.stat()
    facts = [str(data.resolve()), state.st_size, state.st_mtime_ns, parts.PART]
    work = [__version__, rules.plan.digest, at.isoformat(), *facts, engine is None]
    sign = folder / "work.json"
    if not sign.exists() or json.loads(sign.read_text(encoding="utf-8")) != work:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        sign.write_text(json.dumps(work), encoding="utf-8")
    return folder


def on_all_cores(task: Task) -> Iterator[tuple[int, Part]]:
    """The parts done by the processes of this machine."""
    jobs = enumerate(jobs_of(task.data, parts.PART))
    workers = max(1, min(os.cpu_count() or 1, -(-task.data.count // parts.PART)))
    if workers == 1:
        begin(pack(task))
        yield from ((number, known(task, number) or do_part(number, job)) for number, job in jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, begin, (pack(task),)) as pool:
        yield from enumerate(_in_order(task, pool, jobs, 2 * workers))


def _in_order(task: Task, pool: Executor, jobs: Iterator[tuple[int, Piece | Rows]], most: int) -> Iterator[Part]:
    waiting = deque[Part | Future[Part]]()
    for number, job in jobs:
        waiting.append(known(task, number) or pool.submit(do_part, number, job))
        if len(waiting) > most:
            yield _result(waiting.popleft())
    while waiting:
        yield _result(waiting.popleft())


def _result(part: Part | Future[Part]) -> Part:
    return part.result() if isinstance(part, Future) else part
