"""Tables as written in, tables as meant out: each distinct cell of a column is read once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from rulec.diagnostics import Diagnostics
from rulec.runtime.tables import NONE
from rulec.semantics import model
from rulec.semantics.conditions import Conditions
from rulec.semantics.effects import Effects
from rulec.semantics.expressions import Expressions, anything
from rulec.semantics.lists import Lists
from rulec.semantics.patterns import Patterns
from rulec.semantics.periods import suffix_of
from rulec.semantics.policies import policy_of
from rulec.semantics.rules import Rules
from rulec.semantics.scope import Scope
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.cell_clauses import CellReader
from rulec.syntax.cells import Cell
from rulec.syntax.csv_rows import Row
from rulec.syntax.layout import Statement
from rulec.syntax.lexer import Names
from rulec.syntax.parse import Drawn
from rulec.syntax.sheets import Sheet
from rulec.tree import Span

R = TypeVar("R")
ANY = "-"


def read_table(rules: Rules, drawn: Drawn, before: int) -> list[model.Table]:
    """What a table means; nothing where an error was reported. `before`: how many rules stand before it."""
    sheet, diagnostics = drawn.sheet, rules.diagnostics
    already = len(diagnostics)
    if not well_shaped(sheet, diagnostics):
        return []
    table = _Reading(rules.vocabulary, sheet, drawn.names, diagnostics).table(rules.source)
    if table is not None and table.each:
        scope = Lists(rules.conditions.expressions).at(table.each, sheet.span).scope
        rules = Rules(rules.vocabulary, rules.source, diagnostics, scope=scope)
    if table is not None and sheet.trailer is not None:
        table = _with_trailer(table, sheet.trailer, rules, drawn.names)
    if table is not None and drawn.period is not None:
        table = _in_period(table, drawn.period, rules)
    return [] if table is None or diagnostics.failed_since(already) else [replace(table, before=before)]


def _in_period(table: model.Table, period: ast.Period, rules: Rules) -> model.Table:
    """Outside of its period a table gives nothing, its default row included."""
    condition = rules.conditions.read(period.condition)
    if condition is None:
        return table
    outside: model.Condition = model.Not(condition, span=period.span)
    if table.unless is not None:
        outside = model.AnyOf((outside, table.unless), span=table.unless.span)
    return replace(table, id=f"{table.id}{suffix_of(period)}", unless=outside, period=period)


def _with_trailer(table: model.Table, trailer: Statement, rules: Rules, names: Names) -> model.Table:
    """« sauf si » and « parce que » after the rows."""
    said = CellReader(rules.source, names, rules.diagnostics).trailer(trailer)
    if said is None:
        return table
    if said.form != "sentence" or len(said.cases[0].effects.items) > 1:
        rules.diagnostics.add("E483", trailer.span(rules.source), text=rules.source.cut(trailer.span(rules.source)))
    unless = rules.conditions.read(said.unless) if said.unless is not None else None
    return replace(table, unless=unless, because=rules.because(said))


def well_shaped(sheet: Sheet, diagnostics: Diagnostics) -> bool:
    """Whether there are rows, each with the cells of the head."""
    if sheet.head is None or not sheet.rows:
        diagnostics.add("E488", sheet.span)
        return False
    head, fine = [cell.right for cell in sheet.head.cells], True
    for row in sheet.rows:
        if [cell.right for cell in row.cells] != head:
            fine = False
            span = Span(sheet.source.number, row.cells[0].start, row.cells[-1].end) if row.cells else sheet.span
            diagnostics.add("E481", span, count=len(row.cells), expected=len(head), row=row.line)
    return fine


class _Reading:
    """One table being read: what is wrong with a cell is told at the cell."""

    def __init__(
        self, vocabulary: model.Vocabulary, sheet: Sheet, names: Names, diagnostics: Diagnostics
    ) -> None:  # fmt: skip
        self.sheet, self.diagnostics, self.inferred = sheet, diagnostics, vocabulary.inferred
        self.found = Diagnostics()
        self.cells = CellReader(sheet.source, names, self.found)
        self.expressions = Expressions(Scope(vocabulary, sheet.source, self.found))
        self.conditions = Conditions(self.expressions)
        self.effects = Effects(self.expressions, self.conditions)

    def table(self, rules: Source) -> model.Table | None:
        """The table; what of it could not be read is left out."""
        sheet, head = self.sheet, self.sheet.head
        assert head is not None
        before = len(self.diagnostics)
        subjects = [self.told(cell, lambda cell=cell: self.cells.subject(cell)) for cell in head.cells]  # type: ignore[misc]
        if self.diagnostics.failed_since(before):
            return None
        decided = self.decided(head, [each for each in subjects if each is not None])
        if decided is None:
            return None
        each = self.about(list(decided.values()))
        if self.diagnostics.failed_since(before):
            return None
        rows, default = self.rows()
        columns, decides = [], []
        for at, (cell, subject) in enumerate(zip(head.cells, subjects, strict=True)):
            assert subject is not None
            if outcome := decided.get(at):
                decides.append(self.decides(at, cell, subject, outcome, rows, default))
            else:
                columns.append(self.column(at, cell, subject, rows))
        policy = policy_of(sheet, rules, [outcome.slot for outcome in decided.values()], self.diagnostics)
        line = rules.place(sheet.span.start)[0]
        where = f"{rules.name}:{line}"
        return model.Table(
            sheet.title or where, sheet.title or where, rules.name, line, tuple(columns), tuple(decides),
            sheet.source.name, tuple(row.line for row in (*rows, *default)), policy or model.Policy(),
            bool(default), each=each, span=sheet.span,
        )  # fmt: skip

    def about(self, decided: Sequence[model.OutcomeTerm]) -> str:
        """The path of the list for each element of which rows decide; names are then those of the element first."""
        if not any(outcome.slot.each for outcome in decided):
            return ""
        from rulec.semantics.each import Each  # few tables are about elements

        found = Each(self.effects).of(decided, self.sheet.span)
        for each in self.found.taken():
            self.diagnostics.again(each)
        if found is None:
            return ""
        self.expressions = Expressions(found.scope)
        self.conditions = Conditions(self.expressions)
        self.effects = Effects(self.expressions, self.conditions)
        return found.path

    def told(self, cell: Cell, read: Callable[[], R]) -> R:
        """What is read, its errors told at the cell."""
        result = read()
        if len(self.found):
            place = self.cells.span(cell)
            for each in self.found.taken():
                inside = place.start <= each.span.start and each.span.end <= place.end
                fixes = tuple(fix for fix in each.fixes if place.start <= fix.span.start and fix.span.end <= place.end)
                self.diagnostics.again(replace(each, span=each.span if inside else place, fixes=fixes))
        return result

    # ---- columns

    def decided(self, head: Row, subjects: Sequence[ast.Phrase]) -> dict[int, model.OutcomeTerm] | None:
        """The outcomes of the columns right of « || »; without that sign, of those that name one."""
        ruled = any(cell.right for cell in head.cells)
        found: dict[int, model.OutcomeTerm] = {}
        failed = False
        for at, (cell, subject) in enumerate(zip(head.cells, subjects, strict=True)):
            ref = subject.operand
            outcome = self.effects.targets.target(ref) if isinstance(ref, ast.Ref) else None
            if outcome and (cell.right or not ruled):
                found[at] = outcome
            elif cell.right:
                self.diagnostics.add("E484", self.cells.span(cell), term=self.cells.text(cell))
                failed = True
        if not found and not failed:
            self.diagnostics.add("E482", self.sheet.span)
        keys = [outcome.slot.key for outcome in found.values()]
        for number, (at, outcome) in enumerate(found.items()):
            if outcome.slot.key in keys[:number]:
                self.diagnostics.add("E424", self.cells.span(head.cells[at]), term=outcome.slot.name)
        return found or None

    def rows(self) -> tuple[list[Row], list[Row]]:
        """The rows, and apart the default row, which stands last."""
        rows = list(self.sheet.rows)
        default = [rows.pop()] if self.cells.is_default(rows[-1]) else []
        for row in rows:
            if self.cells.is_default(row):
                self.diagnostics.add("E487", self.cells.span(row.cells[0]), text=self.cells.text(row.cells[0]))
        rows = [row for row in rows if not self.cells.is_default(row)]
        for row in default:
            for cell in row.cells[1:]:
                if not (cell.right or self.cells.text(cell) in ("", ANY)) and self._is_input(cell, row):
                    self.diagnostics.add("E491", self.cells.span(cell), text=self.cells.text(row.cells[0]))
        return rows, default

    def _is_input(self, cell: Cell, row: Row) -> bool:
        return any(each.right for each in row.cells)

    def column(self, at: int, head: Cell, subject: ast.Phrase, rows: Sequence[Row]) -> model.Column:
        """A column of tests."""

        def read(cell: Cell) -> model.Condition | None:
            chain = self.cells.test(subject, cell)
            return self.conditions.read(chain) if chain is not None else None

        found, numbers, places = self._distinct(at, rows, read)
        tests = cast("tuple[model.Condition, ...]", found)
        about = None if tests else self._about(subject)
        return model.Column(self.cells.text(head), tests, numbers, places, about, span=self.cells.span(head))

    def _about(self, subject: ast.Phrase) -> model.Value | None:
        """The input of a column of nothing but « - », where it is one."""
        scope = self.conditions.expressions.scope
        quiet = Expressions(Scope(scope.vocabulary, scope.source, Diagnostics()))
        return quiet.reference(subject.operand, anything) if isinstance(subject.operand, ast.Ref) else None

    def decides(
        self, at: int, head: Cell, subject: ast.Phrase, outcome: model.OutcomeTerm, rows: Sequence[Row],
        default: Sequence[Row],
    ) -> model.Decides:  # fmt: skip
        """A decided column."""

        def read(cell: Cell) -> model.Value | None:
            chain = self.cells.value(subject, cell)
            done = self.effects.read(chain, outcome) if chain is not None else None
            if done is None:
                return None
            give = done.effects[0] if len(done.effects) == 1 and done.condition is None else None
            if not isinstance(give, model.Give) or give.outcome != outcome.slot.key:
                self.found.add("E483", self.cells.span(cell), text=self.cells.text(cell))
                return None
            return give.value

        found, numbers, _ = self._distinct(at, [*rows, *default], read)
        values = cast("tuple[model.Value, ...]", found)
        last = numbers[-1] if default else NONE
        return model.Decides(
            outcome.slot.key, values, numbers[: len(rows)], last, span=self.cells.span(head)
        )  # fmt: skip

    def _distinct(
        self, at: int, rows: Sequence[Row], read: Callable[[Cell], R | None]
    ) -> tuple[tuple[R, ...], tuple[int, ...], tuple[Span, ...]]:
        """Each distinct cell of a column, read once; for each row the number of its cell; where each stands."""
        known: dict[str, int] = {ANY: NONE}
        found, numbers, places = list[R](), list[int](), list[Span]()
        patterns = Patterns(self.sheet.source.language, {})
        for row in rows:
            cell = row.cells[at]
            text = self.cells.text(cell)
            if text not in known:
                result = cast("R | None", patterns.meant(text, self.cells.span(cell)))
                if result is None:
                    result = self.told(cell, lambda cell=cell: read(cell))  # type: ignore[misc]
                    patterns.learn(text, self.cells.span(cell), result)
                known[text] = NONE if result is None else len(found)
                found += [] if result is None else [result]
            numbers.append(known[text])
            places.append(self.cells.span(cell))
        return tuple(found), tuple(numbers), tuple(places)
