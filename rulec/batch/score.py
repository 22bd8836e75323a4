"""A file of facts in, a file of decisions out: in parts, on all cores, resumed where it was interrupted.

Each part is decided and written by one process. What is done stays beside the output until all is; then the parts are
joined and take its place in one step. Rows that cannot be read are set aside in a file of their own.
"""

import json
import multiprocessing
import os
import pickle
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path as FilePath
from typing import Any

import pyarrow as pa

from rulec import __version__
from rulec.batch.columns import Facts, Path, facts_of, is_measured, unread
from rulec.batch.kernel import Kernel
from rulec.batch.readers import Data, Rows, data_of
from rulec.batch.results import REJECTED, Results
from rulec.batch.tables import decided_batch
from rulec.batch.writers import join_parts, write_part
from rulec.moment import Moment
from rulec.ruleset import RuleSet
from rulec.runtime.plain import Plain, ready
from rulec.semantics.model import Vocabulary

PART = 1 << 16  # rows
Progress = Callable[[int], None]  # of rows done


@dataclass(frozen=True)
class Scored:
    """What came of it: rows by status, the file of the rejected ones (None: none), the columns that are no facts, the
    facts to be given that no column is."""

    counts: Counter[str]
    rejected: FilePath | None
    unread: tuple[str, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """What each process needs to know."""

    rules: RuleSet
    facts: Facts
    at: Moment
    json: frozenset[Path]
    kind: str
    folder: FilePath


def score(rules: RuleSet, data: FilePath, out: FilePath, at: Moment, progress: Callable[[int], Progress]) -> Scored:
    """Decide on each row of `data` and write `out`. `progress`: called with the number of rows, then as they are done.

    Raises UnreadableDataError, FactsError for columns that do not fit, OSError.
    """
    given = data_of(data, rules.language)
    facts = facts_of(rules, given.schema, Results(rules.plan).schema.names)
    texts = frozenset(place for place in given.numbers if place in facts and not is_measured(facts[place]))
    folder = _folder(rules, data, out, at)
    bare = RuleSet(rules.plan, rules.language, Vocabulary())  # what deciding needs
    task = Task(bare, facts, at, given.json | texts, out.suffix, folder)
    done = progress(given.count)
    parts = [_told(done, part) for part in _each_part(task, given)]
    counts = sum((Counter(part["counts"]) for part in parts), Counter[str]())
    rejected = _join(folder, len(parts), out)
    known = {slot.path for slot in facts.values()}
    asked = [slot.path for slot in rules.plan.facts if not slot.optional and slot.default is None]
    absent = tuple(path for path in asked if not any(_covers(each, path) for each in known))
    return Scored(counts, rejected, tuple(unread(facts, given.schema)), absent)


def _covers(known: str, path: str) -> bool:
    return path == known or path.startswith(f"{known}.")


def _told(done: Progress, part: dict[str, Any]) -> dict[str, Any]:
    done(sum(part["counts"].values()))
    return part


def _folder(rules: RuleSet, data: FilePath, out: FilePath, at: Moment) -> FilePath:
    """Where the parts are; empty unless the same work was begun before."""
    folder, state = out.with_name(f"{out.name}.parts"), data.stat()
    work = [__version__, rules.plan.digest, at.isoformat(), str(data.resolve()), state.st_size, state.st_mtime_ns, PART]
    sign = folder / "work.json"
    if not sign.exists() or json.loads(sign.read_text(encoding="utf-8")) != work:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        sign.write_text(json.dumps(work), encoding="utf-8")
    return folder


def _each_part(task: Task, data: Data) -> Iterator[dict[str, Any]]:
    """What came of each part, in their order."""
    rows = enumerate(data.rows(PART))
    workers = max(1, min(os.cpu_count() or 1, -(-data.count // PART)))
    if workers == 1:
        _begin(pickle.dumps(task))
        yield from (_known(task, number) or _part(number, each) for number, each in rows)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _begin, (pickle.dumps(task),)) as pool:
        yield from _in_order(task, pool, rows, 2 * workers)


def _in_order(task: Task, pool: Executor, rows: Iterator[tuple[int, Rows]], most: int) -> Iterator[dict[str, Any]]:
    waiting = deque[dict[str, Any] | Future[dict[str, Any]]]()
    for number, each in rows:
        waiting.append(_known(task, number) or pool.submit(_part, number, each))
        if len(waiting) > most:
            yield _result(waiting.popleft())
    while waiting:
        yield _result(waiting.popleft())


def _result(part: dict[str, Any] | Future[dict[str, Any]]) -> dict[str, Any]:
    return part.result() if isinstance(part, Future) else part


def _known(task: Task, number: int) -> dict[str, Any] | None:
    """What came of a part that was done before."""
    told = _path(task.folder, number, ".json")
    return json.loads(told.read_text(encoding="utf-8")) if told.exists() else None


def _path(folder: FilePath, number: int, suffix: str) -> FilePath:
    return folder / f"{number:08}{suffix}"


class _Reader(pickle.Unpickler):
    """Reads kinds whose fields are made when they are first used."""

    def find_class(self, module: str, name: str) -> Any:
        """The class or function of that name."""
        found = super().find_class(module, name)
        return ready(found) if isinstance(found, type) and issubclass(found, Plain) and found is not Plain else found


_here: dict[str, Any] = {}  # of this process: the task and its kernel


def _begin(data: bytes) -> None:
    task: Task = _Reader(BytesIO(data)).load()
    _here["task"], _here["kernel"] = task, Kernel(task.rules, task.facts, task.at, task.json)


def _part(number: int, rows: Rows) -> dict[str, Any]:
    """Decide on a part and write it; last, and in one step, that it is done."""
    task: Task = _here["task"]
    batch, rejected = decided_batch(_here["kernel"], rows.batch)
    counts = Counter(batch.column("status").to_pylist())
    refused = _refused(rows, rejected)
    counts[REJECTED] += len(rows.unread)
    kept = batch.filter([row not in rejected for row in range(len(batch))]) if rejected else batch
    texts = [text for row, text in enumerate(rows.texts) if row not in rejected]
    new = len(batch.columns) - len(rows.batch.columns)
    write_part(_path(task.folder, number, task.kind), kept, task.kind, texts, new)
    lines = "".join(f"{json.dumps(each, ensure_ascii=False, default=str)}\n" for each in refused)
    _path(task.folder, number, ".rejected").write_text(lines, encoding="utf-8")
    told, done = {"counts": +counts}, _path(task.folder, number, ".json")
    done.with_suffix(".new").write_text(json.dumps(told), encoding="utf-8")
    done.with_suffix(".new").replace(done)
    return told


def _refused(rows: Rows, rejected: Mapping[int, Sequence[str]]) -> list[dict[str, Any]]:
    """The rows set aside, in their order: the number of each in the file, what is wrong, what stands there."""
    facts = rows.batch.take(pa.array(list(rejected), pa.int64())).to_pylist()
    found: list[dict[str, Any]] = [
        {"row": rows.numbers[row], "problems": problems, "facts": json.loads(rows.texts[row]) if rows.texts else given}
        for (row, problems), given in zip(rejected.items(), facts, strict=True)
    ]
    found += [{"row": each.number, "problems": [each.problem], "text": each.text} for each in rows.unread]
    return sorted(found, key=lambda each: each["row"])


def _join(folder: FilePath, count: int, out: FilePath) -> FilePath | None:
    """All parts as one file in place of `out`; the rejected rows beside it."""
    whole, aside = folder / f"whole{out.suffix}", out.with_name(f"{out.stem}.rejected.jsonl")
    join_parts([_path(folder, number, out.suffix) for number in range(count)], whole, out.suffix)
    refused = [_path(folder, number, ".rejected") for number in range(count)]
    if any(each.stat().st_size for each in refused):
        join_parts(refused, folder / "rejected", ".jsonl")
        (folder / "rejected").replace(aside)
    else:
        aside.unlink(missing_ok=True)
    whole.replace(out)
    shutil.rmtree(folder)
    return aside if aside.exists() else None
