"""Requests of an author in, what a model answers out: kept from before, or asked within the budget and written down."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from pydantic import BaseModel, ValidationError

from rulec.judgement.client import Client, Request, Told
from rulec.judgement.loop import run
from rulec.judgement.settings import Settings, settings_in
from rulec.judgement.spending import is_spent
from rulec.judgement.store import Store

KEYS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")


@dataclass
class Asker:
    """Asks a model for its author. Raises sqlite3.Error where what it answers cannot be written down.

    `open`: whether there is a key to ask with; without one, only what was answered before is found.
    `spent`: US dollars, since it was made; `calls`: how many.
    """

    settings: Settings
    store: Store
    client: Client
    open: bool = True
    spent: float = field(default=0.0, init=False)
    calls: int = field(default=0, init=False)

    def ask(self, request: Request) -> Told:
        """What comes of a request; an answer of before costs nothing."""
        key = self._key(request)
        if (kept := _read(request, self.store.find_asked(key))) is not None:
            return Told(kept)
        if not self.open:
            return Told(reason="key")
        if is_spent(self.settings, self.store, self.spent):
            return Told(reason="budget")
        told = run(self.client.ask(request))
        self.calls, self.spent = self.calls + 1, self.spent + told.cost
        self.store.keep_asked(key, request.message, self.settings.model, told)
        return told

    def close(self) -> None:
        """Close the connections and the file of answers."""
        run(self.client.close())
        self.store.close()

    def _key(self, request: Request) -> str:
        shape = request.shape.model_json_schema()
        whole = json.dumps([self.settings.model, request.system, request.message, shape], ensure_ascii=False)
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def _read(request: Request, kept: str | None) -> BaseModel | None:
    """An answer that was kept, as it was given."""
    try:
        return request.shape.model_validate_json(kept) if kept is not None else None
    except ValidationError:
        return None


def asker_in(folder: Path, environment: Mapping[str, str] = os.environ) -> Asker | None:
    """Who asks a model for the author of a file; None where there is neither a key nor an answer of before.

    Raises SettingsError, sqlite3.Error.
    """
    settings = settings_in(folder.resolve(), environment) or Settings()
    keyed = any(environment.get(key) for key in KEYS) and find_spec("anthropic") is not None
    if not keyed and not Path(settings.store).is_file():
        return None
    return Asker(settings, Store(settings.store), Client(settings), keyed)
