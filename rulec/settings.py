"""`rulec.toml` in, its tables out: those of the nearest file from a folder up."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

FILE = "rulec.toml"
TABLES = ("approvers", "judgement", "minutes")


class SettingsError(ValueError):
    """A setting that cannot be read; `str()` names it."""


def file_from(folder: Path) -> Path | None:
    """The nearest `rulec.toml` from a folder up; None where there is none."""
    return next((each / FILE for each in (folder, *folder.parents) if (each / FILE).is_file()), None)


def table_in(path: Path | None, name: str) -> Mapping[str, object]:
    """A table of the file; empty where there is none. Raises SettingsError, also for a table that nothing reads."""
    if path is None:
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: UTF-8") from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    if unknown := sorted(found.keys() - {*TABLES}):
        raise SettingsError(f"{path}: {unknown[0]} ({' | '.join(TABLES)})")
    table = found.get(name, {})
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: {name}")
    return table
