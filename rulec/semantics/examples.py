"""Examples as written in, cases with what is expected of them out: one a statement, or one a row of a table."""

from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from rulec.diagnostics import Diagnostics
from rulec.runtime import types as t
from rulec.runtime.plain import Plain, changing, plain
from rulec.semantics import model
from rulec.semantics.conditions import Conditions
from rulec.semantics.effects import Effects
from rulec.semantics.expectations import Expectations
from rulec.semantics.expressions import Expressions, anything
from rulec.semantics.lists import Lists
from rulec.semantics.measures import too_many_decimals
from rulec.semantics.suppositions import Case, Suppositions
from rulec.source import Source
from rulec.syntax import ast
from rulec.tree import Node, Span, walk

Told = Case | tuple[model.Expected, ...]  # what a cell gives, or what it expects


@changing
class Examples:
    """Reads the examples of one file."""

    source: Source
    conditions: Conditions
    effects: Effects
    element: str = ""  # of a list, what its elements are bound to
    suppositions: Suppositions = field(init=False)
    expectations: Expectations = field(init=False)

    def __post_init__(self) -> None:
        self.suppositions = Suppositions(self.conditions, self.element)
        self.expectations = Expectations(self.effects)

    def read(self, example: ast.Example, span: Span) -> Iterator[model.Example]:
        """The cases of an example. `span`: the whole statement."""
        if example.grid is not None:
            yield from self._rows(example.title, example.grid, span)
            return
        case = self.suppositions.read(example.given) if example.given is not None else Case()
        for listed in example.lists:
            self._elements(listed, case)
        history = tuple(map(self._happening, example.history))
        if example.expected is None:
            self._diagnostics.add("E470", span)
            return
        said = self._example(example.title, 0, span, case, self.expectations.read(example.expected))
        yield replace(said, history=history) if history else said

    def _happening(self, said: ast.Dated) -> model.Happening:
        case = self.suppositions.read(said.given) if said.given is not None else Case()
        if case.at is not None:
            self._diagnostics.add("E461", case.at.span, term=self.source.cut(case.at.span))
        supposed = tuple(case.facts.values())
        self._payable(supposed)
        return model.Happening(said.day, said.any_year, said.clock, said.event, supposed, span=said.span)

    def _elements(self, listed: ast.Elements, case: Case) -> None:
        """« et les lignes : », each row an element."""
        found = Lists(self.conditions.expressions).find(listed.named)
        if found is None or found.rest or not found.path or not isinstance(found.element.type, t.Record):
            self._diagnostics.add("E372", listed.named.span, text=self.source.cut(listed.named.span))
            return
        inner = Conditions(Expressions(found.scope))
        reader = Examples(self.source, inner, Effects(inner.expressions, inner), found.name)
        rows = tuple(reader.row(row) for row in reader.cells(listed.grid))
        kind = found.source.type
        assert isinstance(kind, t.ListOf)
        self.suppositions.take(found.path, model.Rows(rows, kind, span=listed.span), listed.named.span, case)

    def cells(self, grid: ast.Grid) -> Iterator[list[tuple["Head", ast.Entered]]]:
        """The cells of each row, each with its head; a head of nothing that can be given is reported."""
        heads = [head_of(chain) for chain in grid.heads]
        for chain, head in zip(grid.heads, heads, strict=True):
            if (head is None or head.marker) and chain.items:
                self._diagnostics.add("E471", chain.span, text=self.source.cut(chain.span))
        known = [head for head in heads if head is not None and not head.marker]
        if len(known) == len(heads):
            yield from (list(zip(known, row, strict=True)) for row in grid.rows)

    def row(self, cells: Sequence[tuple["Head", ast.Entered]]) -> tuple[model.Supposed, ...]:
        """What the cells of a row give."""
        case = Case()
        for head, cell in cells:
            if cell.chain is not None:
                self._give(head, cell.chain, case)
        supposed = tuple(case.facts.values())
        self._payable(supposed)
        return supposed

    def _example(
        self, title: str, row: int, span: Span, case: Case, expected: Sequence[model.Expected]
    ) -> model.Example:
        line = self.source.place(span.start)[0]
        supposed = tuple(case.facts.values())
        self._payable((*supposed, *expected))
        return model.Example(title, self.source.name, line, row, supposed, case.at, tuple(expected), span=span)

    def _payable(self, said: Sequence[Node]) -> None:
        """Report each amount that has more decimals than its currency: no fact and no outcome is ever such."""
        for literal in (node for each in said for node in walk(each) if isinstance(node, model.Literal)):
            if (most := too_many_decimals(literal.value, literal.type)) is not None:
                currency = getattr(literal.type, "currency", "")
                self._diagnostics.add("E475", literal.span, currency=currency, count=most)

    # ---- tables

    def _rows(self, title: str, grid: ast.Grid, span: Span) -> Iterator[model.Example]:
        heads = [head_of(chain) for chain in grid.heads]
        if any(head is None for head in heads):
            wrong = next(chain for chain, head in zip(grid.heads, heads, strict=True) if head is None)
            if wrong.items:  # an empty one is a head that could not be read
                self._diagnostics.add("E471", wrong.span, text=self.source.cut(wrong.span))
            return
        known = [head for head in heads if head is not None]
        for number, row in enumerate(grid.rows, 1):
            case, expected = Case(), list[model.Expected]()
            for at, (head, cell) in enumerate(zip(known, row, strict=True)):
                if cell.chain is None:
                    continue
                if at < grid.given:
                    self._give(head, cell.chain, case)
                else:
                    expected += self.expectations.read(self._expectation(head, cell.chain))
            place = row[0].span.to(row[-1].span)
            yield self._example(title, number, place, case, expected)

    def told(self, head: "Head", cell: ast.Chain, given: bool) -> "Told":
        """What one cell says, apart from the others of its row."""
        if not given:
            return self.expectations.read(self._expectation(head, cell))
        case = Case()
        self._give(head, cell, case)
        return case

    def _give(self, head: "Head", cell: ast.Chain, case: Case) -> None:
        """What a cell gives: said of its head."""
        if head.marker:
            if head.marker != "TODAY":
                self._diagnostics.add("E471", head.span, text=self.source.cut(head.span))
                return
            value = _only(cell)
            day = self.conditions.expressions.read(value, t.Date()) if value else None
            if value is None:
                self._diagnostics.add("E309", cell.span, text=self.source.cut(cell.span))
            elif day is not None:
                self.suppositions.date(day, case)
            return
        clause = self._told(head, cell)
        if len(cell.items) == 1 and isinstance(clause, ast.Clause) and self.suppositions.doubt(clause, case):
            return
        if isinstance(clause, ast.Clause) and _lacking(clause):
            missing = ast.Predicate("MISSING", "", span=cell.span)
            clause = ast.Clause(clause.subject, (missing,), span=cell.span)
        if (yes := _yes(cell)) is not None and head.ref and self.conditions.clauses.meanings.means(head.ref):
            condition = self.conditions.clauses.meanings.named(head.ref)
            if condition is not None:
                condition = replace(condition, span=cell.span)
                self.suppositions.add(condition if yes else model.Not(condition, span=cell.span), case)
            return
        self.suppositions.add(self.conditions.read(ast.Chain((clause, *cell.items[1:]), span=cell.span)), case)

    def _expectation(self, head: "Head", cell: ast.Chain) -> ast.Chain:
        """What a cell expects, as it would be said in a sentence."""
        if head.marker == "ACTIONS":
            nothing = ast.Clause(None, (ast.Predicate("NO_ACTION", span=cell.span),), span=cell.span)
            first = cell.items[0]
            return ast.Chain((nothing,), span=cell.span) if _is_nothing(first) else cell
        if head.marker == "LACKING":
            value = _only(replace(cell, items=cell.items[:1]))
            phrase = ast.Phrase(value, span=cell.span) if value else None
            lacking = ast.Predicate("LACKING", "", phrase, span=cell.span)
            return ast.Chain((ast.Clause(None, (lacking,), span=cell.span), *cell.items[1:]), span=cell.span)
        targets = self.effects.targets
        if head.ref is not None and targets.acts(head.ref) and not targets.target(head.ref):
            if asked := self._asked(head.ref, cell):
                return ast.Chain((asked,), span=cell.span)
        return ast.Chain((self._told(head, cell), *cell.items[1:]), span=cell.span)

    def _asked(self, ref: ast.Ref, cell: ast.Chain) -> ast.Clause | None:
        """Under the name of an action: yes, no, or its only parameter."""
        phrase = ast.Phrase(ref, span=cell.span)
        if (yes := _yes(cell)) is not None:
            if yes:
                return ast.Clause(phrase, (), span=cell.span)
            return ast.Clause(None, (ast.Predicate("NOT", "", phrase, span=cell.span),), span=cell.span)
        actions = self.effects.expressions.scope.actions(ref.terms)
        value = _only(cell)
        if len(actions) != 1 or len(actions[0].parameters) != 1 or not isinstance(value, ast.Quote | ast.Value):
            return None
        key = "+".join(sorted(actions[0].parameters[0]))
        named = ast.Ref((ast.Term(key, span=cell.span),), span=cell.span)
        said = ast.Predicate("WITH", "", ast.Phrase(named, value, span=cell.span), span=cell.span)
        return ast.Clause(phrase, (said,), span=cell.span)

    def _told(self, head: "Head", cell: ast.Chain) -> ast.Element:
        """The cell said of its head: « remise » « 10 % » is « remise est 10 % »."""
        first = cell.items[0]
        if not isinstance(first, ast.Clause) or head.ref is None:
            return first if not isinstance(first, ast.Connective) else ast.Clause(None, (), span=cell.span)
        subject = ast.Phrase(head.ref, span=head.ref.span)
        if first.subject is None:
            return ast.Clause(subject, first.predicates, span=first.span)
        verb = "SEEMS" if self._judged(head.ref) else "IS"
        said = ast.Predicate(verb, "", first.subject, span=first.subject.span)
        return ast.Clause(subject, (said, *first.predicates), span=first.span)

    def _judged(self, ref: ast.Ref) -> bool:
        """Whether a head names what is judged."""
        named = self.conditions.expressions.scope.facts(ref.terms, anything)
        return bool(named) and all(each.slot.judged for each in named)

    @property
    def _diagnostics(self) -> Diagnostics:
        return self.conditions.expressions.scope.diagnostics


