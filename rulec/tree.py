"""Nodes in, nodes or text out: what the three trees share (walk, rewrite, dump)."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field, fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from rulec.runtime.plain import Plain, plain


@contextmanager
def acyclic() -> Iterator[None]:
    """While trees are made: they have no cycles, and what looks for some would look at all of them again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@plain
class Span(Plain):
    """A place in a source: `start` and `end` are offsets in characters, `end` excluded."""

    source: int = 0
    start: int = 0
    end: int = 0

    def to(self, other: "Span") -> "Span":
        """The smallest place that covers both."""
        return Span(self.source, min(self.start, other.start), max(self.end, other.end))

    def opens_in(self, other: "Span") -> bool:
        """Whether it begins within another place."""
        return self.source == other.source and other.start <= self.start < other.end


NOWHERE = Span()
N = TypeVar("N", bound="Node")


@plain
class Node(Plain):
    """A node of a tree; its place counts neither for equality nor for printing."""

    span: Span = field(default=NOWHERE, kw_only=True, compare=False, repr=False)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below, in the order of the fields."""
    return iter(_nodes([getattr(node, name) for name in _below(type(node))]))


def _nodes(values: Iterable[Any]) -> list[Node]:
    found: list[Node] = []
    for value in values:
        if isinstance(value, Node):
            found.append(value)
        elif type(value) is tuple and value:
            found += _nodes(value)
    return found


_BELOW: dict[type, tuple[str, ...]] = {}
_PLAIN = (str, int, bool, Decimal)  # fields of these types hold no node


def _below(kind: type) -> tuple[str, ...]:
    """The names of the fields in which nodes may stand, found once a kind."""
    names = _BELOW.get(kind)
    if names is None:
        told = (each.name for each in fields(kind) if each.name != "span" and each.type not in _PLAIN)
        names = _BELOW[kind] = tuple(told)
    return names


_LAST_FIRST: dict[type, tuple[str, ...]] = {}


def _last_first(kind: type) -> tuple[str, ...]:
    names = _LAST_FIRST[kind] = tuple(reversed(_below(kind)))
    return names


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, parents first."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        kind = type(node)
        for name in _LAST_FIRST[kind] if kind in _LAST_FIRST else _last_first(kind):
            value = getattr(node, name)
            if type(value) is tuple:
                for each in reversed(value):
                    if isinstance(each, Node):
                        waiting.append(each)
                    elif type(each) is tuple:
                        waiting += reversed(_nodes(each))
            elif isinstance(value, Node):
                waiting.append(value)


def below(node: Node) -> list[Node]:
    """The nodes right below it, in order."""
    return _nodes(getattr(node, name) for name in _below(type(node)))


def rewrite(node: N, change: Callable[[Node], Node]) -> N:
    """The tree with `change` applied to each node, leaves first."""
    new: dict[str, Any] = {}
    for name in _below(type(node)):
        value = getattr(node, name)
        made = _rewritten(value, change)
        if made is not value:
            new[name] = made
    return change(replace(node, **new) if new else node)  # type: ignore[return-value]  # a pass keeps the kind


def _rewritten(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return rewrite(value, change)
    if type(value) is tuple and value:
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
