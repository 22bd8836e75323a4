"""Many decisions at once: rulec beside Polars, DuckDB and numba on the same rules and rows; ratios, answers checked.

    python benchmarks/batch.py [--rows 2000000] [--sizes 10 100 1000]

Peers get the amounts as whole cents, unchecked, and give the discount alone; rulec reads decimals, checks every fact
and gives the discount, its status and the rule that fired.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import numba
import numpy as np
import polars as pl
from table import rows_of
from workload import COUNTRIES, MOST_CENTS, MOST_ITEMS, SEGMENTS, Rule, rulec_text, rules_of

import rulec

AT = "2026-01-01"
ROUNDS = 3
Give = Callable[[], Any]


def main() -> None:
    """Print million rows a second for each size, and how rulec stands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1_000])
    options = parser.parse_args()
    table = rows_of(options.rows)
    for size in options.sizes:
        rules = rules_of(size)
        speeds = {name: speed(give, options.rows) for name, give in competitors(rules, table).items()}
        print(f"{size} rules: " + ", ".join(f"{name} {told:.2f}" for name, told in speeds.items()) + " million rows/s")
        best = max(told for name, told in speeds.items() if name != "rulec")
        print(f"{size} rules: rulec / best peer = {speeds['rulec'] / best:.2f}")


def competitors(rules: Sequence[Rule], table: Any) -> dict[str, Give]:
    """What gives the discounts of all rows, by name; each is run once and checked against the others."""
    compiled = rulec.loads(rulec_text(rules), "en")
    frame = pl.from_arrow(table).with_columns(cents=(pl.col("amount") * 100).cast(pl.Int64))
    frame = frame.with_columns(pl.col("segment", "country").cast(pl.String))
    given: dict[str, Give] = {
        "rulec": lambda: compiled.decide_many(table, AT)["discount"],
        "numba": _numba(rules, table),
    }
    if len(rules) <= 100:  # beyond, they take minutes and gigabytes
        given["polars"] = lambda: frame.select(_polars(rules)).to_series()
        given["duckdb"] = _duckdb(rules, frame)
    tenths = [np.array([int(1000 * value) for value in given["rulec"]().to_pylist()])]
    tenths += [np.asarray(give()) for name, give in given.items() if name != "rulec"]
    for other in tenths[1:]:
        assert (tenths[0] == other).all()
    return given


def speed(give: Give, rows: int) -> float:
    """Million rows a second, the median of a few rounds."""
    spent = list[float]()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        give()
        spent.append(time.perf_counter() - start)
    return rows / statistics.median(spent) / 1e6


def _tests(rule: Rule) -> list[tuple[str, str, Any]]:
    """The tests of a rule: column, operator, value."""
    tests = list[tuple[str, str, Any]]()
    if rule.amount:
        tests += [("cents", ">=", rule.amount[0]), ("cents", "<", rule.amount[1])]
    tests += [("segment", "=", rule.segment)] if rule.segment else []
    tests += [("country", "=", rule.country)] if rule.country else []
    if rule.quantity:
        tests += [("quantity", ">=", rule.quantity[0]), ("quantity", "<=", rule.quantity[1])]
    return tests + ([] if rule.loyal is None else [("loyal", "=", rule.loyal)])


def _polars(rules: Sequence[Rule]) -> Any:
    compare = {
        ">=": lambda column, value: column >= value, "<": lambda column, value: column < value,
        "<=": lambda column, value: column <= value, "=": lambda column, value: column == value,
    }  # fmt: skip
    chosen: Any = pl
    for rule in rules:
        test = pl.all_horizontal([compare[sign](pl.col(column), value) for column, sign, value in _tests(rule)])
        chosen = chosen.when(test).then(rule.tenths)
    return chosen.otherwise(0).alias("tenths")


def _duckdb(rules: Sequence[Rule], frame: pl.DataFrame) -> Give:
    cases = " ".join(
        f"WHEN {' AND '.join(f'{column} {sign} {value!r}' for column, sign, value in _tests(rule))} THEN {rule.tenths}"
        for rule in rules
    )
    database = duckdb.connect()
    database.register("frame", frame.to_arrow())
    database.execute("CREATE TABLE facts AS SELECT * FROM frame")
    return lambda: database.execute(f"SELECT CASE {cases} ELSE 0 END AS tenths FROM facts").fetchnumpy()["tenths"]


def _numba(rules: Sequence[Rule], table: Any) -> Give:
    """The rules of each segment and country, tried in order."""
    limits = np.array([
        [*(rule.amount or (0, MOST_CENTS)), *(rule.quantity or (0, MOST_ITEMS)),
         -1 if rule.loyal is None else int(rule.loyal), rule.tenths]
        for rule in rules
    ], np.int64)  # fmt: skip
    lists = [
        [at for at, rule in enumerate(rules) if rule.segment in (None, segment) and rule.country in (None, country)]
        for segment in SEGMENTS for country in COUNTRIES
    ]  # fmt: skip
    starts, order = np.cumsum([0, *map(len, lists)]), np.array([at for each in lists for at in each], np.int64)
    whole = table.combine_chunks()
    columns = [
        whole["segment"].chunk(0).indices.to_numpy(), whole["country"].chunk(0).indices.to_numpy(),
        np.asarray(pl.from_arrow(table)["amount"].cast(pl.Float64) * 100).round().astype(np.int64),
        whole["quantity"].to_numpy(), whole["loyal"].to_numpy(),
    ]  # fmt: skip
    return lambda: _first_of(limits, starts, order, len(COUNTRIES), *columns)


@numba.njit(parallel=True, cache=False)  # type: ignore[untyped-decorator]  # it has no types
def _first_of(
    limits: Any,
    starts: Any,
    order: Any,
    countries: int,
    segment: Any,
    country: Any,
    cents: Any,
    quantity: Any,
    loyal: Any,
) -> Any:
    """What the first rule of its list that holds gives each row."""
    found = np.zeros(len(cents), np.int64)
    for row in numba.prange(len(cents)):
        place = segment[row] * countries + country[row]
        for at in range(starts[place], starts[place + 1]):
            rule = limits[order[at]]
            if (
                rule[0] <= cents[row] < rule[1] and rule[2] <= quantity[row] <= rule[3]
                and (rule[4] < 0 or rule[4] == loyal[row])
            ):  # fmt: skip
                found[row] = rule[5]
                break
    return found


if __name__ == "__main__":
    main()
