"""What is to be done with a part of a file in, a file of decisions out; at the end all of them joined.

A part is decided and written by one process, on this machine or another one. What is done stays beside the output until
all is; then the parts take its place in one step. Rows that cannot be read are set aside in a file of their own.
"""

import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import pyarrow as pa

from rulec.batch.columns import Facts, Path
from rulec.batch.kernel import Kernel
from rulec.batch.packed import unpack
from rulec.batch.readers import rows_of
from rulec.batch.results import REJECTED
from rulec.batch.rows import Data, Piece, Rows
from rulec.batch.tables import decided_batch
from rulec.batch.writers import join_parts, write_part
from rulec.moment import Moment
from rulec.ruleset import RuleSet

PART = 1 << 16  # rows
Part = dict[str, Any]  # what came of one: `counts` by status, `rows` in the file, `files` written


@dataclass(frozen=True)
class Task:
    """What each process needs to know. `json`: the places that hold JSON texts; `kind`: of the output, ".csv" …"""

    rules: RuleSet
    facts: Facts
    at: Moment
    data: Data
    json: frozenset[Path]
    kind: str
    folder: FilePath


_here: dict[str, Any] = {}  # of this process: the task and its kernel


def begin(data: bytes) -> None:
    """Get ready for a task, packed, unless this process is."""
    if _here.get("data") != data:
        task: Task = unpack(data)
        _here.update(data=data, task=task, kernel=Kernel(task.rules, task.facts, task.at, task.json))


def known(task: Task, number: int) -> Part | None:
    """What came of a part that was done before."""
    told = _path(task, number, ".json")
    return json.loads(told.read_text(encoding="utf-8")) if told.exists() else None


def do_part(number: int, job: Piece | Rows) -> Part:
    """Decide on a part and write it; last, and in one step, that it is done. Raises UnreadableDataError, OSError."""
    task: Task = _here["task"]
    counts, rows, files, aside = Counter[str](), 0, 0, list[str]()
    for each in [job] if isinstance(job, Rows) else rows_of(task.data, job, PART):
        refused = _write(task, _path(task, number, f".{files}{task.kind}"), each, counts)
        aside += [json.dumps(one, ensure_ascii=False, default=str) + "\n" for one in refused]
        rows = max([rows, *each.numbers[-1:], *(one.number for one in each.unread)])
        files += 1
    _path(task, number, ".rejected").write_text("".join(aside), encoding="utf-8")
    told, done = {"counts": +counts, "rows": rows, "files": files}, _path(task, number, ".json")
    done.with_suffix(".new").write_text(json.dumps(told), encoding="utf-8")
    done.with_suffix(".new").replace(done)
    return told


def _path(task: Task, number: int, suffix: str) -> FilePath:
    return task.folder / f"{number:08}{suffix}"


def _write(task: Task, path: FilePath, rows: Rows, counts: Counter[str]) -> list[dict[str, Any]]:
    """Write the decisions on some rows and count them by status; the rows set aside."""
    batch, rejected = decided_batch(_here["kernel"], rows.batch)
    counts.update({each["values"]: each["counts"] for each in batch.column("status").value_counts().to_pylist()})
    counts[REJECTED] += len(rows.unread)
    kept = batch.take(pa.array(np.delete(np.arange(len(batch)), list(rejected)))) if rejected else batch
    texts = [text for row, text in enumerate(rows.texts) if row not in rejected]
    write_part(path, kept, task.kind, texts, len(batch.columns) - len(rows.batch.columns))
    return _refused(rows, rejected)


def _refused(rows: Rows, rejected: Mapping[int, Sequence[str]]) -> list[dict[str, Any]]:
    """The rows set aside, in their order: the number of each in the part, what is wrong, what stands there."""
    facts = rows.batch.take(pa.array(list(rejected), pa.int64())).to_pylist()
    found: list[dict[str, Any]] = [
        {"row": rows.numbers[row], "problems": problems, "facts": json.loads(rows.texts[row]) if rows.texts else given}
        for (row, problems), given in zip(rejected.items(), facts, strict=True)
    ]
    found += [{"row": each.number, "problems": [each.problem], "text": each.text} for each in rows.unread]
    return sorted(found, key=lambda each: each["row"])


def aside_of(out: FilePath) -> FilePath:
    """Where rows set aside are written."""
    return out.with_name(f"{out.stem}.rejected.jsonl")


def join(task: Task, parts: Sequence[Part], out: FilePath) -> FilePath | None:
    """All parts, in their order, as one file in place of `out`; the rejected rows beside it, None if there are none."""
    whole, aside = task.folder / f"whole{out.suffix}", aside_of(out)
    files = [_path(task, at, f".{file}{task.kind}") for at, part in enumerate(parts) for file in range(part["files"])]
    join_parts(files, whole, out.suffix)
    if any(_path(task, at, ".rejected").stat().st_size for at in range(len(parts))):
        _join_rejected(task, parts)
        (task.folder / "rejected").replace(aside)
    else:
        aside.unlink(missing_ok=True)
    whole.replace(out)
    shutil.rmtree(task.folder)
    return aside if aside.exists() else None


def _join_rejected(task: Task, parts: Sequence[Part]) -> None:
    """The rejected rows of all parts, with their numbers in the whole file."""
    before = 0
    with (task.folder / "rejected").open("w", encoding="utf-8") as joined:
        for at, part in enumerate(parts):
            with _path(task, at, ".rejected").open(encoding="utf-8", newline="\n") as stream:
                for line in stream:
                    told = json.loads(line)
                    told["row"] += before
                    joined.write(json.dumps(told, ensure_ascii=False) + "\n")
            before += part["rows"]
