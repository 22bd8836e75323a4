"""The rules of a compilation in, what each statement says as data out; and back, wherever the statement stands now.

A statement whose meaning followed from two others is kept as what it has of its own, beside what these two are lowered
to; any other as the tree that it is lowered to, its places counted from its start.
"""

import pickle
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property, partial
from io import BytesIO
from typing import Any

from rulec.kept_data import Reader, read, written
from rulec.plan.tree import Branch, Rule
from rulec.semantics.alike import Alike, Group
from rulec.semantics.holes import Heard, Hole
from rulec.semantics.known import Before, Known, Noted, Notes, Placed, Said
from rulec.semantics.rules import Meaning
from rulec.semantics.templates import Make, template
from rulec.tree import NOWHERE, Span


class _OutsideError(Exception):
    """A place that is not in the statement."""


# ---- what a statement is lowered to


class Tree:
    """The tree itself, as bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def at(self, source: int, start: int) -> Any:
        """The tree of the statement that starts there."""
        return _Reader(BytesIO(self.data), source, start).load()


class Form:
    """What the statements of one form are lowered to, as bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def make(self) -> tuple[Make, int]:
        """What makes the tree of a statement of its values, and how many of these are places."""
        (one, other), first, second = _Reader(BytesIO(self.data)).load()
        return template(one, other, first, second), 2 * len(first.starts)


class Follows:
    """What a statement has of its own: its values, places counted from its start."""

    def __init__(self, form: Form, values: tuple[Any, ...]) -> None:
        self.form, self.values = form, values

    def at(self, source: int, start: int) -> Any:
        """The tree of the statement that starts there."""
        make, places = self.form.make
        values = self.values
        return make([source, *[start + each for each in values[:places]], *values[places:]])


# ---- writing


class _Writer(pickle.Pickler):
    """Writes trees, places counted from a start; of what stands for a number, which one it is."""

    def __init__(self, file: BytesIO, span: Span | None = None) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.dispatch_table = {Hole: _hole_as_data}
        if span is not None:
            self.dispatch_table[Span] = partial(_place_as_data, span)


def _hole_as_data(hole: Hole) -> tuple[Any, ...]:
    return _hole, (hole.at,)


def _place_as_data(whole: Span, span: Span) -> tuple[Any, ...]:
    if span == NOWHERE:
        return _place, ()
    if span.source != whole.source or not whole.start <= span.start <= span.end <= whole.end:
        raise _OutsideError
    return _place, (span.start - whole.start, span.end - whole.start)


def _bytes(value: object, span: Span | None = None) -> bytes:
    file = BytesIO()
    _Writer(file, span).dump(value)
    return file.getvalue()


Entry = tuple[Any, ...]  # language, text, the fields of `Said`: what is shown by its number, what is lowered as two


class Packed:
    """Rules noted, as data. `numbers`: by the id of the branches that a rule is lowered to, its place among them."""

    def __init__(self, seen: Sequence[str], noted: Iterable[Noted]) -> None:
        self._forms, self._shown = list[bytes](), list[bytes]()
        self._places: dict[object, int] = {}
        self.numbers: dict[int, int] = {}
        entries: list[Entry] = []
        for each in noted:
            lowered = self._lowered(each)
            if lowered is not None:
                self.numbers[id(each.lowered_to[0])] = len(entries)
                entries.append(self._entry(each, lowered))
        self.data = written((tuple(seen), self._forms, self._shown, entries))

    def _entry(self, noted: Noted, lowered: tuple[int, object]) -> Entry:
        rule = noted.rule
        where = f"{rule.file}:{rule.line}"
        shown = (*map(id, rule.branches), id(rule.unless))
        if shown not in self._places:
            self._places[shown] = len(self._shown)
            self._shown.append(written(Meaning(rule.branches, rule.unless)))
        own = ["" if each == where else each for each in (rule.id, rule.title)]
        return (
            noted.language, noted.text, *own, self._places[shown], rule.exception_to, rule.fallback, rule.because,
            *lowered,
        )  # fmt: skip

    def _lowered(self, noted: Noted) -> tuple[int, object] | None:
        """The number of the form and the values, or -1 and the tree; None where it is not to be kept."""
        like, start = noted.rule.like, noted.rule.span.start
        if isinstance(like, Known):
            placed = like.said.lowered
            if isinstance(placed, Follows):
                return self._form(placed.form), placed.values
            assert isinstance(placed, Tree)
            return -1, placed.data
        if isinstance(like, Alike) and like.follows:
            values, many = like.own.values, 2 * len(like.own.items)
            return self._form(like.group), (*[each - start for each in values[1 : many + 1]], *values[many + 1 :])
        try:
            return -1, _bytes(noted.lowered_to, noted.rule.span)
        except _OutsideError:
            return None

    def _form(self, form: Form | Group) -> int:
        if id(form) not in self._places:
            self._places[id(form)] = len(self._forms)
            self._forms.append(form.data if isinstance(form, Form) else _form_of(form))
        return self._places[id(form)]


def _form_of(group: Group) -> bytes:
    assert group.lowered is not None  # a statement follows from it
    assert group.second is not None
    return _bytes((group.lowered.pair, group.first.marks, group.second.marks))


# ---- reading


class _Reader(Reader):
    """Reads trees, their places counted from a start."""

    def __init__(self, file: BytesIO, source: int = 0, start: int = 0) -> None:
        super().__init__(file)
        self._source, self._start = source, start

    def find_class(self, module: str, name: str) -> Any:
        if module == __name__ and name in ("_hole", "_place"):
            return _hole if name == "_hole" else self._place
        return super().find_class(module, name)

    def _place(self, *ends: int) -> Span:
        return Span(self._source, *(self._start + each for each in ends)) if ends else NOWHERE


def _hole(at: int) -> Hole:
    return Hole(at, Decimal(0), Heard())


def _place(*_: int) -> Span:
    raise AssertionError  # `_Reader` has its own


def placed_in(data: bytes) -> list[Placed]:
    """What the rules are lowered to, in their order."""
    _, forms, _, entries = read(data)
    made = [Form(each) for each in forms]
    return [_placed(made, *entry[-2:]) for entry in entries]


def notes_of(data: bytes) -> Notes:
    """What is known of the statements."""
    seen, forms, shown, entries = read(data)
    made, meanings, before = [Form(each) for each in forms], [read(each) for each in shown], Before()
    for language, text, id_, title, number, exception, fallback, because, form, own in entries:
        before[language, text] = Said(
            id_, title, meanings[number], exception, fallback, because, _placed(made, form, own)
        )
    return Notes(before, seen)


def _placed(forms: Sequence[Form], form: int, own: Any) -> Placed:
    return Tree(own) if form < 0 else Follows(forms[form], own)


def with_branches(rules: Sequence[Rule], numbers: Sequence[int], placed: Sequence[Placed]) -> tuple[Rule, ...]:
    """The rules; those that have a number among the statements kept, with their branches, made when asked for."""
    return tuple(
        rule if number < 0 else rule.with_later(partial(_branches, placed[number], rule.span))
        for rule, number in zip(rules, numbers, strict=True)
    )


def _branches(placed: Placed, span: Span) -> tuple[Branch, ...]:
    branches: tuple[Branch, ...] = placed.at(span.source, span.start)[0]
    return branches
