"""Cells in, the ast of what they say out: what stands under a head is read as said of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rulec.diagnostics import Diagnostics, Fix
from rulec.runtime.plain import changing
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.cells import BAR, Cell
from rulec.syntax.csv_rows import Row
from rulec.syntax.fold import fold, stem
from rulec.syntax.grammar import SentenceError, parse_tokens
from rulec.syntax.layout import Statement
from rulec.syntax.lexer import Names, lex
from rulec.syntax.scan import scan
from rulec.syntax.shape import Shaping, shape
from rulec.syntax.sheets import Sheet, line_of
from rulec.syntax.tokens import Entry, Token
from rulec.syntax.unreadable import report_unreadable, report_words
from rulec.syntax.words import words
from rulec.tree import Span

_VALUES = frozenset({"VALUE", "TERM", "TEXT", "WORD_VALUE", "TODAY", "MINUS", "PLUS", "LPAR", "IT"})
_BOUNDED = frozenset({"TO", "UPPER", "MARK"})
_LISTING = frozenset({"COMMA", "OR", "AND"})
_DENYING = frozenset({"NOT", "UNLESS"})


@changing
class CellReader:
    """Reads the cells of one table. Each method gives None where an error was reported."""

    source: Source
    names: Names
    diagnostics: Diagnostics

    def subject(self, cell: Cell) -> ast.Phrase | None:
        """What a column is about: its head."""
        chain = self._chain(cell, self._lexed(cell))
        clause = chain.items[0] if chain else None
        if chain is None:
            return None
        if len(chain.items) > 1 or not isinstance(clause, ast.Clause) or clause.predicates or not clause.subject:
            self.diagnostics.add("E483", self.span(cell), text=self.text(cell))
            return None
        return clause.subject

    def test(self, subject: ast.Phrase, cell: Cell) -> ast.Chain | None:
        """What a cell says of the head of its column."""
        tokens = self._as_test(cell)
        if [token.type for token in tokens] == ["ELSE_ABOVE"]:
            return self._report_beyond(cell)
        chain = self._chain(cell, [_as_value(token) for token in tokens])
        return replace(chain, items=tuple(_about(subject, item) for item in chain.items)) if chain is not None else None

    def _report_beyond(self, cell: Cell) -> None:
        """« au-delà »: of the bound of the row above, which is to be written."""
        text, start = self.source.text, self.source.text.rfind("\n", 0, cell.start) + 1
        above = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)].split(BAR)
        column = text[start : cell.start].count(BAR)
        bound = re.search(r"\d[\d\s.,]*\S*\s*\S*$", above[column].strip()) if column < len(above) else None
        more = words(self.source.language).tables["compare"]["gt"]
        said = next(way for way in more if way in ("plus de", "more than"))
        fixes = (Fix(self.span(cell), f"{said} {bound[0]}"),) if bound else ()
        self.diagnostics.add("E773", self.span(cell), fixes=fixes, text=self.text(cell), more=said)

    def value(self, subject: ast.Phrase, cell: Cell) -> ast.Chain | None:
        """What a cell gives the outcome at the head of its column."""
        tokens = self._yes_no(cell) or self._lexed(cell)
        if tokens and tokens[0].type in _VALUES:
            tokens = [_made("IS", tokens[0]), *tokens]
        chain = self._chain(cell, [_as_value(token) for token in tokens])
        return replace(chain, items=(_about(subject, chain.items[0]), *chain.items[1:])) if chain is not None else None

    def trailer(self, trailer: Statement) -> ast.Rule | None:
        """« sauf si », « parce que » after the rows: a rule that gives nothing itself."""
        items = scan(self.source, trailer, self.diagnostics)
        tokens = lex(self.source, items, self.names, self.diagnostics)
        start = Span(self.source.number, trailer.lines[0].start, trailer.lines[0].start)
        return self._parsed([Token("WORD_VALUE", "", "yes", start), *shape(tokens, self._shaping())])

    def is_default(self, row: Row) -> bool:
        """Whether a row stands for all that no other row covers: « sinon »."""
        first = row.cells[0] if row.cells else None
        tables = words(self.source.language).tables
        if first is None:
            return False
        keys = [stem(word, self.source.language) for word in self.text(first).split()]
        alone = [cell.right for cell in row.cells].count(False) == 1
        others = alone and not self.names.declared.longest(keys, 0, words(self.source.language).articles)
        said = [*tables["structure"]["ELSE"], *(tables["tables"]["OTHERS"] if others else ())]
        return fold(self.text(first)) in {fold(way) for way in said}

    def text(self, cell: Cell) -> str:
        """A cell as written."""
        return self.source.text[cell.start : cell.end]

    def span(self, cell: Cell) -> Span:
        """The place of a cell, at least one character wide."""
        return Span(self.source.number, cell.start, max(cell.end, cell.start + 1))

    # ---- words

    def _lexed(self, cell: Cell) -> list[Token]:
        if cell.start == cell.end:
            return []
        statement = Statement((line_of(cell),))
        return lex(self.source, scan(self.source, statement, self.diagnostics), self.names, self.diagnostics)

    def _yes_no(self, cell: Cell) -> list[Token]:
        """A cell that is « oui » or « non » alone."""
        said, values = fold(self.text(cell)), words(self.source.language).tables["values"]
        found = [key for key in ("yes", "no") if said in map(fold, values[key])]
        return [Token("WORD_VALUE", self.text(cell), found[0], self.span(cell))] if found else []

    def _as_test(self, cell: Cell) -> list[Token]:
        """The words of a cell with the verb that leads them: « France » is « est la France »."""
        said, tables = fold(self.text(cell)), words(self.source.language).tables["tables"]
        span = self.span(cell)
        for kind in ("GIVEN", "MISSING"):
            if said in map(fold, tables[kind]):
                return [Token(kind, self.text(cell), kind, span)]
        tokens = self._yes_no(cell) or self._lexed(cell)
        while tokens and tokens[0].type == "OF":
            tokens = tokens[1:]
        tokens = _bounded(tokens)
        kinds = [token.type for token in tokens]
        if len(tokens) > 1 and kinds[0] in _DENYING:
            rest = tokens[1:]
            return [_as(tokens[0], "NOT_ONE_OF" if _LISTING & set(kinds) else "IS_NOT"), *rest]
        if not tokens or kinds[0] not in _VALUES or _BOUNDED & set(kinds):
            return tokens
        return [_made("ONE_OF" if _LISTING & set(kinds) else "IS", tokens[0]), *tokens]

    # ---- ast

    def _chain(self, cell: Cell, tokens: Sequence[Token]) -> ast.Chain | None:
        if not tokens and not self.diagnostics.failed:
            self.diagnostics.add("E490", self.span(cell))
        if self.diagnostics.failed:  # of this cell: its words are known before what they say
            return None
        rule = self._parsed(shape(list(tokens), self._shaping()))
        if rule is None or rule.form != "sentence":
            if rule is not None:
                self.diagnostics.add("E483", self.span(cell), text=self.text(cell))
            return None
        return rule.cases[0].effects

    def _shaping(self) -> Shaping:
        return Shaping(self.source, self.names.inferring, self.diagnostics)

    def _parsed(self, tokens: list[Token]) -> ast.Rule | None:
        if report_words(self.source, tokens, self.diagnostics):
            return None
        try:
            statement = parse_tokens(tokens)
        except SentenceError as stop:
            report_unreadable(self.source, tokens, stop, self.diagnostics)
            return None
        return statement if isinstance(statement, ast.Rule) else None


def implied_rules(sheet: Sheet, names: Names) -> Iterator[ast.Rule]:
    """The cells of a table as rules that tell what its names are; what cannot be read says nothing."""
    if sheet.head is None or not sheet.rows:
        return
    reader, size = CellReader(sheet.source, names, Diagnostics()), len(sheet.head.cells)
    subjects = [reader.subject(cell) for cell in sheet.head.cells]
    rows = [row for row in sheet.rows if len(row.cells) == size]
    ruled = any(cell.right for cell in sheet.head.cells)
    for at, (head, subject) in enumerate(zip(sheet.head.cells, subjects, strict=True)):
        decided = head.right or (not ruled and at == size - 1)
        cells = {reader.text(row.cells[at]): row.cells[at] for row in rows if decided or not reader.is_default(row)}
        for text, cell in cells.items():
            if subject is None or text in ("", "-"):
                continue
            said = reader.value(subject, cell) if decided else reader.test(subject, cell)
            if said is not None:
                nothing = ast.Chain(())
                case = ast.Case(None, said) if decided else ast.Case(said, nothing)
                yield ast.Rule("conditional", (case,))


def _as(token: Token, kind: str, payload: object = None) -> Token:
    return Token(kind, str(token), payload or kind, token.span)


def _made(kind: str, before: Token) -> Token:
    """A word that is not written."""
    return Token(kind, "", kind, Span(before.span.source, before.span.start, before.span.start))


def _bounded(tokens: list[Token]) -> list[Token]:
    """« 100 € - 500 € » is « 100 € à 500 € » in a cell, and « 4+ » « 4 et plus »: nobody calculates there."""
    match [token.type for token in tokens]:
        case ["VALUE", "MINUS", "VALUE"]:
            return [tokens[0], _as(tokens[1], "TO"), tokens[2]]
        case ["VALUE", "PLUS"]:
            return [tokens[0], _as(tokens[1], "MARK", "ge")]
        case _:
            return tokens


def _as_value(token: Token) -> Token:
    """Without vocabulary, a name in a cell is a value as if it had a capital."""
    if isinstance(token.payload, Entry) and not token.payload.capital:
        return _as(token, token.type, replace(token.payload, capital=True))
    return token


def _about(subject: ast.Phrase, clause: ast.Element | ast.Connective) -> ast.Element | ast.Connective:
    """A clause with the head as its subject; « de 5 à 10 kg » has its first bound where a subject stands."""
    if not isinstance(clause, ast.Clause):
        return clause
    own = clause.subject
    if own is None:
        return replace(clause, subject=subject)
    if isinstance(own.operand, ast.Value) and own.detail is None and subject.detail is None:
        return replace(clause, subject=replace(subject, detail=own.operand))
    return clause
