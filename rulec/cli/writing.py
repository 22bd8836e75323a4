"""A path and bytes in, a file out: whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from rulec.cli.refusals import ERRORS, Refusal


def write_whole(path: Path, data: bytes) -> None:
    """Replace the file in one step; links, permissions and whatever is no plain file stay what they are."""
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            target.write_bytes(data)  # a device or a pipe takes the bytes, it is not replaced
        else:
            _replace(target, data)
    except OSError as error:
        raise Refusal("E927", ERRORS, path=str(path), detail=error.strerror or str(error)) from None


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
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
