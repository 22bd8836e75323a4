"""The points of an interpolation in, the expression of the value between them out."""

from collections.abc import Sequence
from itertools import pairwise

from rulec.plan import tree as p
from rulec.semantics import model

Point = tuple[p.Expr, p.Expr]  # where, and the value there


def interpolated(base: p.Expr, points: Sequence[Point], said: model.Brackets) -> p.Expr:
    """The value at `base`: moving evenly from each point to the next, that of the nearest beyond the ends.

    Values of another type than the whole are rates, which are taken of `base`.
    """
    (first, lowest), (_, highest) = points[0], points[-1]
    cases = [(p.Compare("le", base, first), lowest)]
    cases += [(p.Compare("le", base, after[0]), _between(base, before, after)) for before, after in pairwise(points)]
    value = p.Choose(tuple(cases), highest, span=said.span)
    return value if said.plain else p.Arithmetic("mul", base, value, span=said.span)


def _between(base: p.Expr, before: Point, after: Point) -> p.Expr:
    """The value of the first point, and as much of the difference as has been passed."""
    passed, width, height = (
        p.Arithmetic("sub", base, before[0]),
        p.Arithmetic("sub", after[0], before[0]),
        p.Arithmetic("sub", after[1], before[1]),
    )
    share = p.Arithmetic("div", p.Arithmetic("mul", passed, height), width)
    return p.Arithmetic("add", before[1], share)
