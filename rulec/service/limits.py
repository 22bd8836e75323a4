"""How much a service takes: who may ask, how long a request may be, how many wait, how long they may take."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, fields
from hashlib import sha256

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
    """The keys that callers may show; without any, whoever reaches the service may ask."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._held = [sha256(key.encode()).digest() for key in keys]

    def __bool__(self) -> bool:
        return bool(self._held)

    def admit(self, shown: str) -> bool:
        """Whether it is one of the keys; what is compared takes the same time whatever is shown."""
        given = sha256(shown.encode("utf-8", "surrogateescape")).digest()
        return sum(hmac.compare_digest(given, each) for each in self._held) > 0


def host_of(header: str) -> str:
    """The name in a `Host` header, without its port."""
    name = header.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]
