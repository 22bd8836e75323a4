"""Names in, texts out: the data folders `grammar` and `stdlib`, in the package or beside it (editable checkout)."""

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
