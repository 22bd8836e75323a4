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
    results = Results(rules.plan).schema
    new = from_arrow_schema(pa.schema([(each.name, _plain(each.type)) for each in results]))
    packed = packed_for(rules, frame.schema, at)
    return frame.mapInArrow(partial(decided_batches, packed), StructType([*frame.schema.fields, *new.fields]))


def packed_for(rules: "RuleSet", schema: StructType, at: Moment) -> bytes:
    """What workers need to decide on frames of a schema. Raises FactsError for columns that do not fit."""
    facts = facts_of(rules, to_arrow_schema(schema), Results(rules.plan).schema.names)
    return pack((bare(rules), facts, at))


def _plain(kind: Any) -> Any:
    """How Spark holds a column: it has no codes for texts."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


@cache
def _kernel(packed: bytes) -> Kernel:
    """Of this worker, which decides on many batches."""
    return Kernel(*unpack(packed))


def decided_batches(packed: bytes, batches: Iterable[Any]) -> Iterator[Any]:
    """In a worker: the batches with the decisions."""
    for batch in batches:
        decided, _ = decided_batch(_kernel(packed), batch)
        columns = [pc.cast(each, _plain(each.type)) for each in decided.columns]
        yield pa.RecordBatch.from_arrays(columns, decided.schema.names)
