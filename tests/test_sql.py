"""The SQL of a plan against the interpreter, on the engines themselves."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import pytest
from clusters import cluster
from pyspark.sql import SparkSession

from rulec.backends import sql_statements
from rulec.backends.interpreter import interpret
from rulec.backends.sql import query_of
from rulec.backends.sql_dialects import DIALECTS
from rulec.backends.sql_text import NotInSqlError
from rulec.cli import main
from rulec.plan import tree as t
from rulec.runtime.decision import FiredRule
from rulec.runtime.tables import NONE, OneOf, Within
from rulec.runtime.types import (
    Amount,
    Bounds,
    Choice,
    Date,
    Number,
    Option,
    OutcomeSlot,
    Percentage,
    Slot,
    Text,
    Type,
    YesNo,
)

AT = date(2026, 3, 1)
PLANS = int(os.environ.get("RULEC_SQL_PLANS", "40"))
ROWS = 40  # decisions a plan
COLOURS = ("red", "green", "blue")
COLOUR = Choice(tuple(Option(key, key) for key in COLOURS))
VALUES: dict[str, list[object]] = {
    "amount": [Decimal(text) for text in ("0", "1", "-1", "2.50", "0.01", "620", "99999999.99")],
    "number": [Decimal(text) for text in ("0", "1", "2", "-1.5", "0.000001", "10", "123456")],
    "yes": [True, False],
    "colour": list(COLOURS),
    "day": [date(2024, 2, 29), date(2026, 3, 1), date(1, 1, 1), date(9999, 12, 31)],
    "text": ["", "l'été", 'a"b', "\\", "\\'; --"],
}
TYPES: dict[str, tuple[Type, str]] = {
    "amount": (Amount("EUR"), "DECIMAL(12, 2)"), "number": (Number(), "DECIMAL(15, 6)"), "yes": (YesNo(), "BOOLEAN"),
    "colour": (COLOUR, "VARCHAR"), "day": (Date(), "DATE"), "text": (Text(), "VARCHAR"),
}  # fmt: skip
Run = Callable[[str, str, str], list[dict[str, object]]]  # a script, a query, a dialect → its rows


class Maker:
    """Draws a plan that SQL can say."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.facts = tuple(
            Slot(f"{kind}.{n}", TYPES[kind][0], ("x", f"{kind} {n}"), optional=random.random() < 0.3,
                 default=random.choice(VALUES[kind]) if random.random() < 0.15 else None)
            for kind in TYPES for n in range(2)
        )  # fmt: skip
        self.outcomes = tuple(self.outcome(f"o{n}") for n in range(3))
        self.before: list[t.Rule | t.Table] = []

    def outcome(self, key: str) -> OutcomeSlot:
        policy = self.random.choice(["any", "unique", "first", "max", "min", "sum"])
        default = self.random.choice([None, None, Decimal(0), Decimal(1)])
        bounds = Bounds(Decimal(0), Decimal(5)) if self.random.random() < 0.2 else None
        if policy in ("any", "unique", "first") and self.random.random() < 0.3:
            if self.random.random() < 0.5:
                return OutcomeSlot(key, YesNo(), key, policy, self.random.choice([None, True]))
            return OutcomeSlot(key, COLOUR, key, policy, self.random.choice([None, "red"]))
        kind: Type = Number() if self.random.random() < 0.5 else Percentage()
        return OutcomeSlot(key, kind, key, policy, default, bounds=bounds)

    def leaf(self, kind: str) -> t.Expr:
        if self.random.random() < 0.3:
            return t.Const(self.random.choice(VALUES[kind]))
        return t.Fact(f"{kind}.{self.random.randrange(2)}")

    def number(self, depth: int) -> t.Expr:
        pick = self.random.randrange(7) if depth else 9
        if pick < 2:
            return t.Arithmetic(self.random.choice(["add", "sub"]), self.number(depth - 1), self.number(depth - 1))
        if pick == 2:
            return t.Arithmetic(
                "mul", self.number(depth - 1), t.Const(self.random.choice([Decimal("0.1"), Decimal(-3)]))
            )
        if pick == 3:
            return t.Extreme(self.random.choice(["min", "max"]), (self.number(depth - 1), self.number(depth - 1)))
        if pick == 4:
            step = self.random.choice([Decimal(1), Decimal("0.05")])
            return t.Round(self.number(depth - 1), step, self.random.choice(["nearest", "up", "down"]))
        if pick == 5:
            return t.DatePart(self.random.choice(["year", "quarter", "month", "day", "weekday"]), self.leaf("day"))
        return self.leaf(self.random.choice(["amount", "number"]))

    def condition(self, depth: int) -> t.Expr:
        pick, random = self.random.randrange(6 if depth else 0, 14), self.random
        items = tuple(self.condition(depth - 1) for _ in range(random.randrange(4))) if pick < 6 else ()
        match pick:
            case 0 | 1:
                return t.All(items)
            case 2 | 3:
                return t.AnyOf(items)
            case 4:
                return t.Not(self.condition(depth - 1))
            case 5:
                low = random.randrange(3)
                return t.Count(low, low + random.randrange(2), items)
            case 6:
                values = tuple(random.sample(COLOURS, random.randrange(3)))
                return t.In(self.leaf("colour"), values)
            case 7:
                return t.Given(random.choice(self.facts).path)
            case 8:
                return t.TextTest("equals", self.leaf("text"), str(random.choice(VALUES["text"])), True)
            case 9:
                return t.Compare(random.choice(["lt", "ge", "eq"]), self.leaf("day"), self.leaf("day"))
            case 10 if self.before:
                rule = random.choice(self.before)
                return t.Applies(rule.id, (random.choice(keys_of(rule)),))
            case 11 | 12:
                operator = random.choice(["lt", "le", "eq", "ne", "ge", "gt"])
                return t.Compare(operator, self.number(1), self.number(1))
            case _:
                return self.leaf("yes")

    def branch(self, number: int, keys: list[str]) -> t.Branch:
        gives = tuple(t.Give(slot.key, self.given(slot)) for slot in self.outcomes if slot.key in keys)
        return t.Branch(number, self.condition(2), gives)

    def given(self, slot: OutcomeSlot) -> t.Expr:
        if slot.type in (COLOUR, YesNo()):
            return self.leaf("colour" if slot.type == COLOUR else "yes")
        numbers = [Decimal(text) for text in ("0", "1", "2", "0.5")]
        return t.Const(self.random.choice(numbers)) if self.random.random() < 0.7 else self.number(1)

    def rule(self, number: int) -> t.Rule:
        own = [slot.key for slot in self.outcomes if self.random.random() < 0.5] or ["o0"]
        branches = tuple(
            self.branch(n + 1, own if not n else self.random.sample(own, 1))
            for n in range(self.random.choice([1, 1, 2, 3]))
        )
        title = self.random.choice(["R", "l'été \\"]) + str(number)
        return t.Rule(f"r{number}", title, "f", number, branches, self.unless(), self.exceptions())

    def unless(self) -> t.Expr:
        return self.condition(1) if self.random.random() < 0.3 else t.Const(False)

    def exceptions(self) -> tuple[str, ...]:
        return tuple(rule.id for rule in self.before if self.random.random() < 0.2)[:2]

    def table(self, number: int, size: int) -> t.Table:
        random = self.random
        columns = tuple(self.column(size) for _ in range(random.randrange(1, 4)))
        has_default = random.random() < 0.4
        decided = [slot for slot in self.outcomes if random.random() < 0.5] or [self.outcomes[0]]
        policies = ["any", "unique", "first"]
        if all(slot.type not in (COLOUR, YesNo()) for slot in decided):
            policies += ["max", "min", "sum"]
        return t.Table(
            f"t{number}", random.choice(["T", "l'été \\"]) + str(number), "f", number, columns,
            tuple(self.decides(slot, size, has_default) for slot in decided), "f", tuple(range(size + has_default)),
            random.choice(policies), has_default=has_default, unless=self.unless(), exceptions=self.exceptions(),
        )  # fmt: skip

    def column(self, size: int) -> t.Column:
        random, kind = self.random, self.random.choice(["amount", "number", "yes", "colour", "day", "text"])
        tests = tuple(self.condition(1) if random.random() < 0.15 else self.cell(kind) for _ in range(3))
        item = self.number(1) if kind == "number" else t.Fact(f"{kind}.{random.randrange(2)}")
        return t.Column(item, tests, tuple(random.choice([NONE, 0, 1, 2]) for _ in range(size)))

    def cell(self, kind: str) -> OneOf | Within:
        random, values = self.random, VALUES[kind]
        if kind in ("amount", "number", "day") and random.random() < 0.7:
            low, high = sorted(random.sample(values, 2))  # type: ignore[type-var]  # values of one kind
            ends = random.choice([(low, high), (low, None), (None, high), (None, None)])
            return Within(*ends, random.random() < 0.5, random.random() < 0.5)
        return OneOf(tuple(random.sample(values, random.randrange(3))), random.random() < 0.3)

    def decides(self, slot: OutcomeSlot, size: int, has_default: bool) -> t.Decides:
        random, values = self.random, tuple(self.given(slot) for _ in range(3))
        cells = tuple(random.choice([NONE, 0, 1, 2] if random.random() < 0.3 else [0, 1, 2]) for _ in range(size))
        return t.Decides(slot.key, values, cells, random.choice([NONE, 0, 1]) if has_default else NONE)

    def plan(self) -> t.Plan:
        for number in range(self.random.randrange(1, 6)):
            is_table, size = self.random.random() < 0.3, self.random.randrange(1, 8)
            self.before.append(self.table(number, size) if is_table else self.rule(number))
        rules = [each for each in self.before if isinstance(each, t.Rule)]
        tables = [each for each in self.before if isinstance(each, t.Table)]
        self.random.shuffle(rules)
        told = tuple(replace(table, before=self.random.randrange(len(rules) + 1)) for table in tables)
        told = tuple(sorted(told, key=lambda table: table.before))
        order = tuple(each.id for each in self.before)
        return t.Plan(self.facts, self.outcomes, (), tuple(rules), order, tables=told)

    def row(self) -> dict[str, object]:
        known = self.random.choice([1.0, 0.8, 0.4])
        return {
            slot.path: self.random.choice(VALUES[slot.path.split(".")[0]])
            for slot in self.facts if self.random.random() < known
        }  # fmt: skip


