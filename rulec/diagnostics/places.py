"""A source in, where it stands out: its path as continuous integration names it."""

import os
from pathlib import Path

from rulec.source import Source


def relative(source: Source) -> str:
    """The path of a file from the current folder, with slashes; elsewhere its own path; of no file, its name."""
    if not source.path:
        return source.name
    path = Path(os.path.abspath(source.path))
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
