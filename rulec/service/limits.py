"""How much a service takes: who may ask, how long a request may be, how many wait, how long they may take."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, fields
from hashlib import sha256

SHORTEST_KEY = 16  # signs
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Limits:
    """`body`: bytes of a request. `waiting`: requests that are being answered at the same time.

    `seconds`: for the body of a request to come, and for its answer.
    """

    body: int = 1_000_000
    waiting: int = 256
    seconds: int = 10

    @staticmethod
    def names() -> list[str]:
        """The names of the limits."""
        return [each.name for each in fields(Limits)]


class Keys:
    """The keys that callers may show; without any, whoever reaches the service may ask.

    `told`: each as « key », or « name=key », which says whose it is.
    """

    def __init__(self, told: Sequence[str]) -> None:
        self._held = [(name, sha256(key.encode()).digest()) for name, key in map(named, told)]

    def __bool__(self) -> bool:
        return bool(self._held)

    @property
    def are_named(self) -> bool:
        """Whether it is known of a key whose it is."""
        return any(name for name, _ in self._held)

    def admit(self, shown: str) -> str | None:
        """Whose key it is, "" for one without a name, None for none; takes the same time whatever is shown."""
        given = sha256(shown.encode("utf-8", "surrogateescape")).digest()
        found = [name for name, key in self._held if hmac.compare_digest(given, key)]
        return found[0] if found else None


def named(told: str) -> tuple[str, str]:
    """The name and the key of « name=key »; a key may hold `=`, and is never shorter than SHORTEST_KEY."""
    name, _, key = told.partition("=")
    return (" ".join(name.split()), key.strip()) if len(key.strip()) >= SHORTEST_KEY else ("", told)


def host_of(header: str) -> str:
    """The name in a `Host` header, without its port."""
    name = header.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]