def keys_of(rule: t.Rule | t.Table) -> list[str]:
    if isinstance(rule, t.Table):
        return [each.outcome for each in rule.decides]
    return sorted({give.outcome for branch in rule.branches for give in branch.gives})


def written(value: object, dialect: str) -> str:
    """A value as a literal."""
    if value is None:
        return "NULL"
    return DIALECTS[dialect].text(value) if isinstance(value, str) else f"'{value}'"


def script(plan: t.Plan, rows: list[dict[str, object]], dialect: str) -> str:
    """The table of facts, rows in their order by n."""
    columns = {slot.path: TYPES[slot.path.split(".")[0]][1] for slot in plan.facts}
    told = [[str(n), *(written(row.get(path), dialect) for path in columns)] for n, row in enumerate(rows)]
    return table_of({"n": "INTEGER"} | columns, told, dialect)


def table_of(columns: dict[str, str], rows: list[list[str]], dialect: str) -> str:
    """A script that makes the table of facts."""
    name, told = DIALECTS[dialect].identifier, ", ".join(f"({', '.join(row)})" for row in rows)
    if dialect == "spark":
        casts = ", ".join(f"CAST(c{at} AS {kind.replace('VARCHAR', 'STRING')}) AS {name(column)}"
                          for at, (column, kind) in enumerate(columns.items()))  # fmt: skip
        listed = ", ".join(f"c{at}" for at in range(len(columns)))
        return f"CREATE OR REPLACE TEMP VIEW facts AS SELECT {casts} FROM (VALUES {told}) AS told({listed})"
    made = ", ".join(f"{name(column)} {kind}" for column, kind in columns.items())
    return f"DROP TABLE IF EXISTS facts; CREATE TABLE facts ({made}); INSERT INTO facts VALUES {told};"


