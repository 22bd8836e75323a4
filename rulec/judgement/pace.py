"""Calls in, how long each waits out: no more in a minute than allowed."""

import time
from collections import deque
from threading import Lock

_MINUTE = 60.0


class Pace:
    """At most `per_minute` calls in any minute, 0 for no bound; safe to share between threads."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute, self._lock = per_minute, Lock()
        self._starts = deque[float](maxlen=per_minute or 1)

    def wait(self, longest: float) -> float | None:
        """Take a turn: the seconds until it comes; None, and none is taken, where it comes in `longest` or later."""
        if not self._per_minute:
            return 0.0
        with self._lock:
            now = time.monotonic()
            full = len(self._starts) == self._per_minute
            start = max(now, self._starts[0] + _MINUTE) if full else now
            if start - now >= longest:
                return None
            self._starts.append(start)
            return start - now
