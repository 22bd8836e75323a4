"""`rulec.toml` in, its tables out: those of the nearest file from a folder up."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

FILE = "rulec.toml"


class SettingsError(ValueError):
    """A setting that cannot be read; `str()` names it."""


def file_from(folder: Path) -> Path | None:
    """The nearest `rulec.toml` from a folder up; None where there is none."""
    return next((each / FILE for each in (folder, *folder.parents) if (each / FILE).is_file()), None)


def table_in(path: Path | None, name: str) -> Mapping[str, object]:
    """A table of the file; empty where there is none. Raises SettingsError."""
    if path is None:
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get(name, {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: {name}")
    return table
