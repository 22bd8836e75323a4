"""Tables of facts against one decision at a time."""

import os
import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from strategies import Case, cases

import rulec
from rulec.backends.interpreter import interpret
from rulec.batch.columns import facts_of
from rulec.batch.kernel import Kernel
from rulec.batch.results import Results
from rulec.plan.tree import Plan
from rulec.ruleset import RuleSet
from rulec.runtime.facts import FactsError, FactsReader
from rulec.semantics.model import Vocabulary

AT = date(2026, 3, 1)
PAIRS = int(os.environ.get("RULEC_PAIRS", "600"))
EACH = 20  # rows a plan
Row = dict[str, Any]


def table_of(rows: Sequence[Row], paths: Sequence[str]) -> Any:
    """A table with a column for each path; numbers as decimals where they all fit, otherwise as texts."""
    return pa.table({path: _array([row.get(path) for row in rows]) for path in paths})


def _array(values: Sequence[Any]) -> Any:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, UnicodeEncodeError):  # half a character is no text of Arrow's
        return pa.array([_texts(value) for value in values])


def _texts(value: Any) -> Any:
    match value:
        case Decimal():
            return f"{value:f}"
        case str():
            return value.encode("utf-8", "replace").decode()
        case tuple() | list():
            return [_texts(each) for each in value]
        case dict():
            return {key: _texts(each) for key, each in value.items()}
        case _:
            return value


def held(plan: Plan, row: Row) -> dict[str, object] | None:
    """The facts of a row as a single decision reads them, None where it refuses them."""
    reader = FactsReader(plan.facts, plan.language, tuple(each.slot for each in plan.definitions))
    try:
        return reader.read({key: value for key, value in row.items() if value is not None})
    except FactsError:
        return None


