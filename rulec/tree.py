"""Nodes in, nodes or text out: what the three trees share (walk, rewrite, dump)."""

from collections.abc import Callable, Iterator
from dataclasses import field, fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from rulec.runtime.plain import Plain, plain


@plain
class Span(Plain):
    """A place in a source: `start` and `end` are offsets in characters, `end` excluded."""

    source: int = 0
    start: int = 0
    end: int = 0

    def to(self, other: "Span") -> "Span":
        """The smallest place that covers both."""
        return Span(self.source, min(self.start, other.start), max(self.end, other.end))


NOWHERE = Span()
N = TypeVar("N", bound="Node")


@plain
class Node(Plain):
    """A node of a tree; its place counts neither for equality nor for printing."""

    span: Span = field(default=NOWHERE, kw_only=True, compare=False, repr=False)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below, in the order of the fields."""
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in _flatten(value) if isinstance(item, Node))


def _flatten(values: tuple[Any, ...]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, tuple):
            yield from _flatten(value)
        else:
            yield value


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def rewrite(node: N, change: Callable[[Node], Node]) -> N:
    """The tree with `change` applied to each node, leaves first."""
    new = {each.name: _rewritten(getattr(node, each.name), change) for each in fields(node) if each.name != "span"}
    changed = any(new[name] is not getattr(node, name) for name in new)
    return change(replace(node, **new) if changed else node)  # type: ignore[return-value]  # a pass keeps the kind


def _rewritten(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return rewrite(value, change)
    if isinstance(value, tuple):
        new = tuple(_rewritten(item, change) for item in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def dump(value: Any, indent: int = 0) -> str:
    """A tree as indented text, one line a node or value, without places: the form of the golden files."""
    pad = "  " * indent
    if is_dataclass(value) and not isinstance(value, type):
        shown = [each for each in fields(value) if each.repr]
        plain = [f for f in shown if not _nested(getattr(value, f.name))]
        nested = [f for f in shown if _nested(getattr(value, f.name))]
        head = " ".join([type(value).__name__, *(f"{f.name}={_plain(getattr(value, f.name))}" for f in plain)])
        below = [f"{pad}  {f.name}:\n{dump(getattr(value, f.name), indent + 2)}" for f in nested]
        return "\n".join([pad + head, *below])
    if isinstance(value, tuple) and _nested(value):
        return "\n".join(dump(item, indent) for item in value)
    return pad + _plain(value)


def _nested(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(_nested(item) for item in value)
    return isinstance(value, Node)


def _plain(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return "(" + ", ".join(_plain(item) for item in value) + ")"
    return str(value) if not isinstance(value, str) else repr(value)
