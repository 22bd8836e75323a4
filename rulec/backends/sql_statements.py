"""The rules and tables of a plan in, SQL out: the steps that say whether they apply, and what each gives an outcome."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rulec.backends.sql_combine import POLICIES
from rulec.backends.sql_dialects import Dialect
from rulec.backends.sql_joined import joined
from rulec.backends.sql_rules import Giver, applies, branch_of, gives, is_sure, open_ways, unless_of
from rulec.backends.sql_tables import (
    MOST_BESIDE,
    Columns,
    Output,
    conditions,
    counts,
    counts_then,
    result,
    result_of,
    size_of,
)
from rulec.backends.sql_text import NotInSqlError, Sql, anyone, everyone
from rulec.backends.sql_values import Values
from rulec.plan.tree import Applies, Const, Defined, Plan, Rule, Table
from rulec.runtime.tables import NONE
from rulec.tree import walk

Statement = Rule | Table


@dataclass
class Step:
    """Columns calculated from those of the step before, and what is joined to it."""

    columns: Columns = field(default_factory=list)
    joins: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Given:
    """What a statement gives an outcome, the `at`-th: for each branch that gives it, or each value of the table by its
    number, at one scale; `kind`: their type."""

    statement: Statement
    at: int
    key: str
    values: list[tuple[int, Sql]]
    kind: str


class Statements:
    """Says the statements of one plan."""

    def __init__(self, plan: Plan, dialect: Dialect, facts: dict[str, Sql]) -> None:
        self.plan, self.dialect = plan, dialect
        self.rules = {rule.id: (number, rule) for number, rule in enumerate(plan.rules)}
        self.tables = {table.id: (number, table) for number, table in enumerate(plan.tables)}
        self.definitions = {each.key: each for each in plan.definitions}
        self.values = Values(plan, dialect, facts, self._applies)
        self._refuse()

    def _refuse(self) -> None:
        for rule in self.plan.rules:
            if rule.each or any(branch.does for branch in rule.branches):
                raise NotInSqlError(rule, rule.title)
        for table in self.plan.tables:
            if table.each or table.combine not in POLICIES:
                raise NotInSqlError(table, table.title)

    def giving(self, key: str) -> list[Statement]:
        """The statements that may give an outcome, in the order of the text."""
        return [each for each in self.plan.statements if self._gives(each, key)]

    def said(self, statement: Statement, key: str) -> list[tuple[int, Sql]]:
        """What it gives an outcome, as `Given` tells it."""
        try:
            if isinstance(statement, Table):
                decides = next(each for each in statement.decides if each.outcome == key)
                return [(number, self.values.said(value)) for number, value in enumerate(decides.values)]
            return [(at, self.values.said(each.value)) for at, branch in enumerate(statement.branches)
                    for each in branch.gives if each.outcome == key]  # fmt: skip
        except NotInSqlError as error:
            raise error.within(statement) from None

    def giver(self, given: Given) -> tuple[Giver, Columns]:
        """The statement as a giver, and the columns of the step that it needs."""
        silenced = self._silenced(given.statement, given.key)
        if isinstance(given.statement, Table):
            return self._table_giver(given, given.statement, silenced)
        rule, o = given.statement, given.at
        number = self.rules[rule.id][0]
        ways, sure = open_ways(rule, number, silenced), f"q{o}_{number}"
        columns = [(sure, is_sure(rule, number, [given.key], silenced))]
        columns += [(f"p{o}_{number}_{at}", ways[at]) for at, _ in given.values]
        told = [(f"p{o}_{number}_{at}", value) for at, value in given.values]
        return Giver(self.dialect.text(rule.title), told, sure), columns

    def _table_giver(self, given: Given, table: Table, silenced: list[str]) -> tuple[Giver, Columns]:
        number, o = self.tables[table.id][0], given.at
        blocks = [*self._unless(table), *silenced]
        applying, value, clash, fired = (result_of(number, o, letter) for letter in "awkg")
        possible = everyone([*(f"{each} IS NOT TRUE" for each in blocks), f"{applying} IS NOT FALSE"])
        sure = everyone([*(f"{each} IS FALSE" for each in blocks), f"{applying} IS TRUE"])
        digits = max((each.digits for _, each in given.values), default=0)
        many = len(str(size_of(table))) if table.combine == "sum" else 0
        scale = next((each.scale for _, each in given.values), None)
        own = Sql(value, scale, digits + many)
        columns = [(f"p{o}_t{number}", possible), (f"q{o}_t{number}", sure)]
        return Giver(fired, [(f"p{o}_t{number}", own)], f"q{o}_t{number}", True, clash), columns

    # ---- steps

    def steps(self, given: Sequence[Given]) -> list[Step]:
        """The steps after which all that statements may give is known."""
        steps = list[Step]()
        for statement in self.plan.statements:
            first = self._first(statement)
            steps += [Step() for _ in range(self._last(statement) + 1 - len(steps))]
            try:
                if isinstance(statement, Table):
                    self._table(statement, steps[first:], [each for each in given if each.statement is statement])
                else:
                    self._rule(statement, steps[first])
            except NotInSqlError as error:
                raise error.within(statement) from None
        return steps

    def _rule(self, rule: Rule, step: Step) -> None:
        number = self.rules[rule.id][0]
        for at, branch in enumerate(rule.branches):
            step.columns.append((branch_of(number, at), self.values.truth(branch.condition)))
        if rule.unless != Const(False):
            step.columns.append((unless_of(number), self.values.truth(rule.unless)))

    def _table(self, table: Table, steps: list[Step], given: list[Given]) -> None:
        number = self.tables[table.id][0]
        outputs = {each.at: self._output(table, number, each) for each in given}
        steps[0].columns += [(name, self.values.truth(table.unless)) for name in self._unless(table)]
        if size_of(table) > MOST_BESIDE:
            steps[2].joins.append(joined(self.dialect, self.values, table, number, list(outputs.values())))
        else:
            steps[0].columns += conditions(self.values, table, number)
            steps[1].columns += counts(table, number, list(outputs.values()))
            steps[2].columns += counts_then(self.dialect, list(outputs.values()))
        for output in outputs.values():
            default = None if output.decides.default == NONE else output.values[output.decides.default]
            steps[3].columns += result(self.dialect, output, default)

    def _output(self, table: Table, number: int, given: Given) -> Output:
        decides = next(each for each in table.decides if each.outcome == given.key)
        return Output(table, number, decides, given.at, [value for _, value in given.values], given.kind)

    def _first(self, statement: Statement) -> int:
        """The number of its first step: its conditions may ask whether others apply."""
        asked = [node.rule for node in walk(statement) if isinstance(node, Applies)]
        defined = [self.definitions[node.key] for node in walk(statement) if isinstance(node, Defined)]
        if any(isinstance(node, Applies) for each in defined for node in walk(each)):
            raise NotInSqlError(statement, statement.title)
        return max([self._last(each) + 1 for name in asked for each in self._read(name)], default=0)

    def _last(self, statement: Statement) -> int:
        """The number of the step after which it is known whether it applies."""
        return self._first(statement) + (3 if isinstance(statement, Table) else 0)

    def _read(self, name: str) -> Iterator[Statement]:
        """What tells whether a statement applies: it, and what silences it."""
        statement = self._named(name)
        yield statement
        for exception in statement.exceptions:
            yield from self._read(exception)

    # ---- whether a statement applies

    def _named(self, name: str) -> Statement:
        return self.tables[name][1] if name in self.tables else self.rules[name][1]

    def _gives(self, statement: Statement, key: str) -> bool:
        if isinstance(statement, Table):
            return any(each.outcome == key for each in statement.decides)
        return any(gives(statement, at, [key]) for at in range(len(statement.branches)))

    def _unless(self, table: Table) -> list[str]:
        return [f"ut{self.tables[table.id][0]}"] if table.unless != Const(False) else []

    def _silenced(self, statement: Statement, key: str) -> list[str]:
        """For each exception of a statement, whether it applies for an outcome."""
        return [f"({self._applies(Applies(name, (key,)))})" for name in statement.exceptions
                if self._gives(self._named(name), key)]  # fmt: skip

    def _applies(self, asked: Applies) -> str:
        statement = self._named(asked.rule)
        keys = [key for key in asked.keys if self._gives(statement, key)]
        if isinstance(statement, Table):
            return anyone([self._table_applies(statement, key) for key in keys])
        silenced = [each for key in keys for each in self._silenced(statement, key)]
        number = self.rules[asked.rule][0]
        return applies(statement, number, Applies(asked.rule, tuple(keys), span=asked.span), silenced)

    def _table_applies(self, table: Table, key: str) -> str:
        at = next(number for number, slot in enumerate(self.plan.outcomes) if slot.key == key)
        blocks = [*self._unless(table), *self._silenced(table, key)]
        applying = result_of(self.tables[table.id][0], at, "a")
        return everyone([*(f"NOT {each}" for each in blocks), applying])
