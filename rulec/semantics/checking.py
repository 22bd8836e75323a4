"""Statements as read in, the model of all of them out: names resolved, types checked."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rulec.diagnostics import Diagnostics
from rulec.runtime.types import Slot
from rulec.semantics import model
from rulec.semantics.definitions import Defining, defined, defining, each_once, mentions, report_unused, typed
from rulec.semantics.element_terms import check_inlined
from rulec.semantics.guards import check_guards
from rulec.semantics.known import Known, Notes
from rulec.semantics.parameters import PENDING
from rulec.semantics.rules import Rules, check_fallbacks, check_titles
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.heads import Head
from rulec.syntax.parse import Drawn, Read, parse_rules
from rulec.tree import Node, Span, walk

if TYPE_CHECKING:
    from rulec.semantics.alike import Alike

Heads = dict[tuple[int, int], Head]  # by source and start of the statement
Parsed = list[tuple[Source, "list[Read | Alike | Known]"]]


def checked(
    vocabulary: model.Vocabulary, parsed: Parsed, heads: Heads, diagnostics: Diagnostics, notes: Notes
) -> tuple[model.Vocabulary, model.Model]:
    """The vocabulary with what is defined, and the model of all the rules. Raises StaleError as `notes` does."""
    all_read = not diagnostics.failed
    found = definings_of(vocabulary, parsed, heads)
    once = each_once(found, diagnostics)
    vocabulary, definings = typed(vocabulary, once, diagnostics)
    kept = {each.path for each in definings}
    lost = frozenset[str]().union(*(each.term.chain[-1] for each in once if each.path not in kept))
    lost = lost.union(*(fact.chain[-1] for fact in vocabulary.facts if fact.slot.type == PENDING))  # could not be read
    if lost:
        notes.stop()
    stated = {(each.source.number, each.span.start) for each in found}
    meant = _Meant(vocabulary, lost, stated, diagnostics, notes)
    meant.define(definings, {source.number: source for source, _ in parsed})
    for source, statements in parsed:
        meant.read(source, statements)
    meant.check(definings, all_read)
    return vocabulary, meant.model()


def definings_of(vocabulary: model.Vocabulary, parsed: Parsed, heads: Heads) -> list[Defining]:
    """The statements that define something, in the order of the text."""
    return [
        each
        for source, statements in parsed
        for read in statements
        if isinstance(read, Read) and isinstance(read.statement, ast.Rule)
        if (head := heads.get((source.number, read.span.start)))
        for each in defining(vocabulary, source, read, head)
    ]


class _Meant:
    """What the statements mean, as they are read one by one.

    `lost`: the words of definitions with errors, whose uses are not told. `stated`: the statements that define.
    """

    def __init__(
        self, vocabulary: model.Vocabulary, lost: frozenset[str], stated: set[tuple[int, int]],
        diagnostics: Diagnostics, notes: Notes,
    ) -> None:  # fmt: skip
        self._vocabulary, self._lost, self._stated, self._diagnostics = vocabulary, lost, stated, diagnostics
        self._notes, self._all_read = notes, True
        self._slots: tuple[Slot, ...] = tuple(fact.slot for fact in vocabulary.facts if not fact.defined)
        self._definitions = list[model.Definition]()
        self._rules, self._tables = list[model.Rule](), list[model.Table]()
        self._precedences = list[ast.Precedence]()
        self._judgements, self._promises = list[model.Judgement](), list[model.Promise]()
        self._oversight = list[model.Oversight]()

    def define(self, definings: Sequence[Defining], sources: dict[int, Source]) -> None:
        """What is defined, each with its type."""
        made = (defined(self._vocabulary, each, self._diagnostics) for each in definings)
        self._definitions += [each for each in made if each]
        for each in self._definitions:
            check_guards(each.rule, self._slots, sources[each.span.source], self._diagnostics)
            check_inlined(each, self._diagnostics)
        self._notes.sees(self._vocabulary, [each for each in self._definitions if each.parameters])

    def read(self, source: Source, statements: "Sequence[Read | Alike | Known]") -> None:
        """The statements of a source."""
        reader = Rules(self._vocabulary, source, self._diagnostics)
        for read in self._by_words(reader, statements):
            if isinstance(read.statement, Drawn):
                from rulec.semantics.tables import read_table  # only tables need it

                self._tables += read_table(reader, read.statement, len(self._rules))
            elif (source.number, read.span.start) not in self._stated and not mentions(read.statement, self._lost):
                self._say(reader, read.statement, read.span)

    def _by_words(self, reader: Rules, statements: "Sequence[Read | Alike | Known]") -> Iterator[Read]:
        """The statements to read from their words; the rules known otherwise are added in their place."""
        for each in statements:
            if isinstance(each, Read):
                yield each
            elif isinstance(each, Known):
                self._rules += self._notes.taken(reader.source, each.span, [each.rule])
            elif (found := None if self._lost else each.rules(reader)) is not None:
                self._rules += self._notes.taken(reader.source, each.span, found)
            else:
                read = parse_rules(reader.source, [each.raw], each.group.names, self._diagnostics)
                self._all_read &= bool(read)
                yield from read

    def _say(self, reader: Rules, statement: ast.Statement, span: Span) -> None:
        if isinstance(statement, ast.Promise):
            from rulec.semantics.promises import decided_in, read_promises  # few rule sets promise anything

            self._promises += read_promises(reader, statement, span, decided_in(self._definitions), self._slots)
        elif isinstance(statement, ast.Autonomy | ast.Approval):
            from rulec.semantics.supervision import oversight_of  # few rule sets speak of it

            if (said := oversight_of(reader, statement, span, self._slots)) is not None:
                self._oversight.append(said)
        elif isinstance(statement, ast.Precedence):
            self._precedences.append(statement)
        elif isinstance(statement, ast.Judgement):
            from rulec.semantics.judgements import read_judgement  # few rule sets hold judgements

            if (made := read_judgement(reader, statement, span)) is not None:
                self._judgements.append(made)
        elif isinstance(statement, ast.Rule):
            before = len(self._diagnostics)
            rules = list(reader.read(statement, span))
            for rule in rules:
                check_guards(rule, self._slots, reader.source, self._diagnostics)
            new = self._diagnostics.found[before:]
            self._notes.found(new, span)
            self._rules += rules if new else self._notes.taken(reader.source, span, rules)

    def check(self, definings: Sequence[Defining], all_read: bool) -> None:
        """What only all the statements together tell: of rules that could not be read, titles are not known."""
        rules, tables = self._rules, self._tables
        if all_read and self._all_read:
            check_titles(rules, tables, self._precedences, self._diagnostics)
            actions = [action.slot for action in self._vocabulary.actions]
            check_fallbacks(rules, tables, actions, self._diagnostics)
        if definings and not self._diagnostics.failed:
            nodes = [*rules, *tables, *self._promises, *self._oversight, *(each.rule for each in self._definitions)]
            report_unused(definings, _defined_in(nodes), self._diagnostics)
        if self._judgements:
            from rulec.semantics.judgements import unmarked

            for fact in unmarked([*rules, *tables, *self._definitions, *self._promises, *self._oversight]):
                self._diagnostics.add("E476", fact.span, term=fact.path)

    def model(self) -> model.Model:
        """All that is meant."""
        return model.Model(
            self._slots, tuple(outcome.slot for outcome in self._vocabulary.outcomes),
            tuple(action.slot for action in self._vocabulary.actions), tuple(self._rules),
            tuple(pair for each in self._precedences for pair in each.pairs()), tuple(self._definitions),
            tuple(self._tables), tuple(self._judgements), tuple(self._promises), tuple(self._oversight),
            tuple(event.slot for event in self._vocabulary.events), self._vocabulary.watches,
        )  # fmt: skip


def _defined_in(nodes: Sequence[Node]) -> frozenset[str]:
    """The paths of what is defined and read."""
    read = (each for node in nodes for each in walk(node))
    return frozenset(
        each.path for each in read
        if isinstance(each, model.Called) or (isinstance(each, model.FactOf) and each.defined)
    )  # fmt: skip