def expected(plan: t.Plan, facts: dict[str, object]) -> dict[str, object]:
    """What the interpreter says, as columns."""
    found: dict[str, object] = {}
    for key, result in interpret(plan, facts, AT).outcomes.items():
        fired = [label(plan, rule) for rule in result.fired]
        found |= {key: result.value, f"{key}.status": result.status, f"{key}.fired": fired}
    return found


def label(plan: t.Plan, rule: FiredRule) -> str:
    """The title of a rule; of a table, with the number of the row after the first."""
    is_row = rule.branch > 1 and rule.id in {table.id for table in plan.tables}
    return f"{rule.title} #{rule.branch}" if is_row else rule.title


def on_duckdb(before: str, query: str, dialect: str) -> list[dict[str, object]]:
    with duckdb.connect() as connection:
        connection.execute(before)
        done = connection.execute(query)
        names = [each[0] for each in done.description or ()]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Run]:
    """Runs queries in a cluster of its own."""
    with cluster("-c fsync=off") as made:

        def run(before: str, query: str, dialect: str) -> list[dict[str, object]]:
            asked = f"SET client_min_messages = error; {before} SELECT json_agg(d) FROM ({query}) AS d"
            found: list[dict[str, object]] = json.loads(made.psql(asked), parse_float=Decimal, parse_int=Decimal)
            return found

        yield run


