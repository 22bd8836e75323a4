"""What a plan decides in, the tests of facts that it depends on out: those of one fact, and all others."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rulec.difference.substance import promised
from rulec.plan.lower import gives_of
from rulec.plan.tree import (
    Applies,
    Column,
    Compare,
    Const,
    Contains,
    CountWhere,
    Decided,
    Defined,
    DefinedGiven,
    Expr,
    Fact,
    Holiday,
    In,
    Item,
    Member,
    Not,
    OutcomeGiven,
    Plan,
    Table,
    TextTest,
    Today,
)
from rulec.runtime.tables import OneOf, Within
from rulec.tree import NOWHERE, Node, below


class Test(NamedTuple):
    """A test, as the statement that it stands in reads it. `each`: the list of which an element is decided on."""

    expr: Expr
    each: str = ""


class Cone:
    """What decides an outcome, or whether an action of a group is asked for: every test, each once."""

    def __init__(self, plan: Plan, keys: Iterable[str]) -> None:
        self._statements = {each.id: each for each in plan.statements}
        self._definitions = {each.key: each for each in plan.definitions}
        self._plan, self._seen = plan, set[tuple[str, str]]()
        self.tests = dict[Test, Test]()  # spans do not count for equality: the first one stays
        for key in keys:
            self._given(key)
            for promise in promised(plan, key):
                self._read(promise.condition, "")

    def _given(self, key: str) -> None:
        for each in self._plan.statements if self._first("outcome", key) else ():
            if key in gives_of(each):
                self._stated(each.id)

    def _first(self, kind: str, key: str) -> bool:
        place = (kind, key)
        new = place not in self._seen
        self._seen.add(place)
        return new

    def _stated(self, name: str) -> None:
        if not self._first("statement", name):
            return
        statement = self._statements[name]
        for other in statement.exceptions:
            self._stated(other)
        self._read(statement.unless, statement.each)
        if isinstance(statement, Table):
            for column in statement.columns:
                for test in tests_of(column):
                    self._read(test, statement.each)
            for decides in statement.decides:
                for value in decides.values:
                    self._read(value, statement.each)
            return
        for branch in statement.branches:
            for node in below(branch):
                self._read(node, statement.each)

    def _read(self, node: Node, each: str) -> None:
        match node:
            case Applies(rule):
                self._stated(rule)
            case Decided(key) | OutcomeGiven(key):
                self._given(key)
            case Defined(key) | DefinedGiven(key):
                if self._first("definition", key):
                    self._read(self._definitions[key].value, "")
            case Compare() | In() | TextTest():
                self._add(node, each)
                for inner in below(node):
                    self._read(inner, each)
            case CountWhere() | Contains() | Holiday():
                self._add(node, each)
            case _ if not _binds(node):
                for inner in below(node):
                    self._read(inner, each)
            case _:
                return

    def _add(self, expr: Expr, each: str) -> None:
        self.tests.setdefault(Test(expr, each), Test(expr, each))


def _binds(node: Node) -> bool:
    """Whether a node speaks of elements that are not known outside it."""
    return hasattr(node, "source")


def tests_of(column: Column) -> Iterator[Expr]:
    """The tests of a column as conditions."""
    for test in column.tests:
        match test:
            case OneOf(values, negated):
                yield Not(In(column.input, values)) if negated else In(column.input, values)
            case Within(low, high, low_included, high_included):
                if low is not None:
                    yield Compare("ge" if low_included else "gt", column.input, Const(low))
                if high is not None:
                    yield Compare("le" if high_included else "lt", column.input, Const(high))
            case _:
                yield test


def path_of(expr: Expr, each: str) -> str:
    """The fact that an expression is, « lines[].price » for one of an element; "" for any other."""
    match expr:
        case Fact(path):
            return path
        case Member(Item(name), key) if name and name == each:
            return f"{name}[].{key}"
        case Today():
            return "today()"
        case _:
            return ""


def compared_with(tests: Mapping[Test, Test]) -> dict[str, dict[object, None]]:
    """The values that each fact is compared with, in the order of the text."""
    found = dict[str, dict[object, None]]()
    for expr, each in tests:
        match expr:
            case Compare(_, left, Const(value)) | Compare(_, Const(value), left) if path_of(left, each):
                found.setdefault(path_of(left, each), {})[value] = None
            case In(item, values) if path_of(item, each):
                found.setdefault(path_of(item, each), {}).update(dict.fromkeys(values))
            case _:
                continue
    return found


def across(tests: Mapping[Test, Test]) -> list[Test]:
    """The tests of more than one fact, or of what is calculated, that have a text of their own."""
    single = (Compare, In)
    return [
        test
        for test in tests.values()
        if test.expr.span != NOWHERE and not (isinstance(test.expr, single) and _is_plain(test))
    ]


def _is_plain(test: Test) -> bool:
    match test.expr:
        case Compare(_, left, Const()) | Compare(_, Const(), left) | In(left):
            return bool(path_of(left, test.each))
        case _:
            return False

