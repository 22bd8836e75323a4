"""Regular expressions that are compiled when they are first used: a start needs few of them."""

import re
from collections.abc import Callable, Iterator
from typing import Any


class Pattern:
    """What `re.compile` gives, later."""

    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    search: Callable[..., re.Match[str] | None]
    sub: Callable[..., str]
    finditer: Callable[..., Iterator[re.Match[str]]]

    def __init__(self, text: str, flags: int = 0) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        """A method of the compiled expression, which is kept: this is asked once a method."""
        method = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, method)
        return method
