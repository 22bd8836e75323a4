"""Statements in, groups of those of one form out: they differ by their numbers and by which values of lists they name.

Rules are mostly of few forms. Two statements of each are read as any other, from its words; what the others mean
follows from these two, with other numbers, values and places. Where it does not follow (a number is calculated with,
or compares otherwise than in these two), a statement is read from its own words.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import Any, TypeVar

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import Plain, changing, plain
from rulec.semantics import model
from rulec.semantics.forms import Forms, Key, Statement
from rulec.semantics.guards import check_guards
from rulec.semantics.holes import Heard, Hole, LookedAtError
from rulec.semantics.rules import Meaning, Rules
from rulec.semantics.templates import Make, UnlikeError, template
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.lexer import Names
from rulec.syntax.parse import Raw, parse_rules
from rulec.tree import Span

L = TypeVar("L")


@plain
class Template(Plain):
    """What statements of one form mean, as two of them tell it, where their numbers compare as the numbers of these."""

    pair: tuple[Any, Any]
    make: Make
    heard: tuple[Heard, ...]

    def holds(self, own: Statement) -> bool:
        """Whether the numbers of a statement compare as theirs."""
        return all(heard.hold(own.numbers) for heard in self.heard)


@changing
class Group:
    """The statements of one form. `rule`: the first one as it is written. `shown`: what it says.

    `meaning`: what all of them say. `lowered`: see `Alike.lowered`.
    """

    source: Source
    names: Names
    first: Statement
    second: Statement | None = None
    rule: ast.Rule | None = None
    shown: Meaning = Meaning((), None)
    meaning: Template | None = None
    lowered: Template | None = None
    learned: set[str] = field(default_factory=set)

    def learn(self, reader: Rules) -> None:
        """What the first two mean, read with their numbers kept from sight."""
        if self.second is None:
            return
        quiet = Rules(reader.vocabulary, self.source, Diagnostics())
        heard, statements = (Heard(), Heard()), (self.first, self.second)
        rules: list[ast.Rule] = []

        def read(at: int) -> Meaning:
            found = _meant(quiet, statements[at], heard[at], self.names)
            if found is None or len(quiet.diagnostics):
                raise UnlikeError
            rules.append(found[0])
            return found[1]

        self.meaning = self._template(read, heard)
        if self.meaning is not None:
            self.rule, self.shown = rules[0], self.meaning.make(self.first.values)

    def lower(self, lower: Callable[[Meaning], Any]) -> None:
        """What comes of it further on."""
        assert self.meaning is not None  # asked of what `learn` found
        pair, heard = self.meaning.pair, self.meaning.heard
        self.lowered = self._template(lambda at: lower(pair[at]), heard)

    def _template(self, read: Callable[[int], Any], heard: tuple[Heard, ...]) -> Template | None:
        """What the first two tell; None where it hangs on their numbers, or on more than these."""
        assert self.second is not None
        try:
            pair = read(0), read(1)
            return Template(pair, template(*pair, self.first.marks, self.second.marks), heard)
        except (LookedAtError, UnlikeError, TypeError):
            return None


@changing
class Alike:
    """A statement whose meaning follows from two others. `follows`: what came of it further on did so too."""

    raw: Raw
    own: Statement
    group: Group
    follows: bool = False

    @property
    def span(self) -> Span:
        """Its place."""
        return self.raw.span

    def rules(self, reader: Rules) -> list[model.Rule] | None:
        """What it means; None where it is to be read from its own words."""
        group = self.group
        if "meaning" not in group.learned:
            group.learned.add("meaning")
            group.learn(reader)
        if group.meaning is None or group.rule is None or not group.meaning.holds(self.own):
            return None
        if group.rule.form == "case_list":  # each line has its place
            return list(reader.ruled(group.rule, self.meaning, self.raw.span))
        return list(reader.ruled(group.rule, group.shown, self.raw.span, self))

    @cached_property
    def meaning(self) -> Meaning:
        """What it says."""
        assert self.group.meaning is not None  # asked of what `rules` found
        meaning: Meaning = self.group.meaning.make(self.own.values)
        return meaning

    def lowered(self, lower: Callable[[Meaning], L]) -> L:
        """What `lower` makes of its meaning."""
        group = self.group
        if "lowered" not in group.learned:
            group.learned.add("lowered")
            group.lower(lower)
        self.follows = group.lowered is not None and group.lowered.holds(self.own)
        if group.lowered is None or not self.follows:
            return lower(self.meaning)
        lowered: L = group.lowered.make(self.own.values)
        return lowered


def parted(
    source: Source, raws: Sequence[Raw], names: Names, vocabulary: model.Vocabulary, apart: Collection[int]
) -> tuple[list[Raw], list[Alike]]:
    """The statements to read, and those whose meaning may follow from theirs. `apart`: where definitions start."""
    forms = Forms(source, names, vocabulary)
    groups: dict[Key, Group] = {}
    read, alike = list[Raw](), list[Alike]()
    for raw in raws:
        found = None if _special(raw) or raw.span.start in apart else forms.of(raw.items)
        if found is None:
            read.append(raw)
            continue
        key, own = found
        group = groups.get(key)
        if group is None:
            groups[key] = Group(source, names, own)
            read.append(raw)
        elif group.second is None and all(a != b for a, b in zip(group.first.options, own.options, strict=True)):
            group.second = own
            read.append(raw)
        else:
            alike.append(Alike(raw, own, group))
    return read, alike


def _special(raw: Raw) -> bool:
    return not raw.decides or raw.broken or raw.period is not None


def _meant(reader: Rules, own: Statement, heard: Heard, names: Names) -> tuple[ast.Rule, Meaning] | None:
    """What a statement means, its numbers kept from sight; None for what is no plain rule."""
    items = list(own.items)
    for at, place in enumerate(own.hidden):
        literal = items[place].payload
        items[place] = replace(items[place], payload=replace(literal, value=Hole(at, literal.value, heard)))
    span = Span(own.source, items[0].start, items[-1].end)
    read = parse_rules(reader.source, [Raw(tuple(items), span, False)], names, reader.diagnostics)
    rule = read[0].statement if read else None
    if not isinstance(rule, ast.Rule) or rule.each or rule.constant or rule.because:
        return None
    meaning = reader.meaning(rule, span)
    for each in reader.ruled(rule, meaning, span) if meaning is not None else ():
        check_guards(each, (), reader.source, reader.diagnostics)
    return (rule, meaning) if meaning is not None else None
