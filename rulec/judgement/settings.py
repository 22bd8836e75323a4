"""`rulec.toml` and the environment in, how judgements are asked for out; None where no model is configured.

    [judgement]
    model = "claude-haiku-5-5"
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from rulec.settings import SettingsError, file_from, table_in

DEFAULT_MODEL = "claude-haiku-5-5"  # the cheapest current one
_PREFIX = "RULEC_JUDGEMENT_"


@dataclass(frozen=True, slots=True)
class Settings:
    """How judgements are asked for.

    `deadline`: seconds for all the attempts of a question. `retries`: attempts after the first one. `longest`:
    characters of a text. `agree`: how many answers must be the same, each from a call of its own. `per_minute`: calls.
    `per_run`, `per_day`: US dollars. Of these three, 0 is no bound. `input_price`, `output_price`: US dollars a
    million tokens. `store`: the file of the answers. `base_url`: another address of the service ("" its own).
    """

    model: str = DEFAULT_MODEL
    deadline: float = 20.0
    retries: int = 2
    longest: int = 20_000
    max_tokens: int = 1_000
    agree: int = 1
    per_minute: int = 0
    per_run: float = 1.0
    per_day: float = 5.0
    input_price: float = 0.10
    output_price: float = 0.50
    store: str = "judgements.sqlite"
    base_url: str = ""


_KINDS: Mapping[str, type[str] | type[int] | type[float]] = {
    each.name: type(each.default) for each in fields(Settings) if isinstance(each.default, str | int | float)
}


def settings_in(folder: Path, environment: Mapping[str, str] = os.environ) -> Settings | None:
    """The settings of the nearest `rulec.toml` from a folder up, then of the environment. Raises SettingsError."""
    path = file_from(folder)
    told = dict(table_in(path, "judgement"))
    own = {f"{_PREFIX}{each.name.upper()}": each.name for each in fields(Settings)}
    said = {name: environment[key] for key, name in own.items() if key in environment}
    if not told and not said:
        return None
    settings = Settings()
    for name, value in {**told, **said}.items():
        settings = replace(settings, **{name: _read(name, value)})
    if path is not None and "store" not in said:
        settings = replace(settings, store=str(path.parent / settings.store))
    return settings


def _read(name: str, value: object) -> Any:
    """A value of the kind of its default; a number is not negative."""
    kind: type[str] | type[int] | type[float] | None = _KINDS.get(name)
    if kind is None:
        raise SettingsError(f"judgement.{name}")
    made: str | int | float | None = None
    with suppress(ValueError):
        made = kind(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    if made is None or (isinstance(made, int | float) and not 0 <= made < float("inf")):
        raise SettingsError(f"judgement.{name} = {value!r}")
    return made
