"""The rule sets that are served: by name those in force, by their digest those before too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from rulec.agent.tools import tool_name
from rulec.ruleset import RuleSet

KEPT = 8  # versions before the one in force, of each name
SHOWN = 12  # signs of a digest in the journal
SHORTEST = 8  # signs of a digest that name a version


@dataclass(frozen=True)
class Served:
    """A version of a rule set. `name`: letters, digits, `-` and `_`. `paths`: the files that it was read from."""

    name: str
    rules: RuleSet
    paths: tuple[Path, ...] = ()
    since: datetime = datetime.min

    @property
    def digest(self) -> str:
        """What tells this version from others: SHA-256 of its rules."""
        return self.rules.plan.digest


class Sets:
    """What is served now. Both mappings are replaced whole: who holds one sees one state."""

    def __init__(self, served: Iterable[Served]) -> None:
        self.current: Mapping[str, Served] = MappingProxyType({each.name: each for each in served})
        self.versions: Sequence[Served] = tuple(self.current.values())  # the newest of each name last

    def put(self, new: Served) -> None:
        """Serve a new version of a name; the one before stays under its digest."""
        others = [each for each in self.versions if (each.name, each.digest) != (new.name, new.digest)]
        own = [each for each in others if each.name == new.name][-KEPT:]
        self.versions = (*(each for each in others if each.name != new.name), *own, new)
        self.current = MappingProxyType({**self.current, new.name: new})

    @property
    def first(self) -> Served:
        """The set that is meant where none is named."""
        return next(iter(self.current.values()))

    def shown(self) -> str:
        """What is in force, for the journal: each name with the beginning of its digest."""
        return ", ".join(f"{name} {each.digest[:SHOWN]}" for name, each in self.current.items())

    def find(self, reference: str) -> Served | None:
        """The set of a name, or the version of a digest or of its beginning; None where none is, or several."""
        if reference in self.current:
            return self.current[reference]
        found = [each for each in self.versions if each.digest.startswith(reference)]
        same = {each.digest for each in found}
        return found[-1] if len(reference) >= SHORTEST and len(same) == 1 else None


def name_of(path: Path) -> str:
    """The name that a file or folder gives to its rules."""
    return tool_name(path.resolve().name if path.is_dir() else path.stem)


def now() -> datetime:
    """The time, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
