"""Names in, texts out: the data folders `grammar`, `stdlib` and `docs`, in the package or beside it."""

import hashlib
import marshal
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

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


def kept(name: str, made_of: str, makers: tuple[str, ...], make: Callable[[], Any]) -> Any:
    """What `make` gives, plain values alone: kept in the user's cache, as long as what it is made of is the same.

    `made_of`: the text that `make` reads. `makers`: the modules whose code makes it, by their paths in the package.
    A file that is not just what was written is made again.
    """
    code = "\0".join((_PACKAGE / each).read_text(encoding="utf-8") for each in makers)
    key = hashlib.sha256(f"{sys.version}\0{code}\0{made_of}".encode())
    path = cache_folder() / f"{name}.{key.hexdigest()[:16]}"
    whole = _content(path)
    if whole[:32] == _seal(key.digest(), whole[32:]):
        return marshal.loads(whole[32:])
    value = make()
    data = marshal.dumps(value)
    _write(path, _seal(key.digest(), data) + data)
    return value


def _seal(key: bytes, data: bytes) -> bytes:
    return hashlib.sha256(key + data).digest()


def cache_folder() -> Path:
    """Where the user's cache stands."""
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "rulec"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _write(path: Path, content: bytes) -> None:
    """The whole file or nothing, also where two processes write it; nothing where nothing can be written."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        return
