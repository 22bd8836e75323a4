"""A table of examples as read in, its lines out: one example a row, bars below each other."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from rulec.printing.cells import ANY, plain_cell
from rulec.printing.cells import given as value_cell
from rulec.printing.declarations import Block, capital
from rulec.printing.effects import effect
from rulec.printing.examples import STATUSES, opening
from rulec.printing.layout import lines_of
from rulec.printing.names import Speech, UnsaidError
from rulec.printing.tables import Rows, drawn, subject, written_cell
from rulec.runtime.types import IN_DOUBT
from rulec.semantics import model
from rulec.semantics.examples import Examples, Told, head_of
from rulec.semantics.suppositions import Case
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.sheets import row_at
from rulec.syntax.words import words


def rows_of(speech: Speech, reader: Examples, grid: ast.Grid, heads: Sequence[str] = ()) -> Rows:
    """The head and the rows. `heads`: as they are written; none: what they are about is said."""
    columns = []
    for at, chain in enumerate(grid.heads):
        head = head_of(chain)
        if head is None:
            raise UnsaidError
        cells = [row[at].chain for row in grid.rows]
        told = [None if cell is None else reader.told(head, cell, at < grid.given) for cell in cells]
        said = heads[at] if heads else _head(speech, head.marker, told)
        columns.append([said, *(_cell(speech, each, head.marker) for each in told)])
    return list(zip(*columns, strict=True))


def written(source: Source, grid: ast.Grid) -> Rows:
    """The cells as their author wrote them, the head first."""
    rows = [row_at(source, line) for line in _lines(source, grid)]
    return [tuple(written_cell(source, cell) for cell in row.cells) for row in rows if row is not None]


def drawn_examples(speech: Speech, source: Source, said: ast.Example, start: int, rows: Rows) -> Iterator[Block]:
    """The blocks of a table of examples. `start`: where it begins."""
    assert said.grid is not None
    head = f"{capital(speech.word('examples', 'EXAMPLE'))}s"
    yield Block(start, tuple(lines_of(opening(speech, head, said.title), 0)))
    yield from drawn(source, _lines(source, said.grid), said.grid.given, rows)


def _lines(source: Source, grid: ast.Grid) -> list[int]:
    """The number of the line of each row, the head first."""
    return [source.place(at)[0] for at in (grid.heads[0].span.start, *(row[0].span.start for row in grid.rows))]


# ---- heads


def _head(speech: Speech, marker: str, told: Sequence[Told | None]) -> str:
    match marker:
        case "TODAY":
            return speech.word("heads", "TODAY")
        case "ACTIONS":
            return f"{speech.word('heads', 'ACTIONS')}s"
        case "LACKING":
            return speech.choose("il manque", "missing")
        case _:
            names = {_named(speech, each) for each in told if each is not None}
            if len(names) != 1:
                raise UnsaidError
            return names.pop()


def _named(speech: Speech, told: Told) -> str:
    """What a cell speaks of."""
    match told:
        case Case(facts):
            paths = tuple(facts)
            if len(paths) != 1:
                raise UnsaidError
            return subject(speech, model.FactOf(paths[0], speech.facts[paths[0]].slot.type))
        case (first,):
            return _told_of(speech, first)
        case _:
            raise UnsaidError


def _told_of(speech: Speech, said: model.Expected) -> str:
    match said:
        case model.ExpectValue(key) | model.ExpectNothing(key) | model.ExpectStatus(key) if key in speech.outcomes:
            return speech.outcomes[key].slot.name
        case model.ExpectStatus(key) | model.ExpectAction(key) | model.ExpectNoAction(key) if key:
            return speech.actions[key].slot.name
        case _:
            raise UnsaidError


# ---- cells


def _cell(speech: Speech, told: Told | None, marker: str) -> str:
    match told:
        case None:
            return ANY
        case Case(facts, None):
            (fact,) = facts.values()
            assert not isinstance(fact.value, model.Rows)  # a cell gives no list
            missing = speech.choose("manque", "missing")
            if isinstance(fact.value, model.Literal) and fact.value.value is IN_DOUBT:
                return words(speech.language).tables["supposed"]["DOUBTFUL"][-1]
            return missing if fact.value is None else value_cell(speech, fact.value)
        case Case(_, day):
            assert day is not None
            return value_cell(speech, day)
        case expected:
            said = [_expected(speech, each, marker) for each in expected]
            return plain_cell(f" {speech.word('structure', 'AND')} ".join(said))


def _expected(speech: Speech, said: model.Expected, marker: str) -> str:
    match said:
        case model.ExpectValue(_, (value,)):
            return value_cell(speech, value)
        case model.ExpectValue():
            raise UnsaidError
        case model.ExpectNothing() | model.ExpectNoAction(""):
            return speech.choose("aucune", "none")
        case model.ExpectStatus(_, status):
            return words(speech.language).tables["expected"][STATUSES[status]][-1]
        case model.ExpectMissing(path):
            return subject(speech, model.FactOf(path, speech.facts[path].slot.type))
        case model.ExpectAction(_, ()) if marker != "ACTIONS":
            return speech.word("values", "yes")
        case model.ExpectAction(_, ((_, value),)) if marker != "ACTIONS":
            return value_cell(speech, value)
        case model.ExpectAction(action, parameters):
            return effect(speech, model.Do(action, parameters))
        case model.ExpectNoAction():
            return speech.word("values", "no")
        case _:
            assert_never(said)
