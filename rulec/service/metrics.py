"""What has happened in, text for Prometheus out (exposition format 0.0.4)."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = tuple[tuple[str, str], ...]


@dataclass
class Times:
    """How long requests took: how many in each bucket, and all together."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """One more."""
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.total += seconds


@dataclass
class Metrics:
    """Counts since the start. `waiting`: requests that are being answered now."""

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)  # operation, status
    decisions: Counter[tuple[str, str]] = field(default_factory=Counter)  # name of the rules, status
    shadows: Counter[tuple[str, str]] = field(default_factory=Counter)  # name of the rules, result
    times: dict[str, Times] = field(default_factory=dict)
    waiting: int = 0

    def answered(self, operation: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self.requests[operation, status] += 1
        self.times.setdefault(operation, Times()).add(seconds)

    def text(self, in_force: Mapping[str, str], taken: Mapping[str, int], refused: Mapping[str, int]) -> str:
        """The lines to be read. `in_force`: the digest of each name; `taken`, `refused`: versions of each name."""
        return "".join(f"{line}\n" for line in self._lines(in_force, taken, refused))

    def _lines(
        self, in_force: Mapping[str, str], taken: Mapping[str, int], refused: Mapping[str, int]
    ) -> Iterator[str]:
        yield from _head("rulec_requests_total", "counter", "Requests answered.")
        for (operation, status), count in sorted(self.requests.items()):
            yield _line("rulec_requests_total", (("operation", operation), ("status", str(status))), count)
        yield from _head("rulec_request_seconds", "histogram", "Time to answer a request.")
        for operation, times in sorted(self.times.items()):
            yield from _histogram("rulec_request_seconds", operation, times)
        yield from _head("rulec_requests_waiting", "gauge", "Requests being answered now.")
        yield _line("rulec_requests_waiting", (), self.waiting)
        yield from _head("rulec_decisions_total", "counter", "Decisions made.")
        for (name, reached), count in sorted(self.decisions.items()):
            yield _line("rulec_decisions_total", (("rules", name), ("status", reached)), count)
        yield from _head("rulec_shadows_total", "counter", "Decisions compared with those of new rules.")
        for (name, result), count in sorted(self.shadows.items()):
            yield _line("rulec_shadows_total", (("rules", name), ("result", result)), count)
        yield from _head("rulec_reloads_total", "counter", "Versions of rules taken, and refused.")
        for name in sorted(in_force):
            for result, counts in (("taken", taken), ("refused", refused)):
                yield _line("rulec_reloads_total", (("rules", name), ("result", result)), counts.get(name, 0))
        yield from _head("rulec_rules_info", "gauge", "The rules in force.")
        for name, digest in sorted(in_force.items()):
            yield _line("rulec_rules_info", (("rules", name), ("digest", digest)), 1)


def _histogram(name: str, operation: str, times: Times) -> Iterator[str]:
    count = 0
    for below, more in zip((*map(str, BUCKETS), "+Inf"), times.counts, strict=True):
        count += more
        yield _line(f"{name}_bucket", (("operation", operation), ("le", below)), count)
    yield _line(f"{name}_sum", (("operation", operation),), times.total)
    yield _line(f"{name}_count", (("operation", operation),), count)


def _head(name: str, kind: str, help_: str) -> Iterator[str]:
    yield f"# HELP {name} {help_}"
    yield f"# TYPE {name} {kind}"


def _line(name: str, labels: Labels, value: float) -> str:
    """A value: what labels hold are names, digests and statuses, without quotes."""
    told = ",".join(f'{key}="{text}"' for key, text in labels)
    return f"{name}{{{told}}} {value}" if told else f"{name} {value}"
