"""A table as meant in, a table of the plan out: each test as the values or the range that its input must be in."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from rulec.plan import tree as p
from rulec.plan.conditions import condition_of, value_of
from rulec.runtime import types as t
from rulec.runtime.calculate import exact_mul
from rulec.runtime.tables import Cell, OneOf, Within
from rulec.semantics import model
from rulec.semantics.element_terms import INSIDE
from rulec.tree import walk

Told = tuple[p.Expr, Cell]  # what a test is about, and what it must be


def lower_table(table: model.Table, kinds: dict[str, t.Type], optional: frozenset[str]) -> p.Table:
    """The table; `optional`: the facts that may be absent, of which no cell holds then."""
    columns = tuple(_column(column, optional) for column in table.columns)
    decides = tuple(
        p.Decides(
            each.outcome, tuple(value_of(value, kinds[each.outcome]) for value in each.values), each.cells,
            each.default, span=each.span,
        )
        for each in table.decides
    )  # fmt: skip
    unless = condition_of(table.unless) if table.unless is not None else p.Const(False)
    return p.Table(
        table.id, table.title, table.file, table.line, columns, decides, table.rows_file, table.lines,
        table.policy.combine, table.policy.order, table.policy.distinct, table.has_default, unless,
        because=table.because, each=table.each, before=table.before, span=table.span,
    )  # fmt: skip


def _column(column: model.Column, optional: frozenset[str]) -> p.Column:
    exprs = [condition_of(test) for test in column.tests]
    told = [_told(expr) for expr in exprs]
    subjects = Counter(each[0] for each in told if each is not None)
    subject = subjects.most_common(1)[0][0] if subjects else p.Const(True)
    tests = tuple(
        each[1] if each is not None and each[0] == subject else _guarded(expr, optional)
        for expr, each in zip(exprs, told, strict=True)
    )
    guards = _open(subject, optional)
    guard = p.Choose(((_given(guards), subject),), None) if guards else subject
    return p.Column(guard, tests, column.cells, span=column.span)


def _open(expr: p.Expr, optional: frozenset[str]) -> Sequence[p.Expr]:
    """That the facts of an expression are given which may be absent."""
    found = list[p.Expr]()
    for each in walk(expr):
        if isinstance(each, p.Fact) and each.path in optional:
            found.append(p.Given(each.path))
        elif isinstance(each, p.Member) and isinstance(each.item, p.Item):
            if f"{each.item.name}{INSIDE}{each.key}" in optional:
                found.append(p.MemberGiven(each.item, each.key, True))
    return tuple(dict.fromkeys(found))


def _given(guards: Sequence[p.Expr]) -> p.Expr:
    return p.All(tuple(guards)) if len(guards) > 1 else guards[0]


def _guarded(expr: p.Expr, optional: frozenset[str]) -> p.Expr:
    """A test that does not hold of what is absent."""
    guards = _open(expr, optional)
    return p.All((_given(guards), expr), span=expr.span) if guards else expr


def _told(expr: p.Expr) -> Told | None:
    """A test as values or a range, where it is no more than that."""
    match expr:
        case p.Compare("eq" | "ne" as operator, left, right) if (value := _constant(right)) is not None:
            return left, OneOf((value,), operator == "ne")
        case p.Compare("lt" | "le" | "gt" | "ge" as operator, left, right) if (value := _constant(right)) is not None:
            included = operator in ("le", "ge")
            below = operator in ("lt", "le")
            return left, Within(None, value, True, included) if below else Within(value, None, included, True)
        case p.In(item, values):
            return item, OneOf(values)
        case p.Not(item) if (told := _told(item)) is not None and isinstance(told[1], OneOf):
            return told[0], _denied(told[1])
        case p.Fact() | p.Decided() | p.Defined() | p.Member():
            return expr, OneOf((True,))
        case p.All((one, other)):
            return _both(_told(one), _told(other))
        case _:
            return None


def _denied(cell: OneOf) -> OneOf:
    """The cell that holds for all other values: of a yes/no, there is one."""
    match cell:
        case OneOf((True,), False):
            return OneOf((False,))
        case _:
            return OneOf(cell.values, not cell.negated)


def _both(one: Told | None, other: Told | None) -> Told | None:
    """« de 5 à 10 kg »: a range with both ends."""
    match one, other:
        case (left, Within(low, None, low_in, _)), (right, Within(None, high, _, high_in)) if left == right:
            return left, Within(low, high, low_in, high_in)
        case _:
            return None


def _constant(expr: p.Expr) -> object:
    """The value of an expression that is the same for all facts; None where there is none."""
    match expr:
        case p.Const(value):
            return value
        case p.Arithmetic("mul", p.Const(Decimal() as one), p.Const(Decimal() as other)):
            return exact_mul(one, other)
        case _:
            return None
