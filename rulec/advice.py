"""A plan in, advice on it out: rows and rules for which one is enough, policies of tables that settle nothing.

Of hit policies, DMN 1.5 (8.2.8) says: unique where no rows overlap, any where those that do give the same, and the
others only where there is something to settle.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rulec.backends.lines import lines_of
from rulec.diagnostics import Diagnostics, Related
from rulec.difference.result import Among, Axis, Between
from rulec.difference.wording import meant
from rulec.merging import ANYTHING, Run, runs
from rulec.plan.overlaps import Sheet
from rulec.plan.tree import Fact, Plan, Rule, Table
from rulec.printing import cells
from rulec.printing.conditions import condition
from rulec.printing.layout import lines_of as laid
from rulec.printing.names import Speech, UnsaidError
from rulec.runtime.index import Line, numbers_in
from rulec.runtime.tables import NONE, Cell, OneOf
from rulec.runtime.types import Slot
from rulec.semantics.model import Vocabulary
from rulec.source import Language, Source
from rulec.syntax.cells import BAR, split_cells
from rulec.tree import NOWHERE, Span

MOST = 20  # told of one rule set
ONCE = ("any", "unique", "first", "max", "min", "priority")  # what is given twice counts once
SETTLING = ("first", "max", "min", "priority")  # of rows that apply together, one is chosen
_WORDS = {
    "fr": {"rows": "les lignes {lines}", "and": " et ", "to": " à ", "title": "« {title} »", "if": "si {said}"},
    "en": {"rows": "rows {lines}", "and": " and ", "to": " to ", "title": '"{title}"', "if": "if {said}"},
}  # fmt: skip


def report_advice(
    plan: Plan, vocabulary: Vocabulary, sources: Sequence[Source], language: Language, diagnostics: Diagnostics
) -> None:  # fmt: skip
    """Note the rows and rules for which one is enough, then the tables of which the policy settles nothing."""
    _Advice(plan, vocabulary, sources, language, diagnostics).all()


class _Advice:
    def __init__(
        self, plan: Plan, vocabulary: Vocabulary, sources: Sequence[Source], language: Language,
        diagnostics: Diagnostics,
    ) -> None:  # fmt: skip
        self.plan, self.language, self.diagnostics = plan, language, diagnostics
        self.speech, self.words = Speech(language, vocabulary), _WORDS[language]
        self.slots = {slot.path: slot for slot in plan.facts}
        self.sources = {source.name: source for source in sources if not source.library}
        self.left = MOST

    def all(self) -> None:
        """Report all of it, but no more than is read."""
        for table in self.plan.tables:
            if table.file in self.sources:
                self._rows(table)
                self._policy(table)
        self._rules()

    def _tell(self, code: str, spans: Sequence[Span], **values: Any) -> None:
        self.left -= 1
        if self.left == -1:
            self.diagnostics.add("N630", spans[0], count=MOST, told="N623, N624")
        if self.left >= 0 and spans[0] != NOWHERE:
            related = tuple(Related(span, "other") for span in spans[1:] if span != NOWHERE)
            self.diagnostics.add(code, spans[0], related=related, **values)

    # ---- rows

    def _rows(self, table: Table) -> None:
        size = len(table.lines) - table.has_default
        if table.combine not in ONCE or size < 2:
            return
        rows = [
            [column.tests[column.cells[row]] if column.cells[row] != NONE else ANYTHING for column in table.columns]
            for row in range(size)
        ]
        values = [[(*each.values, None)[each.cells[row]] for each in table.decides] for row in range(size)]
        slots = [self.slots[each.input.path] if isinstance(each.input, Fact) else None for each in table.columns]
        for run in runs(rows, values, slots):
            slot = slots[run.column]
            assert slot is not None  # of anything else nothing is made
            lines = table.lines[run.first : run.last + 1]
            said = self._cell(slot, run.cell)
            if said:
                joined = self.words["and" if len(lines) == 2 else "to"].join((str(lines[0]), str(lines[-1])))
                spans = [self._line(table.rows_file, line) for line in lines]
                text = self._row(table.rows_file, lines[0], run.column, said)
                self._tell("N624", spans, rows=self.words["rows"].format(lines=joined), text=text)

    def _cell(self, slot: Slot, cell: Cell) -> str:
        """A cell as it is written; "" for what cannot be."""
        try:
            return cells.ANY if cell == ANYTHING else cells.test(self.speech, meant(self.speech, _asked(slot, cell)))
        except (UnsaidError, KeyError):
            return ""

    def _row(self, file: str, line: int, column: int, said: str) -> str:
        """The row with another cell; of rows in a file of their own, the cell alone."""
        source = self.sources.get(file)
        text = source.line(line) if source is not None else ""
        start = len(text) - len(text.lstrip())
        if not text[start:].startswith(BAR):
            return said
        found = split_cells(text, start, len(text.rstrip()))
        written = [said if at == column else text[cell.start : cell.end] for at, cell in enumerate(found)]
        right = next((at for at, cell in enumerate(found) if cell.right), len(found))
        return f"| {' | '.join(written[:right])} || {' | '.join(written[right:])} |"

    def _line(self, file: str, number: int) -> Span:
        source = self.sources.get(file)
        return source.written(number) if source is not None else NOWHERE

    # ---- rules

    def _rules(self) -> None:
        lines = lines_of(self.plan)
        slots = [self.slots.get(each.path) for each in lines.inputs]
        rules = {rule.id: rule for rule in self.plan.rules}
        combine = {slot.key: slot.combine for slot in self.plan.outcomes}
        numbered = [(number, line, rules.get(line.rule)) for number, line in enumerate(lines.lines)]
        for alone, group in groupby(numbered, lambda each: self._is_alone(each[1], each[2], combine)):
            some = [(number, line, rule) for number, line, rule in group if alone and rule is not None]
            rows = [[_of_line(each.tests, each.cells[number]) for each in lines.inputs] for number, _, _ in some]
            gives = [(line.gives, line.does, rule.file, rule.because) for _, line, rule in some]
            for run in runs(rows, gives, slots):
                self._merged([rule for _, _, rule in some[run.first : run.last + 1]], rows[run.first], slots, run)

    def _is_alone(self, line: Line, rule: Rule | None, combine: dict[str, str]) -> bool:
        """Whether nothing but tests of facts decides on a rule, and what it gives counts once."""
        if rule is None or not (line.settled and line.sole) or rule.exceptions or rule.file not in self.sources:
            return False
        return not rule.because and all(combine[key] in ONCE for key, _ in line.gives)

    def _merged(self, rules: Sequence[Rule], row: Sequence[object], slots: Sequence[Slot | None], run: Run) -> None:
        asked = [run.cell if at == run.column else cell for at, cell in enumerate(row)]
        said = list[str]()
        for slot, cell in zip(slots, asked, strict=True):
            if cell == ANYTHING:
                continue
            if slot is None or not isinstance(cell, Cell):
                return
            try:
                text = condition(self.speech, meant(self.speech, _asked(slot, cell)))
            except (UnsaidError, KeyError):
                return
            said.append(" ".join(line.strip() for line in laid(text, 0)))
        titles = [self.words["title"].format(title=rule.title) for rule in rules]
        rows = self.words["and"].join((", ".join(titles[:-1]), titles[-1]))
        if said:
            text = self.words["if"].format(said=self.words["and"].join(said))
            self._tell("N624", [rule.span for rule in rules], rows=rows, text=text)

    # ---- policies

    def _policy(self, table: Table) -> None:
        better = _better(Sheet(table, self.slots), table)
        if better:
            way, other = (self.speech.word("rows", each) for each in (table.combine, better))
            self._tell("N623", [self._line(table.file, table.line)], way=way, better=other)


def _better(sheet: Sheet, table: Table) -> str:
    """The policy under which all is decided alike; "" where there is something to settle."""
    size, alike = len(table.lines) - table.has_default, True
    if table.combine not in SETTLING or size < 2:
        return ""
    for row in range(size):
        for other in numbers_in(sheet.meeting(row) & ((1 << row) - 1)):
            if table.combine != "first" or any(each.cells[row] != each.cells[other] for each in table.decides):
                return ""
            alike = False
    return "unique" if alike else "any"


def _of_line(tests: Sequence[object], number: int) -> object:
    """What a line asks of a fact: of ranges, the one that it is."""
    test = tests[number] if number != NONE else ANYTHING
    return test[0] if isinstance(test, tuple) and len(test) == 1 else test


def _asked(slot: Slot, cell: Cell) -> Between | Among:
    axis = Axis(slot.path, slot)
    if isinstance(cell, OneOf):
        return Among(axis, cell.values, cell.negated)
    return Between(axis, cell.low, cell.high, cell.low_included, cell.high_included)