@given(case=cases(each=EACH))
@settings(
    max_examples=max(1, PAIRS // EACH // 2),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)
def test_a_kernel_decides_as_the_interpreter_row_by_row(case: Case) -> None:
    plan = case.plan
    table = table_of([facts for facts, _ in case.asked], [slot.path for slot in plan.facts])
    rules = RuleSet(plan, "fr", Vocabulary())
    kernel = Kernel(rules, facts_of(rules, table.schema, Results(plan).schema.names), AT)
    batch = table.to_batches()[0]
    read = [held(plan, row) for row in kernel.given(batch)]
    fine = [facts is not None for facts in read]
    told = kernel.results.arrays([interpret(plan, facts, AT) for facts in read if facts is not None])
    for decided in (kernel.decide(batch), kernel.decide(batch)):  # the second time, all is known
        assert list(decided.rejected) == [row for row, known in enumerate(fine) if not known]
        for name, own, column in zip(kernel.results.schema.names, told, decided.columns(), strict=True):
            assert column.filter(pa.array(fine)).to_pylist() == own.to_pylist(), name


# ---- rules of which the first wins, and others that only test

VOCABULARY = """\
A customer has:
  - a country among France, Belgium, Spain
  - a birth date (date)
  - a name (text)
  - can be loyal
  - a code (text), optional
An order has:
  - an amount (in €), from €0 to €1000, main
  - a weight (in kg)
  - a quantity (whole number), from 0 to 50
We decide:
  - the discount (percentage), {combine}{default}
  - the gift (in €), add up, €0 by default
"""
TESTS = (
    "the amount exceeds €{amount}", "the amount is at most €{amount}", "the weight is below {weight} kg",
    "the country is France", "the country is not Spain", "the customer is loyal", "the customer is not loyal",
    "the quantity is between 3 and {quantity}", "the birth date is before 1 June 2000", 'the name is "Ann"',
    "the code is missing", 'the code is given and the code is "X"',
)  # fmt: skip
GIVEN: dict[str, Sequence[object]] = {
    "country": ("France", "belgium", "Spain", "Italy", None),
    "birth_date": (date(1990, 1, 1), date(2000, 6, 1), date(2010, 5, 5), None),
    "name": ("Ann", "Bob", None),
    "loyal": (True, False, None),
    "code": ("X", "Y", None),
    "amount": ("100", "99.99", "100.01", "1 000 €", "€500", "1e3", "5000", "12.345", None),
    "weight": (Decimal("1.5"), Decimal("2.000000000001"), Decimal(7), None),
    "quantity": (0, 3, 4, 49, 51, None),
}


def sentences(draw: random.Random, count: int) -> str:
    """Random rules, each of some tests."""
    lines = list[str]()
    for _ in range(count):
        tests = [
            test.format(amount=draw.choice([99, 100, 500]), weight=draw.choice([2, 7]), quantity=draw.choice([4, 49]))
            for test in draw.sample(TESTS, draw.randint(1, 3))
        ]
        given = draw.choice(["the discount is {}%", "the discount is {}%", "the gift is €{}"]).format(
            draw.randint(1, 9)
        )
        lines.append(f"If {' and '.join(tests)} then {given}.")
    return "\n".join(lines)


@pytest.mark.parametrize("combine", ["the first rule wins", "the highest wins", "rules must agree", "add up"])
@pytest.mark.parametrize("one_outcome", [True, False])
def test_rules_that_only_test_decide_alike_in_tables(
    combine: str, one_outcome: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rulec.batch.tables.ROWS", 64)  # several batches of each table
    draw = random.Random(combine + str(one_outcome))
    for _ in range(max(2, PAIRS // 400)):
        text = VOCABULARY.format(combine=combine, default=draw.choice([", 0% by default", ""]))
        text += sentences(draw, draw.choice([3, 12, 90]))
        if one_outcome:
            text = "\n".join(line for line in text.splitlines() if "gift" not in line)
        rules = rulec.loads(text, "en")
        known = [path for path in GIVEN if draw.random() < 0.95]
        few = draw.random() < 0.5  # facts of which all are fine
        rows = [{path: draw.choice(GIVEN[path][:2] if few else GIVEN[path]) for path in known} for _ in range(200)]
        table = pa.table({path: column_of([row[path] for row in rows], draw) for path in known})
        out = rules.decide_many(table, AT).to_pylist()
        assert len(out) == len(rows)
        for row, told in zip(table.to_pylist(), out, strict=True):
            assert_same(rules, row, told)


# ---- rules that calculate

CALCULATED = """\
A customer has:
  - a country among France, Belgium, Spain
  - can be loyal
An order has:
  - an amount (in €), from €0 to €1000, main
  - a weight (in kg)
  - a quantity (whole number), from 0 to 50
  - a rate (percentage)
We decide:
  - the discount (percentage), the highest wins, 0% by default
  - the gift (in €), {bounds}{combine}{default}
  - the fee (in €), the {which} wins
  - the total (in €)
The base is the amount + €5 × the quantity.
The total is the base - the gift, rounded to the cent.
If the country is France then the discount is 5%.
If the amount exceeds €500 then the discount is 10%.
"""
FORMULAS = (
    "10% of the amount, rounded to the cent", "€1 × the quantity", "the amount / 4, rounded up to the cent", "€7",
    "the amount / 4, rounded down to the euro", "the lower of the amount and €40", "€40",
    "20% of the base, rounded to the cent", "the rate × the amount, rounded to the cent",
    "the discount × the amount, rounded to the cent", "€2.5 per kg × the weight, rounded to the cent",
    "the amount - the base",
)  # fmt: skip
CONDITIONS = (
    "If the customer is loyal then", "If the country is Spain then", "If the amount exceeds €100 then",
    "If the quantity is at most 3 then", "",
)  # fmt: skip
MORE: dict[str, Sequence[object]] = {
    "amount": ("100", "99.99", "0.05", "640.15", "1000", "5000", None),
    "weight": ("1.5", "2.000000000001", "-7.25", "1e30", None),
    "quantity": (0, 3, 4, 50, 51, None),
    "rate": ("0.055", "5.5 %", "0.123456789", "-0.1", None),
}


@pytest.mark.parametrize(
    "combine", ["add up", "the highest wins", "the lowest wins", "rules must agree", "the first rule wins"]
)
def test_what_rules_calculate_is_alike_in_tables(combine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulec.batch.tables.ROWS", 64)
    draw, together = random.Random(combine), 0
    for _ in range(max(4, PAIRS // 400)):
        text = CALCULATED.format(
            combine=combine, default=draw.choice([", €0 by default", ""]), which=draw.choice(["highest", "lowest"]),
            bounds=draw.choice(["from €0 to €60, ", ""]),
        )  # fmt: skip
        for outcome in ["the gift", "the fee"] * draw.randint(1, 4):
            text += f"{draw.choice(CONDITIONS)} {outcome} is {draw.choice(FORMULAS)}.\n".lstrip()
        rules = rulec.loads(text, "en")
        given = {path: values for path, values in (GIVEN | MORE).items() if path in rules_facts(rules)}
        few = draw.random() < 0.5  # facts of which most are fine
        rows = [
            {path: draw.choice(values[: 4 if few and draw.random() < 0.99 else None]) for path, values in given.items()}
            for _ in range(200)
        ]
        table = pa.table({path: column_of([row[path] for row in rows], draw) for path in given})
        for row, told in zip(table.to_pylist(), rules.decide_many(table, AT).to_pylist(), strict=True):
            assert_same(rules, row, told)
        (kernels,) = rules.kernels.values()
        together += sum(len(kernel.computed.alike) for kernel in kernels if kernel.computed is not None)
    assert together


FRENCH = """\
Une commande a :
  - un montant (en €)
  - un poids (en kg)
On décide :
  - le total (en €)
Le total est le montant × 2 + 1,50 € par kg × le poids, arrondi au centime.
"""


def test_numbers_with_a_comma_are_read_in_tables_as_alone() -> None:
    rules, draw = rulec.loads(FRENCH, "fr"), random.Random(5)
    texts = ["1,23", "1,234", "-0,5", "+7,25", "007,5", "1.5", "1,2,3", "1 234,5", "12,", ",5", "3 €", "1,5 kg"]
    texts += ["".join(draw.choice("0123456789,,.- ") for _ in range(draw.randint(1, 6))) for _ in range(500)]
    rows = [{"montant": draw.choice(texts), "poids": draw.choice(texts)} for _ in range(1000)]
    told = set[object]()
    for row, out in zip(rows, rules.decide_many(pa.Table.from_pylist(rows), AT)["total"].to_pylist(), strict=True):
        try:
            alone = rules.decide(row, AT)["total"]
        except FactsError:
            alone = None
        assert out == alone, row
        told.add(alone)
    assert len(told) > 100


def rules_facts(rules: RuleSet) -> set[str]:
    """The facts that rules read, by their names."""
    return {slot.path.split(".")[-1] for slot in rules.plan.facts}


def column_of(values: Sequence[object], draw: random.Random) -> Any:
    """The values in one column, texts as such or by numbers that stand for them."""
    column = pa.array(values)
    return column.dictionary_encode() if pa.types.is_string(column.type) and draw.random() < 0.5 else column


def assert_same(rules: RuleSet, row: Row, told: Row) -> None:
    """The columns of a row say what the decision on it says."""
    problems, decision = list[str](), None
    try:
        decision = rules.decide({key: value for key, value in row.items() if value is not None}, AT)
    except FactsError as error:
        problems = [f"{each.code} {each.message('en')}" for each in error.problems]
    if decision is None:
        assert (told["status"], told["problems"]) == ("rejected", problems)
        return
    assert told["status"] == decision.status
    assert told["missing"] == list(decision.missing)
    for key, result in decision.outcomes.items():
        assert told[f"{key}.status"] == result.status
        assert told[key] == (result.value if result.status == "decided" else None)
        assert told[f"{key}.fired"] == [f"rules:{rule.line}" for rule in result.fired]


# ---- what a table may be

RULES = """\
A customer has:
  - can be loyal
An order has:
  - an amount (in €), main
We decide:
  - the discount (percentage), 0% by default
  - the rebate (in €)
Rule "Loyal": if the customer is loyal and the order exceeds €500 then the discount is 10%.
The rebate is 10% of the order, rounded to the cent.
"""


def rules() -> RuleSet:
    return rulec.loads(RULES, "en")


def test_a_table_of_arrow_keeps_its_columns_and_gets_those_of_the_decision() -> None:
    table = pa.table({"id": [7, 8], "amount": [Decimal("620.15"), Decimal("12.00")], "loyal": [True, None]})
    assert rules().decide_many(table, AT).to_pylist() == [
        {
            "id": 7, "amount": Decimal("620.15"), "loyal": True, "discount": Decimal("0.1"),
            "discount.status": "decided", "discount.fired": ["Loyal"], "rebate": Decimal("62.02"),
            "rebate.status": "decided", "rebate.fired": ["rules:9"], "status": "decided", "missing": [], "problems": [],
        },
        {
            "id": 8, "amount": Decimal("12.00"), "loyal": None, "discount": Decimal(0), "discount.status": "decided",
            "discount.fired": [], "rebate": Decimal("1.20"), "rebate.status": "decided", "rebate.fired": ["rules:9"],
            "status": "decided", "missing": [], "problems": [],
        },
    ]  # fmt: skip


def test_polars_and_pandas_get_back_their_own_kind() -> None:
    columns = {"order": ["620 €", "bad"], "loyal customer": [True, False]}
    polars = rules().decide_many(pl.DataFrame(columns), AT)
    assert isinstance(polars, pl.DataFrame)
    assert polars["discount"].to_list() == [Decimal("0.10"), None]
    frame = pd.DataFrame(columns, index=["a", "b"])
    pandas = rules().decide_many(frame, AT)
    assert list(pandas.index) == ["a", "b"]
    assert pandas["status"].to_list() == ["decided", "rejected"]
    assert list(frame.columns) == ["order", "loyal customer"]
    with pytest.raises(TypeError):
        rules().decide_many([{"order": 1}], AT)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"amount": [1.5]}, "E530"),
        ({"amuont": [1]}, "E501"),
        ({"amount": [1], "discount": [2]}, "E531"),
    ],
)
def test_columns_that_do_not_fit_are_refused_at_once(columns: dict[str, list[object]], code: str) -> None:
    with pytest.raises(FactsError) as refused:
        rules().decide_many(pa.table(columns), AT)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_an_empty_table_has_the_columns_too() -> None:
    out = rules().decide_many(pa.table({"amount": pa.array([], pa.int64())}), AT)
    assert (len(out), out.column_names[1]) == (0, "discount")


def test_a_fact_in_two_columns_must_be_the_same() -> None:
    out = rules().decide_many(pa.table({"amount": [600, 600], "order": ["600", "700"], "loyal": [True, True]}), AT)
    assert out["status"].to_pylist() == ["decided", "rejected"]


def test_members_of_an_entity_are_read_from_a_column_of_them() -> None:
    out = rules().decide_many(pa.table({"order": [{"amount": 600}], "customer": [{"loyal": True}]}), AT)
    assert out["discount"].to_pylist() == [Decimal("0.1")]


def test_many_rules_and_values_find_the_first_that_holds() -> None:
    lines = [f"If the amount is at least €{900 - at} and the quantity is below {at % 9 + 2}" for at in range(300)]
    text = VOCABULARY.format(combine="the first rule wins", default="") + "".join(
        f"{line} and the country is {('France', 'Spain')[at % 2]} then the discount is {at % 90}%.\n"
        for at, line in enumerate(lines)
    )
    rules = rulec.loads("\n".join(line for line in text.splitlines() if "gift" not in line), "en")
    draw = random.Random(4)
    rows = [
        {"amount": draw.randrange(1000), "quantity": draw.randrange(12), "country": draw.choice(("France", "Spain"))}
        for _ in range(400)
    ]
    table = pa.Table.from_pylist(rows)
    for row, told in zip(rows, rules.decide_many(table, AT).to_pylist(), strict=True):
        assert_same(rules, row, told)
