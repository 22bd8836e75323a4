"""Names in, texts out: the data folders `grammar` and `stdlib`, in the package or beside it (editable checkout)."""

import os
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Where a data folder stands: inside the installed package, else beside it."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


@cache
def read(name: str) -> str:
    """The text of a data file, by its path from the root: "grammar/rules.lark"."""
    top, _, rest = name.partition("/")
    return (folder(top) / rest).read_text(encoding="utf-8")


def cache_file(name: str) -> Path | None:
    """Where a file that can be made again is kept, for this version of rulec; None where nothing can be written."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = Path(home) / "rulec"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / name if os.access(folder, os.W_OK) else None
