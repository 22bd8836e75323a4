"""The history of an example in, its moments as ast out: what is known at each is read as in any example."""

from datetime import date, time

from rulec.diagnostics import Diagnostics
from rulec.runtime.plain import Plain, plain
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.grids import parsed_alone
from rulec.syntax.lex_examples import lex_cell
from rulec.syntax.lexer import Names
from rulec.syntax.scan import report_yearless
from rulec.syntax.tokens import Item, Token
from rulec.syntax.unreadable import report_words
from rulec.tree import Span


@plain
class Moment(Plain):
    """A moment as `ast.Dated` has it. `known`: the words that say what is known from then on."""

    day: date | None
    any_year: bool
    clock: time | None
    event: str
    known: tuple[Item, ...]
    start: int
    end: int


def history_of(source: Source, told: Token, names: Names, diagnostics: Diagnostics) -> tuple[ast.Dated, ...]:
    """The moments of a history."""
    return tuple(_dated(source, each, names, diagnostics) for each in told.payload)


def _dated(source: Source, said: Moment, names: Names, diagnostics: Diagnostics) -> ast.Dated:
    given = _given(source, said.known, names, diagnostics) if said.known else None
    span = Span(source.number, said.start, said.end)
    return ast.Dated(said.day, said.any_year, said.clock, said.event, given, span=span)


def _given(source: Source, items: tuple[Item, ...], names: Names, diagnostics: Diagnostics) -> ast.Chain | None:
    before = len(diagnostics)
    report_yearless(source, items, diagnostics)
    tokens = lex_cell(source, items, "given", names, diagnostics)
    if not tokens or diagnostics.failed_since(before) or report_words(source, tokens, diagnostics):
        return None
    statement = parsed_alone(source, tokens, "ASSUMING", diagnostics)
    return statement.given if statement else None
