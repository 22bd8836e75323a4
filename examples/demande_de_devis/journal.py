"""How far each mail has come, on the disk: what was begun is gone on with, whatever stopped it.

read → waiting → (approved) sending → sent
read → sending → sent          read → done
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

READ, WAITING, SENDING, SENT, DONE = "read", "waiting", "sending", "sent", "done"


class Journal:
    """The states of mails by identity, in a file of SQLite; each change is on the disk when it returns."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        try:
            self._base.execute("PRAGMA synchronous = FULL")
            self._base.execute(
                "CREATE TABLE IF NOT EXISTS mails (id TEXT PRIMARY KEY, state TEXT NOT NULL, told TEXT NOT NULL)"
            )
        except sqlite3.Error as error:
            self._base.close()
            raise type(error)(f"{path}: {error}") from None

    def state(self, id: str) -> tuple[str, dict[str, Any]]:
        """How far a mail is ("" not begun), and what was noted of it."""
        row = self._base.execute("SELECT state, told FROM mails WHERE id = ?", (id,)).fetchone()
        return (row[0], json.loads(row[1])) if row else ("", {})

    def put(self, id: str, state: str, **told: object) -> None:
        """A mail is so far now; what is noted is added to what was."""
        noted = {**self.state(id)[1], **told}
        self._base.execute("INSERT OR REPLACE INTO mails VALUES (?, ?, ?)", (id, state, json.dumps(noted)))

    def all(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every mail: identity, state, what was noted."""
        for id_, state, told in self._base.execute("SELECT id, state, told FROM mails ORDER BY rowid"):
            yield id_, state, json.loads(told)

    def close(self) -> None:
        """Close the file."""
        self._base.close()
