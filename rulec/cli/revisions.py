"""Two revisions of a git repository and a path in, the files of rules there out, in a folder of their own.

Nothing is checked out: the objects are read, and the repository stays as it is.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rulec.cli.refusals import Refusal
from rulec.files import RULE_FILES
from rulec.row_files import TEXTS
from rulec.syntax.csv_rows import SHEETS

_WANTED = (*RULE_FILES, *TEXTS, *SHEETS)
_LINK = "120000"  # the mode of a symbolic link
_WHOLE = "HEAD"


class Revision(NamedTuple):
    """The rules of a revision. `name`: as given; `path`: where they are now."""

    name: str
    path: Path


def is_range(text: str) -> bool:
    """Whether « main..HEAD » stands for revisions: no file is called so."""
    return ".." in text.replace("../", "").replace("..\\", "") and not Path(text).exists()


@contextmanager
def revisions(given: str, path: Path) -> Iterator[tuple[Revision, Revision]]:
    """The rules at a path, in both revisions of a range: « old..new », or « base...new » from where they part."""
    repository = _Repository(path)
    dots = "..." if "..." in given else ".."
    one, _, other = given.partition(dots)
    names = one or _WHOLE, other or _WHOLE
    commits = [repository.commit(name) for name in names]
    if dots == "...":
        commits[0] = repository.base(given, *commits)
    with TemporaryDirectory(prefix="rulec-") as folder:
        found = [
            Revision(name, repository.write(commit, name, Path(folder) / str(number)))
            for number, (name, commit) in enumerate(zip(names, commits, strict=True))
        ]
        yield found[0], found[1]


class _Repository:
    """The repository that a path is in, whether the path still exists or not."""

    def __init__(self, path: Path) -> None:
        start = Path(os.path.abspath(path))
        self._start = next(each for each in (start, *start.parents) if each.is_dir())
        top = self._git("rev-parse", "--show-toplevel")
        if top is None:
            raise Refusal("E961", path=str(path))
        self._top = Path(os.fsdecode(top).rstrip("\n"))
        known = start if start == start.parent else start.parent.resolve() / start.name
        self._inside = PurePosixPath(known.relative_to(self._top.resolve()).as_posix())
        self._shown = str(path)

    def commit(self, name: str) -> str:
        """The commit of a revision."""
        found = None if name.startswith("-") else self._git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if found is None:
            raise Refusal("E962", detail=name)
        return found.decode().strip()

    def base(self, given: str, one: str, other: str) -> str:
        """The commit where two lines of history part."""
        found = self._git("merge-base", one, other)
        if found is None:
            raise Refusal("E962", detail=given)
        return found.decode().strip()

    def write(self, commit: str, name: str, folder: Path) -> Path:
        """The files of rules at the path in a commit, with all that they may use; where the path is now."""
        kind = self._git("cat-file", "-t", f"{commit}:{self._named(self._inside)}")
        if kind is None:
            raise Refusal("E963", path=self._shown, detail=name)
        is_file = kind.strip() == b"blob"
        around = self._inside.parent if is_file else self._inside
        links = list[tuple[Path, str]]()
        for mode, place, sha in self._tree(commit, around, deep=not is_file):
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            data = self._git("cat-file", "blob", sha) or b""
            if mode == _LINK:
                links.append((target, os.fsdecode(data)))
            else:
                target.write_bytes(data)
        for link, leads in links:
            if os.path.isabs(leads) or not (link.parent / leads).exists():
                raise Refusal("E963", path=f"{link.relative_to(folder)} → {leads}", detail=name)
            link.symlink_to(leads)
        (folder / around).mkdir(parents=True, exist_ok=True)
        return folder / self._inside

    def _tree(self, commit: str, around: PurePosixPath, deep: bool) -> Iterator[tuple[str, PurePosixPath, str]]:
        """The mode, the path and the object of each file of rules or rows in a folder."""
        below = ["-r"] if deep else []
        listed = self._git("ls-tree", "--full-tree", "-z", *below, f"{commit}:{self._named(around)}") or b""
        for line in filter(None, listed.split(b"\0")):
            head, _, name = line.partition(b"\t")
            mode, kind, sha = head.decode().split()
            place = PurePosixPath(os.fsdecode(name))
            if kind == "blob" and place.suffix.lower() in _WANTED:
                yield mode, around / place, sha

    @staticmethod
    def _named(path: PurePosixPath) -> str:
        return "" if path == PurePosixPath(".") else str(path)

    def _git(self, *arguments: str) -> bytes | None:
        """What git prints; None where it refuses."""
        try:
            done = subprocess.run(["git", "-C", str(self._start), *arguments], capture_output=True, check=False)
        except FileNotFoundError:
            raise Refusal("E960") from None
        return done.stdout if done.returncode == 0 else None