@pytest.fixture(scope="module")
def spark() -> Iterator[Run]:
    """Runs queries on Spark, which is told not to optimise much: that takes longer than to run them."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {"ui.enabled": False, "sql.codegen.factoryMode": "NO_CODEGEN", "sql.codegen.wholeStage": False,
                "sql.constraintPropagation.enabled": False, "sql.adaptive.enabled": False,
                "driver.extraJavaOptions": "-XX:TieredStopAtLevel=1", "sql.shuffle.partitions": 1,
                "ui.showConsoleProgress": False, "log.level": "ERROR"}  # fmt: skip
    builder = SparkSession.builder.master("local[1]")
    with builder.config(map={f"spark.{key}": str(value) for key, value in settings.items()}).getOrCreate() as session:

        def run(before: str, query: str, dialect: str) -> list[dict[str, object]]:
            session.sql(before)
            return [row.asDict() for row in session.sql(query).collect()]

        yield run


def engine(dialect: str, request: pytest.FixtureRequest) -> Run:
    run: Run = on_duckdb if dialect == "duckdb" else request.getfixturevalue(dialect)
    return run


@pytest.fixture(autouse=True)
def _few_rows_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of more than three rows are joined."""
    monkeypatch.setattr(sql_statements, "MOST_BESIDE", 3)


def compare(run: Run, dialect: str, seed: int) -> int:
    """How many rows of one plan were compared."""
    maker = Maker(seed)
    plan = maker.plan()
    try:
        return compare_plan(run, dialect, plan, [maker.row() for _ in range(ROWS)])
    except NotInSqlError:
        return 0


def compare_plan(run: Run, dialect: str, plan: t.Plan, rows: list[dict[str, object]]) -> int:
    query = query_of(plan, dialect=dialect)
    found = run(script(plan, rows, dialect), query, dialect)
    assert len(found) == len(rows)
    for line in found:
        facts = rows[int(str(line["n"]))]
        wanted = expected(plan, facts)
        assert {key: line[key] for key in wanted} == wanted, (facts, plan)
    return len(rows)


