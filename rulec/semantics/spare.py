"""A statement and what it was read as in; what finds its way into nothing told out: a value, a denial."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rulec.diagnostics import Diagnostics
from rulec.runtime import types as t
from rulec.semantics import model
from rulec.source import Source
from rulec.syntax import ast
from rulec.tree import Node, Span, children, walk

Said = ast.Rule | ast.Promised | ast.Autonomy | ast.Approval


def report_spare(said: Said, meant: Sequence[Node], source: Source, diagnostics: Diagnostics) -> bool:
    """Report the first value, or else the first « ne … pas », that nothing was made of; whether there is one."""
    told = replace(said, because=None)  # a reason may say anything
    for code, left in (("E326", _spare(told, meant)), ("E329", _undenied(told, meant))):
        if left is not None:
            diagnostics.add(code, left, text=source.cut(left))
            return True
    return False


def _spare(said: Said, meant: Sequence[Node]) -> Span | None:
    values = list(_values(said))
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


def _undenied(said: Said, meant: Sequence[Node]) -> Span | None:
    """The first name that a verb denies (« ne doit pas »), where nothing that it became is denied."""
    names = [each.span for each in walk(said) if isinstance(each, ast.Ref) and any(term.negated for term in each.terms)]
    made = [node for root in meant for node in walk(root) if _denies(node)] if names else []
    return next((name for name in names if not any(_meet(name, node.span) for node in made)), None)


def _denies(node: Node) -> bool:
    match node:
        case model.Not() | model.Forbid() | model.Give(_, model.Literal(False, t.YesNo())):
            return True
        case model.CountWhere(high=high):
            return high is not None
        case _:
            return False


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
