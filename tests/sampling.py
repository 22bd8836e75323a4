"""Of long lists of cases: some of them, or all where RULEC_WHOLE is set, as long runs should."""

import os
from collections.abc import Iterable
from typing import TypeVar

Case = TypeVar("Case")

WHOLE = bool(os.environ.get("RULEC_WHOLE"))


def one_in(count: int, cases: Iterable[Case]) -> list[Case]:
    """Every so many of the cases, from the first on."""
    return [*cases][:: 1 if WHOLE else count]
