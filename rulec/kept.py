"""Sources in, what they were compiled to out: the user's cache keeps it while nothing that it is made of changes.

The key is a hash of every source (imports, files of rows, modules of the library), of rulec's own files and of Python.
Where something changed, the statements that are as they were when these files were compiled the last time are not read
again. What is kept is data (`kept_data`), in folders that nobody else may write to, and taken only if it is just what
was written. RULEC_CACHE=off turns it off.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from stat import S_IWGRP, S_IWOTH
from typing import Any

from rulec import __version__, resources
from rulec.diagnostics import Diagnostics
from rulec.kept_data import UNREADABLE, read, written
from rulec.kept_statements import Packed, notes_of, placed_in, with_branches
from rulec.pipeline import Compiled, compile_sources
from rulec.plan.tree import Plan
from rulec.runtime.plain import changed
from rulec.semantics.known import Notes, StaleError
from rulec.source import Source
from rulec.tree import acyclic

MOST_FILES, MOST_BYTES = 64, 500_000_000
_SEAL = 32
_LIBRARIES = ("holidays", "tzdata")  # what plans are made with, besides rulec
_TOO_MANY = "E107"  # where it stands hangs on all that was found before


def compiled(sources: Sequence[Source]) -> Compiled:
    """What the sources are compiled to, now or before; of statements that did not change, what they said before."""
    if os.environ.get("RULEC_CACHE", "").lower() in ("off", "0", "no"):
        return compile_sources(sources, Diagnostics())
    with acyclic():
        key = _key(sources)
        made = _found(key, sources) or _compiled(key, sources)
        if made.plan is not None:
            made.plan.keep_with(partial(_beside, key))
        return made


def _compiled(key: bytes, sources: Sequence[Source]) -> Compiled:
    """What the sources are compiled to, which is kept."""
    notes = _before(sources)
    made = _again(sources, notes) if notes.expected else None
    if made is None:
        notes = Notes()
        made = compile_sources(sources, Diagnostics(), notes)
    _keep(key, made, notes, sources)
    return made


def _again(sources: Sequence[Source], notes: Notes) -> Compiled | None:
    """What the sources are compiled to with what is known of their statements; None where that does not hold."""
    try:
        made = compile_sources(sources, Diagnostics(), notes)
    except StaleError:
        return None
    return None if any(each.code == _TOO_MANY for each in made.diagnostics) else made


def _found(key: bytes, sources: Sequence[Source]) -> Compiled | None:
    light, heavy = _parts(key)
    try:
        fields, language, vocabulary, examples, told = read(light)
    except UNREADABLE:
        return None
    plan = Plan.later(fields, partial(_rest, key, heavy, sources))
    return Compiled(tuple(_every(sources)), Diagnostics(told), plan, language, vocabulary, examples)


def _before(sources: Sequence[Source]) -> Notes:
    """What is known of the statements, from when these files were compiled the last time."""
    try:
        path = _latest(sources)
        key = bytes.fromhex(path.read_text(encoding="ascii")) if _is_own(path.parent) and _is_own(path) else b""
        heavy = _parts(key)[1] if len(key) == _SEAL else b""
        if heavy[:_SEAL] == _seal(key, heavy[_SEAL:]):
            return notes_of(read(heavy[_SEAL:])[2])
    except (OSError, *UNREADABLE):
        pass
    return Notes()


def _keep(key: bytes, compiled: Compiled, notes: Notes, sources: Sequence[Source]) -> None:
    """Keep what sources without an error are compiled to, where there is a place for it."""
    if compiled.plan is None:
        return
    light, heavy = compiled.plan.parts()
    packed = Packed(notes.seen, notes.fine(compiled.diagnostics) if notes.noting else ())
    numbers = [packed.numbers.get(id(rule.branches), -1) for rule in heavy["rules"]]
    rules = tuple(
        rule if number < 0 else changed(rule, branches=()) for rule, number in zip(heavy["rules"], numbers, strict=True)
    )
    told = (light, compiled.language, compiled.vocabulary, compiled.examples, list(compiled.diagnostics))
    one, other = written(told), written((written({**heavy, "rules": rules}), numbers, packed.data))
    _write(_folder() / key.hex(), b"".join([_seal(key, one), len(one).to_bytes(8), one, _seal(key, other), other]))
    _write(_latest(sources), key.hex().encode())


def _write(path: Path, content: bytes) -> None:
    """The whole file or nothing, in a folder that holds no more than the cache may."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_own(path.parent):
            part.write_bytes(content)
            part.replace(path)
            _trim(path.parent)
    except OSError:
        return


def _rest(key: bytes, heavy: bytes, sources: Sequence[Source]) -> dict[str, Any]:
    """The rules themselves; compiled again where the file holds something else."""
    try:
        if heavy[:_SEAL] == _seal(key, heavy[_SEAL:]):
            rest, numbers, statements = read(heavy[_SEAL:])
            held: dict[str, Any] = read(rest)
            with acyclic():
                return {**held, "rules": with_branches(held["rules"], numbers, placed_in(statements))}
    except UNREADABLE:
        pass
    plan = _compiled(key, sources).plan
    assert plan is not None  # they were compiled without an error
    return plan.parts()[1]


def _beside(key: bytes, make: Callable[[], Any]) -> Any:
    """What is made of the rules for decisions: as it was made before, or made now and kept."""
    path = _folder().with_name("indexed") / key.hex()
    content = _content(path)
    with acyclic():
        if content[:_SEAL] == _seal(key, content[_SEAL:]):
            try:
                return read(content[_SEAL:])
            except UNREADABLE:
                pass
        made = make()
        data = written(made)
    _write(path, _seal(key, data) + data)
    return made


def _content(path: Path) -> bytes:
    """What a file holds that nobody else may have written; nothing where there is none."""
    try:
        data = path.read_bytes() if _is_own(path.parent) and _is_own(path) else b""
        os.utime(path)
    except OSError:
        return b""
    return data


def _parts(key: bytes) -> tuple[bytes, bytes]:
    """What a file holds of a rule set, and of its rules, still sealed; nothing where it is not what was written."""
    data = _content(_folder() / key.hex())
    start = _SEAL + 8
    end = start + int.from_bytes(data[_SEAL:start])
    light = data[start:end]
    return (light, data[end:]) if data[:_SEAL] == _seal(key, light) else (b"", b"")


def _seal(key: bytes, data: bytes) -> bytes:
    return hashlib.sha256(key + data).digest()


def _folder() -> Path:
    return resources.cache_folder() / "compiled"


def _latest(sources: Sequence[Source]) -> Path:
    """The file that holds the key of what these files were compiled to the last time."""
    names = "\0".join(f"{each.language} {os.path.abspath(each.path)}" for each in sources if not each.library)
    name = hashlib.sha256(_own_code() + names.encode("utf-8", "surrogatepass")).hexdigest()
    return resources.cache_folder() / "latest" / name


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
