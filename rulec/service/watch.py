"""Files that change in, new versions in force out: checked first, swapped at once; what is refused changes nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rulec.files import rule_files
from rulec.service.loading import Origin, UnfitError, loaded
from rulec.service.sets import SHOWN, Served, Sets, now
from rulec.service.words import journal, told
from rulec.source import Language

EVERY = 0.5  # seconds between two looks at the files
Stamp = dict[str, tuple[int, ...]]  # path → the times of its last changes, its size, its place on the disk


@dataclass(frozen=True)
class Refused:
    """A version that was refused: when, and why."""

    at: datetime
    why: str


@dataclass
class Watched:
    """An origin, and its files as they were when they were last read."""

    origin: Origin
    paths: Sequence[Path]
    read: Stamp
    seen: Stamp
    refused: Refused | None = None


@dataclass
class Watch:
    """Looks after the files of sets. `taken`, `refusals`: how many versions were, by name.

    `shadow`: whether they only decide beside those in force.
    """

    sets: Sets
    language: Language
    watched: Sequence[Watched]
    every: float = EVERY
    taken: dict[str, int] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)
    shadow: bool = False

    async def run(self) -> None:
        """Look again and again."""
        while True:
            await asyncio.sleep(self.every)
            for each in self.watched:
                try:
                    await self.look(each)
                except Exception as error:  # what cannot be looked at now may be later
                    journal.error("%s", each.origin.path, exc_info=error)

    async def look(self, each: Watched) -> None:
        """Read the files again if they have changed, and are no longer changing."""
        stamp = await asyncio.to_thread(stamp_of, each.origin, each.paths)
        resting, each.seen = stamp == each.seen, stamp
        if resting and stamp != each.read:
            await self.reload(each, stamp)

    async def reload(self, each: Watched, stamp: Stamp) -> None:
        """Take the new version, unless it is refused or has changed while it was read."""
        before, new, why = self.sets.current[each.origin.name], None, ""
        try:
            new = await asyncio.to_thread(loaded, each.origin, self.language)
            paths: Sequence[Path] = new.paths
        except UnfitError as error:
            why, paths = str(error), error.paths
        except Exception as error:  # a defect of the compiler must not end the service
            why, paths = type(error).__name__, each.paths
        each.paths = tuple(dict.fromkeys([*before.paths, *paths]))
        each.seen = await asyncio.to_thread(stamp_of, each.origin, each.paths)
        if not unchanged(stamp, each.seen, paths):
            return
        each.read = each.seen
        if new is None:
            self._refuse(each, before, why)
        else:
            self._take(each, before, new)

    def _take(self, each: Watched, before: Served, new: Served) -> None:
        name = each.origin.name
        self.sets.put(new)
        each.refused = None
        self.taken[name] = self.taken.get(name, 0) + 1
        digests = {"digest": new.digest[:SHOWN], "before": before.digest[:SHOWN]}
        journal.info(told("shadow reloaded" if self.shadow else "reloaded", self.language, name=name, **digests))

    def _refuse(self, each: Watched, before: Served, why: str) -> None:
        name = each.origin.name
        each.refused = Refused(now(), why)
        self.refusals[name] = self.refusals.get(name, 0) + 1
        what = "shadow refused" if self.shadow else "refused"
        journal.warning(told(what, self.language, name=name, digest=before.digest[:SHOWN], why=why))


def opened(origins: Sequence[Origin], language: Language, shadow: bool = False) -> Watch:
    """The sets of these origins, and a watch over their files. Raises `UnfitError`."""
    watched, served = list[Watched](), list[Served]()
    for origin in origins:
        before = stamp_of(origin, ())
        new = loaded(origin, language)
        after = stamp_of(origin, new.paths)
        watched.append(Watched(origin, new.paths, after if unchanged(before, after, new.paths) else {}, after))
        served.append(new)
    return Watch(Sets(served), language, watched, shadow=shadow)


def unchanged(before: Stamp, after: Stamp, read: Sequence[Path]) -> bool:
    """Whether no file changed while they were read; of those `read`, some may not have been known before."""
    first_read = {str(path) for path in read} - before.keys()
    return {path: stamp for path, stamp in after.items() if path not in first_read} == before


def stamp_of(origin: Origin, paths: Sequence[Path]) -> Stamp:
    """What changes when a file of an origin does."""
    return {str(path): _stamp(path) for path in [*rule_files([origin.path]), *paths]}


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
