"""Sources in, what they were compiled to out: the user's cache keeps it while nothing that it is made of changes.

The key is a hash of every source (imports, files of rows, modules of the library), of rulec's own files and of Python.
What is kept is data: only numbers, dates and rulec's own kinds of nodes are read back, from a folder that nobody else
may write to, and only if it is just what was written. RULEC_CACHE=off turns it off.
"""

import hashlib
import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cache, partial
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from stat import S_IWGRP, S_IWOTH
from typing import Any

from rulec import __version__, resources
from rulec.diagnostics import Diagnostics
from rulec.pipeline import Compiled, compile_sources
from rulec.plan.tree import Plan
from rulec.runtime.plain import Plain, ready
from rulec.source import Source

MOST_FILES, MOST_BYTES = 64, 500_000_000
_SEAL = 32
_LIBRARIES = ("holidays", "tzdata")  # what plans are made with, besides rulec
_PLAIN = frozenset({("decimal", "Decimal"), ("datetime", "date"), ("datetime", "datetime"), ("datetime", "time"),
                    ("datetime", "timedelta"), ("datetime", "timezone"), ("rulec.runtime.plain", "Plain")})  # fmt: skip


def compiled(sources: Sequence[Source]) -> Compiled:
    """What the sources are compiled to, now or before."""
    if os.environ.get("RULEC_CACHE", "").lower() in ("off", "0", "no"):
        return compile_sources(sources, Diagnostics())
    key = _key(sources)
    known = _found(key, sources)
    if known is None:
        known = compile_sources(sources, Diagnostics())
        _keep(key, known)
    return known


def _found(key: bytes, sources: Sequence[Source]) -> Compiled | None:
    light, heavy = _parts(key)
    try:
        fields, language, vocabulary, examples, told = _Reader(BytesIO(light)).load()
    except _UNREADABLE:
        return None
    plan = Plan.later(fields, partial(_rest, key, heavy, sources))
    return Compiled(tuple(_every(sources)), Diagnostics(told), plan, language, vocabulary, examples)


def _keep(key: bytes, compiled: Compiled) -> None:
    """Keep what sources without an error are compiled to, where there is a place for it."""
    if compiled.plan is None:
        return
    light, heavy = compiled.plan.parts()
    told = (light, compiled.language, compiled.vocabulary, compiled.examples, list(compiled.diagnostics))
    one, other = (pickle.dumps(each, pickle.HIGHEST_PROTOCOL) for each in (told, heavy))
    sealed = [_seal(key, one), len(one).to_bytes(8), one, _seal(key, other), other]
    folder = _folder()
    part = folder / f"{key.hex()}.{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_own(folder):
            part.write_bytes(b"".join(sealed))
            part.replace(folder / key.hex())
            _trim(folder)
    except OSError:
        return


_UNREADABLE = (
    pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, KeyError, TypeError, ValueError,
)  # fmt: skip


class _Reader(pickle.Unpickler):
    """Reads data alone: whatever a file says, nothing is called but what makes numbers, dates and nodes."""

    def find_class(self, module: str, name: str) -> Any:
        made = super().find_class(module, name) if module.split(".")[0] in ("rulec", "decimal", "datetime") else None
        if isinstance(made, type) and module.startswith("rulec."):
            if issubclass(made, Plain):
                return ready(made)
            if issubclass(made, Enum) or module == "rulec.runtime.types":
                return made
        if (module, name) in _PLAIN:
            return made
        raise pickle.UnpicklingError(name)


def _rest(key: bytes, heavy: bytes, sources: Sequence[Source]) -> dict[str, Any]:
    """The rules themselves; compiled again where the file holds something else."""
    try:
        if heavy[:_SEAL] == _seal(key, heavy[_SEAL:]):
            held: dict[str, Any] = _Reader(BytesIO(heavy[_SEAL:])).load()
            return held
    except _UNREADABLE:
        pass
    plan = compile_sources(sources, Diagnostics()).plan
    assert plan is not None  # they were compiled without an error
    return plan.parts()[1]


def _parts(key: bytes) -> tuple[bytes, bytes]:
    """What a file holds of a rule set, and of its rules, still sealed; nothing where it is not what was written."""
    path = _folder() / key.hex()
    try:
        data = path.read_bytes() if _is_own(path.parent) and _is_own(path) else b""
        os.utime(path)
    except OSError:
        return b"", b""
    start = _SEAL + 8
    end = start + int.from_bytes(data[_SEAL:start])
    light = data[start:end]
    return (light, data[end:]) if data[:_SEAL] == _seal(key, light) else (b"", b"")


def _seal(key: bytes, data: bytes) -> bytes:
    return hashlib.sha256(key + data).digest()


def _folder() -> Path:
    return resources.cache_folder() / "compiled"


def _is_own(path: Path) -> bool:
    """Whether nobody but the user may have written there."""
    told = path.lstat()
    mine = not hasattr(os, "getuid") or told.st_uid == os.getuid()
    return mine and not told.st_mode & (S_IWGRP | S_IWOTH)


def _trim(folder: Path) -> None:
    """Removes the files that were not used for the longest time, beyond what the cache may hold."""
    files = sorted(((each, each.stat()) for each in folder.iterdir()), key=lambda each: -each[1].st_mtime_ns)
    size = 0
    for number, (path, told) in enumerate(files, 1):
        size += told.st_size
        if number > MOST_FILES or (size > MOST_BYTES and number > 1):
            path.unlink()


def _every(sources: Sequence[Source]) -> list[Source]:
    return [*sources, *(rows for source in sources for _, rows in source.tables if rows.name)]


def _key(sources: Sequence[Source]) -> bytes:
    whole = hashlib.sha256(_own_code())
    for each in _every(sources):
        tables = [(name, rows.number) for name, rows in each.tables]
        told = (each.number, each.name, each.language, each.library, tables)
        whole.update(f"{told}\0{len(each.text)}\0".encode("utf-8", "surrogatepass"))
        whole.update(each.text.encode("utf-8", "surrogatepass"))
    return whole.digest()


@cache
def _own_code() -> bytes:
    """What tells this rulec from any other: its files, Python, and the libraries of calendars and time zones."""
    folders = {resources.folder("grammar"), resources.folder("stdlib"), Path(__file__).parent}
    stamps = [stamp for folder in sorted(folders) for stamp in _stamps(str(folder))]
    libraries = [each.origin for name in _LIBRARIES if (each := find_spec(name)) and each.origin]
    stamps += [_stamp(os.stat(origin), origin) for origin in libraries]
    return hashlib.sha256("\0".join([__version__, sys.version, *stamps]).encode()).digest()


def _stamps(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.is_dir():
                yield from _stamps(entry.path) if entry.name != "__pycache__" else ()
            else:
                yield _stamp(entry.stat(), entry.path)


def _stamp(told: os.stat_result, path: str) -> str:
    return f"{path} {told.st_size} {told.st_mtime_ns}"
