"""What rules calculate, for many rows at once: rulec beside Polars on whole cents, and one decision at a time.

    python benchmarks/amounts.py [--rows 500000]

Rebates of 10 % and 2.5 % of the amount, rounded to the cent, and of 5 € add up; of two fees the highest wins. Polars
gets whole cents, unchecked, and gives the two amounts alone. All rows are compared with Polars, some with single
decisions.
"""

import argparse
from typing import Any

import polars as pl
from batch import AT, speed
from table import rows_of
from workload import VOCABULARY

import rulec

RULES = """\
  - the rebate (in €), add up, €0 by default
  - the fee (in €), the highest wins

If the customer is loyal then the rebate is 10% of the order, rounded to the cent.
If the segment is reseller or wholesale then the rebate is 2.5% of the order, rounded to the cent.
If the order exceeds €100 then the rebate is €5.
If the country is France then the fee is 2% of the order, rounded to the cent.
The fee is €1.20 × the quantity.
"""
ALONE = 2_000  # rows that are also decided one by one


def main() -> None:
    """Print million rows a second, and how rulec stands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    options = parser.parse_args()
    table = rows_of(options.rows).drop_columns(["channel"])
    rules = rulec.loads(VOCABULARY.rstrip() + "\n" + RULES, "en")
    frame = pl.from_arrow(table).with_columns(cents=(pl.col("amount") * 100).cast(pl.Int64))
    frame = frame.with_columns(pl.col("segment", "country").cast(pl.String))
    few = table.slice(0, ALONE)
    check(rules.decide_many(table, AT), frame.select(polars()), rules, few)
    speeds = {
        "rulec": speed(lambda: rules.decide_many(table, AT), options.rows),
        "polars": speed(lambda: frame.select(polars()), options.rows),
        "one by one": speed(lambda: [rules.decide(row, AT) for row in few.to_pylist()], ALONE),
    }
    print(", ".join(f"{name} {told:.4f}" for name, told in speeds.items()) + " million rows/s")
    print(f"rulec / polars = {speeds['rulec'] / speeds['polars']:.2f}")
    print(f"rulec / one by one = {speeds['rulec'] / speeds['one by one']:.0f}")


def polars() -> list[Any]:
    """The same amounts in cents."""
    cents = pl.col("cents")
    rebate = (
        _if(pl.col("loyal"), _rounded(cents * 10, 100))
        + _if(pl.col("segment").is_in(["reseller", "wholesale"]), _rounded(cents * 25, 1000))
        + _if(cents > 10_000, 500)
    )
    fee = pl.max_horizontal(_if(pl.col("country") == "France", _rounded(cents * 2, 100)), pl.col("quantity") * 120)
    return [rebate.alias("rebate"), fee.alias("fee")]


def check(told: Any, cents: pl.DataFrame, rules: rulec.RuleSet, few: Any) -> None:
    """Assert that all give the same."""
    for name in ("rebate", "fee"):
        own = told[name].to_pylist()
        assert [int(each * 100) for each in own] == cents[name].to_list()
        assert own[: len(few)] == [rules.decide(row, AT)[name] for row in few.to_pylist()]


def _if(condition: Any, value: Any) -> Any:
    return pl.when(condition).then(value).otherwise(0)


def _rounded(value: Any, by: int) -> Any:
    """Half away from zero, of what is not negative."""
    return (2 * value + by) // (2 * by)


if __name__ == "__main__":
    main()
