"""A period of validity as meant in, its head out; statements in, the same below the head of their period out."""

from dataclasses import replace
from datetime import date

from rulec.printing.comments import Printed
from rulec.printing.declarations import Block, capital
from rulec.printing.layout import STEP_IN, lines_of
from rulec.printing.names import GLUE, Speech, UnsaidError
from rulec.printing.values import literal, value
from rulec.runtime import types as t
from rulec.semantics import model
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.layout import Line, Statement
from rulec.syntax.parse import Drawn


def head(speech: Speech, said: model.Condition) -> list[str]:
    """« À partir du 1er mars 2026 : », « Du 1er mars 2026 au 30 juin 2026 (selon la date de livraison) : »."""
    match said:
        case model.Compare(operator, day, model.Literal() as bound):
            opened = since(speech, operator, literal(speech, bound.value, t.Date()))
        case model.Between(day, model.Literal(date() as first), model.Literal(date() as last)):
            opened = _between(speech, first, last)
        case _:
            raise UnsaidError
    by = "" if isinstance(day, model.Today) else f" ({speech.choose('selon', 'by')} {value(speech, day)})"
    return lines_of(f"{capital(opened)}{by}{speech.choose(f'{GLUE}:', ':')}".replace(" ", GLUE), 0)


def since(speech: Speech, operator: str, day: str) -> str:
    """« à partir du 1er mars 2026 », « avant le 1er mars 2026 »."""
    if not speech.french:
        return f"{ {'ge': 'from', 'gt': 'after', 'le': 'until', 'lt': 'before'}[operator] } {day}"
    match operator:
        case "ge":
            return f"à partir {speech.of(day)}"
        case "le":
            return f"jusqu'{speech.to(day)}"
        case _:
            return f"{ {'gt': 'après', 'lt': 'avant'}[operator] } {day}"


def _between(speech: Speech, first: date, last: date) -> str:
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{speech.choose('en', 'in')} {first.year}"
    low, high = (literal(speech, day, t.Date()) for day in (first, last))
    return speech.choose(f"{speech.of(low)} {speech.to(high)}", f"from {low} to {high}")


def period_of(statement: ast.Statement | Drawn) -> ast.Period | None:
    """The period that a statement stands in."""
    return statement.period if isinstance(statement, ast.Rule | Drawn) else None


def inside(statement: Statement) -> int:
    """The columns by which a statement is indented, below the head of its period and the mark of a draft."""
    return STEP_IN * ((statement.period is not None) + (statement.draft is not None))


def placed(
    speech: Speech, source: Source, statement: Statement, before: Statement | None, opening: list[str],
    printed: Printed,
) -> Printed:  # fmt: skip
    """A statement below the head of its period and the mark of a draft, or below that before it, which has the same.

    `printed`: the statement as it is printed alone. `opening`: the lines of the head.
    """
    if statement.period is not None:
        printed = _below(source, statement.period, before.period if before else None, opening, printed)
    if statement.draft is not None:
        mark = [f"{capital(speech.word('drafts', 'MARK'))}{speech.choose(' :', ':')}"]
        printed = _below(source, statement.draft, before.draft if before else None, mark, printed)
    return printed


def _below(source: Source, line: Line, before: Line | None, opening: list[str], printed: Printed) -> Printed:
    """What is printed of a statement below the line that it stands under. `before`: that of the statement before."""
    blocks, aligned = _within(printed.blocks), _within(printed.aligned)
    if line == before:
        return replace(printed, blocks=blocks, aligned=aligned, indent=printed.indent + STEP_IN)
    top = (Block(line.start, tuple(opening)),)
    return replace(
        printed, first=source.place(line.start)[0], indent=0,
        blocks=(*top, *blocks) if blocks else (), aligned=(*top, *aligned) if aligned else (),
    )  # fmt: skip


def _within(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    lead = " " * STEP_IN
    return tuple(replace(block, lines=tuple(f"{lead}{line}" for line in block.lines)) for block in blocks)
