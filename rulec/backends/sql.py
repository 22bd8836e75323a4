"""A plan in, one SQL query over a table of facts out: for each outcome its value, its status, the rules that fired."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rulec.backends.sql_combine import MANY, POLICIES, Settled, Task
from rulec.backends.sql_facts import column_of
from rulec.backends.sql_rules import Giver, applies, branch_of, gives, is_sure, open_ways, unless_of
from rulec.backends.sql_text import (
    DIGITS,
    Dialect,
    NotInSqlError,
    Sql,
    at_scale,
    dialect_of,
    everyone,
)
from rulec.backends.sql_values import Values
from rulec.plan.tree import Applies, Const, Defined, Expr, Fact, Given, Plan, Rule
from rulec.runtime.types import Amount, Date, Duration, Number, OutcomeSlot, Percentage, Quantity, Rate, YesNo
from rulec.runtime.units import decimals_of
from rulec.tree import walk

MOST_COLUMNS = 1500  # of a step: PostgreSQL has 1664


def query_of(plan: Plan, table: str = "facts", dialect: str = "duckdb") -> str:
    """The query: the columns of the table, then `key`, `key.status` and `key.fired` for each outcome.

    The columns of the table bear the paths of facts. Raises NotInSqlError: what SQL cannot say exactly.
    """
    return _Query(plan, dialect_of(dialect)).text(table)


@dataclass
class _Step:
    """Columns calculated from those of the step before."""

    columns: list[tuple[str, str]] = field(default_factory=list)


class _Query:
    def __init__(self, plan: Plan, dialect: Dialect) -> None:
        self.plan, self.dialect = plan, dialect
        self.rules = {rule.id: (number, rule) for number, rule in enumerate(plan.rules)}
        self.definitions = {each.key: each for each in plan.definitions}
        self._refuse_what_is_more()
        self.held, self.readable = self._facts()
        named = {path: Sql(f"f{at}", sql.scale, sql.digits) for at, (path, sql) in enumerate(self.held.items())}
        self.values = Values(plan, dialect, self._with_defaults(plan, named), self._applies)

    def _refuse_what_is_more(self) -> None:
        for judged in self.plan.judgements:
            raise NotInSqlError(judged, judged.path)
        for promise in self.plan.promises:
            raise NotInSqlError(promise, promise.text)
        for oversight in self.plan.oversight:
            raise NotInSqlError(oversight, oversight.text)
        for table in self.plan.tables:
            raise NotInSqlError(table, table.title)
        for rule in self.plan.rules:
            if rule.each or any(branch.does for branch in rule.branches):
                raise NotInSqlError(rule, rule.title)
        for slot in self.plan.outcomes:
            if slot.combine not in POLICIES or slot.each:
                raise NotInSqlError(next(iter(self._giving(slot.key)), None), slot.name)

    def _giving(self, key: str) -> list[Rule]:
        return [rule for rule in self.plan.rules if any(gives(rule, at, [key]) for at in range(len(rule.branches)))]

    def _facts(self) -> tuple[dict[str, Sql], list[str]]:
        """The facts that rules read, and what must hold of their columns."""
        held, readable = dict[str, Sql](), list[str]()
        read = {node.path: node for node in walk(self.plan) if isinstance(node, Fact | Given)}
        for slot in self.plan.facts:
            if slot.path in read:
                try:
                    held[slot.path], condition = column_of(self.dialect, slot)
                except NotInSqlError as error:
                    raise NotInSqlError(read[slot.path], error.rule) from None
                readable.append(condition)
        return held, readable

    def _with_defaults(self, plan: Plan, named: dict[str, Sql]) -> dict[str, Sql]:
        values, found = Values(plan, self.dialect, {}, self._applies), dict(named)
        for slot in plan.facts:
            if slot.default is not None and slot.path in found:
                column, default = found[slot.path], values.constant(slot.default)
                if column.scale is not None and default.scale is not None:
                    scale = max(column.scale, default.scale)
                    column, default = (at_scale(self.dialect, each, scale) for each in (column, default))
                text = f"COALESCE({column.text}, {default.text})"
                found[slot.path] = Sql(text, column.scale, max(column.digits, default.digits))
        return found

    # ---- rules

    def _silenced(self, rule: Rule, key: str) -> list[str]:
        """For each exception of a rule, whether it applies for an outcome."""
        found = []
        for exception in rule.exceptions:
            if any(gives(self.rules[exception][1], at, [key]) for at in range(len(self.rules[exception][1].branches))):
                found.append(self._applies(Applies(exception, (key,))))
        return [f"({each})" for each in found]

    def _applies(self, asked: Applies) -> str:
        number, rule = self.rules[asked.rule]
        keys = [key for key in asked.keys if any(gives(rule, at, [key]) for at in range(len(rule.branches)))]
        silenced = [each for key in keys for each in self._silenced(rule, key)]
        return applies(rule, number, Applies(asked.rule, tuple(keys), span=asked.span), silenced)

    def _level(self, rule: Rule) -> int:
        """After how many others a rule is read: its conditions may ask whether they apply."""
        asked = [node.rule for node in walk(rule) if isinstance(node, Applies)]
        defined = [self.definitions[node.key] for node in walk(rule) if isinstance(node, Defined)]
        if any(isinstance(node, Applies) for each in defined for node in walk(each)):
            raise NotInSqlError(rule, rule.title)
        return max([self._level(self.rules[each][1]) + 1 for name in asked for each in self._read(name)], default=0)

    def _read(self, name: str) -> Iterator[str]:
        """What tells whether a rule applies: it, and what silences it."""
        yield name
        for exception in self.rules[name][1].exceptions:
            yield from self._read(exception)

    def _steps(self) -> list[_Step]:
        steps = list[_Step]()
        for number, rule in self.rules.values():
            level = self._level(rule)
            steps += [_Step() for _ in range(level + 1 - len(steps))]
            try:
                for at, branch in enumerate(rule.branches):
                    steps[level].columns.append((branch_of(number, at), self.values.truth(branch.condition)))
                if rule.unless != Const(False):
                    steps[level].columns.append((unless_of(number), self.values.truth(rule.unless)))
            except NotInSqlError as error:
                raise error.within(rule) from None
        return steps

    # ---- outcomes

    def _task(self, slot: OutcomeSlot) -> tuple[Task, int | None, list[tuple[str, str]]]:
        """What rules may give an outcome, at one scale; and the columns of the step that they need."""
        found, columns = list[tuple[Rule, list[tuple[int, Sql]]]](), list[tuple[str, str]]()
        for rule in self._giving(slot.key):
            found.append((rule, [(at, self._value(rule, each.value)) for at, branch in enumerate(rule.branches)
                                 for each in branch.gives if each.outcome == slot.key]))  # fmt: skip
        scale = self._scale(slot, [value for _, values in found for _, value in values])
        givers, o = list[Giver](), self.plan.outcomes.index(slot)
        for rule, values in found:
            number = self.rules[rule.id][0]
            silenced = self._silenced(rule, slot.key)
            ways = open_ways(rule, number, silenced)
            sure = f"q{o}_{number}"
            columns.append((sure, is_sure(rule, number, [slot.key], silenced)))
            columns += [(f"p{o}_{number}_{at}", ways[at]) for at, _ in values]
            given = [(f"p{o}_{number}_{at}", self._alike(value, scale)) for at, value in values]
            givers.append(Giver(rule.title, given, sure))
        default = None if slot.default is None else self._alike(self.values.constant(slot.default), scale).text
        if slot.combine == "any" and sum(len(giver.ways) for giver in givers) > MANY:
            raise NotInSqlError(found[0][0], slot.name)
        return Task(self.dialect, givers, default), scale, columns

    def _value(self, rule: Rule, value: Expr) -> Sql:
        try:
            return self.values.said(value)
        except NotInSqlError as error:
            raise error.within(rule) from None

    def _scale(self, slot: OutcomeSlot, values: list[Sql]) -> int | None:
        if not isinstance(slot.type, Number | Percentage | Amount | Quantity | Rate | Duration):
            return None
        known = [slot.default, *((slot.bounds.low, slot.bounds.high) if slot.bounds else ())]
        told = [self.values.constant(each) for each in known if each is not None]
        own = decimals_of(slot.type.currency) if isinstance(slot.type, Amount) else 0
        return max([own, *(each.scale or 0 for each in [*values, *told])])

    def _alike(self, value: Sql, scale: int | None) -> Sql:
        return value if scale is None else at_scale(self.dialect, value, scale)

    def _settled(self, slot: OutcomeSlot, o: int, task: Task, scale: int | None) -> list[tuple[str, str]]:
        """The columns of what becomes of an outcome: its value v, its status s, the rules that fired r."""
        settled = POLICIES[slot.combine](task) if task.givers else Settled("FALSE", "NULL", [])
        digits = [value.digits for giver in task.givers for _, value in giver.ways]
        if max(digits, default=0) + len(str(len(task.givers))) > DIGITS:  # their sum may be rounded
            raise NotInSqlError(next(iter(self._giving(slot.key)), None), slot.name)
        default = "NULL" if task.default is None else task.default
        none = "'not_applicable'" if task.default is None else "'decided'"
        status = (
            f"CASE WHEN {task.nothing} THEN {none} WHEN {settled.conflict} THEN 'conflict' "
            f"WHEN {settled.decided} THEN 'decided' ELSE 'undetermined' END"
        )
        value = f"CASE WHEN {task.nothing} THEN {default} ELSE {settled.value} END"
        value = f"CAST({value} AS {self._kind(slot, scale)})"
        fired = self.dialect.titles(settled.fired) if settled.fired else self._no_titles()
        return [(f"s{o}", status), (f"v{o}", value), (f"r{o}", fired)]

    def _kind(self, slot: OutcomeSlot, scale: int | None) -> str:
        """The type of an outcome, which an outcome that no rule gives does not show."""
        if scale is not None:
            return self.dialect.number
        return "BOOLEAN" if isinstance(slot.type, YesNo) else "DATE" if isinstance(slot.type, Date) else "VARCHAR"

    def _no_titles(self) -> str:
        return "CAST(ARRAY[] AS text[])" if self.dialect.name == "postgres" else "CAST([] AS VARCHAR[])"

    def _last(self, slot: OutcomeSlot, o: int, scale: int | None) -> list[str]:
        """The columns that are read: what is out of bounds is an error."""
        inside = [f"s{o} = 'decided'"]
        ends = ((">=", slot.bounds.low), ("<=", slot.bounds.high)) if slot.bounds else ()
        for sign, end in ends:
            if end is not None and scale is not None:
                inside.append(f"v{o} {sign} {self._alike(self.values.constant(end), scale).text}")
        status = (
            f"CASE WHEN NOT ok THEN 'rejected' WHEN s{o} <> 'decided' OR {everyone(inside)} THEN s{o} ELSE 'error' END"
        )
        value = f"v{o}" if scale is None else self.dialect.shown(f"v{o}", scale)
        told = f"ok AND {everyone(inside)}"
        named = self.dialect.identifier
        fired = f"CASE WHEN NOT ok THEN NULL WHEN s{o} = 'undetermined' THEN {self._no_titles()} ELSE r{o} END"
        return [f"CASE WHEN {told} THEN {value} END AS {named(slot.key)}", f"{status} AS {named(slot.key + '.status')}",
                f"{fired} AS {named(slot.key + '.fired')}"]  # fmt: skip

    # ---- the query

    def text(self, table: str) -> str:
        """The whole query."""
        facts = [(f"f{at}", sql.text) for at, sql in enumerate(self.held.values())]
        parts = [[("row", "facts"), ("ok", everyone(self.readable)), *facts]]
        parts += [step.columns for step in self._steps()]
        asked, settled, last = list[tuple[str, str]](), list[tuple[str, str]](), list[str]()
        for o, slot in enumerate(self.plan.outcomes):
            task, scale, columns = self._task(slot)
            asked += columns
            settled += self._settled(slot, o, task, scale)
            last += self._last(slot, o, scale)
        parts += [asked, settled]
        if sum(map(len, parts)) > MOST_COLUMNS:
            raise NotInSqlError(self.plan.rules[-1], self.plan.rules[-1].title)
        steps, source = list[str](), f"{self.dialect.identifier(table)} AS facts"
        for at, columns in enumerate(part for part in parts if part):
            held = ",\n  ".join([*(["*"] if at else []), *(f'{sql} AS "{name}"' for name, sql in columns)])
            steps.append(f"step{at} AS (\n  SELECT {held}\n  FROM {source}{self.dialect.fence}\n)")
            source = f"step{at}"
        row = '("row").*' if self.dialect.name == "postgres" else 'UNNEST("row")'
        shown = ",\n  ".join([row, *last])
        return f"WITH {', '.join(steps)}\nSELECT\n  {shown}\nFROM {source}\n"
