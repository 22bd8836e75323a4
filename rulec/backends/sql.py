"""A plan in, one SQL query over a table of facts out: for each outcome its value, its status, the rules that fired."""

from rulec.backends.sql_combine import MANY, POLICIES, Settled, Task
from rulec.backends.sql_dialects import DIALECTS, Dialect, at_scale
from rulec.backends.sql_facts import column_of
from rulec.backends.sql_statements import Given, Statements, Step
from rulec.backends.sql_tables import Columns
from rulec.backends.sql_text import DIGITS, NotInSqlError, Sql, everyone
from rulec.backends.sql_values import Values
from rulec.plan import tree as p
from rulec.plan.tree import Plan
from rulec.runtime.types import Amount, Date, Duration, Number, OutcomeSlot, Percentage, Quantity, Rate, YesNo
from rulec.runtime.units import decimals_of
from rulec.tree import walk

MOST_COLUMNS = 1500  # of a step: PostgreSQL has 1664


def query_of(plan: Plan, table: str = "facts", dialect: str = "duckdb") -> str:
    """The query: the columns of the table, then `key`, `key.status` and `key.fired` for each outcome.

    The columns of the table bear the paths of facts. Raises NotInSqlError: what SQL cannot say exactly.
    """
    return _Query(plan, DIALECTS[dialect]).text(table)


