"""Entries in, written for other tools out: JSON Lines as Open Policy Agent logs decisions, or Parquet."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from rulec import __version__
from rulec.log.entry import DECISION, Entry, Json

_AT_A_TIME = 5000  # rows of a group
_MEMBERS = {"facts": "input", "decision": "result"}  # here and there
_TEXTS = ("id", "time", "kind", "about", "name", "rules", "at", "status", "level", "by")


def as_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Each entry as an event of a decision log (https://www.openpolicyagent.org/docs/management-decision-logs).

    What Open Policy Agent has no name for stands under `custom`.
    """
    return (json.dumps(_event(entry), ensure_ascii=False) for entry in entries)


def write_parquet(entries: Iterable[Entry], stream: BinaryIO) -> int:
    """A row for each entry, facts and decision as JSON texts; how many. Raises ImportError without pyarrow."""
    import pyarrow as pa
    from pyarrow import parquet

    texts = [(name, pa.string()) for name in (*_TEXTS, "facts", "decision", "content", "erased", "before", "hash")]
    schema = pa.schema([("number", pa.int64()), *texts])
    count, waiting = 0, iter(entries)
    with parquet.ParquetWriter(stream, schema) as writer:
        while rows := [_row(entry) for entry in islice(waiting, _AT_A_TIME)]:
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _event(entry: Entry) -> dict[str, Json]:
    """What Open Policy Agent says of a decision."""
    rest = {key: value for key, value in entry.content.items() if key not in (*_MEMBERS, "name")}
    told = {there: entry.content[here] for here, there in _MEMBERS.items() if here in entry.content}
    erased = {"erased": [_there(path) for path in entry.erased]} if entry.erased else {}
    chain = {"number": entry.number, "before": entry.before, "hash": entry.hash}
    return {
        "labels": {"app": "rulec", "version": __version__},
        "decision_id": entry.id if entry.kind == DECISION else entry.about,
        **({"bundles": {entry.name or "rules": {"revision": entry.rules}}} if entry.rules else {}),
        "path": entry.name,
        **told, **erased,
        "timestamp": entry.time,
        "custom": {"kind": entry.kind, "id": entry.id, **rest, **chain},
    }  # fmt: skip


def _there(path: str) -> str:
    """A path in the content of an entry, as a path in its event."""
    _, member, *steps = path.split("/")
    return "/".join(["", _MEMBERS[member], *steps] if member in _MEMBERS else ["", "custom", member, *steps])


def _row(entry: Entry) -> dict[str, Json]:
    rest = {key: value for key, value in entry.content.items() if key not in (*_MEMBERS, "name", "about", "by")}
    told = {
        "facts": entry.facts, "decision": entry.decision, "content": rest, "erased": list(entry.erased),
    }  # fmt: skip
    texts = {name: str(getattr(entry, name)) for name in _TEXTS if name not in ("at", "level")}
    return {
        "number": entry.number, **texts,
        "at": entry.decision.get("at"), "level": entry.supervision.get("level"),
        **{name: json.dumps(value, ensure_ascii=False) for name, value in told.items()},
        "before": entry.before, "hash": entry.hash,
    }  # fmt: skip
