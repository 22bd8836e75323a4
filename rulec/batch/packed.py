"""What another process needs to decide in, bytes out; and back."""

import pickle
from io import BytesIO
from typing import Any

from rulec.ruleset import RuleSet
from rulec.runtime.plain import Plain, ready
from rulec.semantics.model import Vocabulary


def bare(rules: RuleSet) -> RuleSet:
    """What deciding needs of rules."""
    return RuleSet(rules.plan, rules.language, Vocabulary())


def pack(value: object) -> bytes:
    """A value as bytes."""
    return pickle.dumps(value)


def unpack(data: bytes) -> Any:
    """The value that was packed."""
    return _Reader(BytesIO(data)).load()


class _Reader(pickle.Unpickler):
    """Reads kinds whose fields are made when they are first used."""

    def find_class(self, module: str, name: str) -> Any:
        """The class or function of that name."""
        found = super().find_class(module, name)
        return ready(found) if isinstance(found, type) and issubclass(found, Plain) and found is not Plain else found