def test_duckdb_decides_as_the_interpreter() -> None:
    compared = sum(compare(on_duckdb, "duckdb", seed) for seed in range(PLANS))
    assert compared > PLANS * ROWS * 0.6  # few of the plans drawn are refused


def test_postgres_decides_as_the_interpreter(postgres: Run) -> None:
    compared = sum(compare(postgres, "postgres", seed) for seed in range(PLANS))
    assert compared > PLANS * ROWS * 0.6


def test_spark_decides_as_the_interpreter(spark: Run) -> None:
    plans = PLANS // 10  # each takes Spark a second
    compared = sum(compare(spark, "spark", seed) for seed in range(plans))
    assert compared > plans * ROWS * 0.6


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_table_of_many_rows_is_joined(
    dialect: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    for seed in range(3):
        maker = Maker(seed)
        plan = t.Plan(maker.facts, maker.outcomes, (), (), ("t0",), tables=(maker.table(0, 51),))
        assert "LATERAL" in query_of(plan, dialect=dialect)
        compare_plan(engine(dialect, request), dialect, plan, [maker.row() for _ in range(ROWS)])


# ---- any text is data

HOSTILE = [
    "'; DROP TABLE facts; --",
    '"; DROP TABLE facts; --',
    "\\'; --",
    "$$",
    "{0}%s",
    "é « à »",
    "a\nb",
    "row",
    "ok",
    "f0",
]


def hostile_plan(texts: list[str]) -> t.Plan:
    """A plan in which every name and value is one of the texts."""
    kind = Choice(tuple(Option(text, text) for text in texts))
    rules = tuple(
        t.Rule(text, text, text, 1, (t.Branch(1, t.TextTest("equals", t.Fact(text), text, True),
                                              (t.Give(text + "!", t.Const(text)),)),))
        for text in texts
    )  # fmt: skip
    outcomes = tuple(OutcomeSlot(text + "!", kind, text) for text in texts)
    return t.Plan(tuple(Slot(text, Text(), (text,)) for text in texts), outcomes, (), rules, tuple(texts))


def decide_hostile(run: Run, dialect: str) -> None:
    plan = hostile_plan(HOSTILE)
    values = [DIALECTS[dialect].text(text) for text in HOSTILE]
    before = table_of(dict.fromkeys(HOSTILE, "VARCHAR"), [values], dialect)
    (line,) = run(before, query_of(plan, dialect=dialect), dialect)
    wanted = expected(plan, {text: text for text in HOSTILE})
    assert {key: line[key] for key in wanted} == wanted
    assert [line[text + "!"] for text in HOSTILE] == HOSTILE


def test_hostile_texts_are_data_in_duckdb() -> None:
    decide_hostile(on_duckdb, "duckdb")


def test_hostile_texts_are_data_in_postgres(postgres: Run) -> None:
    decide_hostile(postgres, "postgres")


def test_hostile_texts_are_data_in_spark(spark: Run) -> None:
    decide_hostile(spark, "spark")


@pytest.mark.parametrize("text", ["", "a\0b", "\ud800", "x" * 64])
def test_names_that_a_database_cannot_hold_are_refused(text: str) -> None:
    with pytest.raises(NotInSqlError):
        DIALECTS["postgres"].identifier(text)


# ---- the command

FEES = """\
A customer has:
  - a country among France, Belgium, Spain
An order has:
  - an amount (in €), main
We decide:
  - the fee (in €)
Table "Fees" (the first row wins)
| country  | amount         | fee   |
| -------- | -------------- | ----- |
| France   | less than €50  | €4.90 |
| France   | at least €50   | €0    |
| Belgium  | -              | €2    |
| else     |                | €9.90 |
"""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_command_writes_a_query_for_each_database(
    dialect: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path, output = tmp_path / "fees.rules", tmp_path / "fees.sql"
    path.write_text(FEES, encoding="utf-8")
    assert main(["build", str(path), "--target", "sql", "--dialect", dialect, "-o", str(output)]) == 0
    told = [["'france'", "49.99"], ["'france'", "50"], ["'belgium'", "NULL"], ["'spain'", "NULL"], ["'france'", "NULL"]]
    before = table_of({"customer.country": "VARCHAR", "order.amount": "DECIMAL(9, 2)"}, told, dialect)
    found = engine(dialect, request)(before, output.read_text(encoding="utf-8"), dialect)
    assert sorted(f"{line['fee']} {line['fee.status']} {line['fee.fired']}" for line in found) == [
        "0.00 decided ['Fees #2']", "2.00 decided ['Fees #3']", "4.90 decided ['Fees']", "9.90 decided ['Fees #4']",
        "None undetermined []",
    ]  # fmt: skip


# ---- what is not a fact is told, what is not said is refused

ROWS_READ = [("620.00", True, "red"), ("620.001", True, "red"), ("1e30", True, "red"), ("620", True, "pink")]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_rows_that_cannot_be_read_are_rejected(dialect: str, request: pytest.FixtureRequest) -> None:
    condition = t.All((t.Compare("gt", t.Fact("amount.0"), t.Const(Decimal(500))), t.In(t.Fact("colour.0"), ("red",))))
    rule = t.Rule("r", "R", "f", 1, (t.Branch(1, condition, (t.Give("o", t.Const(Decimal("0.10"))),)),))
    slots = (Slot("amount.0", Amount("EUR"), ("a",)), Slot("colour.0", COLOUR, ("c",)))
    plan = t.Plan(slots, (OutcomeSlot("o", Percentage(), "o"),), (), (rule,), ("r",))
    told = [[str(n), amount, f"'{colour}'"] for n, (amount, _, colour) in enumerate(ROWS_READ)]
    before = table_of({"n": "INTEGER", "amount.0": "DECIMAL(38, 4)", "colour.0": "VARCHAR"}, told, dialect)
    run = engine(dialect, request)
    found = sorted(run(before, query_of(plan, dialect=dialect), dialect), key=lambda line: int(str(line["n"])))
    assert [(line["o"], line["o.status"], line["o.fired"]) for line in found] == [
        (Decimal("0.10"), "decided", ["R"]), (None, "rejected", None), (None, "rejected", None),
        (None, "rejected", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "condition",
    [
        t.TextTest("starts", t.Fact("text.0"), "VIP"), t.Compare("eq", t.Today(), t.Fact("day.0")),
        t.Compare("gt", t.Arithmetic("div", t.Fact("amount.0"), t.Fact("number.0")), t.Const(Decimal(1))),
    ],
)  # fmt: skip
def test_what_sql_cannot_say_is_refused_with_its_rule(condition: t.Expr) -> None:
    rule = t.Rule("r", "R", "f", 1, (t.Branch(1, condition, (t.Give("o", t.Const(Decimal(1))),)),))
    facts = Maker(0).facts
    with pytest.raises(NotInSqlError) as refused:
        query_of(t.Plan(facts, (OutcomeSlot("o", Number(), "o"),), (), (rule,), ("r",)))
    assert refused.value.rule == "R"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.regles", "Si code promo commence par « VIP » alors remise 10 %", "ne peut pas se dire exactement en SQL"),
        ("a.rules", 'If promo code starts with "VIP" then discount 10%', "cannot be said exactly in SQL"),
    ],
)
def test_the_command_refuses_at_the_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert main(["build", str(path), "--target", "sql", "-o", str(tmp_path / "a.sql")]) == 1
    err = capsys.readouterr().err
    assert "E953" in err
    assert said in err
    assert f"{name}:1:4" in err
    assert not (tmp_path / "a.sql").exists()
