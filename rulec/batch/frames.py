"""A DataFrame of Spark in, the same with the decisions out, by the kernel in `mapInArrow`: nothing is computed before
the result is asked for."""

from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import StructType

from rulec.batch.columns import facts_of
from rulec.batch.kernel import Kernel
from rulec.batch.packed import bare, pack, unpack
from rulec.batch.results import Results
from rulec.batch.tables import decided_batch
from rulec.moment import Moment

if TYPE_CHECKING:
    from rulec.ruleset import RuleSet


def decided_frame(rules: "RuleSet", frame: Any, at: Moment) -> Any:
    """The frame with the columns of `Results`. Raises FactsError for columns that do not fit."""
    schema, results = to_arrow_schema(frame.schema), Results(rules.plan)
    facts = facts_of(rules, schema, results.schema.names)
    new = from_arrow_schema(pa.schema([(each.name, _plain(each.type)) for each in results.schema]))
    packed = pack((bare(rules), facts, at))
    return frame.mapInArrow(partial(_decided, packed), StructType([*frame.schema.fields, *new.fields]))


def _plain(kind: Any) -> Any:
    """How Spark holds a column: it has no codes for texts."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


@cache
def _kernel(packed: bytes) -> Kernel:
    """Of this worker, which decides on many batches."""
    return Kernel(*unpack(packed))


def _decided(packed: bytes, batches: Iterable[Any]) -> Iterator[Any]:
    for batch in batches:
        decided, _ = decided_batch(_kernel(packed), batch)
        columns = [pc.cast(each, _plain(each.type)) for each in decided.columns]
        yield pa.RecordBatch.from_arrays(columns, decided.schema.names)
