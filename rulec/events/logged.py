"""What waits in a store of events to be told in, entries of the decision log out, each once: a firing is a decision."""

from collections.abc import Sequence
from typing import Any

from rulec.log.entry import DECISION, Entry
from rulec.log.store import DecisionLog

Json = Any


def write_to_log(log: DecisionLog, waiting: Sequence[tuple[int, Json, Json]]) -> None:
    """Write to the log what is not there yet. Raises `LogError`, E957 where another process writes it meanwhile."""
    entries = [(f"{body['id']}-{number}", content) for number, body, content in waiting if content]
    log.append_many([Entry(DECISION, content, id) for id, content in entries if log.get(id) is None])
