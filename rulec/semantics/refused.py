"""Findings in, the statements that hold some of them out, each with its own: what they mean may be told better."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from rulec.diagnostics import Diagnostic
from rulec.source import Source
from rulec.syntax.parse import Raw


def refused(
    raws: Sequence[tuple[Source, list[Raw]]], findings: Iterable[Diagnostic]
) -> Iterator[tuple[Source, Raw, list[Diagnostic]]]:
    """The statements, in order, in which findings begin."""
    told = list(findings)
    for source, statements in raws:
        starts, inside = [raw.span.start for raw in statements], dict[int, list[Diagnostic]]()
        for each in told:
            at = bisect_right(starts, each.span.start) - 1
            if at >= 0 and each.span.opens_in(statements[at].span):
                inside.setdefault(at, []).append(each)
        yield from ((source, statements[at], inside[at]) for at in sorted(inside))
