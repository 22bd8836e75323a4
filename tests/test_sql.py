"""The SQL of a plan against the interpreter, on the engines themselves."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import pytest
from clusters import cluster

from rulec.backends.interpreter import interpret
from rulec.backends.sql import query_of
from rulec.backends.sql_text import NotInSqlError, dialect_of
from rulec.cli import main
from rulec.plan import tree as t
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
PLANS = int(os.environ.get("RULEC_SQL_PLANS", "60"))
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
        self.before: list[t.Rule] = []

    def outcome(self, key: str) -> OutcomeSlot:
        policy = self.random.choice(["any", "unique", "first", "max", "min", "sum"])
        default = self.random.choice([None, None, Decimal(0), Decimal(1)])
        bounds = Bounds(Decimal(0), Decimal(5)) if self.random.random() < 0.2 else None
        if policy in ("any", "unique", "first") and self.random.random() < 0.3:
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
        if slot.type == COLOUR:
            return self.leaf("colour")
        numbers = [Decimal(text) for text in ("0", "1", "2", "0.5")]
        return t.Const(self.random.choice(numbers)) if self.random.random() < 0.7 else self.number(1)

    def rule(self, number: int) -> t.Rule:
        own = [slot.key for slot in self.outcomes if self.random.random() < 0.5] or ["o0"]
        branches = tuple(
            self.branch(n + 1, own if not n else self.random.sample(own, 1))
            for n in range(self.random.choice([1, 1, 2, 3]))
        )
        unless = self.condition(1) if self.random.random() < 0.3 else t.Const(False)
        exceptions = tuple(rule.id for rule in self.before if self.random.random() < 0.2)[:2]
        return t.Rule(
            f"r{number}", self.random.choice(["R", "l'été \\"]) + str(number), "f", number, branches, unless, exceptions
        )

    def plan(self) -> t.Plan:
        for number in range(self.random.randrange(1, 6)):
            self.before.append(self.rule(number))
        text = list(self.before)
        self.random.shuffle(text)
        return t.Plan(self.facts, self.outcomes, (), tuple(text), tuple(rule.id for rule in self.before))

    def row(self) -> dict[str, object]:
        known = self.random.choice([1.0, 0.8, 0.4])
        return {
            slot.path: self.random.choice(VALUES[slot.path.split(".")[0]])
            for slot in self.facts if self.random.random() < known
        }  # fmt: skip


def keys_of(rule: t.Rule) -> list[str]:
    return sorted({give.outcome for branch in rule.branches for give in branch.gives})


def written(value: object, dialect: str) -> str:
    """A value as a literal."""
    if value is None:
        return "NULL"
    return dialect_of(dialect).text(value) if isinstance(value, str) else f"'{value}'"


def script(plan: t.Plan, rows: list[dict[str, object]], dialect: str) -> str:
    """The table of facts, rows in their order by n."""
    columns = ", ".join(f'"{slot.path}" {TYPES[slot.path.split(".")[0]][1]}' for slot in plan.facts)
    told = ", ".join(
        f"({n}, {', '.join(written(row.get(slot.path), dialect) for slot in plan.facts)})" for n, row in enumerate(rows)
    )
    return f"DROP TABLE IF EXISTS facts; CREATE TABLE facts (n INTEGER, {columns}); INSERT INTO facts VALUES {told};"


def expected(plan: t.Plan, facts: dict[str, object]) -> dict[str, object]:
    """What the interpreter says, as columns."""
    found: dict[str, object] = {}
    for key, result in interpret(plan, facts, AT).outcomes.items():
        found |= {key: result.value, f"{key}.status": result.status, f"{key}.fired": [r.title for r in result.fired]}
    return found


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


def compare(run: Run, dialect: str, seed: int) -> int:
    """How many rows of one plan were compared."""
    maker = Maker(seed)
    plan = maker.plan()
    rows = [maker.row() for _ in range(ROWS)]
    try:
        query = query_of(plan, dialect=dialect)
    except NotInSqlError:
        return 0
    found = run(script(plan, rows, dialect), query, dialect)
    assert len(found) == len(rows)
    for line in found:
        facts = rows[int(str(line["n"]))]
        wanted = expected(plan, facts)
        assert {key: line[key] for key in wanted} == wanted, (seed, facts, plan)
    return len(rows)


def test_duckdb_decides_as_the_interpreter() -> None:
    compared = sum(compare(on_duckdb, "duckdb", seed) for seed in range(PLANS))
    assert compared > PLANS * ROWS * 0.6  # few of the plans drawn are refused


def test_postgres_decides_as_the_interpreter(postgres: Run) -> None:
    compared = sum(compare(postgres, "postgres", seed) for seed in range(PLANS))
    assert compared > PLANS * ROWS * 0.6


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
    plan, name = hostile_plan(HOSTILE), dialect_of(dialect).identifier
    columns = ", ".join(f"{name(text)} VARCHAR" for text in HOSTILE)
    values = ", ".join(dialect_of(dialect).text(text) for text in HOSTILE)
    before = f"DROP TABLE IF EXISTS facts; CREATE TABLE facts ({columns}); INSERT INTO facts VALUES ({values});"
    (line,) = run(before, query_of(plan, dialect=dialect), dialect)
    wanted = expected(plan, {text: text for text in HOSTILE})
    assert {key: line[key] for key in wanted} == wanted
    assert [line[text + "!"] for text in HOSTILE] == HOSTILE


def test_hostile_texts_are_data_in_duckdb() -> None:
    decide_hostile(on_duckdb, "duckdb")


def test_hostile_texts_are_data_in_postgres(postgres: Run) -> None:
    decide_hostile(postgres, "postgres")


@pytest.mark.parametrize("text", ["", "a\0b", "\ud800", "x" * 64])
def test_names_that_a_database_cannot_hold_are_refused(text: str) -> None:
    with pytest.raises(NotInSqlError):
        dialect_of("postgres").identifier(text)


# ---- what is not a fact is told, what is not said is refused

ROWS_READ = [("620.00", True, "red"), ("620.001", True, "red"), ("1e30", True, "red"), ("620", True, "pink")]


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_rows_that_cannot_be_read_are_rejected(dialect: str, postgres: Run) -> None:
    condition = t.All((t.Compare("gt", t.Fact("amount.0"), t.Const(Decimal(500))), t.In(t.Fact("colour.0"), ("red",))))
    rule = t.Rule("r", "R", "f", 1, (t.Branch(1, condition, (t.Give("o", t.Const(Decimal("0.10"))),)),))
    slots = (Slot("amount.0", Amount("EUR"), ("a",)), Slot("colour.0", COLOUR, ("c",)))
    plan = t.Plan(slots, (OutcomeSlot("o", Percentage(), "o"),), (), (rule,), ("r",))
    told = ", ".join(f"({n}, {amount}, '{colour}')" for n, (amount, _, colour) in enumerate(ROWS_READ))
    before = (
        'DROP TABLE IF EXISTS facts; CREATE TABLE facts (n INTEGER, "amount.0" DECIMAL(38, 4), "colour.0" VARCHAR);'
        f"INSERT INTO facts VALUES {told};"
    )
    run = postgres if dialect == "postgres" else on_duckdb
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