class _Query:
    def __init__(self, plan: Plan, dialect: Dialect) -> None:
        self.plan, self.dialect = plan, dialect
        self._refuse_what_is_more()
        self.held, self.readable = self._facts()
        named = {path: Sql(f"f{at}", sql.scale, sql.digits) for at, (path, sql) in enumerate(self.held.items())}
        self.statements = Statements(plan, dialect, self._with_defaults(named))
        self.values = self.statements.values
        for slot in plan.outcomes:
            if slot.combine not in POLICIES or slot.each:
                raise NotInSqlError(next(iter(self.statements.giving(slot.key)), None), slot.name)
        self.scales, self.given = dict[str, int | None](), dict[str, list[Given]]()
        for at, slot in enumerate(plan.outcomes):
            self._give(slot, at)

    def _refuse_what_is_more(self) -> None:
        for judged in self.plan.judgements:
            raise NotInSqlError(judged, judged.path)
        for promise in self.plan.promises:
            raise NotInSqlError(promise, promise.text)
        for oversight in self.plan.oversight:
            raise NotInSqlError(oversight, oversight.text)

    def _facts(self) -> tuple[dict[str, Sql], list[str]]:
        """The facts that rules read, and what must hold of their columns."""
        held, readable = dict[str, Sql](), list[str]()
        read = {node.path: node for node in walk(self.plan) if isinstance(node, p.Fact | p.Given)}
        for slot in self.plan.facts:
            if slot.path in read:
                try:
                    held[slot.path], condition = column_of(self.dialect, slot)
                except NotInSqlError as error:
                    raise NotInSqlError(read[slot.path], error.rule) from None
                readable.append(condition)
        return held, readable

    def _with_defaults(self, named: dict[str, Sql]) -> dict[str, Sql]:
        values, found = Values(self.plan, self.dialect, {}, lambda asked: "NULL"), dict(named)
        for slot in self.plan.facts:
            if slot.default is not None and slot.path in found:
                column, default = found[slot.path], values.constant(slot.default)
                if column.scale is not None and default.scale is not None:
                    scale = max(column.scale, default.scale)
                    column, default = (at_scale(self.dialect, each, scale) for each in (column, default))
                text = f"COALESCE({column.text}, {default.text})"
                found[slot.path] = Sql(text, column.scale, max(column.digits, default.digits))
        return found

    # ---- outcomes

    def _give(self, slot: OutcomeSlot, at: int) -> None:
        """What statements may give an outcome, at one scale."""
        found = [(each, self.statements.said(each, slot.key)) for each in self.statements.giving(slot.key)]
        scale = self._scale(slot, [value for _, values in found for _, value in values])
        kind = self._kind(slot, scale)
        self.scales[slot.key] = scale
        self.given[slot.key] = [
            Given(statement, at, slot.key, [(n, self._alike(value, scale)) for n, value in values], kind)
            for statement, values in found
        ]

    def _task(self, slot: OutcomeSlot) -> tuple[Task, Columns]:
        """Who may give an outcome, and the columns of the step that this needs."""
        told, scale = [self.statements.giver(each) for each in self.given[slot.key]], self.scales[slot.key]
        givers, columns = [giver for giver, _ in told], [column for _, each in told for column in each]
        default = None if slot.default is None else self._alike(self.values.constant(slot.default), scale).text
        if slot.combine == "any" and sum(len(giver.ways) for giver in givers) > MANY:
            raise NotInSqlError(self.given[slot.key][0].statement, slot.name)
        return Task(self.dialect, givers, default), columns

    def _scale(self, slot: OutcomeSlot, values: list[Sql]) -> int | None:
        if not isinstance(slot.type, Number | Percentage | Amount | Quantity | Rate | Duration):
            return None
        known = [slot.default, *((slot.bounds.low, slot.bounds.high) if slot.bounds else ())]
        told = [self.values.constant(each) for each in known if each is not None]
        own = decimals_of(slot.type.currency) if isinstance(slot.type, Amount) else 0
        return max([own, *(each.scale or 0 for each in [*values, *told])])

    def _alike(self, value: Sql, scale: int | None) -> Sql:
        return value if scale is None else at_scale(self.dialect, value, scale)

    def _settled(self, slot: OutcomeSlot, o: int, task: Task) -> Columns:
        """The columns of what becomes of an outcome: its value v, its status s, the rules that fired r."""
        scale = self.scales[slot.key]
        settled = POLICIES[slot.combine](task) if task.givers else Settled("FALSE", "NULL", [])
        digits = [value.digits for giver in task.givers for _, value in giver.ways]
        if max(digits, default=0) + len(str(len(task.givers))) > DIGITS:  # their sum may be rounded
            raise NotInSqlError(self.given[slot.key][0].statement, slot.name)
        default = "NULL" if task.default is None else task.default
        none = "'not_applicable'" if task.default is None else "'decided'"
        status = (
            f"CASE WHEN {task.nothing} THEN {none} WHEN {settled.conflict} THEN 'conflict' "
            f"WHEN {settled.decided} THEN 'decided' WHEN {settled.clash} THEN 'conflict' ELSE 'undetermined' END"
        )
        value = f"CASE WHEN {task.nothing} THEN {default} ELSE {settled.value} END"
        value = f"CAST({value} AS {self._kind(slot, scale)})"
        known = f"{task.nothing} OR {settled.conflict} OR {settled.decided}"
        fired = f"CASE WHEN {known} THEN {self.dialect.titles(settled.fired)} ELSE {self.dialect.no_titles} END"
        return [(f"s{o}", status), (f"v{o}", value), (f"r{o}", fired)]

    def _kind(self, slot: OutcomeSlot, scale: int | None) -> str:
        """The type of an outcome, which an outcome that no rule gives does not show."""
        if scale is not None:
            return self.dialect.number
        if isinstance(slot.type, YesNo):
            return "BOOLEAN"
        return "DATE" if isinstance(slot.type, Date) else self.dialect.string

    def _last(self, slot: OutcomeSlot, o: int) -> list[str]:
        """The columns that are read: what is out of bounds is an error."""
        scale = self.scales[slot.key]
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
        fired = f"CASE WHEN ok THEN r{o} END"
        return [f"CASE WHEN {told} THEN {value} END AS {named(slot.key)}", f"{status} AS {named(slot.key + '.status')}",
                f"{fired} AS {named(slot.key + '.fired')}"]  # fmt: skip

    # ---- the query

    def text(self, table: str) -> str:
        """The whole query."""
        facts = [(f"f{at}", sql.text) for at, sql in enumerate(self.held.values())]
        steps = [Step([("row", self.dialect.row), ("ok", everyone(self.readable)), *facts])]
        steps += self.statements.steps([each for given in self.given.values() for each in given])
        asked, settled, last = Step(), Step(), list[str]()
        for o, slot in enumerate(self.plan.outcomes):
            task, columns = self._task(slot)
            asked.columns += columns
            settled.columns += self._settled(slot, o, task)
            last += self._last(slot, o)
        return self._written(table, [*steps, asked, settled], last)

    def _written(self, table: str, steps: list[Step], last: list[str]) -> str:
        if sum(len(step.columns) for step in steps) > MOST_COLUMNS:
            raise NotInSqlError(self.plan.statements[-1], self.plan.statements[-1].title)
        told, source, name = list[str](), f"{self.dialect.identifier(table)} AS facts", self.dialect.identifier
        for at, step in enumerate(each for each in steps if each.columns or each.joins):
            held = ",\n  ".join([*(["*"] if at else []), *(f"{sql} AS {name(key)}" for key, sql in step.columns)])
            tables = ",\n  ".join([source, *step.joins])
            told.append(f"step{at} AS (\n  SELECT {held}\n  FROM {tables}{self.dialect.fence}\n)")
            source = f"step{at}"
        shown = ",\n  ".join([self.dialect.columns, *last])
        return f"WITH {', '.join(told)}\nSELECT\n  {shown}\nFROM {source}\n"
