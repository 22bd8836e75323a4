"""Whose approval a decision asks for, and the name of who answers in; those for whom it speaks out.

A name is compared with the person or role that the rules name, and with its key, whatever the case, accents and
articles: « Gérant » answers for « du gérant [manager] », and so does "manager". `rulec.toml` says who else does:

    [approvers]
    "gérant" = ["Léa Martin", "Bob Durand"]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rulec.log.entry import Entry
from rulec.runtime.spelling import bare_words
from rulec.settings import SettingsError, file_from, table_in
from rulec.source import LANGUAGES

TABLE = "approvers"


@dataclass(frozen=True, slots=True)
class Role:
    """A person or role whose approval is asked for: its key, and as the rules say it (« du gérant »)."""

    key: str
    said: str

    @property
    def names(self) -> frozenset[str]:
        """What it is called, to be compared."""
        return frozenset({bare(self.key), bare(self.said)})


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who speaks for a role beside who bears its name: by role, names."""

    people: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def spoken_for(self, name: str, asked: Entry) -> frozenset[str]:
        """The keys of those, among whose approval a decision asks for, for whom a name speaks."""
        own = {bare(name)} | {bare(role) for role, names in self.people.items() if bare(name) in map(bare, names)}
        return frozenset(role.key for role in roles(asked) if role.names & own)


NAMED = Approvers()  # only who bears its name speaks for a role


def roles(asked: Entry) -> list[Role]:
    """Whose approval a decision asks for, or may: all of them."""
    return [Role(str(each["who"]), str(each["name"])) for each in asked.supervision.get("approvals", ())]


def said(asked: Sequence[Role]) -> str:
    """These roles in a sentence."""
    return ", ".join(role.said for role in asked)


def bare(name: str) -> str:
    """A name to be compared: « Du Gérant » → "gerant"."""
    for language in LANGUAGES:
        name = bare_words(name, language)
    return name


def approvers_in(folder: Path) -> Approvers:
    """Those that the nearest `rulec.toml` from a folder up declares. Raises SettingsError."""
    found = dict[str, Sequence[str]]()
    for role, names in table_in(file_from(folder), TABLE).items():
        if not isinstance(names, list) or not all(isinstance(each, str) and bare(each) for each in names):
            raise SettingsError(f"{TABLE}.{role} = {names!r}")
        found[role] = names
    return Approvers(found)
