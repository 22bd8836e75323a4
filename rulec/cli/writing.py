"""A path and bytes in, a file out: whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from rulec.cli.refusals import ERRORS, Refusal


def write_whole(path: Path, data: bytes) -> None:
    """Replace the file in one step; links, permissions and whatever is no plain file stay what they are."""
    with whole(path) as stream:
        stream.write(data)


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """What is written to the stream replaces the file in one step, at the end of the block."""
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:  # a device or a pipe takes the bytes, it is not replaced
                yield stream
        else:
            with _replacing(target) as stream:
                yield stream
    except OSError as error:
        raise Refusal("E927", ERRORS, path=str(path), detail=error.strerror or str(error)) from None


@contextmanager
def _replacing(target: Path) -> Iterator[BinaryIO]:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    """The permissions that new files do not get; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
