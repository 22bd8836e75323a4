"""A number of rows and a seed in, a table of facts for the workload's rules out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from workload import CHANNELS, COUNTRIES, MOST_CENTS, MOST_ITEMS, SEGMENTS


def rows_of(count: int, seed: int = 3) -> Any:
    """A table of that many facts."""
    draw = np.random.default_rng(seed)
    cents = draw.integers(0, MOST_CENTS, count)
    return pa.table({
        "segment": _names(SEGMENTS, draw, count),
        "country": _names(COUNTRIES, draw, count),
        "loyal": pa.array(draw.random(count) < 0.5),
        "amount": _decimals(cents),
        "quantity": pa.array(draw.integers(0, MOST_ITEMS, count)),
        "channel": _names(CHANNELS, draw, count),
    })  # fmt: skip


def _names(names: Sequence[str], draw: Any, count: int) -> Any:
    places = pa.array(draw.integers(0, len(names), count, dtype=np.int32))
    return pa.DictionaryArray.from_arrays(places, pa.array(names))


def _decimals(cents: Any) -> Any:
    """Whole cents as decimals with two places."""
    pairs = np.stack([cents, np.zeros_like(cents)], axis=1)
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(pairs.tobytes())])
