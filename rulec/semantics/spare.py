"""A statement and what it was read as in; out, the first value in it that found its way into nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rulec.semantics import model
from rulec.syntax import ast
from rulec.tree import Node, Span, children, walk


def spare(said: ast.Rule | ast.Promised | ast.Autonomy | ast.Approval, meant: Sequence[Node]) -> Span | None:
    """The place of a value that nothing was made of; None where there is none."""
    values = list(_values(replace(said, because=None)))  # a reason may say anything
    made = [node for root in meant for node in walk(root) if node.span.end > node.span.start] if values else []
    return next((value.span for value in values if not any(_holds(node, value) for node in made)), None)


def _values(node: Node) -> Iterator[ast.Value]:
    """The values of a statement; those of its period, and the steps of roundings, are checked where they are read."""
    for each in children(node):
        if isinstance(each, ast.Value):
            yield each
        elif not (isinstance(each, ast.Period) or (isinstance(each, ast.Predicate) and each.marker == "MULTIPLE_OF")):
            yield from _values(each)


def _holds(node: Node, value: ast.Value) -> bool:
    """Whether a node stands within the value, or is made of it and what stands around."""
    if value.span.start <= node.span.start and node.span.end <= value.span.end:
        return True
    around = node.span.start <= value.span.start and value.span.end <= node.span.end
    if isinstance(node, model.Literal):
        return around and not isinstance(node.value, bool | str)
    return around and isinstance(node, model.CountWhere) and _counts(node, value)


def _counts(node: model.CountWhere, value: ast.Value) -> bool:
    """Whether the number is an end of the count, or next to one: « plus de 3 » is from 4."""
    ends = [end for end in (node.low, node.high) if end is not None]
    return value.literal is not None and any(abs(end - number) <= 1 for end in ends for number in _number(value))


def _number(value: ast.Value) -> list[int]:
    literal = value.literal
    return [int(str(literal.value))] if literal and literal.kind == "number" and str(literal.value).isdigit() else []