@plain
class Head(Plain):
    """What a column is about: a reference, or the date of the decision, the actions, what is missing."""

    ref: ast.Ref | None
    marker: str
    span: Span


def head_of(chain: ast.Chain) -> Head | None:
    """What a column is about; None where that is nothing."""
    clause = chain.items[0] if len(chain.items) == 1 else None
    if not isinstance(clause, ast.Clause):
        return None
    if clause.subject is None:
        heads = clause.predicates
        bare = len(heads) == 1 and heads[0].marker in ("ACTIONS", "LACKING") and heads[0].phrase is None
        return Head(None, heads[0].marker, chain.span) if bare else None
    if clause.predicates or clause.subject.detail is not None:
        return None
    match clause.subject.operand:
        case ast.Ref() as ref:
            return Head(ref, "", chain.span)
        case ast.Today():
            return Head(None, "TODAY", chain.span)
        case _:
            return None


def _only(cell: ast.Chain) -> ast.Operand | None:
    """The operand of a cell that holds nothing else."""
    clause = cell.items[0] if len(cell.items) == 1 else None
    if not isinstance(clause, ast.Clause) or clause.subject is None or clause.predicates or clause.subject.detail:
        return None
    return clause.subject.operand


def _yes(cell: ast.Chain) -> bool | None:
    """Whether a cell says yes or no."""
    if len(cell.items) == 1 and _is_nothing(cell.items[0]):
        return False
    value = _only(cell)
    return value.word == "yes" if isinstance(value, ast.WordValue) and value.word in ("yes", "no") else None


def _is_nothing(element: ast.Element | ast.Connective) -> bool:
    return isinstance(element, ast.Clause) and [each.marker for each in element.predicates] == ["NOTHING"]


def _lacking(clause: ast.Clause) -> bool:
    return [each.marker for each in clause.predicates] == ["LACKING"] and clause.predicates[0].phrase is None
