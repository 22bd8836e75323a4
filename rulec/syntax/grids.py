"""The table of an example in, its grid out: each head and each cell as ast, at its place."""

from rulec.diagnostics import Diagnostics
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.cells import Cell
from rulec.syntax.fold import fold
from rulec.syntax.grammar import SentenceError, parse_tokens
from rulec.syntax.lex_examples import lex_cell
from rulec.syntax.lexer import Names
from rulec.syntax.tokens import Token
from rulec.syntax.unreadable import report_unreadable, report_words
from rulec.syntax.words import words
from rulec.tree import Span

_EMPTY = frozenset({"", "-", "–", "−", "—"})


def grid_of(
    source: Source, table: Token, names: Names, diagnostics: Diagnostics, elements: bool = False
) -> ast.Grid:
    """The grid of a table; what cannot be read is reported at its cell. `elements`: all of it is given."""
    heads, *rows = table.payload
    _check(source, table, diagnostics, elements)
    read = tuple(_chain(source, head, "head", names, diagnostics) for head in heads)
    given = sum(not head.right for head in heads)
    entered = tuple(
        tuple(_entered(source, cell, names, diagnostics) for cell in row)
        for row in rows
        if len(row) == len(heads) and (given < len(heads)) is not elements
    )
    kept = tuple(head or ast.Chain((), span=_place(source, cell)) for head, cell in zip(read, heads, strict=True))
    return ast.Grid(kept, given, entered, span=table.span)


def _check(source: Source, table: Token, diagnostics: Diagnostics, elements: bool) -> None:
    """A table of examples has both kinds of columns, and as many cells in each row as heads, apart at the same bar."""
    heads, *rows = table.payload
    first = _row(source, heads)
    if not rows and not elements:  # of a list, it says that there are none
        diagnostics.add("E466", first)
    right = next((head for head in heads if head.right), None)
    if right is None and not elements:
        diagnostics.add("E465", first)
    if right is not None and elements:
        place = _place(source, right)
        diagnostics.add("E471", place, text=source.cut(place))
    for row in rows:
        if len(row) != len(heads):
            diagnostics.add("E464", _row(source, row), count=len(row), expected=len(heads))
        elif any(cell.right != head.right for cell, head in zip(row, heads, strict=True)):
            diagnostics.add("E464", _row(source, row), count=sum(not cell.right for cell in row),
                            expected=sum(not head.right for head in heads))  # fmt: skip


def _entered(source: Source, cell: Cell, names: Names, diagnostics: Diagnostics) -> ast.Entered:
    place = _place(source, cell)
    if source.text[cell.start : cell.end] in _EMPTY:
        return ast.Entered(None, span=place)
    return ast.Entered(_chain(source, cell, "cell", names, diagnostics), span=place)


def _chain(source: Source, cell: Cell, part: str, names: Names, diagnostics: Diagnostics) -> ast.Chain | None:
    """A cell as ast: what stands in it is read as in a sentence."""
    before = len(diagnostics)
    place = _place(source, cell)
    tokens = lex_cell(source, cell.items, part, names, diagnostics)
    if diagnostics.failed_since(before) or report_words(source, tokens, diagnostics):
        return None
    if not tokens:
        diagnostics.add("E467", place)
        return None
    statement = parsed_alone(source, _alone(tokens, source), "THEN", diagnostics)
    return statement.expected if statement else None


def parsed_alone(source: Source, tokens: list[Token], part: str, diagnostics: Diagnostics) -> ast.Example | None:
    """Some tokens as an example of which they are all that is given, or expected (`part`: ASSUMING, THEN)."""
    first = tokens[0].span
    start = Span(first.source, first.start, first.start)
    opening = [Token(kind, "", kind, start) for kind in ("EXAMPLE", "COLON", part)]
    try:
        statement = parse_tokens([*opening, *tokens])
    except SentenceError as stop:
        report_unreadable(source, tokens, SentenceError(stop.at - len(opening), stop.states), diagnostics)
        return None
    assert isinstance(statement, ast.Example)
    return statement


def _alone(tokens: list[Token], source: Source) -> list[Token]:
    """« aucune », « non » that fill a cell."""
    first = tokens[0]
    says_no = fold(first.text) in words(source.language).tables["values"]["no"]
    match [token.type for token in tokens], first.payload:
        case ["QUANT"], "no" if not says_no:
            return [Token("NOTHING", first.text, "NOTHING", first.span)]
        case ["NOT" | "QUANT"], _ if says_no:
            return [Token("WORD_VALUE", first.text, "no", first.span)]
        case _:
            return tokens


def _place(source: Source, cell: Cell) -> Span:
    return Span(source.number, cell.start, max(cell.end, min(cell.start + 1, len(source.text))))


def _row(source: Source, cells: tuple[Cell, ...]) -> Span:
    return Span(source.number, cells[0].start, cells[-1].end)
