"""A table of facts in, the same table with the decisions out; whatever library it comes from."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from rulec.batch.columns import facts_of
from rulec.batch.kernel import Kernel
from rulec.batch.results import Results
from rulec.moment import Moment

if TYPE_CHECKING:
    from rulec.ruleset import RuleSet

ROWS = 1 << 16  # of a batch
_MOST_KEPT = 8  # kinds of tables for which a rule set keeps what it has learnt


def decide_many(rules: "RuleSet", table: Any, at: Moment) -> Any:
    """The table with the columns of `Results`.

    Raises FactsError for columns that do not fit, TypeError for what is no table.
    """
    if isinstance(table, pa.RecordBatch | pa.Table):
        whole = pa.Table.from_batches([table]) if isinstance(table, pa.RecordBatch) else table
        return _decided(rules, whole, at)
    library = type(table).__module__.split(".")[0]
    if library == "polars":
        import polars

        return polars.from_arrow(_decided(rules, table.to_arrow(), at))
    if library == "pandas":
        decided = _decided(rules, pa.Table.from_pandas(table, preserve_index=False), at)
        new = decided.select(decided.column_names[len(table.columns) :]).to_pandas()
        return table.assign(**{name: new[name].set_axis(table.index) for name in new.columns})
    if library == "pyspark":
        from rulec.batch.frames import decided_frame

        return decided_frame(rules, table, at)
    raise TypeError(f"no table of pyarrow, polars, pandas or pyspark: {type(table).__name__}")


def decided_batch(kernel: Kernel, batch: Any) -> tuple[Any, dict[int, list[str]]]:
    """The batch with the decisions, and the rows rejected with what is wrong with each."""
    found = kernel.decide(batch)
    fields = [*batch.schema, *kernel.results.schema]
    columns = [*batch.columns, *found.columns()]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields)), {
        row: list(problems) for row, problems in found.rejected.items()
    }


def _decided(rules: "RuleSet", table: Any, at: Moment) -> Any:
    results = Results(rules.plan)
    facts = facts_of(rules, table.schema, results.schema.names)
    batches = [batch for batch in table.to_batches(max_chunksize=ROWS) if len(batch)]
    shares = max(1, min(len(batches), os.cpu_count() or 1))

    kept = rules.kernels.setdefault((tuple(facts), at), []) if len(rules.kernels) < _MOST_KEPT else []

    def decide(share: int) -> list[Any]:
        try:
            kernel = kept.pop()  # of one thread at a time
        except IndexError:
            kernel = Kernel(rules, facts, at)
        done = [decided_batch(kernel, batch)[0] for batch in batches[share::shares]]
        kept.append(kernel)
        return done

    with ThreadPoolExecutor(shares) as pool:
        done = list(pool.map(decide, range(shares)))
    schema = pa.schema([*table.schema, *results.schema])
    return pa.Table.from_batches(list(_in_order(done, len(batches))), schema=schema)


def _in_order(shares: list[list[Any]], count: int) -> Iterator[Any]:
    return (shares[at % len(shares)][at // len(shares)] for at in range(count))
